"""Everything that a decision says of its case can be what two policies differ in."""

from dataclasses import replace

import pytest

from pkgredeem import (
    AccountSettings,
    BookingLine,
    CancellationTerms,
    Case,
    ClientLogin,
    Cover,
    Decision,
    Entitlement,
    Package,
    RedemptionPolicy,
    Rule,
    Scope,
    rule,
    rules,
)
from pkgredeem.testing import compare
from pkgredeem.testing.laws._differences import difference
from tests.helpers.compare_support import MARCH, only_witness, with_rules
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    case,
    credit,
    package,
)

#: An account that asks for a deposit and a card, and whose late cancellations forfeit.
STRICT = AccountSettings(
    online_redemption=True,
    client_login=ClientLogin.OPTIONAL,
    deposit_required=True,
    card_capture=True,
    cancellation=FORFEIT_INSIDE_A_DAY,
)
ONLINE = RedemptionPolicy(rules.ONLINE)
PROMPT = "a package can be used for this booking"
NEUTRAL = "no package can be used for this booking: it is booked and paid for as usual"


def both(case: Case, *policies: RedemptionPolicy) -> tuple[Decision, ...]:
    """Return what each policy decides of the case."""
    return tuple(policy.decide_case(case) for policy in policies)


def test_every_part_of_an_answer_is_told() -> None:
    """With two active packages a booking is eligible online, and refused in March."""
    two = replace(case(packages=[package("p1"), package("p2")]), account=STRICT)

    assert (
        "eligible True became False, "
        "reasons [] became ['several_active_packages(count=2)'], "
        "notes ['no_card_on_file()'] became [], "
        "draws [(0, 'p1', 'facial')] became [], "
        "deposit waived became collect, "
        "card capture bypassed became capture, "
        "prompt True became False, "
        "refund on cancel True became False, "
        f"client text {PROMPT} became {NEUTRAL}, "
        "schedule ['2026-05-04 10:00:00+00:00: return', "
        "'2026-05-05 10:00:00+00:00: forfeit, late'] became [], "
        "free until 2026-05-04 10:00:00+00:00 became None"
    ) == difference(*both(two, ONLINE, MARCH))


def test_the_witness_of_a_comparison_tells_them_too() -> None:
    """What is not needed to show the place is gone, and the rest of the answer is told."""
    two = replace(case(packages=[package("p1"), package("p2")]), account=STRICT)
    lifted = RedemptionPolicy(rules.TIMELY_2026_03.without(rules.several_active_packages))
    witness = only_witness(compare(lifted, MARCH, cases=[two], examples=0))

    assert "eligible, drawing on facial of p1" == witness.first
    assert "refused: several_active_packages" == witness.second
    assert (
        "eligible True became False, "
        "reasons [] became ['several_active_packages(count=2)'], "
        "draws [(0, 'p1', 'facial')] became [], "
        "prompt True became False, "
        "refund on cancel True became False, "
        f"client text {PROMPT} became {NEUTRAL}, "
        "schedule ['2026-05-05 10:00:00+00:00: return'] became []"
    ) == witness.changes


def test_the_lines_that_nothing_pays_for_are_told() -> None:
    """The package is over by one instant; where that is lifted it pays for both lines."""
    over = package("p1", credit("facial", left=2), valid_until=NOW)
    lifted = RedemptionPolicy(
        rules.TIMELY_2026_03.without(rules.package_over, rules.package_over_by_then)
    )
    asked = case("facial", "facial", packages=[over])
    told = difference(*both(asked, lifted, MARCH))
    assert told is not None

    assert "draws [(0, 'p1', 'facial'), (1, 'p1', 'facial')] became [], " in told
    assert "uncovered () became (0, 1), " in told


@rule(Scope.CREDIT, clauses=[HOUSE], message="none", advice="none")
def first_credit(_: Case, package: Package, entitlement: Entitlement, __: BookingLine) -> bool:
    """The entitlement is the one that would pay first."""
    return entitlement.id == "a" or package.id == "p1"


def test_which_credit_pays_is_a_difference_by_itself() -> None:
    """Of two credits in one package the other one pays, and nothing else is another."""
    two = case(packages=[package("p0", credit("facial", id="a"), credit("facial", id="b"))])
    witness = only_witness(compare(MARCH, with_rules(first_credit), cases=[two], examples=0))

    assert "eligible, drawing on a of p0" == witness.first
    assert "eligible, drawing on b of p0" == witness.second
    assert "draws [(0, 'p0', 'a')] became [(0, 'p0', 'b')]" == witness.changes


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (
            FORFEIT_INSIDE_A_DAY,
            (
                "draws [(0, 'p1', 'facial')] became [(0, 'p2', 'facial')], "
                "refund on cancel True became False, "
                "schedule ['2026-05-05 10:00:00+00:00: return'] became "
                "['2026-05-05 10:00:00+00:00: forfeit, late']"
            ),
        ),
        (
            RETURN_INSIDE_A_DAY,
            (
                "draws [(0, 'p1', 'facial')] became [(0, 'p2', 'facial')], "
                "schedule ['2026-05-05 10:00:00+00:00: return'] became "
                "['2026-05-05 10:00:00+00:00: return, late']"
            ),
        ),
    ],
)
def test_by_whose_terms_it_can_be_cancelled_is_told(terms: CancellationTerms, told: str) -> None:
    """Booked an hour before the start: by the terms of the package that pays then it is late."""
    other = package("p2", cancellation=terms)
    asked = case(packages=[package("p1"), other], now=START - HOUR)
    moved_on = RedemptionPolicy(rules.ONLINE.including(first_credit))

    assert told == difference(*both(asked, ONLINE, moved_on))


def named(id: str) -> Rule:
    """Return a rule of one code that finds the package of that id."""

    @rule(Scope.PACKAGE, clauses=[HOUSE], message="none", advice="none")
    def named(_: Case, package: Package) -> bool:
        """The package is that one."""
        return package.id == id

    return named


def refusing(facts: dict[str, int]) -> Rule:
    """Return a rule of one code that refuses every booking with these facts."""

    @rule(Scope.BOOKING, clauses=[HOUSE], message="{left} left", advice="none")
    def so_many_left(_: Case, __: Cover) -> dict[str, int]:
        """So many are left."""
        return facts

    return so_many_left


def test_the_facts_of_a_reason_are_part_of_the_answer() -> None:
    """Two rules of one code refuse the same cases, and tell other numbers."""
    first, second = (with_rules(refusing({"left": left})) for left in (1, 2))
    witness = only_witness(compare(first, second, cases=[case()], examples=0))

    assert witness.first == witness.second == "refused: so_many_left"
    assert "reasons ['so_many_left(left=1)'] became ['so_many_left(left=2)']" == witness.changes


def test_which_package_a_reason_is_about_is_told() -> None:
    """Of two archived packages each policy has a rule about another one."""
    first, second = (
        RedemptionPolicy(rules.ONLINE.including(named(id)).without(rules.package_archived))
        for id in ("p1", "p2")
    )
    witness = only_witness(
        compare(first, second, cases=[case(packages=[package("p1"), package("p2")])], examples=0)
    )

    assert "notes ['named(p1)'] became ['named(p2)']" in witness.changes
