"""The values of a team that writes the March rulebook by hand: slotted, unfrozen, never checked.

They have the fields that the article knows, and no more: no traits, no quotas, no costs. The words
of their enums are the library's, so that an answer can be compared; nothing else is.

`plain` makes them of the library's values. It does so outside of what is timed: a team has its own
values from its own tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pkgredeem
from pkgredeem import (
    Act,
    Actor,
    Bucket,
    CardCaptureOutcome,
    ClientLogin,
    CreditOutcome,
    DepositOutcome,
    DrawState,
    PackageKind,
    PackageStatus,
    Scope,
)


@dataclass(slots=True)
class CancellationTerms:
    """What becomes of the credits of a booking that is cancelled late, or that nobody came to."""

    window: timedelta
    late: CreditOutcome
    no_show: CreditOutcome | None


@dataclass(slots=True)
class AccountSettings:
    """The settings of the business."""

    activated_on: date | None
    online_redemption: bool | None
    client_login: ClientLogin
    package_kind: PackageKind
    deposit_required: bool
    card_capture: bool
    cancellation: CancellationTerms | None
    time_zone: ZoneInfo | None


@dataclass(slots=True)
class Client:
    """Who books."""

    id: str | None
    logged_in: bool
    has_saved_card: bool


@dataclass(slots=True)
class Entitlement:
    """What a package holds of one kind of credit."""

    services: frozenset[str]
    remaining: int
    id: str


@dataclass(slots=True)
class Package:
    """What was sold."""

    id: str
    client_id: str
    entitlements: tuple[Entitlement, ...]
    kind: PackageKind
    status: PackageStatus
    sold_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    priority: int
    name: str


@dataclass(slots=True)
class Service:
    """What is booked."""

    id: str
    name: str
    deposit_required: bool | None


@dataclass(slots=True)
class BookingLine:
    """One service of a booking."""

    service: Service
    payable: bool


@dataclass(slots=True)
class Booking:
    """What is to be paid for."""

    id: str
    starts_at: datetime
    lines: tuple[BookingLine, ...]


@dataclass(slots=True)
class Finding:
    """Why it is refused, or what has to be known: its words and its facts."""

    code: str
    scope: Scope
    clauses: tuple[str, ...]
    message: str
    advice: str
    client_text: str | None
    subject: str
    facts: tuple[tuple[str, str | int | datetime], ...]
    subject_name: str


@dataclass(slots=True)
class Draw:
    """A credit that pays for a line."""

    line: int
    package_id: str
    entitlement_id: str
    service_id: str
    package_name: str
    state: DrawState = DrawState.RESERVED


@dataclass(slots=True)
class Redemption:
    """What is stored: the draws, the outcomes, and until when cancelling is free."""

    booking: Booking
    client_id: str | None
    starts_at: datetime
    draws: tuple[Draw, ...]
    terms: CancellationTerms | None
    free_until: datetime | None
    deposit: DepositOutcome
    card_capture: CardCaptureOutcome
    rulebook: str
    booked_at: datetime
    time_zone_key: str | None
    version: int
    replaces: str | None


@dataclass(slots=True)
class Movement:
    """Credits that move from one bucket into another."""

    booking_id: str
    package_id: str
    entitlement_id: str
    credits: int
    source: Bucket
    target: Bucket
    act: Act
    at: datetime
    by: Actor
    note: str


@dataclass(slots=True)
class Change:
    """What is committed."""

    before: Redemption | None
    after: Redemption
    movements: tuple[Movement, ...]


@dataclass(slots=True)
class Decision:
    """The whole answer."""

    booking: Booking
    eligible: bool
    reasons: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    deposit: DepositOutcome
    card_capture: CardCaptureOutcome
    redemption: Redemption | None
    uncovered: tuple[int, ...]
    rulebook: str
    time_zone_key: str | None
    decided_at: datetime
    client_text: str
    change: Change | None
    refund_on_cancel: bool
    prompt: bool
    recorded: bool
    again: bool
    by: Actor
    note: str


#: The library's classes, and the plain one that stands for each.
_PLAIN: Final[Mapping[type, Any]] = {
    getattr(pkgredeem, each.__name__): each
    for each in (
        *(CancellationTerms, AccountSettings, Client, Entitlement, Package, Service, BookingLine),
        *(Booking, Finding, Draw, Redemption, Movement, Change, Decision),
    )
}


def plain(value: Any) -> Any:  # noqa: ANN401 - a value of any class, and one of its own
    """Return the plain value that stands for one of the library's, or what needs none as it is."""
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    kind = _PLAIN.get(type(value))
    if kind is None:
        return value
    return kind(**{field.name: plain(getattr(value, field.name)) for field in fields(kind)})
