"""The JSON form of what a redemption is made of: plain dicts, lists, texts, numbers and None.

Standard library only, so that a store can keep a redemption without any edge installed. Reading is
strict: an unknown key, a missing one or a wrong type is an `InvalidValueError` that names its
place.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model import iso8601
from pkgredeem._model.account import CancellationTerms
from pkgredeem._model.booking import Booking, BookingLine, Service
from pkgredeem._model.words import CreditOutcome, PickedFrom
from pkgredeem.exceptions import InvalidValueError

_Word = TypeVar("_Word", bound=StrEnum)
_Read = TypeVar("_Read")


def read_object(place: str, value: object, keys: tuple[str, ...]) -> Mapping[str, object]:
    """Return the object at that place when it has exactly these keys."""
    if not isinstance(value, Mapping):
        raise InvalidValueError(place, value, "an object")
    names = set(cast("Mapping[object, object]", value))
    if names != set(keys):
        allowed = f"an object with exactly the keys {', '.join(keys)}"
        raise InvalidValueError(place, sorted(map(str, names)), allowed)
    return cast("Mapping[str, object]", value)


def read_all(place: str, value: object, read: Callable[[str, object], _Read]) -> tuple[_Read, ...]:
    """Return each item of the list at that place, read with *read*."""
    if not isinstance(value, list):
        raise InvalidValueError(place, value, "a list")
    items = cast("list[object]", value)
    return tuple(read(f"{place}[{index}]", item) for index, item in enumerate(items))


def read_text(place: str, value: object) -> str:
    """Return the text at that place; it may be empty."""
    check.free_text(place, value)
    return cast("str", value)


def read_flag(place: str, value: object) -> bool:
    """Return the boolean at that place."""
    check.flag(place, value)
    return cast("bool", value)


def read_count(place: str, value: object) -> int:
    """Return the whole number at that place, 0 or more."""
    check.whole(place, value, least=0)
    return cast("int", value)


def read_word(place: str, value: object, words: type[_Word]) -> _Word:
    """Return the member of the enum whose word stands at that place."""
    if isinstance(value, str):
        try:
            return words(value)
        except ValueError:
            pass
    raise InvalidValueError(place, value, f"one of {', '.join(words)}")


def read_instant(place: str, value: object) -> datetime:
    """Return the instant at that place, written in ISO 8601 with an offset."""
    moment = iso8601.instant_of(value, iso8601.INSTANT_WITH_SECONDS)
    if moment is None:
        raise InvalidValueError(place, value, "an ISO 8601 instant with its offset")
    return moment


def read_optional_instant(place: str, value: object) -> datetime | None:
    """Return the instant at that place, or None."""
    return None if value is None else read_instant(place, value)


def write_zone(zone: ZoneInfo | None) -> str | None:
    """Return the zone's IANA name."""
    return None if zone is None else zone.key


def read_zone(place: str, value: object) -> ZoneInfo | None:
    """Return the zone of that IANA name, or None."""
    if value is None:
        return None
    zone = iso8601.zone_of(value)
    if zone is None:
        allowed = "an IANA time zone name that this machine knows, or null"
        raise InvalidValueError(place, value, allowed)
    return zone


def read_duration(place: str, value: object) -> timedelta:
    """Return the elapsed time at that place, which must be spelt as `write_terms` spells it."""
    elapsed = iso8601.elapsed_of(value)
    if elapsed is None or iso8601.elapsed_text(elapsed) != value:
        raise InvalidValueError(place, value, "elapsed time in seconds, such as PT86400S")
    return elapsed


def write_terms(terms: CancellationTerms | None) -> dict[str, object] | None:
    """Return the JSON form of cancellation terms."""
    if terms is None:
        return None
    return {
        "window": iso8601.elapsed_text(terms.window),
        "late": terms.late.value,
        "no_show": None if terms.no_show is None else terms.no_show.value,
    }


def read_terms(place: str, value: object) -> CancellationTerms | None:
    """Return the cancellation terms at that place, or None."""
    if value is None:
        return None
    members = read_object(place, value, ("window", "late", "no_show"))
    no_show = members["no_show"]
    return CancellationTerms(
        window=read_duration(f"{place}.window", members["window"]),
        late=read_word(f"{place}.late", members["late"], CreditOutcome),
        no_show=None if no_show is None else read_word(f"{place}.no_show", no_show, CreditOutcome),
    )


def write_booking(booking: Booking) -> dict[str, object]:
    """Return the JSON form of a booking."""
    return {
        "id": booking.id,
        "starts_at": booking.starts_at.isoformat(),
        "lines": [_write_line(line) for line in booking.lines],
    }


def _write_line(line: BookingLine) -> dict[str, object]:
    return {
        "service": {
            "id": line.service.id,
            "name": line.service.name,
            "deposit_required": line.service.deposit_required,
        },
        "picked_from": line.picked_from.value,
        "payable": line.payable,
    }


def read_booking(place: str, value: object) -> Booking:
    """Return the booking at that place."""
    members = read_object(place, value, ("id", "starts_at", "lines"))
    return Booking(
        id=read_text(f"{place}.id", members["id"]),
        starts_at=read_instant(f"{place}.starts_at", members["starts_at"]),
        lines=read_all(f"{place}.lines", members["lines"], _read_line),
    )


def _read_line(place: str, value: object) -> BookingLine:
    members = read_object(place, value, ("service", "picked_from", "payable"))
    service = read_object(
        f"{place}.service", members["service"], ("id", "name", "deposit_required")
    )
    deposit = service["deposit_required"]
    return BookingLine(
        Service(
            id=read_text(f"{place}.service.id", service["id"]),
            name=read_text(f"{place}.service.name", service["name"]),
            deposit_required=None
            if deposit is None
            else read_flag(f"{place}.service.deposit_required", deposit),
        ),
        picked_from=read_word(f"{place}.picked_from", members["picked_from"], PickedFrom),
        payable=read_flag(f"{place}.payable", members["payable"]),
    )
