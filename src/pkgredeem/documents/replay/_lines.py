"""The lines of a file: which of them a range holds, and what stands in one."""

import re
from collections.abc import Iterator, Mapping
from io import DEFAULT_BUFFER_SIZE
from typing import BinaryIO, Final, TypeAlias, cast

from pkgredeem import Case, InvalidValueError
from pkgredeem._model.quick import DOUBTS
from pkgredeem.documents import _scalars as scalars
from pkgredeem.documents._acts import ACT, BookingAct
from pkgredeem.documents._answers import DECISION_FOR_STAFF, DECISION_FORMAT
from pkgredeem.documents._json import LARGEST_DOCUMENT, normalise, parse, parse_quickly
from pkgredeem.documents._kinds import Kind, Reading, Scalar, or_null
from pkgredeem.documents._objects import Key, ObjectOf
from pkgredeem.documents._problems import Invalid, Problems
from pkgredeem.documents._reader import read_quickly, read_text
from pkgredeem.documents._shapes import CASE

#: A decision document of the time, as it stands.
Recorded: TypeAlias = Mapping[str, object]
#: A case, perhaps with what was decided at the time; or an act.
Line: TypeAlias = tuple[Case, Recorded | None] | BookingAct

_LEFT_OUT: Final = object()
_RECORDED: Final = "recorded"
_ACT: Final = "pkgredeem-act"
#: What no plain case holds: a decision of the time, another format, or an escaped letter, by which
#: either could be written.
_MARKS: Final = (f'"{_RECORDED}"'.encode(), _ACT.encode())
_ESCAPED_LETTER: Final = re.compile(rb"\\u00[2-7]")


def read_line(text: bytes) -> Line:
    """Return what stands in a line.

    Raises:
        DocumentError: it is neither a case document nor an act document; the error holds every
            problem.
    """
    is_plain = _MARKS[0] not in text and _MARKS[1] not in text
    if is_plain and (b"\\u00" not in text or _ESCAPED_LETTER.search(text) is None):
        return read_text(text), None
    quick = _read_quickly(text)
    return _read_carefully(text) if quick is None else quick


def _read_quickly(text: bytes) -> Line | None:
    """Return a case with a decision of its time, where both are plainly right."""
    try:
        plain = parse_quickly(text)
    except DOUBTS:
        return None
    if not isinstance(plain, dict):
        return None
    members = cast("dict[str, object]", plain)
    reading = Reading(Problems())
    recorded = _RECORDED_OR_NULL.read(members.pop(_RECORDED, None), None, reading)
    case = None if isinstance(recorded, Invalid) else read_quickly(members, reading)
    return None if case is None else (case, cast("Recorded | None", recorded))


def _read_carefully(text: bytes) -> Line:
    """Return what stands in a line, whatever it is, or tell every problem."""
    problems = Problems()
    plain = normalise(parse(text), problems)
    reading = Reading(problems)
    read: object = plain
    if not isinstance(plain, Invalid):
        shape: Kind[object] = ACT if _is_act(plain) else _CASE_OF_THE_TIME
        read = shape.read(plain, None, reading)
    problems.raise_if_any()
    return cast("Line", read)  # nothing is invalid without a problem


def _is_act(plain: object) -> bool:
    """Tell whether a line means to be an act document, of whatever edition."""
    members = cast("dict[str, object]", plain) if isinstance(plain, dict) else {}
    written = members.get("format")
    return isinstance(written, str) and written.startswith(_ACT)


def lines_of(file: BinaryIO, start: int, stop: int | None) -> Iterator[tuple[int, bytes]]:
    """Yield each line that begins in the range, after its first byte; what is too long is cut."""
    at = file.seek(max(0, start - 1))
    if start:
        at += _skip_line(file)
    while (stop is None or at < stop) and (line := file.readline(LARGEST_DOCUMENT + 1)):
        yield at, line
        at += len(line)
        if len(line) > LARGEST_DOCUMENT and not line.endswith(b"\n"):
            at += _skip_line(file)


def check_range(start: object, stop: object) -> None:
    """Refuse what is no range of bytes.

    Raises:
        InvalidValueError: *start* is no byte, 0 or more, or *stop* neither that nor None.
    """
    for name, byte in (("start", start), ("stop", 0 if stop is None else stop)):
        if type(byte) is not int or byte < 0:
            raise InvalidValueError(name, byte, "a position in the file of 0 or more")


def _skip_line(file: BinaryIO) -> int:
    """Go to the line after this one; return how many bytes lie between."""
    skipped = 0
    while part := file.readline(DEFAULT_BUFFER_SIZE):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _recorded(**found: object) -> Recorded:
    return {name: value for name, value in found.items() if value is not _LEFT_OUT}


def _case_and_recorded(recorded: Recorded | None, **fields: object) -> tuple[Case, Recorded | None]:
    return CASE.make(**fields), recorded


def _as_it_is(found: object) -> object:
    return found


# What was recorded is compared, and not judged.
_ANYTHING: Final = or_null(Scalar("any JSON value", _as_it_is, {}))

_RECORDED_DECISION: Final = ObjectOf(
    _recorded,
    {
        key.name: Key(scalars.constant(DECISION_FORMAT))
        if key.name == "format"
        else Key(_ANYTHING, _LEFT_OUT)
        for key in DECISION_FOR_STAFF.keys
    },
    allowed="a decision document",
)

_RECORDED_OR_NULL: Final = or_null(_RECORDED_DECISION)

_CASE_OF_THE_TIME: Final = ObjectOf(
    _case_and_recorded,
    {**CASE.keys, _RECORDED: Key(_RECORDED_OR_NULL, None)},
    allowed=CASE.allowed,
    reconcile=CASE.reconcile,
    aside=CASE.aside,
)
