"""The store in a SQLite file: what its schema refuses by itself, and one file in many hands."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from pkgredeem import (
    UNLIMITED,
    Actor,
    Balance,
    Change,
    Client,
    ConflictError,
    InvalidValueError,
    Package,
    PackageKind,
    PackageStatus,
    Period,
    Quota,
    RedemptionDesk,
    Term,
)
from stores.sqlite_store import SqliteStore
from tests.helpers.desk_support import ONLINE, facials, redeem
from tests.helpers.support import (
    LONDON,
    NOW,
    START,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    package,
)

LOCAL = account(time_zone=LONDON)

COLUMNS = [
    "booking_id",
    "package_id",
    "entitlement_id",
    "credits",
    "source",
    "target",
    "act",
    "at",
    "by",
    "note",
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a store with five facials of Ana, one of them booked."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF", patience=0.05) as made:
        made.add(facials(5))
        redeem(RedemptionDesk(ONLINE, made))
        yield made


def booked(sold: Package, client_id: str = "ana") -> Change:
    """Return the change that books a facial with this package."""
    client = Client(id=client_id, logged_in=True)
    wanted = case(packages=[sold], client=client, booking=booking(id="b2"), account=LOCAL)
    change = decide(wanted).change
    assert change is not None
    return change


def copied(**changed: str) -> str:
    """Return the statement that adds the movement there is once more, with changes."""
    columns = ", ".join(changed.get(name, name) for name in COLUMNS)
    return f"INSERT INTO movement SELECT 2, {columns} FROM movement"  # noqa: S608 - the names above


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DELETE FROM movement", "a movement is never deleted"),
        ("UPDATE movement SET credits = 2", "a movement is never changed"),
        ("DELETE FROM redemption", "a redemption is never deleted"),
        ("UPDATE redemption SET version = 1", "a redemption goes on by one version"),
        ("UPDATE redemption SET version = 3", "a redemption goes on by one version"),
        (
            "INSERT INTO redemption (booking_id, version, document) VALUES ('b1', 1, '{}')",
            "UNIQUE constraint failed: redemption.booking_id",
        ),
        (
            "UPDATE entitlement SET available = -1",
            "CHECK constraint failed: available >= 0 OR unlimited",
        ),
        (
            "UPDATE entitlement SET available = available + 1",
            "CHECK constraint failed: sold = available + reserved + redeemed + forfeited",
        ),
        (
            copied(credits="5"),
            "CHECK constraint failed: available >= 0 OR unlimited",
        ),
        (
            copied(booking_id="'b7'"),
            "FOREIGN KEY constraint failed",
        ),
        (
            copied(package_id="'p7'"),
            "FOREIGN KEY constraint failed",
        ),
        (
            copied(target="source"),
            "CHECK constraint failed: source <> target",
        ),
        ("DELETE FROM package", "FOREIGN KEY constraint failed"),
    ],
)
def test_the_schema_refuses(store: SqliteStore, statement: str, refusal: str) -> None:
    """What the code should never try is refused by the file itself."""
    connection = sqlite3.connect(store.path)
    connection.execute("PRAGMA foreign_keys = ON")
    try:
        with pytest.raises(sqlite3.IntegrityError) as raised:
            connection.execute(statement)
    finally:
        connection.close()

    assert refusal == str(raised.value)


def test_a_locked_file_is_a_conflict(store: SqliteStore) -> None:
    """When another process holds the write lock for too long, nothing is drawn."""
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    desk = RedemptionDesk(ONLINE, store, attempts=2)
    try:
        with pytest.raises(ConflictError, match="others were quicker in 2 of 2 attempts") as raised:
            redeem(desk, booking(id="b2"))
    finally:
        holder.close()

    assert "the file is locked by another commit: try again" == str(raised.value.__cause__)
    assert redeem(desk, booking(id="b2")).eligible


def test_an_error_that_is_no_conflict_is_raised_as_it_is(store: SqliteStore) -> None:
    """A file without its tables is not a race that was lost."""
    store.close()
    connection = sqlite3.connect(store.path, isolation_level=None)
    connection.execute("ALTER TABLE entitlement RENAME TO credits")
    connection.close()

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        redeem(RedemptionDesk(ONLINE, store), booking(id="b2"))


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Whoever opens the file first makes its tables, and nobody is refused."""
    path = tmp_path / "new.db"

    def open_and_close(_: int) -> int:
        with SqliteStore(path) as opened:
            return len(opened.packages())

    with ThreadPoolExecutor(8) as threads:
        assert [0] * 8 == list(threads.map(open_and_close, range(8)))


def test_what_the_file_holds_can_be_listed(store: SqliteStore) -> None:
    """Packages by client and id, redemptions and movements in the order of the acts."""
    sold = Package(
        id="p0",
        client_id="aroha",
        entitlements=(credit("cut", "colour", left=2, id="hair"),),
        kind=PackageKind.LEGACY,
        status=PackageStatus.ARCHIVED,
        sold_at=NOW,
        valid_from=NOW + timedelta(microseconds=1),
        valid_until=START,
        priority=-3,
    )
    store.add(sold)
    desk = RedemptionDesk(ONLINE, store)
    redeem(desk, booking(id="b0"))
    desk.cancel("b1", by=Actor.CLIENT, now=NOW, note="ill")

    assert [facials(4), sold] == store.packages()
    assert ["b1", "b0"] == [each.booking.id for each in store.redemptions()]
    assert [("b1", "book", ""), ("b0", "book", ""), ("b1", "cancel", "ill")] == [
        (each.booking_id, each.act, each.note) for each in store.movements()
    ]
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.balance(
        "p1", "facial"
    )


def test_a_package_is_taken_on_whole_and_once(store: SqliteStore) -> None:
    """A second package of one id is refused, and nothing of it stays."""
    with pytest.raises(
        InvalidValueError,
        match=r"package.id must be an id that the store does not hold yet, not 'p1'",
    ):
        store.add(package("p1", credit("mask", left=9)))

    assert [facials(4)] == store.packages()


def test_what_a_plan_says_is_kept_beside_the_columns(store: SqliteStore) -> None:
    """The columns are the truth of what they hold: an owner who changes one changes the package."""
    plan = package(
        "p2",
        replace(credit("facial"), remaining=UNLIMITED, quotas=(Quota(1, Period.DAY),)),
        status=PackageStatus.SUSPENDED,
        traits={"tier": "gold"},
        client_id="beth",
    )
    store.add(plan)
    read = partial(store.packages_of, "beth", not_over_at=NOW)
    assert [replace(plan, version=0)] == read()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as elsewhere:
        elsewhere.execute("UPDATE package SET status = 'active', version = 1 WHERE id = 'p2'")

    assert [replace(plan, status=PackageStatus.ACTIVE, version=1)] == read()
    assert UNLIMITED is store.balance("p2", "facial").available


def test_what_was_decided_on_another_version_is_a_conflict(store: SqliteStore) -> None:
    """The package and the version that is no longer the stored one are named (D57)."""
    capped = facials(5, package_id="p2", quotas=[Quota(2, Period.EVER)], version=7)
    store.add(capped)
    with pytest.raises(ConflictError) as raised:
        store.commit(booked(capped))

    assert "package 'p2' is no longer at version 7: read it again" == str(raised.value)
    assert store.redemption("b2") is None


def test_uses_are_kept_of_what_counts_them(store: SqliteStore) -> None:
    """A package without quotas and a term of first use has neither uses nor a version (D66)."""
    lasting = facials(5, package_id="p2", client_id="beth", lasts=Term(days=14))
    store.add(lasting)
    store.commit(booked(lasting, client_id="beth"))

    (of_ana,) = store.packages_of("ana", not_over_at=NOW)
    (of_beth,) = store.packages_of("beth", not_over_at=NOW)
    assert ((), None) == (of_ana.uses, of_ana.version)
    assert (["b2"], 1) == ([use.booking_id for use in of_beth.uses], of_beth.version)


def test_only_what_is_held_has_a_balance(store: SqliteStore) -> None:
    """An unknown entitlement is refused by its name."""
    with pytest.raises(InvalidValueError, match=r"must be one in the store, not \('p1', 'mask'\)"):
        store.balance("p1", "mask")


def test_how_safe_a_commit_is_can_be_chosen(tmp_path: Path) -> None:
    """Only what SQLite knows is taken; FULL is the default."""
    with pytest.raises(
        InvalidValueError, match=r"synchronous must be OFF, NORMAL, FULL or.*, not 'FAST'"
    ):
        SqliteStore(tmp_path / "fast.db", synchronous="FAST")

    for word, number in (("OFF", 0), ("NORMAL", 1), ("FULL", 2)):
        store = SqliteStore(tmp_path / f"{word}.db", synchronous=word)
        assert (number,) == store._idle[0].execute("PRAGMA synchronous").fetchone()
        store.close()


def test_a_store_is_a_file() -> None:
    """A database in memory would be another one for each thread, and is refused."""
    with pytest.raises(InvalidValueError, match=r"path must be a file, since.*, not ':memory:'"):
        SqliteStore(":memory:")


def test_a_closed_store_opens_again(store: SqliteStore) -> None:
    """Closing lets go of the file; whatever is asked later opens it anew."""
    store.close()
    decision = redeem(RedemptionDesk(ONLINE, store), booking(*["facial"] * 5, id="b2"))

    assert ["not_enough_credits", "mixed_booking"] == codes(decision)
