"""The JSON form of what a redemption is made of: plain dicts, lists, texts, numbers and None.

Standard library only, so that a store can keep a redemption without any edge installed. Reading is
strict: an unknown key, a missing one or a wrong type is an `InvalidValueError` that names its
place.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model.account import CancellationTerms
from pkgredeem._model.booking import Booking, BookingLine, Service
from pkgredeem._model.words import CreditOutcome, PickedFrom
from pkgredeem.exceptions import InvalidValueError

_Word = TypeVar("_Word", bound=StrEnum)
_Read = TypeVar("_Read")
# What Python reads besides is rounded or looser than what is written here.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DURATION = re.compile(r"PT([0-9]{1,8})(?:\.([0-9]{6}))?S")


def members(place: str, found: object, keys: tuple[str, ...]) -> Mapping[str, object]:
    """Return the object at that place when it has exactly these keys."""
    if not isinstance(found, Mapping):
        raise InvalidValueError(place, found, "an object")
    held = cast("Mapping[object, object]", found)
    if set(held) != set(keys):
        raise InvalidValueError(
            place, sorted(map(str, held)), f"an object with exactly the keys {', '.join(keys)}"
        )
    return cast("Mapping[str, object]", found)


def read_all(place: str, found: object, read: Callable[[str, object], _Read]) -> tuple[_Read, ...]:
    """Return what *read* makes of each item of the list at that place."""
    if not isinstance(found, list):
        raise InvalidValueError(place, found, "a list")
    listed = cast("list[object]", found)
    return tuple(read(f"{place}[{index}]", each) for index, each in enumerate(listed))


def read_text(place: str, found: object) -> str:
    """Return the text at that place; it may be empty."""
    check.free_text(place, found)
    return cast("str", found)


def read_flag(place: str, found: object) -> bool:
    """Return the boolean at that place."""
    check.flag(place, found)
    return cast("bool", found)


def read_count(place: str, found: object) -> int:
    """Return the whole number at that place, 0 or more."""
    check.whole(place, found, least=0)
    return cast("int", found)


def read_word(place: str, found: object, words: type[_Word]) -> _Word:
    """Return the member of the enum whose word stands at that place."""
    if isinstance(found, str):
        try:
            return words(found)
        except ValueError:
            pass
    raise InvalidValueError(place, found, f"one of {', '.join(words)}")


def read_instant(place: str, found: object) -> datetime:
    """Return the instant at that place, written in ISO 8601 with an offset."""
    if isinstance(found, str) and _INSTANT.fullmatch(found) is not None:
        try:
            return check.instant(place, datetime.fromisoformat(found))
        except ValueError:
            pass
    raise InvalidValueError(place, found, "an ISO 8601 instant with its offset")


def read_optional_instant(place: str, found: object) -> datetime | None:
    """Return the instant at that place, or None."""
    return None if found is None else read_instant(place, found)


def write_zone(zone: ZoneInfo | None) -> str | None:
    """Return the zone's IANA name."""
    return None if zone is None else zone.key


def read_zone(place: str, found: object) -> ZoneInfo | None:
    """Return the zone of that IANA name, or None."""
    if found is None:
        return None
    if isinstance(found, str) and found:
        try:
            return ZoneInfo(found)
        except (ValueError, OSError, LookupError):
            pass
    raise InvalidValueError(place, found, "an IANA time zone name that this machine knows, or null")


def write_duration(elapsed: timedelta) -> str:
    """Return elapsed time as ISO 8601 seconds, such as PT86400S."""
    seconds, rest = divmod(elapsed, timedelta(seconds=1))
    return f"PT{seconds}.{rest.microseconds:06}S" if rest else f"PT{seconds}S"


def read_duration(place: str, found: object) -> timedelta:
    """Return the elapsed time at that place."""
    match = _DURATION.fullmatch(found) if isinstance(found, str) else None
    if match is None:
        raise InvalidValueError(place, found, "elapsed time in seconds, such as PT86400S")
    return timedelta(seconds=int(match[1]), microseconds=int(match[2] or 0))


def write_terms(terms: CancellationTerms | None) -> dict[str, object] | None:
    """Return the JSON form of cancellation terms."""
    if terms is None:
        return None
    return {
        "window": write_duration(terms.window),
        "late": terms.late.value,
        "no_show": None if terms.no_show is None else terms.no_show.value,
    }


def read_terms(place: str, found: object) -> CancellationTerms | None:
    """Return the cancellation terms at that place, or None."""
    if found is None:
        return None
    held = members(place, found, ("window", "late", "no_show"))
    no_show = held["no_show"]
    return CancellationTerms(
        window=read_duration(f"{place}.window", held["window"]),
        late=read_word(f"{place}.late", held["late"], CreditOutcome),
        no_show=None if no_show is None else read_word(f"{place}.no_show", no_show, CreditOutcome),
    )


def write_booking(booking: Booking) -> dict[str, object]:
    """Return the JSON form of a booking."""
    return {
        "id": booking.id,
        "starts_at": booking.starts_at.isoformat(),
        "lines": [
            {
                "service": {
                    "id": line.service.id,
                    "name": line.service.name,
                    "deposit_required": line.service.deposit_required,
                },
                "picked_from": line.picked_from.value,
                "payable": line.payable,
            }
            for line in booking.lines
        ],
    }


def read_booking(place: str, found: object) -> Booking:
    """Return the booking at that place."""
    held = members(place, found, ("id", "starts_at", "lines"))
    return Booking(
        id=read_text(f"{place}.id", held["id"]),
        starts_at=read_instant(f"{place}.starts_at", held["starts_at"]),
        lines=read_all(f"{place}.lines", held["lines"], _read_line),
    )


def _read_line(place: str, found: object) -> BookingLine:
    held = members(place, found, ("service", "picked_from", "payable"))
    service = members(f"{place}.service", held["service"], ("id", "name", "deposit_required"))
    deposit = service["deposit_required"]
    return BookingLine(
        Service(
            id=read_text(f"{place}.service.id", service["id"]),
            name=read_text(f"{place}.service.name", service["name"]),
            deposit_required=None
            if deposit is None
            else read_flag(f"{place}.service.deposit_required", deposit),
        ),
        picked_from=read_word(f"{place}.picked_from", held["picked_from"], PickedFrom),
        payable=read_flag(f"{place}.payable", held["payable"]),
    )
