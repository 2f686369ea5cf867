"""Answers out: decisions and settlements as documents, everything for staff, little for clients.

What a client gets is listed key by key, so that nothing new reaches a client by accident (D24).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar, cast, final
from zoneinfo import ZoneInfo

from attrs import frozen

from pkgredeem import (
    Act,
    Actor,
    Audience,
    Bucket,
    CardCaptureOutcome,
    CreditOutcome,
    Decision,
    DepositOutcome,
    Draw,
    DrawState,
    Finding,
    Movement,
    Scope,
    Settlement,
)
from pkgredeem._model import checks as check
from pkgredeem._model.iso8601 import INSTANT_WITH_SECONDS, zone_of
from pkgredeem.documents import _scalars as scalars
from pkgredeem.documents._kinds import or_null
from pkgredeem.documents._plans import CANCELLATION
from pkgredeem.documents._schemas import Schema, list_of, nullable, object_of, pattern, words_of

#: The formats of the answers.
DECISION_FORMAT: Final = "pkgredeem-decision/1"
SETTLEMENT_FORMAT: Final = "pkgredeem-settlement/1"

_TEXT: Final[Schema] = {"type": "string"}
_NAME: Final[Schema] = {"type": "string", "minLength": 1}
_FLAG: Final[Schema] = {"type": "boolean"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_INSTANT: Final = pattern(INSTANT_WITH_SECONDS)
_FACTS: Final[Schema] = {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}

_Value = TypeVar("_Value")
_Item = TypeVar("_Item")


@final
@frozen
class Key(Generic[_Value]):
    """A key of an object that is written: its schema and, unless it is an attribute, its writer."""

    name: str
    schema: Schema
    write: Callable[[_Value], object] | None = None


@final
class Output(Generic[_Value]):
    """An object that is written: its keys, in order; a later key takes the place of an earlier."""

    def __init__(self, *keys: Key[_Value]) -> None:
        self.keys = keys

    def write(self, value: _Value) -> dict[str, object]:
        """Return the document of the value."""
        return {
            key.name: _plain(getattr(value, key.name) if key.write is None else key.write(value))
            for key in self.keys
        }

    def schema(self) -> Schema:
        """Return the JSON Schema of every such document."""
        properties = {key.name: key.schema for key in self.keys}
        return object_of(properties, required=properties)


def _plain(value: object) -> object:
    """Return the value of an attribute, JSON-ready."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value


_STEP: Final = Output[tuple[datetime, CreditOutcome, bool]](
    Key("until", _INSTANT, lambda step: step[0]),
    Key("outcome", words_of(CreditOutcome), lambda step: step[1]),
    Key("late", _FLAG, lambda step: step[2]),
)

_FINDING: Final = Output[tuple[Finding, ZoneInfo | None]](
    Key("code", _NAME, lambda told: told[0].code),
    Key("scope", words_of(Scope), lambda told: told[0].scope),
    Key("clauses", list_of(_NAME), lambda told: told[0].clauses),
    Key("subject", _TEXT, lambda told: told[0].subject),
    Key("subject_name", _TEXT, lambda told: told[0].subject_name),
    Key("facts", _FACTS, lambda told: {name: _plain(fact) for name, fact in told[0].facts}),
    Key("message", _NAME, lambda told: told[0].text(told[1])),
    Key("advice", _NAME, lambda told: told[0].advice_text(told[1])),
)

_OWN_TERMS: Final = or_null(CANCELLATION)
_WINDOW: Final = or_null(scalars.WINDOW)

_DRAW: Final = Output[Draw](
    Key("line", _COUNT),
    Key("package_id", _NAME),
    Key("package_name", _TEXT),
    Key("entitlement_id", _NAME),
    Key("service_id", _NAME),
    Key("state", words_of(DrawState)),
    Key("credits", {"type": "integer", "minimum": 1}),
    Key("terms", _OWN_TERMS.schema(), lambda draw: _OWN_TERMS.write(draw.terms)),
    Key("free_until", nullable(_INSTANT)),
)

_MOVEMENT: Final = Output[Movement](
    Key("package_id", _NAME),
    Key("entitlement_id", _NAME),
    Key("credits", {"type": "integer", "minimum": 1}),
    Key("source", words_of(Bucket)),
    Key("target", words_of(Bucket)),
    Key("act", words_of(Act)),
    Key("at", _INSTANT),
    Key("by", words_of(Actor)),
    Key("note", _TEXT),
)

_FINDINGS: Final = list_of(_FINDING.schema())


def _findings(findings: tuple[Finding, ...], zone_key: str | None) -> list[object]:
    zone = zone_of(zone_key)
    return [_FINDING.write((finding, zone)) for finding in findings]


def _list(
    name: str, output: Output[_Item], items: Callable[[_Value], Iterable[_Item]]
) -> Key[_Value]:
    """Return the key of a list of objects."""
    return Key(name, list_of(output.schema()), lambda value: list(map(output.write, items(value))))


#: What a client gets of a decision.
DECISION_FOR_CLIENT: Final = Output[Decision](
    Key("format", {"const": DECISION_FORMAT}, lambda _: DECISION_FORMAT),
    Key("booking_id", _NAME, lambda it: it.booking.id),
    Key("eligible", _FLAG),
    Key("prompt", _FLAG),
    Key("deposit", words_of(DepositOutcome)),
    Key("card_capture", words_of(CardCaptureOutcome)),
    Key("text", _TEXT, lambda it: it.explain(Audience.CLIENT)),
    _list("schedule", _STEP, lambda it: it.redemption.schedule if it.redemption else ()),
)

#: What staff get of a decision: the same keys, the text being all of it, and more.
DECISION_FOR_STAFF: Final = Output[Decision](
    *DECISION_FOR_CLIENT.keys,
    Key("text", _NAME, lambda it: it.explain(Audience.STAFF)),
    Key("reasons", _FINDINGS, lambda it: _findings(it.reasons, it.time_zone_key)),
    Key("notes", _FINDINGS, lambda it: _findings(it.notes, it.time_zone_key)),
    _list("draws", _DRAW, lambda it: it.redemption.draws if it.redemption else ()),
    Key("uncovered", list_of(_COUNT)),
    Key("free_until", nullable(_INSTANT), lambda it: it.redemption and it.redemption.free_until),
    Key("refund_on_cancel", _FLAG),
    Key("decided_at", _INSTANT),
    Key("recorded", _FLAG),
    Key("again", _FLAG),
    Key("rulebook", _NAME),
    Key("replaces", nullable(_NAME), lambda it: it.redemption and it.redemption.replaces),
    Key("time_zone", nullable(_NAME), lambda it: it.time_zone_key),
)

#: What a client gets of a settlement.
SETTLEMENT_FOR_CLIENT: Final = Output[Settlement](
    Key("format", {"const": SETTLEMENT_FORMAT}, lambda _: SETTLEMENT_FORMAT),
    Key("allowed", _FLAG),
    Key("outcome", nullable(words_of(CreditOutcome))),
    Key("returned", _FLAG),
    Key("late", _FLAG),
    Key("text", _TEXT, lambda it: it.explain(Audience.CLIENT)),
)

#: What staff get of a settlement: the same keys, the text being all of it, and more.
SETTLEMENT_FOR_STAFF: Final = Output[Settlement](
    *SETTLEMENT_FOR_CLIENT.keys,
    Key("text", _NAME, lambda it: it.explain(Audience.STAFF)),
    Key("booking_id", nullable(_NAME), lambda it: it.change and it.change.after.booking.id),
    _list("movements", _MOVEMENT, lambda it: it.change.movements if it.change else ()),
    Key("findings", _FINDINGS, lambda it: _findings(it.findings, it.time_zone_key)),
    Key("credit_usable", nullable(_FLAG)),
    Key("window", _WINDOW.schema(), lambda it: _WINDOW.write(it.window)),
    Key("time_zone", nullable(_NAME), lambda it: it.time_zone_key),
)


def decision_document(decision: Decision, audience: Audience) -> dict[str, object]:
    """Return a decision as a document, JSON-ready; instants are in UTC.

    Args:
        decision: the decision.
        audience: the CLIENT gets `format`, `booking_id`, `eligible`, `prompt`, `deposit`,
            `card_capture`, `text` and `schedule`, nothing else (D24). STAFF get these, and
            `reasons` and `notes` with their clauses, facts, message and advice, `draws` (with the
            `terms` of their packages and until when each is free by these, null where the booking's
            hold), `uncovered`, `free_until`, `refund_on_cancel`, `decided_at`, `recorded`, `again`,
            `rulebook`, `replaces` and `time_zone`. Its schema is that of `decision_schema`.

    Raises:
        InvalidValueError: *audience* is no `Audience`.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import AccountSettings, Booking, Client, RedemptionPolicy, Service
        >>> decision = RedemptionPolicy().decide(
        ...     account=AccountSettings(),
        ...     client=Client.guest(),
        ...     packages=[],
        ...     booking=Booking.of(
        ...         Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ...     ),
        ...     now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> decision_document(decision, Audience.CLIENT)["booking_id"]
        'b1'
        >>> decision_document(decision, Audience.STAFF)["reasons"][-1]["code"]
        'no_package'
    """
    check.member("audience", audience, Audience)
    output = DECISION_FOR_CLIENT if audience is Audience.CLIENT else DECISION_FOR_STAFF
    return output.write(decision)


def settlement_document(settlement: Settlement, audience: Audience) -> dict[str, object]:
    """Return a settlement as a document, JSON-ready; instants are in UTC.

    Args:
        settlement: the settlement.
        audience: the CLIENT gets `format`, `allowed`, `outcome`, `returned`, `late` and `text`,
            nothing else (D24). STAFF get these, `booking_id` (null when nothing changes),
            `movements`, `findings`, `credit_usable`, `window` (the cancellation window that the act
            fell inside, such as "3 hours"; null in time) and `time_zone`. Its schema is that of
            `settlement_schema`.

    Raises:
        InvalidValueError: *audience* is no `Audience`.

    Example:
        >>> from pkgredeem import CreditOutcome
        >>> done_before = Settlement(
        ...     allowed=True,
        ...     change=None,
        ...     outcome=CreditOutcome.RETURN,
        ...     late=False,
        ...     findings=(),
        ...     credit_usable=None,
        ...     time_zone_key=None,
        ... )
        >>> settlement_document(done_before, Audience.CLIENT)["returned"]
        True
    """
    check.member("audience", audience, Audience)
    output = SETTLEMENT_FOR_CLIENT if audience is Audience.CLIENT else SETTLEMENT_FOR_STAFF
    return output.write(settlement)
