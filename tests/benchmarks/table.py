"""The table of one run: what was measured, beside what, and whether a target is met."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_COLUMNS: Final = ("what", "took", "ratio", "target", "")
_MICRO: Final = 1e-6
_MILLI: Final = 1e-3


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a ratio has to be: at most that, or at least that."""

    ratio: float
    at_most: bool = True

    def is_met(self, found: float) -> bool:
        """Tell whether the ratio that was measured is within the target."""
        return found <= self.ratio if self.at_most else found >= self.ratio

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{'at most' if self.at_most else 'at least'} {self.ratio:g}"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    what: str
    took: str
    ratio: float | None = None
    target: Target | None = None

    def cells(self) -> tuple[str, ...]:
        """Return what the columns show."""
        if self.target is None or self.ratio is None:
            verdict = ""
        else:
            verdict = "met" if self.target.is_met(self.ratio) else "MISSED"
        return (
            self.what,
            self.took,
            "" if self.ratio is None else f"{self.ratio:.2f}",
            "" if self.target is None else str(self.target),
            verdict,
        )


@dataclass(frozen=True, kw_only=True)
class Section:
    """Some rows with one heading, and what their ratio says."""

    heading: str
    ratio_is: str
    rows: tuple[Row, ...]


def written(sections: Iterable[Section]) -> str:
    """Return all sections as one table of plain text, which Markdown shows as tables too."""
    parts = []
    for section in sections:
        about = f"{section.heading}: {section.ratio_is}." if section.ratio_is else section.heading
        rows = aligned([_COLUMNS, *(row.cells() for row in section.rows)])
        parts.append(f"{about}\n\n{rows}")
    return "\n\n".join(parts) + "\n"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as a table; the first row is the heading of the columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def shown(seconds: float) -> str:
    """Return a duration in the unit that suits it."""
    if seconds < _MILLI:
        return f"{seconds / _MICRO:.2f} us"
    return f"{seconds / _MILLI:.2f} ms"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return f"| {' | '.join(padded)} |"
