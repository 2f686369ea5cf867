"""`pkgredeem[sqlalchemy]` with Alembic: one generated revision makes a working store."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from pkgredeem.stores.sqlalchemy import SqlAlchemyStore
from tests.fresh.life import live

config = Config("alembic.ini")
command.init(config, "migrations")
env = Path("migrations/env.py")
env.write_text(
    env.read_text().replace(
        "target_metadata = None",
        "from pkgredeem.stores.sqlalchemy import METADATA as target_metadata",
    )
)
config.set_main_option("sqlalchemy.url", "sqlite:///salon.db")
command.revision(config, "packages", autogenerate=True)
command.upgrade(config, "head")
command.check(config)
engine = sa.create_engine("sqlite:///salon.db")
live(SqlAlchemyStore(engine))
engine.dispose()
