"""How an object of a document is described, and read by its description.

A shape is an attrs class: its fields are the keys, each with its kind and, when it may be left out,
a default. The reader and the JSON Schema are both made from that; nothing is said twice.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from itertools import combinations
from typing import ClassVar, Final, Generic, TypeVar, cast, final
from zoneinfo import ZoneInfo

import attrs
from attrs import frozen

from pkgredeem import InvalidValueError
from pkgredeem.documents._json import BROKEN, Broken
from pkgredeem.documents._kinds import Kind, Reading, Schema, note_refusal
from pkgredeem.documents._problems import MISSING, Place, shown

_T = TypeVar("_T")
_Value_co = TypeVar("_Value_co", covariant=True)

_KIND: Final = "kind"
_LONGEST_GUESS: Final = 60


def given(kind: Kind[_T]) -> _T:
    """Describe a key that must be there."""
    return cast("_T", attrs.field(metadata={_KIND: kind}))


def spare(kind: Kind[_T], default: _T) -> _T:
    """Describe a key that may be left out."""
    return attrs.field(default=default, metadata={_KIND: kind})


@final
@frozen
class Held:
    """An object of a document whose keys were read one by one; some may be broken.

    Attributes:
        at: its place.
        raw: the object as it stands.
        values: what was read, and the defaults of the keys that are not there.
        reading: what is known so far.
    """

    at: Place | None
    raw: Mapping[str, object]
    values: dict[str, object]
    reading: Reading

    def has(self, key: str) -> bool:
        """Tell whether something other than null stands at the key, sound or broken."""
        return self.raw.get(key) is not None

    def get(self, key: str, kind: type[_T]) -> _T | None:
        """Return what was read at the key; None when it is null, broken or not there."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None

    def refuse(self, key: str, allowed: str) -> None:
        """Note that what stands at the key can't stand beside the others."""
        self.reading.problems.add((self.at, key), shown(self.raw[key]), allowed)

    def resolve(
        self, key: str, day: date, instant: Callable[[date, ZoneInfo], datetime | None]
    ) -> datetime | None:
        """Return the instant that *instant* makes of a local day; note when there is none."""
        zone = self.reading.zone_for((self.at, key))
        if zone is None:
            return None
        moment = instant(day, zone)
        if moment is None:
            self.refuse(key, "a day from 0001-01-02 to 9999-12-30 in UTC, the next day included")
        return moment


class Shape(ABC, Generic[_Value_co]):
    """What an object of a document looks like; its concrete classes are attrs classes."""

    __slots__ = ()

    #: Groups of keys of which one at most may say something.
    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = ()

    @classmethod
    def settle(cls, held: Held) -> None:
        """Check the keys against each other, and put what people write into instants."""

    @abstractmethod
    def value(self) -> _Value_co:
        """Return the value that a sound object describes."""


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
    described: tuple[attrs.Attribute[object], ...] = attrs.fields(
        cast("type[attrs.AttrsInstance]", shape)
    )
    return {each.name: _Key(each.name, each.metadata[_KIND], each.default) for each in described}


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

    def read(self, found: object, at: Place | None, reading: Reading) -> _Value_co | Broken:
        """Return the value; note every problem of every key, and of the keys together."""
        if not isinstance(found, dict):
            reading.problems.add(at, shown(found), self.allowed)
            return BROKEN
        raw = cast("dict[str, object]", found)
        before = reading.problems.count
        values: dict[str, object] = {}
        for name, key in self._keys.items():
            read = _read_key(key, raw, at, reading)
            if read is not BROKEN:
                values[name] = read
        _note_unknown(raw, self._keys, at, reading)
        held = Held(at, raw, values, reading)
        if self._is_consistent(held):
            self.shape.settle(held)
        if reading.problems.count > before or len(values) < len(self._keys):
            return BROKEN
        make: Callable[..., Shape[_Value_co]] = self.shape
        try:
            return make(**values).value()
        except InvalidValueError as error:
            note_refusal(error, at, reading)
            return BROKEN

    def _is_consistent(self, held: Held) -> bool:
        before = held.reading.problems.count
        for group in self.shape.at_most_one:
            said = [key for key in group if held.has(key)]
            for key in said[1:]:
                held.refuse(key, f"left out beside {said[0]}")
        return held.reading.problems.count == before

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
            says = {"not": {"type": "null"}}
            schema["allOf"] = [
                {"not": {"properties": dict.fromkeys(pair, says), "required": list(pair)}}
                for pair in pairs
            ]
        return schema


def _read_key(key: _Key, raw: Mapping[str, object], at: Place | None, reading: Reading) -> object:
    if key.name not in raw:
        if key.is_required:
            reading.problems.add((at, key.name), MISSING, key.kind.allowed)
            return BROKEN
        return key.default
    found = raw[key.name]
    return BROKEN if found is BROKEN else key.kind.read(found, (at, key.name), reading)


def _note_unknown(
    raw: Mapping[str, object], names: Collection[str], at: Place | None, reading: Reading
) -> None:
    for key in raw:
        if key in names:
            continue
        if reading.problems.is_full:  # no guess for what is only counted
            allowed = ""
        elif guesses := get_close_matches(key[:_LONGEST_GUESS], names, n=1):
            allowed = f"the key {guesses[0]}"
        else:
            allowed = f"one of the keys {', '.join(names)}"
        reading.problems.add((at, key), "an unknown key", allowed)
