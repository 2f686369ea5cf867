"""What mutation testing found that no other test was looking at: what rules are handed."""

from collections.abc import Callable, Iterator
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
    Rule,
    Rulebook,
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

Asked = tuple[Case, Package, Entitlement, BookingLine]
MARCH = rules.TIMELY_2026_03
FACIALS = package("p1", credit("facial", left=2))
OVER = package("p2", valid_until=NOW)


def _asking(seen: list[Asked], like: Rule | None = None) -> Rule:
    """Return a credit rule that notes what it is handed, and answers as *like* does, or never."""

    def noting(case: Case, package: Package, entitlement: Entitlement, line: BookingLine) -> bool:
        seen.append((case, package, entitlement, line))
        return like is not None and like.condition(case, package, entitlement, line) is not False

    noting.__name__ = "noting" if like is None else like.code
    return rule(Scope.CREDIT, clauses=[HOUSE], message="noted", advice="nothing")(noting)


def _books(seen: list[Asked]) -> Iterator[Rulebook]:
    """Yield rulebooks in which one credit rule notes what it is handed: a new one, and ours."""
    yield MARCH.including(_asking(seen))
    for shipped in (rules.service_not_in_package, rules.not_enough_credits):
        listed = tuple(_asking(seen, shipped) if each == shipped else each for each in MARCH.rules)
        yield replace(MARCH, rules=listed)


@pytest.mark.parametrize(
    "services", [("facial",), ("massage",), ("facial", "facial"), ("facial", "massage")]
)
def test_a_credit_rule_is_handed_the_whole_question(services: tuple[str, ...]) -> None:
    """The case, a package, one of its entitlements, and a line of the booking: never less."""
    asked = case(*services, packages=[FACIALS])
    for place in range(3):
        seen: list[Asked] = []
        book = list(_books(seen))[place]
        decide(asked, book)
        (held,) = FACIALS.entitlements

        expected = {(FACIALS, held, each) for each in asked.booking.lines}
        assert {each[1:] for each in seen} <= expected
        assert {asked} >= {each[0] for each in seen}
        # Whether the service is named is always asked; the rest only of credits that name it.
        assert seen or (services == ("massage",) and place != 1)


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


def test_what_is_left_is_told_in_sum_also_where_a_house_keeps_some_back() -> None:
    """A house whose own rule never gives the last credit away is told of all that are left."""

    def keeping_one(
        case: Case,  # noqa: ARG001 - every credit rule takes all four
        package: Package,  # noqa: ARG001 - see above
        entitlement: Entitlement,
        line: BookingLine,  # noqa: ARG001 - see above
    ) -> bool:
        return entitlement.remaining <= 1

    ours = rules.not_enough_credits
    keeping_one.__name__ = ours.code
    kept = rule(Scope.CREDIT, clauses=[HOUSE], message=ours.message, advice=ours.advice)(
        keeping_one
    )
    book = replace(MARCH, rules=tuple(kept if each == ours else each for each in MARCH.rules))
    held = package("p1", credit("facial"), credit("facial", "massage"))
    one, two = (decide(case(*each, packages=[held]), book) for each in (["facial"], ["facial"] * 2))

    assert [(("available", 2), ("wanted", 1))] == [each.facts for each in one.reasons]
    assert [(("available", 2), ("wanted", 2))] == [each.facts for each in two.reasons]


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
