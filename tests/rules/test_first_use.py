"""A package that lasts from its first use: its last day, earlier dates, rank and return (D53)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from pkgredeem import (
    Actor,
    InvalidValueError,
    Package,
    RedemptionPolicy,
    Rulebook,
    Term,
    rules,
)
from tests.helpers.support import (
    INSTANT,
    LONDON,
    SHIPPED,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    draws,
    package,
    use,
)

LOCAL = account(time_zone=LONDON)
NOW = datetime(2026, 4, 1, tzinfo=UTC)
FOURTEEN_DAYS = Term(days=14)


def local(month: int, day: int, hour: int = 10, *, year: int = 2026) -> datetime:
    """Return that hour of that day in London."""
    return datetime(year, month, day, hour, tzinfo=LONDON)


def lasting(*used: datetime, term: Term = FOURTEEN_DAYS, id: str = "p1", **more: object) -> Package:
    """Return a package that lasts so long from the first of its uses."""
    uses = [use(start, booking_id=f"u{number}") for number, start in enumerate(used)]
    return package(id, credit("facial", left=9), lasts=term, uses=uses, **more)


def found(sold: Package, start: datetime, book: Rulebook = SHIPPED[0]) -> list[str]:
    """Return the reasons against a facial at that start."""
    return codes(decide(case(starts_at=start, packages=[sold], account=LOCAL, now=NOW), book))


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
@pytest.mark.parametrize("hour", [0, 10, 23])
def test_the_last_day_is_whole(book: Rulebook, hour: int) -> None:
    """14 days from 10 May end on 24 May, at midnight, whenever on that day the first was (D26)."""
    sold = lasting(local(5, 10, hour))
    midnight = local(5, 25, 0)

    assert [] == found(sold, local(5, 24), book)
    assert [] == found(sold, midnight - INSTANT, book)
    assert ["outside_first_use_term"] == found(sold, midnight, book)
    assert ["outside_first_use_term"] == found(sold, midnight + INSTANT, book)


def test_the_first_use_may_be_any() -> None:
    """Without uses it has not begun, and no zone is asked for."""
    fresh = lasting()

    assert [] == codes(decide(case(starts_at=local(12, 31), packages=[fresh], now=NOW)))


def test_a_term_that_has_begun_needs_the_zone() -> None:
    """Nobody guesses on which day it ends (D46)."""
    with pytest.raises(InvalidValueError) as raised:
        decide(case(starts_at=local(5, 24), packages=[lasting(local(5, 10))], now=NOW))

    assert "AccountSettings.time_zone" == raised.value.field


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ([local(5, 10)], []),
        ([local(5, 10), local(5, 22, 23)], []),
        ([local(5, 10), local(5, 23, 0)], ["outside_first_use_term"]),
        ([local(5, 24), local(5, 10)], ["outside_first_use_term"]),
        ([local(5, 10), local(5, 25)], []),  # the business moved it out before
    ],
)
def test_an_earlier_first_use_moves_no_booked_one_out(
    used: list[datetime], expected: list[str]
) -> None:
    """8 May makes 22 May the last day: refused where a use would fall out by it (D53)."""
    assert expected == found(lasting(*used), local(5, 8))


def test_what_is_told() -> None:
    """The first and the last day of the term as it is, or as it would become."""

    def told(start: datetime) -> dict[str, object]:
        sold = lasting(local(5, 10), local(5, 24))
        asked = case(starts_at=start, packages=[sold], account=LOCAL, now=NOW)
        (reason,) = decide(asked).reasons
        return dict(reason.facts)

    assert {"first_day": "2026-05-10", "last_day": "2026-05-24"} == told(local(5, 25))
    assert {"first_day": "2026-05-08", "last_day": "2026-05-22"} == told(local(5, 8))


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_day(first: date, months: int, last: date) -> None:
    """Clamped to the month's end, and that day counts whole (D26)."""
    sold = lasting(datetime.combine(first, time(9), LONDON), term=Term(months=months))
    midnight = datetime.combine(last + timedelta(days=1), time(), LONDON)

    assert [] == found(sold, midnight - INSTANT)
    assert ["outside_first_use_term"] == found(sold, midnight)


def test_a_term_ends_with_the_calendar() -> None:
    """The longest of them has no later day to end on."""
    assert date.max == Term(months=1_200).last_day(date(9_950, 5, 1))
    assert date.max == Term(days=36_500).last_day(date(9_950, 5, 1))


def test_its_validity_ends_it_all_the_same() -> None:
    """An end of validity inside the term is the end (D53)."""
    sold = lasting(local(5, 10), valid_until=local(5, 20))

    assert [] == found(sold, local(5, 20) - INSTANT)
    assert ["package_over_by_then"] == found(sold, local(5, 20))
    assert ["package_over_by_then", "outside_first_use_term"] == found(sold, local(5, 25))


@pytest.mark.parametrize(
    ("used", "other_ends", "drawn"),
    [
        ([local(5, 10)], local(5, 25, 0) + INSTANT, "p1"),
        ([local(5, 20), local(5, 10), local(5, 15)], local(5, 25, 0) + INSTANT, "p1"),
        ([local(5, 10)], local(5, 25, 0) - INSTANT, "a2"),
        ([], local(5, 30), "a2"),
        ([], None, "a2"),
    ],
)
def test_the_earlier_end_counts_for_the_rank(
    used: list[datetime], other_ends: datetime | None, drawn: str
) -> None:
    """The term ends as 25 May begins; without uses it has no end (D20, D53)."""
    other = package("a2", credit("facial", left=9), valid_until=other_ends)
    asked = case(starts_at=local(5, 20), packages=[lasting(*used), other], account=LOCAL, now=NOW)

    assert [(0, drawn, "facial")] == draws(decide(asked, rules.ONLINE))
    own_end = lasting(*used, valid_until=local(5, 21))
    with_own = replace(asked, packages=[own_end, other])  # type: ignore[arg-type]
    assert [(0, "p1", "facial")] == draws(decide(with_own, rules.ONLINE))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (local(5, 25, 0) - INSTANT, ["several_active_packages"]),
        (local(5, 25, 0), []),
    ],
)
def test_a_package_whose_term_is_over_is_not_active(now: datetime, expected: list[str]) -> None:
    """By the end of its term, as by any other end (D05)."""
    other = package("p2", valid_until=local(12, 1))
    asked = case(
        starts_at=local(6, 1), packages=[lasting(local(5, 10)), other], account=LOCAL, now=now
    )

    assert expected == [code for code in codes(decide(asked)) if code == "several_active_packages"]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([local(5, 10)], []),
        ([], ["several_active_packages"]),
        ([local(5, 20)], ["several_active_packages"]),
    ],
    ids=["over", "not begun", "begun later"],
)
@pytest.mark.parametrize("id", ["b1", "b2"], ids=["asked again", "exchanged"])
def test_the_booking_that_is_given_up_begins_no_term(
    others: list[datetime], expected: list[str], id: str
) -> None:
    """Its own use of 9 May is off; only by another of 10 May is the term over on 25 May (D05, D21).

    So it is by whichever packages the booking was paid with.
    """
    other = package("p2", credit("facial", left=9))
    paid = case(starts_at=local(5, 9), packages=[lasting()], account=LOCAL, now=NOW)
    own = decide(paid, rules.IN_STORE).redemption
    assert own is not None
    used = (*lasting(*others).uses, *own.uses_of("p1"))
    asked = case(
        booking=booking(id=id, starts_at=local(6, 1)),
        packages=[replace(lasting(), uses=used), other],
        account=LOCAL,
        existing=own,
        by=Actor.BUSINESS,
        now=local(5, 25, 0),
    )

    assert expected == [code for code in codes(decide(asked)) if code == "several_active_packages"]


def test_the_first_use_of_all_may_be_moved() -> None:
    """A booking's own uses are off: decided again, or moved, it begins the term anew (D21)."""
    asked = case(starts_at=local(5, 10), packages=[lasting()], account=LOCAL, now=NOW)
    own = decide(asked, rules.ONLINE).redemption
    assert own is not None
    sold = replace(lasting(), uses=own.uses_of("p1"))
    again = replace(asked, packages=(sold,), existing=own)
    later = replace(again.booking, starts_at=local(7, 1))

    assert [] == codes(decide(again, rules.ONLINE))
    moved = RedemptionPolicy(rules.ONLINE).reschedule(
        own,
        account=LOCAL,
        client=asked.client,
        starts_at=later.starts_at,
        by=Actor.CLIENT,
        now=NOW,
        packages=[sold],
    )
    assert (True, ()) == (moved.allowed, moved.findings)


@pytest.mark.parametrize(
    ("to", "expected"),
    [(local(5, 24), []), (local(5, 25, 0), ["outside_first_use_term"])],
)
def test_a_move_stays_inside_the_term(to: datetime, expected: list[str]) -> None:
    """It is asked at the new start, of the uses of the other bookings (D58)."""
    asked = case(starts_at=local(5, 12), packages=[lasting(local(5, 10))], account=LOCAL, now=NOW)
    own = decide(asked, rules.ONLINE).redemption
    assert own is not None
    sold = lasting(local(5, 10))
    sold = replace(sold, uses=(*sold.uses, *own.uses_of("p1")))
    moved = RedemptionPolicy(rules.ONLINE).reschedule(
        own,
        account=LOCAL,
        client=asked.client,
        starts_at=to,
        by=Actor.CLIENT,
        now=NOW,
        packages=[sold],
    )

    assert expected == [finding.code for finding in moved.findings]
    assert moved.allowed is not bool(expected)


@pytest.mark.parametrize(
    ("now", "usable"),
    [
        (local(5, 25, 0) - INSTANT, True),
        (local(5, 25, 0), False),
        (local(5, 8), True),  # though a booking of 8 May would move the use of 24 May out
    ],
)
def test_what_returns_after_the_last_day_is_no_use(now: datetime, usable: bool) -> None:
    """Only a start after the last day is asked about, at the instant of the return (D13)."""
    sold = lasting(local(5, 10))
    asked = case(starts_at=local(5, 12), packages=[sold], account=LOCAL, now=NOW)
    own = decide(asked, rules.ONLINE).redemption
    assert own is not None
    today = lasting(local(5, 10), local(5, 24))
    today = replace(today, uses=(*today.uses, *own.uses_of("p1")))
    settlement = RedemptionPolicy(rules.ONLINE).cancel(
        own, by=Actor.BUSINESS, now=now, packages=[today]
    )

    assert (True, usable) == (settlement.returned, settlement.credit_usable)
