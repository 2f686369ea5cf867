"""What packages may ask of a case that it just fulfils, or just fails to: worked out by hand.

Nothing here names a rule or asks one: each row says of what kind it is, which fields of the
client's packages ask it, and whether a booking that was eligible without them is refused for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar, final

import pkgredeem as p
from pkgredeem import Period

_Telling = TypeVar("_Telling", p.Booking, p.BookingLine, p.Client)

_TICK: Final = timedelta(microseconds=1)
_NOTHING: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
_FORTNIGHT: Final = 14
#: With more lines, a quota that binds is not promised an answer (D64).
MOST_LINES: Final = 8


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something that is asked: by fields of packages, by fields of entitlements, or by the pick."""

    kind: str
    refuses: bool
    packages: Mapping[str, Any] = field(default_factory=dict[str, Any])
    entitlements: Mapping[str, Any] = field(default_factory=dict[str, Any])
    only: tuple[str, ...] = ()

    @property
    def asks(self) -> dict[str, Any]:
        """What is asked, by the names of the fields."""
        return {**self.packages, **self.entitlements, **({"only": self.only} if self.only else {})}


def asking(case: p.Case, row: Row) -> p.Case:
    """Return the case with what the row asks, and with a trait told three times."""

    def change(package: p.Package) -> p.Package:
        entitlements = (replace(held, **row.entitlements) for held in package.entitlements)
        return replace(package, entitlements=tuple(entitlements), **row.packages)

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
        only=frozenset(row.only) if row.only else case.only,
    )


def asked_by_hand(case: p.Case) -> Iterator[Row]:
    """Yield what may be asked: what is just fulfilled, and what just isn't."""
    start, now = case.booking.starts_at, case.now
    for kind, status in (("void", p.PackageStatus.VOID), ("suspended", p.PackageStatus.SUSPENDED)):
        yield Row(kind=kind, refuses=True, packages={"status": status})
    yield Row(kind="unit", refuses=True, entitlements={"unit": "kit"})
    yield Row(kind="pick", refuses=False, only=tuple(package.id for package in case.packages))
    yield Row(kind="pick", refuses=True, only=("none of them",))
    for step in (_NOTHING, _TICK):
        after = step > _NOTHING
        for kind, refuses, fields in (
            ("end of booking", not after, {"book_until": now + step}),
            ("pause", not after, {"pauses": [p.Pause(start + step)]}),
            ("pause", after, {"pauses": [p.Pause(start - _DAY, start + step)]}),
        ):
            yield Row(kind=kind, refuses=refuses, packages=fields)
        for kind, refuses, ends in (
            ("begin", after, {"valid_from": start + step, "valid_until": None}),
            ("end", not after, {"valid_from": None, "valid_until": start + step}),
        ):
            yield Row(kind=kind, refuses=refuses, entitlements=ends)
        if start > now:
            left = start - now
            yield from _restricted("least notice", refuses=after, min_notice=left + step)
            yield from _restricted("most notice", refuses=after, max_notice=left - step)
    for name, text in (("kit", "booking"), ("kit", "client"), ("kit too", "line")):
        yield from _restricted("trait", refuses=True, traits={name: [text]})
    yield from _restricted("trait", refuses=False, traits={"kit": ["a line", "line", "no line"]})
    lines = sum(line.payable for line in case.booking.lines)
    if lines <= MOST_LINES:
        yield from _quotas(case, lines)
    if case.account.time_zone is not None:
        yield from _hours_and_days(case.local(start).replace(tzinfo=None))
        yield from _terms_of_first_use(case)


def _restricted(kind: str, *, refuses: bool, **fields: Any) -> Iterator[Row]:  # noqa: ANN401  (of `Restrictions`)
    """Yield what a package asks and its entitlements don't, and the other way round (D45)."""
    asked, nothing = {"restrictions": p.Restrictions(**fields)}, {"restrictions": p.Restrictions()}
    for packages, entitlements in ((asked, nothing), (nothing, asked)):
        yield Row(kind=kind, refuses=refuses, packages=packages, entitlements=entitlements)


def _hours_and_days(start: datetime) -> Iterator[Row]:
    """Yield what is asked of a start in the account's own time (D46, D47)."""
    for days in (-1, 0, 1):
        left_out = [start.date() + days * _DAY]
        yield from _restricted("days", refuses=days == 0, not_on=left_out)
        hours = [p.Hours(days=[(start + days * _DAY).isoweekday()], opens=time())]
        yield from _restricted("hours", refuses=days != 0, hours=hours)
    midnight, begins, soon = time(), start.time(), start + _TICK
    bounds: list[tuple[time, time | None, bool]] = [(begins, None, False)]
    if begins > midnight:
        bounds.append((midnight, begins, True))
    if soon.date() == start.date():
        bounds += [(soon.time(), None, True), (midnight, soon.time(), False)]
    for opens, closes, refuses in bounds:
        hours = [p.Hours(days=[start.isoweekday()], opens=opens, closes=closes)]
        yield from _restricted("hours", refuses=refuses, hours=hours)


def _quotas(case: p.Case, lines: int) -> Iterator[Row]:
    """Yield quotas for so many lines: full, and with just enough room (D54, D55)."""
    start, now = case.booking.starts_at, case.now
    yield from _capped(case, lines, Period.BOOKING, None, refuses=False)
    yield from _capped(case, 0, Period.BOOKING, None, refuses=True)
    yield from _capped(case, lines, Period.EVER, None, refuses=False)
    for state in (p.DrawState.RESERVED, p.DrawState.REDEEMED, p.DrawState.FORFEITED):
        yield from _capped(case, lines, Period.EVER, start, state, refuses=True)
        if start > now:
            coming = state is p.DrawState.RESERVED
            yield from _capped(case, lines, Period.UPCOMING, start, state, refuses=coming)
    if start > now:
        yield from _capped(case, lines, Period.UPCOMING, now, refuses=False)
        yield from _capped(case, lines, Period.UPCOMING, now + _TICK, refuses=True)
    if case.account.time_zone is not None:
        for per, first, last in _periods(case):
            for day, clock, refuses in (
                (first, time.min, True),
                (first - _DAY, time.max, False),
                (last, time.max, True),
                (last + _DAY, time.min, False),
            ):
                yield from _capped(case, lines, per, _local(case, day, clock), refuses=refuses)
        yield from _on_both_sides(case, lines)


def _on_both_sides(case: p.Case, lines: int) -> Iterator[Row]:
    """Yield quotas that uses before and after the start fill within a fortnight, or a day longer.

    On either side alone is as much as leaves just enough room.
    """
    day, week, per = case.local(case.booking.starts_at).date(), 7 * _DAY, p.Days(_FORTNIGHT)
    before = _uses(case, _local(case, day - week, time(12))) * lines
    for last, refuses in ((day + week - _DAY, True), (day + week, False)):
        after = _uses(case, _local(case, last, time(12))) * lines
        nothing = {"quotas": ()}
        of_packages, of_each = ([p.Quota(used + lines, per)] for used in (len(before), lines))
        for packages, entitlements in (
            ({"quotas": of_packages}, nothing),
            (nothing, {"quotas": of_each}),
        ):
            fields = {**packages, "uses": before + after, "lasts": None}
            yield Row(kind="quota", refuses=refuses, packages=fields, entitlements=entitlements)


def _periods(case: p.Case) -> Iterator[tuple[Period | p.Days, date, date]]:
    """Yield periods with the first and the last day that count together with the start's."""
    day = case.local(case.booking.starts_at).date()
    week = day - (day.isoweekday() - case.account.week_starts) % 7 * _DAY
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    yield Period.DAY, day, day
    yield Period.WEEK, week, week + 6 * _DAY
    yield Period.MONTH, month, (month + 31 * _DAY).replace(day=1) - _DAY
    yield Period.YEAR, year, year.replace(month=12, day=31)
    yield p.Days(_FORTNIGHT), day - 13 * _DAY, day + 13 * _DAY


def _terms_of_first_use(case: p.Case) -> Iterator[Row]:
    """Yield terms of a fortnight that a use began, or that the start would begin (D53)."""
    day = case.local(case.booking.starts_at).date()
    for days, refuses in ((-15, True), (-14, False), (14, False), (15, True)):
        uses = _uses(case, _local(case, day + days * _DAY, time.min))
        term = {"lasts": p.Term(days=_FORTNIGHT), "uses": uses, "quotas": ()}
        nothing = {"quotas": ()}
        yield Row(kind="term of first use", refuses=refuses, packages=term, entitlements=nothing)


def _local(case: p.Case, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=case.account.time_zone)


def _capped(
    case: p.Case,
    most: int,
    per: Period | p.Days,
    used_at: datetime | None,
    state: p.DrawState = p.DrawState.RESERVED,
    *,
    refuses: bool,
) -> Iterator[Row]:
    """Yield a quota of each package, then of each entitlement, used up by uses like this."""
    uses = () if used_at is None else _uses(case, used_at, state) * most
    asked, nothing = {"quotas": [p.Quota(most, per)]}, {"quotas": ()}
    for packages, entitlements in ((asked, nothing), (nothing, asked)):
        fields = {**packages, "uses": uses, "lasts": None}
        yield Row(kind="quota", refuses=refuses, packages=fields, entitlements=entitlements)


def _uses(
    case: p.Case, at: datetime, state: p.DrawState = p.DrawState.RESERVED
) -> tuple[p.Use, ...]:
    """Return a use of each entitlement of the client's packages."""
    ids = {held.id for package in case.packages for held in package.entitlements}
    return tuple(
        p.Use(
            booking_id="kit",
            line=0,
            entitlement_id=entitlement_id,
            service_id="kit",
            client_id="kit",
            starts_at=at,
            state=state,
        )
        for entitlement_id in sorted(ids)
    )
