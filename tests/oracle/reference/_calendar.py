"""Local days and times; without a time zone nobody can look at one (D46)."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ._errors import INVALID, NamedError

if TYPE_CHECKING:
    from ._filled import Doc


def local(at: datetime, zone: str | None) -> datetime:
    """Give what clocks show at an instant in a zone, as a plain local time."""
    if zone is None:
        raise NamedError(INVALID)
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def known_zone(zone: str | None) -> str | None:
    """Give a zone's key, or None where this machine doesn't know it (D76)."""
    try:
        return zone and ZoneInfo(zone).key
    except ZoneInfoNotFoundError:
        return None


def start_of_day(day: date, zone: str | None) -> datetime:
    """Give the first instant of a local day, or where its midnight is skipped the first after."""
    if zone is None:
        raise NamedError(INVALID)
    midnight = datetime.combine(day, time())
    late, early = (
        midnight.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if local(late, zone) == midnight:
        return late
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        early, late = (early, middle) if local(middle, zone) >= midnight else (middle, late)
    return late.replace(microsecond=0)


def last_day(term: Doc, first: date) -> date:
    """Give the last valid day of a term, clamped to the month's end (D26)."""
    if term.get("days"):
        return first + timedelta(days=term["days"])
    months = first.year * 12 + first.month - 1 + term["months"]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def is_inside(hours: Doc, shown: datetime) -> bool:
    """Judge whether hours hold a local time: `opens <= time < closes`, midnight without one."""
    closes = hours.get("closes")
    return (
        shown.isoweekday() in hours["days"]
        and time.fromisoformat(hours["opens"]) <= shown.time()
        and (closes is None or shown.time() < time.fromisoformat(closes))
    )


def is_one_of(days: list[str], shown: datetime) -> bool:
    """Judge whether a local time lies on one of the days."""
    return shown.date() in {date.fromisoformat(day) for day in days}
