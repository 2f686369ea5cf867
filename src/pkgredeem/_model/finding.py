"""What a rule finds: one fact, its clauses, and the words for it.

Pure data: no function of the rule is inside, so that a finding can be stored, sent and translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import TypeAlias, cast, final
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model.instants import format_instant, with_name
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import Scope
from pkgredeem.exceptions import InvalidValueError

Fact: TypeAlias = str | int | datetime

_PAIR = 2
#: Facts are written out in words, and Python refuses to write out much longer whole numbers.
_TOO_LARGE = 10**check.MOST_DIGITS


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fact that a rule found: pure data, no function inside.

    Attributes:
        code: the rule's code; it states the fact found, not the wish.
        scope: what the rule looked at.
        clauses: the ids of the clauses and decisions that the rule implements.
        message: the fact in words for staff; it varies only by `{fact}` and `{subject}`.
        advice: what would change it.
        client_text: what a client may be told, or None.
        subject: the id of the package or of the service that it is about; else empty.
        facts: sorted pairs of name and value (text, whole number or instant in UTC).
        subject_name: what people call the package or the service; may be empty (D72).

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
    subject_name: str = ""

    def __post_init__(self) -> None:
        """Check every field; store collections as tuples and the facts sorted."""
        check.text("Finding.code", self.code)
        check.member("Finding.scope", self.scope, Scope)
        check.put(self, "clauses", check.identifiers("Finding.clauses", self.clauses))
        check.text("Finding.message", self.message)
        check.text("Finding.advice", self.advice)
        check_template("Finding.message", self.message)
        check_template("Finding.advice", self.advice)
        if self.client_text is not None:
            check.text("Finding.client_text", self.client_text)
        check.free_text("Finding.subject", self.subject)
        check.free_text("Finding.subject_name", self.subject_name)
        check.put(self, "facts", checked_facts("Finding.facts", _pairs(self.facts)))

    def text(self, time_zone: ZoneInfo | None = None) -> str:
        """Return the message with its facts filled in.

        Args:
            time_zone: the zone in which instants are written; None writes them in UTC and says so.

        Raises:
            InvalidValueError: the message needs a fact that is missing.
        """
        return self._filled_in(self.message, time_zone)

    def advice_text(self, time_zone: ZoneInfo | None = None) -> str:
        """Return the advice with its facts filled in, as `text` does with the message."""
        return self._filled_in(self.advice, time_zone)

    def _filled_in(self, template: str, time_zone: ZoneInfo | None) -> str:
        parts = {"subject": with_name(self.subject, self.subject_name)}
        for name, value in self.facts:
            parts[name] = (
                format_instant(value, time_zone) if isinstance(value, datetime) else str(value)
            )
        try:
            return template.format_map(parts)
        except KeyError as missing:
            raise InvalidValueError(
                "Finding.facts", self.facts, f"facts that include {missing}"
            ) from None


#: Unchecked: what rules find is made on the way to each answer.
unchecked_finding = unchecked(Finding)


def check_template(name: str, template: str) -> None:
    """Refuse a text with other braces than fields that are plain names."""
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        fields = [("", "", "", "")]
    for _, field_name, form, conversion in fields:
        if field_name is not None and (not field_name.isidentifier() or form or conversion):
            allowed = "a text with fields such as {subject} or {sold_at}, and no other braces"
            raise InvalidValueError(name, template, allowed)


def _pairs(facts: object) -> dict[str, object]:
    pairs = cast("tuple[tuple[object, ...], ...]", check.items("Finding.facts", facts, tuple))
    if any(len(pair) != _PAIR or not isinstance(pair[0], str) for pair in pairs):
        raise InvalidValueError("Finding.facts", pairs, "pairs of a name and a value")
    check.unique("Finding.facts", pairs, _name_of)
    return {cast("str", name): value for name, value in pairs}


def _name_of(pair: tuple[object, ...]) -> object:
    return pair[0]


def checked_facts(name: str, facts: Mapping[str, object]) -> tuple[tuple[str, Fact], ...]:
    """Return facts as sorted pairs of name and value, or refuse one that can't be a fact."""
    checked: list[tuple[str, Fact]] = []
    for fact, value in facts.items():
        if not fact or type(fact) is not str:
            check.text(name, fact)
        if fact == "subject":
            raise InvalidValueError(name, fact, "a name other than the subject's own")
        if isinstance(value, datetime):
            checked.append((fact, check.instant(f"{name}: {fact}", value)))
        elif isinstance(value, str) or (
            isinstance(value, int)
            and not isinstance(value, bool)
            and -_TOO_LARGE < value < _TOO_LARGE
        ):
            checked.append((fact, value))
        else:
            allowed = f"a text, a whole number of at most {check.MOST_DIGITS} digits, or an instant"
            raise InvalidValueError(f"{name}: {fact}", value, allowed)
    if len(checked) > 1:
        checked.sort()
    return tuple(checked)
