"""Where the texts of two rulebooks differ: in their rules, and in their parameters."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

from pkgredeem import Rule, Rulebook, Scope


def labels(first: Rulebook, second: Rulebook) -> tuple[str, str]:
    """Return what to call two rulebooks: by their names, told apart where these are equal."""
    if first.name != second.name:
        return first.name, second.name
    return f"{first.name} (first)", f"{second.name} (second)"


def text_changes(first: Rulebook, second: Rulebook) -> Iterator[tuple[str, Rulebook]]:
    """Yield each place in which the texts differ, and the first text with all changes until there.

    The name is no part of the text, and the order of rules only within a scope. Parameters change
    while only the rules of both are there: one that just a single rulebook holds does not make them
    look as if they mattered.
    """
    after, rules = first.starts_enabled_after, first.rules
    names = labels(first, second)

    def changed(what: str) -> tuple[str, Rulebook]:
        return what, Rulebook(name=first.name, starts_enabled_after=after, rules=rules)

    news = {rule.code: rule for rule in second.rules}
    for rule in first.rules:
        if rule.code not in news:
            rules = tuple(other for other in rules if other != rule)
            yield changed(f"rule {rule.code}: only in {names[0]}")
    if after != second.starts_enabled_after:
        days = _days_between(after, second.starts_enabled_after)
        after = second.starts_enabled_after
        yield changed(f"starts_enabled_after: {days}")
    for rule in rules:
        new = news[rule.code]
        if new != rule:
            rules = tuple(new if other == rule else other for other in rules)
            yield changed(f"rule {rule.code}: another {_unequal(rule, new)}")
    for scope, reordered in _reordered(rules, second.rules):
        rules = reordered
        yield changed(f"the {scope} rules: in another order")
    for rule in second.rules:
        if rule not in rules:
            present = {*rules, rule}
            rules = tuple(other for other in second.rules if other in present)
            yield changed(f"rule {rule.code}: only in {names[1]}")


def _days_between(first: date | None, second: date | None) -> str:
    """Return both days in words, and how far they are apart."""
    words = f"{first or 'never'} and {second or 'never'}"
    if first is None or second is None:
        return words
    days = abs((second - first).days)
    return f"{words}, {days:,} day{'' if days == 1 else 's'} apart"


def _reordered(
    rules: tuple[Rule, ...], others: tuple[Rule, ...]
) -> Iterator[tuple[Scope, tuple[Rule, ...]]]:
    """Yield each scope whose rules stand in another order, and the rules in that order there."""
    for scope in Scope:
        wanted = [rule for rule in others if rule.scope is scope and rule in rules]
        if wanted != [rule for rule in rules if rule.scope is scope]:
            rules = (*(rule for rule in rules if rule.scope is not scope), *wanted)
            yield scope, rules


def _unequal(rule: Rule, new: Rule) -> str:
    names = (field.name for field in fields(Rule) if field.compare)
    return ", ".join(name for name in names if getattr(rule, name) != getattr(new, name))
