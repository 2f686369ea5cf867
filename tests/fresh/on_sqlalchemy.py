"""`pkgredeem[sqlalchemy]`: an engine and one `create_all` make a working store."""

import sqlalchemy as sa

from pkgredeem.stores.sqlalchemy import METADATA, SqlAlchemyStore
from tests.fresh.life import live

engine = sa.create_engine("sqlite:///salon.db")
METADATA.create_all(engine)
print("SQLAlchemy", sa.__version__)
live(SqlAlchemyStore(engine))
engine.dispose()
