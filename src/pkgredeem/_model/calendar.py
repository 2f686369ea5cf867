"""The calendar of a time zone: local days, and the instants at which they begin.

Standard library only; the present is never read from it.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pkgredeem._model.checks import EARLIEST, LATEST

_SECOND = timedelta(seconds=1)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on which an instant falls in a zone."""
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the first instant of a local day in UTC; None beyond the calendar (D26).

    Where a clock change skips the midnight it is the instant of the change.
    """
    midnight = datetime.combine(day, time(), zone)
    try:
        # Read with the offset before the change, a skipped time is after it, and the other way.
        after, before = (midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        return None
    skipped = after.astimezone(zone).replace(tzinfo=None) != midnight.replace(tzinfo=None)
    moment = _change_between(before, after, midnight) if skipped else after
    return moment if EARLIEST <= moment <= LATEST else None


def end_of_day(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which a local day is over, so that it counts whole (D26).

    None beyond the calendar.
    """
    over = None if day == date.max else start_of_day(day + timedelta(days=1), zone)
    if over is None:
        return None
    # Where the clock is then set back into the day, it shows that midnight a second time.
    again = datetime.combine(day + timedelta(days=1), time(fold=1), zone).astimezone(UTC)
    goes_back = again > over and local_day(again - timedelta(microseconds=1), zone) == day
    return again if goes_back else over


def _change_between(before: datetime, after: datetime, midnight: datetime) -> datetime:
    """Return the instant of the clock change that skips this local time, on a whole second."""
    wanted = midnight.replace(tzinfo=None)

    def is_past(second: int) -> bool:
        local = (before + timedelta(seconds=second)).astimezone(midnight.tzinfo)
        return local.replace(tzinfo=None) >= wanted

    gap = (after - before) // _SECOND
    if not is_past(gap - 1):  # as where the clock is set on at midnight itself
        return after
    return before + timedelta(seconds=bisect_left(range(gap), x=True, key=is_past))
