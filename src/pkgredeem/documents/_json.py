"""Strict, bounded JSON: text, bytes or any Python object in, plain values out.

Plain values are None, bool, int, float, str, list and dict with str keys, of exactly these types.
What JSON or Python would let pass in silence is a problem here: a key given twice, NaN and
infinity, a number that is too long, half a surrogate pair, a byte order mark.
"""

import json
import math
import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Final, cast, final

from pkgredeem import InvalidValueError
from pkgredeem._model.checks import MOST_DIGITS
from pkgredeem._model.escape import escape_control_characters
from pkgredeem.documents._problems import (
    INVALID,
    DocumentError,
    Invalid,
    Place,
    Problems,
    quote,
    refusal,
)

#: Bytes of a document in UTF-8; for a text its characters.
LARGEST_DOCUMENT: Final = 10_000_000
#: Values of a document: every object, list, text, number, true, false and null.
MOST_VALUES: Final = 1_000_000
#: Objects and lists inside each other; the outermost is the first.
DEEPEST: Final = 32
#: Characters of one text or key.
LONGEST_TEXT: Final = 1_000_000

#: So many brackets inside each other are too many, but not for JSON's own reader.
_SURELY_NOT_TOO_DEEP: Final = 500
_TOO_LARGE: Final = 10**MOST_DIGITS
_TEXT: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NO_BRACKETS: Final = re.compile(r"[^\[\]{}]++")
# No half of a surrogate pair among the escapes of a text; JSON's reader looks at the digits.
_HAS_WHOLE_ESCAPES: Final = re.compile(
    r"(?:[^\\]++|\\(?:[^u]|u[^dD]|u[dD][0-7]|u[dD][89abAB]..\\u[dD][c-fC-F]))*+", re.DOTALL
).fullmatch
_STEPS: Final = {"[": 1, "{": 1, "]": -1, "}": -1}
_HALF_A_PAIR: Final = re.compile("[\\ud800-\\udfff]")
# The methods of dict and list themselves, whatever a subclass makes of them.
_MEMBERS_OF: Final = dict[object, object].items
_ITEMS_OF: Final = list[object].copy
_JSON_VALUE: Final = "an object, a list, a text, a number, true, false or null"


def parse_json(source: str | bytes) -> object:
    """Return what a JSON text says, as plain values.

    Bounds: 10,000,000 bytes (characters of a `str`), 1,000,000 values, 32 objects and lists inside
    each other, 1,000,000 characters a text, 600 digits a whole number.

    Args:
        source: the JSON text; bytes must be UTF-8 without a byte order mark.

    Returns:
        None, a bool, an int, a finite float, a str, a list or a dict.

    Raises:
        DocumentError: it is not JSON or not within the bounds, or a key is given twice, a number is
            not finite, or a text holds half a surrogate pair; all such problems at once.
        InvalidValueError: *source* is neither text nor bytes.

    Example:
        >>> parse_json(b'{"remaining": 5}')
        {'remaining': 5}
    """
    problems = Problems()
    plain = normalise(parse(source), problems)
    problems.raise_if_any()
    return plain


def parse(source: object) -> object:
    """Return what a JSON text says, for `normalise` to check."""
    if not isinstance(source, str | bytes):
        raise InvalidValueError("source", source, "JSON as text or bytes")
    if len(source) > LARGEST_DOCUMENT:
        size = f"{LARGEST_DOCUMENT} {'bytes' if isinstance(source, bytes) else 'characters'}"
        raise refusal(f"more than {size}", f"at most {size}")
    text = _decode(source) if isinstance(source, bytes) else source
    if text.startswith("\ufeff"):
        found = "a text that begins with a byte order mark"
        raise refusal(found, "JSON in UTF-8 without a byte order mark")
    _refuse_brackets(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_whole_number,
            parse_float=_number,
            parse_constant=_OutOfRange,
        )
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        found = f"a text with an error at {at} ({error.msg.lower()})"
        raise refusal(found, "one JSON value") from None


def parse_quickly(source: bytes) -> object:
    """Return what a small JSON text says, as plain values; None for any other text.

    So small that no text in it, and no count of values, can be too large for `normalise`. Raises
    one of `DOUBTS` for whatever is no JSON, or would be a problem.
    """
    text = source.decode()
    if len(text) > MOST_VALUES or text.count("[") + text.count("{") > _SURELY_NOT_TOO_DEEP:
        return None
    if "\\" in text and not _HAS_WHOLE_ESCAPES(text):
        return None
    return _QUICK_DECODER.decode(text)


def normalise(raw: object, problems: Problems) -> object:
    """Return plain values for any Python object; what is not JSON is noted, and is `INVALID`."""
    return _Normaliser(problems).value(raw, None, 1)


class _Members(list[tuple[str, object]]):
    """The members of a JSON object as they are written, where a key is given twice."""


def _members(pairs: list[tuple[str, object]]) -> dict[str, object] | _Members:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Members(pairs)


class _OutOfRange(str):
    """The text of a number that is beyond every Python number."""

    __slots__ = ()


@final
class _Normaliser:
    """Calls no method of a foreign class, so that a strange object can't do anything."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._seen = 0

    def value(self, raw: object, at: Place | None, depth: int) -> object:
        self._seen += 1
        if self._seen > MOST_VALUES:
            raise _too_many()
        if raw is None or raw is True or raw is False:
            return raw
        # Not isinstance, which asks an object for its class: the object might answer anything.
        kind = type(raw)
        if issubclass(kind, str):
            if kind is _OutOfRange:
                return self._problems.add(at, str(raw), "a finite number")
            text = cast("str", raw)
            return self._text(text if kind is str else str.__str__(text), at)
        if issubclass(kind, float):
            return self._float(float.__float__(cast("float", raw)), at)
        if issubclass(kind, int):
            return self._int(int.__int__(cast("int", raw)), at)
        return self._container(raw, kind, at, depth)

    def _container(self, raw: object, kind: type, at: Place | None, depth: int) -> object:
        if kind is not tuple and not issubclass(kind, dict | list):
            return self._problems.add(at, f"a Python object, {_class_of(raw)}", _JSON_VALUE)
        if depth > DEEPEST:
            raise _too_deep(at)
        if issubclass(kind, dict):
            return self._members(_MEMBERS_OF(cast("dict[object, object]", raw)), at, depth)
        if issubclass(kind, _Members):
            return self._members(cast("_Members", raw), at, depth)
        items: Iterable[object] = cast("tuple[object, ...]", raw)
        if kind is not tuple:
            items = _ITEMS_OF(cast("list[object]", raw))
        return [self.value(item, (at, index), depth + 1) for index, item in enumerate(items)]

    def _members(
        self, pairs: Iterable[tuple[object, object]], at: Place | None, depth: int
    ) -> object:
        members: dict[str, object] = {}
        for key, value in pairs:
            if not issubclass(type(key), str):
                found = f"an object with a key that is {_class_of(key)}"
                self._problems.add(at, found, "an object whose keys are texts")
                continue
            name = str.__str__(cast("str", key))
            place = (at, name)
            if name in members:
                self._problems.add(place, "given twice", "given only once")
            elif self._text(name, place) is not INVALID:
                members[name] = self.value(value, place, depth + 1)
        return members

    def _text(self, text: str, at: Place | None) -> str | Invalid:
        if len(text) > LONGEST_TEXT:
            found = f"longer than {LONGEST_TEXT} characters"
            return self._problems.add(at, found, f"at most {LONGEST_TEXT} characters long")
        if not text.isascii() and _HALF_A_PAIR.search(text):
            found = f"a text with half a surrogate pair, {quote(text)}"
            return self._problems.add(at, found, "a text of whole characters")
        return text

    def _int(self, number: int, at: Place | None) -> int | Invalid:
        if not -_TOO_LARGE < number < _TOO_LARGE:
            found = f"a number of more than {MOST_DIGITS} digits"
            return self._problems.add(at, found, f"a number of at most {MOST_DIGITS} digits")
        return number

    def _float(self, number: float, at: Place | None) -> float | Invalid:
        is_finite = math.isfinite(number)
        return number if is_finite else self._problems.add(at, str(number), "a finite number")


def _class_of(value: object) -> str:
    return quote(type.__repr__(type(value)))


def _decode(source: bytes) -> str:
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        raise refusal(f"invalid UTF-8 at byte {error.start}", "JSON in UTF-8") from None


def _whole_number(digits: str) -> int:
    # One digit too many is enough to be refused, and few enough to be converted.
    return int(digits[: MOST_DIGITS + 2])


def _number(digits: str) -> float | _OutOfRange:
    number = float(digits)
    return number if math.isfinite(number) else _OutOfRange(escape_control_characters(digits[:60]))


def _members_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def _short_whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError
    return int(digits)


# What is beyond every number needs no second look: no value takes a fraction.
_QUICK_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_members_once,
    parse_int=_short_whole_number,
)


def _refuse_brackets(text: str) -> None:
    """Refuse brackets outside of texts that are too many, or too deep: JSON's reader overflows."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    brackets = _NO_BRACKETS.sub("", _TEXT.sub("", text))
    steps = map(_STEPS.__getitem__, brackets[: 2 * MOST_VALUES])
    if max(accumulate(steps), default=0) > DEEPEST:
        raise _too_deep(None)
    if brackets.count("[") + brackets.count("{") > MOST_VALUES:
        raise _too_many()


def _too_many() -> DocumentError:
    return refusal(f"more than {MOST_VALUES} values", f"at most {MOST_VALUES} values")


def _too_deep(at: Place | None) -> DocumentError:
    allowed = f"at most {DEEPEST} levels of objects and lists deep"
    return refusal(f"deeper than {DEEPEST} levels", allowed, at)
