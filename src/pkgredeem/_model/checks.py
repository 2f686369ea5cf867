"""Checks of fields: every value checks with them what it is made of.

One function for one kind of field; each returns the value in the form that is stored, or raises
`InvalidValueError` with the field, the value and what is allowed. Nothing here knows a rule.
"""

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from pkgredeem.exceptions import InvalidValueError

_Item = TypeVar("_Item")
_Word = TypeVar("_Word", bound=StrEnum)

# A day short of the calendar's ends, so that every instant can be shown in every zone.
EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)
CALENDAR = f"from {EARLIEST.date()} to {LATEST.date()} in UTC"
#: Digits of one whole number: fewer than the least limit that Python can be set to.
MOST_DIGITS = 600
_BITS_OF_A_KEY = 64
_PAIR = 2
_SUNDAY = 7

#: Names that a machine gives to whatever zone it is in: they mean something else on the next one.
NOT_IANA = frozenset(("localtime", "posixrules", "Factory"))

put = object.__setattr__  # how a frozen value stores a field in its own `__post_init__`


def repr_of_what_is_set(value: Any) -> str:  # noqa: ANN401 - any dataclass
    """Return how a value with many fields is shown: those that differ from their defaults."""
    shown = [
        f"{field.name}={getattr(value, field.name)!r}"
        for field in fields(value)
        if field.repr and getattr(value, field.name) != field.default
    ]
    return f"{type(value).__name__}({', '.join(shown)})"


def text(field: str, value: object) -> None:
    """Refuse anything but a `str` with something in it."""
    if not isinstance(value, str) or not value:
        raise InvalidValueError(field, value, "a text that is not empty")


def identifier(field: str, value: object) -> None:
    """Refuse the same of an id, and say of the key of a database how to make a text of it."""
    if isinstance(value, str) and value:
        return
    allowed = "a text that is not empty"
    is_number = type(value) is int and value.bit_length() <= _BITS_OF_A_KEY
    if is_number or type(value).__name__ == "UUID":
        allowed += f" (ids are texts: str({value!r}))"
    raise InvalidValueError(field, value, allowed)


def free_text(field: str, value: object) -> None:
    """Refuse anything but a `str`; it may be empty."""
    if not isinstance(value, str):
        raise InvalidValueError(field, value, "a text, which may be empty")


def flag(field: str, value: object) -> None:
    """Refuse anything but True and False."""
    if value is not True and value is not False:
        raise InvalidValueError(field, value, "True or False")


def optional_flag(field: str, value: object) -> None:
    """Refuse anything but True, False and None."""
    if value is not None and value is not True and value is not False:
        raise InvalidValueError(field, value, "True, False or None")


def member(field: str, value: object, words: type[_Word]) -> None:
    """Refuse anything but a member of the enum; its plain word is not one."""
    if not isinstance(value, words):
        names = ", ".join(f"{words.__name__}.{word.name}" for word in words)
        raise InvalidValueError(field, value, f"one of {names}")


def kind_of(field: str, value: object, kind: type) -> None:
    """Refuse anything but an instance of the class."""
    if not isinstance(value, kind):
        raise InvalidValueError(field, value, _with_article(kind))


def optional_kind_of(field: str, value: object, kind: type) -> None:
    """Refuse anything but an instance of the class and None."""
    if value is not None and not isinstance(value, kind):
        raise InvalidValueError(field, value, f"{_with_article(kind)} or None")


def within(field: str, value: object, *, least: int, most: int) -> None:
    """Refuse anything but an `int` from *least* to *most*, both inclusive."""
    if type(value) is not int or not least <= value <= most:
        raise InvalidValueError(field, value, f"a whole number from {least} to {most:,}")


def whole(field: str, value: object, *, least: int | None = None) -> None:
    """Refuse anything but an `int` that is not below *least* (inclusive); a bool is not an int."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or (least is not None and value < least)
    ):
        bound = "" if least is None else f" of {least} or more"
        raise InvalidValueError(field, value, f"a whole number{bound}")


def instant(field: str, value: object) -> datetime:
    """Return an aware datetime in UTC (D15)."""
    if type(value) is datetime and value.tzinfo is UTC and EARLIEST <= value <= LATEST:
        return value
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise InvalidValueError(field, value, "a datetime with a time zone")
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        utc = None
    if utc is None or not EARLIEST <= utc <= LATEST:
        raise InvalidValueError(field, value, f"an instant {CALENDAR}")
    return utc if type(utc) is datetime else datetime.combine(utc.date(), utc.time(), UTC)


def is_utc_instant(value: object) -> bool:
    """Tell at a glance whether an instant is in the form that is stored."""
    return type(value) is datetime and value.tzinfo is UTC and EARLIEST <= value <= LATEST


def is_optional_utc_instant(value: object) -> bool:
    """Tell at a glance whether an instant is in the form that is stored, or None."""
    return value is None or (
        type(value) is datetime and value.tzinfo is UTC and EARLIEST <= value <= LATEST
    )


def optional_instant(field: str, value: object) -> datetime | None:
    """Return an aware datetime in UTC, or None."""
    return None if value is None else instant(field, value)


def validity(value: Any) -> None:  # noqa: ANN401 - whatever has the two fields
    """Store both ends of a value's validity in UTC; refuse one that ends before it begins."""
    kind = type(value).__name__
    valid_from = optional_instant(f"{kind}.valid_from", value.valid_from)
    valid_until = optional_instant(f"{kind}.valid_until", value.valid_until)
    if valid_from is not None and valid_until is not None and valid_from >= valid_until:
        allowed = f"an instant before {valid_until}"
        raise InvalidValueError(f"{kind}.valid_from", valid_from, allowed)
    put(value, "valid_from", valid_from)
    put(value, "valid_until", valid_until)


def day(field: str, value: object, allowed: str = "a date without a time") -> None:
    """Refuse anything but a `date` without a time."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidValueError(field, value, allowed)


def optional_day(field: str, value: object) -> None:
    """Refuse anything but a `date` without a time, and None."""
    if value is not None:
        day(field, value, "a date without a time, or None")


def days(field: str, value: object) -> tuple[date, ...]:
    """Return what an iterable yields as the sorted dates in it, each once."""
    checked = _as_tuple(field, value, "dates")
    for index, item in enumerate(checked):
        day(f"{field}[{index}]", item)
    return tuple(sorted(set(cast("tuple[date, ...]", checked))))


def weekdays(field: str, value: object) -> tuple[int, ...]:
    """Return what an iterable yields as sorted ISO weekdays, one or more, each once."""
    checked = _as_tuple(field, value, "weekdays")
    for index, item in enumerate(checked):
        weekday(f"{field}[{index}]", item)
    if not checked:
        raise InvalidValueError(field, checked, "one or more weekdays")
    return tuple(sorted(set(cast("tuple[int, ...]", checked))))


def weekday(field: str, value: object) -> None:
    """Refuse anything but an ISO weekday."""
    if type(value) is not int or not 1 <= value <= _SUNDAY:
        raise InvalidValueError(field, value, "a weekday from 1 (Monday) to 7 (Sunday)")


def local_time(field: str, value: object) -> None:
    """Refuse anything but a `time` of a local clock, without a time zone."""
    if not isinstance(value, time) or value.tzinfo is not None:
        raise InvalidValueError(field, value, "a time without a time zone")


def duration(field: str, value: object, *, most: timedelta) -> None:
    """Refuse anything but elapsed time from zero to *most*, both inclusive."""
    if not isinstance(value, timedelta) or not timedelta(0) <= value <= most:
        raise InvalidValueError(field, value, f"a timedelta from 0 to {most.days} days")


def optional_duration(field: str, value: object, *, most: timedelta) -> None:
    """Refuse anything but elapsed time from zero to *most*, both inclusive, and None."""
    if value is not None:
        duration(field, value, most=most)


def pairs(field: str, value: object, what: str) -> tuple[tuple[str, object], ...]:
    """Return a mapping of names as pairs sorted by name; pairs are taken for one as well."""
    if isinstance(value, Mapping):
        value = tuple(cast("Mapping[object, object]", value).items())
    found: dict[str, object] = {}
    for one in _as_tuple(field, value, f"{what}, such as a mapping"):
        name, item = _pair(field, one, f"a mapping of {what}")
        text(f"a name in {field}", name)
        if name in found:
            raise InvalidValueError(field, name, "listed only once")
        found[cast("str", name)] = item
    return tuple(sorted(found.items(), key=_first_of))


def listed_pairs(field: str, value: object, what: str) -> tuple[tuple[object, object], ...]:
    """Return what an iterable yields as a tuple of pairs."""
    listed = _as_tuple(field, value, f"pairs of {what}")
    return tuple(
        [_pair(f"{field}[{index}]", one, f"a pair of {what}") for index, one in enumerate(listed)]
    )


def _pair(field: str, value: object, allowed: str) -> tuple[object, object]:
    given = value
    found = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    if len(found) != _PAIR:
        raise InvalidValueError(field, given, allowed)
    return found[0], found[1]


def costs(field: str, value: object) -> tuple[tuple[str, int], ...]:
    """Return whole numbers of 1 or more by unit as pairs sorted by unit (D41)."""
    found = pairs(field, value, "units and whole numbers")
    for unit, item in found:
        whole(f"{field}[{unit!r}]", item, least=1)
    return cast("tuple[tuple[str, int], ...]", found)


def traits(field: str, value: object) -> tuple[tuple[str, str], ...]:
    """Return texts by name as pairs sorted by name (D45)."""
    found = pairs(field, value, "names and texts")
    for name, item in found:
        text(f"{field}[{name!r}]", item)
    return cast("tuple[tuple[str, str], ...]", found)


def allowed_traits(field: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return by name the texts that are allowed, one or more, all of it sorted (D45)."""
    found = pairs(field, value, "names and lists of texts")
    return tuple(
        (name, tuple(sorted(set(identifiers(f"{field}[{name!r}]", item))))) for name, item in found
    )


def optional_zone(field: str, value: object) -> None:
    """Refuse anything but a `ZoneInfo` with an IANA name, and None (D76)."""
    if value is None:
        return
    key: object = value.key if isinstance(value, ZoneInfo) else None
    if not isinstance(key, str) or not key or key in NOT_IANA:
        raise InvalidValueError(field, value, "a ZoneInfo made from an IANA name, or None")


def optional_zone_key(field: str, value: object) -> None:
    """Refuse anything but the name of a time zone, known to this machine or not, and None."""
    if value is not None:
        text(field, value)


def items(field: str, value: object, kind: type[_Item], *, least: int = 0) -> tuple[_Item, ...]:
    """Return what an iterable yields as a tuple of instances of *kind*, *least* of them or more."""
    checked = _as_tuple(field, value, f"{kind.__name__} values")
    for index, item in enumerate(checked):
        if not isinstance(item, kind):
            raise InvalidValueError(f"{field}[{index}]", item, _with_article(kind))
    if len(checked) < least:
        raise InvalidValueError(field, checked, f"{least} or more {kind.__name__} values")
    return checked  # type: ignore[return-value]  # each item was looked at above


def are_all(values: object, kind: type) -> bool:
    """Tell at a glance whether these are a tuple, not empty, of nothing but that class."""
    if type(values) is not tuple or not values:
        return False
    for value in cast("tuple[object, ...]", values):  # noqa: SIM110 - a generator costs more
        if type(value) is not kind:
            return False
    return True


def at_most(field: str, found: Sized, most: int, what: str) -> None:
    """Refuse more than so many items (D75)."""
    if len(found) > most:
        raise InvalidValueError(field, f"{len(found)} {what}", f"at most {most:,} {what}")


def identifiers(field: str, value: object, *, least: int = 1) -> tuple[str, ...]:
    """Return what an iterable yields as a tuple of ids, one or more unless none will do."""
    checked = _as_tuple(field, value, "texts")
    for index, item in enumerate(checked):
        identifier(f"{field}[{index}]", item)
    if len(checked) < least:
        raise InvalidValueError(field, checked, "one or more texts")
    return checked  # type: ignore[return-value]  # each item was looked at above


def counts(field: str, value: object) -> tuple[int, ...]:
    """Return what an iterable yields as a tuple of whole numbers, each 0 or more."""
    checked = _as_tuple(field, value, "whole numbers")
    for index, item in enumerate(checked):
        whole(f"{field}[{index}]", item, least=0)
    return checked  # type: ignore[return-value]  # each item was looked at above


def unique(field: str, values: Iterable[_Item], key: Callable[[_Item], object]) -> None:
    """Refuse two items with one key."""
    seen: set[object] = set()
    for item in values:
        name = key(item)
        if name in seen:
            raise InvalidValueError(field, name, "listed only once")
        seen.add(name)


def _first_of(pair: tuple[str, object]) -> str:
    return pair[0]


def _with_article(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'AEIO' else 'a'} {kind.__name__}"  # a Use


def _as_tuple(field: str, value: object, what: str) -> tuple[object, ...]:
    if type(value) is tuple:
        return cast("tuple[object, ...]", value)
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise InvalidValueError(field, value, f"an iterable of {what} other than a text")
    return tuple(cast("Iterable[object]", value))
