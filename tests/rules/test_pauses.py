"""A package that is frozen for a time, is suspended, void, or can't be booked with any more."""

from datetime import datetime
from typing import Any

import pytest

from pkgredeem import (
    Actor,
    Audience,
    Package,
    PackageStatus,
    Pause,
    RedemptionPolicy,
    Rulebook,
)
from tests.helpers.support import (
    ANA,
    DAY,
    HOUR,
    INSTANT,
    NOW,
    SHIPPED,
    START,
    account,
    case,
    codes,
    decide,
    notes,
    package,
    redemption,
    rescheduled,
    restricted,
)

JULY = Pause(START, START + DAY)
MOVED = START + 7 * DAY


def is_active(sold: Package) -> bool:
    """Return whether the package counts as Ana's at the moment of booking."""
    return sold.is_active(ANA, NOW)


def found(*sold: Package, start: datetime = START, book: Rulebook = SHIPPED[0]) -> list[str]:
    """Return the reasons against a facial at that start."""
    return codes(decide(case(starts_at=start, packages=sold), book))


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (START - INSTANT, []),
        (START, ["package_paused"]),
        (START + DAY - INSTANT, ["package_paused"]),
        (START + DAY, []),
    ],
)
def test_a_pause_holds_its_first_instant_and_not_its_end(
    book: Rulebook, start: datetime, expected: list[str]
) -> None:
    """It is asked of the appointment's start, in every rulebook (D51)."""
    assert expected == found(package(pauses=[JULY]), start=start, book=book)


@pytest.mark.parametrize("start", [START, START + 999 * DAY])
def test_a_pause_without_an_end_lasts_until_further_notice(start: datetime) -> None:
    """Staff read so, and until when it was open before (D51)."""
    (reason,) = decide(
        case(starts_at=start, packages=[package(pauses=[Pause(START)])], account=account())
    ).reasons

    assert ("package_paused", "further notice") == (reason.code, dict(reason.facts)["paused_until"])
    assert reason.text().startswith(
        "package p1 is paused from Tue 5 May 2026 10:00 UTC until further notice, and the"
    )


def test_a_pause_that_has_begun_tells_its_own_beginning() -> None:
    """Also where that lies before the moment of booking (D51)."""
    began, ends = NOW - DAY, START + DAY
    (reason,) = decide(case(packages=[package(pauses=[Pause(began, ends)])])).reasons

    assert {"paused_from": began, "paused_until": ends, "starts_at": START} == dict(reason.facts)


def test_booked_in_a_pause_for_a_date_after_it() -> None:
    """Only the start is asked (D51); the package is not active meanwhile (D05)."""
    frozen = package(pauses=[Pause(NOW - DAY, START)])

    assert [] == found(frozen)
    assert [] == found(frozen, package("p2"))
    assert ["several_active_packages"] == found(
        package(pauses=[Pause(NOW - DAY, NOW)]), package("p2")
    )


@pytest.mark.parametrize(
    ("pause", "active"),
    [
        (Pause(NOW - DAY, NOW), True),
        (Pause(NOW - DAY, NOW + INSTANT), False),
        (Pause(NOW, NOW + HOUR), False),
        (Pause(NOW + INSTANT, NOW + HOUR), True),
        (Pause(NOW), False),
    ],
)
def test_a_package_that_is_paused_now_is_not_active(pause: Pause, active: bool) -> None:
    """At the moment of booking, whatever the appointment's time (D05)."""
    second = package("p2", pauses=[pause])

    assert active is is_active(second)
    assert (["several_active_packages"] if active else []) == found(package(), second)


def test_each_of_several_pauses_counts() -> None:
    """Two pauses with a day between them, given in any order (D51)."""
    twice = package(pauses=[Pause(START + 2 * DAY, START + 3 * DAY), JULY])

    assert [["package_paused"], [], ["package_paused"], []] == [
        found(twice, start=START + days * DAY) for days in range(4)
    ]


@pytest.mark.parametrize("status", [PackageStatus.SUSPENDED, PackageStatus.VOID])
@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_what_is_owed_or_refunded_pays_nowhere(status: PackageStatus, book: Rulebook) -> None:
    """In store too; another package pays, and what was found is a note (D52, D25)."""
    held = package(status=status)

    assert [f"package_{status}"] == found(held, book=book)
    decision = decide(case(packages=[held, package("p2")]), book)
    assert ([], [f"package_{status}"]) == (codes(decision), notes(decision))


@pytest.mark.parametrize("status", PackageStatus)
def test_of_all_statuses_one_is_active(status: PackageStatus) -> None:
    """Neither archived nor suspended nor void packages count (D05, D52)."""
    second = package("p2", status=status)

    assert (status is PackageStatus.ACTIVE) is is_active(second)


def test_only_what_is_on_hold_is_told_to_the_client() -> None:
    """A void package is no package to the client; a suspended one is on hold (D24, D52)."""
    held, void = (
        decide(case(packages=[package(status=status)]))
        for status in (PackageStatus.SUSPENDED, PackageStatus.VOID)
    )

    assert "your package is on hold: ask the business" == held.explain(Audience.CLIENT)
    assert "on hold" not in void.explain(Audience.CLIENT)


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START - DAY - INSTANT, []),
        (START - DAY, ["package_booking_over"]),
        (START - DAY + INSTANT, ["package_booking_over"]),
    ],
)
def test_book_by_is_asked_of_the_moment_of_booking(
    book: Rulebook, now: datetime, expected: list[str]
) -> None:
    """The instant itself is over; how far the appointment lies ahead is no matter (D49)."""
    held = package(book_until=START - DAY)
    for start in (START, START + 999 * DAY):
        assert expected == codes(decide(case(now=now, starts_at=start, packages=[held]), book))


def test_book_by_and_use_by_are_two_things() -> None:
    """Booked in May for June: each alone refuses, and both are told together (D49, D06)."""
    june = package(valid_from=START, valid_until=START + 30 * DAY, book_until=START - DAY)

    def at(now: datetime, start: datetime) -> list[str]:
        return codes(decide(case(now=now, starts_at=start, packages=[june])))

    assert [] == at(NOW, START + 29 * DAY)
    assert ["package_over_by_then"] == at(NOW, START + 30 * DAY)
    assert ["package_booking_over"] == at(START - DAY, START + 29 * DAY)
    assert ["package_over_by_then", "package_booking_over"] == at(START - DAY, START + 30 * DAY)


@pytest.mark.parametrize(
    ("fields", "active"),
    [
        ({"book_until": NOW}, False),
        ({"book_until": NOW + INSTANT}, True),
        ({"book_until": NOW + INSTANT, "valid_from": START}, True),
        ({"book_until": NOW, "valid_from": START}, False),
        ({"book_until": START, "valid_until": NOW}, False),
        ({"valid_from": NOW + INSTANT}, False),
    ],
)
def test_a_package_counts_while_it_can_be_booked_with(fields: dict[str, Any], active: bool) -> None:
    """With a book-by it counts before its validity begins, and not after the book-by (D05, D49)."""
    assert active is is_active(package(**fields))


def test_so_do_its_entitlements() -> None:
    """A credit that begins later counts where there is a book-by, and one that is over never."""
    sold = [
        package("p1", restricted(valid_from=START), book_until=START),
        package("p1", restricted(valid_from=START)),
        package("p1", restricted(valid_until=NOW), book_until=START),
    ]

    assert [True, False, False] == [is_active(found) for found in sold]


@pytest.mark.parametrize(
    "today",
    [
        package(status=PackageStatus.SUSPENDED),
        package(status=PackageStatus.VOID),
        package(book_until=NOW),
    ],
    ids=["suspended", "void", "booking over"],
)
def test_what_is_booked_stays_and_may_be_moved(today: Package) -> None:
    """The booking stands, the client moves it, and the credit returns where it came from (D11)."""
    moved = rescheduled(to=MOVED, packages=[today])
    returned = RedemptionPolicy().cancel(redemption(), by=Actor.CLIENT, now=NOW, packages=[today])

    assert (True, ()) == (moved.allowed, moved.findings)
    assert (True, False) == (returned.returned, returned.credit_usable)
    assert ["credit_not_usable"] == [finding.code for finding in returned.findings]
