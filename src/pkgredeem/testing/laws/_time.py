"""The laws of time: instants and zones, and what may not depend on them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import Case, Decision, InvalidValueError, RedemptionPolicy
from pkgredeem.testing.cases._leaves import in_zone, instants_of, moved, reads_the_calendar
from pkgredeem.testing.laws._differences import difference
from pkgredeem.testing.laws._law import decided, is_shipped, law

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
_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta(0)
#: At noon, from which half an offset leads to neither another day in UTC nor in the zone.
_TURNING_DAYS: Final = (
    datetime(2024, 2, 29, 12, tzinfo=UTC),
    datetime(2024, 1, 31, 12, tzinfo=UTC),
)
_SHIFTS: Final = (timedelta(hours=5, microseconds=1), -3 * _DAY)


@law("the same instant in another zone changes nothing")
def same_instants(policy: RedemptionPolicy, case: Case) -> str | None:
    """Every instant written in another time zone gives the same decision (D15)."""
    first = decided(policy, case)
    for name in _WRITTEN_IN:
        zone = ZoneInfo(name)
        written = moved(case, lambda at, zone=zone: at.astimezone(zone))  # type: ignore[misc]
        found = difference(first, decided(policy, written))
        if found is not None:
            return f"with instants written in {name}: {found}"
    return None


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
        shift = offset - (there or _NOTHING)
        elsewhere = shifted(case, shift)
        if elsewhere is not None and _one_offset(instants_of(elsewhere), other) == offset - shift:
            found = difference(first, _taken_back(policy, in_zone(elsewhere, other), shift))
            if found is not None:
                return f"at the same local times in {name}: {found}"
    return None


@law("shifting every instant alike changes nothing else", is_shipped)
def shifted_alike(policy: RedemptionPolicy, case: Case) -> str | None:
    """Under the shipped rulebooks, only the order of instants and the time between them count.

    Cases are left out in which a package asks for an hour or a day, or counts by the calendar.
    """
    if reads_the_calendar(case):
        return None
    first = decided(policy, case)
    for shift in _SHIFTS:
        later = shifted(case, shift)
        found = None if later is None else difference(first, _taken_back(policy, later, shift))
        if found is not None:
            return f"with every instant shifted by {shift}: {found}"
    return None


def on_turning_days(case: Case) -> Iterator[Case]:
    """Yield the case moved so that each of its instants lies on 29 February, then on 31 January.

    There a date of the next month, or of another year, may not exist. It is the same day in the
    account's zone as in UTC.
    """
    activated = replace(case.account, activated_on=_TURNING_DAYS[0].date())
    yield replace(case, account=activated)
    now, start = case.now, case.booking.starts_at
    others = set(instants_of(replace(case, existing=None)))
    for day, moments in zip(_TURNING_DAYS, (others, {now, start}), strict=True):
        for moment in sorted(moments):
            offset = moment.astimezone(case.account.time_zone or UTC).utcoffset() or _NOTHING
            turned = shifted(case, day - offset / 2 - moment)
            if turned is not None:
                yield turned


def _one_offset(moments: list[datetime], zone: ZoneInfo) -> timedelta | None:
    """Return the zone's offset when it is the same at all these instants."""
    offsets = {moment.astimezone(zone).utcoffset() for moment in moments}
    return offsets.pop() if len(offsets) == 1 else None


def shifted(case: Case, shift: timedelta) -> Case | None:
    """Return the case with every instant later by *shift*; None beyond the calendar."""
    try:
        return moved(case, lambda at: at + shift)
    except (OverflowError, InvalidValueError):
        return None


def _taken_back(policy: RedemptionPolicy, case: Case, shift: timedelta) -> Decision:
    """Return the decision about a case that was shifted, with its instants taken back."""
    return moved(decided(policy, case), lambda at: at - shift)
