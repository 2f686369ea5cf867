"""`pkgredeem rules`: a rulebook and the rules of acts; or each clause, and what implements it."""

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict
from types import FunctionType
from typing import Final

from pkgredeem import Clause, Rule, Rulebook
from pkgredeem.clauses import ARTICLE, DECISIONS
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import Screen
from pkgredeem.cli._policy import add_rulebook
from pkgredeem.cli._rows import BLANK, Grid, Row
from pkgredeem.rules import EVERY_RULE, acts, article

_EDITIONS: Final = ("2026-03", "2026-04")


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


def _implementers(clause: Clause, rules: Iterable[Rule]) -> list[tuple[str, str]]:
    """Return the kind and the name of each of these rules, act rules and functions that cite it."""
    cited = [("rule", rule.code, rule.clauses) for rule in rules]
    cited += [("act rule", rule.code, rule.clauses) for rule in acts.EVERY_RULE]
    cited += [
        ("function", name, getattr(function, "clauses", ()))
        for module in (article, acts)
        for name, function in vars(module).items()
        if isinstance(function, FunctionType)
    ]
    return [(kind, name) for kind, name, clauses in cited if clause in clauses]


def _is_kept_by_design(clause: Clause) -> bool:
    """Tell whether no rule or function of the library implements it, but the whole of it does."""
    return not _implementers(clause, EVERY_RULE)


def _automatic_start(rulebook: Rulebook) -> str:
    after = rulebook.starts_enabled_after
    if after is None:
        return "no account starts switched on by itself"
    return f"accounts activated after {after.isoformat()} start switched on"


def _rules_grid(rulebook: Rulebook) -> Grid:
    """Return the rules of the rulebook, then those of acts, which nothing lifts (D11)."""
    return Grid(
        headings=("code", "scope", "clause", *_EDITIONS, "heading"),
        styles=("bold", "", "cyan", "", "", ""),
        rows=[
            (rule.code, rule.scope.value, clause.id, *_in_editions(clause), clause.heading)
            for rule in (*rulebook.rules, *acts.EVERY_RULE)
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
    if _is_kept_by_design(clause):
        return [("design", "by no single rule")]
    return _implementers(clause, rulebook.rules) or [("-", f"not in {rulebook.name}")]


def _in_editions(clause: Clause) -> list[str]:
    """Return what is known of the clause in each edition; a decision is ours, and in none."""
    known = {
        **dict.fromkeys(clause.stated_in, "stated"),
        **dict.fromkeys(clause.inferred_in, "inferred"),
        **dict.fromkeys(clause.assumed_in, "assumed"),
    }
    return [known.get(edition, "ours") for edition in _EDITIONS]


def _rules_document(rulebook: Rulebook) -> dict[str, object]:
    after = rulebook.starts_enabled_after
    return {
        "format": "pkgredeem-rules/1",
        "rulebook": rulebook.name,
        "starts_enabled_after": None if after is None else after.isoformat(),
        "rules": [_rule(rule) for rule in rulebook.rules],
        "act_rules": [_rule(rule) for rule in acts.EVERY_RULE],
    }


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "scope": rule.scope.value,
        "finds": rule.states,
        "message": rule.message,
        "advice": rule.advice,
        "client_text": rule.client_text,
        "can_be_lifted": rule.can_be_lifted,
        "on_move": rule.on_move,
        "on_return": rule.on_return,
        "reads": list(rule.reads),
        "clauses": [asdict(clause) for clause in rule.clauses],
    }


def _clauses_document(rulebook: Rulebook) -> dict[str, object]:
    return {
        "format": "pkgredeem-clauses/1",
        "rulebook": rulebook.name,
        "clauses": [
            {
                **asdict(clause),
                "implemented_by": [
                    {"kind": kind, "name": name}
                    for kind, name in _implementers(clause, rulebook.rules)
                ],
                "kept_by_design": _is_kept_by_design(clause),
            }
            for clause in (*ARTICLE, *DECISIONS)
        ],
    }
