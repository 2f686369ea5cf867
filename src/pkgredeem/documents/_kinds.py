"""The kinds of things that may stand in a document: how each is read, and what its schema says.

A kind is data: what is allowed in words, how it is read, and its JSON Schema. Reading notes
problems and goes on; `BROKEN` stands for what could not be read.
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
from pkgredeem.documents import _times as times
from pkgredeem.documents._json import BROKEN, LONGEST_TEXT, Broken
from pkgredeem.documents._problems import MISSING, Place, Problems, path_of, quoted, shown

Schema = dict[str, object]
_T = TypeVar("_T")
_Read_co = TypeVar("_Read_co", covariant=True)
_Word = TypeVar("_Word", bound=StrEnum)

_REDEMPTION: Final = "pkgredeem-redemption/1"
_ZONE_PLACE: Final[Place] = ((None, "account"), "time_zone")


@final
@define
class Reading:
    """What is known while one document is read.

    Attributes:
        problems: those found so far.
        zone: the account's time zone; None without one, BROKEN when it could not be read.
        zone_found: what stands at its place when there is none.
        asked_in_vain: whether a local day was met without a time zone.
    """

    problems: Problems
    zone: ZoneInfo | Broken | None = BROKEN
    zone_found: str = MISSING
    asked_in_vain: bool = False

    def zone_for(self, at: Place | None) -> ZoneInfo | None:
        """Return the account's zone for the local day at that place, or note that it is needed."""
        if isinstance(self.zone, ZoneInfo):
            return self.zone
        if self.zone is None and not self.asked_in_vain:
            self.asked_in_vain = True
            allowed = f"an IANA time zone name, since {path_of(at)} is a local day"
            self.problems.add(_ZONE_PLACE, self.zone_found, allowed)
        return None


@frozen
class Kind(ABC, Generic[_Read_co]):
    """What may stand at one place of a document.

    Attributes:
        allowed: what is allowed there, in words.
    """

    allowed: str

    @abstractmethod
    def read(self, found: object, at: Place | None, reading: Reading) -> _Read_co | Broken:
        """Return what was read; note every problem."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return the JSON Schema of it."""


@final
@frozen
class Scalar(Kind[_T]):
    """A text, a number, true or false: read by one function that answers BROKEN for all else."""

    convert: Callable[[object], _T | Broken]
    json: Mapping[str, object]

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Broken:
        """Return what was read; note the problem when it is not allowed."""
        read = self.convert(found)
        if read is BROKEN:
            reading.problems.add(at, shown(found), self.allowed)
        return read

    def schema(self) -> Schema:
        """Return the JSON Schema of it."""
        return {"description": self.allowed, **self.json}


@final
@frozen
class OrNull(Kind[_T | None]):
    """Another kind, or null; null says the same as leaving it out."""

    inner: Kind[_T]

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Broken | None:
        """Return None for null, else what the other kind reads."""
        return None if found is None else self.inner.read(found, at, reading)

    def schema(self) -> Schema:
        """Return the JSON Schema of it."""
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


def _nothing_shared(_item: object) -> str | None:
    return None


@final
@frozen
class ListOf(Kind[tuple[_T, ...]]):
    """A list of one kind.

    Attributes:
        item: the kind of each item.
        least: how many there must be.
        key: what no two items may share, of an item as it stands; None when it can't be told.
        key_path: where in the item that stands, such as `.id`.
        once: what is allowed there, in words, when two share it.
    """

    item: Kind[_T]
    least: int = 0
    key: Callable[[object], str | None] = _nothing_shared
    key_path: str = ""
    once: str = ""

    def read(self, found: object, at: Place | None, reading: Reading) -> tuple[_T, ...] | Broken:
        """Return every item; note the problems of each, and items that are the same."""
        if not isinstance(found, list):
            reading.problems.add(at, shown(found), self.allowed)
            return BROKEN
        items = cast("list[object]", found)
        if len(items) < self.least:
            reading.problems.add(at, "an empty list", self.allowed)
        read: list[_T] = []
        seen: set[str] = set()
        for index, item in enumerate(items):
            place = (at, index)
            value = BROKEN if item is BROKEN else self.item.read(item, place, reading)
            if not isinstance(value, Broken):
                read.append(value)
            key = self.key(item)
            if key in seen:
                reading.problems.add(place, shown(key), self.once, inside=self.key_path)
            elif key is not None:
                seen.add(key)
        return BROKEN if len(read) < max(len(items), self.least) else tuple(read)

    def schema(self) -> Schema:
        """Return the JSON Schema of it."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.least}


@final
@frozen
class WrittenRedemption(Kind[Redemption]):
    """A redemption as `Redemption.to_document` writes it; its own reader judges it."""

    def read(self, found: object, at: Place | None, reading: Reading) -> Redemption | Broken:
        """Return the redemption; its reader stops at its first problem, which is noted."""
        if not isinstance(found, dict):
            reading.problems.add(at, shown(found), self.allowed)
            return BROKEN
        if reading.problems.any_inside(at):
            return BROKEN
        try:
            return Redemption.from_document(cast("dict[str, object]", found))
        except InvalidValueError as error:
            note_refusal(error, at, reading)
            return BROKEN

    def schema(self) -> Schema:
        """Return the JSON Schema of it: the form alone, the rest is its own reader's."""
        held = {"format": {"const": _REDEMPTION}}
        return {
            "description": self.allowed,
            "type": "object",
            "properties": held,
            "required": ["format"],
        }


def note_refusal(error: InvalidValueError, at: Place | None, reading: Reading) -> None:
    """Note what a value of the core refused, at the place that its field names.

    `redemption.booking.id` is `existing.booking.id` for the redemption at `existing`; the field of
    any other value is told in words.
    """
    value: object = error.value
    if isinstance(value, list):  # the keys of an object are told so: show them
        found = quoted(", ".join(map(str, cast("list[object]", value))))
    elif value is None or type(value) in {bool, int, str, float, dict}:
        found = shown(value)
    else:
        found = "another value"
    owner, dot, rest = error.field.partition(".")
    if owner.lower() == "redemption":
        reading.problems.add(at, found, error.allowed, inside=f"{dot}{rest}")
    else:
        reading.problems.add(at, found, f"one whose {error.field} is {error.allowed}")


def _text(found: object) -> str | Broken:
    return found if isinstance(found, str) and found else BROKEN


def _free_text(found: object) -> str | Broken:
    return found if isinstance(found, str) else BROKEN


def _flag(found: object) -> bool | Broken:
    return found if isinstance(found, bool) else BROKEN


def _whole(found: object) -> int | Broken:
    return found if isinstance(found, int) and not isinstance(found, bool) else BROKEN


def _count(found: object) -> int | Broken:
    number = _whole(found)
    return BROKEN if isinstance(number, int) and number < 0 else number


def _zone(found: object) -> ZoneInfo | Broken:
    if not isinstance(found, str) or not found:
        return BROKEN
    try:
        return ZoneInfo(found)
    except (ValueError, LookupError, OSError, ImportError):
        return BROKEN


def or_null(kind: Kind[_T]) -> OrNull[_T]:
    """Return the kind that takes null as well."""
    allowed = f"{kind.allowed}, or null"
    return OrNull(allowed, evolve(kind, allowed=allowed))


def _sound(read: Callable[[object], _T | None]) -> Callable[[object], _T | Broken]:
    def convert(found: object) -> _T | Broken:
        value = read(found)
        return BROKEN if value is None else value

    return convert


def _matching(*patterns: str) -> Schema:
    return {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}


def word(words: type[_Word]) -> Scalar[_Word]:
    """Return the kind of a closed set of words."""
    by_word = {each.value: each for each in words}

    def convert(found: object) -> _Word | Broken:
        return by_word.get(found, BROKEN) if isinstance(found, str) else BROKEN

    allowed = f"one of {', '.join(shown(each) for each in by_word)}"
    return Scalar(allowed, convert, {"enum": list(by_word)})


def constant(text: str) -> Scalar[str]:
    """Return the kind of exactly this text."""

    def convert(found: object) -> str | Broken:
        return text if found == text else BROKEN

    return Scalar(shown(text), convert, {"const": text})


_ANY_TEXT: Final[Schema] = {"type": "string", "maxLength": LONGEST_TEXT}

NAME: Final = Scalar("a text that is not empty", _text, {**_ANY_TEXT, "minLength": 1})
FREE_TEXT: Final = Scalar("a text, which may be empty", _free_text, _ANY_TEXT)
FLAG: Final = Scalar("true or false", _flag, {"type": "boolean"})
WHOLE: Final = Scalar("a whole number", _whole, {"type": "integer"})
COUNT: Final = Scalar("a whole number of 0 or more", _count, {"type": "integer", "minimum": 0})
ZONE: Final = Scalar(
    'an IANA time zone name that this machine knows, such as "Pacific/Auckland"',
    _zone,
    {**_ANY_TEXT, "minLength": 1},
)
INSTANT: Final[Scalar[datetime]] = Scalar(
    times.AN_INSTANT, _sound(times.instant_of), _matching(times.INSTANT)
)
DAY: Final[Scalar[date]] = Scalar(times.A_DAY, _sound(times.day_of), _matching(times.DAY))
TERM: Final[Scalar[relativedelta]] = Scalar(
    times.A_TERM, _sound(times.term_of), _matching(times.TERM)
)
WINDOW: Final[Scalar[timedelta]] = Scalar(
    times.A_WINDOW, _sound(times.window_of), _matching(times.WINDOW, times.SECONDS)
)
REDEMPTION: Final = WrittenRedemption("a redemption as Redemption.to_document writes it")
