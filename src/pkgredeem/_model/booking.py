"""Who books, and what: the client, services, and the booking.

Values only: they check themselves, and they know no rule. Instants are aware and stored in UTC
(D15).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Self, final

from pkgredeem._model import checks as check
from pkgredeem._model import record
from pkgredeem._model.words import PickedFrom
from pkgredeem.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_LINES = 100
#: The unit in which an entitlement counts unless it says another.
CREDIT = "credit"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who books.

    Attributes:
        id: the client's id; None for a guest.
        logged_in: whether the client is logged in now (T07).
        has_saved_card: whether a card was saved earlier (T21, D28).
        traits: texts by name that hold for this client wherever a booking tells nothing else (D45);
            any mapping, stored as pairs sorted by name.

    Raises:
        InvalidValueError: a field has the wrong type, the id is empty, or a guest is logged in.

    Example:
        >>> Client.guest() == Client(id=None)
        True
    """

    id: str | None
    logged_in: bool = False
    has_saved_card: bool = False
    traits: tuple[tuple[str, str], ...] = ()

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: str | None,
            logged_in: bool = ...,
            has_saved_card: bool = ...,
            traits: "Mapping[str, str] | Iterable[tuple[str, str]]" = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field, and that who is logged in is known."""
        if self.id is not None:
            check.identifier("Client.id", self.id)
        check.flag("Client.logged_in", self.logged_in)
        check.flag("Client.has_saved_card", self.has_saved_card)
        if self.traits != ():  # most clients have none
            check.put(self, "traits", check.traits("Client.traits", self.traits))
        if self.logged_in and self.id is None:
            raise InvalidValueError("Client.logged_in", self.logged_in, "False for a guest")

    def trait(self, name: str) -> str | None:
        """Return what the client tells of a trait; None for nothing."""
        return _told(self.traits, name)

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
        costs: what one of it, as booked, takes of an entitlement, by unit, 1 or more each, such as
            `{"minute": 75}` (D41); any mapping, stored as pairs sorted by unit.

    Raises:
        InvalidValueError: a field has the wrong type, or the id is empty.

    Example:
        >>> Service(id="facial", name="Facial").name
        'Facial'
        >>> training = Service(id="pt", costs={"minute": 75})
        >>> training.cost("minute"), training.cost("credit"), training.cost("point")
        (75, 1, None)
    """

    id: str
    name: str = ""
    deposit_required: bool | None = None
    costs: tuple[tuple[str, int], ...] = field(default=(), metadata=record.ADDED)

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: str,
            name: str = ...,
            deposit_required: bool | None = ...,
            costs: "Mapping[str, int] | Iterable[tuple[str, int]]" = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field."""
        check.identifier("Service.id", self.id)
        check.free_text("Service.name", self.name)
        check.optional_flag("Service.deposit_required", self.deposit_required)
        if self.costs != ():  # most services have none
            check.put(self, "costs", check.costs("Service.costs", self.costs))

    def cost(self, unit: str) -> int | None:
        """Return how many units one of it takes: 1 credit where it says nothing of credits (D41).

        None of any other unit that it says nothing of, since nobody should guess.
        """
        for name, number in self.costs:
            if name == unit:
                return number
        return 1 if unit == CREDIT else None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLine:
    """One service in a booking.

    Attributes:
        service: the service; may be given by position.
        picked_from: the main menu or the add-ons screen; both count (T15).
        payable: False when there is nothing to pay for it, as for a free consultation (D31).
        traits: texts by name that this line tells, such as `{"staff": "dr-kim"}`; they win over the
            booking's and the client's (D45). Any mapping, stored as pairs sorted by name.

    Raises:
        InvalidValueError: a field has the wrong type.

    Example:
        >>> BookingLine(Service(id="facial"), traits={"staff": "dr-kim"}).trait("staff")
        'dr-kim'
    """

    service: Service = field(kw_only=False)
    picked_from: PickedFrom = PickedFrom.MENU
    payable: bool = True
    traits: tuple[tuple[str, str], ...] = field(default=(), metadata=record.ADDED)

    if TYPE_CHECKING:

        def __init__(
            self,
            service: Service,
            *,
            picked_from: PickedFrom = ...,
            payable: bool = ...,
            traits: "Mapping[str, str] | Iterable[tuple[str, str]]" = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field."""
        check.kind_of("BookingLine.service", self.service, Service)
        check.member("BookingLine.picked_from", self.picked_from, PickedFrom)
        check.flag("BookingLine.payable", self.payable)
        if self.traits != ():  # most lines have none
            check.put(self, "traits", check.traits("BookingLine.traits", self.traits))

    def trait(self, name: str) -> str | None:
        """Return what the line itself tells of a trait; None for nothing."""
        return _told(self.traits, name)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What the client wants to book: one appointment of one or more services.

    Attributes:
        id: the booking's id, an idempotency key: it is redeemed at most once (D21).
        starts_at: the start of the appointment, aware, stored in UTC.
        lines: its lines in order, 1 to 100 (D75); any iterable is taken.
        traits: texts by name that hold for every line, such as `{"place": "north"}` (D45); any
            mapping, stored as pairs sorted by name.

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
    traits: tuple[tuple[str, str], ...] = field(default=(), metadata=record.ADDED)

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: str,
            lines: "Iterable[BookingLine]",
            starts_at: datetime,
            traits: "Mapping[str, str] | Iterable[tuple[str, str]]" = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field; store the lines as a tuple and the start in UTC."""
        if (
            type(self.id) is str
            and self.id
            and check.are_all(self.lines, BookingLine)
            and len(self.lines) <= MOST_LINES
            and check.is_utc_instant(self.starts_at)
            and self.traits == ()
        ):
            return
        check.identifier("Booking.id", self.id)
        lines = check.items("Booking.lines", self.lines, BookingLine, least=1)
        check.at_most("Booking.lines", lines, MOST_LINES, "lines")
        check.put(self, "lines", lines)
        check.put(self, "starts_at", check.instant("Booking.starts_at", self.starts_at))
        check.put(self, "traits", check.traits("Booking.traits", self.traits))

    @classmethod
    def of(
        cls,
        *services: Service,
        id: str,
        starts_at: datetime,
        traits: "Mapping[str, str] | Iterable[tuple[str, str]]" = (),
    ) -> Self:
        """Return a booking of these services, each picked from the menu and payable."""
        lines = tuple(map(BookingLine, services))
        return cls(id=id, lines=lines, starts_at=starts_at, traits=traits)

    def trait(self, name: str) -> str | None:
        """Return what the booking itself tells of a trait; None for nothing."""
        return _told(self.traits, name)

    @property
    def service_ids(self) -> tuple[str, ...]:
        """The ids of the services in line order."""
        return tuple(line.service.id for line in self.lines)


def _told(traits: tuple[tuple[str, str], ...], name: str) -> str | None:
    return next((text for told, text in traits if told == name), None)
