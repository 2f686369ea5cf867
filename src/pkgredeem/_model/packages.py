"""What was sold: packages and their entitlements, what is left, and which is drawn on first.

Values only: they check themselves and know facts about themselves (whose a package is, whether it
is over at an instant); whether that refuses anything is said by rules. Instants are aware and
stored in UTC (D15).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, final

from pkgredeem._model import checks as check
from pkgredeem._model.booking import Client
from pkgredeem._model.unchecked import unchecked_replace
from pkgredeem._model.words import PackageKind, PackageStatus
from pkgredeem.exceptions import InvalidValueError

_NEW = PackageKind.NEW
_ACTIVE = PackageStatus.ACTIVE
_NEVER = datetime.max.replace(tzinfo=UTC)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What a package still gives: any one of its services, *remaining* times (T13, T14).

    Attributes:
        services: the ids of the services that one credit may pay for, one or more; any iterable.
        remaining: credits left, 0 or more, with the reserved ones taken off.
        id: its id inside the package; two entitlements of a package need ids of their own (D73).

    Raises:
        InvalidValueError: a field has the wrong type, the id is empty, no service is named, or the
            count is negative.

    Example:
        >>> Entitlement(services=["pedicure", "manicure"], remaining=3).id
        'main'
    """

    services: frozenset[str]
    remaining: int
    id: str = "main"

    if TYPE_CHECKING:

        def __init__(
            self, *, services: Iterable[str], remaining: int, id: str = "main"
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the services as a set."""
        check.put(
            self, "services", frozenset(check.identifiers("Entitlement.services", self.services))
        )
        check.whole("Entitlement.remaining", self.remaining, least=0)
        check.identifier("Entitlement.id", self.id)

    @property
    def has_credit(self) -> bool:
        """Whether at least one credit is left."""
        return self.remaining > 0


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
        name: what people call it; may be empty.

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
    name: str = ""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: str,
            client_id: str,
            entitlements: Iterable[Entitlement],
            kind: PackageKind = ...,
            status: PackageStatus = ...,
            sold_at: datetime | None = ...,
            valid_from: datetime | None = ...,
            valid_until: datetime | None = ...,
            priority: int = ...,
            name: str = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the entitlements as a tuple and instants in UTC."""
        check.identifier("Package.id", self.id)
        check.identifier("Package.client_id", self.client_id)
        entitlements = check.items("Package.entitlements", self.entitlements, Entitlement, least=1)
        check.unique("Package.entitlements", entitlements, _id_of)
        check.put(self, "entitlements", entitlements)
        check.member("Package.kind", self.kind, PackageKind)
        check.member("Package.status", self.status, PackageStatus)
        for name in ("sold_at", "valid_from", "valid_until"):
            moment = check.optional_instant(f"Package.{name}", getattr(self, name))
            check.put(self, name, moment)
        check.whole("Package.priority", self.priority)
        check.free_text("Package.name", self.name)
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
        for entitlement in self.entitlements:  # noqa: SIM110 - a generator costs three times as much
            if entitlement.has_credit:
                return True
        return False

    def is_active(self, client: Client, now: datetime) -> bool:
        """Tell whether it counts as an active package of this client at that instant (T10, D05)."""
        return (
            self.kind is _NEW
            and self.status is _ACTIVE
            and self.is_held_by(client)
            and self.is_sold_by(now)
            and self.is_valid_at(now)
            and self.has_credit
        )

    def entitlement(self, entitlement_id: str) -> Entitlement | None:
        """Return its entitlement of that id, or None."""
        for entitlement in self.entitlements:
            if entitlement.id == entitlement_id:
                return entitlement
        return None

    def with_returned(self, back: Mapping[tuple[str, str], int]) -> "Package":
        """Return the same package with credits back, counted by package and entitlement id."""
        places = [(self.id, entitlement.id) for entitlement in self.entitlements]
        if not any(place in back for place in places):
            return self
        restored = tuple(
            _replace_entitlement(entitlement, remaining=entitlement.remaining + back.get(place, 0))
            for place, entitlement in zip(places, self.entitlements, strict=True)
        )
        return _replace_package(self, entitlements=restored)


_replace_entitlement = unchecked_replace(Entitlement)
_replace_package = unchecked_replace(Package)


def checked_packages(field: str, packages: object) -> tuple[Package, ...]:
    """Return the packages as a tuple, each there only once (D27)."""
    found = check.items(field, packages, Package)
    check.unique(field, found, _id_of)
    return found


def _id_of(item: Entitlement | Package) -> str:
    return item.id


def package_rank(package: Package) -> tuple[int, datetime, datetime, str]:
    """Return the sort key of packages (D20, D22): the first in order is drawn on first."""
    return (
        -package.priority,
        package.valid_until or _NEVER,
        package.sold_at or _NEVER,
        package.id,
    )


def credit_rank(
    package: Package, entitlement: Entitlement
) -> tuple[int, datetime, int, datetime, str, str]:
    """Return the sort key of credits (D20): the first in order is drawn first."""
    return (
        -package.priority,
        package.valid_until or _NEVER,
        len(entitlement.services),
        package.sold_at or _NEVER,
        package.id,
        entitlement.id,
    )
