"""Stores on PostgreSQL and SQLite by SQLAlchemy 2, for threads and for tasks.

They need the extra `sqlalchemy`, and a driver: psycopg or asyncpg, nothing more or aiosqlite. The
tables are made in one call, or join a `MetaData` of yours and are made by your migrations.
"""

from pkgredeem._model.extras import extra

with extra("sqlalchemy"):
    from pkgredeem.stores.sqlalchemy._async_store import AsyncSqlAlchemyStore
    from pkgredeem.stores.sqlalchemy._store import SqlAlchemyStore
    from pkgredeem.stores.sqlalchemy._tables import METADATA, add_tables

__all__ = ["METADATA", "AsyncSqlAlchemyStore", "SqlAlchemyStore", "add_tables"]
