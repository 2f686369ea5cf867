"""What a command has to write: lines and tables, the same for a pipe and for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, final

#: Parts of a line, each with its style.
Spans: TypeAlias = Sequence[tuple[str, str]]


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
    """A table, whose first column is never wrapped.

    Attributes:
        headings: of each column.
        styles: of each column.
        rows: a cell for each column.
    """

    headings: Sequence[str]
    styles: Sequence[str]
    rows: Sequence[Sequence[str]]


#: An empty line everywhere, and one on a terminal only.
BLANK: Final = Row("", [()])
SPACE: Final = Row(None, [()])
