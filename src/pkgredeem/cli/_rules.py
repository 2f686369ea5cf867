"""`pkgredeem rules`: a rulebook and the rules of acts; or each clause, and what implements it."""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from types import FunctionType

from pkgredeem import Clause, Rule, Rulebook
from pkgredeem.clauses import ARTICLE, DECISIONS
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import Screen
from pkgredeem.cli._policy import add_policy, chosen_policy
from pkgredeem.cli._rows import BLANK, Row
from pkgredeem.rules import EVERY_RULE, acts, article


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_policy(parser)
    parser.add_argument(
        "--clauses",
        action="store_true",
        help="each clause and decision, and the rules and functions that implement it",
    )
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the rulebook or the clauses, and return the exit status."""
    screen = Screen.of_process()
    rulebook = chosen_policy(arguments).rulebook
    if arguments.format is Form.JSON:
        document = (_clauses_document if arguments.clauses else _rules_document)(rulebook)
        screen.say_plainly(json.dumps(document))
        return 0
    head = f"rulebook {rulebook.name}"
    start = f": {_automatic_start(rulebook)}"
    rows = _clause_rows(rulebook) if arguments.clauses else _rule_rows(rulebook)
    screen.say(Row(head + start, [[(head, "bold"), (start, "")]]), BLANK, *rows)
    return 0


def _clauses(rulebook: Rulebook) -> list[Clause]:
    """Return every clause and decision, then those that only the caller's own rules cite."""
    cited = (clause for rule in rulebook.rules for clause in rule.clauses)
    return list(dict.fromkeys((*ARTICLE, *DECISIONS, *cited)))


def _implementers(clause: Clause, rules: Iterable[Rule]) -> list[tuple[str, str]]:
    """Return the kind and the name of each of these rules, act rules and functions that cite it.

    A rule is named by its code, and a function by its path in `pkgredeem`.
    """
    cited = [("rule", rule.code, rule.clauses) for rule in rules]
    cited += [("act rule", rule.code, rule.clauses) for rule in acts.EVERY_RULE]
    cited += [
        ("function", f"rules.{place}.{name}", getattr(function, "clauses", ()))
        for place, module in (("article", article), ("acts", acts))
        for name, function in vars(module).items()
        if isinstance(function, FunctionType)
    ]
    return [(kind, name) for kind, name, clauses in cited if clause in clauses]


def _is_kept_by_design(clause: Clause) -> bool:
    """Tell whether no rule or function of the library implements it, but the whole of it does."""
    ours = clause in ARTICLE or clause in DECISIONS
    return ours and not _implementers(clause, EVERY_RULE)


def _automatic_start(rulebook: Rulebook) -> str:
    after = rulebook.starts_enabled_after
    if after is None:
        return "no account starts switched on by itself"
    return f"accounts activated after {after.isoformat()} start switched on"


def _rule_rows(rulebook: Rulebook) -> Iterator[Row]:
    """Yield the rules of the rulebook, then those of acts, which nothing lifts (D11)."""
    before = None
    for rule in (*rulebook.rules, *acts.EVERY_RULE):
        scope, cited = rule.scope.value, " ".join(clause.id for clause in rule.clauses)
        finds = " ".join(rule.states.split())
        yield Row(
            f"{scope}: {rule.code} [{cited}] {finds}",
            [[(rule.code, "bold"), (f"  {cited}", "cyan")], [(finds, "")]],
            "" if scope == before else scope,
        )
        before = scope


def _clause_rows(rulebook: Rulebook) -> Iterator[Row]:
    for clause in _clauses(rulebook):
        known, kept_by = _known(clause), _kept_by(clause, rulebook)
        yield Row(
            f"{clause.id}: {clause.heading} ({known}): {clause.says} Kept by: {kept_by}",
            [
                [(clause.heading, "bold"), (f"  {known}", "dim")],
                [(clause.says, "")],
                [("→ ", "green"), (kept_by, "")],
            ],
            clause.id,
            "cyan",
        )


def _kept_by(clause: Clause, rulebook: Rulebook) -> str:
    if _is_kept_by_design(clause):
        return "design, by no single rule"
    kept_by = _implementers(clause, rulebook.rules)
    return ", ".join(f"{kind} {name}" for kind, name in kept_by) or f"nothing in {rulebook.name}"


def _known(clause: Clause) -> str:
    """Return what is known of the clause in each edition; nothing where it is no clause of it."""
    known = [
        f"{how} in {' and '.join(editions)}"
        for how, editions in (
            ("stated", clause.stated_in),
            ("inferred", clause.inferred_in),
            ("assumed", clause.assumed_in),
        )
        if editions
    ]
    return ", ".join(known) or ("a decision of ours" if clause in DECISIONS else "your own")


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
            for clause in _clauses(rulebook)
        ],
    }
