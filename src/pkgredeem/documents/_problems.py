"""Problems of a document: each with its place, all of them in one error.

Nothing here knows what a document holds. A path is written as
`packages[1].entitlements[0].remaining`; what concerns the whole document has the path `document`.
"""

import json
import re
from collections.abc import Iterable
from enum import Enum
from typing import Final, TypeAlias, final

from attrs import frozen

from pkgredeem import InvalidValueError
from pkgredeem._model.escape import escape_control_characters

#: Where something stands: the place of what it stands in, and its key or index there. It is written
#: out as a path only for a problem. Where None may stand, it is the whole document.
Place: TypeAlias = tuple["Place | None", str | int]

#: An error carries at most this many problems; one more says how many were left out.
MOST_PROBLEMS: Final = 10_000

#: What is found where a key must stand and does not.
MISSING: Final = "missing"

_LONGEST_SHOWN: Final = 60
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@final
@frozen
class Problem:
    """One thing that is wrong with a document.

    Attributes:
        path: where, such as `packages[1].entitlements[0].remaining`; `document` for the whole.
        found: what stands there, as JSON or in words, shortened; `missing` when nothing does.
        allowed: what must stand there, in words that follow "must be".

    Example:
        >>> print(Problem("packages[0].priority", "1.5", "a whole number"))
        packages[0].priority must be a whole number, not 1.5
    """

    path: str
    found: str
    allowed: str

    def __str__(self) -> str:
        """Say where, what must stand there and what was found, in one line."""
        if self.found == MISSING:
            return f"{self.path} is missing: it must be {self.allowed}"
        return f"{self.path} must be {self.allowed}, not {self.found}"


@final
class DocumentError(InvalidValueError):
    """A document can't be read, or a case can't be written so that it reads back.

    Its `field`, `value` and `allowed` are those of the first problem.

    Attributes:
        problems: every problem of the document, one or more, in the order of the reader's own
            definitions; at most `MOST_PROBLEMS` (10,000) and one that counts the rest.

    Example:
        >>> from pkgredeem.documents import parse_json
        >>> try:
        ...     parse_json('{"a": NaN, "a": 1}')
        ... except DocumentError as error:
        ...     print(error)
        a must be a finite number, not NaN
        a must be given only once, not given twice
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems; there must be one or more."""
        self.problems: tuple[Problem, ...] = tuple(problems)
        first = self.problems[0]
        super().__init__(first.path, first.found, first.allowed)
        # What pickle and copy make the error from again.
        self.args: tuple[object, ...] = (self.problems,)

    def __str__(self) -> str:
        """Show all problems, one a line."""
        return "\n".join(map(str, self.problems))


class Invalid(Enum):
    """Stands in place of an invalid value, whose problem is noted already."""

    INVALID = "invalid"


INVALID: Final = Invalid.INVALID


def refusal(found: str, allowed: str, at: Place | None = None) -> DocumentError:
    """Return the error of a single problem, which ends the reading."""
    return DocumentError([Problem(path_of(at), found, allowed)])


@final
class Problems:
    """Collects problems, so that none is raised before everything was checked."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self.count = 0

    @property
    def is_full(self) -> bool:
        """Whether a further problem would only be counted."""
        return len(self._found) >= MOST_PROBLEMS

    def add(self, at: Place | None, found: str, allowed: str, *, inside: str = "") -> Invalid:
        """Note a problem at that place, or further *inside* it by a path; return `INVALID`."""
        self.count += 1
        if not self.is_full:
            self._found.append(Problem(path_of(at) + inside, found, allowed))
        return INVALID

    def any_inside(self, at: Place | None) -> bool:
        """Tell whether a problem was noted inside the object or list at that place."""
        path = path_of(at)
        return any(problem.path.startswith((f"{path}.", f"{path}[")) for problem in self._found)

    def raise_if_any(self) -> None:
        """Raise all of them at once."""
        if self.count > len(self._found):
            left_out = f"wrong in {self.count - len(self._found)} more places"
            self._found.append(Problem("document", left_out, "right in every place"))
        if self._found:
            raise DocumentError(self._found)


def path_of(at: Place | None) -> str:
    """Return the path of a place, as people read it."""
    steps: list[str] = []
    while at is not None:
        at, key = at
        if isinstance(key, int):
            steps.append(f"[{key}]")
        elif len(key) > _LONGEST_SHOWN or _PLAIN_KEY.fullmatch(key) is None:
            steps.append(f"[{quote(key)}]")
        else:
            steps.append(f".{key}")
    return "".join(reversed(steps)).removeprefix(".") or "document"


def format_value(value: object) -> str:
    """Return a value of a document as JSON, shortened, or in words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def quote(text: str) -> str:
    """Return a text in double quotes, shortened, with everything unprintable escaped."""
    body = json.dumps(text[:_LONGEST_SHOWN], ensure_ascii=False)
    rest = "..." if len(text) > _LONGEST_SHOWN else ""
    return escape_control_characters(body) + rest
