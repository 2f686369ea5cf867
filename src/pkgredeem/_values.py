"""What callers hand in: the account, the client, packages, services and the booking.

Values only: they check themselves, they know facts about themselves (who holds a package, whether
it is over at an instant), and they know no rule. Instants are aware and stored in UTC (D15).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Self, final
from zoneinfo import ZoneInfo

from pkgredeem import _checks as check
from pkgredeem._words import ClientLogin, CreditOutcome, PackageKind, PackageStatus, PickedFrom
from pkgredeem.exceptions import InvalidValueError

_NEW = PackageKind.NEW
_ACTIVE = PackageStatus.ACTIVE
LONGEST_WINDOW = timedelta(days=366)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationTerms:
    """What the account's cancellation policy does to a credit (T23, D10, D16).

    Attributes:
        window: elapsed time before the start, 0 to 366 days. A cancellation with exactly this much
            left is still in time (D09).
        late: what a client's cancellation inside the window does to the credit; there is no
            default.
        no_show: what a no-show does; None means the same as *late*.

    Raises:
        InvalidValueError: a field has the wrong type or is out of bounds.

    Example:
        >>> from datetime import timedelta
        >>> CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT).on_no_show
        <CreditOutcome.FORFEIT: 'forfeit'>
    """

    window: timedelta
    late: CreditOutcome
    no_show: CreditOutcome | None = None

    def __post_init__(self) -> None:
        """Check every field."""
        check.duration("CancellationTerms.window", self.window, most=LONGEST_WINDOW)
        check.member("CancellationTerms.late", self.late, CreditOutcome)
        if self.no_show is not None:
            check.member("CancellationTerms.no_show", self.no_show, CreditOutcome)

    @property
    def on_no_show(self) -> CreditOutcome:
        """What a no-show does to the credit: its own term, else what the terms say of late."""
        return self.late if self.no_show is None else self.no_show


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """One business and its settings.

    Attributes:
        activated_on: the account's own calendar date of activation; None when unknown (D01).
        online_redemption: the choice of the business, on or off; None when it never chose (D02).
        client_login: the setting of Client Login (T05).
        package_kind: whether the account is on new or on legacy packages (T03).
        deposit_required: whether a service asks for a deposit unless it says otherwise.
        card_capture: whether online booking asks for a card (D18).
        cancellation: the cancellation terms; None returns the credit of every cancellation (D10).
        time_zone: the zone in which explanations print times and rules read local time.

    Raises:
        InvalidValueError: a field has the wrong type.

    Example:
        >>> AccountSettings(client_login=ClientLogin.OPTIONAL).deposit_required
        False
    """

    activated_on: date | None = None
    online_redemption: bool | None = None
    client_login: ClientLogin = ClientLogin.DISABLED
    package_kind: PackageKind = PackageKind.NEW
    deposit_required: bool = False
    card_capture: bool = False
    cancellation: CancellationTerms | None = None
    time_zone: ZoneInfo | None = None

    def __post_init__(self) -> None:
        """Check every field."""
        check.optional_day("AccountSettings.activated_on", self.activated_on)
        check.optional_flag("AccountSettings.online_redemption", self.online_redemption)
        check.member("AccountSettings.client_login", self.client_login, ClientLogin)
        check.member("AccountSettings.package_kind", self.package_kind, PackageKind)
        check.flag("AccountSettings.deposit_required", self.deposit_required)
        check.flag("AccountSettings.card_capture", self.card_capture)
        check.optional_kind_of("AccountSettings.cancellation", self.cancellation, CancellationTerms)
        check.optional_zone("AccountSettings.time_zone", self.time_zone)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who books.

    Attributes:
        id: the client's id; None for a guest.
        logged_in: whether the client is logged in now (T07).
        has_saved_card: whether a card was saved earlier (T21, D28).

    Raises:
        InvalidValueError: a field has the wrong type, the id is empty, or a guest is logged in.

    Example:
        >>> Client.guest() == Client(id=None)
        True
    """

    id: str | None
    logged_in: bool = False
    has_saved_card: bool = False

    def __post_init__(self) -> None:
        """Check every field, and that who is logged in is known."""
        if self.id is not None:
            check.text("Client.id", self.id)
        check.flag("Client.logged_in", self.logged_in)
        check.flag("Client.has_saved_card", self.has_saved_card)
        if self.logged_in and self.id is None:
            raise InvalidValueError(
                "Client.logged_in", self.logged_in, "False for a guest, or the id"
            )

    @classmethod
    def guest(cls) -> Self:
        """Return a client without an id who is not logged in (D03)."""
        return cls(id=None)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the menu.

    Attributes:
        id: the service's id; packages name it.
        name: what people call it; may be empty.
        deposit_required: whether it asks for a deposit; None follows the account.

    Raises:
        InvalidValueError: a field has the wrong type, or the id is empty.

    Example:
        >>> Service(id="facial", name="Facial").name
        'Facial'
    """

    id: str
    name: str = ""
    deposit_required: bool | None = None

    def __post_init__(self) -> None:
        """Check every field."""
        check.text("Service.id", self.id)
        check.free_text("Service.name", self.name)
        check.optional_flag("Service.deposit_required", self.deposit_required)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLine:
    """One service in a booking.

    Attributes:
        service: the service; may be given by position.
        picked_from: the main menu or the add-ons screen; both count (T15).
        payable: False when there is nothing to pay for it, as for a free consultation (D31).

    Raises:
        InvalidValueError: a field has the wrong type.

    Example:
        >>> BookingLine(Service(id="facial")).payable
        True
    """

    service: Service = field(kw_only=False)
    picked_from: PickedFrom = PickedFrom.MENU
    payable: bool = True

    def __post_init__(self) -> None:
        """Check every field."""
        check.kind_of("BookingLine.service", self.service, Service)
        check.member("BookingLine.picked_from", self.picked_from, PickedFrom)
        check.flag("BookingLine.payable", self.payable)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What the client wants to book: one appointment of one or more services.

    Attributes:
        id: the booking's id, an idempotency key: it is redeemed at most once (D21).
        lines: its lines in order, one or more; any iterable is taken.
        starts_at: the start of the appointment, aware, stored in UTC.

    Raises:
        InvalidValueError: a field has the wrong type, the id is empty, or there is no line.

    Example:
        >>> from datetime import UTC, datetime
        >>> start = datetime(2026, 5, 5, 10, tzinfo=UTC)
        >>> both = Service(id="manicure"), Service(id="pedicure")
        >>> Booking.of(*both, id="b1", starts_at=start).service_ids
        ('manicure', 'pedicure')
    """

    id: str
    lines: tuple[BookingLine, ...]
    starts_at: datetime

    def __post_init__(self) -> None:
        """Check every field; store the lines as a tuple and the start in UTC."""
        check.text("Booking.id", self.id)
        check.put(self, "lines", check.items("Booking.lines", self.lines, BookingLine, least=1))
        check.put(self, "starts_at", check.instant("Booking.starts_at", self.starts_at))

    @classmethod
    def of(cls, *services: Service, id: str, starts_at: datetime) -> Self:  # noqa: A002 - the field's name
        """Return a booking of these services, each picked from the menu and payable."""
        return cls(id=id, lines=tuple(BookingLine(each) for each in services), starts_at=starts_at)

    @property
    def service_ids(self) -> tuple[str, ...]:
        """The ids of the services in line order."""
        return tuple(line.service.id for line in self.lines)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What a package still gives: any one of its services, *remaining* times (T13, T14).

    Attributes:
        services: the ids of the services that one credit may pay for, one or more; any iterable.
        remaining: credits left, 0 or more, with the reserved ones taken off.
        id: its id inside the package; the sorted service ids joined by "+" when left empty.

    Raises:
        InvalidValueError: a field has the wrong type, no service is named, or the count is
            negative.

    Example:
        >>> Entitlement(services=["pedicure", "manicure"], remaining=3).id
        'manicure+pedicure'
    """

    services: frozenset[str]
    remaining: int
    id: str = ""

    def __post_init__(self) -> None:
        """Check every field; store the services as a set and fill in the id."""
        services = frozenset(check.names("Entitlement.services", self.services))
        check.put(self, "services", services)
        check.whole("Entitlement.remaining", self.remaining, least=0, unit=" of credits")
        check.free_text("Entitlement.id", self.id)
        if not self.id:
            check.put(self, "id", "+".join(sorted(services)))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that was sold to a client in store (T11, T12), and what is left in it now.

    Attributes:
        id: the package's id.
        client_id: whose it is.
        entitlements: what it gives, one or more, each id once; any iterable is taken.
        kind: new, or legacy (T04).
        status: active, or archived (T24).
        sold_at: when it was sold; None when unknown. Must not be after the moment of booking (D32).
        valid_from: the first instant of its validity, inclusive; None for always.
        valid_until: the end of its validity, exclusive; None for never (D06).
        priority: the higher one is drawn on first (D20).

    Raises:
        InvalidValueError: a field has the wrong type, an id is empty, there is no entitlement or
            two have one id, or *valid_from* is not before *valid_until*.

    Example:
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> Package(id="p1", client_id="ana", entitlements=five_facials).has_credit
        True
    """

    id: str
    client_id: str
    entitlements: tuple[Entitlement, ...]
    kind: PackageKind = PackageKind.NEW
    status: PackageStatus = PackageStatus.ACTIVE
    sold_at: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    priority: int = 0

    def __post_init__(self) -> None:
        """Check every field; store the entitlements as a tuple and instants in UTC."""
        check.text("Package.id", self.id)
        check.text("Package.client_id", self.client_id)
        held = check.items("Package.entitlements", self.entitlements, Entitlement, least=1)
        check.unique("Package.entitlements", held, _id_of)
        check.put(self, "entitlements", held)
        check.member("Package.kind", self.kind, PackageKind)
        check.member("Package.status", self.status, PackageStatus)
        for name in ("sold_at", "valid_from", "valid_until"):
            moment = check.optional_instant(f"Package.{name}", getattr(self, name))
            check.put(self, name, moment)
        check.whole("Package.priority", self.priority, least=None, unit="")
        if (
            self.valid_from is not None
            and self.valid_until is not None
            and self.valid_from >= self.valid_until
        ):
            raise InvalidValueError(
                "Package.valid_from", self.valid_from, f"an instant before {self.valid_until}"
            )

    def is_held_by(self, client: Client) -> bool:
        """Tell whether it was sold to this client; a guest holds none (T12, D04)."""
        return self.client_id == client.id

    def is_sold_by(self, moment: datetime) -> bool:
        """Tell whether it was sold by that instant, inclusive; unknown counts as sold (D32)."""
        return self.sold_at is None or self.sold_at <= moment

    def has_started_by(self, moment: datetime) -> bool:
        """Tell whether its validity has begun at that instant, inclusive (D06)."""
        return self.valid_from is None or self.valid_from <= moment

    def is_over_by(self, moment: datetime) -> bool:
        """Tell whether its validity has ended at that instant; the end itself is over (D06)."""
        return self.valid_until is not None and self.valid_until <= moment

    def is_valid_at(self, moment: datetime) -> bool:
        """Tell whether the instant lies in `valid_from <= instant < valid_until` (D06)."""
        return self.has_started_by(moment) and not self.is_over_by(moment)

    @property
    def has_credit(self) -> bool:
        """Whether at least one credit is left in any entitlement."""
        for held in self.entitlements:  # noqa: SIM110 - a generator costs more than the question
            if held.remaining:
                return True
        return False

    def is_active(self, client: Client, now: datetime) -> bool:
        """Tell whether it counts as an active package of this client at that instant (T10, D05)."""
        return (
            self.kind is _NEW
            and self.status is _ACTIVE
            and self.client_id == client.id
            and (self.sold_at is None or self.sold_at <= now)
            and (self.valid_from is None or self.valid_from <= now)
            and (self.valid_until is None or self.valid_until > now)
            and self.has_credit
        )

    def with_returned(self, back: Mapping[tuple[str, str], int]) -> Self:
        """Return the same package with credits back, counted by package and entitlement id."""
        if not any((self.id, held.id) in back for held in self.entitlements):
            return self
        restored = tuple(
            replace(held, remaining=held.remaining + back.get((self.id, held.id), 0))
            for held in self.entitlements
        )
        return replace(self, entitlements=restored)


def _id_of(held: Entitlement) -> str:
    return held.id


def package_rank(package: Package) -> tuple[int, datetime, datetime, str]:
    """Return the sort key of packages (D20, D22): the first in order is drawn on first."""
    return (
        -package.priority,
        package.valid_until or _NEVER,
        package.sold_at or _NEVER,
        package.id,
    )


def credit_rank(
    package: Package, held: Entitlement
) -> tuple[int, datetime, int, datetime, str, str]:
    """Return the sort key of credits (D20): the first in order is drawn first."""
    return (
        -package.priority,
        package.valid_until or _NEVER,
        len(held.services),
        package.sold_at or _NEVER,
        package.id,
        held.id,
    )


_NEVER = datetime.max.replace(tzinfo=check.LATEST.tzinfo)
