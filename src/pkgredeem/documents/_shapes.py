"""What a case document looks like: one attrs class for each object in it.

The keys and words are those of the values, and a few more that people write: `sold_on`,
`valid_through` and `valid_for` beside the instants of a package. Each class makes its value.
"""

# ruff: noqa: RUF009  (required and optional describe a field, as attrs.field does)

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, cast, final
from zoneinfo import ZoneInfo

from attrs import frozen
from dateutil.relativedelta import relativedelta

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Redemption,
    Service,
)
from pkgredeem.documents import _kinds as kinds
from pkgredeem.documents import _times as times
from pkgredeem.documents._kinds import ListOf, or_null
from pkgredeem.documents._objects import Members, ObjectOf, Shape, optional, required

#: The format of a case document.
CASE_FORMAT: Final = "pkgredeem/1"


def _text_of(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw else None


def _id_of(raw: object) -> str | None:
    return _text_of(cast("dict[str, object]", raw).get("id")) if isinstance(raw, dict) else None


def _entitlement_id_of(raw: object) -> str | None:
    """Return the id, or the one that an entitlement without an id gets from its services."""
    if not isinstance(raw, dict):
        return None
    members = cast("dict[str, object]", raw)
    if members.get("id", "") != "":
        return _id_of(members)
    services = members.get("services")
    ids = list(map(_text_of, cast("list[object]", services))) if isinstance(services, list) else []
    return None if None in ids else "+".join(sorted(filter(None, ids))) or None


@final
@frozen(kw_only=True)
class CancellationShape(Shape[CancellationTerms]):
    """`account.cancellation`."""

    window: timedelta = required(kinds.WINDOW)
    late: CreditOutcome = required(kinds.word(CreditOutcome))
    no_show: CreditOutcome | None = optional(or_null(kinds.word(CreditOutcome)), None)

    def value(self) -> CancellationTerms:
        """Return the terms."""
        return CancellationTerms(window=self.window, late=self.late, no_show=self.no_show)


@final
@frozen(kw_only=True)
class AccountShape(Shape[AccountSettings]):
    """`account`; it is read before everything that needs its time zone."""

    activated_on: date | None = optional(or_null(kinds.DAY), None)
    online_redemption: bool | None = optional(or_null(kinds.FLAG), None)
    client_login: ClientLogin = optional(kinds.word(ClientLogin), ClientLogin.DISABLED)
    package_kind: PackageKind = optional(kinds.word(PackageKind), PackageKind.NEW)
    deposit_required: bool = optional(kinds.FLAG, default=False)
    card_capture: bool = optional(kinds.FLAG, default=False)
    cancellation: CancellationTerms | None = optional(
        or_null(ObjectOf("an object", CancellationShape)), None
    )
    time_zone: ZoneInfo | None = optional(or_null(kinds.ZONE), None)

    @classmethod
    def reconcile(cls, members: Members) -> None:
        """Hand on the time zone."""
        if "time_zone" in members.values:
            members.reading.zone = members.get("time_zone", ZoneInfo)
        if "time_zone" in members.raw:
            members.reading.zone_found = "null"

    def value(self) -> AccountSettings:
        """Return the settings."""
        return AccountSettings(
            activated_on=self.activated_on,
            online_redemption=self.online_redemption,
            client_login=self.client_login,
            package_kind=self.package_kind,
            deposit_required=self.deposit_required,
            card_capture=self.card_capture,
            cancellation=self.cancellation,
            time_zone=self.time_zone,
        )


@final
@frozen(kw_only=True)
class ClientShape(Shape[Client]):
    """`client`; the id of a guest is null, and must be given as null."""

    id: str | None = required(or_null(kinds.NAME))
    logged_in: bool = optional(kinds.FLAG, default=False)
    has_saved_card: bool = optional(kinds.FLAG, default=False)

    @classmethod
    def reconcile(cls, members: Members) -> None:
        """Refuse a guest who is logged in."""
        if members.get("logged_in", bool) and "id" in members.values and not members.has("id"):
            members.refuse("logged_in", "false for a guest")

    def value(self) -> Client:
        """Return the client."""
        return Client(id=self.id, logged_in=self.logged_in, has_saved_card=self.has_saved_card)


# Twice the same service would be dropped in silence: two credits are `remaining`, not two names.
_SERVICES: Final = ListOf(
    "a list of one service id or more",
    kinds.NAME,
    least=1,
    key=_text_of,
    uniqueness="a service id that is listed only once",
)


@final
@frozen(kw_only=True)
class EntitlementShape(Shape[Entitlement]):
    """`packages[].entitlements[]`."""

    services: tuple[str, ...] = required(_SERVICES)
    remaining: int = required(kinds.COUNT)
    id: str = optional(kinds.FREE_TEXT, "")

    def value(self) -> Entitlement:
        """Return the entitlement."""
        return Entitlement(services=frozenset(self.services), remaining=self.remaining, id=self.id)


_ENTITLEMENTS: Final = ListOf(
    "a list of one entitlement or more",
    ObjectOf("an object", EntitlementShape),
    least=1,
    key=_entitlement_id_of,
    key_path=".id",
    uniqueness="an id that no other entitlement of the package has",
)


@final
@frozen(kw_only=True)
class PackageShape(Shape[Package]):
    """`packages[]`; the day of sale and the last valid day may be given as people write them."""

    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("sold_at", "sold_on"),
        ("valid_until", "valid_through", "valid_for"),
    )

    id: str = required(kinds.NAME)
    client_id: str = required(kinds.NAME)
    entitlements: tuple[Entitlement, ...] = required(_ENTITLEMENTS)
    kind: PackageKind = optional(kinds.word(PackageKind), PackageKind.NEW)
    status: PackageStatus = optional(kinds.word(PackageStatus), PackageStatus.ACTIVE)
    sold_at: datetime | None = optional(or_null(kinds.INSTANT), None)
    sold_on: date | None = optional(or_null(kinds.DAY), None)
    valid_from: datetime | None = optional(or_null(kinds.INSTANT), None)
    valid_until: datetime | None = optional(or_null(kinds.INSTANT), None)
    valid_through: date | None = optional(or_null(kinds.DAY), None)
    valid_for: relativedelta | None = optional(or_null(kinds.TERM), None)
    priority: int = optional(kinds.WHOLE, 0)

    @classmethod
    def reconcile(cls, members: Members) -> None:
        """Resolve local days and the term (D26), and refuse an end that is not after the start."""
        sold_on = members.get("sold_on", date)
        if sold_on is not None:
            members.values["sold_at"] = members.resolve("sold_on", sold_on, times.start_of)
        through = members.get("valid_through", date)
        if through is not None:
            members.values["valid_until"] = members.resolve("valid_through", through, times.end_of)
        term = members.get("valid_for", relativedelta)
        if term is not None:
            members.values["valid_until"] = _end_of_term(members, term)
        starts, ends = members.get("valid_from", datetime), members.get("valid_until", datetime)
        if starts is not None and ends is not None and starts >= ends:
            members.refuse(
                "valid_from", f"an instant before the end of validity, {ends.isoformat()}"
            )

    def value(self) -> Package:
        """Return the package."""
        return Package(
            id=self.id,
            client_id=self.client_id,
            entitlements=self.entitlements,
            kind=self.kind,
            status=self.status,
            sold_at=self.sold_at,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            priority=self.priority,
        )


def _end_of_term(members: Members, term: relativedelta) -> datetime | None:
    if not members.has("sold_on") and not members.has("sold_at"):
        members.refuse("valid_for", "left out where no sold_on or sold_at says when it begins")
        return None
    day = members.get("sold_on", date)
    sold_at = members.get("sold_at", datetime)
    if day is None and sold_at is not None:
        zone = members.reading.zone_for((members.at, "valid_for"))
        day = None if zone is None else times.local_day(sold_at, zone)
    if day is None:
        return None
    last = times.last_day(day, term)
    if last is None:
        members.refuse("valid_for", "a term that ends before the year 9999")
        return None
    return members.resolve("valid_for", last, times.end_of)


@final
@frozen(kw_only=True)
class ServiceShape(Shape[Service]):
    """`booking.lines[].service`."""

    id: str = required(kinds.NAME)
    name: str = optional(kinds.FREE_TEXT, "")
    deposit_required: bool | None = optional(or_null(kinds.FLAG), None)

    def value(self) -> Service:
        """Return the service."""
        return Service(id=self.id, name=self.name, deposit_required=self.deposit_required)


@final
@frozen(kw_only=True)
class LineShape(Shape[BookingLine]):
    """`booking.lines[]`."""

    service: Service = required(ObjectOf("an object", ServiceShape))
    picked_from: PickedFrom = optional(kinds.word(PickedFrom), PickedFrom.MENU)
    payable: bool = optional(kinds.FLAG, default=True)

    def value(self) -> BookingLine:
        """Return the line."""
        return BookingLine(self.service, picked_from=self.picked_from, payable=self.payable)


_LINES: Final = ListOf("a list of one line or more", ObjectOf("an object", LineShape), least=1)


@final
@frozen(kw_only=True)
class BookingShape(Shape[Booking]):
    """`booking`."""

    id: str = required(kinds.NAME)
    lines: tuple[BookingLine, ...] = required(_LINES)
    starts_at: datetime = required(kinds.INSTANT)

    def value(self) -> Booking:
        """Return the booking."""
        return Booking(id=self.id, lines=self.lines, starts_at=self.starts_at)


_PACKAGES: Final = ListOf(
    "a list of packages, which may be empty",
    ObjectOf("an object", PackageShape),
    key=_id_of,
    key_path=".id",
    uniqueness="an id that no other package of the case has",
)


@final
@frozen(kw_only=True)
class CaseShape(Shape[Case]):
    """The whole document."""

    format: str = required(kinds.constant(CASE_FORMAT))
    now: datetime = required(kinds.INSTANT)
    account: AccountSettings = required(ObjectOf("an object", AccountShape))
    client: Client = required(ObjectOf("an object", ClientShape))
    packages: tuple[Package, ...] = required(_PACKAGES)
    booking: Booking = required(ObjectOf("an object", BookingShape))
    existing: Redemption | None = optional(or_null(kinds.REDEMPTION), None)
    by: Actor = optional(kinds.word(Actor), Actor.CLIENT)
    note: str = optional(kinds.FREE_TEXT, "")

    def value(self) -> Case:
        """Return the case."""
        return Case(
            account=self.account,
            client=self.client,
            packages=self.packages,
            booking=self.booking,
            now=self.now,
            existing=self.existing,
            by=self.by,
            note=self.note,
        )


#: A case document, whole.
CASE: Final = ObjectOf("a case document", CaseShape)
