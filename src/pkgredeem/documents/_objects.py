"""How an object of a document is described, and read by its description.

A shape is an attrs class: its fields are the keys, each with its kind and, when it may be left out,
a default. The reader and the JSON Schema are both made from that; nothing is written twice.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from itertools import combinations
from typing import ClassVar, Final, Generic, TypeVar, cast, final
from zoneinfo import ZoneInfo

import attrs
from attrs import frozen

from pkgredeem import InvalidValueError
from pkgredeem._model.checks import CALENDAR
from pkgredeem._model.nearest import nearest_word
from pkgredeem.documents._json import INVALID, Invalid
from pkgredeem.documents._kinds import Kind, Reading, Schema, note_refusal
from pkgredeem.documents._problems import MISSING, Place, format_value

_T = TypeVar("_T")
_Value_co = TypeVar("_Value_co", covariant=True)

_KIND: Final = "kind"


def required(kind: Kind[_T]) -> _T:
    """Describe a key that must be given."""
    return cast("_T", attrs.field(metadata={_KIND: kind}))


def optional(kind: Kind[_T], default: _T) -> _T:
    """Describe a key that may be left out."""
    return attrs.field(default=default, metadata={_KIND: kind})


@final
@frozen
class Members:
    """The members of an object of a document, read one by one; some may be invalid.

    Attributes:
        at: the object's place.
        raw: the object as it is written.
        values: what was read, and the defaults of the keys that are left out.
        reading: what is known so far.
    """

    at: Place | None
    raw: Mapping[str, object]
    values: dict[str, object]
    reading: Reading

    def has(self, key: str) -> bool:
        """Tell whether the key is given and not null, valid or invalid."""
        return self.raw.get(key) is not None

    def get(self, key: str, kind: type[_T]) -> _T | None:
        """Return what was read at the key; None when it is null, invalid or left out."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None

    def refuse(self, key: str, allowed: str) -> None:
        """Note that the key's value does not fit the others."""
        self.reading.problems.add((self.at, key), format_value(self.raw[key]), allowed)

    def resolve(
        self, key: str, day: date, instant: Callable[[date, ZoneInfo], datetime | None]
    ) -> datetime | None:
        """Return the instant that *instant* makes of a local day; note it when none exists."""
        zone = self.reading.zone_for((self.at, key))
        if zone is None:
            return None
        moment = instant(day, zone)
        if moment is None:
            self.refuse(key, f"a day {CALENDAR}, the next day included")
        return moment


class Shape(ABC, Generic[_Value_co]):
    """What an object of a document looks like; its concrete classes are attrs classes."""

    __slots__ = ()

    #: Groups of keys of which at most one may be given.
    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = ()

    @classmethod
    def reconcile(cls, members: Members) -> None:
        """Check the keys against each other, and turn what people write into instants."""

    @abstractmethod
    def value(self) -> _Value_co:
        """Return the value that the object describes."""


@final
@frozen
class _Key:
    name: str
    kind: Kind[object]
    default: object

    @property
    def is_required(self) -> bool:
        return self.default is attrs.NOTHING


def _keys_of(shape: type[Shape[_Value_co]]) -> dict[str, _Key]:
    fields: tuple[attrs.Attribute[object], ...] = attrs.fields(
        cast("type[attrs.AttrsInstance]", shape)
    )
    return {field.name: _Key(field.name, field.metadata[_KIND], field.default) for field in fields}


@final
@frozen
class ObjectOf(Kind[_Value_co]):
    """An object of a shape, read into the shape's value."""

    shape: type[Shape[_Value_co]]
    _keys: Mapping[str, _Key] = attrs.field(
        default=attrs.Factory(lambda self: _keys_of(self.shape), takes_self=True),
        init=False,
        repr=False,
        eq=False,
    )

    def read(self, found: object, at: Place | None, reading: Reading) -> _Value_co | Invalid:
        """Return the value; note every problem of every key, and of the keys together."""
        if not isinstance(found, dict):
            reading.problems.add(at, format_value(found), self.allowed)
            return INVALID
        raw = cast("dict[str, object]", found)
        before = reading.problems.count
        values: dict[str, object] = {}
        for name, key in self._keys.items():
            read = _read_key(key, raw, at, reading)
            if read is not INVALID:
                values[name] = read
        _note_unknown(raw, self._keys, at, reading)
        members = Members(at, raw, values, reading)
        if self._is_consistent(members):
            self.shape.reconcile(members)
        if reading.problems.count > before or len(values) < len(self._keys):
            return INVALID
        make: Callable[..., Shape[_Value_co]] = self.shape
        try:
            return make(**values).value()
        except InvalidValueError as error:
            note_refusal(error, at, reading)
            return INVALID

    def _is_consistent(self, members: Members) -> bool:
        before = members.reading.problems.count
        for group in self.shape.at_most_one:
            given = [key for key in group if members.has(key)]
            for key in given[1:]:
                members.refuse(key, f"left out beside {given[0]}")
        return members.reading.problems.count == before

    def schema(self) -> Schema:
        """Return the JSON Schema of it."""
        keys = self._keys.values()
        schema: Schema = {
            "type": "object",
            "properties": {key.name: key.kind.schema() for key in keys},
            "required": [key.name for key in keys if key.is_required],
            "additionalProperties": False,
        }
        pairs = [pair for group in self.shape.at_most_one for pair in combinations(group, 2)]
        if pairs:
            not_null = {"not": {"type": "null"}}
            schema["allOf"] = [
                {"not": {"properties": dict.fromkeys(pair, not_null), "required": list(pair)}}
                for pair in pairs
            ]
        return schema


def _read_key(key: _Key, raw: Mapping[str, object], at: Place | None, reading: Reading) -> object:
    if key.name not in raw:
        if key.is_required:
            reading.problems.add((at, key.name), MISSING, key.kind.allowed)
            return INVALID
        return key.default
    found = raw[key.name]
    return INVALID if found is INVALID else key.kind.read(found, (at, key.name), reading)


def _note_unknown(
    raw: Mapping[str, object], names: Collection[str], at: Place | None, reading: Reading
) -> None:
    for key in raw:
        if key in names:
            continue
        if reading.problems.is_full:  # no guess for what is only counted
            allowed = ""
        elif near := nearest_word(key, names):
            allowed = f"the key {near}"
        else:
            allowed = f"one of the keys {', '.join(names)}"
        reading.problems.add((at, key), "an unknown key", allowed)
