"""What a rule may answer: yes, no, or facts; anything else is an error, and so is an exception."""

import pytest

from pkgredeem import Case, Cover, InvalidValueError, Rule, Scope, rules
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import START, case, credit, decide, package

BOOK = rules.TIMELY_2026_04


def made(condition: object, scope: Scope) -> Rule:
    """Return a rule of that condition, which may be a wrong one."""
    name = getattr(condition, "__name__", "")
    return Rule(
        code=name,
        scope=scope,
        clauses=(HOUSE,),
        message="never said",
        advice="mend the rule",
        client_text=None,
        condition=condition,  # type: ignore[arg-type]  # a wrong one on purpose
    )


def refusal(error: InvalidValueError) -> tuple[str, object, str]:
    """Return the three parts of an error."""
    return error.field, error.value, error.allowed


@pytest.mark.parametrize("answer", [None, {}, 0, 1, "yes", [("left", 1)]])
@pytest.mark.parametrize("scope", [each for each in Scope if each is not Scope.ACT])
def test_an_answer_that_is_none_is_refused(scope: Scope, answer: object) -> None:
    """A rule answers True, False or facts; anything else is a mistake, and never a silent no."""

    def broken(*_: object) -> object:
        """A rule that answers nonsense."""
        return answer

    asked = case(packages=[package("p1", credit("facial"), credit("massage"))])
    with pytest.raises(InvalidValueError) as caught:
        decide(asked, BOOK.including(made(broken, scope)))
    assert (
        "the answer of broken",
        answer,
        "True, False, or a mapping of at least one fact",
    ) == refusal(caught.value)


def test_a_credit_rule_that_answers_nonsense_is_refused_beside_a_good_credit() -> None:
    """Nonsense about one credit is told even where another credit pays."""

    def broken(_: Case, __: object, held: object, ___: object) -> object:
        """Answer nothing about the first credit, and let the second one pay."""
        return None if held == credit("facial") else False

    asked = case(packages=[package("p1", credit("facial"), credit("facial", id="spare"))])
    with pytest.raises(InvalidValueError, match=r"the answer of broken must be .*, not None"):
        decide(asked, BOOK.including(made(broken, Scope.CREDIT)))


@pytest.mark.parametrize("scope", [each for each in Scope if each is not Scope.ACT])
def test_an_exception_in_a_rule_reaches_the_caller(scope: Scope) -> None:
    """An error in a rule is never an answer."""

    def broken(*_: object) -> bool:
        """A rule that fails."""
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        decide(case(), BOOK.including(made(broken, scope)))


@pytest.mark.parametrize(
    ("facts", "field", "value"),
    [
        ({"": 1}, "facts of broken", ""),
        ({"subject": "p1"}, "facts of broken", "subject"),
        ({"left": True}, "facts of broken: left", True),
        ({"left": 1.5}, "facts of broken: left", 1.5),
        ({"left": 10**600}, "facts of broken: left", 10**600),
        ({"left": -(10**600)}, "facts of broken: left", -(10**600)),
        ({"at": START.replace(tzinfo=None)}, "facts of broken: at", START.replace(tzinfo=None)),
    ],
)
def test_a_fact_is_a_text_a_number_or_an_instant(
    facts: dict[str, object], field: str, value: object
) -> None:
    """Facts can be stored, compared and translated: nothing else is a fact."""

    def broken(_: Case, __: Cover) -> dict[str, object]:
        """A rule with a fact that is none."""
        return facts

    with pytest.raises(InvalidValueError) as caught:
        decide(case(), BOOK.including(made(broken, Scope.BOOKING)))
    assert (field, value) == refusal(caught.value)[:2]


def test_the_largest_number_that_is_a_fact_can_be_told() -> None:
    """At 600 digits a whole number is still written out, whatever Python is set to."""

    def broken(_: Case, __: Cover) -> dict[str, int]:
        """A rule with two large facts."""
        return {"least": 1 - 10**600, "most": 10**600 - 1}

    found = decide(case(), BOOK.including(made(broken, Scope.BOOKING))).reasons[-1]

    assert (("least", 1 - 10**600), ("most", 10**600 - 1)) == found.facts
