"""How a case that a package can pay for is grown: the plain part, before anything refuses it.

Everything happens in 2026 or at its end, or around 29 February 2024. Instants are chosen where
answers turn: at the cut-off, at the ends of a validity, at clock changes and inside repeated hours,
at midnight, where months and the year end.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pkgredeem as p
from pkgredeem.testing.cases._choices import Choices, chance, pick

#: Services that packages may hold, and one that no package ever holds.
PACKAGE_SERVICES: Final = ("facial", "massage", "manicure", "pedicure")
OTHER_SERVICE: Final = "sauna"
UNCOVERED_SERVICE: Final = "haircut"
CLIENT: Final = "ana"
BOOKING: Final = "b1"
STRANGER: Final = "kim"
#: The package that can pay for every line.
FIRST: Final = "p1"
TICK: Final = timedelta(microseconds=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

#: Days of activation that start switched on and that do not: of both editions the day of the
#: automatic start, the day before and the day after.
DAYS_ON: Final = tuple(date(2026, 4, day) for day in (30, 29, 28, 1))
DAYS_OFF: Final = (None, date(2026, 2, 1), date(2026, 3, 30), date(2026, 3, 31))

#: The clock changes of 2026 in each zone; the second hour of those in autumn is a repeated one.
CLOCK_CHANGES: Final = {
    "Pacific/Auckland": ("2026-04-04T14:00+00:00", "2026-09-26T14:00+00:00"),
    "Europe/London": ("2026-03-29T01:00+00:00", "2026-10-25T01:00+00:00"),
    "America/New_York": ("2026-03-08T07:00+00:00", "2026-11-01T06:00+00:00"),
    # it skips and repeats the hour around midnight: a day that begins at 01:00, and one of 25 hours
    "Africa/Cairo": ("2026-04-23T22:00+00:00", "2026-10-29T21:00+00:00"),
    # it changes by half an hour
    "Australia/Lord_Howe": ("2026-10-03T15:30+00:00", "2026-04-04T15:00+00:00"),
}
#: Zones of accounts: none first, which is plainest, and one whose clocks never change.
ZONES: Final = (None, *CLOCK_CHANGES, "Asia/Kathmandu")
_AROUND: Final = tuple(halves * HOUR / 2 for halves in (0, 1, -1, 2, -2, 24, 48, 72))
_WINDOWS: Final = (DAY, 2 * DAY, 0 * DAY, 3 * HOUR / 2, 7 * DAY)
_LEADS: Final = (2 * DAY, DAY, 6 * HOUR, TICK, HOUR + HOUR / 2, 9 * DAY, 20 * DAY)
_FIRST_DAY: Final = datetime(2026, 2, 16)  # noqa: DTZ001  (local time of whichever zone)
_DAYS: Final = 277  # the last of them is 19 November
_TIMES: Final = (10, 9, 17, 12, 0, 23)
#: Days at which months turn, in a leap year and in 2026, and at which the year does.
_TURNING_DAYS: Final = (
    *(datetime(2024, 2, 28) + DAY * step for step in (1, 2, 0, 1, 2, 1, 2)),  # noqa: DTZ001  (local, as above)
    *(datetime(2026, month, 1) - DAY * step for month in (3, 5, 8) for step in (0, 1)),  # noqa: DTZ001 - local, as above
    *(datetime(2027, 1, 1) - DAY * step for step in (0, 1)),  # noqa: DTZ001  (local, as above)
)
#: What bookings and clients tell, whoever asks (D45).
_TOLD: Final[tuple[dict[str, str], ...]] = (
    *({}, {}, {}),
    {"place": "west"},
    {"place": "south", "staff": "jo"},
)


def plain_case(choices: Choices) -> p.Case:
    """Return a case that the rulebook of March finds eligible, boundaries on the good side."""
    zone_name = pick(choices, ZONES)
    starts_at = _some_start(choices, zone_name)
    terms = some_terms(choices)
    now = starts_at - _some_lead(choices, terms)
    lines = _some_lines(choices)
    return p.Case(
        account=_some_account(choices, None if zone_name is None else ZoneInfo(zone_name), terms),
        client=p.Client(
            id=CLIENT,
            logged_in=True,
            has_saved_card=chance(choices, 40),
            traits=pick(choices, _TOLD),
        ),
        packages=_covering_packages(choices, lines, now, starts_at),
        booking=p.Booking(
            id=BOOKING, lines=lines, starts_at=starts_at, traits=pick(choices, _TOLD)
        ),
        now=now,
        by=p.Actor.BUSINESS if chance(choices, 15) else p.Actor.CLIENT,
        note="front desk" if chance(choices, 15) else "",
    )


def some_terms(choices: Choices) -> p.CancellationTerms | None:
    """Return cancellation terms, or none."""
    if chance(choices, 25):
        return None
    window = pick(choices, _WINDOWS)
    late = pick(choices, (p.CreditOutcome.RETURN, p.CreditOutcome.FORFEIT))
    return p.CancellationTerms(
        window=window,
        late=late,
        no_show=pick(choices, (None, p.CreditOutcome.RETURN, p.CreditOutcome.FORFEIT)),
        tiers=_some_tiers(choices, window, late),
        changes_close=pick(
            choices, (0 * TICK, 0 * TICK, 0 * TICK, HOUR, TICK, window, window + HOUR)
        ),
    )


def _some_tiers(
    choices: Choices, window: timedelta, late: p.CreditOutcome
) -> tuple[tuple[timedelta, p.CreditOutcome], ...]:
    """Return up to two windows inside that one, none milder than the one before it (D61)."""
    inner = [shorter for shorter in (3 * HOUR, HOUR) if shorter < window]
    inner = inner[: pick(choices, (0, 0, 0, 1, 2))]
    last = (
        pick(choices, (p.CreditOutcome.FORFEIT, p.CreditOutcome.FORFEIT, late)) if inner else late
    )
    outcomes = (late, last)[-len(inner) :]
    return tuple(zip(inner, outcomes, strict=bool(inner)))


def _some_start(choices: Choices, zone_name: str | None) -> datetime:
    if zone_name is not None and zone_name in CLOCK_CHANGES and chance(choices, 40):
        change = datetime.fromisoformat(pick(choices, CLOCK_CHANGES[zone_name]))
        return change + pick(choices, _AROUND) - (TICK if chance(choices, 35) else 0 * TICK)
    day = _FIRST_DAY + choices.integer_below(_DAYS) * DAY
    if chance(choices, 20):
        day = pick(choices, _TURNING_DAYS)
    local = day + pick(choices, _TIMES) * HOUR
    if chance(choices, 10):
        local -= TICK
    zone = UTC if zone_name is None else ZoneInfo(zone_name)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _some_lead(choices: Choices, terms: p.CancellationTerms | None) -> timedelta:
    """Return how long before the start it is booked: often exactly at the cut-off, or beside it."""
    if terms is None or chance(choices, 55):
        return pick(choices, _LEADS)
    turns = (terms.window, terms.window, terms.windows[-1][0], terms.changes_close)
    return max(TICK, pick(choices, turns) + pick(choices, (0, 1, -1)) * TICK)


def _some_account(
    choices: Choices, zone: ZoneInfo | None, terms: p.CancellationTerms | None
) -> p.AccountSettings:
    chosen = not chance(choices, 12)
    return p.AccountSettings(
        activated_on=pick(choices, (*DAYS_OFF, *DAYS_ON) if chosen else DAYS_ON),
        online_redemption=True if chosen else None,
        client_login=pick(choices, (p.ClientLogin.OPTIONAL, p.ClientLogin.MANDATORY)),
        deposit_required=chance(choices, 40),
        card_capture=chance(choices, 50),
        cancellation=terms,
        time_zone=zone,
        week_starts=pick(choices, (1, 1, 1, 7, 2, 3, 4, 5, 6)),
    )


def _some_lines(choices: Choices) -> tuple[p.BookingLine, ...]:
    """Return one to four lines; the first is payable."""
    count = 1 + pick(choices, (0, 0, 0, 0, 1, 1, 2, 3))
    return tuple(
        some_line(
            choices, pick(choices, PACKAGE_SERVICES), payable=index == 0 or not chance(choices, 15)
        )
        for index in range(count)
    )


def some_line(choices: Choices, service_id: str, *, payable: bool) -> p.BookingLine:
    """Return a line of that service; what it costs in a unit that no package counts is nothing."""
    return p.BookingLine(
        p.Service(
            id=service_id,
            name=service_id.title() if chance(choices, 20) else "",
            deposit_required=pick(choices, (None, None, None, True, False)),
            costs=(("mile", 3),) if chance(choices, 8) else (),
        ),
        picked_from=p.PickedFrom.ADD_ON if chance(choices, 25) else p.PickedFrom.MENU,
        payable=payable,
        traits={"place": "east"} if chance(choices, 8) else {},
    )


def _covering_packages(
    choices: Choices, lines: tuple[p.BookingLine, ...], now: datetime, starts_at: datetime
) -> tuple[p.Package, ...]:
    """Return packages whose credits can pay for every payable line, often exactly."""
    services = [line.service.id for line in lines if line.payable]
    entitlements = _enough_entitlements(choices, services)
    packages = [
        p.Package(
            id=FIRST,
            client_id=CLIENT,
            entitlements=entitlements,
            sold_at=pick(choices, (None, now, now - TICK, now - HOUR, now - 20 * DAY)),
            valid_from=pick(choices, (None, starts_at, starts_at - TICK, now, now - 10 * DAY)),
            valid_until=pick(choices, (None, *(starts_at + far for far in (TICK, HOUR, 20 * DAY)))),
            priority=pick(choices, (0, 0, 1, -1)),
            name=pick(choices, ("", "", "", "Ten visits")),
            version=pick(choices, (None, None, 0, 7)),
        )
    ]
    if chance(choices, 15) and starts_at - now > TICK:
        packages.append(_package_not_active_yet(choices, entitlements, now, starts_at))
    for index in range(pick(choices, (0, 0, 0, 0, 0, 0, 0, 0, 1, 2))):
        extra = _unusable_package(choices, f"q{index}", now, starts_at)
        packages.insert(choices.integer_below(len(packages) + 1), extra)
    return tuple(packages)


def _enough_entitlements(choices: Choices, services: list[str]) -> tuple[p.Entitlement, ...]:
    """Return entitlements, overlapping or not, that can pay for each of these services once."""
    wanted: Counter[tuple[str, ...]] = Counter()
    for index, service in enumerate(services):
        following = services[(index + 1) % len(services)]
        wider = pick(
            choices, ((service,), (service, following), tuple(services), (service, OTHER_SERVICE))
        )
        wanted[tuple(sorted(set(wider)))] += 1
    if chance(choices, 15):
        wanted[OTHER_SERVICE,] += choices.integer_below(2)
    return tuple(
        p.Entitlement(
            services=together,
            remaining=count + pick(choices, (0, 0, 1, 4)),
            id="main" if index == 0 and not chance(choices, 20) else f"e{index}",
        )
        for index, (together, count) in enumerate(wanted.items())
    )


def _package_not_active_yet(
    choices: Choices, entitlements: tuple[p.Entitlement, ...], now: datetime, starts_at: datetime
) -> p.Package:
    """Return a package that is usable at the start and does not count as active now (D05)."""
    begins = pick(choices, (starts_at, now + TICK))
    package = p.Package(
        id="p0",
        client_id=CLIENT,
        entitlements=entitlements[: 1 + choices.integer_below(len(entitlements))],
        valid_until=pick(choices, (None, starts_at + TICK, starts_at + 20 * DAY)),
        priority=pick(choices, (0, 1)),
    )
    later = tuple(replace(entitlement, valid_from=begins) for entitlement in package.entitlements)
    return pick(
        choices,
        (
            replace(package, valid_from=begins),
            replace(package, entitlements=later),
            replace(package, pauses=(p.Pause(now - DAY, begins),)),
        ),
    )


def _unusable_package(
    choices: Choices, package_id: str, now: datetime, starts_at: datetime
) -> p.Package:
    """Return a package that neither pays nor counts: a note, and no more (D25)."""
    only = p.Entitlement(
        services=(pick(choices, PACKAGE_SERVICES),), remaining=1 + choices.integer_below(3)
    )
    package = p.Package(
        id=package_id, client_id=CLIENT, entitlements=(only,), priority=pick(choices, (0, 2))
    )
    soon, before = pick(choices, (TICK, DAY)), pick(choices, (0 * TICK, TICK, 10 * DAY))
    return pick(
        choices,
        (
            replace(package, client_id=STRANGER),
            replace(package, kind=p.PackageKind.LEGACY),
            replace(package, status=p.PackageStatus.ARCHIVED),
            replace(package, status=p.PackageStatus.SUSPENDED),
            replace(package, status=p.PackageStatus.VOID),
            replace(package, sold_at=now + soon),
            replace(package, valid_from=starts_at + soon),
            replace(package, valid_until=now - before),
            replace(package, book_until=now - before),
            replace(package, pauses=(p.Pause(now - before),)),
            replace(package, entitlements=(replace(only, valid_until=now - before),)),
            spent(package),
        ),
    )


def is_own(package: p.Package) -> bool:
    """Return whether the client holds the package, as the owner or with others (D59)."""
    return CLIENT in {package.client_id, *package.shared_with}


def spent(package: p.Package) -> p.Package:
    """Return the package with no credit left in it."""
    empty = tuple(replace(entitlement, remaining=0) for entitlement in package.entitlements)
    return replace(package, entitlements=empty)
