"""Who books, and what: the client, services, and the booking.

Values only: they check themselves, and they know no rule. Instants are aware and stored in UTC
(D15).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Self, final

from pkgredeem._model import checks as check
from pkgredeem._model.words import PickedFrom
from pkgredeem.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LINES = 100


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
            check.identifier("Client.id", self.id)
        check.flag("Client.logged_in", self.logged_in)
        check.flag("Client.has_saved_card", self.has_saved_card)
        if self.logged_in and self.id is None:
            raise InvalidValueError("Client.logged_in", self.logged_in, "False for a guest")

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
        check.identifier("Service.id", self.id)
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
        starts_at: the start of the appointment, aware, stored in UTC.
        lines: its lines in order, 1 to 100 (D75); any iterable is taken.

    Raises:
        InvalidValueError: a field has the wrong type, the id is empty, or there are no lines or too
            many.

    Example:
        >>> from datetime import UTC, datetime
        >>> start = datetime(2026, 5, 5, 10, tzinfo=UTC)
        >>> both = Service(id="manicure"), Service(id="pedicure")
        >>> Booking.of(*both, id="b1", starts_at=start).service_ids
        ('manicure', 'pedicure')
    """

    id: str
    starts_at: datetime
    lines: tuple[BookingLine, ...]

    if TYPE_CHECKING:

        def __init__(
            self, *, id: str, lines: "Iterable[BookingLine]", starts_at: datetime
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the lines as a tuple and the start in UTC."""
        check.identifier("Booking.id", self.id)
        lines = check.items("Booking.lines", self.lines, BookingLine, least=1)
        check.at_most("Booking.lines", lines, MOST_LINES, "lines")
        check.put(self, "lines", lines)
        check.put(self, "starts_at", check.instant("Booking.starts_at", self.starts_at))

    @classmethod
    def of(cls, *services: Service, id: str, starts_at: datetime) -> Self:
        """Return a booking of these services, each picked from the menu and payable."""
        return cls(id=id, lines=tuple(map(BookingLine, services)), starts_at=starts_at)

    @property
    def service_ids(self) -> tuple[str, ...]:
        """The ids of the services in line order."""
        return tuple(line.service.id for line in self.lines)
