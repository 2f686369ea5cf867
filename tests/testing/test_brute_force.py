"""The best way to pay by trying everything, worked out by hand for several packages (D20, D63)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pkgredeem import (
    UNLIMITED,
    Case,
    Decision,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Term,
    rules,
)
from pkgredeem.testing.laws import _decisions as decisions
from pkgredeem.testing.laws._brute_force import best_draws
from tests.helpers.bent_policies import broken_by
from tests.helpers.support import (
    DAY,
    LONDON,
    NO_LIMITS,
    NOW,
    START,
    account,
    case,
    credit,
    line,
    package,
    restricted,
    use,
)

IN_STORE = RedemptionPolicy(rules.IN_STORE)
WIDE = credit("facial", "massage", id="facial")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (package("p1"), package("p2", priority=1)),
        (package("p1", credit("facial", left=9)), package("p2", credit("facial", left=UNLIMITED))),
        (package("p1"), package("p2", valid_until=START + 9 * DAY)),
        (package("p1", valid_until=START + 9 * DAY), package("p2", valid_until=START + DAY)),
        (
            package("p1", valid_until=START + 9 * DAY),
            package("p2", restricted("facial", id="facial", valid_until=START + DAY)),
        ),
        (
            package("p1", valid_until=START + 9 * DAY),
            package("p2", lasts=Term(days=7), uses=[use(START - DAY, entitlement_id="facial")]),
        ),
        (package("p1", WIDE), package("p2")),
        (package("p1", sold_at=NOW), package("p2", sold_at=NOW - DAY)),
        (package("p1"), package("p2", sold_at=NOW)),
        (package("p3"), package("p2")),
        (package("p1", replace(WIDE, id="b")), package("p2")),
    ],
)
def test_the_better_of_two_packages_pays(first: Package, second: Package) -> None:
    """By priority, unlimited ones, the earlier end, fewer services, the sale, then the id."""
    asked = case(packages=[first, second], account=account(time_zone=LONDON))

    assert [(0, "p2", "facial")] == best_draws(IN_STORE, asked)


def test_the_first_of_two_entitlements_pays() -> None:
    """All else being equal, the id of the entitlement decides."""
    two = package("p1", credit("facial", id="b"), credit("facial", id="a"))

    assert [(0, "p1", "a")] == best_draws(IN_STORE, case(packages=[two]))


def test_several_packages_and_entitlements_pay_together() -> None:
    """Four lines, two packages, three entitlements: each gives what it has, the best to each."""
    first = package("p1", credit("facial"), credit("massage", "manicure", id="hands", left=2))
    second = package("p2", credit("facial", "massage", "manicure", id="any", left=9))
    asked = case("manicure", "facial", "facial", "massage", packages=[second, first])

    # p1/facial and p1/hands rank before p2/any: two hands, one facial, and the second facial by any
    assert [
        (0, "p1", "hands"),
        (1, "p1", "facial"),
        (2, "p2", "any"),
        (3, "p1", "hands"),
    ] == best_draws(IN_STORE, asked)


def test_a_line_takes_what_it_costs_in_each_unit() -> None:
    """The first line costs 60 of 100 minutes, the second has to be paid by points, 5 of 5."""
    minutes = replace(credit("facial", left=100, id="m"), unit="minute")
    points = replace(credit("facial", left=5, id="p"), unit="point")
    long = line("facial", costs={"minute": 60, "point": 5})
    sold = package("p1", minutes, points)

    assert [(0, "p1", "m"), (1, "p1", "p")] == best_draws(
        IN_STORE, case(long, long, packages=[sold])
    )
    assert [(0, "p1", "m"), (1, "p1", "p")] == best_draws(
        IN_STORE, case(long, long, long, packages=[sold])
    )


def test_an_earlier_line_is_never_given_up_for_two_later_ones() -> None:
    """The first costs all three points, the others one each: earlier lines come first (D63)."""
    points = replace(credit("facial", left=3, id="p"), unit="point")
    dear, cheap = line("facial", costs={"point": 3}), line("facial", costs={"point": 1})
    asked = case(dear, cheap, cheap, packages=[package("p1", points)])

    assert [(0, "p1", "p")] == best_draws(IN_STORE, asked)


def test_a_quota_of_a_package_counts_all_its_entitlements() -> None:
    """One place is left in p1, whichever entitlement pays; the other line is paid by p2."""
    capped = package(
        "p1",
        credit("facial", left=5),
        credit("massage", left=5),
        quotas=[Quota(2, Period.EVER)],
        uses=[use(NOW, entitlement_id="facial")],
    )
    other = package("p2", credit("facial", "massage", id="any", left=5))
    asked = case("facial", "massage", packages=[capped, other])

    assert [(0, "p1", "facial"), (1, "p2", "any")] == best_draws(IN_STORE, asked)


def test_a_quota_of_an_entitlement_leaves_the_others_alone() -> None:
    """The tightest of its quotas counts: one place for facials, none of another's."""
    facials = replace(
        credit("facial", left=5), quotas=(Quota(3, Period.BOOKING), Quota(1, Period.BOOKING))
    )
    asked = case(
        "facial", "facial", "massage", packages=[package("p1", facials, credit("massage"))]
    )

    assert [(0, "p1", "facial"), (2, "p1", "massage")] == best_draws(IN_STORE, asked)


def test_without_the_rule_about_quotas_none_is_counted() -> None:
    """Where the rule is lifted, quotas limit nothing (D56)."""
    lifted = RedemptionPolicy(rules.IN_STORE.without(rules.quota_reached))
    asked = case(packages=[package(quotas=[Quota(0, Period.EVER)])])

    assert [] == best_draws(IN_STORE, asked)
    assert [(0, "p1", "facial")] == best_draws(lifted, asked)


def test_what_no_rule_lets_pay_pays_nothing() -> None:
    """A package that is void, not chosen or over, and a credit that is over, are left out."""
    over = package("p1", restricted("facial", id="facial", valid_until=START - timedelta(hours=1)))
    both = [package("p1"), package("p2")]

    assert [] == best_draws(IN_STORE, case(packages=[over]))
    assert [] == best_draws(IN_STORE, case(packages=[package(valid_until=START)]))
    assert [(0, "p2", "facial")] == best_draws(IN_STORE, case(packages=both, only=["p2"]))
    assert [(1, "p1", "facial")] == best_draws(
        IN_STORE, case(line("facial", payable=False), "facial", packages=both)
    )


def test_a_thousand_ways_are_tried() -> None:
    """Three lines, nine ways to pay each or none: ten to the third, and not one more."""
    nine = [credit("facial", left=9, id=f"e{number}") for number in range(9)]
    asked = case("facial", "facial", "facial", packages=[package("p1", *nine)])
    more = replace(asked, packages=(package("p1", *nine, credit("facial", left=9, id="f")),))

    assert [(0, "p1", "e0"), (1, "p1", "e0"), (2, "p1", "e0")] == best_draws(IN_STORE, asked)
    assert None is best_draws(IN_STORE, more)


@pytest.mark.parametrize(
    "wrong",
    [[("p2", "any"), ("p1", "facial")], [("p1", "facial"), ("p2", "any")]],
)
def test_another_package_than_the_best_is_told(wrong: list[tuple[str, str]]) -> None:
    """The law looks at all packages and entitlements: p1 could pay for both lines."""
    first = package("p1", credit("facial", left=2))
    second = package("p2", credit("facial", id="any", left=2))
    asked = case("facial", "facial", packages=[first, second])
    policy = RedemptionPolicy(NO_LIMITS)

    def elsewhere(_decision: Decision, _: Case) -> Decision:
        decided = policy.decide_case(asked)
        assert decided.redemption is not None
        draws = tuple(
            replace(draw, package_id=package_id, entitlement_id=entitlement_id)
            for draw, (package_id, entitlement_id) in zip(
                decided.redemption.draws, wrong, strict=True
            )
        )
        return replace(decided, redemption=replace(decided.redemption, draws=draws))

    assert (
        f"drawn are [(0, '{wrong[0][0]}', '{wrong[0][1]}'), (1, '{wrong[1][0]}', '{wrong[1][1]}')]"
        ", the best would be [(0, 'p1', 'facial'), (1, 'p1', 'facial')]"
    ) == broken_by(decisions.best_allocation, asked, decision=elsewhere)
