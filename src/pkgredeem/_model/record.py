"""The JSON form of a value, by the types of its fields: dicts, lists, texts, numbers and None.

Standard library only, so that a store can keep a redemption without any edge installed. Reading is
strict: an unknown key, a missing one or a wrong type is an `InvalidValueError` that names its
place. A field that was added since the first form is left out where it has its default, and where
it is missing it has that default, so that what was stored stays readable (D65).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
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
        required = [member.key for member in self.members if member.default is MISSING]
        missing = [f"{key} is missing" for key in required if key not in stored]
        known = {member.key for member in self.members}
        unknown = sorted(f"{key} is unknown" for key in stored if key not in known)
        if missing or unknown:
            allowed = f"an object with the keys {', '.join(required)}: {(missing + unknown)[0]}"
            raise InvalidValueError(place, sorted(map(str, stored)), allowed)
        parts = {
            member.name: member.read(f"{place}.{member.key}", stored[member.key])
            for member in self.members
            if member.key in stored
        }
        return self.value_class(**parts)


def read_object(place: str, value: object) -> Mapping[str, object]:
    """Return the object at that place, whatever its keys."""
    if not isinstance(value, Mapping):
        raise InvalidValueError(place, value, "an object")
    return cast("Mapping[str, object]", value)


def form_of(value_class: type[_Value]) -> Form[_Value]:
    """Return the form of a value class, made from the types of its fields."""
    return Form(value_class, tuple(_member(item) for item in fields(cast("Any", value_class))))


def _member(item: Field[Any]) -> _Member:
    write, read = _by_type(item.type)
    default = item.default if item.metadata.get("added") else MISSING
    return _Member(item.name, item.metadata.get("key", item.name), write, read, default)


def _by_type(kind: Any) -> tuple[_Write, _Read]:  # noqa: ANN401 - whatever an annotation may be
    if get_origin(kind) is UnionType:
        (inner,) = (part for part in get_args(kind) if part is not NoneType)
        return _or_none(*_by_type(inner))
    if get_origin(kind) is tuple:
        return _of_tuple(*get_args(kind))
    if is_dataclass(kind):
        form = form_of(cast("type[Any]", kind))
        return form.write, form.read
    if issubclass(kind, StrEnum):
        return str, lambda place, value: _read_word(place, value, kind)
    return _PLAIN[kind]


def _of_tuple(first: Any, *others: Any) -> tuple[_Write, _Read]:  # noqa: ANN401 - see above
    """Return how a tuple is written: a pair as a list, pairs with a name as an object, else all."""
    if others != (...,):
        return _paired(*map(_by_type, (first, *others)))
    if get_origin(first) is tuple and get_args(first)[0] is str:
        return _named(*_by_type(get_args(first)[1]))
    return _listed(*_by_type(first))


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


def _read_instant(place: str, value: object) -> object:
    moment = iso8601.instant_of(value, iso8601.INSTANT_WITH_SECONDS)
    if moment is None:
        raise InvalidValueError(place, value, "an ISO 8601 instant with its offset")
    return moment


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
    timedelta: (iso8601.elapsed_text, _read_elapsed),
}
