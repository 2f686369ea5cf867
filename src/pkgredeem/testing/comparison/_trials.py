"""The cases that rulebooks are tried with: the same ones for the same rulebooks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pkgredeem import Case, Rule, Rulebook
from pkgredeem._model.rule import Answer
from pkgredeem.testing.cases._choices import SeededChoices
from pkgredeem.testing.cases._literals import literals_of
from pkgredeem.testing.cases._own_rules import own_rules
from pkgredeem.testing.cases._variations import around_automatic_starts, varied
from pkgredeem.testing.cases.generator import cases as generated

#: How many cases are generated where a caller does not say.
EXAMPLES: Final = 4_000
#: Of how many of them the account is put around the days of the automatic start.
_AROUND_STARTS: Final = 20


def trials(rulebooks: Sequence[Rulebook], examples: int) -> Iterator[Case]:
    """Yield that many generated cases, every second one varied, and some around automatic starts.

    What the code of a caller's own rules names is put into those that are varied.
    """
    literals = literals_of(rule for rulebook in rulebooks for rule in own_rules(rulebook))
    starts = [rulebook.starts_enabled_after for rulebook in rulebooks]
    for index, case in enumerate(generated(seed=0, count=examples)):
        yield varied(SeededChoices(index), case, literals) if index % 2 else case
        if index < _AROUND_STARTS:
            yield from around_automatic_starts(case, starts)


def recording(rulebook: Rulebook, found: set[Rule]) -> Rulebook:
    """Return a rulebook that decides the same and notes which of its own rules find anything."""
    own = set(own_rules(rulebook))
    noting = [_noting(rule, found) if rule in own else rule for rule in rulebook.rules]
    return replace(rulebook, rules=tuple(noting))


def _noting(rule: Rule, found: set[Rule]) -> Rule:
    def condition(*looked_at: object) -> Answer:
        answer = rule(*looked_at)
        if answer is not False:
            found.add(rule)
        return answer

    return replace(rule, condition=condition)
