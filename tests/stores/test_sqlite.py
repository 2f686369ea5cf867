"""The store in a SQLite file: what it keeps, what it refuses, and what is a conflict."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
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
    RedemptionPolicy,
    UnknownEntitlementError,
)
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.desk_support import ACCOUNT, ONLINE, facials, redeem
from tests.helpers.support import (
    LONDON,
    NOW,
    START,
    account,
    booking,
    case,
    credit,
    decide,
    package,
)

LOCAL = account(time_zone=LONDON)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a store with five facials of Ana, one of them booked."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF", patience=0.05) as made:
        made.add(facials(5))
        redeem(RedemptionDesk(ONLINE, made))
        yield made


def booked(sold: Package, name: str = "b2") -> Change:
    """Return the change that books a facial of Ana with this package."""
    wanted = case(packages=[sold], booking=booking(id=name), account=LOCAL)
    change = decide(wanted).change
    assert change is not None
    return change


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


def test_a_transaction_that_was_left_open_is_rolled_back(store: SqliteStore) -> None:
    """The error that it causes is raised as it is, once."""
    (connection,) = store._file._opened.writers
    connection.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        store.add(facials(5, package_id="p2"))
    store.add(facials(5, package_id="p2"))

    assert 5 == store.balance("p2", "facial").available


@pytest.mark.parametrize(
    ("statement", "error", "told"),
    [
        (
            "ALTER TABLE entitlement RENAME TO credits",
            sqlite3.OperationalError,
            "no such table: entitlement",
        ),
        (
            "CREATE UNIQUE INDEX once ON movement (package_id)",
            sqlite3.IntegrityError,
            "UNIQUE constraint failed: movement.package_id",
        ),
    ],
)
def test_an_error_that_is_no_conflict_is_raised_as_it_is(
    store: SqliteStore, statement: str, error: type[Exception], told: str
) -> None:
    """A file whose tables somebody has changed is not a race that was lost."""
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as elsewhere:
        elsewhere.execute(statement)

    with pytest.raises(error, match=told):
        redeem(RedemptionDesk(ONLINE, store), booking(id="b2"))


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
    used = redeem(desk, booking(id="b0")).redemption
    assert used is not None
    desk.cancel("b1", by=Actor.CLIENT, now=NOW, note="ill")

    assert (replace(facials(4), version=3, uses=used.uses_of("p1")), replace(sold, version=0)) == (
        store.packages()
    )
    assert ["b1", "b0"] == [each.booking.id for each in store.redemptions()]
    assert [("b1", "book", ""), ("b0", "book", ""), ("b1", "cancel", "ill")] == [
        (each.booking_id, each.act, each.note) for each in store.movements()
    ]
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.balance(
        "p1", "facial"
    )


@pytest.mark.parametrize("turned", [False, True])
def test_the_history_keeps_the_order_that_was_given(store: SqliteStore, turned: bool) -> None:
    """What returns is written first, so that it can pay; the history is that of the call."""
    found = store.redemption("b1")
    assert found is not None
    back = RedemptionPolicy().cancel(found, by=Actor.CLIENT, now=NOW).change
    assert back is not None
    given = (booked(facials(5)), back)
    store.commit(*(given[::-1] if turned else given))

    expected = [("b2", "book"), ("b1", "cancel")]
    assert [("b1", "book"), *(expected[::-1] if turned else expected)] == [
        (moved.booking_id, moved.act) for moved in store.movements()
    ]


def test_a_package_is_taken_on_whole_and_once(store: SqliteStore) -> None:
    """A second package of one id is refused, and nothing of it stays."""
    (before,) = store.packages()
    with pytest.raises(
        InvalidValueError,
        match=r"package.id must be an id that the store does not hold yet, not 'p1'",
    ):
        store.add(package("p1", credit("mask", left=9)))

    assert (before,) == store.packages()


def test_a_package_is_kept_with_all_that_its_plan_says(store: SqliteStore) -> None:
    """It comes back as it was sold, to its owner and to those who share it."""
    plan = package(
        "p2",
        replace(credit("facial"), remaining=UNLIMITED, quotas=(Quota(1, Period.DAY),)),
        status=PackageStatus.SUSPENDED,
        traits={"tier": "gold"},
        client_id="beth",
        shared_with=["cleo"],
        valid_until=START,
    )
    store.add(plan)

    for name in ("beth", "cleo"):
        assert (replace(plan, version=0),) == store.packages_of(name, not_over_at=NOW)
        assert () == store.packages_of(name, not_over_at=START)
    assert UNLIMITED is store.balance("p2", "facial").available


def test_a_revised_package_is_what_the_store_in_memory_has(store: SqliteStore) -> None:
    """Facts change, sold credits stay, new ones come, and whoever shares it is named anew."""
    memory = MemoryStore()
    memory.add(facials(5))
    redeem(RedemptionDesk(ONLINE, memory))
    for revised in (
        facials(9, client_id="beth", shared_with=["cleo", "dora"], valid_until=START),
        package("p1", credit("mask", left=2), client_id="beth", shared_with=["dora"]),
    ):
        for each in (store, memory):
            each.revise(revised)
        for name in ("ana", "beth", "cleo", "dora"):
            found = store.packages_of(name, not_over_at=NOW)
            assert memory.packages_of(name, not_over_at=NOW) == found

    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.balance(
        "p1", "facial"
    )
    assert Balance(available=2, reserved=0, redeemed=0, forfeited=0) == store.balance("p1", "mask")
    with pytest.raises(InvalidValueError, match="the id of a package that the store holds, not"):
        store.revise(facials(5, package_id="p7"))


def test_ids_are_equal_only_character_by_character(store: SqliteStore) -> None:
    """Nothing is cut, trimmed or folded, and NUL is a character like any other (D39)."""
    names = [
        "p",
        "P",
        "p ",
        "p\0",
        "p\0q",
        "p'\"\\",
        "é",
        "e\u0301",
        "\U0001f9d6",
        "x" * 300,
        "x" * 301,
    ]
    desk = RedemptionDesk(ONLINE, store)
    for left, name in enumerate(names, 2):
        held = credit("facial", left=left, id=name)
        store.add(package(name, held, client_id=name, shared_with=[f"{name}{name}"]))
        decision = desk.redeem(
            account=ACCOUNT,
            client=Client(id=name, logged_in=True),
            booking=booking(id=name),
            now=NOW,
            note=f"of {name}",
        )
        assert decision.eligible

    for left, name in enumerate(names, 2):
        (found,) = store.packages_of(f"{name}{name}", not_over_at=NOW)
        assert (name, [name]) == (found.id, [use.booking_id for use in found.uses])
        assert left - 1 == found.entitlements[0].remaining
        assert left - 1 == store.balance(name, name).available
        stored = store.redemption(name)
        assert stored is not None
        assert name == stored.client_id
    assert [f"of {name}" for name in names] == [each.note for each in store.movements()[1:]]


def test_a_thousand_packages_are_asked_for_at_once(store: SqliteStore) -> None:
    """Of one client, and by name of another's: whatever SQLite takes at once is enough."""
    names = [f"p{number}" for number in range(2, 1_002)]
    for name in names:
        store.add(facials(1, package_id=name, client_id="beth"))

    assert 1_000 == len(store.packages_of("beth", not_over_at=NOW))
    assert 1_001 == len(store.packages_of("ana", not_over_at=NOW, also=names))


@pytest.mark.parametrize("also", [(), ("p2",), ("p2", "p3")])
def test_no_search_reads_all_packages(store: SqliteStore, also: tuple[str, ...]) -> None:
    """An index leads to the packages of a client, those shared with them, and those named."""
    asked: list[str] = []
    store._file._opened.readers[0].set_trace_callback(asked.append)
    store.packages_of("ana", not_over_at=NOW, also=also)
    (statement,) = asked
    with closing(sqlite3.connect(store.path)) as elsewhere:
        plan = [row[3] for row in elsewhere.execute(f"EXPLAIN QUERY PLAN {statement}")]

    assert [] == [step for step in plan if step.startswith("SCAN")]
    assert "SEARCH package USING INDEX package_of_client (client_id=?)" in plan


def test_an_instant_without_a_zone_is_refused(store: SqliteStore) -> None:
    """It would be read as this machine's own time."""
    with pytest.raises(InvalidValueError, match="not_over_at must be a datetime with a time zone"):
        store.packages_of("ana", not_over_at=datetime(2026, 5, 1, 8))  # noqa: DTZ001 - what is tried


def test_what_was_decided_on_another_version_is_a_conflict(store: SqliteStore) -> None:
    """The package and the version that is no longer the stored one are named (D57)."""
    capped = facials(5, package_id="p2", quotas=[Quota(2, Period.EVER)], version=7)
    store.add(capped)
    with pytest.raises(ConflictError) as raised:
        store.commit(booked(capped))

    assert "package 'p2' is no longer at version 7: read it again" == str(raised.value)
    assert store.redemption("b2") is None


def test_a_lacking_credit_is_a_conflict_that_names_it(store: SqliteStore) -> None:
    """What was decided on credits that are gone by now is refused where the row is written."""
    last = facials(1, package_id="p2")
    store.add(last)
    first, second = booked(last), booked(last, "b3")
    store.commit(first)
    with pytest.raises(ConflictError) as raised:
        store.commit(second)

    assert "package 'p2' has too few credits of 'facial' left: read it again" == str(raised.value)
    assert store.redemption("b3") is None


def test_an_unknown_entitlement_is_told_as_such(store: SqliteStore) -> None:
    """No second try would change it, so that it is no conflict (D73)."""
    with pytest.raises(UnknownEntitlementError) as raised:
        store.commit(booked(facials(1, package_id="p7")))

    assert "the store holds no entitlement 'facial' of package 'p7'" == str(raised.value)
    assert store.redemption("b2") is None


def test_uses_and_version_are_kept_of_every_package(store: SqliteStore) -> None:
    """Also of one without a quota: a rule of the caller's may count them, and a revision too."""
    (found,) = store.packages_of("ana", not_over_at=NOW)

    assert (["b1"], 1) == ([use.booking_id for use in found.uses], found.version)
    RedemptionDesk(ONLINE, store).cancel("b1", by=Actor.CLIENT, now=NOW)
    (found,) = store.packages_of("ana", not_over_at=NOW)
    assert ((), 2) == (found.uses, found.version)


def test_only_what_is_held_has_a_balance(store: SqliteStore) -> None:
    """An unknown package is refused, and so is an entitlement that it does not have."""
    with pytest.raises(InvalidValueError, match=r"package.id must be the id of a package that"):
        store.balance("p2", "facial")
    with pytest.raises(
        InvalidValueError, match="entitlement_id must be an entitlement of the package, not 'mask'"
    ):
        store.balance("p1", "mask")
