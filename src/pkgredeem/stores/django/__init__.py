"""Packages and redemptions in a Django project: an app, its tables, an admin, and the stores.

Needs the extra `django`. Put `"pkgredeem.stores.django"` into `INSTALLED_APPS` and migrate; then
`DjangoStore()` is a store, for PostgreSQL and SQLite, on the transaction that its caller is in.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pkgredeem._model.extras import extra

if TYPE_CHECKING:
    from pkgredeem.stores.django._async import AsyncDjangoStore
    from pkgredeem.stores.django._store import DjangoStore

__all__ = ["AsyncDjangoStore", "DjangoStore"]


_MODULES = {"AsyncDjangoStore": "._async", "DjangoStore": "._store"}


def __getattr__(name: str) -> object:
    """Import a store when it is asked for: Django imports this package before it has any models."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with extra("django"):
        module = import_module(_MODULES[name], __name__)
    return getattr(module, name)
