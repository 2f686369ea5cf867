"""What a case document looks like: one attrs class for each object in it.

The keys and words are those of the values, and a few more that people write: `sold_on`,
`valid_through` and `valid_for` beside the instants of a package. Each class makes its value.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, final
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
from pkgredeem.documents import _kinds as kind
from pkgredeem.documents import _times as times
from pkgredeem.documents._kinds import ListOf, OrNull, WrittenRedemption
from pkgredeem.documents._objects import Held, ObjectOf, Shape, given, spare
from pkgredeem.documents._problems import child

#: The format of a case document.
CASE_FORMAT: Final = "pkgredeem/1"


def _itself(raw: object) -> str | None:
    return raw if isinstance(raw, str) and raw else None


def _id_of(raw: object) -> str | None:
    return _itself(raw.get("id")) if isinstance(raw, dict) else None


def _entitlement_id_of(raw: object) -> str | None:
    """Return the id, or the one that an entitlement without an id gets from its services."""
    if not isinstance(raw, dict) or _id_of(raw) is not None or raw.get("id", "") != "":
        return _id_of(raw)
    services = raw.get("services")
    if not isinstance(services, list) or not all(map(_itself, services)):
        return None
    return "+".join(sorted(services)) or None


def _nothing(raw: object) -> None:
    """Answer that items have no key: any two may be the same."""


@final
@frozen(kw_only=True)
class CancellationShape(Shape[CancellationTerms]):
    """`account.cancellation`."""

    window: timedelta = given(kind.WINDOW)
    late: CreditOutcome = given(kind.word(CreditOutcome))
    no_show: CreditOutcome | None = spare(OrNull(kind.word(CreditOutcome)), None)

    def value(self) -> CancellationTerms:
        """Return the terms."""
        return CancellationTerms(window=self.window, late=self.late, no_show=self.no_show)


@final
@frozen(kw_only=True)
class AccountShape(Shape[AccountSettings]):
    """`account`; it stands before everything that asks for its time zone."""

    activated_on: date | None = spare(OrNull(kind.DAY), None)
    online_redemption: bool | None = spare(OrNull(kind.FLAG), None)
    client_login: ClientLogin = spare(kind.word(ClientLogin), ClientLogin.DISABLED)
    package_kind: PackageKind = spare(kind.word(PackageKind), PackageKind.NEW)
    deposit_required: bool = spare(kind.FLAG, default=False)
    card_capture: bool = spare(kind.FLAG, default=False)
    cancellation: CancellationTerms | None = spare(OrNull(ObjectOf(CancellationShape)), None)
    time_zone: ZoneInfo | None = spare(OrNull(kind.ZONE), None)

    @classmethod
    def settle(cls, held: Held) -> None:
        """Hand on the time zone."""
        if "time_zone" in held.values:
            held.reading.zone = held.get("time_zone", ZoneInfo)

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
    """`client`; the id of a guest is null, and said to be."""

    id: str | None = given(OrNull(kind.NAME))
    logged_in: bool = spare(kind.FLAG, default=False)
    has_saved_card: bool = spare(kind.FLAG, default=False)

    @classmethod
    def settle(cls, held: Held) -> None:
        """Refuse a guest who is logged in."""
        if held.get("logged_in", bool) and "id" in held.values and not held.has("id"):
            held.refuse("logged_in", "false for a guest, or the id of the client")

    def value(self) -> Client:
        """Return the client."""
        return Client(id=self.id, logged_in=self.logged_in, has_saved_card=self.has_saved_card)


@final
@frozen(kw_only=True)
class EntitlementShape(Shape[Entitlement]):
    """`packages[].entitlements[]`."""

    services: tuple[str, ...] = given(ListOf(kind.NAME, 1, _itself, "", "each service only once"))
    remaining: int = given(kind.COUNT)
    id: str = spare(kind.FREE_TEXT, "")

    def value(self) -> Entitlement:
        """Return the entitlement."""
        return Entitlement(services=self.services, remaining=self.remaining, id=self.id)


_ENTITLEMENTS: Final = ListOf(
    ObjectOf(EntitlementShape),
    1,
    _entitlement_id_of,
    ".id",
    "an id that no other entitlement of the package has",
)


@final
@frozen(kw_only=True)
class PackageShape(Shape[Package]):
    """`packages[]`; the day of sale and the last valid day may be given as people write them."""

    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("sold_at", "sold_on"),
        ("valid_until", "valid_through", "valid_for"),
    )

    id: str = given(kind.NAME)
    client_id: str = given(kind.NAME)
    entitlements: tuple[Entitlement, ...] = given(_ENTITLEMENTS)
    kind: PackageKind = spare(kind.word(PackageKind), PackageKind.NEW)
    status: PackageStatus = spare(kind.word(PackageStatus), PackageStatus.ACTIVE)
    sold_at: datetime | None = spare(OrNull(kind.INSTANT), None)
    sold_on: date | None = spare(OrNull(kind.DAY), None)
    valid_from: datetime | None = spare(OrNull(kind.INSTANT), None)
    valid_until: datetime | None = spare(OrNull(kind.INSTANT), None)
    valid_through: date | None = spare(OrNull(kind.DAY), None)
    valid_for: relativedelta | None = spare(OrNull(kind.TERM), None)
    priority: int = spare(kind.WHOLE, 0)
