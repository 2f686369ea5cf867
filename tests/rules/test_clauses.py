"""Every clause and every decision is kept by a rule, a function or a test that is there."""

import ast
import inspect
from pathlib import Path

import pytest

from pkgredeem import Clause, Rule, clauses, rules
from pkgredeem.rules import acts, article, plans
from tests.helpers.kept_clauses import KEPT

TESTS = Path(__file__).parents[1]

EVERY = (*clauses.ARTICLE, *clauses.DECISIONS)
#: What each edition is known to say: stated in it, inferred from its headings, or assumed of it.
MARCH_ONLY = ["T03", "T07", "T09", "T11", "T12", "T18", "T19", "T20", "T21", "T22", "T23"]
APRIL_AND_INFERRED = ["T10", "T13", "T14", "T15", "T17"]
LIMITS = ["T06", "T10", "T17", "T25"]


def citing(clause: Clause) -> set[str]:
    """Return the rules and functions that cite the clause, by module and name."""
    return {
        f"{module.__name__.removeprefix('pkgredeem.rules.')}.{name}"
        for module in (article, plans, acts)
        for name, value in vars(module).items()
        if isinstance(value, Rule) or inspect.isfunction(value)
        if clause in getattr(value, "clauses", ())
    }


def named_tests(file: str) -> set[str]:
    """Return the names of the tests in a file of tests."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("clause", EVERY, ids=lambda clause: clause.id)
def test_a_clause_keeps_its_rules(clause: Clause) -> None:
    """The rules that cite the clause are those of the table: none was lost, none is unlisted."""
    assert {name for name in KEPT[clause.id] if "::" not in name} == citing(clause)


@pytest.mark.parametrize("clause", EVERY, ids=lambda clause: clause.id)
def test_a_clause_keeps_its_tests(clause: Clause) -> None:
    """The tests that keep the clause are still there."""
    listed = [name.split("::") for name in KEPT[clause.id] if "::" in name]

    assert [] == [test for file, test in listed if test not in named_tests(file)]


def test_every_clause_is_kept_by_something() -> None:
    """No clause of the article and no decision stands there without any of them."""
    assert [each.id for each in EVERY] == list(KEPT)
    assert [] == [name for name, listed in KEPT.items() if not listed]


def test_both_rulebooks_of_the_article_hold_each_clause_that_a_rule_implements() -> None:
    """What is stated, inferred or assumed of an edition is decided alike by its rulebook."""
    cited = [
        {clause.id for each in book.rules for clause in each.clauses}
        for book in (rules.TIMELY_2026_03, rules.TIMELY_2026_04)
    ]

    assert cited[0] == cited[1]


@pytest.mark.parametrize("clause", clauses.ARTICLE, ids=lambda clause: clause.id)
def test_what_is_known_of_each_edition(clause: Clause) -> None:
    """Each clause says of each edition whether it is stated, inferred or assumed there."""
    march, april = "2026-03", "2026-04"
    known = (clause.stated_in, clause.inferred_in, clause.assumed_in)

    if clause.id in MARCH_ONLY:
        assert ((march,), (), (april,)) == known
    elif clause.id in APRIL_AND_INFERRED:
        assert ((april,), (march,), ()) == known
    elif clause.id == "T24":
        assert ((april,), (), (march,)) == known
    else:
        assert ((march, april), (), ()) == known


def test_a_limit_of_the_product_says_so() -> None:
    """What the product itself calls "not yet" begins with that word, and nothing else does."""
    assert LIMITS == [each.id for each in EVERY if each.says.startswith("limit: ")]


def test_a_decision_is_in_no_edition() -> None:
    """Our own answers are in no text but ours."""
    assert {((), (), ())} == {
        (each.stated_in, each.inferred_in, each.assumed_in) for each in clauses.DECISIONS
    }


def test_a_clause_is_told_in_whole_sentences() -> None:
    """Each clause has a heading, and what it says ends like a sentence."""
    assert [] == [each.id for each in EVERY if not each.says.endswith(".") or not each.heading]
