"""The laws of time: instants and zones, boundaries, and what may not depend on them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import (
    Actor,
    Case,
    Decision,
    InvalidValueError,
    PackageKind,
    RedemptionPolicy,
    rules,
)
from pkgredeem.testing._differences import Moving, codes, difference, instants_of, with_instants
from pkgredeem.testing._law import decided, law
from pkgredeem.testing._laws_of_decisions import is_shipped

_ZONES: Final = (
    "UTC",
    "Pacific/Auckland",
    "America/New_York",
    "Europe/London",
    "Etc/GMT-12",
    "Etc/GMT+5",
    "Etc/GMT-1",
)
_WRITTEN_IN: Final = ("Pacific/Auckland", "Europe/London")
_TICK: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_SHIFTS: Final = (timedelta(hours=5, microseconds=1), -3 * _DAY)


@law("the same instant in another zone changes nothing")
def same_instants(policy: RedemptionPolicy, case: Case) -> str | None:
    """Every instant written in another time zone gives the same decision (D15)."""
    first = decided(policy, case)
    for name in _WRITTEN_IN:
        written = with_instants(case, _written_in(ZoneInfo(name)), case.account.time_zone)
        found = difference(first, decided(policy, written))
        if found is not None:
            return f"with instants written in {name}: {found}"
    return None


def _written_in(zone: ZoneInfo) -> Moving:
    return lambda at: at.astimezone(zone)


@law("the same local times in another zone give the same decision")
def same_local_times(policy: RedemptionPolicy, case: Case) -> str | None:
    """An account in another zone, where the clocks show the same times, gets the same decision.

    Cases are left out in which a clock change lies between two instants, in either zone: local and
    elapsed time can't both stay as they were.
    """
    zone = case.account.time_zone
    offset = None if zone is None else _one_offset(instants_of(case), zone)
    if offset is None:
        return None
    first = decided(policy, case)
    for name in _ZONES:
        other = ZoneInfo(name)
        there = case.now.astimezone(zone).replace(tzinfo=other).utcoffset()
        shift = offset - (there or _DAY)
        moved = _shifted(case, shift, other)
        if moved is not None and _one_offset(instants_of(moved), other) == offset - shift:
            found = difference(first, decided(policy, moved), shift)
            if found is not None:
                return f"at the same local times in {name}: {found}"
    return None


@law("shifting every instant alike changes nothing else", is_shipped)
def shifted_alike(policy: RedemptionPolicy, case: Case) -> str | None:
    """Under the shipped rulebooks, only the order of instants and the time between them count."""
    first = decided(policy, case)
    for shift in _SHIFTS:
        moved = _shifted(case, shift, case.account.time_zone)
        if moved is not None:
            found = difference(first, decided(policy, moved), shift)
            if found is not None:
                return f"with every instant shifted by {shift}: {found}"
    return None


@law("each boundary is decided at, just before and just after it")
def boundaries(policy: RedemptionPolicy, case: Case) -> str | None:
    """The codes mean what they say at their boundaries (D01, D05, D06, D09, D32).

    Asked of those shipped codes that are in force, at the start, at every end of a validity and at
    every sale, and on the day of the automatic start.
    """
    in_force = {rule.code for rule in policy.rulebook.rules}
    edges = {case.now, case.booking.starts_at}
    for package in case.packages:
        edges.update(at for at in (package.sold_at, package.valid_from, package.valid_until) if at)
    for now in sorted(edge + step for edge in edges for step in (-_TICK, 0 * _TICK, _TICK)):
        asked = replace(case, now=now)
        found = {each for each in _timely(decided(policy, asked)) if each[0] in in_force}
        wanted = {each for each in _by_hand(asked) if each[0] in in_force}
        if found != wanted:
            return f"at {now}: found {sorted(found - wanted)}, missing {sorted(wanted - found)}"
    return _around_the_automatic_start(policy, case)


def _around_the_automatic_start(policy: RedemptionPolicy, case: Case) -> str | None:
    after = policy.rulebook.starts_enabled_after
    code = rules.online_redemption_off.code
    if after is None or code not in {rule.code for rule in policy.rulebook.rules}:
        return None
    for days, off in ((-1, True), (0, True), (1, False)):
        account = replace(
            case.account,
            package_kind=PackageKind.NEW,
            online_redemption=None,
            activated_on=after + days * _DAY,
        )
        if (code in codes(decided(policy, replace(case, account=account)))) is not off:
            return (
                f"activated on {account.activated_on}, the switch should be o{'ff' if off else 'n'}"
            )
    return None


def _by_hand(asked: Case) -> Iterator[tuple[str, str]]:
    """Tell which findings about time the case should have."""
    case = asked.with_existing_returned()
    now, start, old = case.now, case.booking.starts_at, case.exchanged
    gone = old is not None and case.by is Actor.CLIENT and old.starts_at <= now
    if start <= now or gone:
        yield rules.appointment_started.code, ""
    for package in case.packages:
        until = package.valid_until
        if package.sold_at is not None and now < package.sold_at:
            yield rules.package_not_sold_yet.code, package.id
        if package.valid_from is not None and start < package.valid_from:
            yield rules.package_not_started.code, package.id
        if until is not None and until <= start:
            over = rules.package_over if until <= now else rules.package_over_by_then
            yield over.code, package.id
    if sum(each.is_active(case.client, now) for each in case.packages) > 1:
        yield rules.several_active_packages.code, ""


_TIMELY: Final = frozenset(
    rule.code
    for rule in (
        rules.appointment_started,
        rules.package_not_sold_yet,
        rules.package_not_started,
        rules.package_over,
        rules.package_over_by_then,
        rules.several_active_packages,
    )
)


def _timely(decision: Decision) -> set[tuple[str, str]]:
    return {(each.code, each.subject) for each in decision.findings if each.code in _TIMELY}


def _one_offset(moments: list[datetime], zone: ZoneInfo) -> timedelta | None:
    """Return the zone's offset when it is the same at all these instants."""
    offsets = {moment.astimezone(zone).utcoffset() for moment in moments}
    return offsets.pop() if len(offsets) == 1 else None


def _shifted(case: Case, shift: timedelta, zone: ZoneInfo | None) -> Case | None:
    """Return the case with every instant later by *shift*; None beyond the calendar."""
    try:
        return with_instants(case, lambda at: at + shift, zone)
    except (OverflowError, InvalidValueError):
        return None
