"""The reference of rules, read from the rules, with examples found among the example cases."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from inspect import isfunction
from pathlib import Path
from typing import Final

from pkgredeem import Actor, Case, Redemption, RedemptionPolicy, Rule, Settlement, rules
from pkgredeem.clauses import Clause
from pkgredeem.documents import load_case
from pkgredeem.rules import IN_STORE, TIMELY_2026_03

CASES: Final = Path(__file__).parent / "examples" / "cases"
POLICY: Final = RedemptionPolicy()
LOOKED_AT: Final = {
    "account": "the account and the date of the automatic start",
    "client": "the client",
    "holdings": "the client and the client's active packages",
    "package": "the case and one package",
    "credit": "the case, a package, an entitlement and a line",
    "booking": "the case and what the allocation covered",
    "note": "the case and the card outcome",
    "act": "the redemption and the act",
}


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example case and what was found in it."""

    name: str
    facts: Mapping[str, str]
    codes: tuple[str, ...]


@cache
def examples() -> tuple[Example, ...]:
    """Return every example case, decided under the default rulebook."""
    found: list[Example] = []
    for path in sorted(CASES.glob("*.json")):
        decision = POLICY.decide_case(load_case(path))
        codes = tuple(finding.code for finding in decision.findings)
        facts = dict(_flat("", json.loads(path.read_text(encoding="utf-8"))))
        found.append(Example(name=path.stem, facts=facts, codes=codes))
    return tuple(found)


def _flat(place: str, value: object) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for key, held in value.items():
            yield from _flat(f"{place}.{key}", held)
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from _flat(f"{place}[{number}]", held)
    else:
        yield place, json.dumps(value)


def pair_for(code: str) -> tuple[Example, Example]:
    """Return a case with little else but the rule's fact, and the nearest case without it."""
    fires = min(
        (each for each in examples() if code in each.codes),
        key=lambda each: (len(each.codes), each.name),
    )
    silent = min(
        (each for each in examples() if code not in each.codes),
        key=lambda each: (len(set(each.facts.items()) ^ set(fires.facts.items())), each.name),
    )
    return fires, silent


def _link(example: Example) -> str:
    return f"[{example.name}](../examples/cases/{example.name}.json)"


def cite(clauses: Iterable[Clause]) -> str:
    """Return links to clauses and decisions."""
    return ", ".join(f"[{each.id}](#{each.id.lower()})" for each in clauses)


def _in_code(text: str | None) -> str:
    return "nothing of its own" if text is None else f"“{text}”".replace("{", "\\{")


def _described(rule: Rule, label: str, rows: Mapping[str, str]) -> str:
    lines = [f"({label}-{rule.code})=", f"### `{rule.code}`", "", rule.states, ""]
    lines += [f":{name}: {text}" for name, text in rows.items()]
    return "\n".join(lines)


def _words(rule: Rule) -> dict[str, str]:
    return {
        "clauses": cite(rule.clauses),
        "message": _in_code(rule.message),
        "to change it": _in_code(rule.advice),
        "a client is told": _in_code(rule.client_text),
    }


def rules_page() -> str:
    """Return every rule of the rulebooks, scope by scope, in the order of findings."""
    parts: list[str] = []
    scope = None
    for rule in sorted(TIMELY_2026_03.rules, key=lambda each: list(LOOKED_AT).index(each.scope)):
        if rule.scope is not scope:
            scope = rule.scope
            heading = f"{scope.value.capitalize()} rules"
            parts.append(f"## {heading}\n\nA rule of this scope looks at {LOOKED_AT[scope]}.")
        fires, silent = pair_for(rule.code)
        lifted = "yes" if rule.can_be_lifted else "no: it explains the allocation itself"
        at_the_desk = "yes" if rule in IN_STORE.rules else "no"
        rows = _words(rule) | {
            "can be lifted": lifted,
            "asked on a move": "yes, at the new start" if rule.on_move else "no",
            "asked of a returned credit": "yes" if rule.on_return else "no",
            "holds in store": at_the_desk,
            "finds its fact in": _link(fires),
            "silent in": _link(silent),
        }
        parts.append(_described(rule, "rule", rows))
    return "\n\n".join(parts)


def _codes(settlement: Settlement) -> tuple[str, ...]:
    return tuple(finding.code for finding in settlement.findings)


def _redeemed(name: str) -> tuple[Case, Redemption]:
    """Return an example case with the redemption that it is decided to.

    Raises:
        ValueError: it is refused.
    """
    case = load_case(CASES / f"{name}.json")
    redemption = POLICY.decide_case(case).redemption
    if redemption is None:
        raise ValueError(f"{name} is refused, so that no act can be shown on it")
    return case, redemption


@cache
def acts() -> Mapping[str, tuple[str, str]]:
    """Return, for each act rule, an act on which it speaks and one on which it is silent.

    Each act is tried before it is told; one that answers otherwise fails the site.
    """
    case, redemption = _redeemed("last-credit-is-enough")
    late_case, booked_late = _redeemed("booked-inside-the-window")
    client, business = Actor.CLIENT, Actor.BUSINESS
    start, hour = redemption.starts_at, timedelta(hours=1)
    early, over = start - 48 * hour, case.packages[0].valid_until or start

    def cancel(by: Actor, now: datetime) -> tuple[str, ...]:
        return _codes(POLICY.cancel(redemption, by=by, now=now, packages=case.packages))

    def move(by: Actor, now: datetime, starts_at: datetime) -> tuple[str, ...]:
        settlement = POLICY.reschedule(
            redemption,
            account=case.account,
            client=case.client,
            starts_at=starts_at,
            by=by,
            now=now,
            packages=case.packages,
        )
        return _codes(settlement)

    found = {
        "changes_closed": (
            ("a client cancels at the start", cancel(client, start)),
            ("the business cancels at the start", cancel(business, start)),
        ),
        "late_change": (
            ("a client moves it an hour before the start", move(client, start - hour, over - hour)),
            ("a client moves it two days before the start", move(client, early, over - hour)),
        ),
        "new_start_passed": (
            ("a client moves it to an hour ago", move(client, early, early - hour)),
            ("a client moves it by an hour", move(client, early, start + hour)),
        ),
        "appointment_not_started": (
            (
                "a no-show is recorded an hour early",
                _codes(POLICY.no_show(redemption, now=start - hour)),
            ),
            ("a no-show is recorded at the start", _codes(POLICY.no_show(redemption, now=start))),
        ),
        "late_cancellation": (
            ("a client cancels an hour before the start", cancel(client, start - hour)),
            ("a client cancels two days before the start", cancel(client, early)),
        ),
        "booked_inside_the_window": (
            (
                "a client cancels what was booked 15 hours ahead under a window of 24",
                _codes(POLICY.cancel(booked_late, by=client, now=late_case.now)),
            ),
            ("a client cancels an hour before the start", cancel(client, start - hour)),
        ),
        "credit_not_usable": (
            ("the business cancels when the package is over", cancel(business, over)),
            (
                "the business cancels an hour before the package is over",
                cancel(business, over - hour),
            ),
        ),
    }
    for code, ((_, heard), (_, silent)) in found.items():
        if code not in heard or code in silent:
            raise ValueError(f"the examples of {code} do not show it: {heard}, {silent}")
    return {code: (speaks[0], silent[0]) for code, (speaks, silent) in found.items()}


def act_rules_page() -> str:
    """Return every rule about acts on a redemption."""
    parts: list[str] = []
    for rule in rules.acts.EVERY_RULE:
        speaks, silent = acts()[rule.code]
        rows = _words(rule) | {"finds its fact when": speaks, "silent when": silent}
        parts.append(_described(rule, "act", rows))
    return "\n\n".join(parts)


def implemented_by(clause: Clause) -> str:
    """Return which rules and functions implement the clause, in words."""
    named: list[str] = []
    modules = ((rules.article, "rule"), (rules.plans, "rule"), (rules.acts, "act"))
    for module, label in modules:
        for name, each in vars(module).items():
            if isinstance(each, Rule):
                if clause in each.clauses:
                    named.append(f"[`{name}`](#{label}-{name})")
            elif isfunction(each) and clause in getattr(each, "clauses", ()):
                named.append(f"`{module.__name__.removeprefix('pkgredeem.')}.{name}`")
    if not named:
        return "Kept by design, and by a test that names it."
    return f"Implemented by {', '.join(named)}."
