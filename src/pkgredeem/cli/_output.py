"""The output of a command: one plain line for each thing in a pipe, laid out on a terminal.

On a terminal rich colours and wraps; into a file or a pipe nothing is coloured, wrapped or cut, so
that every line can be searched for. Text that came from outside is only ever text: no markup, no
emoji code, no control character of it is acted upon.
"""

import io
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self, TextIO, TypeAlias, final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pkgredeem._model.escape import escape_control_characters

#: Parts of a line, each with its style.
Spans: TypeAlias = Sequence[tuple[str, str]]

#: Our own signs, for a terminal or a file that knows only ASCII.
_IN_ASCII: Final = str.maketrans({"✓": "+", "✗": "x", "→": "->", "█": "#", "━": "=", "─": "-"})
_LABELS: Final = 16
_NARROWEST: Final = 20
_ROOM: Final = 4
_UNBOUNDED: Final = 1_000_000


@final
@dataclass(frozen=True, slots=True)
class Row:
    """One thing to write.

    Attributes:
        plain: its one line in a file or a pipe; None for no line.
        lines: its lines of styled parts on a terminal.
        label: the text before them in a column of labels; None for the whole width.
        style: the style of the label.
    """

    plain: str | None
    lines: Sequence[Spans]
    label: str | None = None
    style: str = "dim"


def text_row(text: str, style: str = "") -> Row:
    """Return a line that is the same everywhere, in one style on a terminal."""
    return Row(text, [[(text, style)]])


@final
@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes:
        headings: of each column.
        styles: of each column.
        rows: a cell for each column.
        grouped: how many of the first columns group the rows; a terminal shows equal ones once.
        narrow: how many of the first columns are never wrapped.
    """

    headings: Sequence[str]
    styles: Sequence[str]
    rows: Sequence[Sequence[str]]
    grouped: int
    narrow: int


#: An empty line everywhere, and one on a terminal only.
BLANK: Final = Row("", [()])
SPACE: Final = Row(None, [()])


@final
class Channel:
    """One of the two streams of a process."""

    def __init__(self, stream: TextIO) -> None:
        """Take the stream; NO_COLOR in the environment keeps every style away."""
        self._stream = stream
        is_tty = stream.isatty()
        self._console = Console(
            file=stream,
            color_system=None if os.environ.get("NO_COLOR") else "auto",
            width=None if is_tty else _UNBOUNDED,
            markup=False,
            emoji=False,
            highlight=False,
        )
        self.is_terminal = is_tty and not self._console.is_dumb_terminal
        self._is_laid_out = self._console.is_terminal

    @property
    def width(self) -> int:
        """How many characters fit into a line."""
        return self._console.width

    def write(self, text: str) -> None:
        """Write a text as it stands, at once."""
        self._stream.write(text)
        self._stream.flush()

    def render(self, items: Iterable[Row | Grid]) -> str:
        """Return the text to write for these items."""
        render = self._lay_out if self._is_laid_out else self._plain
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

    def _plain(self, item: Row | Grid) -> str:
        if isinstance(item, Grid):
            return _columns(item)
        return "" if item.plain is None else f"{escape_control_characters(item.plain)}\n"

    def _lay_out(self, item: Row | Grid) -> str:
        with self._console.capture() as captured:
            if isinstance(item, Row):
                for line in self._wrap(item):
                    self._console.print(line, soft_wrap=True)
            else:
                self._console.print(_table(item))
        return captured.get()

    def _wrap(self, row: Row) -> Iterable[Text]:
        if row.label is None:
            for spans in row.lines:
                yield from _text(spans).wrap(self._console, self.width)
            return
        width = max(_NARROWEST, self.width - _LABELS)
        lines = [line for spans in row.lines for line in _text(spans).wrap(self._console, width)]
        for index, line in enumerate(lines):
            label = f"  {escape_control_characters(row.label)}" if index == 0 else ""
            yield Text.assemble((label.ljust(_LABELS), row.style)) + line


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
        room = self.err.width - _ROOM  # for the ^C that a terminal shows
        fitting = text if cell_len(text) <= room else set_cell_size(text, room)
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


def _text(spans: Spans) -> Text:
    return Text.assemble(*((escape_control_characters(part), style) for part, style in spans))


def _columns(grid: Grid) -> str:
    rows = [
        [escape_control_characters(cell) for cell in row] for row in (grid.headings, *grid.rows)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


def _table(grid: Grid) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for index, (heading, style) in enumerate(zip(grid.headings, grid.styles, strict=True)):
        table.add_column(heading, style=style, overflow="fold", no_wrap=index < grid.narrow)
    before: Sequence[str] = ()
    for row in grid.rows:
        group, rest = row[: grid.grouped], row[grid.grouped :]
        cells = [*([""] * grid.grouped if group == before else group), *rest]
        table.add_row(*(Text(escape_control_characters(cell)) for cell in cells))
        before = group
    return table
