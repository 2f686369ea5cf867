"""Where the texts of two rulebooks differ: in their rules, and in their parameters."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import NamedTuple, final

from pkgredeem import Rule, Rulebook, Scope


class TextChange(NamedTuple):
    """One place in which two texts differ.

    Attributes:
        what: the place in words.
        rulebook: the first rulebook with the second one's text here, and at every place before.
    """

    what: str
    rulebook: Rulebook


def labels(first: Rulebook, second: Rulebook) -> tuple[str, str]:
    """Return what to call two rulebooks: by their names, told apart where these are equal."""
    if first.name != second.name:
        return first.name, second.name
    return f"{first.name} (first)", f"{second.name} (second)"


def text_changes(first: Rulebook, second: Rulebook) -> tuple[TextChange, ...]:
    """Return the places in which the texts differ; the changes lead from the first to the second.

    The name is no part of the text, and the order of rules only within a scope.
    """
    return tuple(_Rewriting(first, second).changes())


@final
class _Rewriting:
    """The text of one rulebook while it becomes that of another, place by place."""

    def __init__(self, first: Rulebook, second: Rulebook) -> None:
        self._first, self._second = first, second
        self._after = first.starts_enabled_after
        self._rules = first.rules
        self._name, self._other_name = labels(first, second)

    def changes(self) -> Iterator[TextChange]:
        """Yield the places in the order in which they are made equal.

        Parameters change while only the rules of both are there: one that just a single rulebook
        holds does not make them look as if they mattered.
        """
        yield from self._removed()
        yield from self._parameters()
        yield from self._replaced()
        yield from self._reordered()
        yield from self._added()

    def _parameters(self) -> Iterator[TextChange]:
        before, self._after = self._after, self._second.starts_enabled_after
        if before != self._after:
            apart = ""
            if before is not None and self._after is not None:
                days = abs((self._after - before).days)
                apart = f", {days:,} day{'' if days == 1 else 's'} apart"
            yield self._change(
                f"starts_enabled_after: {_day(before)} and {_day(self._after)}{apart}"
            )

    def _removed(self) -> Iterator[TextChange]:
        kept = {rule.code for rule in self._second.rules}
        for rule in self._first.rules:
            if rule.code not in kept:
                self._rules = tuple(other for other in self._rules if other != rule)
                yield self._change(f"rule {rule.code}: only in {self._name}")

    def _replaced(self) -> Iterator[TextChange]:
        replacements = {rule.code: rule for rule in self._second.rules}
        for rule in self._rules:
            new = replacements[rule.code]
            if new != rule:
                self._rules = tuple(new if other == rule else other for other in self._rules)
                yield self._change(f"rule {rule.code}: another {_unequal(rule, new)}")

    def _reordered(self) -> Iterator[TextChange]:
        common = [rule for rule in self._second.rules if rule in self._rules]
        for scope in Scope:
            wanted = [rule for rule in common if rule.scope is scope]
            if wanted != [rule for rule in self._rules if rule.scope is scope]:
                others = [rule for rule in self._rules if rule.scope is not scope]
                self._rules = (*others, *wanted)
                yield self._change(f"the {scope} rules: in another order")

    def _added(self) -> Iterator[TextChange]:
        for rule in self._second.rules:
            if rule not in self._rules:
                present = {*self._rules, rule}
                self._rules = tuple(other for other in self._second.rules if other in present)
                yield self._change(f"rule {rule.code}: only in {self._other_name}")

    def _change(self, what: str) -> TextChange:
        rulebook = Rulebook(
            name=self._first.name, starts_enabled_after=self._after, rules=self._rules
        )
        return TextChange(what, rulebook)


def _day(day: date | None) -> str:
    return "never" if day is None else str(day)


def _unequal(rule: Rule, new: Rule) -> str:
    names = (field.name for field in fields(Rule) if field.compare)
    return ", ".join(name for name in names if getattr(rule, name) != getattr(new, name))
