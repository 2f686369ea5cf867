"""Which credit pays for which line: every assignment is looked at, and the best one is taken (D20).

This is the definition, not a method: it is exponential and refuses what is too big for it.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from . import _facts as facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._facts import Doc

Way = tuple[int | None, ...]
MOST_WAYS = 200_000


def allocate(lines: list[Doc], usable: list[Doc]) -> list[tuple[Doc, Doc] | None]:
    """Give each line the package and the entitlement that pays for it, or None."""
    credits_ = sorted(
        ((package, entitlement) for package in usable for entitlement in package["entitlements"]),
        key=lambda credit: facts.credit_order(*credit),
    )
    options = [
        [
            rank
            for rank, (_package, entitlement) in enumerate(credits_)
            if line["payable"]
            and line["service"]["id"] in entitlement["services"]
            and entitlement["remaining"] > 0
        ]
        for line in lines
    ]
    if prod(len(ranks) + 1 for ranks in options) > MOST_WAYS:
        message = f"too big for brute force: {[len(ranks) for ranks in options]}"
        raise ValueError(message)
    left = [entitlement["remaining"] for _package, entitlement in credits_]
    best = min(_ways(options, left), key=_preference)
    return [None if rank is None else credits_[rank] for rank in best]


def _ways(options: list[list[int]], left: list[int]) -> Iterator[Way]:
    """Go through every assignment that draws no more than what is left."""
    if not options:
        yield ()
        return
    first, *later = options
    for rank in first:
        if left[rank] > 0:
            after = [*left]
            after[rank] -= 1
            for way in _ways(later, after):
                yield (rank, *way)
    for way in _ways(later, left):
        yield (None, *way)


def _preference(way: Way) -> tuple[int, list[bool], list[int], list[int]]:
    """Weigh an assignment by D20's four criteria in their order: the least is the best."""
    used = [rank for rank in way if rank is not None]
    most_lines = -len(used)
    earlier_lines = [rank is None for rank in way]
    best_credits = sorted(used)
    each_line_in_turn = used  # once the same lines are covered, position tells the line
    return (most_lines, earlier_lines, best_credits, each_line_in_turn)
