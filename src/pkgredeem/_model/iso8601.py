"""The ISO 8601 that is read and written: instants, days, local times, elapsed seconds, zones.

Each pattern stands here once, for stored redemptions, case documents and their JSON Schema. Reading
returns None for everything else: the caller knows the place, and says what must stand there.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pkgredeem._model.checks import EARLIEST, LATEST, NOT_IANA

# Patterns without anchors. What Python reads besides is rounded or looser.
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_SECONDS_OF_A_MINUTE = r":[0-5][0-9](\.[0-9]{1,6})?"
_OFFSET = rf"(Z|[+-]{_CLOCK})"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT = rf"{DAY}T{_CLOCK}({_SECONDS_OF_A_MINUTE})?{_OFFSET}"
INSTANT_WITH_SECONDS = rf"{DAY}T{_CLOCK}{_SECONDS_OF_A_MINUTE}{_OFFSET}"
CLOCK_TIME = rf"{_CLOCK}({_SECONDS_OF_A_MINUTE})?"
ELAPSED = r"PT([0-9]{1,9})(?:\.([0-9]{1,6}))?S"


def _reader_of_instants(pattern: str) -> Callable[[object], datetime | None]:
    """Return what reads instants of that pattern.

    Most of what is read is such, so that the pattern is compiled, when the first is read.
    """
    matches: Callable[[str], object] | None = None

    def instant_of(text: object) -> datetime | None:
        """Return the instant that a text names, in UTC."""
        nonlocal matches
        if matches is None:
            matches = re.compile(pattern.replace("(", "(?:")).fullmatch
        if not isinstance(text, str) or matches(text) is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not UTC:
                moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):  # no such day, or beyond the calendar
            return None
        return moment if EARLIEST <= moment <= LATEST else None

    return instant_of


instant_of = _reader_of_instants(INSTANT)
instant_with_seconds_of = _reader_of_instants(INSTANT_WITH_SECONDS)


def day_of(text: object) -> date | None:
    """Return the date that a text names."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    # What Python reads besides it writes in another way.
    return day if day is not None and day.isoformat() == text else None


def clock_time_of(text: object) -> time | None:
    """Return the local time, without a zone, that a text names."""
    if not isinstance(text, str) or re.fullmatch(CLOCK_TIME, text) is None:
        return None
    return time.fromisoformat(text)


def elapsed_of(text: object) -> timedelta | None:
    """Return the elapsed time that a text such as PT86400S names."""
    match = re.fullmatch(ELAPSED, text) if isinstance(text, str) else None
    if match is None:
        return None
    microseconds = int((match[2] or "0").ljust(6, "0"))
    return timedelta(seconds=int(match[1]), microseconds=microseconds)


def elapsed_text(elapsed: timedelta) -> str:
    """Return elapsed time as seconds, such as PT86400S."""
    seconds, rest = divmod(elapsed, timedelta(seconds=1))
    return f"PT{seconds}.{rest.microseconds:06}S" if rest else f"PT{seconds}S"


def zone_of(name: object) -> ZoneInfo | None:
    """Return the time zone of an IANA name, when this machine knows it."""
    if not isinstance(name, str) or not name or name in NOT_IANA:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError, ImportError):
        return None
