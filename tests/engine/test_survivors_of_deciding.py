"""What mutation testing found that no other test was looking at: what rules are handed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from pkgredeem import (
    BookingLine,
    Case,
    Client,
    Cover,
    Draw,
    Entitlement,
    InvalidValueError,
    Package,
    RedemptionPolicy,
    Scope,
    rule,
    rules,
)
from pkgredeem._engine.allocation import allocate
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    ANA,
    INSTANT,
    NOW,
    account,
    case,
    codes,
    credit,
    decide,
    line,
    package,
)

Question = tuple[Case, Package, Entitlement, BookingLine]
MARCH = rules.TIMELY_2026_03
FACIALS = package("p1", credit("facial", left=2))
OVER = package("p2", valid_until=NOW)


@pytest.mark.parametrize(
    "services", [("facial",), ("massage",), ("facial", "facial"), ("facial", "massage")]
)
def test_a_credit_rule_is_handed_the_whole_question(services: tuple[str, ...]) -> None:
    """The case, a package, one of its entitlements that names the service, and a line of it."""
    seen: list[Question] = []

    def noting(case: Case, package: Package, entitlement: Entitlement, line: BookingLine) -> bool:
        seen.append((case, package, entitlement, line))
        return False

    noted = rule(Scope.CREDIT, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    asked = case(*services, packages=[FACIALS])
    decide(asked, MARCH.including(noted))
    (facials,) = FACIALS.entitlements

    assert [
        (asked, FACIALS, facials, line)
        for line in asked.booking.lines
        if line.service.id == "facial"
    ] == seen


def _cover_of(asked: Case) -> Cover:
    """Return the cover that a booking rule is handed."""
    seen: list[Cover] = []

    def noting(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - every booking rule takes both
        seen.append(cover)
        return False

    noted = rule(Scope.BOOKING, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    decide(asked, MARCH.including(noted))
    (cover,) = seen
    return cover


DRAWN = Draw(line=0, package_id="p1", entitlement_id="facial", service_id="facial")


@pytest.mark.parametrize(
    ("lines", "draws", "covered", "uncovered"),
    [
        ([line()], (DRAWN,), (0,), ()),
        ([line("massage")], (), (), (0,)),
        ([line(payable=False)], (), (), ()),
        ([line(), line("massage")], (DRAWN,), (0,), (1,)),
        ([line("massage"), line("massage")], (), (), (0, 1)),
        ([line(), line()], (DRAWN, replace(DRAWN, line=1)), (0, 1), ()),
    ],
)
def test_a_booking_rule_is_handed_the_whole_cover(
    lines: list[BookingLine],
    draws: tuple[Draw, ...],
    covered: tuple[int, ...],
    uncovered: tuple[int, ...],
) -> None:
    """Usable and active packages, draws, and the lines with and without a credit."""
    assert Cover(
        usable=(FACIALS,), active=(FACIALS,), draws=draws, covered=covered, uncovered=uncovered
    ) == _cover_of(case(*lines, packages=[OVER, FACIALS]))


def test_credits_that_are_all_spent_are_told_for_one_line_and_for_two() -> None:
    """What is left and what is wanted are told of the entitlements that name the service."""
    spent = package("p1", credit("facial", left=0), credit("massage", left=1))
    one, two = (decide(case(*each, packages=[spent])) for each in (["facial"], ["facial"] * 2))

    assert ["not_enough_credits"] == codes(one) == codes(two)
    assert (("available", 0), ("wanted", 1)) == one.reasons[0].facts
    assert (("available", 0), ("wanted", 2)) == two.reasons[0].facts


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("account", None, "account"),
        ("client", "ana", "client"),
        ("packages", ["p1"], "packages[0]"),
        ("now", datetime(2026, 5, 1), "now"),  # noqa: DTZ001 - what must be refused
    ],
)
def test_the_notice_names_what_it_can_not_use(name: str, wrong: object, field: str) -> None:
    """Each argument of `notice` is checked, and named."""
    notice: Callable[..., bool] = RedemptionPolicy().notice
    asked = {"account": account(), "client": ANA, "packages": [package()], "now": NOW}
    with pytest.raises(InvalidValueError) as refused:
        notice(**(asked | {name: wrong}))

    assert field == refused.value.field


def test_who_is_not_logged_in_gets_no_notice_of_two_packages() -> None:
    """Logging in comes first, also where the limit to one package is lifted."""
    policy = RedemptionPolicy(MARCH.without(rules.several_active_packages))
    two = [package("p1"), package("p2")]

    assert [False, True] == [
        policy.notice(account=account(), client=client, packages=two, now=NOW)
        for client in (Client(id="ana"), ANA)
    ]


def test_what_is_left_is_told_in_sum() -> None:
    """The credits of every entitlement that names the service count, and every line of it."""
    two = package("p1", credit("facial"), credit("facial", "massage"))
    (reason, _) = decide(case("facial", "facial", "facial", packages=[two])).reasons

    assert ("not_enough_credits", "facial") == (reason.code, reason.subject)
    assert (("available", 2), ("wanted", 3)) == reason.facts


def test_the_only_package_is_active_or_not_for_a_booking_rule() -> None:
    """A package that starts before the appointment, but not by now, is usable and not active."""
    by_then = package("p1", credit("facial", left=2), valid_from=NOW + INSTANT)
    active, started_later = (_cover_of(case(packages=[each])) for each in (FACIALS, by_then))

    assert ((FACIALS,), (FACIALS,)) == (active.usable, active.active)
    assert ((by_then,), ()) == (started_later.usable, started_later.active)


def test_as_many_of_the_better_credits_are_used_as_can_be() -> None:
    """Two lines step aside, so that neither of the others needs the worst-ranked credits."""
    either, other = [0, 1], [0, 2]

    assert [1, 1, 0, 0] == allocate([either, either, other, other], [2, 2, 2])
