"""Each part of a law of decisions tells a fault that its other parts don't."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import cast

import pytest

from pkgredeem import (
    Case,
    Client,
    Cover,
    Decision,
    Pause,
    RedemptionPolicy,
    Rulebook,
    Scope,
    rule,
    rules,
)
from pkgredeem._model.checks import put
from pkgredeem.testing.laws import _decisions as decisions
from pkgredeem.testing.laws._law import NoDecisionError, is_shipped
from tests.helpers import faulty_rules as faulty
from tests.helpers.bent_policies import Bent, broken_by
from tests.helpers.house_rules import HOUSE
from tests.helpers.odd_texts import CopiedOtherwise
from tests.helpers.support import (
    ANA,
    DAY,
    INSTANT,
    NOW,
    SHIPPED,
    START,
    case,
    credit,
    package,
    use,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)


@rule(Scope.BOOKING, clauses=[HOUSE], message="none", advice="none")
def needs_a_package(asked: Case, _: Cover) -> bool:
    """The first package is used up; where there is none, it breaks."""
    return asked.packages[0].has_credit is None


@pytest.mark.parametrize("fault", [faulty.raises_on_a_guest, needs_a_package])
def test_each_case_is_asked_of_a_guest_and_without_packages(fault: object) -> None:
    """Of a case with a client and a package, what raises only without one of them is told."""
    policy = RedemptionPolicy(MARCH.including(fault))  # type: ignore[arg-type]
    asked = case()

    assert policy.decide_case(asked).eligible
    with pytest.raises(NoDecisionError):
        decisions.every_case.check(policy, asked)


@pytest.mark.parametrize("last", [2, 3, 4, 5])
def test_the_same_question_is_asked_five_times(last: int) -> None:
    """An answer that is another at the third, fourth or fifth time only is told; the second is too.

    That one is asked while clocks are watched: it shows in what follows.
    """
    numbers = count(1)

    def forgetful(decision: Decision, _: Case) -> Decision:
        return decision if next(numbers) < last else replace(decision, prompt=False)

    assert "prompt True became False" == broken_by(decisions.same_input, case(), decision=forgetful)


@pytest.mark.parametrize("order", ["acb", "cab", "abc"], ids=["reversed", "turned", "sorted"])
def test_each_order_of_packages_is_tried(order: str) -> None:
    """From the end, from the second on, and by their ids."""
    asked = case(packages=[package(name) for name in "bca"])

    def by_order(decision: Decision, asked: Case) -> Decision:
        is_that = order == "".join(sold.id for sold in asked.packages)
        return replace(decision, prompt=True) if is_that else decision

    assert f"with the packages in the order {' '.join(order)}: prompt False became True" == (
        broken_by(decisions.order_of_packages, asked, decision=by_order)
    )


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        (
            {"entitlements": [credit("facial", id="b"), credit("facial", id="a")]},
            lambda sold: sold.entitlements[0].id == "a",
        ),
        (
            {"uses": [use(booking_id="b8"), use(booking_id="b9")]},
            lambda sold: sold.uses[0].booking_id == "b9",
        ),
        (
            {"pauses": [Pause(START + DAY), Pause(START + 2 * DAY)]},
            lambda sold: sold.pauses[0].starts_at == START + 2 * DAY,
        ),
    ],
    ids=["entitlements", "uses", "pauses"],
)
def test_each_order_inside_of_a_package_is_tried(
    fields: dict[str, object], first: Callable[[object], bool]
) -> None:
    """What a package holds is handed in from the end."""
    asked = case(packages=[replace(package(), **fields)])  # type: ignore[arg-type]

    def by_first(decision: Decision, asked: Case) -> Decision:
        return replace(decision, prompt=False) if first(asked.packages[0]) else decision

    assert "with the packages in the order p1: prompt True became False" == broken_by(
        decisions.order_of_packages, asked, decision=by_first
    )


USED_UP = package("p2", credit("facial", left=0))
OVER = package("p2", credit("massage"), valid_until=NOW)


@pytest.mark.parametrize("spent", [USED_UP, OVER], ids=["used up", "over"])
def test_what_is_used_up_and_what_is_over_is_left_out(spent: object) -> None:
    """Each by itself, where it makes a yes a no, and where another credit is drawn on for it."""
    asked = case(packages=[package(), spent])

    def refused(decision: Decision, asked: Case) -> Decision:
        return POLICY.decide_case(case(packages=[])) if len(asked.packages) > 1 else decision

    def drawn_on_another(decision: Decision, asked: Case) -> Decision:
        made = decision.redemption
        assert made is not None
        draws = tuple(replace(draw, entitlement_id="other") for draw in made.draws)
        other = replace(decision, redemption=replace(made, draws=draws))
        return other if len(asked.packages) > 1 else decision

    for fault in (refused, drawn_on_another):
        assert str(broken_by(decisions.spent_packages, asked, decision=fault)).startswith(
            "without the packages p2: "
        )
    assert decisions.spent_packages.check(POLICY, asked) is None


def test_what_is_over_an_instant_later_is_not_left_out() -> None:
    """A package that can be used still is no package that is over."""
    asked = case(packages=[package(valid_until=NOW + INSTANT)])
    seen: list[int] = []

    def noted(decision: Decision, asked: Case) -> Decision:
        seen.append(len(asked.packages))
        return decision

    broken_by(decisions.spent_packages, asked, decision=noted)

    assert [1, 1] == seen


def test_a_refusal_with_a_change_gives_something_away() -> None:
    """Without a redemption too."""
    change = POLICY.decide_case(case()).change

    assert "refused, and yet something is given away" == broken_by(
        decisions.refusals,
        case(packages=[]),
        decision=lambda decision, _: replace(decision, change=change),
    )


def test_what_is_covered_and_what_is_not_both_count() -> None:
    """A line that is drawn for and called uncovered is told, and one that is neither is, too."""
    assert "payable are the lines [0], covered are [0]" == broken_by(
        decisions.every_line_covered,
        case(),
        decision=lambda decision, _: replace(decision, uncovered=(0,)),
    )

    def leaves_one_out(decision: Decision, _: Case) -> Decision:
        made = decision.redemption
        assert made is not None
        return replace(decision, redemption=replace(made, draws=made.draws[:1]))

    two = case("facial", "facial", packages=[package("p1", credit("facial", left=2))])
    assert "payable are the lines [0, 1], covered are [0]" == broken_by(
        decisions.every_line_covered, two, decision=leaves_one_out
    )


def test_whoever_is_not_logged_in_is_told_nothing_of_packages() -> None:
    """A client who is known and a guest are both asked for, each with packages and without."""

    def tells(of: Callable[[Client], bool]) -> str | None:
        return broken_by(
            decisions.client_text_before_login,
            case(),
            decision=lambda decision, asked: (
                replace(decision, client_text="a gift awaits")
                if of(asked.client) and asked.packages
                else decision
            ),
        )

    told = "the text is 'a gift awaits' with the packages, 'log in to use a package' without"
    assert told == tells(lambda client: client.id == "ana" and not client.logged_in)
    assert told == tells(lambda client: client.id is None)
    assert None is tells(lambda client: client.logged_in)


def test_a_digit_is_told_wherever_it_comes_from() -> None:
    """Even of a rule whose words were never checked."""
    listed = replace(rules.client_not_logged_in)
    put(listed, "client_text", "5 are left")
    bent = Bent(
        lambda decision, _: replace(decision, client_text="5 are left"),
        policy=RedemptionPolicy(faulty.replaced(MARCH, listed)),
    )
    asked = case(client=replace(ANA, logged_in=False))

    assert "the text is '5 are left', where the codes say '5 are left'" == (
        decisions.client_text.check(cast("RedemptionPolicy", bent), asked)
    )


def test_a_copy_that_is_another_is_told() -> None:
    """What is pickled well is copied as well."""
    assert "a copy of the decision is not equal to it" == broken_by(
        decisions.kept_equal,
        case(),
        decision=lambda decision, _: replace(decision, note=CopiedOtherwise("x")),
    )


@rule(Scope.BOOKING, clauses=[HOUSE], message="alone", advice="none")
def has_nobody_elses(asked: Case, _: Cover) -> bool:
    """No package of somebody else is handed in."""
    return all(sold.is_held_by(asked.client) for sold in asked.packages)


def test_the_clients_own_packages_are_handed_in_alone() -> None:
    """A rule that wants those of others beside them is told; what is shared is the client's own."""
    policy = RedemptionPolicy(MARCH.including(has_nobody_elses))
    theirs = case(packages=[package(), package("p9", client_id="kim")])
    shared = case(packages=[package(client_id="kim", shared_with=["ana"])])

    assert policy.decide_case(theirs).eligible
    assert str(decisions.packages_of_others.check(policy, theirs)).startswith(
        "with the packages p1: eligible True became False"
    )
    assert decisions.packages_of_others.check(POLICY, shared) is None


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_what_is_promised_for_shipped_rulebooks_is_promised_for_each(book: Rulebook) -> None:
    """As they are: with one rule lifted it is another rulebook."""
    lifted = next(listed for listed in book.rules if listed.can_be_lifted)

    assert is_shipped(RedemptionPolicy(book))
    assert not is_shipped(RedemptionPolicy(book.without(lifted)))
