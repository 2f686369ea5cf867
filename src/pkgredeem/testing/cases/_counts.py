"""What packages count: quotas, a term of first use, and units, met or missed (D41, D53 to D55)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

import pkgredeem as p
from pkgredeem.testing.cases import _eligible as plain
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._eligible import DAY, TICK
from pkgredeem.testing.cases._facts import with_each, with_own_packages, with_some_zone

_PERIODS: Final = (*p.Period, p.Days(14), p.Days(2), p.Days(7), p.Days(366))
_TERMS: Final = (p.Term(days=14), p.Term(months=1), p.Term(days=1), p.Term(months=12))
_LONGEST_MONTH: Final = 31
_USED: Final = (p.DrawState.RESERVED, p.DrawState.REDEEMED, p.DrawState.FORFEITED)
_MONTH: Final = _LONGEST_MONTH * DAY
#: Whose uses are counted: with a package that is shared, others' as well (D59).
_USERS: Final = (plain.CLIENT, plain.CLIENT, "ben", plain.STRANGER)


def quotas(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
    """Leave exactly so many places as there are lines, or one more; or none, or one too few."""
    case = with_some_zone(choices, case)
    per, name = pick(choices, _PERIODS), pick(choices, ("", "", "paid for"))
    inside, outside = _around(case, per)
    lines = sum(line.payable for line in case.booking.lines)
    taken = choices.integer_below(3) if inside else 0
    room = pick(choices, (lines, lines, lines + 1) if met else (0, 0, 0, 0, 0, max(lines - 1, 0)))
    quota = p.Quota(taken + room, per, name=name)
    starts = [pick(choices, inside)] * taken if taken else []
    if outside and chance(choices, 50):
        starts.append(pick(choices, outside))
    on_package = chance(choices, 50)
    roomy = (p.Quota(len(starts) + lines, p.Period.EVER),) if chance(choices, 15) else ()

    def change(package: p.Package) -> p.Package:
        counting = package.entitlements[:1] if on_package else package.entitlements
        uses = [
            _use(choices, f"u{held.id}{number}", held, at, per)
            for held in counting
            for number, at in enumerate(starts)
        ]
        of_package, of_credits = ((quota,), roomy) if on_package else ((), (quota, *roomy))
        limited = with_each(package, lambda entitlement: replace(entitlement, quotas=of_credits))
        return replace(limited, quotas=of_package, uses=tuple(uses), lasts=None)

    return with_own_packages(case, change, only_first=met)


def _use(
    choices: Choices, booking_id: str, held: p.Entitlement, at: datetime, per: object = None
) -> p.Use:
    return p.Use(
        booking_id=booking_id,
        line=choices.integer_below(2),
        entitlement_id=held.id,
        service_id=min(held.services),
        client_id=pick(choices, _USERS),
        starts_at=at,
        state=_USED[0] if per is p.Period.UPCOMING else pick(choices, _USED),
    )


def _around(case: p.Case, per: p.Period | p.Days) -> tuple[Sequence[datetime], Sequence[datetime]]:
    """Return starts that are counted together with that of the case, and others just beside."""
    start, now = case.booking.starts_at, case.now
    if per is p.Period.BOOKING:
        return (), (start,)
    if per is p.Period.EVER:
        return (start, now - DAY), ()
    if per is p.Period.UPCOMING:
        return (now + TICK, now + DAY), (now, now - DAY)
    first, last = _days_of(case.local(start).date(), per, case.account.week_starts)
    inside = (start, _local(case, first, time.min), _local(case, last, time.max))
    return inside, (_local(case, first - DAY, time.max), _local(case, last + DAY, time.min))


def _days_of(day: date, per: p.Period | p.Days, week_starts: int) -> tuple[date, date]:
    """Return the first and the last day that is counted together with that one."""
    if isinstance(per, p.Days):
        return day - (per.count - 1) * DAY, day + (per.count - 1) * DAY
    if per is p.Period.WEEK:
        first = day - (day.isoweekday() - week_starts) % 7 * DAY
        return first, first + 6 * DAY
    if per is p.Period.MONTH:
        return day.replace(day=1), (day.replace(day=1) + _MONTH).replace(day=1) - DAY
    return (day, day) if per is p.Period.DAY else (date(day.year, 1, 1), date(day.year, 12, 31))


def _local(case: p.Case, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=case.account.time_zone).astimezone(UTC)


def term_of_first_use(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
    """Start on the last day of the term or so early that a later use stays in, or a day beside."""
    case = with_some_zone(choices, case)
    day, lasts = case.local(case.booking.starts_at).date(), pick(choices, _TERMS)
    longest = lasts.days or lasts.months * _LONGEST_MONTH
    days = (day - number * DAY for number in range(longest, -1, -1))
    earliest = next(first for first in days if lasts.last_day(first) >= day)
    latest = lasts.last_day(day)
    if met:
        beyond = lasts.last_day(latest) + DAY
        used_on = pick(
            choices,
            ((earliest,), (latest,), (day,), (), (earliest, day), (day, latest), (latest, beyond)),
        )
    else:
        before, after = earliest - DAY, latest + DAY
        used_on = pick(choices, ((before,), (after,), (before, day), (latest, after)))
    clock = pick(choices, (time(12), time.min, time.max))

    def change(package: p.Package) -> p.Package:
        held = package.entitlements[0]
        uses = [
            _use(choices, f"u{number}", held, _local(case, used, clock))
            for number, used in enumerate(used_on)
        ]
        unlimited = with_each(package, lambda entitlement: replace(entitlement, quotas=()))
        return replace(unlimited, lasts=lasts, uses=tuple(uses), quotas=())

    return with_own_packages(case, change, only_first=met)


def units(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
    """Count minutes, points or more than one credit; where it is missed, no service says so."""
    unit = pick(choices, ("minute", "point", "credit") if met else ("minute", "point"))
    most = pick(choices, (2, 75))
    lines = tuple(
        replace(
            line,
            service=replace(
                line.service, costs=((unit, pick(choices, (most, most, 1))),) if met else ()
            ),
        )
        for line in case.booking.lines
    )
    more = pick(choices, (0, 1, most - 1))

    def counted(held: p.Entitlement) -> p.Entitlement:
        left = held.remaining
        return replace(
            held, unit=unit, remaining=left if left is p.UNLIMITED else left * most + more
        )

    booked = replace(case, booking=replace(case.booking, lines=lines))
    return with_own_packages(booked, lambda package: with_each(package, counted), only_first=met)


def one_unit_too_few(choices: Choices, case: p.Case) -> p.Case:
    """Leave one unit less than all lines together cost, in one entitlement for all (D43)."""
    unit, cost = pick(choices, ("minute", "point", "credit")), pick(choices, (2, 75))
    lines = tuple(
        replace(line, service=replace(line.service, costs=((unit, cost),)))
        for line in case.booking.lines
    )
    booked = [line.service.id for line in lines if line.payable] or [plain.PACKAGE_SERVICES[0]]
    only = p.Entitlement(services=booked, remaining=cost * len(booked) - 1, unit=unit)
    priced = replace(case, booking=replace(case.booking, lines=lines))
    return with_own_packages(priced, lambda package: replace(package, entitlements=(only,)))
