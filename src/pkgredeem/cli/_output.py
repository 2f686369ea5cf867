"""The output of a command: one plain line for each thing in a pipe, laid out on a terminal.

On a terminal rich colours and wraps, and only there is it loaded; into a file or a pipe nothing is
coloured, wrapped or cut, so that every line can be searched for. Text that came from outside is
only ever text: no markup, no emoji code, no control character of it is acted upon.
"""

import io
import os
import sys
from collections.abc import Iterable
from typing import Final, Self, TextIO, final

import rich

from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli._rows import Grid, Row

#: Our own signs, for a terminal or a file that knows only ASCII.
_IN_ASCII: Final = str.maketrans({"✓": "+", "✗": "x", "→": "->", "█": "#", "━": "=", "─": "-"})
_UNBOUNDED: Final = 1_000_000
#: What makes rich take a file for a terminal.
_FORCE: Final = ("FORCE_COLOR", "TTY_COMPATIBLE")

_ = rich  # light by itself, and missed in a pipe as on a terminal


@final
class Channel:
    """One of the two streams of a process."""

    def __init__(self, stream: TextIO) -> None:
        """Take the stream; NO_COLOR in the environment keeps every style away."""
        self._stream = stream
        self._terminal = None
        if stream.isatty() or any(os.environ.get(name) for name in _FORCE):
            from pkgredeem.cli._terminal import Terminal  # noqa: PLC0415 - a pipe needs no rich

            self._terminal = Terminal(stream)

    @property
    def is_terminal(self) -> bool:
        """Whether a line at its end can be shown and erased."""
        return self._terminal is not None and self._terminal.can_erase

    @property
    def width(self) -> int:
        """How many characters fit into a line; a file has room for any."""
        return _UNBOUNDED if self._terminal is None else self._terminal.width

    def fitting(self, text: str) -> str:
        """Return as much of the text as fits into a line."""
        return text if self._terminal is None else self._terminal.fitting(text)

    def write(self, text: str) -> None:
        """Write a text as it stands, at once."""
        self._stream.write(text)
        self._stream.flush()

    def render(self, items: Iterable[Row | Grid]) -> str:
        """Return the text to write for these items."""
        terminal = self._terminal
        render = terminal.lay_out if terminal is not None and terminal.is_laid_out else _plain
        return self.encodable("".join(map(render, items)))

    def encodable(self, text: str) -> str:
        """Return the text with whatever the stream's encoding lacks replaced."""
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            plain = text.translate(_IN_ASCII)
            return plain.encode(encoding, "backslashreplace").decode(encoding)
        return text


@final
class Screen:
    """Both streams, and the status line at the end of the terminal."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        """Take both streams."""
        self.out = Channel(out)
        self.err = Channel(err)
        self.status_line = ""

    @classmethod
    def of_process(cls) -> Self:
        """Return the screen of this process; a stream that is closed swallows what is written."""
        return cls(sys.stdout or _NullStream(), sys.stderr or _NullStream())

    def say(self, *items: Row | Grid) -> None:
        """Write to standard output."""
        self._above_the_status(self.out, self.out.render(items))

    def say_plainly(self, text: str) -> None:
        """Write a line of ASCII to standard output as it stands."""
        self._above_the_status(self.out, f"{text}\n")

    def warn(self, *items: Row | Grid) -> None:
        """Write to standard error."""
        self._above_the_status(self.err, self.err.render(items))

    def problem(self, place: str, *texts: str) -> None:
        """Report on standard error what is wrong, and where."""
        for text in texts:
            self.warn(Row(f"{place}: {text}", [((f"{place}: ", "bold red"), (text, ""))]))

    def show_status(self, line: str) -> None:
        """Show a line at the end of the terminal, in place of the last one."""
        text = self.err.encodable(escape_control_characters(line))
        fitting = self.err.fitting(text)
        self.err.write(self._erase() + fitting)
        self.status_line = fitting

    def _above_the_status(self, channel: Channel, text: str) -> None:
        if self.status_line:
            self.err.write(self._erase())
        channel.write(text)
        if self.status_line:
            self.err.write(self.status_line)

    def _erase(self) -> str:
        return f"\r{' ' * (self.err.width - 1)}\r" if self.status_line else ""


class _NullStream(io.StringIO):
    """Stands in for a stream that is closed."""

    def write(self, text: str, /) -> int:
        """Discard it."""
        return len(text)


def _plain(item: Row | Grid) -> str:
    if isinstance(item, Grid):
        return _columns(item)
    return "" if item.plain is None else f"{escape_control_characters(item.plain)}\n"


def _columns(grid: Grid) -> str:
    rows = [
        [escape_control_characters(cell) for cell in row] for row in (grid.headings, *grid.rows)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)
