"""What packages may ask of a case that it just fulfils, or just fails to: worked out by hand.

Nothing here names a rule or asks one: each row says of what kind it is, which fields of the
client's packages ask it, and whether a booking that was eligible without them is refused for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias, TypeVar

import pkgredeem as p
from pkgredeem import Period

_Row: TypeAlias = tuple[str, Mapping[str, Any], bool]
_Telling = TypeVar("_Telling", p.Booking, p.BookingLine, p.Client)

_TICK: Final = timedelta(microseconds=1)
_BESIDE: Final = (-_TICK, 0 * _TICK, _TICK)
_NOTHING: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
_OF_ENTITLEMENTS: Final = frozenset(("valid_from", "valid_until", "unit"))
_FORTNIGHT: Final = 14
#: With more lines, a quota that binds is not promised an answer (D64).
_MOST_LINES: Final = 8


def asking(case: p.Case, asked: Mapping[str, Any]) -> p.Case:
    """Return the case with these fields of the client's packages, and a trait told three times.

    A validity and a unit are those of their entitlements, as where a rule says what it reads.
    """
    of_credits = {name: asked[name] for name in asked if name in _OF_ENTITLEMENTS}
    of_packages = {name: asked[name] for name in asked if name not in {"only", *of_credits}}

    def change(package: p.Package) -> p.Package:
        entitlements = (replace(held, **of_credits) for held in package.entitlements)
        return replace(package, entitlements=tuple(entitlements), **of_packages)

    def telling(item: _Telling, text: str) -> _Telling:
        return replace(item, traits=tuple({**dict(item.traits), "kit": text}.items()))

    booking = telling(case.booking, "booking")
    return replace(
        case,
        client=telling(case.client, "client"),
        packages=tuple(
            change(package) if package.is_held_by(case.client) else package
            for package in case.packages
        ),
        booking=replace(booking, lines=tuple(telling(line, "line") for line in booking.lines)),
        only=asked.get("only", case.only),
    )


def asked_by_hand(case: p.Case) -> Iterator[_Row]:
    """Yield of what kind something is, which fields ask it, and whether it refuses."""
    start, now = case.booking.starts_at, case.now
    yield "void", {"status": p.PackageStatus.VOID}, True
    yield "suspended", {"status": p.PackageStatus.SUSPENDED}, True
    yield "unit", {"unit": "kit"}, True
    yield "pick", {"only": [package.id for package in case.packages]}, False
    yield "pick", {"only": ["none of them"]}, True
    for step in _BESIDE:
        before, after = step < _NOTHING, step > _NOTHING
        yield "end of booking", {"book_until": now + step}, not after
        yield "pause", {"pauses": [p.Pause(start + step)]}, not after
        yield "pause", {"pauses": [p.Pause(start - _DAY, start + step)]}, after
        yield "begin", {"valid_from": start + step, "valid_until": None}, after
        yield "end", {"valid_from": None, "valid_until": start + step}, not after
        left = start - now + step
        if left >= _NOTHING:
            yield "least notice", _restricted(min_notice=left), after
            yield "most notice", _restricted(max_notice=left), before
    for name, text in (("kit", "booking"), ("kit", "client"), ("kit too", "line")):
        yield "trait", _restricted(traits={name: [text]}), True
    yield "trait", _restricted(traits={"kit": ["line", "booking"]}), False
    lines = sum(line.payable for line in case.booking.lines)
    if lines <= _MOST_LINES:
        yield from _quotas(case, lines)
    if case.account.time_zone is not None:
        yield from _hours_and_days(case.local(start).replace(tzinfo=None))
        yield from _local_uses(case, lines if lines <= _MOST_LINES else 0)


def _restricted(**fields: Any) -> Mapping[str, Any]:  # noqa: ANN401  (of `Restrictions`)
    return {"restrictions": p.Restrictions(**fields)}


def _hours_and_days(start: datetime) -> Iterator[_Row]:
    """Yield what is asked of a start in the account's own time (D46, D47)."""
    for days in (-1, 0, 1):
        yield "days", _restricted(not_on=[start.date() + days * _DAY]), days == 0
    for step in _BESIDE:
        bound, weekday = (start + step).time(), (start + step).isoweekday()
        opening = _restricted(hours=[p.Hours(days=[weekday], opens=bound)])
        yield "hours", opening, step > _NOTHING or weekday != start.isoweekday()
        if bound > time():
            closing = _restricted(hours=[p.Hours(days=[weekday], opens=time(), closes=bound)])
            yield "hours", closing, step <= _NOTHING


def _quotas(case: p.Case, lines: int) -> Iterator[_Row]:
    """Yield quotas for so many lines that need no calendar, full and with just enough room."""
    start, now = case.booking.starts_at, case.now
    yield "quota", _capped(lines, Period.BOOKING, []), False
    yield "quota", _capped(0, Period.BOOKING, []), True
    yield "quota", _capped(lines, Period.EVER, []), False
    yield "quota", _capped(lines, Period.EVER, [start] * lines), True
    if start > now:
        yield "quota", _capped(lines, Period.UPCOMING, [now] * lines), False
        yield "quota", _capped(lines, Period.UPCOMING, [now + _TICK] * lines), True
        done = _capped(lines, Period.UPCOMING, [start] * lines, p.DrawState.REDEEMED)
        yield "quota", done, False


def _local_uses(case: p.Case, lines: int) -> Iterator[_Row]:
    """Yield quotas that are full, or not, by local days; and terms that a use begins (D53, D55)."""
    day = case.local(case.booking.starts_at).date()
    week = day - (day.isoweekday() - case.account.week_starts) % 7 * _DAY
    for per, first, last in (
        (Period.DAY, day, day),
        (Period.WEEK, week, week + 6 * _DAY),
        (Period.MONTH, day.replace(day=1), None),
        (Period.YEAR, day.replace(month=1, day=1), None),
        (p.Days(_FORTNIGHT), day - 13 * _DAY, day + 13 * _DAY),
    ):
        ends = [(first, time.min, True), (first - _DAY, time.max, False)]
        if last is not None:
            ends += [(last, time.max, True), (last + _DAY, time.min, False)]
        for used_on, clock, counts in ends if lines else ():
            uses = [_local(case, used_on, clock)] * lines
            yield "quota", _capped(lines, per, uses), counts
    for days, refuses in ((-15, True), (-14, False), (14, False), (15, True)):
        at = _local(case, day + days * _DAY, time.min)
        term = {"lasts": p.Term(days=_FORTNIGHT), "uses": [_use(at)], "quotas": ()}
        yield "term of first use", term, refuses


def _local(case: p.Case, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=case.account.time_zone)


def _capped(
    most: int,
    per: Period | p.Days,
    starts: list[datetime],
    state: p.DrawState = p.DrawState.RESERVED,
) -> Mapping[str, Any]:
    return {
        "quotas": [p.Quota(most, per)],
        "uses": [_use(at, state) for at in starts],
        "lasts": None,
    }


def _use(at: datetime, state: p.DrawState = p.DrawState.RESERVED) -> p.Use:
    return p.Use(
        booking_id="kit",
        line=0,
        entitlement_id="kit",
        service_id="kit",
        client_id="kit",
        starts_at=at,
        state=state,
    )
