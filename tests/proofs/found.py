"""What a part of the proof found: figures for the page, failures, and what it did not prove."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


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


class Ran(NamedTuple):
    """One part as it ran: its heading, what it found, its seconds, and its share of them.

    `again` says when it was run alone, after the whole run; it is empty where it was not.
    """

    heading: str
    found: Found
    seconds: float
    share: float
    again: str = ""

    @property
    def time(self) -> str:
        """How long it took, beside its share."""
        return f"{self.seconds:,.0f} s, of a share of {self.share:,.0f} s"


#: A part takes the seconds that it may spend; what it must do at least it does in any case.
Part: TypeAlias = Callable[[float], Found]


def number(count: float) -> str:
    """Return a count as people write it."""
    return f"{count:,.0f}"
