"""What a rule is, what it finds, and what a rulebook is.

The form only: no rule of the article stands here. A rule is one decorated function; a rulebook is a
tuple of rules that anyone can read. No registry, no discovery, no side effect at import.
"""

import pickle
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from string import Formatter
from typing import Literal, TypeAlias, cast, final, overload
from zoneinfo import ZoneInfo

from pkgredeem import _checks as check
from pkgredeem._allocation import Cover
from pkgredeem._case import Case
from pkgredeem._moments import shown
from pkgredeem._redemption import Redemption, Request
from pkgredeem._values import AccountSettings, BookingLine, Client, Entitlement, Package
from pkgredeem._words import CardCaptureOutcome, Scope
from pkgredeem.clauses import Clause
from pkgredeem.exceptions import InvalidValueError

Fact: TypeAlias = str | int | datetime
#: What a condition answers: False is silent, True finds its fact, a mapping finds it with facts.
Answer: TypeAlias = bool | Mapping[str, Fact]

#: These explain the allocation itself: without them a refusal could be without a reason.
CANNOT_BE_LIFTED = frozenset(
    {
        "package_of_another_client",
        "package_used_up",
        "service_not_in_package",
        "not_enough_credits",
        "nothing_to_pay",
        "no_package",
    }
)

_PAIR = 2
_SCOPE_ORDER = {scope: place for place, scope in enumerate(Scope)}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fact that a rule found: pure data, no function inside.

    Attributes:
        code: the rule's code; it states the fact found, not the wish.
        scope: what the rule looked at.
        clauses: the ids of the clauses and decisions that the rule encodes.
        message: the fact in words for staff; it varies only by `{fact}` and `{subject}`.
        advice: what would change it.
        client_text: what a client may be told, or None.
        subject: the id of the package or of the service that it is about; else empty.
        facts: sorted pairs of name and value (text, whole number or instant in UTC).

    Raises:
        InvalidValueError: a field has the wrong type.

    Example:
        >>> finding = Finding(
        ...     code="package_used_up",
        ...     scope=Scope.PACKAGE,
        ...     clauses=["D05"],
        ...     message="package {subject} is used up",
        ...     advice="sell a new one",
        ...     client_text=None,
        ...     subject="p1",
        ... )
        >>> finding.text()
        'package p1 is used up'
    """

    code: str
    scope: Scope
    clauses: tuple[str, ...]
    message: str
    advice: str
    client_text: str | None
    subject: str
    facts: tuple[tuple[str, Fact], ...] = ()

    def __post_init__(self) -> None:
        """Check every field; store collections as tuples and the facts sorted."""
        check.text("Finding.code", self.code)
        check.member("Finding.scope", self.scope, Scope)
        check.put(self, "clauses", check.names("Finding.clauses", self.clauses))
        check.text("Finding.message", self.message)
        check.text("Finding.advice", self.advice)
        if self.client_text is not None:
            check.text("Finding.client_text", self.client_text)
        check.free_text("Finding.subject", self.subject)
        pairs = check.items("Finding.facts", self.facts, tuple)
        if any(len(pair) != _PAIR for pair in pairs):
            raise InvalidValueError("Finding.facts", pairs, "pairs of a name and a value")
        check.put(self, "facts", _checked_facts("Finding.facts", dict(pairs)))

    def text(self, time_zone: ZoneInfo | None = None) -> str:
        """Return the message with its facts filled in.

        Args:
            time_zone: the zone in which instants are told; None tells them in UTC and says so.

        Raises:
            InvalidValueError: the message asks for a fact that is not there.
        """
        return self._filled_in(self.message, time_zone)

    def advice_text(self, time_zone: ZoneInfo | None = None) -> str:
        """Return the advice with its facts filled in, as `text` does with the message."""
        return self._filled_in(self.advice, time_zone)

    def _filled_in(self, template: str, time_zone: ZoneInfo | None) -> str:
        parts = {"subject": self.subject}
        for name, value in self.facts:
            parts[name] = shown(value, time_zone) if isinstance(value, datetime) else str(value)
        try:
            return template.format_map(parts)
        except KeyError as missing:
            raise InvalidValueError("Finding.facts", self.facts, f"the fact {missing}") from None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: a condition, the words for it, and the clauses that it encodes.

    Made by the decorator `rule`. Calling it asks its condition. It is pickled by its module and
    name.

    Attributes:
        code: the function's name.
        scope: what it looks at, which settles what the function takes.
        clauses: what it encodes, one or more of the article, of our decisions, or of the caller.
        message: the fact in words for staff; `{subject}` and `{fact}` are filled in.
        advice: what would change it; may hold the same fields.
        client_text: what a client may be told; no digit, no field (D24); None for nothing.
        condition: the function itself.

    Raises:
        InvalidValueError: a field has the wrong type, no clause is cited, a field of the message is
            not a plain name, or the client text holds a digit or a field.

    Example:
        >>> from pkgredeem import Client, rules
        >>> rules.client_not_logged_in.code
        'client_not_logged_in'
        >>> rules.client_not_logged_in(Client.guest())
        True
    """

    code: str
    scope: Scope
    clauses: tuple[Clause, ...]
    message: str
    advice: str
    client_text: str | None
    condition: Callable[..., Answer] = field(repr=False)
    _plain: Finding = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check every field."""
        check.text("Rule.code", self.code)
        if not self.code.isidentifier() or self.code != self.code.lower():
            raise InvalidValueError("Rule.code", self.code, "a name in lower case")
        check.member("Rule.scope", self.scope, Scope)
        check.put(self, "clauses", check.items("Rule.clauses", self.clauses, Clause, least=1))
        for name, template in (("message", self.message), ("advice", self.advice)):
            check.text(f"Rule.{name}", template)
            _check_template(f"Rule.{name}", template)
        _check_client_text(self.client_text)
        if not callable(self.condition):
            raise InvalidValueError("Rule.condition", self.condition, "a function")
        check.put(self, "_plain", self._made("", ()))

    def __call__(self, *looked_at: object) -> Answer:
        """Ask the condition; what it takes is settled by the scope."""
        return self.condition(*looked_at)

    @property
    def states(self) -> str:
        """The fact that it finds: the docstring of its function."""
        return (self.condition.__doc__ or "").strip()

    @property
    def can_be_lifted(self) -> bool:
        """Whether a rulebook may be without it; what explains the allocation itself must stay."""
        return self.code not in CANNOT_BE_LIFTED

    def found(self, answer: Answer, subject: str = "") -> Finding:
        """Return what the rule found, for an answer of its condition that is not False.

        Raises:
            InvalidValueError: the answer is neither a bool nor a mapping of facts.
        """
        if answer is True:
            return self._made(subject, ()) if subject else self._plain
        if not isinstance(answer, Mapping) or not answer:
            allowed = "True, False, or a mapping of one fact or more"
            raise InvalidValueError(f"the answer of {self.code}", answer, allowed)
        return self._made(subject, _checked_facts(f"facts of {self.code}", answer))

    def _made(self, subject: str, facts: tuple[tuple[str, Fact], ...]) -> Finding:
        return check.trusted(
            Finding,
            code=self.code,
            scope=self.scope,
            clauses=tuple(clause.id for clause in self.clauses),
            message=self.message,
            advice=self.advice,
            client_text=self.client_text,
            subject=subject,
            facts=facts,
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by module and name, like a function."""
        module = self.condition.__module__
        if getattr(sys.modules.get(module), self.code, None) is not self:
            raise pickle.PicklingError(
                f"rule {self.code} is not the {module}.{self.code} of its module: define it there"
            )
        return (_rule_named, (module, self.code))

    def __copy__(self) -> "Rule":
        """Return itself: it is immutable."""
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "Rule":
        """Return itself: it is immutable."""
        return self


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
    _by_scope: Mapping[Scope, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check every field; store the rules as a tuple."""
        check.text("Rulebook.name", self.name)
        check.optional_day("Rulebook.starts_enabled_after", self.starts_enabled_after)
        listed = check.items("Rulebook.rules", self.rules, Rule)
        check.unique("Rulebook.rules", listed, _code_of)
        codes = {each.code for each in listed}
        missing = sorted(CANNOT_BE_LIFTED - codes)
        if missing:
            raise InvalidValueError("Rulebook.rules", sorted(codes), f"also {', '.join(missing)}")
        by_scope = {scope: tuple(r for r in listed if r.scope is scope) for scope in Scope}
        if by_scope[Scope.SETTLEMENT]:
            allowed = "rules about a decision; settlements are not judged by a rulebook (D11)"
            raise InvalidValueError("Rulebook.rules", by_scope[Scope.SETTLEMENT], allowed)
        check.put(self, "rules", listed)
        check.put(self, "_by_scope", by_scope)

    def of_scope(self, scope: Scope) -> tuple[Rule, ...]:
        """Return the rules of one scope, in the order in which they are judged."""
        return self._by_scope[scope]

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


_Accounts: TypeAlias = Callable[[AccountSettings, Rulebook], Answer]
_Clients: TypeAlias = Callable[[Client], Answer]
_Packages: TypeAlias = Callable[[Case, Package], Answer]
_Credits: TypeAlias = Callable[[Case, Package, Entitlement, BookingLine], Answer]
_Bookings: TypeAlias = Callable[[Case, Cover], Answer]
_Settlements: TypeAlias = Callable[[Redemption, Request], Answer]
_Notes: TypeAlias = Callable[[Case, CardCaptureOutcome], Answer]


@overload
def rule(
    scope: Literal[Scope.ACCOUNT],
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[_Accounts], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.CLIENT],
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[_Clients], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.PACKAGE],
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[_Packages], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.CREDIT],
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[_Credits], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.BOOKING],
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[_Bookings], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.NOTE],
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[_Notes], Rule]: ...
@overload
def rule(
    scope: Literal[Scope.SETTLEMENT],
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[_Settlements], Rule]: ...
def rule(
    scope: Scope,
    *,
    clauses: Iterable[Clause],
    message: str,
    advice: str,
    client_text: str | None = None,
) -> Callable[[Callable[..., Answer]], Rule]:
    """Make a rule of the function below: its name is the code, its docstring the fact it finds.

    The function answers True when it finds its fact, False when not, or a mapping of facts in place
    of True when the message needs them. What it takes is settled by the scope:

    - ACCOUNT: the account settings and the rulebook;
    - CLIENT: the client;
    - PACKAGE: the case and one package;
    - CREDIT: the case, the package, one of its entitlements and the booking line;
    - BOOKING: the case and the cover, that is what was allocated;
    - NOTE: the case and what happens to the card page; it never refuses.
    - SETTLEMENT: the redemption and the act; not in a rulebook, since nothing that changes later
      touches a redemption (D11).

    An exception in it is never an answer: it reaches the caller.

    Args:
        scope: what the rule looks at.
        clauses: what it encodes, one or more.
        message: the fact in words for staff.
        advice: what would change it.
        client_text: what a client may be told; no digit and no field.

    Raises:
        InvalidValueError: see `Rule`.

    Example:
        >>> from pkgredeem import Case, Package, Scope, rule
        >>> from pkgredeem.clauses import Clause
        >>> HOUSE = Clause(id="HOUSE-1", heading="house rules", says="no packages on Saturdays")
        >>> @rule(
        ...     Scope.BOOKING,
        ...     clauses=[HOUSE],
        ...     message="the appointment is on a Saturday",
        ...     advice="pick another day",
        ... )
        ... def booked_on_saturday(case, cover):
        ...     "The appointment is on a Saturday, by the account's own calendar."
        ...     return case.local(case.booking.starts_at).isoweekday() == 6
        >>> booked_on_saturday.code
        'booked_on_saturday'
    """

    def decorate(condition: Callable[..., Answer]) -> Rule:
        return Rule(
            code=condition.__name__,
            scope=scope,
            clauses=tuple(clauses),
            message=message,
            advice=advice,
            client_text=client_text,
            condition=condition,
        )

    return decorate


def _rule_named(module: str, code: str) -> Rule:
    return cast("Rule", getattr(import_module(module), code))


def _rulebook_of(name: str, after: date | None, rules: tuple[Rule, ...]) -> Rulebook:
    return Rulebook(name=name, starts_enabled_after=after, rules=rules)


def _code_of(each: Rule) -> str:
    return each.code


def _check_template(name: str, template: str) -> None:
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        fields = [("", "", "", "")]
    for _, asked, form, conversion in fields:
        if asked is not None and (not asked.isidentifier() or form or conversion):
            allowed = "a text with fields such as {subject} or {sold_at}, and no other braces"
            raise InvalidValueError(name, template, allowed)


def _check_client_text(client_text: str | None) -> None:
    if client_text is None:
        return
    check.text("Rule.client_text", client_text)
    if any(sign.isdigit() or sign in "{}" for sign in client_text):
        raise InvalidValueError("Rule.client_text", client_text, "a text without digit and field")


def _checked_facts(name: str, facts: Mapping[str, Fact]) -> tuple[tuple[str, Fact], ...]:
    checked: list[tuple[str, Fact]] = []
    for fact, value in facts.items():
        check.text(name, fact)
        if isinstance(value, datetime):
            checked.append((fact, check.instant(f"{name}: {fact}", value)))
        elif isinstance(value, str | int) and not isinstance(value, bool):
            checked.append((fact, value))
        else:
            raise InvalidValueError(
                f"{name}: {fact}", value, "a text, a whole number or an instant"
            )
    return tuple(sorted(checked))
