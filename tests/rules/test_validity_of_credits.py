"""The validity of a single credit: a cycle of a membership, and how far it goes (D50, D20, D05)."""

from datetime import UTC, datetime

import pytest

from pkgredeem import Entitlement, Package, Rulebook
from tests.helpers.support import (
    DAY,
    INSTANT,
    NO_LIMITS,
    NOW,
    SHIPPED,
    START,
    case,
    codes,
    credit,
    decide,
    draws,
    notes,
    package,
    restricted,
)

MAY, JUNE, JULY, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7, 8))


def monthly(*months: tuple[str, datetime, datetime], left: int = 1) -> Package:
    """Return a membership with an entitlement of massages for each cycle."""
    cycles = [
        restricted("massage", id=name, valid_from=begins, valid_until=ends, remaining=left)
        for name, begins, ends in months
    ]
    return package("p1", *cycles)


#: Each month's massage can be used a month longer.
CYCLES = monthly(("may", MAY, JULY), ("june", JUNE, AUGUST))


def paid_by(start: datetime, sold: Package, *, now: datetime = NOW) -> list[str]:
    """Return the entitlement that pays for a massage at that start, or the reasons against it."""
    decision = decide(case("massage", starts_at=start, now=now, packages=[sold]))
    return codes(decision) or [entitlement for _, _, entitlement in draws(decision)]


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (START - INSTANT, ["credit_not_started"]),
        (START, []),
        (START + DAY - INSTANT, []),
        (START + DAY, ["credit_over"]),
    ],
)
def test_a_credit_is_valid_from_its_first_instant_to_before_its_end(
    book: Rulebook, start: datetime, expected: list[str]
) -> None:
    """The start of the appointment is asked, in every rulebook (D50, D06)."""
    held = package("p1", restricted(valid_from=START, valid_until=START + DAY))

    assert expected == codes(decide(case(starts_at=start, packages=[held]), book))


def test_the_months_of_a_membership_come_one_after_the_other() -> None:
    """The one that ends first pays; May's is over in July, where June's pays (D50, D20)."""
    assert ["may"] == paid_by(JUNE + DAY, CYCLES)
    assert ["may"] == paid_by(JULY - INSTANT, CYCLES)
    assert ["june"] == paid_by(JULY, CYCLES)
    assert ["june"] == paid_by(AUGUST - INSTANT, CYCLES)
    assert ["credit_over"] == paid_by(AUGUST, CYCLES)
    assert ["credit_over"] == paid_by(JULY, monthly(("may", MAY, JULY)))


def test_a_credit_that_has_not_begun_is_told_beside_one_that_is_over() -> None:
    """Each reason is given once, in the order of the rules (D22)."""
    held = monthly(("may", MAY, JUNE), ("july", JULY, AUGUST))

    assert ["credit_not_started", "credit_over"] == paid_by(JUNE, held)


def test_booked_now_for_a_cycle_to_come() -> None:
    """Which cycle pays depends on the appointment, not on the moment of booking (D50)."""
    assert ["june"] == paid_by(JUNE, monthly(("may", MAY, JUNE), ("june", JUNE, JULY)), now=MAY)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (START - INSTANT, ["package_not_started"]),
        (START, ["credit_not_started"]),
        (START + DAY, []),
        (START + 2 * DAY - INSTANT, []),
        (START + 2 * DAY, ["credit_over"]),
        (START + 3 * DAY, ["package_over_by_then"]),
    ],
)
def test_both_validities_are_asked(start: datetime, expected: list[str]) -> None:
    """The package from Tuesday to Friday, the credit from Wednesday to Thursday (D50, D06)."""
    inner = restricted(valid_from=START + DAY, valid_until=START + 2 * DAY)
    held = package("p1", inner, valid_from=START, valid_until=START + 3 * DAY)

    assert expected == codes(decide(case(starts_at=start, packages=[held])))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (package("p2", valid_until=START + 3 * DAY), "p1"),
        (package("p2", valid_until=START + 2 * DAY - INSTANT), "p2"),
        (package("p2", restricted(valid_until=START + 2 * DAY - INSTANT)), "p2"),
        (package("p2", restricted(valid_until=START + 2 * DAY)), "p1"),
        (package("p2", restricted(valid_until=START + 9 * DAY), valid_until=START + DAY), "p2"),
        (package("p2"), "p1"),
        (package("p2", priority=1), "p2"),
    ],
)
def test_the_earlier_end_counts_for_the_rank(other: Package, expected: str) -> None:
    """Of package and credit; equal ends go on to the ids, and priority is before all (D20, D50)."""
    held = package("p1", restricted(valid_until=START + 2 * DAY), valid_until=START + 9 * DAY)
    decision = decide(case(packages=[other, held]), NO_LIMITS)

    assert [expected] == [package_id for _, package_id, _ in draws(decision)]


def test_used_up_looks_at_what_is_left_whatever_its_validity() -> None:
    """A credit that is over is still left, so that its own reason is told (D50)."""
    over = package("p1", restricted(valid_until=NOW))
    nothing_left = package("p1", restricted(valid_until=NOW, remaining=0))

    assert ["credit_over"] == codes(decide(case(packages=[over])))
    assert ["package_used_up"] == codes(decide(case(packages=[nothing_left])))


@pytest.mark.parametrize(
    ("held", "active"),
    [
        (restricted(valid_until=NOW), False),
        (restricted(valid_until=NOW + INSTANT), True),
        (restricted(valid_from=NOW + INSTANT), False),
        (restricted(valid_from=NOW), True),
        (restricted(valid_until=NOW + INSTANT, remaining=0), False),
    ],
)
def test_a_package_is_active_by_a_credit_inside_its_validity(
    held: Entitlement, active: bool
) -> None:
    """Asked of the moment of booking; a credit of another entitlement makes up for it (D05)."""
    second = package("p2", held)
    with_another = package("p2", held, credit("pedicure", id="e2"))

    def found(other: Package) -> list[str]:
        return codes(decide(case(packages=[package(), other])))

    assert (["several_active_packages"] if active else []) == found(second)
    assert ["several_active_packages"] == found(with_another)


def test_a_credit_left_and_a_valid_one_must_be_the_same() -> None:
    """One that is over with credits, beside one that is valid without: not active (D05)."""
    second = package(
        "p2",
        restricted(id="over", valid_until=NOW, remaining=3),
        restricted(id="empty", remaining=0),
    )

    assert [] == codes(decide(case(packages=[package(), second])))


def test_beside_a_good_credit_nothing_is_told_of_a_dead_one() -> None:
    """A member is not told of the cycles that are over (D25)."""
    held = package("p1", restricted(id="over", valid_until=NOW), restricted(id="good"))
    decision = decide(case(packages=[held]))

    assert ([], []) == (codes(decision), notes(decision))
