"""How things are laid out on a terminal, by rich: coloured, wrapped, in columns."""

import os
from collections.abc import Iterable
from typing import Final, TextIO, final

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli._rows import Grid, Row, Spans

_LABELS: Final = 16
_NARROWEST: Final = 20
_ROOM: Final = 4
_UNBOUNDED: Final = 1_000_000


@final
class Terminal:
    """A stream that rich writes for: a terminal, or a file that it is told to take for one."""

    def __init__(self, stream: TextIO) -> None:
        """Take the stream; NO_COLOR in the environment keeps every style away."""
        is_tty = stream.isatty()
        self._console = Console(
            file=stream,
            color_system=None if os.environ.get("NO_COLOR") else "auto",
            width=None if is_tty else _UNBOUNDED,
        )
        self.can_erase = is_tty and not self._console.is_dumb_terminal
        self.is_laid_out = self._console.is_terminal

    @property
    def width(self) -> int:
        """How many characters fit into a line."""
        return self._console.width

    def fitting(self, text: str) -> str:
        """Return as much of the text as fits into a line beside the ^C that a terminal shows."""
        room = self.width - _ROOM
        return text if cell_len(text) <= room else set_cell_size(text, room)

    def lay_out(self, item: Row | Grid) -> str:
        """Return the text that shows it."""
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


def _text(spans: Spans) -> Text:
    return Text.assemble(*((escape_control_characters(part), style) for part, style in spans))


def _table(grid: Grid) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for index, (heading, style) in enumerate(zip(grid.headings, grid.styles, strict=True)):
        text = Text(escape_control_characters(heading))
        table.add_column(text, style=style, overflow="fold", no_wrap=index == 0)
    for row in grid.rows:
        table.add_row(*(Text(escape_control_characters(cell)) for cell in row))
    return table
