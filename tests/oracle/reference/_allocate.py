"""Which credit pays for which line: every assignment is looked at, and the best one is taken.

This is the definition (D20, D63), not a method: it is exponential and refuses what is too big.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ._errors import INVALID, NamedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._credits import Credits

Room = tuple[frozenset[int], float]
Way = tuple[int | None, ...]
MOST_WAYS = 200_000
MOST_LINES_OF_MIXED_COSTS = 8


def allocate(credits_: Credits, rooms: list[Room]) -> Way:
    """Give each line the rank of the credit that pays for it, or None."""
    left = [entitlement["remaining"] for _package, entitlement in credits_.ranked]
    options = [
        [rank for rank in ranks if credits_.cost(index, rank) <= left[rank]]
        for index, ranks in enumerate(credits_.may_pay)
    ]
    if prod(len(ranks) + 1 for ranks in options) > MOST_WAYS:
        message = f"too big for brute force: {[len(ranks) for ranks in options]}"
        raise ValueError(message)
    return min(_ways(credits_, options, left, rooms, ()), key=_preference)


def check_size(credits_: Credits, rooms: list[Room]) -> None:
    """Refuse more lines than an exact search is promised for (D64)."""
    payable = [line for line in credits_.lines if line["payable"]]
    if len(payable) > MOST_LINES_OF_MIXED_COSTS and (
        _costs_are_mixed(credits_) or _package_quota_can_bind(credits_, rooms)
    ):
        raise NamedError(INVALID)


def _costs_are_mixed(credits_: Credits) -> bool:
    """Judge whether an entitlement asks different costs of the lines that it may pay for."""
    costs: dict[int, set[int]] = {}
    for index, ranks in enumerate(credits_.may_pay):
        for rank in ranks:
            costs.setdefault(rank, set()).add(credits_.cost(index, rank))
    return any(len(different) > 1 for different in costs.values())


def _package_quota_can_bind(credits_: Credits, rooms: list[Room]) -> bool:
    """Judge whether a package's quota has less room than lines that the package may pay for."""
    return any(
        room < sum(bool(ranks & set(may_pay)) for may_pay in credits_.may_pay)
        for ranks, room in rooms
    )


def _ways(
    credits_: Credits, options: list[list[int]], left: list[float], rooms: list[Room], way: Way
) -> Iterator[Way]:
    """Go through every assignment that draws no more than what is left and what quotas allow."""
    index = len(way)
    if index == len(options):
        yield way
        return
    for rank in options[index]:
        cost = credits_.cost(index, rank)
        longer = (*way, rank)
        fits = all(sum(one in ranks for one in longer) <= room for ranks, room in rooms)
        if cost <= left[rank] and fits:
            after = [*left]
            after[rank] -= cost
            yield from _ways(credits_, options, after, rooms, longer)
    yield from _ways(credits_, options, left, rooms, (*way, None))


def _preference(way: Way) -> tuple[list[bool], list[int], list[int]]:
    """Weigh an assignment by the criteria of D20 and D63 in their order: the least is the best."""
    used = [rank for rank in way if rank is not None]
    earlier_lines = [rank is None for rank in way]
    best_credits = sorted(used)
    each_line_in_turn = used  # once the same lines are covered, position tells the line
    return (earlier_lines, best_credits, each_line_in_turn)
