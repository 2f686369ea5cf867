"""The kinds of things that may stand in a document: how each is read and written, and its schema.

A kind is data: what is allowed in words, how it is read and written, and its JSON Schema. Reading
notes problems and goes on; `INVALID` stands for what could not be read.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast, final
from zoneinfo import ZoneInfo

from attrs import Factory, define, evolve, frozen

from pkgredeem.documents import _schemas as schemas
from pkgredeem.documents._json import MOST_VALUES
from pkgredeem.documents._problems import (
    INVALID,
    MISSING,
    Invalid,
    Place,
    Problems,
    format_value,
    path_of,
)
from pkgredeem.documents._schemas import Schema

_T = TypeVar("_T")
_Read_co = TypeVar("_Read_co", covariant=True)

_ZONE_PLACE: Final[Place] = ((None, "account"), "time_zone")


#: So many days are more than a document repeats, and few enough to be kept.
_MOST_KEPT: Final = 1_000


@final
@define
class Reading:
    """What is known while one document is read: the problems so far, and the account's zone."""

    problems: Problems
    zone: ZoneInfo | Invalid | None = INVALID  # None without one
    zone_found: str = MISSING  # what was found in its place when there is none
    zone_problem_reported: bool = False
    # Of local days that were read: a document says the same few again and again.
    instants: dict[tuple[object, date], datetime | None] = Factory(
        dict[tuple[object, date], "datetime | None"]
    )

    def instant_of(
        self, day: date, says: Callable[[date, ZoneInfo], datetime | None], zone: ZoneInfo
    ) -> datetime | None:
        """Return the instant that a local day says in the account's zone; None without one."""
        key = (says, day)
        try:
            return self.instants[key]
        except KeyError:
            if len(self.instants) >= _MOST_KEPT:
                self.instants.clear()
            moment = self.instants[key] = says(day, zone)
            return moment

    def zone_for(self, at: Place | None) -> ZoneInfo | None:
        """Return the account's zone for the local day at that place, or note that it is needed."""
        if isinstance(self.zone, ZoneInfo):
            return self.zone
        if self.zone is None and not self.zone_problem_reported:
            self.zone_problem_reported = True
            allowed = f"an IANA time zone name, since {path_of(at)} is a local day"
            self.problems.add(_ZONE_PLACE, self.zone_found, allowed)
        return None


class Quick(NamedTuple):
    """How a kind is read where it is plainly right; see `pkgredeem._model.quick`."""

    read: Callable[..., object] | None
    is_nullable: bool = False
    takes_reading: bool = False

    def value(self, found: object, reading: Reading) -> object:
        """Return what was read; raise one of `DOUBTS` in doubt."""
        if self.read is None or (found is None and self.is_nullable):
            return found
        value = self.read(found, reading) if self.takes_reading else self.read(found)
        if value is None:
            raise ValueError
        return value


@frozen
class Kind(ABC, Generic[_Read_co]):
    """What may stand at one place of a document."""

    allowed: str  # in words that follow "must be"

    @abstractmethod
    def read(self, found: object, at: Place | None, reading: Reading) -> _Read_co | Invalid:
        """Return what was read; note every problem."""

    @abstractmethod
    def quick(self) -> Quick:
        """Return how it is read where it is plainly right."""

    @abstractmethod
    def write(self, value: object) -> object:
        """Return how a value that could have been read is written, JSON-ready."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return the JSON Schema of it."""


def _as_it_is(value: object) -> object:
    return value


# What reads a scalar quickly, unless it says another way, is what reads it with care.
_AS_CONVERT: Final = cast("Callable[[Any], object]", object())


@final
@frozen
class Scalar(Kind[_T]):
    """A text, a number, true or false: read by a function that returns None for all else."""

    convert: Callable[[object], _T | None]
    json: Mapping[str, object]
    hint: Callable[[object], str] = lambda _found: ""
    written: Callable[..., object] = _as_it_is
    # As *convert* where it is plainly right; None where it stays as it is, and every value that is
    # made of it refuses what *convert* refuses.
    quickly: Callable[[Any], object] | None = _AS_CONVERT

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid:
        value = self.convert(found)
        if value is None:
            return reading.problems.add(at, format_value(found), self.allowed + self.hint(found))
        return value

    def quick(self) -> Quick:
        return Quick(self.convert if self.quickly is _AS_CONVERT else self.quickly)

    def write(self, value: object) -> object:
        return self.written(value)

    def schema(self) -> Schema:
        return {"description": self.allowed, **self.json}


@final
@frozen
class OrNull(Kind[_T | None]):
    """Another kind, or null; null says the same as leaving it out."""

    inner: Kind[_T]

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid | None:
        return None if found is None else self.inner.read(found, at, reading)

    def quick(self) -> Quick:
        return self.inner.quick()._replace(is_nullable=True)

    def write(self, value: object) -> object:
        return None if value is None else self.inner.write(value)

    def schema(self) -> Schema:
        return schemas.nullable(self.inner.schema())


@final
@frozen
class ListOf(Kind[tuple[_T, ...]]):
    """A list of one kind; by default it may be empty, and as long as a document can be.

    A set is written sorted.
    """

    item: Kind[_T]
    least: int = 0
    most: int = MOST_VALUES
    # Tells in words of what else there is too much, before any item is read.
    excess: Callable[[Sequence[object]], str | None] = lambda _items: None
    # What no two items may share, where in an item it stands, and what must stand there instead.
    key: Callable[[object], str | None] = lambda _item: None
    key_path: str = ""
    uniqueness: str = ""

    def read(self, found: object, at: Place | None, reading: Reading) -> tuple[_T, ...] | Invalid:
        """Return every item; note the problems of each, and items that share a key."""
        if not isinstance(found, list):
            return reading.problems.add(at, format_value(found), self.allowed)
        items = cast("list[object]", found)
        if len(items) < self.least:
            reading.problems.add(at, "an empty list", self.allowed)
        too_much = f"a list of {len(items)}" if len(items) > self.most else self.excess(items)
        if too_much is not None:
            return reading.problems.add(at, too_much, self.allowed)
        read: list[_T] = []
        seen: set[str] = set()
        for index, item in enumerate(items):
            place = (at, index)
            value = INVALID if item is INVALID else self.item.read(item, place, reading)
            if not isinstance(value, Invalid):
                read.append(value)
            key = self.key(item)
            if key in seen:
                found_twice = format_value(key)
                reading.problems.add(place, found_twice, self.uniqueness, inside=self.key_path)
            elif key is not None:
                seen.add(key)
        return INVALID if len(read) < max(len(items), self.least) else tuple(read)

    def quick(self) -> Quick:
        """Return how it is read.

        How few items there may be, and which objects share a key, is the value's own check.
        """
        is_bounded = self.most < MOST_VALUES
        are_different = bool(self.uniqueness) and isinstance(self.item, Scalar)
        item = self.item.quick()
        is_kept, read_item = item.read is None, item.value
        if item.read is not None and item.takes_reading:
            read_item = item.read  # the same without a call more

        def read(found: list[Any], reading: Reading) -> Sequence[object]:
            if type(found) is not list:
                raise TypeError
            if is_bounded and (len(found) > self.most or self.excess(found) is not None):
                raise ValueError
            if are_different and len(found) > 1 and len(set(found)) < len(found):
                raise ValueError
            if is_kept:
                return found
            if len(found) == 1:  # as most are
                return (read_item(found[0], reading),)
            return tuple([read_item(one, reading) for one in found])

        return Quick(read, takes_reading=True)

    def write(self, value: object) -> object:
        items = cast("Iterable[str]", value)
        return [*map(self.item.write, sorted(items) if isinstance(value, frozenset) else items)]

    def schema(self) -> Schema:
        schema = {**schemas.list_of(self.item.schema()), "minItems": self.least}
        return schema if self.most == MOST_VALUES else {**schema, "maxItems": self.most}


@final
@frozen
class MapOf(Kind[Mapping[str, _T]]):
    """An object with keys of the writer's own, all of one kind; its value is sorted pairs."""

    item: Kind[_T]

    def read(self, found: object, at: Place | None, reading: Reading) -> Mapping[str, _T] | Invalid:
        """Return every member; note the problems of each, and a key that is empty."""
        if not isinstance(found, dict):
            return reading.problems.add(at, format_value(found), self.allowed)
        members = cast("dict[str, object]", found)
        before = reading.problems.count
        read: dict[str, _T] = {}
        for name, member in members.items():
            place = (at, name)
            if not name:
                reading.problems.add(place, "an empty key", "a key that is not empty")
            value = INVALID if member is INVALID else self.item.read(member, place, reading)
            if not isinstance(value, Invalid):
                read[name] = value
        is_whole = reading.problems.count == before and len(read) == len(members)
        return read if is_whole else INVALID

    def quick(self) -> Quick:
        item = self.item.quick()

        def read(found: dict[str, Any], reading: Reading) -> dict[str, object]:
            if type(found) is not dict:
                raise TypeError
            return {name: item.value(member, reading) for name, member in found.items()}

        return Quick(read, takes_reading=True)

    def write(self, value: object) -> object:
        pairs = cast("tuple[tuple[str, object], ...]", value)
        return {name: self.item.write(member) for name, member in pairs}

    def schema(self) -> Schema:
        return schemas.map_of(self.item.schema())


def or_null(kind: Kind[_T]) -> OrNull[_T]:
    """Return the kind that takes null as well."""
    allowed = f"{kind.allowed}, or null"
    return OrNull(allowed, evolve(kind, allowed=allowed))
