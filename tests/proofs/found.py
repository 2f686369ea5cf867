"""What a part of the proof found: figures for the page, failures, and what it did not prove."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class Found:
    """The result of one part.

    Attributes:
        says: what was done, in one paragraph.
        figures: rows of the part's table, each what was counted and the count.
        failures: what went wrong, each in one line; empty when the part holds.
        open: what this part did not prove, each in one sentence.
        listed: lines that follow the table, such as a list of survivors.
    """

    says: str
    figures: tuple[tuple[str, str], ...]
    failures: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


#: A part takes the seconds that it may spend; what it must do at least it does in any case.
Part: TypeAlias = Callable[[float], Found]


def number(count: float) -> str:
    """Return a count as people write it."""
    return f"{count:,.0f}"
