"""What a rulebook is: a tuple of rules that anyone can read, in which one is lifted or added.

The form only: the rulebooks themselves stand at the end of `rules`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, final

from pkgredeem import _checks as check
from pkgredeem._asking import Asked
from pkgredeem._rule import CANNOT_BE_LIFTED, Rule
from pkgredeem._words import Scope
from pkgredeem.exceptions import InvalidValueError

_SCOPE_ORDER = {scope: place for place, scope in enumerate(Scope)}


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
            lifted is missing, or a rule has the scope of settlements.

    Example:
        >>> from pkgredeem import rules
        >>> rules.TIMELY_2026_03.without(rules.mixed_booking).name
        'timely-2026-03 -mixed_booking'
    """

    name: str
    starts_enabled_after: date | None
    rules: tuple[Rule, ...]
    _asked: Asked | None = field(init=False, repr=False, compare=False)

    if TYPE_CHECKING:

        def __init__(
            self, *, name: str, starts_enabled_after: date | None, rules: Iterable[Rule]
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the rules as a tuple."""
        check.text("Rulebook.name", self.name)
        check.optional_day("Rulebook.starts_enabled_after", self.starts_enabled_after)
        listed = check.items("Rulebook.rules", self.rules, Rule)
        check.unique("Rulebook.rules", listed, _code_of)
        codes = {each.code for each in listed}
        missing = sorted(CANNOT_BE_LIFTED.keys() - codes)
        if missing:
            raise InvalidValueError("Rulebook.rules", sorted(codes), f"also {', '.join(missing)}")
        for each in listed:
            _check_scope(each)
        check.put(self, "rules", listed)
        check.put(self, "_asked", None)

    def asked(self) -> Asked:
        """Return the rules as they are asked, which is worked out when they first are."""
        asked = self._asked
        if asked is None:
            asked = Asked(self.rules)
            check.put(self, "_asked", asked)
        return asked

    def of_scope(self, scope: Scope) -> tuple[Rule, ...]:
        """Return the rules of one scope, in the order in which they are judged."""
        return tuple(each for each in self.rules if each.scope is scope)

    def rule(self, code: str) -> Rule:
        """Return the rule of that code.

        Raises:
            InvalidValueError: there is none.
        """
        for each in self.rules:
            if each.code == code:
                return each
        raise InvalidValueError("code", code, f"one of {', '.join(r.code for r in self.rules)}")

    def without(self, *rules: Rule) -> "Rulebook":
        """Return a new rulebook in which these rules are lifted.

        Raises:
            InvalidValueError: a rule is not there, is named twice, or can't be lifted.
        """
        left = list(self.rules)
        for each in check.items("rules", rules, Rule):
            if each not in left:
                raise InvalidValueError("rules", each.code, f"a rule of {self.name}")
            if not each.can_be_lifted:
                allowed = "a rule that can be lifted; this one explains the allocation itself"
                raise InvalidValueError("rules", each.code, allowed)
            left.remove(each)
        return self._renamed("".join(f" -{each.code}" for each in rules), left)

    def including(self, *rules: Rule) -> "Rulebook":
        """Return a new rulebook with these rules added, each last in its scope (D23).

        Raises:
            InvalidValueError: a code is there already, or a rule has the scope of settlements.
        """
        added = (*self.rules, *check.items("rules", rules, Rule))
        ordered = sorted(added, key=lambda each: _SCOPE_ORDER[each.scope])
        return self._renamed("".join(f" +{each.code}" for each in rules), ordered)

    def _renamed(self, suffix: str, rules: Iterable[Rule]) -> "Rulebook":
        return Rulebook(
            name=self.name + suffix,
            starts_enabled_after=self.starts_enabled_after,
            rules=tuple(rules),
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the three fields that it was made from."""
        return (_rulebook_of, (self.name, self.starts_enabled_after, self.rules))


def _rulebook_of(name: str, after: date | None, rules: tuple[Rule, ...]) -> Rulebook:
    return Rulebook(name=name, starts_enabled_after=after, rules=rules)


def _check_scope(each: Rule) -> None:
    scope = CANNOT_BE_LIFTED.get(each.code, each.scope)
    if each.scope is not scope:
        raise InvalidValueError(f"the scope of {each.code}", each.scope, f"{scope}")
    if scope is Scope.SETTLEMENT:
        allowed = "a rule about a decision; settlements are not judged by a rulebook (D11)"
        raise InvalidValueError("Rulebook.rules", each.code, allowed)


def _code_of(each: Rule) -> str:
    return each.code
