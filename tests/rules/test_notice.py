"""With what notice: elapsed time from booking to the start, in online rulebooks only (D48, D34)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import Actor, Audience, Case, Restrictions, Rulebook, rules
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    START,
    account,
    case,
    codes,
    decide,
    package,
    restricted,
)

TWO_HOURS = Restrictions(min_notice=2 * HOUR)
TWO_WEEKS = Restrictions(max_notice=14 * DAY)
NOTHING = timedelta(0)
ONLINE = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.ONLINE)


def booked(left: timedelta, restrictions: Restrictions, **fields: object) -> Case:
    """Return the case of a facial booked with that much time left until the start."""
    return case(now=START - left, packages=[package(restrictions=restrictions)], **fields)


@pytest.mark.parametrize("book", ONLINE, ids=lambda book: book.name)
@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (2 * HOUR + INSTANT, []),
        (2 * HOUR, []),
        (2 * HOUR - INSTANT, ["booked_too_late"]),
        (INSTANT, ["booked_too_late"]),
    ],
)
def test_exactly_the_shortest_notice_is_enough(
    book: Rulebook, left: timedelta, expected: list[str]
) -> None:
    """A microsecond less is too late (D48)."""
    assert expected == codes(decide(booked(left, TWO_HOURS), book))


@pytest.mark.parametrize("book", ONLINE, ids=lambda book: book.name)
@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (14 * DAY - INSTANT, []),
        (14 * DAY, []),
        (14 * DAY + INSTANT, ["booked_too_early"]),
        (15 * DAY, ["booked_too_early"]),
    ],
)
def test_exactly_the_longest_notice_is_near_enough(
    book: Rulebook, left: timedelta, expected: list[str]
) -> None:
    """A microsecond more is too early (D48)."""
    assert expected == codes(decide(booked(left, TWO_WEEKS), book))


@pytest.mark.parametrize(("left", "restrictions"), [(HOUR, TWO_HOURS), (15 * DAY, TWO_WEEKS)])
def test_staff_are_bound_by_no_notice(left: timedelta, restrictions: Restrictions) -> None:
    """The rulebook of the store is without both rules; who books online by record is not (D34)."""
    assert decide(booked(left, restrictions), rules.IN_STORE).eligible
    assert not decide(booked(left, restrictions, by=Actor.BUSINESS)).eligible


@pytest.mark.parametrize(
    ("zone", "start", "two_days_before"),
    [
        # The clock goes forward in these nights, and back: two days are forty-eight hours.
        (AUCKLAND, (2026, 9, 27, 10), (2026, 9, 25, 9)),
        (AUCKLAND, (2026, 4, 5, 10), (2026, 4, 3, 11)),
        (LONDON, (2026, 3, 29, 10), (2026, 3, 27, 9)),
        (LONDON, (2026, 10, 25, 10), (2026, 10, 23, 11)),
        # The ends of a month and of a year are days like others.
        (LONDON, (2026, 3, 1, 10), (2026, 2, 27, 10)),
        (LONDON, (2027, 1, 1, 10), (2026, 12, 30, 10)),
    ],
)
def test_notice_is_elapsed_time(
    zone: ZoneInfo, start: tuple[int, ...], two_days_before: tuple[int, ...]
) -> None:
    """Across the changes of the clock and the ends of months hours are counted (D48, D15)."""
    starts_at = datetime(*start, tzinfo=zone)  # type: ignore[arg-type, misc]  # year to hour
    now = datetime(*two_days_before, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type, misc]  # see above
    exactly = Restrictions(min_notice=2 * DAY, max_notice=2 * DAY)

    def found(moment: datetime) -> list[str]:
        asked = case(
            starts_at=starts_at,
            now=moment,
            account=account(time_zone=zone),
            packages=[package(restrictions=exactly)],
        )
        return codes(decide(asked))

    assert [["booked_too_early"], [], ["booked_too_late"]] == [
        found(moment) for moment in (now - INSTANT, now, now + INSTANT)
    ]


def test_no_notice_at_all_may_be_asked_for() -> None:
    """A longest of nothing lets nobody book ahead; a shortest of nothing binds nobody (D48)."""
    assert ["booked_too_early"] == codes(decide(booked(INSTANT, Restrictions(max_notice=NOTHING))))
    assert [] == codes(decide(booked(INSTANT, Restrictions(min_notice=NOTHING))))


def test_the_notice_of_the_package_and_of_the_credit_must_both_be_met() -> None:
    """The stricter one decides, whichever it is (D45, D48)."""
    parts = (
        (TWO_HOURS, Restrictions(min_notice=3 * HOUR)),
        (Restrictions(min_notice=3 * HOUR), TWO_HOURS),
    )
    for of_package, of_credit in parts:
        held = package("p1", restricted(restrictions=of_credit), restrictions=of_package)
        assert [["booked_too_late"], []] == [
            codes(decide(case(now=START - left, packages=[held])))
            for left in (3 * HOUR - INSTANT, 3 * HOUR)
        ]


def test_no_zone_is_needed_for_notice() -> None:
    """Elapsed time is the same in every zone."""
    assert decide(booked(3 * HOUR, TWO_HOURS, account=account(time_zone=None))).eligible


def test_the_client_reads_that_it_is_too_near_or_too_far() -> None:
    """Without the hours or days that the package asks for (D24)."""
    assert [
        "your package can't be used at such short notice",
        "your package can't be used this far ahead",
    ] == [
        decide(asked).explain(Audience.CLIENT)
        for asked in (booked(HOUR, TWO_HOURS), booked(15 * DAY, TWO_WEEKS))
    ]
