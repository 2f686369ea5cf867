"""A salon that had tables before, with SQLAlchemy."""
