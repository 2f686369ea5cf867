"""Which errors of a database say that somebody else was quicker."""

from collections.abc import Generator
from contextlib import contextmanager

from django.db import DatabaseError

from pkgredeem.exceptions import ConflictError

# serialization_failure, deadlock_detected and lock_not_available of PostgreSQL, and what SQLite
# calls them. A constraint that is violated is a mistake, and reaches the caller; where a key may
# have been taken by who was quicker, the store looks at it itself.
_QUICKER = ("40001", "40P01", "55P03")
_QUICKER_IN_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")
_NAMES = ("sqlstate", "pgcode", "sqlite_errorname")  # of psycopg 3, psycopg 2 and sqlite3


@contextmanager
def conflicts() -> Generator[None]:
    """Raise the database's own ways to say that a concurrent commit won as `ConflictError`."""
    try:
        yield
    except DatabaseError as error:  # also one that only the COMMIT brings
        codes = [str(getattr(error.__cause__, name, "")) for name in _NAMES]
        if any(code.startswith(_QUICKER + _QUICKER_IN_SQLITE) for code in codes):
            raise ConflictError(f"the database says {error}: read again") from error
        raise
