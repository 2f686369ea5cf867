"""The salon's appointments by day and by client: yours are a table of your database already."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import shop
from pkgredeem import Booking
from pkgredeem.stores import RedemptionStore

_TABLE = """
CREATE TABLE IF NOT EXISTS appointment (
    booking_id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    starts_at TEXT NOT NULL
)
"""


class Diary:
    """Which booking is whose and when; what it is and how it is paid is in the redemption.

    A row is written before the package pays, and written again after each act, from the redemption.
    So a crash in between leaves a row that nothing pays for, or one of before the act, which the
    same request puts right when it is sent again, and never a spent credit that nobody finds. What
    was refused leaves a row too: the pages show only rows that a redemption pays for. With a
    database whose transactions hold both, as in the Django example, none of this can happen.
    """

    def __init__(self, path: str | Path) -> None:
        """Open the table in that file."""
        self._path = path
        with self._transaction() as connection:
            connection.execute(_TABLE)

    def keep(self, store: RedemptionStore, booking: Booking, client_id: str) -> None:
        """Write down whose a booking is and when: as what pays for it says, if anything does."""
        with self._transaction() as connection:
            # Read when it is our turn to write: of two acts at once, the last row is the true one.
            connection.execute("BEGIN IMMEDIATE")
            redemption = store.redemption(booking.id)
            row = (
                (booking.id, client_id, _text(booking.starts_at))
                if redemption is None
                else (booking.id, redemption.client_id, _text(redemption.starts_at))
            )
            connection.execute("INSERT OR REPLACE INTO appointment VALUES (?, ?, ?)", row)

    def on(self, day: date) -> list[str]:
        """Return the bookings of a day."""
        begin = datetime.combine(day, time(), shop.ZONE)
        end = datetime.combine(day + timedelta(days=1), time(), shop.ZONE)
        return self._bookings("starts_at >= ? AND starts_at < ?", _text(begin), _text(end))

    def of(self, client_id: str) -> list[str]:
        """Return the bookings of a client."""
        return self._bookings("client_id = ?", client_id)

    def _bookings(self, where: str, *values: str) -> list[str]:
        query = f"SELECT booking_id FROM appointment WHERE {where} ORDER BY starts_at"  # noqa: S608 - the two texts above
        with self._transaction() as connection:
            return [booking_id for (booking_id,) in connection.execute(query, values)]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=20)) as connection, connection:
            yield connection


def _text(moment: datetime) -> str:
    """Return an instant in UTC, written so that texts sort as instants do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
