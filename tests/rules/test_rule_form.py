"""The form of a rule: short, alone, without a number of its own, and with its source."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import pytest

from pkgredeem import Rule, Rulebook, clauses, rules
from pkgredeem._model.rule import implements
from pkgredeem.rules import acts, article, plans

MODULES = (article, plans, acts)
MOST_STATEMENTS = 8
#: None and one are no amounts: "no credit is left", "more than one package".
NO_AMOUNTS = {0, 1}
#: Names of the standard library from which a condition could make a date or a duration.
CLOCK = {"date", "datetime", "time", "timedelta", "timezone"}

Functions: TypeAlias = dict[str, ast.FunctionDef]


def tree(module: ModuleType) -> ast.Module:
    """Return the syntax tree of a module."""
    assert module.__file__ is not None
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8"))


def decorated(by: str) -> Functions:
    """Return the functions of the modules of rules that are decorated by that name."""
    return {
        f"{module.__name__.removeprefix('pkgredeem.rules.')}.{node.name}": node
        for module in MODULES
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef) and by in map(decorator_name, node.decorator_list)
    }


def decorator_name(node: ast.expr) -> str:
    """Return the name of a decorator that is called."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def statements(function: ast.FunctionDef) -> int:
    """Count the statements of a function, nested ones too, without its docstring."""
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 2


def names(node: ast.AST) -> Iterator[str]:
    """List every name and attribute that stands below a node."""
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            yield child.id
        elif isinstance(child, ast.Attribute):
            yield child.attr


def last_names(functions: Functions) -> set[str]:
    """Return the names of functions without their modules."""
    return {name.rpartition(".")[2] for name in functions}


RULES = decorated("rule")
IMPLEMENTING = decorated("implements")
BOTH = RULES | IMPLEMENTING


@pytest.mark.parametrize("name", BOTH)
def test_a_rule_is_short(name: str) -> None:
    """At most eight statements, so that it can be read beside the sentence that it implements."""
    assert statements(BOTH[name]) <= MOST_STATEMENTS


@pytest.mark.parametrize("name", BOTH)
def test_a_rule_says_what_it_finds(name: str) -> None:
    """Its docstring is one sentence that ends with a full stop."""
    fact = ast.get_docstring(BOTH[name])

    assert fact is not None
    assert fact.endswith(".")
    assert "\n\n" not in fact


@pytest.mark.parametrize("name", RULES)
def test_no_rule_calls_another(name: str) -> None:
    """Each rule stands alone: what it says does not depend on what another found."""
    body = ast.Module(body=list(RULES[name].body), type_ignores=[])

    assert set() == last_names(RULES) & set(names(body))


@pytest.mark.parametrize("name", BOTH)
def test_a_condition_holds_no_date_hour_or_amount(name: str) -> None:
    """Numbers and dates are parameters of the rulebook or the account, never of a rule."""
    body = ast.Module(body=list(BOTH[name].body), type_ignores=[])
    numbers = [
        node.value
        for node in ast.walk(body)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ]

    assert set() == set(numbers) - NO_AMOUNTS
    # What it reads off an instant, such as its date, is no date of its own.
    assert set() == CLOCK & {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_cites_what_it_implements(name: str) -> None:
    """Its clauses are written out in the decorator, one or more."""
    (decorator,) = RULES[name].decorator_list
    assert isinstance(decorator, ast.Call)
    (cited,) = [keyword.value for keyword in decorator.keywords if keyword.arg == "clauses"]

    assert isinstance(cited, ast.Tuple)
    assert [] != cited.elts
    assert [] == [clause for clause in cited.elts if not ast.unparse(clause).startswith("c.")]


@pytest.mark.parametrize("name", IMPLEMENTING)
def test_a_function_cites_what_it_implements(name: str) -> None:
    """So does each function that says what is waived, bypassed, returned or told."""
    (decorator,) = IMPLEMENTING[name].decorator_list
    assert isinstance(decorator, ast.Call)

    assert [] != decorator.args
    assert [] == [clause for clause in decorator.args if not ast.unparse(clause).startswith("c.")]


@pytest.mark.parametrize(
    ("module", "other"),
    [
        (rules, {"EVERY_RULE", "__all__"}),
        (article, {"EVERY_RULE", "NEUTRAL", "PROMPT"}),
        (plans, {"EVERY_RULE"}),
        (
            acts,
            {
                "EVERY_RULE",
                "NOTES",
                "NOTES_OF_RETURNS",
                "REFUSALS",
                "_CHANGES",
                "_COMPLETED",
                "_MOVED",
                "_NOT_ONLINE",
                "_RETURNED",
                "_lines_cancelled_late",
            },
        ),
    ],
)
def test_nothing_else_lives_among_the_rules(module: ModuleType, other: set[str]) -> None:
    """Beside rules and cited functions: sentences, lists of rules, rulebooks, calendar ends."""
    named: set[str] = set()
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            named.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named |= {name for target in targets for name in names(target)}
    values = {name: getattr(module, name) for name in named}
    words = {name for name, value in values.items() if isinstance(value, StrEnum)}
    books = {name for name, value in values.items() if isinstance(value, Rulebook)}

    assert other == named - last_names(BOTH) - words - books


def test_every_rule_object_is_a_decorated_function() -> None:
    """No rule is made in another way: what the syntax tree shows is all there is."""
    made = {
        f"{module.__name__.removeprefix('pkgredeem.rules.')}.{name}"
        for module in MODULES
        for name, value in vars(module).items()
        if isinstance(value, Rule)
    }

    assert set(RULES) == made
    for module in (article, plans):
        assert list(module.EVERY_RULE) == [
            value for value in vars(module).values() if isinstance(value, Rule)
        ]
    assert set(acts.EVERY_RULE) == {
        value for value in vars(acts).values() if isinstance(value, Rule)
    }


def test_what_a_function_implements_can_be_read_off_it() -> None:
    """The clauses are noted on the function, and the function is the same."""

    def plain() -> None: ...

    noted = implements(clauses.T01, clauses.D02)(plain)

    assert noted is plain
    assert (clauses.T01, clauses.D02) == noted.clauses  # type: ignore[attr-defined]  # the note
