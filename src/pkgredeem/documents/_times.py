"""What people write about time, made into values, and values written as people write them.

Instants in ISO 8601, terms such as "6 months", windows such as "24 hours", periods such as "week"
or "14 days". What reads returns None for what is not allowed: the reader says why.
"""

import re
from datetime import datetime, time, timedelta
from typing import Final

from pkgredeem import Days, InvalidValueError, Period, Term
from pkgredeem._model import iso8601
from pkgredeem._model.account import LONGEST_WINDOW
from pkgredeem._model.plans import MOST_DAYS, MOST_MONTHS
from pkgredeem._model.quotas import FEWEST_DAYS
from pkgredeem._model.quotas import MOST_DAYS as MOST_DAYS_IN_A_ROW
from pkgredeem.documents._problems import format_value

# Patterns without anchors, for `fullmatch` here and for the JSON Schema.
TERM: Final = r"([1-9][0-9]{0,4}) (day|week|month|year)s?"
WINDOW: Final = r"(0|[1-9][0-9]{0,6}) (minute|hour|day|week)s?"
DAYS_IN_A_ROW: Final = r"([1-9][0-9]{0,2}) days"

_IS_WINDOW: Final = re.compile(WINDOW).fullmatch

#: The days of the week, Monday first.
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

AN_INSTANT: Final = (
    "an instant with its offset, such as 2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z"
)
A_DAY: Final = "a date as year, month and day, such as 2026-03-01"
A_TERM: Final = (
    'a whole number of days, weeks, months or years, such as "6 months", up to 100 years'
)
A_PERIOD: Final = (
    f"one of {', '.join(map(format_value, Period))}, or days in a row, such as "
    f'"14 days", from {FEWEST_DAYS} to {MOST_DAYS_IN_A_ROW}'
)
A_CLOCK_TIME: Final = "a local time as hours and minutes, such as 09:00"

_UNITS_OF_TERMS: Final = {
    "day": ("days", 1, MOST_DAYS),
    "week": ("days", 7, MOST_DAYS),
    "month": ("months", 1, MOST_MONTHS),
    "year": ("months", 12, MOST_MONTHS),
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


def term_of(text: object) -> Term | None:
    """Return the term that a text names, 1 day to 100 years."""
    match = re.fullmatch(TERM, text) if isinstance(text, str) else None
    if match is None:
        return None
    unit, size, most = _UNITS_OF_TERMS[match[2]]
    count = int(match[1]) * size
    return Term(**{unit: count}) if count <= most else None


def term_text(term: Term) -> str:
    """Return a term as a text that `term_of` reads back equal."""
    count, unit = (term.days, "day") if term.days else (term.months, "month")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def period_of(text: object) -> Period | Days | None:
    """Return the period that a text names: one of the calendar, or so many days in a row."""
    match = re.fullmatch(DAYS_IN_A_ROW, text) if isinstance(text, str) else None
    if match is None:
        return Period(text) if isinstance(text, str) and text in {*Period} else None
    count = int(match[1])
    return Days(count) if FEWEST_DAYS <= count <= MOST_DAYS_IN_A_ROW else None


def elapsed_in_words(longest: timedelta) -> str:
    """Return what a text must be that names elapsed time up to *longest*."""
    return (
        "a whole number of minutes, hours, days or weeks, "
        f'such as "24 hours", or seconds as "PT86400S", up to {longest.days:,} days'
    )


def window_of(text: object, longest: timedelta = LONGEST_WINDOW) -> timedelta | None:
    """Return the elapsed time that a text names, 0 to *longest*; a day is 24 hours of it."""
    match = _IS_WINDOW(text) if isinstance(text, str) else None
    window = iso8601.elapsed_of(text) if match is None else int(match[1]) * _UNITS[match[2]]
    return window if window is not None and window <= longest else None


def window_text(window: timedelta) -> str:
    """Return elapsed time as a text that `window_of` reads back equal, to the microsecond."""
    for unit in ("hour", "minute"):
        count, rest = divmod(window, _UNITS[unit])
        if not rest:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return iso8601.elapsed_text(window)


def clock_time_text(clock_time: time) -> str:
    """Return a local time as people write it, with its seconds only where it has some."""
    has_seconds = clock_time.second or clock_time.microsecond
    return clock_time.isoformat("auto" if has_seconds else "minutes")
