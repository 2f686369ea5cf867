"""The kinds of things that may stand in a document: how each is read, and what its schema says.

A kind is data: what is allowed in words, how it is read, and its JSON Schema. Reading notes
problems and goes on; `INVALID` stands for what could not be read.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Generic, TypeVar, cast, final
from zoneinfo import ZoneInfo

from attrs import define, evolve, frozen
from dateutil.relativedelta import relativedelta

from pkgredeem import InvalidValueError, Redemption
from pkgredeem._model import iso8601
from pkgredeem._model.redemption import FORMAT
from pkgredeem.documents import _times as times
from pkgredeem.documents._json import INVALID, LONGEST_TEXT, Invalid
from pkgredeem.documents._problems import MISSING, Place, Problems, format_value, path_of, quote

Schema = dict[str, object]
_T = TypeVar("_T")
_Read_co = TypeVar("_Read_co", covariant=True)
_Word = TypeVar("_Word", bound=StrEnum)

_ZONE_PLACE: Final[Place] = ((None, "account"), "time_zone")


@final
@define
class Reading:
    """What is known while one document is read.

    Attributes:
        problems: those found so far.
        zone: the account's time zone; None without one, INVALID when it could not be read.
        zone_found: what was found in its place when it is missing.
        zone_problem_reported: whether it was noted that a local day needs it.
    """

    problems: Problems
    zone: ZoneInfo | Invalid | None = INVALID
    zone_found: str = MISSING
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
    """What may stand at one place of a document.

    Attributes:
        allowed: what must stand there, in words that follow "must be".
    """

    allowed: str

    @abstractmethod
    def read(self, found: object, at: Place | None, reading: Reading) -> _Read_co | Invalid:
        """Return what was read; note every problem."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return the JSON Schema of it."""


@final
@frozen
class Scalar(Kind[_T]):
    """A text, a number, true or false: read by a function that returns INVALID for all else."""

    convert: Callable[[object], _T | Invalid]
    json: Mapping[str, object]

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid:
        """Return what was read; note the problem when it is not allowed."""
        read = self.convert(found)
        if read is INVALID:
            reading.problems.add(at, format_value(found), self.allowed)
        return read

    def schema(self) -> Schema:
        """Return the JSON Schema of it."""
        return {"description": self.allowed, **self.json}


@final
@frozen
class OrNull(Kind[_T | None]):
    """Another kind, or null; null says the same as leaving it out."""

    inner: Kind[_T]

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid | None:
        """Return None for null, else what the other kind reads."""
        return None if found is None else self.inner.read(found, at, reading)

    def schema(self) -> Schema:
        """Return the JSON Schema of it."""
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


def _no_key(_item: object) -> str | None:
    return None


@final
@frozen
class ListOf(Kind[tuple[_T, ...]]):
    """A list of one kind.

    Attributes:
        item: the kind of each item.
        least: how many there must be.
        key: what no two items may share, of an item as it is written; None if it is unknown.
        key_path: where in the item that stands, such as `.id`.
        uniqueness: what must stand there, in words, when two items share it.
    """

    item: Kind[_T]
    least: int = 0
    key: Callable[[object], str | None] = _no_key
    key_path: str = ""
    uniqueness: str = ""

    def read(self, found: object, at: Place | None, reading: Reading) -> tuple[_T, ...] | Invalid:
        """Return every item; note the problems of each, and items that share a key."""
        if not isinstance(found, list):
            reading.problems.add(at, format_value(found), self.allowed)
            return INVALID
        items = cast("list[object]", found)
        if len(items) < self.least:
            reading.problems.add(at, "an empty list", self.allowed)
        read: list[_T] = []
        seen: set[str] = set()
        for index, item in enumerate(items):
            place = (at, index)
            value = INVALID if item is INVALID else self.item.read(item, place, reading)
            if not isinstance(value, Invalid):
                read.append(value)
            key = self.key(item)
            if key in seen:
                reading.problems.add(
                    place, format_value(key), self.uniqueness, inside=self.key_path
                )
            elif key is not None:
                seen.add(key)
        return INVALID if len(read) < max(len(items), self.least) else tuple(read)

    def schema(self) -> Schema:
        """Return the JSON Schema of it."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.least}


@final
@frozen
class WrittenRedemption(Kind[Redemption]):
    """A redemption as `Redemption.to_document` writes it; its own reader judges it."""

    def read(self, found: object, at: Place | None, reading: Reading) -> Redemption | Invalid:
        """Return the redemption; its reader stops at its first problem, which is noted."""
        if not isinstance(found, dict):
            reading.problems.add(at, format_value(found), self.allowed)
            return INVALID
        if reading.problems.any_inside(at):
            return INVALID
        try:
            return Redemption.from_document(cast("dict[str, object]", found))
        except InvalidValueError as error:
            note_refusal(error, at, reading)
            return INVALID

    def schema(self) -> Schema:
        """Return the JSON Schema of it: the format alone, since its own reader checks the rest."""
        return {
            "description": self.allowed,
            "type": "object",
            "properties": {"format": {"const": FORMAT}},
            "required": ["format"],
        }


def note_refusal(error: InvalidValueError, at: Place | None, reading: Reading) -> None:
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
        reading.problems.add(at, found, error.allowed, inside=f"{dot}{rest}")
    else:
        reading.problems.add(at, found, f"one whose {error.field} is {error.allowed}")


def _text(found: object) -> str | Invalid:
    return found if isinstance(found, str) and found else INVALID


def _free_text(found: object) -> str | Invalid:
    return found if isinstance(found, str) else INVALID


def _flag(found: object) -> bool | Invalid:
    return found if isinstance(found, bool) else INVALID


def _whole(found: object) -> int | Invalid:
    return found if isinstance(found, int) and not isinstance(found, bool) else INVALID


def _count(found: object) -> int | Invalid:
    number = _whole(found)
    return INVALID if isinstance(number, int) and number < 0 else number


def or_null(kind: Kind[_T]) -> OrNull[_T]:
    """Return the kind that takes null as well."""
    allowed = f"{kind.allowed}, or null"
    return OrNull(allowed, evolve(kind, allowed=allowed))


def _or_invalid(read: Callable[[object], _T | None]) -> Callable[[object], _T | Invalid]:
    def convert(found: object) -> _T | Invalid:
        value = read(found)
        return INVALID if value is None else value

    return convert


def _pattern_schema(*patterns: str) -> Schema:
    return {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}


def word(words: type[_Word]) -> Scalar[_Word]:
    """Return the kind of a closed set of words."""
    by_text = {member.value: member for member in words}

    def convert(found: object) -> _Word | Invalid:
        return by_text.get(found, INVALID) if isinstance(found, str) else INVALID

    allowed = f"one of {', '.join(map(format_value, by_text))}"
    return Scalar(allowed, convert, {"enum": list(by_text)})


def constant(text: str) -> Scalar[str]:
    """Return the kind of exactly this text."""

    def convert(found: object) -> str | Invalid:
        return text if found == text else INVALID

    return Scalar(format_value(text), convert, {"const": text})


_ANY_TEXT: Final[Schema] = {"type": "string", "maxLength": LONGEST_TEXT}

NAME: Final = Scalar("a text that is not empty", _text, {**_ANY_TEXT, "minLength": 1})
FREE_TEXT: Final = Scalar("a text, which may be empty", _free_text, _ANY_TEXT)
FLAG: Final = Scalar("true or false", _flag, {"type": "boolean"})
WHOLE: Final = Scalar("a whole number", _whole, {"type": "integer"})
COUNT: Final = Scalar("a whole number of 0 or more", _count, {"type": "integer", "minimum": 0})
ZONE: Final[Scalar[ZoneInfo]] = Scalar(
    'an IANA time zone name that this machine knows, such as "Pacific/Auckland"',
    _or_invalid(iso8601.zone_of),
    {**_ANY_TEXT, "minLength": 1},
)
INSTANT: Final[Scalar[datetime]] = Scalar(
    times.AN_INSTANT, _or_invalid(iso8601.instant_of), _pattern_schema(iso8601.INSTANT)
)
DAY: Final[Scalar[date]] = Scalar(
    times.A_DAY, _or_invalid(iso8601.day_of), _pattern_schema(iso8601.DAY)
)
TERM: Final[Scalar[relativedelta]] = Scalar(
    times.A_TERM, _or_invalid(times.term_of), _pattern_schema(times.TERM)
)
WINDOW: Final[Scalar[timedelta]] = Scalar(
    times.A_WINDOW, _or_invalid(times.window_of), _pattern_schema(times.WINDOW, iso8601.ELAPSED)
)
REDEMPTION: Final = WrittenRedemption("a redemption as Redemption.to_document writes it")
