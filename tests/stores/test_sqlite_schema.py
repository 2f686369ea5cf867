"""What the tables of a SQLite store refuse by themselves, whatever the code tries."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pkgredeem import Balance, RedemptionDesk
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.desk_support import ONLINE, facials, redeem


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a store with five facials of Ana, one of them booked."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF") as made:
        made.add(facials(5))
        redeem(RedemptionDesk(ONLINE, made))
        yield made


def moved(**changed: str) -> str:
    """Return the statement that adds a movement of one more facial, with changes."""
    columns = {
        "booking_id": "'b1'",
        "version": "1",
        "place": "1",
        "package_id": "'p1'",
        "entitlement_id": "'facial'",
        "credits": "1",
        "source": "'available'",
        "target": "'reserved'",
    } | changed
    names, values = ", ".join(columns), ", ".join(columns.values())
    rest = "'book', '2026-05-01T08:00:00+00:00', 'client', ''"
    return f"INSERT INTO movement ({names}, act, at, by, note) VALUES ({values}, {rest})"  # noqa: S608 - the names above


def sold(package_id: str, entitlement_id: str) -> str:
    """Return the statement that adds an entitlement of one credit."""
    columns = "package_id, id, sold, available"
    return f"INSERT INTO entitlement ({columns}) VALUES ('{package_id}', '{entitlement_id}', 1, 1)"  # noqa: S608 - see above


def used(package_id: str, booking_id: str, line: int) -> str:
    """Return the statement that adds a use of a facial."""
    rest = "'facial', 'facial', 'ana', '2026-05-05T10:00:00+00:00', 'reserved'"
    return f"INSERT INTO use VALUES ('{package_id}', '{booking_id}', {line}, {rest})"  # noqa: S608 - see above


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DELETE FROM movement", "a movement is never deleted"),
        ("UPDATE movement SET credits = 2", "a movement is never changed"),
        ("DELETE FROM redemption", "a redemption is never deleted"),
        ("UPDATE redemption SET version = 1", "a redemption goes on by one version"),
        ("UPDATE redemption SET version = 3", "a redemption goes on by one version"),
        ("UPDATE redemption SET booking_id = 'b2'", "a redemption goes on by one version"),
        (
            "INSERT INTO redemption (booking_id, version, document) VALUES ('b1', 1, '{}')",
            "UNIQUE constraint failed: redemption.booking_id",
        ),
        ("UPDATE package SET version = 7", "a package goes on by one version"),
        ("UPDATE package SET id = 'p2'", "a package goes on by one version"),
        ("DELETE FROM package", "FOREIGN KEY constraint failed"),
        ("UPDATE entitlement SET available = -1", "CHECK constraint failed: available >= 0"),
        (
            "UPDATE entitlement SET available = available + 1",
            "CHECK constraint failed: sold = available + reserved + redeemed + forfeited",
        ),
        (
            "UPDATE entitlement SET available = NULL",
            "CHECK constraint failed: (sold IS NULL) = (available IS NULL)",
        ),
        (
            "UPDATE entitlement SET sold = sold + 1, available = available + 1",
            "what was sold is never changed",
        ),
        (
            "UPDATE entitlement SET available = 'many'",
            "cannot store TEXT value in INTEGER column entitlement.available",
        ),
        ("DELETE FROM entitlement", "FOREIGN KEY constraint failed"),
        (moved(credits="5"), "CHECK constraint failed: available >= 0"),
        (moved(source="'redeemed'"), "CHECK constraint failed: redeemed >= 0"),
        (moved(source="'forfeited'"), "CHECK constraint failed: forfeited >= 0"),
        (
            moved(source="'reserved'", target="'redeemed'", credits="2"),
            "CHECK constraint failed: reserved >= 0",
        ),
        (moved(credits="0"), "CHECK constraint failed: credits > 0"),
        (moved(target="'available'"), "CHECK constraint failed: source <> target"),
        (
            moved(place="0"),
            "UNIQUE constraint failed: movement.booking_id, movement.version, movement.place",
        ),
        (moved(booking_id="'b7'"), "FOREIGN KEY constraint failed"),
        (moved(package_id="'p7'"), "FOREIGN KEY constraint failed"),
        (moved(entitlement_id="'mask'"), "FOREIGN KEY constraint failed"),
        ("INSERT INTO share VALUES ('p7', 'beth')", "FOREIGN KEY constraint failed"),
        (
            "INSERT INTO share VALUES ('p1', 'beth'), ('p1', 'beth')",
            "UNIQUE constraint failed: share.package_id, share.client_id",
        ),
        (sold("p7", "mask"), "FOREIGN KEY constraint failed"),
        (
            sold("p1", "facial"),
            "UNIQUE constraint failed: entitlement.package_id, entitlement.id",
        ),
        (used("p7", "b1", 1), "FOREIGN KEY constraint failed"),
        (used("p1", "b7", 1), "FOREIGN KEY constraint failed"),
        (
            used("p1", "b1", 0),
            "UNIQUE constraint failed: use.package_id, use.booking_id, use.line",
        ),
    ],
)
def test_the_schema_refuses(store: SqliteStore, statement: str, refusal: str) -> None:
    """What the code should never try is refused by the file itself."""
    with closing(sqlite3.connect(store.path)) as elsewhere:
        elsewhere.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError) as raised:
            elsewhere.execute(statement)

    assert refusal == str(raised.value)


def test_the_balance_follows_what_is_added_to_the_history(store: SqliteStore) -> None:
    """A movement that somebody adds by hand moves the credit: no balance is kept beside it."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as elsewhere:
        elsewhere.execute(moved(credits="3"))

    assert Balance(available=1, reserved=4, redeemed=0, forfeited=0) == store.balance(
        "p1", "facial"
    )
