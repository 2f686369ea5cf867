"""A salon's booking pages in Django, where packages pay."""
