"""The JSON form of a value, by the types of its fields: dicts, lists, texts, numbers and None.

Standard library only, so that a store can keep a redemption without any edge installed. Reading is
strict: an unknown key, a missing one or a wrong type is an `InvalidValueError` that names its
place. A field that was added since the first form is left out where it has its default, and where
it is missing it has that default, so that what was stored stays readable (D65). In a sparse form
that is so of every field that has a default.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import NoneType
from typing import Any, Generic, TypeVar, cast, get_args, get_origin

from pkgredeem._model import checks as check
from pkgredeem._model import iso8601
from pkgredeem.exceptions import InvalidValueError

_Value = TypeVar("_Value")
_Write = Callable[[Any], object]
_Read = Callable[[str, object], Any]


_PAIR = 2

#: Metadata of a field that was added since the first form of its class was stored.
ADDED = {"added": True}

#: Metadata of a field that is no part of the stored form.
NOT_STORED = {"stored": False}

#: Metadata of a tuple of which the last is stored, or null; how more are stored its class says.
LAST = {"last": True}

#: Metadata of a whole number that may be negative.
SIGNED = {"signed": True}


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    key: str
    write: _Write
    read: _Read
    default: object  # MISSING unless the field was added


@dataclass(frozen=True, slots=True)
class Form(Generic[_Value]):
    """How values of one class are written and read."""

    value_class: type[_Value]
    members: tuple[_Member, ...]
    required: frozenset[str]
    known: frozenset[str]

    def write(self, value: _Value) -> dict[str, object]:
        """Return the JSON form of the value."""
        written: dict[str, object] = {}
        for member in self.members:
            part = getattr(value, member.name)
            if part != member.default:
                written[member.key] = member.write(part)
        return written

    def read(self, place: str, document: object) -> _Value:
        """Return the value whose JSON form stands at that place."""
        stored = read_object(place, document)
        if not self.required <= stored.keys() <= self.known:
            raise self._other_keys(place, stored)
        parts = {
            member.name: member.read(f"{place}.{member.key}", stored[member.key])
            for member in self.members
            if member.key in stored
        }
        return self.value_class(**parts)

    def _other_keys(self, place: str, stored: Mapping[str, object]) -> InvalidValueError:
        """Return the error of an object that lacks a key, or has one that is unknown."""
        required = [member.key for member in self.members if member.key in self.required]
        missing = [f"{key} is missing" for key in required if key not in stored]
        unknown = sorted(f"{key} is unknown" for key in stored if key not in self.known)
        allowed = f"an object with the keys {', '.join(required)}: {(missing + unknown)[0]}"
        return InvalidValueError(place, sorted(map(str, stored)), allowed)


def read_object(place: str, value: object) -> Mapping[str, object]:
    """Return the object at that place, whatever its keys."""
    if not isinstance(value, Mapping):
        raise InvalidValueError(place, value, "an object")
    return cast("Mapping[str, object]", value)


def members_of(place: str, document: object, written_format: str) -> dict[str, object]:
    """Return what is in a whole document, but for its format, which must be this one."""
    members = dict(read_object(place, document))
    found = members.pop("format", None)
    if found != written_format:
        raise InvalidValueError(f"{place}.format", found, f'"{written_format}"')
    return members


def form_of(value_class: type[_Value], *, sparse: bool = False) -> Form[_Value]:
    """Return the form of a value class, made from the types of its fields.

    Args:
        value_class: a dataclass whose annotations are types, not texts.
        sparse: whether every field is left out where it has its default, in its parts as well.
    """
    stored = [
        item
        for item in fields(cast("Any", value_class))
        if item.init and item.metadata.get("stored", True)
    ]
    members = tuple([_member(item, sparse=sparse) for item in stored])
    required = frozenset(member.key for member in members if member.default is MISSING)
    return Form(value_class, members, required, frozenset(member.key for member in members))


def _member(item: Field[Any], *, sparse: bool) -> _Member:
    write, read = _by_type(item.type, sparse=sparse)
    if item.metadata.get("signed"):
        read = _read_whole
    default = item.default if sparse or item.metadata.get("added") else MISSING
    return _Member(item.name, item.metadata.get("key", item.name), write, read, default)


def _by_type(kind: Any, *, sparse: bool) -> tuple[_Write, _Read]:  # noqa: ANN401 - whatever an annotation may be
    if get_args(kind):
        return _of_parts(get_origin(kind), get_args(kind), sparse=sparse)
    if is_dataclass(kind):
        form = form_of(cast("type[Any]", kind), sparse=sparse)
        return form.write, form.read
    if issubclass(kind, StrEnum):
        return str, lambda place, value: _read_word(place, value, kind)
    return _PLAIN[kind]


def _of_parts(origin: object, parts: tuple[Any, ...], *, sparse: bool) -> tuple[_Write, _Read]:
    """Return how a kind that is made of others is written: a tuple, a set, one of two."""
    if origin is tuple:
        return _of_tuple(*parts, sparse=sparse)
    if origin is frozenset:
        return _sorted(*_by_type(parts[0], sparse=sparse))
    ways = {part: _by_type(part, sparse=sparse) for part in parts if part is not NoneType}
    if NoneType in parts:
        ((write, read),) = ways.values()
        return _or_none(write, read)
    return _either(ways)


def _of_tuple(first: Any, *others: Any, sparse: bool) -> tuple[_Write, _Read]:  # noqa: ANN401 - see above
    """Return how a tuple is written: a pair as a list, pairs with a name as an object, else all."""
    if others != (...,):
        one, other = [_by_type(part, sparse=sparse) for part in (first, *others)]
        return _paired(one, other)
    if get_origin(first) is tuple and get_args(first)[0] is str:
        return _named(*_by_type(get_args(first)[1], sparse=sparse))
    return _listed(*_by_type(first, sparse=sparse))


def _either(ways: Mapping[type, tuple[_Write, _Read]]) -> tuple[_Write, _Read]:
    """Return how one of two kinds is written, of which a word or an object is the second."""
    (_, (write_first, read_first)), (second, (write_second, read_second)) = ways.items()
    form_of_second: type = Mapping if is_dataclass(second) else str

    def write_either(value: object) -> object:
        return write_second(value) if isinstance(value, second) else write_first(value)

    def read_either(place: str, value: object) -> object:
        return (read_second if isinstance(value, form_of_second) else read_first)(place, value)

    return write_either, read_either


def _sorted(write: _Write, read: _Read) -> tuple[_Write, _Read]:
    """Return how a set is written: as a list, in one order."""
    write_all, read_all = _listed(write, read)
    return lambda items: write_all(tuple(sorted(items))), read_all


def _or_none(write: _Write, read: _Read) -> tuple[_Write, _Read]:
    def write_or_none(value: object) -> object:
        return None if value is None else write(value)

    def read_or_none(place: str, value: object) -> object:
        return None if value is None else read(place, value)

    return write_or_none, read_or_none


def _listed(write: _Write, read: _Read) -> tuple[_Write, _Read]:
    def write_all(items: tuple[object, ...]) -> object:
        return [write(item) for item in items]

    def read_all(place: str, value: object) -> object:
        items = _as_list(place, value, "a list")
        return tuple([read(f"{place}[{index}]", item) for index, item in enumerate(items)])

    return write_all, read_all


def _as_list(place: str, value: object, allowed: str) -> list[object]:
    if not isinstance(value, list):
        raise InvalidValueError(place, value, allowed)
    return cast("list[object]", value)


def _paired(first: tuple[_Write, _Read], second: tuple[_Write, _Read]) -> tuple[_Write, _Read]:
    def write_both(pair: tuple[object, object]) -> object:
        return [first[0](pair[0]), second[0](pair[1])]

    def read_both(place: str, value: object) -> object:
        items = _as_list(place, value, f"a list of {_PAIR}")
        if len(items) != _PAIR:
            raise InvalidValueError(place, items, f"a list of {_PAIR}")
        return first[1](f"{place}[0]", items[0]), second[1](f"{place}[1]", items[1])

    return write_both, read_both


def _named(write: _Write, read: _Read) -> tuple[_Write, _Read]:
    def write_all(pairs: tuple[tuple[str, object], ...]) -> object:
        return {name: write(item) for name, item in pairs}

    def read_all(place: str, value: object) -> object:
        members = read_object(place, value)
        return tuple([(name, read(f"{place}.{name}", item)) for name, item in members.items()])

    return write_all, read_all


def _read_word(place: str, value: object, words: type[StrEnum]) -> StrEnum:
    if isinstance(value, str):
        try:
            return words(value)
        except ValueError:
            pass
    raise InvalidValueError(place, value, f"one of {', '.join(words)}")


def _read_text(place: str, value: object) -> object:
    check.free_text(place, value)
    return value


def _read_flag(place: str, value: object) -> object:
    check.flag(place, value)
    return value


def _read_count(place: str, value: object) -> object:
    check.whole(place, value, least=0)
    return value


def _read_whole(place: str, value: object) -> object:
    check.whole(place, value)
    return value


def _read_instant(place: str, value: object) -> object:
    moment = iso8601.instant_with_seconds_of(value)
    if moment is None:
        raise InvalidValueError(place, value, "an ISO 8601 instant with its offset")
    return moment


def _read_day(place: str, value: object) -> object:
    day = iso8601.day_of(value)
    if day is None:
        raise InvalidValueError(place, value, "an ISO 8601 date")
    return day


def _read_clock_time(place: str, value: object) -> object:
    clock_time = iso8601.clock_time_of(value)
    if clock_time is None:
        raise InvalidValueError(place, value, "a local time, such as 09:30:00")
    return clock_time


def _read_elapsed(place: str, value: object) -> object:
    elapsed = iso8601.elapsed_of(value)
    if elapsed is None or iso8601.elapsed_text(elapsed) != value:
        raise InvalidValueError(place, value, "elapsed time in seconds, such as PT86400S")
    return elapsed


def _as_it_is(value: object) -> object:
    return value


_PLAIN: dict[type, tuple[_Write, _Read]] = {
    str: (_as_it_is, _read_text),
    bool: (_as_it_is, _read_flag),
    int: (_as_it_is, _read_count),
    datetime: (datetime.isoformat, _read_instant),
    date: (date.isoformat, _read_day),
    time: (time.isoformat, _read_clock_time),
    timedelta: (iso8601.elapsed_text, _read_elapsed),
}
