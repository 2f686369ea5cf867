"""Tables and lists as text and as Markdown: how the answers of this kit are shown to people."""

from collections.abc import Iterable, Sequence


def text_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table in plain text, its columns side by side."""
    listed = [tuple(heads), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    listed.insert(1, tuple("-" * width for width in widths))
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in listed
    ]


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table in Markdown."""
    listed = [tuple(heads), tuple("---" for _ in heads), *map(tuple, rows)]
    return [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in listed]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 case" and "2 cases"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
