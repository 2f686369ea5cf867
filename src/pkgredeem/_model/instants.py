"""Instants: some elapsed time before or after, and as people say them, such as "Tue 5 May 10:00".

English names, whatever the locale of the machine, so that the same decision reads the same
anywhere.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pkgredeem._model.checks import EARLIEST, LATEST

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def format_instant(moment: datetime, zone: ZoneInfo | None, *, year: int | None = None) -> str:
    """Return the instant as a person says it: whole seconds, and only where there are any.

    Args:
        moment: the instant, aware.
        zone: the zone to write it in; None writes it in UTC and says so.
        year: the year that is left out; any other is written.
    """
    local = moment.astimezone(UTC if zone is None else zone)
    parts = [f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"]
    if local.year != year:
        parts.append(f"{local.year:04}")
    parts.append(local.time().isoformat("seconds" if local.second else "minutes"))
    if zone is None:
        parts.append("UTC")
    elif _is_repeated(local):
        parts.append(local.strftime("%z"))
    return " ".join(parts)


def earlier(moment: datetime, elapsed: timedelta) -> datetime:
    """Return the instant that much elapsed time before, but not before the calendar begins."""
    return moment - elapsed if moment - EARLIEST > elapsed else EARLIEST


def later(moment: datetime, elapsed: timedelta) -> datetime:
    """Return the instant that much elapsed time after, but not after the calendar ends."""
    return moment + elapsed if LATEST - moment > elapsed else LATEST


def with_name(identifier: str, name: str) -> str:
    """Return a thing as staff know it: its name with its id, or the id alone (D72)."""
    return f"{name} ({identifier})" if name else identifier


def _is_repeated(local: datetime) -> bool:
    """Tell whether the clock shows this time twice on that day."""
    other = local.replace(fold=1 - local.fold)
    gap: timedelta | None = other.utcoffset()
    return gap != local.utcoffset()
