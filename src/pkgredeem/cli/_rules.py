"""`pkgredeem rules`: a rulebook as a table, or the other way round: each clause, what keeps it."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Final, final

from pkgredeem import Clause, Rule, Rulebook, rules
from pkgredeem.clauses import ARTICLE, DECISIONS
from pkgredeem.cli._chosen import add_rulebook
from pkgredeem.cli._keepers import KEEPERS
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import BLANK, Grid, Row, Screen
from pkgredeem.rules import acts

RULES_FORMAT: Final = "pkgredeem-rules/1"
CLAUSES_FORMAT: Final = "pkgredeem-clauses/1"

_EDITIONS: Final = ("2026-03", "2026-04")
_OURS: Final = "ours"


@final
@dataclass(frozen=True, slots=True)
class Keeper:
    """What keeps a clause.

    Attributes:
        kind: "rule", "settlement rule", "function" or "test".
        name: how it is found: the code of a rule, the name of a function in its module, or a test
            as pytest names it.
    """

    kind: str
    name: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_rulebook(parser)
    parser.add_argument(
        "--clauses",
        action="store_true",
        help="the other way round: each clause and decision, and what keeps it",
    )
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show it, and return the exit status."""
    screen = Screen.of_process()
    rulebook: Rulebook = arguments.rulebook
    if arguments.format is Form.JSON:
        of_rulebook = _clauses_document if arguments.clauses else _rules_document
        screen.say_plainly(json.dumps(of_rulebook(rulebook)))
        return 0
    head = f"rulebook {rulebook.name}"
    told = f": {_starts(rulebook)}"
    grid = _clauses_grid(rulebook) if arguments.clauses else _rules_grid(rulebook)
    screen.say(Row(head + told, [[(head, "bold"), (told, "")]]), BLANK, grid)
    return 0


def keepers(clause: Clause, rulebook: Rulebook) -> list[Keeper]:
    """Return what keeps the clause under that rulebook: rules, functions, then a named test."""
    found = [
        Keeper(kind, each.code)
        for kind, listed in (("rule", rulebook.rules), ("settlement rule", _settlement_rules()))
        for each in listed
        if clause in each.clauses
    ]
    found += [Keeper("function", name) for name, cited in _functions() if clause in cited]
    test = KEEPERS.get(clause.id)
    return found if test is None else [*found, Keeper("test", test)]


def _settlement_rules() -> Iterator[Rule]:
    """Yield the rules of acts, which are in no rulebook, since nothing lifts them (D11)."""
    return (each for each in vars(acts).values() if isinstance(each, Rule))


def _functions() -> Iterator[tuple[str, tuple[Clause, ...]]]:
    """Yield the functions beside the rules that cite what they encode."""
    for name, each in vars(rules).items():
        if isinstance(each, FunctionType):
            yield name, getattr(each, "clauses", ())


def _starts(rulebook: Rulebook) -> str:
    after = rulebook.starts_enabled_after
    if after is None:
        return "no account starts switched on by itself"
    return f"accounts activated after {after.isoformat()} start switched on"


def _rules_grid(rulebook: Rulebook) -> Grid:
    return Grid(
        headings=("code", "scope", "clause", *_EDITIONS, "heading"),
        styles=("bold", "", "cyan", "", "", ""),
        rows=[
            (each.code, each.scope.value, clause.id, *_in_editions(clause), clause.heading)
            for each in rulebook.rules
            for clause in each.clauses
        ],
        grouped=2,
        narrow=5,
    )


def _clauses_grid(rulebook: Rulebook) -> Grid:
    return Grid(
        headings=("clause", "heading", "kept by", "name"),
        styles=("cyan", "", "", "bold"),
        rows=[
            (clause.id, clause.heading, keeper.kind, keeper.name.rpartition("::")[2])
            for clause in (*ARTICLE, *DECISIONS)
            for keeper in keepers(clause, rulebook) or [Keeper("-", f"not in {rulebook.name}")]
        ],
        grouped=2,
        narrow=1,
    )


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
                "code": each.code,
                "scope": each.scope.value,
                "finds": each.states,
                "message": each.message,
                "advice": each.advice,
                "client_text": each.client_text,
                "can_be_lifted": each.can_be_lifted,
                "clauses": [_clause(clause) for clause in each.clauses],
            }
            for each in rulebook.rules
        ],
    }


def _clauses_document(rulebook: Rulebook) -> dict[str, object]:
    return {
        "format": CLAUSES_FORMAT,
        "rulebook": rulebook.name,
        "clauses": [
            {
                **_clause(clause),
                "kept_by": [
                    {"kind": each.kind, "name": each.name} for each in keepers(clause, rulebook)
                ],
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
