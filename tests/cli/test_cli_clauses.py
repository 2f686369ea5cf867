"""`pkgredeem rules --clauses`: each clause, and the rules and functions that implement it."""

import ast
import json
from inspect import isfunction
from pathlib import Path
from pkgutil import resolve_name

import pytest

from pkgredeem import Clause, Rulebook, rules
from pkgredeem.clauses import ARTICLE, DECISIONS
from tests.helpers.cli_support import run
from tests.helpers.kept_clauses import KEPT
from tests.helpers.support import SHIPPED


def test_each_clause_is_shown_with_what_implements_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules come first, then rules of acts, then functions."""
    result = run(monkeypatch, "rules", "--clauses")
    lines = [line.partition(": ") for line in result.out.splitlines()[2:]]
    (t23,) = (rest.partition("Kept by: ")[2] for clause, _, rest in lines if clause == "T23")

    assert 0 == result.status
    assert [each.id for each in (*ARTICLE, *DECISIONS)] == [clause for clause, *_ in lines]
    assert (
        "act rule late_cancellation, function rules.acts.free_until, "
        "function rules.acts.credit_on_cancel, function rules.acts.refund_on_cancel"
    ) == t23


@pytest.mark.parametrize(
    "line",
    [
        "T07: FAQ, log in (stated in 2026-03, assumed in 2026-04): ",
        "T17: booking limitations (stated in 2026-04, inferred in 2026-03): ",
        "T24: how to enable (stated in 2026-04, assumed in 2026-03): ",
        "D46: weekdays and hours (a decision of ours): ",
    ],
)
def test_what_is_known_of_a_clause_in_each_edition_is_told(
    monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Stated, inferred and assumed are told apart, edition by edition."""
    shown = run(monkeypatch, "rules", "--clauses").out.splitlines()

    assert 1 == sum(each.startswith(line) for each in shown)


def test_clauses_as_json_name_everything_that_implements_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every clause is implemented by something in the rulebooks of the article, or by design."""
    result = run(monkeypatch, "rules", "--clauses", "--format", "json")
    document = json.loads(result.out)
    clauses = {clause["id"]: clause for clause in document["clauses"]}

    assert "pkgredeem-clauses/1" == document["format"]
    assert [clause.id for clause in (*ARTICLE, *DECISIONS)] == list(clauses)
    assert [
        {"kind": "rule", "name": "several_active_packages"},
        {"kind": "function", "name": "rules.article.shows_notice"},
    ] == clauses["T10"]["implemented_by"]
    assert [] == [
        name
        for name, clause in clauses.items()
        if clause["kept_by_design"] is bool(clause["implemented_by"])
    ]


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_what_is_shown_is_there_and_cites_the_clause(
    monkeypatch: pytest.MonkeyPatch, book: Rulebook
) -> None:
    """A rule is in the rulebook, or one of acts; a function is found at its path; both cite it."""
    shown = run(monkeypatch, "rules", "--clauses", "--format", "json", "--rulebook", book.name)
    cited: dict[tuple[str, str], tuple[Clause, ...]] = {
        **{("rule", each.code): each.clauses for each in book.rules},
        **{("act rule", each.code): each.clauses for each in rules.acts.EVERY_RULE},
    }
    listed = [
        (clause["id"], each["kind"], each["name"])
        for clause in json.loads(shown.out)["clauses"]
        for each in clause["implemented_by"]
    ]
    for _, kind, name in listed:
        if kind == "function":
            cited[kind, name] = resolve_name(f"pkgredeem.{name}").clauses
    expected = {(clause.id, *named) for named, clauses in cited.items() for clause in clauses}

    assert len(set(listed)) == len(listed)
    assert expected == set(listed)


def test_what_is_shown_is_what_keeps_the_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the rulebook that holds every rule it is the table of what keeps each clause."""
    shown = run(monkeypatch, "rules", "--clauses", "--format", "json")
    clauses = json.loads(shown.out)["clauses"]
    names = {
        clause["id"]: {each["name"].rpartition(".")[2] for each in clause["implemented_by"]}
        for clause in clauses
    }
    kept = {
        id: {name.partition(".")[2] for name in listed if "::" not in name}
        for id, listed in KEPT.items()
    }

    assert kept == names
    assert [id for id, listed in kept.items() if not listed] == [
        clause["id"] for clause in clauses if clause["kept_by_design"]
    ]


def test_each_function_that_is_shown_is_asked_by_the_library() -> None:
    """None that cites a clause stands there for show: another function of the library calls it."""
    asked: set[str] = set()
    for file in Path(rules.__file__).parents[1].rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                asked.add(f"{node.value.id}.{node.attr}")
            elif isinstance(node, ast.Name):
                asked.add(f"{file.stem}.{node.id}")
    functions = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (rules.article, rules.acts)
        for name, value in vars(module).items()
        if isfunction(value) and hasattr(value, "clauses")
    }

    assert 15 == len(functions)
    assert set() == functions - asked


def test_a_clause_that_no_rule_implements_is_kept_by_design(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the library may never do, or how all of it behaves, is in no single rule."""
    text = run(monkeypatch, "rules", "--clauses")

    assert [" design, by no single rule"] == [
        line.partition("Kept by:")[2] for line in text.out.splitlines() if line.startswith("T06")
    ]


def test_the_desk_says_which_clauses_it_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the article forbids online only is in no rule of the desk (D34)."""
    text = run(monkeypatch, "rules", "--clauses", "--rulebook", "in-store")

    assert [" nothing in in-store"] == [
        line.partition("Kept by:")[2] for line in text.out.splitlines() if line.startswith("T05")
    ]


def test_what_a_rulebook_does_not_hold_is_not_kept_by_design(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T05 is of a rule that the desk lacks: nothing there keeps it; T06 is kept by all of it."""
    result = run(monkeypatch, "rules", "--clauses", "--rulebook", "in-store", "--format", "json")
    kept = {
        clause["id"]: (clause["implemented_by"], clause["kept_by_design"])
        for clause in json.loads(result.out)["clauses"]
    }

    assert (([], False), ([], True)) == (kept["T05"], kept["T06"])
