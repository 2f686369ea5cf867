"""How a case is grown that a package can pay for: the plain part, before anything is spoilt.

Everything happens in 2026, from January to mid-December. Instants are chosen where answers turn: at
the cut-off, at the ends of a validity, at clock changes and inside repeated hours, at midnight.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

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
    Service,
)
from pkgredeem.testing.cases._choices import Dice, chance, pick

#: Services that packages may hold, and one that no package ever holds.
HELD: Final = ("facial", "massage", "manicure", "pedicure")
OTHER: Final = "sauna"
NEVER_HELD: Final = "haircut"
CLIENT: Final = "ana"
STRANGER: Final = "kim"
TICK: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

#: Days of activation that start switched on and that do not: of both editions the day of the
#: automatic start, the day before and the day after.
DAYS_ON: Final = (date(2026, 7, 1), date(2026, 4, 30), date(2026, 4, 29), date(2026, 4, 1))
DAYS_OFF: Final = (None, date(2026, 2, 1), date(2026, 3, 30), date(2026, 3, 31))

_ZONES: Final = (None, "Pacific/Auckland", "Europe/London", "America/New_York")
#: The clock changes of 2026 in each zone; the second hour of those in autumn is a repeated one.
_CLOCK_CHANGES: Final = {
    "Pacific/Auckland": ("2026-04-04T14:00+00:00", "2026-09-26T14:00+00:00"),
    "Europe/London": ("2026-03-29T01:00+00:00", "2026-10-25T01:00+00:00"),
    "America/New_York": ("2026-03-08T07:00+00:00", "2026-11-01T06:00+00:00"),
}
_AROUND: Final = tuple(
    timedelta(minutes=minutes) for minutes in (0, 30, -30, 60, -60, 12 * 60, 24 * 60, 36 * 60)
)
_WINDOWS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (24 * 60, 48 * 60, 0, 90, 7 * 24 * 60)
)
_LEADS: Final = (2 * DAY, DAY, 6 * HOUR, TICK, HOUR + HOUR / 2, 9 * DAY, 20 * DAY)
_FIRST_DAY: Final = datetime(2026, 2, 16)  # noqa: DTZ001  (local time of whichever zone)
_DAYS: Final = 277  # the last of them is 19 November
_TIMES: Final = (10, 9, 17, 12, 0, 23)


def a_plain_case(dice: Dice) -> Case:
    """Return a case that the rulebook of March finds eligible, boundaries on the good side."""
    zone_name = pick(dice, _ZONES)
    starts_at = _a_start(dice, zone_name)
    terms = a_policy(dice)
    now = starts_at - _a_lead(dice, terms)
    lines = _some_lines(dice)
    return Case(
        account=_an_account(dice, None if zone_name is None else ZoneInfo(zone_name), terms),
        client=Client(id=CLIENT, logged_in=True, has_saved_card=chance(dice, 40)),
        packages=_covering(dice, lines, now, starts_at),
        booking=Booking(id="b1", lines=lines, starts_at=starts_at),
        now=now,
        by=Actor.BUSINESS if chance(dice, 15) else Actor.CLIENT,
        note="front desk" if chance(dice, 15) else "",
    )


def a_policy(dice: Dice) -> CancellationTerms | None:
    """Return cancellation terms, or none."""
    if chance(dice, 25):
        return None
    return CancellationTerms(
        window=pick(dice, _WINDOWS),
        late=pick(dice, (CreditOutcome.RETURN, CreditOutcome.FORFEIT)),
        no_show=pick(dice, (None, CreditOutcome.RETURN, CreditOutcome.FORFEIT)),
    )


def _a_start(dice: Dice, zone_name: str | None) -> datetime:
    if zone_name is not None and chance(dice, 30):
        change = datetime.fromisoformat(pick(dice, _CLOCK_CHANGES[zone_name]))
        return change + pick(dice, _AROUND) - (TICK if chance(dice, 35) else 0 * TICK)
    local = _FIRST_DAY + dice.below(_DAYS) * DAY + pick(dice, _TIMES) * HOUR
    if chance(dice, 10):
        local -= TICK
    zone = UTC if zone_name is None else ZoneInfo(zone_name)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _a_lead(dice: Dice, terms: CancellationTerms | None) -> timedelta:
    """Return how long before the start it is booked: often exactly at the cut-off, or beside it."""
    if terms is None or chance(dice, 55):
        return pick(dice, _LEADS)
    return max(TICK, terms.window + pick(dice, (0, 1, -1)) * TICK)


def _an_account(
    dice: Dice, zone: ZoneInfo | None, terms: CancellationTerms | None
) -> AccountSettings:
    chosen = not chance(dice, 35)
    return AccountSettings(
        activated_on=pick(dice, (*DAYS_OFF, *DAYS_ON) if chosen else DAYS_ON),
        online_redemption=True if chosen else None,
        client_login=pick(dice, (ClientLogin.OPTIONAL, ClientLogin.MANDATORY)),
        deposit_required=chance(dice, 40),
        card_capture=chance(dice, 50),
        cancellation=terms,
        time_zone=zone,
    )


def _some_lines(dice: Dice) -> tuple[BookingLine, ...]:
    """Return one to four lines; the first is payable."""
    count = 1 + pick(dice, (0, 0, 0, 0, 1, 1, 2, 3))
    return tuple(
        a_line(dice, pick(dice, HELD), payable=index == 0 or not chance(dice, 15))
        for index in range(count)
    )


def a_line(dice: Dice, service_id: str, *, payable: bool) -> BookingLine:
    """Return a line of that service."""
    return BookingLine(
        Service(
            id=service_id,
            name=service_id.title() if chance(dice, 5) else "",
            deposit_required=pick(dice, (None, None, None, True, False)),
        ),
        picked_from=PickedFrom.ADD_ON if chance(dice, 25) else PickedFrom.MENU,
        payable=payable,
    )


def _covering(
    dice: Dice, lines: tuple[BookingLine, ...], now: datetime, starts_at: datetime
) -> tuple[Package, ...]:
    """Return packages whose credits can pay for every payable line, often exactly."""
    entitlements = _enough_credits(dice, [line.service.id for line in lines if line.payable])
    packages = [
        Package(
            id="p1",
            client_id=CLIENT,
            entitlements=entitlements,
            sold_at=pick(dice, (None, now, now - TICK, now - HOUR, now - 20 * DAY)),
            valid_from=pick(dice, (None, starts_at, starts_at - TICK, now, now - 10 * DAY)),
            valid_until=pick(dice, (None, *(starts_at + far for far in (TICK, HOUR, 20 * DAY)))),
            priority=pick(dice, (0, 0, 1, -1)),
        )
    ]
    if chance(dice, 15) and starts_at - now > TICK:
        packages.append(_not_active_yet(dice, entitlements, now, starts_at))
    for index in range(pick(dice, (0, 0, 0, 0, 1, 1, 2))):
        extra = _of_no_use(dice, f"q{index}", now, starts_at)
        packages.insert(dice.below(len(packages) + 1), extra)
    return tuple(packages)


def _enough_credits(dice: Dice, services: list[str]) -> tuple[Entitlement, ...]:
    """Return entitlements, overlapping or not, that can pay for each of these services once."""
    wanted: Counter[tuple[str, ...]] = Counter()
    for index, service in enumerate(services):
        following = services[(index + 1) % len(services)]
        wider = pick(dice, ((service,), (service, following), tuple(services), (service, OTHER)))
        wanted[tuple(sorted(set(wider)))] += 1
    if chance(dice, 15):
        wanted[OTHER,] += dice.below(2)
    return tuple(
        Entitlement(
            services=together,
            remaining=count + pick(dice, (0, 0, 1, 4)),
            id="" if chance(dice, 80) else f"e{index}",
        )
        for index, (together, count) in enumerate(wanted.items())
    )


def _not_active_yet(
    dice: Dice, entitlements: tuple[Entitlement, ...], now: datetime, starts_at: datetime
) -> Package:
    """Return a package that is usable at the start and does not count as active now (D05)."""
    return Package(
        id="p0",
        client_id=CLIENT,
        entitlements=entitlements[: 1 + dice.below(len(entitlements))],
        valid_from=pick(dice, (starts_at, now + TICK)),
        valid_until=pick(dice, (None, starts_at + TICK, starts_at + 20 * DAY)),
        priority=pick(dice, (0, 1)),
    )


def _of_no_use(dice: Dice, package_id: str, now: datetime, starts_at: datetime) -> Package:
    """Return a package that neither pays nor counts: a note, and no more (D25)."""
    package = Package(
        id=package_id,
        client_id=CLIENT,
        entitlements=(Entitlement(services=(pick(dice, HELD),), remaining=1 + dice.below(3)),),
        priority=pick(dice, (0, 2)),
    )
    spent = tuple(replace(held, remaining=0) for held in package.entitlements)
    soon, before = pick(dice, (TICK, DAY)), pick(dice, (0 * TICK, TICK, 10 * DAY))
    return pick(
        dice,
        (
            replace(package, client_id=STRANGER),
            replace(package, kind=PackageKind.LEGACY),
            replace(package, status=PackageStatus.ARCHIVED),
            replace(package, sold_at=now + soon),
            replace(package, valid_from=starts_at + soon),
            replace(package, valid_until=now - before),
            replace(package, entitlements=spent),
        ),
    )
