"""A salon's booking pages in FastAPI, where packages pay."""
