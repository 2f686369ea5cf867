"""Case documents in: an object or a file is read into a `Case`, or all its problems are raised."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Final, Protocol, cast

from pkgredeem import Case
from pkgredeem._model.quick import DOUBTS, FIRST, once_it_pays
from pkgredeem.documents._json import LARGEST_DOCUMENT, normalise, parse, parse_quickly
from pkgredeem.documents._kinds import Reading
from pkgredeem.documents._problems import Invalid, Problems, refusal
from pkgredeem.documents._shapes import CASE


class Readable(Protocol):
    """A file that is open for reading, as text or as bytes."""

    def read(self, size: int, /) -> str | bytes:
        """Return at most *size* characters or bytes; nothing at the end."""
        ...


def read_case(document: object) -> Case:
    """Return the case that a document describes.

    Args:
        document: a case document as `parse_json` returns it: a dict with `"format":
            "pkgredeem/1"`, `now`, `account`, `client`, `packages` and `booking`, and perhaps
            `existing`, `by` and `note`. Any other object is a problem, not a crash. The bounds
            are those of `parse_json`.

    Returns:
        The case. Local days and terms are resolved in the account's time zone (D26).

    Raises:
        DocumentError: it is not a case document; the error holds every problem, each with its
            path, what was found and what is allowed.

    Example:
        >>> case = read_case({
        ...     "format": "pkgredeem/1",
        ...     "now": "2026-05-01T09:00:00+12:00",
        ...     "account": {"time_zone": "Pacific/Auckland"},
        ...     "client": {"id": "ana", "logged_in": True},
        ...     "packages": [{
        ...         "id": "p1",
        ...         "client_id": "ana",
        ...         "sold_on": "2026-03-01",
        ...         "valid_for": "6 months",
        ...         "entitlements": [{"services": ["facial"], "remaining": 5}],
        ...     }],
        ...     "booking": {
        ...         "id": "b1",
        ...         "starts_at": "2026-05-05T10:00:00+12:00",
        ...         "lines": [{"service": {"id": "facial"}}],
        ...     },
        ... })
        >>> case.local(case.packages[0].valid_until).isoformat()
        '2026-09-02T00:00:00+12:00'
    """
    return _read(document)


def _read(document: object, *, is_large: bool = False) -> Case:
    problems = Problems()
    plain = normalise(document, problems)
    if not problems.count:
        quick = read_quickly(plain, Reading(Problems()), is_large=is_large)
        if quick is not None:
            return quick
    reading = Reading(problems)
    case = plain if isinstance(plain, Invalid) else CASE.read(plain, None, reading)
    problems.raise_if_any()
    return cast("Case", case)  # nothing is invalid without a problem


def load_case(path_or_file: str | PathLike[str] | Readable) -> Case:
    """Return the case that a JSON file describes.

    Args:
        path_or_file: a path, or a file that is open for reading, as text or as bytes. It is read to
            its end, at most 10,000,000 bytes of it, and a file that was handed in stays open.

    Raises:
        DocumentError: the file is not a case document; see `read_case` and `parse_json`.
        OSError: the file can't be opened or read; a missing one is a FileNotFoundError.

    Example:
        >>> import io
        >>> from pkgredeem.documents import DocumentError
        >>> try:
        ...     load_case(io.StringIO('{"format": "pkgredeem/1", "nwo": 1}'))
        ... except DocumentError as error:
        ...     [problem.path for problem in error.problems]
        ['now', 'account', 'client', 'packages', 'booking', 'nwo']
    """
    if isinstance(path_or_file, _PATHS):
        with Path(path_or_file).open("rb") as file:
            return read_text(_all_of(file))
    return read_text(_all_of(path_or_file))


def read_text(source: bytes) -> Case:
    """Return the case that a JSON text describes; it raises what `load_case` does."""
    try:
        plain = parse_quickly(source)
    except DOUBTS:
        plain = None
    is_large = len(source) > _LARGE
    case = None
    if plain is not None:
        case = read_quickly(plain, Reading(Problems()), is_large=is_large)
    return _read(parse(source), is_large=is_large) if case is None else case


#: Returns the case that plain values describe where they plainly do, else None.
read_quickly: Final[Callable[..., Case | None]] = once_it_pays(
    lambda: cast("Callable[..., Case]", CASE.quick().read)
)
#: Bytes of a document that is as large as the many after which its reader is compiled.
_LARGE: Final = 1_000 * FIRST
_PATHS: Final = (str, PathLike)


def _all_of(file: Readable) -> bytes:
    """Return what is left in the file, or just more of it than a document may have."""
    parts: list[bytes] = []
    left = LARGEST_DOCUMENT + 1
    try:
        while left > 0 and (part := file.read(left)):
            # Half a surrogate pair is no UTF-8, which is then said of the whole document.
            parts.append(part.encode(errors="surrogatepass") if isinstance(part, str) else part)
            left -= len(part)
    except UnicodeDecodeError as error:
        raise refusal(f"invalid {error.encoding}", "JSON in UTF-8") from None
    return b"".join(parts)
