"""A case that breaks a law is made smaller only as long as it breaks that law, and no other."""

import pytest
from hypothesis.strategies import just

from pkgredeem import Case, Cover, RedemptionPolicy, Rule, Scope, rule, rules
from pkgredeem._model.checks import put
from pkgredeem.testing import LawBroken, check_laws
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import INSTANT, case

RAISES = "every case gets a decision"
WRITES = "asking changes nothing in the case"


def _raise() -> bool:
    raise LookupError("odd")


def _write(asked: Case) -> bool:
    put(asked, "now", asked.now + INSTANT)
    return False


@rule(Scope.BOOKING, clauses=[HOUSE], message="a note", advice="none")
def raises_at_a_note(asked: Case, _: Cover) -> bool:
    """It raises where there is a note, and writes where there is none."""
    return _raise() if asked.note else _write(asked)


@rule(Scope.BOOKING, clauses=[HOUSE], message="a note", advice="none")
def writes_at_a_note(asked: Case, _: Cover) -> bool:
    """It writes where there is a note, and raises where there is none."""
    return _write(asked) if asked.note else _raise()


@pytest.mark.parametrize(
    ("wrong", "law", "found"),
    [
        (raises_at_a_note, RAISES, "LookupError under timely-2026-03 +raises_at_a_note: odd"),
        (writes_at_a_note, WRITES, "a rule writes to the case"),
    ],
    ids=["raises", "writes"],
)
def test_a_smaller_case_breaks_the_law_that_was_found(wrong: Rule, law: str, found: str) -> None:
    """What it takes to break another law is left out of no case: here the note."""
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(wrong))
    with pytest.raises(LawBroken) as broken:
        check_laws(policy, cases=just(case(note="why")))

    assert (law, found, "why") == (broken.value.law, broken.value.found, broken.value.case.note)
    assert () == broken.value.case.packages
