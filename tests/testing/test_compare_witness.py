"""Which of several cases shows a place of a comparison, and in which words."""

from dataclasses import replace
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

import house_rules
from pkgredeem import CardCaptureOutcome, Case, Cover, RedemptionPolicy, Scope, rule
from pkgredeem.testing import Comparison, compare
from pkgredeem.testing.comparison._comparison import Witness
from tests.helpers import odd_rules
from tests.helpers.compare_support import BOOK, MARCH, only_witness, with_rules
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import ANA, DAY, START, case, credit, package

TWO = [package("p1"), package("p2")]


@rule(Scope.BOOKING, clauses=[HOUSE], message="x", advice="none")
def marked_x(asked: Case, _: Cover) -> bool:
    """The note is one with an x."""
    return asked.note in {"x", "xy", "noted x", "a long note with an x"}


@rule(Scope.BOOKING, clauses=[HOUSE], message="y", advice="none")
def marked_y(asked: Case, _: Cover) -> bool:
    """The note is the one with a y."""
    return asked.note == "xy"


@rule(Scope.NOTE, clauses=[HOUSE], message="noted", advice="none")
def noted(asked: Case, _: CardCaptureOutcome) -> bool:
    """The note says so."""
    return asked.note == "noted x"


@rule(Scope.NOTE, clauses=[HOUSE], message="noted too", advice="none")
def noted_too(asked: Case, _: CardCaptureOutcome) -> bool:
    """The note says so."""
    return asked.note == "noted x"


def shown(first: RedemptionPolicy, second: RedemptionPolicy, *cases: Case) -> Comparison:
    """Compare two policies by these cases alone, which come to the same in any order."""
    (comparison,) = {
        str(found): found
        for found in (
            compare(first, second, cases=order, examples=0) for order in permutations(cases)
        )
    }.values()
    return comparison


def answers(witness: Witness | None) -> tuple[str, str]:
    """Return what both policies answer a witness that has to be there."""
    assert witness is not None
    return witness.first, witness.second


def test_a_case_that_shows_one_place_alone_comes_first() -> None:
    """It is refused otherwise, too, and yet better than one in which two rules play a part."""
    found = shown(
        MARCH,
        with_rules(marked_x, marked_y),
        case(note="xy"),
        case(note="x", packages=TWO),
    )
    x, y = (answers(place.witness) for place in found.differences)

    assert ("refused: several_active_packages", "refused: several_active_packages, marked_x") == x
    assert y[0].startswith("eligible, drawing on ")
    assert "refused: marked_x, marked_y" == y[1]


def test_a_case_that_one_of_the_two_allows_comes_next() -> None:
    """A yes that becomes a no says more than another reason of a no, for all its notes."""
    first, second = with_rules(noted, noted_too), with_rules(noted, noted_too, marked_x)
    found = only_witness(shown(first, second, case(note="noted x"), case(note="x", packages=TWO)))

    assert (
        "eligible, drawing on facial of p1; noting noted, noted_too",
        "refused: marked_x; noting noted, noted_too",
    ) == answers(found)


def test_a_case_with_fewer_findings_comes_next() -> None:
    """However large it is."""
    first, second = with_rules(noted), with_rules(noted, marked_x)
    found = only_witness(
        shown(first, second, case(note="noted x"), case(note="a long note with an x"))
    )

    assert "a long note with an x" == found.case.note


def test_a_smaller_case_comes_last() -> None:
    """Of cases that are alike in all of that."""
    found = only_witness(
        shown(
            MARCH,
            with_rules(marked_x),
            case(note="x"),
            case(
                "facial",
                "facial",
                note="a long note with an x",
                packages=[package("p1", credit("facial", left=2))],
            ),
        )
    )

    assert "x" == found.case.note


@rule(Scope.BOOKING, clauses=[HOUSE], message="two", advice="none")
def two_lines(asked: Case, _: Cover) -> bool:
    """Two services are booked."""
    return len(asked.booking.lines) > 1


def test_each_credit_that_is_drawn_on_is_told() -> None:
    """In the order of the lines."""
    both = package("p1", credit("facial", id="a"), credit("massage", id="b"))
    asked = case("facial", "massage", packages=[both])
    found = only_witness(shown(MARCH, with_rules(two_lines), asked))

    assert ("eligible, drawing on a of p1, b of p1", "refused: two_lines") == answers(found)


@pytest.mark.parametrize("is_first", [True, False])
def test_either_policy_may_ask_for_local_time(*, is_first: bool) -> None:
    """A rule of the first policy, as of the second, is asked in UTC where there is no zone."""
    pair = (house_rules.POLICY, MARCH) if is_first else (MARCH, house_rules.POLICY)
    saturday = case(starts_at=START + 4 * DAY)
    witness = only_witness(compare(*pair, cases=[saturday], examples=0))

    assert ZoneInfo("UTC") == witness.case.account.time_zone
    assert "refused: on_a_saturday" in answers(witness)


def test_only_what_found_nothing_in_either_policy_is_silent() -> None:
    """Each of the silent rules is named once, those of the first policy before the second's."""
    first = RedemptionPolicy(BOOK.including(odd_rules.card_too_many, marked_x))
    second = RedemptionPolicy(
        BOOK.including(odd_rules.in_another_century, odd_rules.card_too_many, marked_y)
    )
    found = compare(first, second, cases=[case(note="x")], examples=0)

    assert ("card_too_many", "in_another_century", "marked_y") == found.silent
    assert 1 == found.tried


def test_further_cases_come_beside_those_that_are_generated() -> None:
    """Both are tried, and all of them."""
    theirs = [case(note="x", client=replace(ANA, id=f"c{number}")) for number in range(3)]

    assert 10 + 30 + 3 == compare(MARCH, with_rules(marked_x), cases=theirs, examples=10).tried
