"""The points made into cases: one for each choice of facts, where the facts can be together."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Final, TypeVar, cast, final
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    CardCaptureOutcome,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    DepositOutcome,
    Draw,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    Service,
)
from pkgredeem.testing.comparison._facts import GROUPS, Point, facts

_Part = TypeVar("_Part")

NOW: Final = datetime(2026, 5, 4, 21, tzinfo=UTC)
_START: Final = NOW + timedelta(days=7)
_INSTANT: Final = timedelta(microseconds=1)
_WINDOW: Final = timedelta(hours=24)
# Its days of the calendar are not those of UTC.
_FAR_ZONE: Final = ZoneInfo("Pacific/Auckland")


@final
class Lattice:
    """The points, group by group, and the case of each."""

    def __init__(self, *dates: date | None) -> None:
        """Take the dates of the automatic start of the rulebooks that are asked."""
        self.facts = facts(dates)
        # Many points have the same parts: each is made once.
        self._made: dict[object, object] = {}

    def points(self, names: Iterable[str], base: Point | None = None) -> Iterator[Point]:
        """Yield all choices for the facts of these names, the others as in *base*, or plain."""
        wanted = set(names)
        plain = Point() if base is None else base
        yield from map(
            Point._make,
            product(
                *(
                    range(len(fact.values)) if name in wanted else (chosen,)
                    for name, fact, chosen in zip(Point._fields, self.facts, plain, strict=True)
                )
            ),
        )

    def cases(self) -> Iterator[Case]:
        """Yield every case of every group."""
        for names in GROUPS.values():
            for point in self.points(names):
                case = self.case(point)
                if case is not None:
                    yield case

    def case(self, point: Point) -> Case | None:
        """Return the case of that point, or None where the facts can't be together."""
        held = self._kept(_packages, point, point[_CLIENT:_LINES], point.start)
        return None if held is None else self._case(point, held)

    def cases_beside_a_plain_one(self) -> Iterator[Case]:
        """Yield every case of one package with a plain one beside it, which can pay or can't."""
        for point in self.points(GROUPS["package"]):
            case = self.case(point) if point.packages == 0 else None
            if case is not None:
                for beside in _BESIDE:
                    yield replace(case, packages=(*case.packages, beside))

    def calendar_cases(self) -> Iterator[Case]:
        """Yield the plain case at every hour of a week and in every month, far from UTC."""
        plain = self._case(Point(), _packages(Point()) or ())
        account = replace(plain.account, time_zone=_FAR_ZONE)
        for hours in (*range(1, 24 * 7 + 1), *range(24 * 28, 24 * 365, 24 * 28)):
            booking = replace(plain.booking, starts_at=NOW + timedelta(hours=hours))
            yield replace(plain, account=account, booking=booking)

    def _case(self, point: Point, held: tuple[Package, ...]) -> Case:
        return Case(
            account=self._kept(self._account, point, point[:_CLIENT], point[_DEPOSIT:]),
            client=self._kept(_client, point, point.client, point.saved_card),
            packages=held,
            booking=self._kept(
                _booking, point, point.packages, point[_CREDITS:_EXCHANGE], point.deposit
            ),
            now=NOW,
            existing=_existing(point.exchange),
            by=Actor.BUSINESS if point.exchange in _BY_BUSINESS else Actor.CLIENT,
        )

    def _kept(self, make: Callable[[Point], _Part], point: Point, *facts: object) -> _Part:
        """Return the part that those facts of the point choose, made at their first use."""
        key = (make, facts)
        if key not in self._made:
            self._made[key] = make(point)
        return cast("_Part", self._made[key])

    def _account(self, point: Point) -> AccountSettings:
        days = self.facts[Point._fields.index("activated")].days
        return AccountSettings(
            activated_on=None if point.activated == 0 else days[point.activated - 1],
            online_redemption=(True, False, None)[point.choice],
            client_login=_LOGINS[point.login],
            package_kind=_KINDS[point.account_kind],
            deposit_required=point.deposit in {1, 3},
            card_capture=point.card_capture == 1,
        )


_OTHER: Final = "brow-tint"
_BESIDE: Final = tuple(
    Package(id="p2", client_id="ana", entitlements=[Entitlement(services=[each], remaining=1)])
    for each in ("facial", _OTHER)
)
_LOGINS: Final = (ClientLogin.OPTIONAL, ClientLogin.MANDATORY, ClientLogin.DISABLED)
_KINDS: Final = (PackageKind.NEW, PackageKind.LEGACY)
_STATUSES: Final = (PackageStatus.ACTIVE, PackageStatus.ARCHIVED)
_BY_BUSINESS: Final = frozenset({3, 5})
_GUEST: Final = 2
_TWO: Final = 1
_ANOTHERS: Final = 2
_NONE_HELD: Final = 3
_TOO_FEW: Final = 1
# Facts of packages: without a package there are none.
_OF_PACKAGES: Final = range(Point._fields.index("sold"), Point._fields.index("lines"))
_CLIENT: Final = Point._fields.index("client")
_LINES: Final = Point._fields.index("lines")
_CREDITS: Final = Point._fields.index("credits")
_EXCHANGE: Final = Point._fields.index("exchange")
_DEPOSIT: Final = Point._fields.index("deposit")


def _client(point: Point) -> Client:
    known = point.client != _GUEST
    return Client(
        id="ana" if known else None,
        logged_in=point.client == 0,
        has_saved_card=point.saved_card == 1,
    )


def _packages(point: Point) -> tuple[Package, ...] | None:
    if point.packages == _NONE_HELD:
        return None if any(point[place] for place in _OF_PACKAGES) else ()
    if point.client == _GUEST and point.packages != _ANOTHERS:
        return None
    start = _start(point)
    if start == NOW and 2 in {point.since, point.until}:  # noqa: PLR2004  (after now, by the start)
        return None
    since = (None, NOW, start, start + _INSTANT)[point.since]
    until = (None, start + _INSTANT, start, NOW)[point.until]
    if since is not None and until is not None and since >= until:
        return None
    first = Package(
        id="p1",
        client_id="eva" if point.packages == _ANOTHERS else "ana",
        entitlements=_entitlements(point.credits),
        kind=_KINDS[point.kind],
        status=_STATUSES[point.status],
        sold_at=(None, NOW, NOW + _INSTANT)[point.sold],
        valid_from=since,
        valid_until=until,
    )
    return (first, replace(first, id="p2")) if point.packages == _TWO else (first,)


def _entitlements(credits_left: int) -> tuple[Entitlement, ...]:
    facials = Entitlement(services=["facial"], remaining=(1, 1, 0, 0)[credits_left])
    masks = Entitlement(services=["mask"], remaining=1)
    return (facials, masks) if credits_left == 2 else (facials,)  # noqa: PLR2004  (other services)


def _start(point: Point) -> datetime:
    return _START if point.start == 0 else NOW


def _booking(point: Point) -> Booking:
    asked = (None, None, True, False)[point.deposit]
    facial = BookingLine(Service(id="facial", deposit_required=asked))
    other = BookingLine(Service(id=_OTHER, deposit_required=asked))
    free = replace(facial, payable=False)
    short = point.packages + 2 if point.credits == _TOO_FEW and point.packages <= _TWO else 1
    lines = (
        (facial,) * short,
        (*(facial,) * short, free),
        (*(facial,) * short, other),
        (other,),
        (free,),
    )[point.lines]
    return Booking(id="b1", lines=lines, starts_at=_start(point))


def _existing(exchange: int) -> Redemption | None:
    """Return the booking that is exchanged; its credit is of a package that is not handed in."""
    if exchange == 0:
        return None
    has_started = exchange in {4, 5}
    cut_off = NOW if exchange == 1 else NOW - _INSTANT
    starts_at = NOW if has_started else cut_off + _WINDOW
    terms = CancellationTerms(window=_WINDOW, late=CreditOutcome.FORFEIT)
    return Redemption(
        booking=Booking.of(Service(id="facial"), id="b0", starts_at=starts_at),
        client_id="ana",
        starts_at=starts_at,
        draws=(Draw(line=0, package_id="p0", entitlement_id="facial", service_id="facial"),),
        terms=None if has_started else terms,
        free_until=None if has_started else cut_off,
        deposit=DepositOutcome.NOT_REQUIRED,
        card_capture=CardCaptureOutcome.NOT_REQUIRED,
        rulebook="timely-2026-03",
        booked_at=NOW - timedelta(days=30),
        time_zone=None,
        version=1,
    )
