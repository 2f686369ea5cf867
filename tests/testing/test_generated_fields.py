"""Every field of every value is generated: found by looking at the classes, so that none is left.

A field that is added later fails here until the generator and the strategies know it.
"""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis.strategies import SearchStrategy

from pkgredeem import (
    Act,
    Balance,
    Case,
    Change,
    Clause,
    Cover,
    Decision,
    Draw,
    DrawState,
    Ending,
    Finding,
    Movement,
    OnlineRedemptionSetting,
    Redemption,
    Rule,
    Rulebook,
    Settlement,
)
from pkgredeem.testing.cases import _hypothesis, strategies
from pkgredeem.testing.cases.generator import cases
from tests.helpers import answer_strategies
from tests.helpers.answer_strategies import drawn
from tests.helpers.values_of import Place, always_default, classes_of, found_in, missing_words

OF_CASES = classes_of(Case)
#: No line ends by being booked or moved, a move is nothing else, and what returned is no use.
IMPOSSIBLE = {("Ending.act", Act.BOOK), ("Use.state", DrawState.RETURNED)}


@cache
def generated() -> dict[Place, dict[str, object]]:
    """Return what the fields of generated cases hold."""
    return dict(found_in(cases(seed=11, count=6_000)))


@cache
def drawn_as_cases() -> dict[Place, dict[str, object]]:
    """Return what the fields of drawn cases hold."""
    return dict(found_in(drawn(strategies.cases(), 700)))


def test_a_case_holds_all_that_is_handed_in() -> None:
    """The classes found in a case are those with a strategy of their own, and a redemption's."""
    names = {kind.__name__ for kind in OF_CASES}

    assert {"Draw", "Ending", "Redemption"} == names - {k.__name__ for k in _hypothesis.STRATEGY_OF}


def test_the_generator_fills_every_field() -> None:
    """Each field holds something other than its default, or two things where it has none."""
    assert [] == always_default(OF_CASES, generated())


def test_the_generator_knows_every_word() -> None:
    """Each field of words holds every word that it can, as the states of uses and the periods."""
    assert missing_words(OF_CASES, generated()) == IMPOSSIBLE


def test_drawn_cases_fill_every_field() -> None:
    """The same is true of the cases that hypothesis draws."""
    assert [] == always_default(OF_CASES, drawn_as_cases())


def test_drawn_cases_know_every_word() -> None:
    """The same is true of the words in the cases that hypothesis draws."""
    assert missing_words(OF_CASES, drawn_as_cases()) == IMPOSSIBLE


@pytest.mark.parametrize("kind", _hypothesis.STRATEGY_OF, ids=lambda kind: kind.__name__)
def test_each_strategy_fills_every_field_of_its_value(kind: type) -> None:
    """By itself, without the cases that are grown; the words of its fields are all drawn."""
    strategy = getattr(strategies, _hypothesis.STRATEGY_OF[kind])()
    found = found_in(drawn(strategy, 100))

    assert [] == always_default([kind], found)
    assert missing_words([kind], found) <= IMPOSSIBLE


@pytest.mark.parametrize(
    ("kind", "strategy", "count"),
    [
        (Clause, answer_strategies.clauses, 60),
        (Rule, answer_strategies.rules, 100),
        (Rulebook, answer_strategies.rulebooks, 30),
        (Finding, answer_strategies.findings, 60),
        (OnlineRedemptionSetting, answer_strategies.online_redemption_settings, 30),
        (Decision, answer_strategies.decisions, 60),
        (Settlement, answer_strategies.settlements, 25),
        (Change, answer_strategies.changes, 40),
        (Redemption, answer_strategies.redemptions, 40),
        (Draw, answer_strategies.draws, 200),
        (Movement, answer_strategies.movements, 60),
        (Balance, answer_strategies.balances, 40),
        (Ending, answer_strategies.endings, 60),
        (Cover, answer_strategies.covers, 30),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_strategy_of_answers_fills_every_field(
    kind: type, strategy: Callable[[], SearchStrategy[object]], count: int
) -> None:
    """What only this project's tests draw is drawn whole as well."""
    assert [] == always_default([kind], found_in(drawn(strategy(), count)))
