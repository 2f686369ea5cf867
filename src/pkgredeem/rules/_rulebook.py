"""What a rulebook is: a tuple of rules that anyone can read, in which one is lifted or added.

It stands above the rules, since it knows which of them explain the allocation itself: without these
a refusal could be without a reason, and with others of the same code a credit could be drawn that
is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias, final

from pkgredeem._model import checks as check
from pkgredeem._model.rule import Condition, Rule
from pkgredeem._model.words import Scope
from pkgredeem.exceptions import InvalidValueError
from pkgredeem.rules import article, plans

_SCOPE_ORDER: Final = {scope: place for place, scope in enumerate(Scope)}

#: The rules that explain the allocation itself: every rulebook holds just these.
REQUIRED: Final = tuple(
    rule for rule in (*article.EVERY_RULE, *plans.EVERY_RULE) if not rule.can_be_lifted
)


#: Rules with their conditions beside them: to look one up costs as much as to ask it.
Questions: TypeAlias = tuple[tuple[Condition, Rule], ...]


@final
class QuestionsByFields(dict[frozenset[str], Questions]):
    """The rules to ask of a package by the fields beyond the article that are set on it.

    A rule that says what it reads is asked only where that is set. Which rules are left is found
    once for each set of fields: measured on mixed cases, asking all of them costs a tenth of a
    decision, and so does to look through them each time.
    """

    def __init__(self, every: Questions) -> None:
        """Know all rules; nothing has been asked for yet."""
        super().__init__()
        self.every = every

    def __missing__(self, fields: frozenset[str]) -> Questions:
        """Find the rules for these fields, and keep them."""
        left = [(ask, rule) for ask, rule in self.every if _is_asked(rule, fields)]
        self[fields] = tuple(left)
        return self[fields]


def _is_asked(rule: Rule, fields: frozenset[str]) -> bool:
    return not rule.reads or not fields.isdisjoint(rule.reads)


@final
@dataclass(frozen=True, slots=True)
class RulesByScope:
    """The rules of a rulebook sorted by what they look at, each scope in the order of judging.

    Three credit rules stand apart: that an entitlement does not name the service, that it has no
    credit left for the line, and the one that asks whether a quota is full, under whatever code;
    without it quotas limit nothing (D56), and a rule of a caller's that reads them is asked as any.
    """

    account: Questions
    client: Questions
    holdings: Questions
    package: "QuestionsByFields"
    credit: "QuestionsByFields"
    service_missing: Rule
    out_of_credits: Rule
    quota_full: Rule | None
    booking: Questions
    note: Questions


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules in force, as a tuple that anyone can read.

    Attributes:
        name: its name, such as "timely-2026-03"; decisions and redemptions carry it.
        starts_enabled_after: accounts activated strictly later than this date start switched on
            (T02, D01); None for never.
        rules: the rules; those of one scope are judged in this order.

    Raises:
        InvalidValueError: a field has the wrong type, a code occurs twice, a rule that can't be
            lifted is missing or replaced by another of its code, or a rule is about acts.

    Example:
        >>> from pkgredeem import rules
        >>> rules.TIMELY_2026_03.without(rules.mixed_booking).name
        'timely-2026-03 -mixed_booking'
    """

    name: str
    starts_enabled_after: date | None
    rules: tuple[Rule, ...]
    by_scope: RulesByScope = field(init=False, repr=False, compare=False)

    if TYPE_CHECKING:

        def __init__(
            self, *, name: str, starts_enabled_after: date | None, rules: Iterable[Rule]
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the rules as a tuple."""
        check.text("Rulebook.name", self.name)
        check.optional_day("Rulebook.starts_enabled_after", self.starts_enabled_after)
        listed = check.items("Rulebook.rules", self.rules, Rule)
        check.unique("Rulebook.rules", listed, attrgetter("code"))
        _check_required(listed)
        for rule in listed:
            if rule.scope is Scope.ACT:
                allowed = "rules about decisions, since no rulebook judges acts (D11)"
                raise InvalidValueError("Rulebook.rules", rule.code, allowed)
        check.put(self, "rules", listed)
        check.put(self, "by_scope", _sort_by_scope(listed))

    def of_scope(self, scope: Scope) -> tuple[Rule, ...]:
        """Return the rules of one scope, in the order in which they are judged."""
        return tuple(rule for rule in self.rules if rule.scope is scope)

    def rule(self, code: str) -> Rule:
        """Return the rule of that code.

        Raises:
            InvalidValueError: there is none.
        """
        for rule in self.rules:
            if rule.code == code:
                return rule
        codes = ", ".join(rule.code for rule in self.rules)
        raise InvalidValueError("code", code, f"one of {codes}")

    def without(self, *rules: Rule) -> "Rulebook":
        """Return a new rulebook in which these rules are lifted.

        Raises:
            InvalidValueError: a rule is not there, is named twice, or can't be lifted.
        """
        left = list(self.rules)
        for rule in check.items("rules", rules, Rule):
            if rule not in left:
                raise InvalidValueError("rules", rule.code, f"rules of {self.name}")
            if not rule.can_be_lifted:
                allowed = "rules that can be lifted (this one explains the allocation itself)"
                raise InvalidValueError("rules", rule.code, allowed)
            left.remove(rule)
        return self._renamed("".join(f" -{rule.code}" for rule in rules), left)

    def including(self, *rules: Rule) -> "Rulebook":
        """Return a new rulebook with these rules added, each last in its scope (D23).

        Raises:
            InvalidValueError: the rulebook holds that code already, or a rule is about acts.
        """
        added = (*self.rules, *check.items("rules", rules, Rule))
        return self._renamed("".join(f" +{rule.code}" for rule in rules), in_order(added))

    def _renamed(self, suffix: str, rules: Iterable[Rule]) -> "Rulebook":
        return replace(self, name=self.name + suffix, rules=tuple(rules))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the three fields that it was made from."""
        return (_rulebook_of, (self.name, self.starts_enabled_after, self.rules))


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules by scope in the order of findings (D22), else as they are given."""
    return tuple(sorted(rules, key=lambda rule: _SCOPE_ORDER[rule.scope]))


def _rulebook_of(name: str, after: date | None, rules: tuple[Rule, ...]) -> Rulebook:
    return Rulebook(name=name, starts_enabled_after=after, rules=rules)


def _check_required(rules: tuple[Rule, ...]) -> None:
    """Refuse rules that lack a required one, or hold another rule of its code in its place."""
    missing = [rule.code for rule in REQUIRED if rule not in rules]
    if missing:
        found = sorted(rule.code for rule in rules)
        allowed = f"rules that include the library's own {', '.join(missing)}"
        raise InvalidValueError("Rulebook.rules", found, allowed)


def _sort_by_scope(rules: tuple[Rule, ...]) -> RulesByScope:
    service_missing, out_of_credits = article.service_not_in_package, article.not_enough_credits
    counts = plans.quota_reached.condition
    quota_full = next((rule for rule in rules if rule.condition is counts), None)

    def of(scope: Scope) -> Questions:
        return tuple(
            (rule.condition, rule)
            for rule in rules
            if rule.scope is scope and rule not in (service_missing, out_of_credits, quota_full)
        )

    return RulesByScope(
        account=of(Scope.ACCOUNT),
        client=of(Scope.CLIENT),
        holdings=of(Scope.HOLDINGS),
        package=QuestionsByFields(of(Scope.PACKAGE)),
        credit=QuestionsByFields(of(Scope.CREDIT)),
        service_missing=service_missing,
        out_of_credits=out_of_credits,
        quota_full=quota_full,
        booking=of(Scope.BOOKING),
        note=of(Scope.NOTE),
    )
