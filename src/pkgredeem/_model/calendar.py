"""The calendar of a time zone: local days, and the instants at which they begin.

Standard library only; the present is never read from it.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model.checks import CALENDAR, EARLIEST, LATEST
from pkgredeem.exceptions import InvalidValueError

_SECOND = timedelta(seconds=1)
_MIDNIGHT, _MIDNIGHT_AGAIN = time(), time(fold=1)


def last_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the `valid_until` of what may be used through a day, the whole of it (D26).

    For `valid_until`, `book_until` and the end of a `Pause`, which are instants and exclusive: the
    instant at which that day is over, whatever the clocks do around it.

    Args:
        day: the last valid day, a date without a time.
        zone: the time zone of the account.

    Returns:
        The first instant after the day, in UTC.

    Raises:
        InvalidValueError: an argument has the wrong type, or the day ends beyond the calendar, on
            9999-12-30 or later.

    Example:
        >>> from pkgredeem import Term
        >>> auckland = ZoneInfo("Pacific/Auckland")
        >>> last_day(date(2026, 9, 30), auckland).isoformat()
        '2026-09-30T11:00:00+00:00'
        >>> sold_on = date(2026, 3, 31)
        >>> last_day(Term(months=6).last_day(sold_on), auckland).astimezone(auckland).isoformat()
        '2026-10-01T00:00:00+13:00'
    """
    check.day("day", day)
    check.kind_of("zone", zone, ZoneInfo)
    over = end_of_day(day, zone)
    if over is None:
        raise InvalidValueError("day", day, f"a day that ends in the calendar, {CALENDAR}")
    return over


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on which an instant falls in a zone."""
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the first instant of a local day in UTC; None beyond the calendar (D26).

    Where a clock change skips the midnight it is the instant of the change.
    """
    midnight = datetime.combine(day, _MIDNIGHT, zone)
    try:
        # Read with the offset before the change, a skipped time is after it, and the other way.
        after = midnight.astimezone(UTC)
        before = datetime.combine(day, _MIDNIGHT_AGAIN, zone).astimezone(UTC)
    except OverflowError:
        return None
    moment = _change_between(before, after, midnight) if before < after else after
    return moment if EARLIEST <= moment <= LATEST else None


def end_of_day(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which a local day is over, so that it counts whole (D26).

    None beyond the calendar.
    """
    over = None if day == date.max else start_of_day(day + timedelta(days=1), zone)
    if over is None:
        return None
    # Where the clock is then set back into the day, it shows that midnight a second time.
    again = datetime.combine(day + timedelta(days=1), _MIDNIGHT_AGAIN, zone).astimezone(UTC)
    goes_back = again > over and local_day(again - timedelta(microseconds=1), zone) == day
    return again if goes_back else over


def _change_between(before: datetime, after: datetime, midnight: datetime) -> datetime:
    """Return the instant of the clock change that skips this local time, on a whole second."""
    wanted = midnight.replace(tzinfo=None)

    def is_past(second: int) -> bool:
        local = (before + timedelta(seconds=second)).astimezone(midnight.tzinfo)
        return local.replace(tzinfo=None) >= wanted

    # Where the clock is set on at midnight itself none of them is past it, and the end is left.
    seconds = range((after - before) // _SECOND)
    return before + timedelta(seconds=bisect_left(seconds, x=True, key=is_past))
