"""`pkgredeem rules`: a rulebook as a table; or each clause, and what implements it."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Final, final

from pkgredeem import Clause, Rule, Rulebook
from pkgredeem.clauses import ARTICLE, DECISIONS
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import BLANK, Grid, Row, Screen
from pkgredeem.cli._policy import add_rulebook
from pkgredeem.rules import acts, article

RULES_FORMAT: Final = "pkgredeem-rules/1"
CLAUSES_FORMAT: Final = "pkgredeem-clauses/1"

_EDITIONS: Final = ("2026-03", "2026-04")
_OURS: Final = "ours"


@final
@dataclass(frozen=True, slots=True)
class Implementer:
    """A rule or a function that implements a clause.

    Attributes:
        kind: "rule", "act rule" or "function".
        name: the code of the rule, or the name of the function.
    """

    kind: str
    name: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_rulebook(parser)
    parser.add_argument(
        "--clauses",
        action="store_true",
        help="each clause and decision, and the rules and functions that implement it",
    )
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the rulebook or the clauses, and return the exit status."""
    screen = Screen.of_process()
    rulebook: Rulebook = arguments.rulebook
    if arguments.format is Form.JSON:
        document = (_clauses_document if arguments.clauses else _rules_document)(rulebook)
        screen.say_plainly(json.dumps(document))
        return 0
    head = f"rulebook {rulebook.name}"
    start = f": {_automatic_start(rulebook)}"
    grid = _clauses_grid(rulebook) if arguments.clauses else _rules_grid(rulebook)
    screen.say(Row(head + start, [[(head, "bold"), (start, "")]]), BLANK, grid)
    return 0


def implementers(clause: Clause, rulebook: Rulebook) -> list[Implementer]:
    """Return what implements the clause under that rulebook: rules, act rules, then functions."""
    return [
        Implementer(kind, rule.code)
        for kind, rules in (("rule", rulebook.rules), ("act rule", _act_rules()))
        for rule in rules
        if clause in rule.clauses
    ] + [Implementer("function", name) for name, cited in _functions() if clause in cited]


def is_kept_by_design(clause: Clause) -> bool:
    """Tell whether no rule or function of the library implements it, but the whole of it does."""
    cited = [rule.clauses for rule in (*article.EVERY_RULE, *_act_rules())]
    cited += [clauses for _, clauses in _functions()]
    return not any(clause in clauses for clauses in cited)


def _act_rules() -> Iterator[Rule]:
    """Yield the rules of acts, which are in no rulebook, since nothing lifts them (D11)."""
    return (rule for rule in vars(acts).values() if isinstance(rule, Rule))


def _functions() -> Iterator[tuple[str, tuple[Clause, ...]]]:
    """Yield the functions beside the rules, each with the clauses that it implements."""
    for module in (article, acts):
        for name, function in vars(module).items():
            if isinstance(function, FunctionType):
                yield name, getattr(function, "clauses", ())


def _automatic_start(rulebook: Rulebook) -> str:
    after = rulebook.starts_enabled_after
    if after is None:
        return "no account starts switched on by itself"
    return f"accounts activated after {after.isoformat()} start switched on"


def _rules_grid(rulebook: Rulebook) -> Grid:
    return Grid(
        headings=("code", "scope", "clause", *_EDITIONS, "heading"),
        styles=("bold", "", "cyan", "", "", ""),
        rows=[
            (rule.code, rule.scope.value, clause.id, *_in_editions(clause), clause.heading)
            for rule in rulebook.rules
            for clause in rule.clauses
        ],
        grouped=2,
        narrow=5,
    )


def _clauses_grid(rulebook: Rulebook) -> Grid:
    return Grid(
        headings=("clause", "heading", "kept by", "name"),
        styles=("cyan", "", "", "bold"),
        rows=[
            (clause.id, clause.heading, kind, name)
            for clause in (*ARTICLE, *DECISIONS)
            for kind, name in _kept_by(clause, rulebook)
        ],
        grouped=2,
        narrow=1,
    )


def _kept_by(clause: Clause, rulebook: Rulebook) -> list[tuple[str, str]]:
    if is_kept_by_design(clause):
        return [("design", "by no single rule")]
    found = [(one.kind, one.name) for one in implementers(clause, rulebook)]
    return found or [("-", f"not in {rulebook.name}")]


def _in_editions(clause: Clause) -> list[str]:
    """Return what is known of the clause in each edition; a decision is ours, and in none."""
    known = {
        **dict.fromkeys(clause.stated_in, "stated"),
        **dict.fromkeys(clause.inferred_in, "inferred"),
        **dict.fromkeys(clause.assumed_in, "assumed"),
    }
    return [known.get(edition, _OURS) for edition in _EDITIONS]


def _rules_document(rulebook: Rulebook) -> dict[str, object]:
    after = rulebook.starts_enabled_after
    return {
        "format": RULES_FORMAT,
        "rulebook": rulebook.name,
        "starts_enabled_after": None if after is None else after.isoformat(),
        "rules": [
            {
                "code": rule.code,
                "scope": rule.scope.value,
                "finds": rule.states,
                "message": rule.message,
                "advice": rule.advice,
                "client_text": rule.client_text,
                "can_be_lifted": rule.can_be_lifted,
                "clauses": [_clause(clause) for clause in rule.clauses],
            }
            for rule in rulebook.rules
        ],
    }


def _clauses_document(rulebook: Rulebook) -> dict[str, object]:
    return {
        "format": CLAUSES_FORMAT,
        "rulebook": rulebook.name,
        "clauses": [
            {
                **_clause(clause),
                "implemented_by": [
                    {"kind": implementer.kind, "name": implementer.name}
                    for implementer in implementers(clause, rulebook)
                ],
                "kept_by_design": is_kept_by_design(clause),
            }
            for clause in (*ARTICLE, *DECISIONS)
        ],
    }


def _clause(clause: Clause) -> dict[str, object]:
    return {
        "id": clause.id,
        "heading": clause.heading,
        "says": clause.says,
        "stated_in": list(clause.stated_in),
        "inferred_in": list(clause.inferred_in),
        "assumed_in": list(clause.assumed_in),
    }
