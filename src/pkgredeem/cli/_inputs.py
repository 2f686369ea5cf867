"""Where cases come from: a document in a file, a stream of one case a line, or standard input.

Whatever is wrong with an input is reported in words, with its place. A stream is never held whole
in memory: only one line, of a bounded length, at a time.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO, Final, final

from pkgredeem import Case
from pkgredeem.documents import DocumentError, load_case

#: The longest line of a stream, in bytes: as much as a document may have.
LONGEST_LINE: Final = 10_000_000

STANDARD_INPUT: Final = "-"
#: How the name of a file ends that holds one case a line.
STREAM: Final = ".jsonl"


class UnreadableError(Exception):
    """An input can't be used.

    Attributes:
        problems: the reasons, one or more, each one line.
    """

    def __init__(self, *problems: str) -> None:
        """Keep the problems."""
        super().__init__(*problems)
        self.problems = problems


@final
@dataclass(frozen=True, slots=True)
class Line:
    """A line of a stream.

    Attributes:
        number: counted from 1, empty lines included.
        size: in bytes, its end included.
        raw: the line; None when it is too long to be kept.
    """

    number: int
    size: int
    raw: bytes | None

    def case(self) -> Case:
        """Return the case that it holds.

        Raises:
            UnreadableError: it holds none.
        """
        if self.raw is None:
            raise UnreadableError(f"longer than {LONGEST_LINE} bytes: give one case a line")
        return _case(io.BytesIO(self.raw))


@final
@dataclass(frozen=True, slots=True)
class Source:
    """One input.

    Attributes:
        argument: the argument that names it: a path, or "-" for standard input.
        is_stream: whether it holds one case a line.
    """

    argument: str
    is_stream: bool = False

    @property
    def name(self) -> str:
        """What messages call it."""
        return "standard input" if self.argument == STANDARD_INPUT else self.argument

    def case(self) -> Case:
        """Return the case of a document.

        Raises:
            UnreadableError: it can't be read, or is not a case document.
        """
        try:
            with self._open() as file:
                return _case(file)
        except (OSError, ValueError) as error:
            raise UnreadableError(_reason(error)) from None

    def size(self) -> int | None:
        """Return the length of a stream in bytes; None for standard input and pipes.

        It is not opened for that: a named pipe opens only once.

        Raises:
            UnreadableError: it is missing, is a directory, or may not be read.
        """
        if self.argument == STANDARD_INPUT:
            return None
        try:
            status = Path(self.argument).stat()
            if S_ISDIR(status.st_mode):
                raise IsADirectoryError
            if not os.access(self.argument, os.R_OK):
                raise PermissionError
        except (OSError, ValueError) as error:
            raise UnreadableError(_reason(error)) from None
        return status.st_size if S_ISREG(status.st_mode) else None

    def lines(self) -> Iterator[Line]:
        """Yield each line of a stream that is not empty.

        Raises:
            UnreadableError: the stream can't be opened, or not be read any further.
        """
        try:
            with self._open() as file:
                yield from _lines(file)
        except OSError as error:
            raise UnreadableError(_reason(error)) from None

    def _open(self) -> AbstractContextManager[BinaryIO]:
        if self.argument != STANDARD_INPUT:
            return Path(self.argument).open("rb")
        file: BinaryIO | None = getattr(sys.stdin, "buffer", None)
        if file is None:
            raise OSError("standard input is closed")
        return nullcontext(file)


def _lines(file: BinaryIO) -> Iterator[Line]:
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        size = len(raw)
        if size > LONGEST_LINE and not raw.endswith(b"\n"):
            del raw
            size += _skip_line(file)
            yield Line(number, size, None)
        elif not raw.isspace():
            yield Line(number, size, raw)


def _skip_line(file: BinaryIO) -> int:
    """Skip the rest of the line in small steps, and return its length in bytes."""
    skipped = 0
    while part := file.readline(io.DEFAULT_BUFFER_SIZE):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _case(file: BinaryIO) -> Case:
    try:
        return load_case(file)
    except DocumentError as error:
        raise UnreadableError(*map(str, error.problems)) from None


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file: give the path of a file, or - for standard input"
        case IsADirectoryError():
            return "this is a directory: give the files in it"
        case PermissionError():
            return "you may not read it: ask for the permission, or give another file"
        case OSError():
            return f"it can't be read: {(error.strerror or str(error)).lower()}"
        case _:
            return "no file can have this name: give another"
