"""The library alone: stores that need nothing else, and a sentence where an extra is missing."""

import importlib

from pkgredeem.stores.memory import MemoryStore
from pkgredeem.stores.sqlite import SqliteStore
from tests.fresh.life import live


def told_without(module: str, name: str) -> str:
    """Return what is told when something of an extra is imported that is not installed."""
    try:
        getattr(importlib.import_module(module), name)
    except ImportError as error:
        return " ".join(str(error).split())
    return "nothing"


live(MemoryStore())
with SqliteStore("salon.db") as store:
    live(store)
for extra, module, name in (
    ("documents", "pkgredeem.documents", "load_case"),
    ("django", "pkgredeem.stores.django", "DjangoStore"),
    ("sqlalchemy", "pkgredeem.stores.sqlalchemy", "SqlAlchemyStore"),
):
    told = told_without(module, name)
    print(told)
    assert told.endswith(f"run pip install 'pkgredeem[{extra}]'")
