"""What callers hand in: the account and its terms, the client, services and the booking.

Values only: they check themselves, and they know no rule. Instants are aware and stored in UTC
(D15).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self, final
from zoneinfo import ZoneInfo

from pkgredeem import _checks as check
from pkgredeem._words import ClientLogin, CreditOutcome, PackageKind, PickedFrom
from pkgredeem.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        """What a no-show does to the credit, by its own term, else as the terms say of late."""
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

    if TYPE_CHECKING:

        def __init__(
            self, *, id: str, lines: "Iterable[BookingLine]", starts_at: datetime
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the lines as a tuple and the start in UTC."""
        check.text("Booking.id", self.id)
        check.put(self, "lines", check.items("Booking.lines", self.lines, BookingLine, least=1))
        check.put(self, "starts_at", check.instant("Booking.starts_at", self.starts_at))

    @classmethod
    def of(cls, *services: Service, id: str, starts_at: datetime) -> Self:
        """Return a booking of these services, each picked from the menu and payable."""
        return cls(id=id, lines=tuple(BookingLine(each) for each in services), starts_at=starts_at)

    @property
    def service_ids(self) -> tuple[str, ...]:
        """The ids of the services in line order."""
        return tuple(line.service.id for line in self.lines)
