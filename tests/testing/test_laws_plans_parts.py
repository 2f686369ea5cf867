"""Each part of the laws of plans tells a fault that its other parts don't."""

import pytest

from pkgredeem import (
    BookingLine,
    Case,
    Entitlement,
    Package,
    RedemptionPolicy,
    Restrictions,
    Rule,
    Scope,
    rule,
    rules,
)
from pkgredeem.testing.laws import _plans as plans
from tests.helpers import faulty_rules as faulty
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import LONDON, account, case, credit, package

MARCH = rules.TIMELY_2026_03


@rule(Scope.PACKAGE, clauses=[HOUSE], message="capped", advice="none")
def package_capped(_: Case, sold: Package) -> bool:
    """The package has a quota, whatever it says."""
    return bool(sold.quotas)


@rule(Scope.CREDIT, clauses=[HOUSE], message="capped", advice="none")
def credit_capped(_: Case, __: Package, held: Entitlement, ___: BookingLine) -> bool:
    """The credit has a quota, whatever it says."""
    return bool(held.quotas)


@rule(Scope.PACKAGE, clauses=[HOUSE], message="hours", advice="none")
def package_has_hours(_: Case, sold: Package) -> bool:
    """The package has hours, whatever they are."""
    return sold.restrictions is not None and bool(sold.restrictions.hours)


@rule(Scope.CREDIT, clauses=[HOUSE], message="hours", advice="none")
def credit_has_hours(_: Case, __: Package, held: Entitlement, ___: BookingLine) -> bool:
    """The credit has hours, whatever they are."""
    return held.restrictions is not None and bool(held.restrictions.hours)


@rule(Scope.CREDIT, clauses=[HOUSE], message="restricted", advice="none")
def credit_is_restricted(_: Case, __: Package, held: Entitlement, ___: BookingLine) -> bool:
    """The credit has restrictions, even if they ask for nothing."""
    return held.restrictions == Restrictions()


@pytest.mark.parametrize(
    ("fault", "is_local"),
    [
        (package_capped, True),
        (package_capped, False),
        (credit_capped, True),
        (credit_capped, False),
        (package_has_hours, True),
        (credit_has_hours, True),
        (faulty.takes_nothing_for_something, False),
        (credit_is_restricted, False),
    ],
    ids=lambda part: part.code if isinstance(part, Rule) else "",
)
def test_each_thing_that_asks_for_nothing_is_tried(fault: Rule, *, is_local: bool) -> None:
    """Quotas, hours and restrictions, of a package and of a credit, with a time zone or without."""
    policy = RedemptionPolicy(MARCH.including(fault))
    asked = case(account=account(time_zone=LONDON if is_local else None))

    assert str(plans.asks_for_nothing.check(policy, asked)).startswith(
        "with restrictions that ask for nothing: eligible True became False"
    )
    assert plans.asks_for_nothing.check(RedemptionPolicy(MARCH), asked) is None


def test_what_is_shared_already_is_asked_of_its_owner_too() -> None:
    """A rule that asks for the owner is told by a package that somebody else bought."""
    shared = case(packages=[package(client_id="kim", shared_with=["ana"])])
    policy = RedemptionPolicy(rules.IN_STORE.including(faulty.asks_for_the_owner))

    assert str(plans.shared.check(policy, shared)).startswith("with the packages shared: ")
    assert plans.shared.check(RedemptionPolicy(rules.IN_STORE), shared) is None


@rule(Scope.CREDIT, clauses=[HOUSE], message="none", advice="none", reads=("pauses",))
def not_for_a_massage(_: Case, __: Package, ___: Entitlement, line: BookingLine) -> bool:
    """A massage is paid for, which has nothing to do with pauses."""
    return line.service.id == "massage"


@rule(Scope.PACKAGE, clauses=[HOUSE], message="none", advice="none", reads=("pauses",))
def not_the_second(_: Case, sold: Package) -> bool:
    """The package is the second one, which has nothing to do with pauses."""
    return sold.id == "p2"


@rule(Scope.CREDIT, clauses=[HOUSE], message="none", advice="none", reads=("pauses",))
def not_the_other(_: Case, __: Package, held: Entitlement, ___: BookingLine) -> bool:
    """The entitlement is the other one, which has nothing to do with pauses."""
    return held.id == "other"


@pytest.mark.parametrize("fault", [not_for_a_massage, not_the_second, not_the_other])
def test_a_rule_is_silent_for_each_package_credit_and_line(fault: Rule) -> None:
    """What it says of the last of them is told like what it says of the first."""
    several = [package("p1", credit("facial"), credit("massage", id="other")), package("p2")]
    asked = case("facial", "massage", packages=several)
    policy = RedemptionPolicy(MARCH.including(fault))

    assert f"{fault.code} finds something without pauses" == plans.silent.check(policy, asked)
