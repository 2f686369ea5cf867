"""How bookings made before the adoption become redemptions whose credits are taken off already.

What another system has booked and taken off is true there: no rule is asked of it. From then on it
is a redemption like any other, on the terms of the day of its adoption.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast, final

from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.booking import Booking, Client
from pkgredeem._model.case import Case
from pkgredeem._model.draws import Draw
from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.packages import Package, checked_packages
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import Act, Actor, Bucket
from pkgredeem.exceptions import InvalidValueError, UnknownEntitlementError
from pkgredeem.rules import acts, article

#: What a redemption says in place of the rulebook that decided it.
ADOPTED = "adopted"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBooking:
    """A booking that another system has paid with credits, and that has not ended yet.

    Attributes:
        booking: the booking, its start as it is now.
        client_id: who booked it.
        paid_with: by line, the package and the entitlement that its credit was taken from, such as
            `{0: ("p1", "main")}`; one or more, stored as pairs sorted by line.
        booked_at: when it was made; not after the start.
        by: who made it.
        note: a free text that is kept, such as where it comes from.

    Raises:
        InvalidValueError: a field has the wrong type, no line is paid, a line is not the booking's,
            or it was made after its start.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import Service
        >>> start = datetime(2026, 5, 5, 10, tzinfo=UTC)
        >>> OpenBooking(
        ...     booking=Booking.of(Service(id="facial"), id="b1", starts_at=start),
        ...     client_id="ana",
        ...     paid_with={0: ("p1", "main")},
        ...     booked_at=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... ).paid_with
        ((0, ('p1', 'main')),)
    """

    booking: Booking
    client_id: str
    paid_with: tuple[tuple[int, tuple[str, str]], ...]
    booked_at: datetime
    by: Actor = Actor.CLIENT
    note: str = ""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            booking: Booking,
            client_id: str,
            paid_with: Mapping[int, tuple[str, str]] | Iterable[tuple[int, tuple[str, str]]],
            booked_at: datetime,
            by: Actor = ...,
            note: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store what paid as sorted pairs."""
        check.kind_of("OpenBooking.booking", self.booking, Booking)
        check.identifier("OpenBooking.client_id", self.client_id)
        check.put(self, "paid_with", self._checked_places())
        check.put(self, "booked_at", check.instant("OpenBooking.booked_at", self.booked_at))
        if self.booked_at > self.booking.starts_at:
            allowed = f"an instant no later than the start, {self.booking.starts_at}"
            raise InvalidValueError("OpenBooking.booked_at", self.booked_at, allowed)
        check.member("OpenBooking.by", self.by, Actor)
        check.free_text("OpenBooking.note", self.note)

    def _checked_places(self) -> tuple[tuple[int, tuple[str, str]], ...]:
        field, given = "OpenBooking.paid_with", cast("object", self.paid_with)
        if isinstance(given, Mapping):
            given = tuple(cast("Mapping[object, object]", given).items())
        places: dict[int, tuple[str, str]] = {}
        for line, place in check.listed_pairs(field, given, "a line and what paid for it"):
            check.within(field, line, least=0, most=len(self.booking.lines) - 1)
            if line in places:
                raise InvalidValueError(field, line, "listed only once")
            ((package_id, entitlement_id),) = check.listed_pairs(
                f"{field}[{line}]", (place,), "package and entitlement"
            )
            check.identifier(f"{field}[{line}][0]", package_id)
            check.identifier(f"{field}[{line}][1]", entitlement_id)
            places[cast("int", line)] = cast("tuple[str, str]", place)
        if not places:
            raise InvalidValueError(field, given, "one line or more, with what paid for it")
        return tuple(sorted(places.items()))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What to put into a store, so that open bookings are redemptions and the balances are true.

    Attributes:
        packages: the packages, with the credits of the open bookings put back into them: add them
            to a store, or set its counters to what is `remaining` here.
        changes: one for each booking, which takes these credits off again: commit them next. To
            commit one of them again is a success that does nothing. An adoption that broke off goes
            on from there: a package that is in the store is not added again.

    Raises:
        InvalidValueError: a field has the wrong type.

    Example:
        >>> Adoption(packages=(), changes=()).changes
        ()
    """

    packages: tuple[Package, ...]
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        """Check both fields."""
        check.put(self, "packages", check.items("Adoption.packages", self.packages, Package))
        check.put(self, "changes", check.items("Adoption.changes", self.changes, Change))


def adopt(
    *,
    account: AccountSettings,
    packages: Iterable[Package],
    bookings: Iterable[OpenBooking],
) -> Adoption:
    """Take over what another system has booked, with credits that it has taken off already.

    From then on each booking can be cancelled, moved, completed and forgiven at a desk like one
    that was redeemed there. Its terms are those of today, of its package or else of the account
    (D60): what the other system promised is not known. Bookings that have ended stay behind; where
    a quota counts them, adopt them as well and end each of them at a desk, at its own instant.

    Args:
        account: the settings, with the cancellation terms that hold from now on.
        packages: what is left in each of them now, the credits of the open bookings taken off.
        bookings: what is open, each once, in any order.

    Returns:
        The packages and the changes, to be put into a store in this order.

    Raises:
        InvalidValueError: a booking or a package is there twice, or a package is not among
            *packages*.
        UnknownEntitlementError: a package has no such entitlement.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import Entitlement, Service
        >>> facial = Service(id="facial")
        >>> opened = OpenBooking(
        ...     booking=Booking.of(facial, id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)),
        ...     client_id="ana",
        ...     paid_with={0: ("p1", "main")},
        ...     booked_at=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> two_left = [Entitlement(services=["facial"], remaining=2)]
        >>> adoption = adopt(
        ...     account=AccountSettings(),
        ...     packages=[Package(id="p1", client_id="ana", entitlements=two_left)],
        ...     bookings=[opened],
        ... )
        >>> adoption.packages[0].entitlements[0].remaining
        3
        >>> [movement.available_delta for movement in adoption.changes[0].movements]
        [-1]
    """
    check.kind_of("account", account, AccountSettings)
    held = {package.id: package for package in checked_packages("packages", packages)}
    opened = check.items("bookings", bookings, OpenBooking)
    check.unique("bookings", opened, _booking_id_of)
    changes = tuple([_adopted(one, account, held) for one in opened])
    for change in changes:
        back = {(one.package_id, one.entitlement_id): one.credits for one in change.movements}
        for package_id in {package_id for package_id, _ in back}:
            package = held[package_id]
            held[package_id] = package.with_returned(change.after.booking.id, back)
    return Adoption(packages=tuple(held.values()), changes=changes)


def _adopted(opened: OpenBooking, account: AccountSettings, held: Mapping[str, Package]) -> Change:
    """Return the change that books what is open, on the terms of today."""
    booking, draws = opened.booking, tuple(_draws(opened, account, held))
    lines = tuple([draw.line for draw in draws])
    payable = tuple([index for index, line in enumerate(booking.lines) if line.payable])
    case = Case(
        account=account,
        client=Client(id=opened.client_id),
        packages=(),
        booking=booking,
        now=opened.booked_at,
    )
    redemption = Redemption(
        booking=booking,
        client_id=opened.client_id,
        starts_at=booking.starts_at,
        draws=draws,
        terms=account.cancellation,
        free_until=acts.free_until(booking.starts_at, account.cancellation),
        deposit=article.deposit_outcome(case, lines),
        card_capture=article.card_capture_outcome(case, all_paid=lines == payable),
        rulebook=ADOPTED,
        booked_at=opened.booked_at,
        time_zone_key=account.time_zone_key,
        version=1,
    )
    movements = tuple(_movements(redemption, opened))
    return Change(before=None, after=redemption, movements=movements)


def _draws(
    opened: OpenBooking, account: AccountSettings, held: Mapping[str, Package]
) -> Iterable[Draw]:
    """Yield the credit that pays for each line.

    Raises:
        InvalidValueError: its package is not there, or the service tells no cost in its unit (D41).
        UnknownEntitlementError: its package has no such entitlement.
    """
    for line, (package_id, entitlement_id) in opened.paid_with:
        service, package = opened.booking.lines[line].service, held.get(package_id)
        if package is None:
            raise InvalidValueError("packages", sorted(held), f"packages with {package_id!r}")
        entitlement = package.entitlement(entitlement_id)
        if entitlement is None:
            raise UnknownEntitlementError(
                f"package {package_id!r} holds no entitlement {entitlement_id!r}"
            )
        cost = service.cost(entitlement.unit)
        if cost is None:
            allowed = f"a service that tells its cost in {entitlement.unit!r}"
            raise InvalidValueError("Service.costs", service.costs, allowed)
        terms = acts.own_terms(package, account)
        yield Draw(
            line=line,
            package_id=package_id,
            entitlement_id=entitlement_id,
            service_id=service.id,
            credits=cost,
            terms=terms,
            free_until=acts.free_until(opened.booking.starts_at, terms),
            package_name=package.name,
        )


def _movements(redemption: Redemption, opened: OpenBooking) -> Iterable[Movement]:
    """Return what takes the credits of a booking off, summed up by entitlement."""
    taken: Counter[tuple[str, str]] = Counter()
    for draw in redemption.draws:
        taken[draw.package_id, draw.entitlement_id] += draw.credits
    for (package_id, entitlement_id), credits_taken in sorted(taken.items()):
        yield Movement(
            booking_id=redemption.booking.id,
            package_id=package_id,
            entitlement_id=entitlement_id,
            credits=credits_taken,
            source=Bucket.AVAILABLE,
            target=Bucket.RESERVED,
            act=Act.BOOK,
            at=redemption.booked_at,
            by=opened.by,
            note=opened.note,
        )


def _booking_id_of(opened: OpenBooking) -> str:
    return opened.booking.id
