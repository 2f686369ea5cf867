"""What a quota counts: how many uses lie in its period when a booking starts where it starts (D55).

Uses are counted by the local date of their start; a time zone is asked for only where a period of
the calendar is looked at.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from pkgredeem._model.case import Case
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.packages import Package
from pkgredeem._model.quotas import Days, Quota, Use
from pkgredeem._model.words import DrawState, Period

_RESERVED = DrawState.RESERVED


def uses_counted(case: Case, quota: Quota, uses: Sequence[Use]) -> int | None:
    """Return how many uses the quota counts beside the booking of the case.

    Of several days in a row it is the fullest such period that the booking lies in. None where the
    booking lies in no period of the quota, which then doesn't limit it.

    Raises:
        InvalidValueError: a period of the calendar is looked at, and the account has no time zone.
    """
    starts_at, now, per = case.booking.starts_at, case.now, quota.per
    if per is Period.BOOKING:
        return 0
    if per is Period.EVER:
        return len(uses)
    if per is Period.UPCOMING:
        if starts_at <= now:
            return None
        return sum(use.state is _RESERVED and use.starts_at > now for use in uses)
    day = case.local(starts_at).date()
    days = [case.local(use.starts_at).date() for use in uses]
    if isinstance(per, Days):
        return _most_in_a_row(days, day, per.count)
    week_starts = case.account.week_starts
    period = _period_of(day, per, week_starts)
    return sum(_period_of(other, per, week_starts) == period for other in days)


def quotas_on(
    case: Case, package: Package, entitlement: Entitlement
) -> Iterator[tuple[Quota, bool, int | None]]:
    """Yield what limits a credit, the package's own quotas first.

    Yields:
        Of each quota itself, whether it is the package's, and how many uses it counts.
    """
    for quota in package.quotas:
        yield quota, True, uses_counted(case, quota, package.uses)
    if entitlement.quotas:
        own = [use for use in package.uses if use.entitlement_id == entitlement.id]
        for quota in entitlement.quotas:
            yield quota, False, uses_counted(case, quota, own)


def _most_in_a_row(days: list[date], day: date, count: int) -> int:
    """Return how many of the days lie in the fullest row of so many days that holds *day*."""
    near = [other for other in days if abs((other - day).days) < count]
    firsts = [first for first in near if first <= day] + [day]
    return max(sum(0 <= (other - first).days < count for other in near) for first in firsts)


def _period_of(day: date, per: Period, week_starts: int) -> tuple[int, ...]:
    """Return what names the day, week, month or year that a day lies in."""
    if per is Period.WEEK:
        week = day.toordinal() - (day.isoweekday() - week_starts) % 7
        return (week,)
    if per is Period.DAY:
        return day.year, day.month, day.day
    return (day.year, day.month) if per is Period.MONTH else (day.year,)


def full_quota(
    case: Case,
    package: Package,
    entitlement: Entitlement,
    *,
    drawn_of_package: int = 0,
    drawn_of_entitlement: int = 0,
) -> dict[str, str | int] | None:
    """Return the facts of the first quota of a credit without a place left; None if all have one.

    Args:
        case: the case whose booking wants a place.
        package: the package.
        entitlement: the entitlement of it.
        drawn_of_package: how many other lines of the booking the package pays for.
        drawn_of_entitlement: how many of these the entitlement pays for.
    """
    # All of them are counted, so that a missing time zone is told whichever is full (D46).
    for quota, of_package, counted in tuple(quotas_on(case, package, entitlement)):
        drawn = drawn_of_package if of_package else drawn_of_entitlement
        if counted is not None and counted + drawn >= quota.most:
            return quota_facts(quota, counted + drawn)
    return None


def quota_facts(quota: Quota, used: int) -> dict[str, str | int]:
    """Return the facts of a quota: what is used, what there is, per what, and its name in words."""
    return {
        "used": used,
        "most": quota.most,
        "per": str(quota.per),
        "name": quota.name,
        "quota": str(quota),
    }
