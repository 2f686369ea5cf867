"""What people write about time, made into instants and elapsed time.

Instants and days in ISO 8601, terms such as "6 months", windows such as "24 hours", and the first
instant of a local day. Every function returns None for what is not allowed: the reader says why.
"""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.tz import datetime_exists

from pkgredeem import InvalidValueError
from pkgredeem._model import iso8601
from pkgredeem._model.account import LONGEST_WINDOW
from pkgredeem._model.checks import EARLIEST, LATEST

#: The longest term of a package, 100 years, in each unit.
LONGEST_TERM: Final = {"day": 36_500, "week": 5_200, "month": 1_200, "year": 100}

# Patterns without anchors, for `fullmatch` here and for the JSON Schema.
TERM: Final = r"([1-9][0-9]{0,4}) (day|week|month|year)s?"
WINDOW: Final = r"(0|[1-9][0-9]{0,5}) (minute|hour|day|week)s?"

AN_INSTANT: Final = (
    "an instant with its offset, such as 2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z"
)
A_DAY: Final = "a date as year, month and day, such as 2026-03-01"
A_TERM: Final = (
    'a whole number of days, weeks, months or years, such as "6 months", up to 100 years'
)
A_WINDOW: Final = (
    "a whole number of minutes, hours, days or weeks, "
    f'such as "24 hours", or seconds as "PT86400S", up to {LONGEST_WINDOW.days} days'
)

_TERMS: Final = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}
_UNITS: Final = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


def read_instant(text: str) -> datetime:
    """Return the instant that a text names, in UTC.

    Args:
        text: ISO 8601 with a `T` and an offset or `Z`; seconds may be left out, and have at most
            six decimal places, so that nothing is rounded. From 0001-01-02 to 9999-12-30 in UTC.

    Raises:
        InvalidValueError: the text is anything else, a time without an offset among them (D15).

    Example:
        >>> read_instant("2026-05-05T10:00+12:00").isoformat()
        '2026-05-04T22:00:00+00:00'
    """
    moment = iso8601.instant_of(text)
    if moment is None:
        raise InvalidValueError("instant", text, AN_INSTANT)
    return moment


def term_of(text: object) -> relativedelta | None:
    """Return the term that a text names, 1 day to 100 years."""
    match = re.fullmatch(TERM, text) if isinstance(text, str) else None
    if match is None or int(match[1]) > LONGEST_TERM[match[2]]:
        return None
    return int(match[1]) * _TERMS[match[2]]


def window_of(text: object) -> timedelta | None:
    """Return the elapsed time that a text names, 0 to 366 days; a day is 24 hours of it."""
    match = re.fullmatch(WINDOW, text) if isinstance(text, str) else None
    window = iso8601.elapsed_of(text) if match is None else int(match[1]) * _UNITS[match[2]]
    return window if window is not None and window <= LONGEST_WINDOW else None


def window_text(window: timedelta) -> str:
    """Return elapsed time as a text that `window_of` reads back equal, to the microsecond."""
    for unit in ("hour", "minute"):
        count, rest = divmod(window, _UNITS[unit])
        if not rest:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return iso8601.elapsed_text(window)


def last_day(day: date, term: relativedelta) -> date | None:
    """Return the last day of a term: the corresponding date, clamped to the month's end (D26)."""
    try:
        return day + term
    except (ValueError, OverflowError):  # after the year 9999
        return None


def start_of(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the first instant of a local day, in UTC, also where its midnight is skipped (D26)."""
    midnight = datetime.combine(day, time(), zone)
    try:
        moment = midnight.astimezone(UTC) if datetime_exists(midnight) else _after_gap(midnight)
    except OverflowError:
        return None
    return moment if EARLIEST <= moment <= LATEST else None


def end_of(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which a local day is over, so that it counts whole (D26)."""
    over = None if day == date.max else start_of(day + timedelta(days=1), zone)
    if over is None:
        return None
    # Where the clock is then set back into the day, it shows that midnight a second time.
    again = datetime.combine(day + timedelta(days=1), time(fold=1), zone).astimezone(UTC)
    goes_back = again > over and local_day(again - timedelta(microseconds=1), zone) == day
    return again if goes_back else over


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on which an instant falls in a zone."""
    return moment.astimezone(zone).date()


def _after_gap(midnight: datetime) -> datetime:
    """Return the instant of the clock change that skips this local time, on a whole second."""
    wanted = midnight.replace(tzinfo=None)
    # Read with the offset after the change, the skipped time is before it, and the other way round.
    earlier = midnight.replace(fold=1).astimezone(UTC)
    later = midnight.replace(fold=0).astimezone(UTC)

    def is_past(second: int) -> bool:
        local = (earlier + timedelta(seconds=second)).astimezone(midnight.tzinfo)
        return local.replace(tzinfo=None) >= wanted

    gap = (later - earlier) // timedelta(seconds=1)
    return earlier + timedelta(seconds=bisect_left(range(gap), x=True, key=is_past))
