"""The kinds that are no table: texts, numbers, times, words, and a redemption as it is stored."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Final, TypeVar, cast, final

from attrs import frozen

from pkgredeem import UNLIMITED, InvalidValueError, Period, Redemption, Unlimited
from pkgredeem._model import iso8601
from pkgredeem._model.account import LONGEST_WINDOW
from pkgredeem._model.plans import LONGEST_NOTICE
from pkgredeem.documents import _schemas as schemas
from pkgredeem.documents import _times as times
from pkgredeem.documents._json import LONGEST_TEXT
from pkgredeem.documents._kinds import Kind, Quick, Reading, Scalar
from pkgredeem.documents._objects import note_refusal
from pkgredeem.documents._problems import INVALID, Invalid, Place, format_value, quote
from pkgredeem.documents._schemas import Schema

_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)


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

    def quick(self) -> Quick:
        return Quick(Redemption.from_document)

    def write(self, value: object) -> object:
        return cast("Redemption", value).to_document()

    def schema(self) -> Schema:
        return {"description": self.allowed, **schemas.stored_redemption()}


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


def _cost(found: object) -> int | None:
    return _count(found) or None


def _remaining(found: object) -> int | Unlimited | None:
    return UNLIMITED if found == UNLIMITED.value else _count(found)


_ENDLESS: Final[dict[str, object]] = {UNLIMITED.value: UNLIMITED}


def _remaining_quickly(found: str) -> object:
    return _ENDLESS.get(found, found)


def _remaining_written(remaining: object) -> object:
    return UNLIMITED.value if remaining is UNLIMITED else remaining


def choice(by_text: Mapping[str, _T]) -> Scalar[_T]:
    """Return the kind of a closed set of texts, each of which says one value."""
    texts = {value: text for text, value in by_text.items()}

    def convert(found: object) -> _T | None:
        return by_text.get(found) if isinstance(found, str) else None

    allowed = f"one of {', '.join(map(format_value, by_text))}"
    schema = {"enum": list(by_text)}
    return Scalar(allowed, convert, schema, written=texts.__getitem__, quickly=by_text.get)


def word(words: type[_Word]) -> Scalar[_Word]:
    """Return the kind of a closed set of words."""
    return choice({member.value: member for member in words})


def constant(text: str) -> Scalar[str]:
    """Return the kind of exactly this text."""
    allowed = format_value(text)
    return Scalar(allowed, lambda found: text if found == text else None, {"const": text})


def _elapsed(longest: timedelta) -> Scalar[timedelta]:
    return Scalar(
        times.elapsed_in_words(longest),
        partial(times.window_of, longest=longest),
        schemas.pattern(times.WINDOW, iso8601.ELAPSED),
        written=times.window_text,
    )


_ANY_TEXT: Final[Schema] = {"type": "string", "maxLength": LONGEST_TEXT}
_NOT_EMPTY: Final[Schema] = {**_ANY_TEXT, "minLength": 1}

ID: Final = Scalar("a text that is not empty", id_of, _NOT_EMPTY, _id_hint, quickly=None)
NAME: Final = Scalar("a text that is not empty", id_of, _NOT_EMPTY, quickly=None)
FREE_TEXT: Final = Scalar("a text, which may be empty", _instance(str), _ANY_TEXT, quickly=None)
FLAG: Final = Scalar("true or false", _instance(bool), {"type": "boolean"}, quickly=None)
WHOLE: Final = Scalar("a whole number", _whole, {"type": "integer"}, quickly=None)
COUNT: Final = Scalar(
    "a whole number of 0 or more", _count, {"type": "integer", "minimum": 0}, quickly=None
)
COST: Final = Scalar(
    "a whole number of 1 or more", _cost, {"type": "integer", "minimum": 1}, quickly=None
)
REMAINING: Final = Scalar(
    f'a whole number of 0 or more, or "{UNLIMITED.value}"',
    _remaining,
    {"anyOf": [{"type": "integer", "minimum": 0}, {"const": UNLIMITED.value}]},
    written=_remaining_written,
    quickly=_remaining_quickly,
)
ZONE: Final = Scalar(
    'an IANA time zone name that this machine knows, such as "Pacific/Auckland"',
    iso8601.zone_of,
    _NOT_EMPTY,
    written=attrgetter("key"),
)
INSTANT: Final = Scalar(
    times.AN_INSTANT,
    iso8601.instant_of,
    schemas.pattern(iso8601.INSTANT),
    written=datetime.isoformat,
)
DAY: Final = Scalar(
    times.A_DAY, iso8601.day_of, schemas.pattern(iso8601.DAY), written=date.isoformat
)
WEEKDAY: Final = choice({day: number for number, day in enumerate(times.WEEKDAYS, 1)})
CLOCK_TIME: Final = Scalar(
    times.A_CLOCK_TIME,
    iso8601.clock_time_of,
    schemas.pattern(iso8601.CLOCK_TIME),
    written=times.clock_time_text,
)
TERM: Final = Scalar(
    times.A_TERM, times.term_of, schemas.pattern(times.TERM), written=times.term_text
)
PERIOD: Final = Scalar(
    times.A_PERIOD, times.period_of, schemas.pattern(*Period, times.DAYS_IN_A_ROW), written=str
)
WINDOW: Final = _elapsed(LONGEST_WINDOW)
NOTICE: Final = _elapsed(LONGEST_NOTICE)
REDEMPTION: Final = WrittenRedemption("a redemption as Redemption.to_document writes it")
