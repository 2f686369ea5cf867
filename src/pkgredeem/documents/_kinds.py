"""The kinds of things that may stand in a document: how each is read, and what its schema says.

A kind is data: what is allowed in words, how it is read, and its JSON Schema; an object is a table
of its keys. Reading notes problems and goes on; `INVALID` stands for what could not be read.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from typing import Final, Generic, TypeVar, cast, final
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from pkgredeem import InvalidValueError, Redemption
from pkgredeem._model import iso8601
from pkgredeem._model.checks import CALENDAR
from pkgredeem._model.nearest import nearest_word
from pkgredeem.documents import _schemas as schemas
from pkgredeem.documents import _times as times
from pkgredeem.documents._json import LONGEST_TEXT, MOST_VALUES
from pkgredeem.documents._problems import (
    INVALID,
    MISSING,
    Invalid,
    Place,
    Problems,
    format_value,
    path_of,
    quote,
)
from pkgredeem.documents._schemas import Schema

_T = TypeVar("_T")
_Read_co = TypeVar("_Read_co", covariant=True)
_Word = TypeVar("_Word", bound=StrEnum)

REQUIRED: Final = object()  # stands in place of the default of a key that must be given
_ZONE_PLACE: Final[Place] = ((None, "account"), "time_zone")


@final
@define
class Reading:
    """What is known while one document is read: the problems so far, and the account's zone."""

    problems: Problems
    zone: ZoneInfo | Invalid | None = INVALID  # None without one
    zone_found: str = MISSING  # what was found in its place when there is none
    zone_problem_reported: bool = False

    def zone_for(self, at: Place | None) -> ZoneInfo | None:
        """Return the account's zone for the local day at that place, or note that it is needed."""
        if isinstance(self.zone, ZoneInfo):
            return self.zone
        if self.zone is None and not self.zone_problem_reported:
            self.zone_problem_reported = True
            allowed = f"an IANA time zone name, since {path_of(at)} is a local day"
            self.problems.add(_ZONE_PLACE, self.zone_found, allowed)
        return None


@frozen
class Kind(ABC, Generic[_Read_co]):
    """What may stand at one place of a document."""

    allowed: str  # in words that follow "must be"

    @abstractmethod
    def read(self, found: object, at: Place | None, reading: Reading) -> _Read_co | Invalid:
        """Return what was read; note every problem."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return the JSON Schema of it."""


@final
@frozen
class Scalar(Kind[_T]):
    """A text, a number, true or false: read by a function that returns None for all else."""

    convert: Callable[[object], _T | None]
    json: Mapping[str, object]
    hint: Callable[[object], str] = lambda _found: ""

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid:
        value = self.convert(found)
        if value is None:
            return reading.problems.add(at, format_value(found), self.allowed + self.hint(found))
        return value

    def schema(self) -> Schema:
        return {"description": self.allowed, **self.json}


@final
@frozen
class OrNull(Kind[_T | None]):
    """Another kind, or null; null says the same as leaving it out."""

    inner: Kind[_T]

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid | None:
        return None if found is None else self.inner.read(found, at, reading)

    def schema(self) -> Schema:
        return schemas.nullable(self.inner.schema())


@final
@frozen
class ListOf(Kind[tuple[_T, ...]]):
    """A list of one kind; by default it may be empty, and as long as a document can be."""

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

    def schema(self) -> Schema:
        schema = {**schemas.list_of(self.item.schema()), "minItems": self.least}
        return schema if self.most == MOST_VALUES else {**schema, "maxItems": self.most}


@final
@frozen
class WrittenRedemption(Kind[Redemption]):
    """A redemption as `Redemption.to_document` writes it; its own reader judges it."""

    def read(self, found: object, at: Place | None, reading: Reading) -> Redemption | Invalid:
        """Return the redemption; its reader stops at its first problem, which is noted."""
        if not isinstance(found, dict):
            return reading.problems.add(at, format_value(found), self.allowed)
        if reading.problems.any_inside(at):
            return INVALID
        try:
            return Redemption.from_document(cast("dict[str, object]", found))
        except InvalidValueError as error:
            return note_refusal(error, at, reading)

    def schema(self) -> Schema:
        return {"description": self.allowed, **schemas.stored_redemption()}


def note_refusal(error: InvalidValueError, at: Place | None, reading: Reading) -> Invalid:
    """Note what a value of the core refused, at the place that its field names.

    `redemption.booking.id` is `existing.booking.id` for the redemption at `existing`; the field of
    any other value is named in words.
    """
    value: object = error.value
    if isinstance(value, list):  # the keys of an object
        found = quote(", ".join(map(str, cast("list[object]", value))))
    elif value is None or type(value) in {bool, int, str, float, dict}:
        found = format_value(value)
    else:
        found = "another value"
    owner, dot, rest = error.field.partition(".")
    if owner.lower() == "redemption":
        return reading.problems.add(at, found, error.allowed, inside=f"{dot}{rest}")
    return reading.problems.add(at, found, f"one whose {error.field} is {error.allowed}")


@final
@frozen
class Key:
    """A key of an object: its kind and, when it may be left out, what that means."""

    kind: Kind[object]
    default: object = REQUIRED


@final
@frozen
class Members:
    """The members of an object of a document, read one by one; some may be invalid."""

    at: Place | None
    raw: Mapping[str, object]  # as it is written
    values: dict[str, object]  # what was read, and the defaults of the keys that are left out
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


@final
@frozen
class ObjectOf(Kind[_T]):
    """An object with these keys, read into the value that is made of them."""

    allowed: str = field(default="an object", kw_only=True)
    make: Callable[..., _T]
    keys: Mapping[str, Key]
    at_most_one: tuple[tuple[str, ...], ...] = ()  # groups of keys that exclude each other
    # Checks the keys against each other, and turns what people write into instants.
    reconcile: Callable[[Members], None] = lambda _members: None
    aside: tuple[str, ...] = ()  # keys that the value is not made of

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid:
        """Return the value; note every problem of every key, and of the keys together."""
        if not isinstance(found, dict):
            return reading.problems.add(at, format_value(found), self.allowed)
        raw = cast("dict[str, object]", found)
        before = reading.problems.count
        values: dict[str, object] = {}
        for name, key in self.keys.items():
            read = _read_key(name, key, raw, at, reading)
            if read is not INVALID:
                values[name] = read
        _note_unknown(raw, self.keys, at, reading)
        members = Members(at, raw, values, reading)
        if self._is_consistent(members):
            self.reconcile(members)
        if reading.problems.count > before or len(values) < len(self.keys):
            return INVALID
        try:
            return self.make(**{name: values[name] for name in values if name not in self.aside})
        except InvalidValueError as error:
            return note_refusal(error, at, reading)

    def _is_consistent(self, members: Members) -> bool:
        before = members.reading.problems.count
        for group in self.at_most_one:
            given = [key for key in group if members.has(key)]
            for key in given[1:]:
                members.refuse(key, f"left out beside {given[0]}")
        return members.reading.problems.count == before

    def schema(self) -> Schema:
        schema = schemas.object_of(
            {name: key.kind.schema() for name, key in self.keys.items()},
            required=[name for name, key in self.keys.items() if key.default is REQUIRED],
        )
        pairs = [pair for group in self.at_most_one for pair in combinations(group, 2)]
        if pairs:
            not_null = {"not": {"type": "null"}}
            schema["allOf"] = [
                {"not": {"properties": dict.fromkeys(pair, not_null), "required": list(pair)}}
                for pair in pairs
            ]
        return schema


def _read_key(
    name: str, key: Key, raw: Mapping[str, object], at: Place | None, reading: Reading
) -> object:
    found = raw.get(name, key.default)
    if found is REQUIRED:
        return reading.problems.add((at, name), MISSING, key.kind.allowed)
    if found is INVALID or name not in raw:
        return found
    return key.kind.read(found, (at, name), reading)


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


def _instance(kind: type[_T]) -> Callable[[object], _T | None]:
    return lambda found: found if isinstance(found, kind) else None


def id_of(found: object) -> str | None:
    """Return a text that is not empty."""
    return found if isinstance(found, str) and found else None


def _id_hint(found: object) -> str:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return f" (ids are texts: {quote(str(found))})" if is_number else ""


def _whole(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _count(found: object) -> int | None:
    number = _whole(found)
    return None if number is None or number < 0 else number


def or_null(kind: Kind[_T]) -> OrNull[_T]:
    """Return the kind that takes null as well."""
    allowed = f"{kind.allowed}, or null"
    return OrNull(allowed, evolve(kind, allowed=allowed))


def word(words: type[_Word]) -> Scalar[_Word]:
    """Return the kind of a closed set of words."""
    by_text = {member.value: member for member in words}

    def convert(found: object) -> _Word | None:
        return by_text.get(found) if isinstance(found, str) else None

    allowed = f"one of {', '.join(map(format_value, by_text))}"
    return Scalar(allowed, convert, schemas.words_of(words))


def constant(text: str) -> Scalar[str]:
    """Return the kind of exactly this text."""
    allowed = format_value(text)
    return Scalar(allowed, lambda found: text if found == text else None, {"const": text})


_ANY_TEXT: Final[Schema] = {"type": "string", "maxLength": LONGEST_TEXT}
_NOT_EMPTY: Final[Schema] = {**_ANY_TEXT, "minLength": 1}

ID: Final = Scalar("a text that is not empty", id_of, _NOT_EMPTY, _id_hint)
FREE_TEXT: Final = Scalar("a text, which may be empty", _instance(str), _ANY_TEXT)
FLAG: Final = Scalar("true or false", _instance(bool), {"type": "boolean"})
WHOLE: Final = Scalar("a whole number", _whole, {"type": "integer"})
COUNT: Final = Scalar("a whole number of 0 or more", _count, {"type": "integer", "minimum": 0})
ZONE: Final = Scalar(
    'an IANA time zone name that this machine knows, such as "Pacific/Auckland"',
    iso8601.zone_of,
    _NOT_EMPTY,
)
INSTANT: Final = Scalar(times.AN_INSTANT, iso8601.instant_of, schemas.pattern(iso8601.INSTANT))
DAY: Final = Scalar(times.A_DAY, iso8601.day_of, schemas.pattern(iso8601.DAY))
TERM: Final = Scalar(times.A_TERM, times.term_of, schemas.pattern(times.TERM))
WINDOW: Final = Scalar(
    times.A_WINDOW, times.window_of, schemas.pattern(times.WINDOW, iso8601.ELAPSED)
)
REDEMPTION: Final = WrittenRedemption("a redemption as Redemption.to_document writes it")
