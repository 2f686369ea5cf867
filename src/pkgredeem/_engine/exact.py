"""Which credit pays for which line where costs differ or a package's quota binds: exactly (D63).

A dynamic programme over sets of lines: first inside each package over its entitlements, then over
packages, 3^n steps for each. A set is a number whose highest bit is the first line, so that of two
sets the greater one covers the earlier lines. How good an assignment is adds up over disjoint sets
of lines, so it is a number as well: the count of credits at each rank, the best rank in the highest
place, and below it the rank of each line, the first line in the highest place.
"""

from collections.abc import Mapping, Sequence

#: More payable lines than this are refused, since the steps grow with the power of their number.
MOST_LINES = 8


def allocate_exactly(
    costs: Sequence[Mapping[int, int]],
    units_left: Sequence[int | None],
    room_of_entitlement: Mapping[int, int],
    packages: Sequence[tuple[Sequence[int], int]],
) -> list[int | None]:
    """Return for each line the rank of the credit that pays for it, or None.

    Args:
        costs: for each line, what it takes of each credit that may pay for it, by rank.
        units_left: for each rank, how many units are left; None for unlimited.
        room_of_entitlement: how many lines a credit may pay for by its quotas, by rank.
        packages: for each package the ranks of its credits, and how many lines it may pay for.
    """
    lines = len(costs)
    ranks = len(units_left)
    digit = ranks + 1
    # What one line adds: one credit at its rank, and its rank in the place of the line.
    value_of_rank = [(lines + 1) ** (ranks - 1 - rank) * digit**lines for rank in range(ranks)]
    place_of_line = [digit ** (lines - 1 - line) for line in range(lines)]
    best: list[int | None] = [None] * (1 << lines)
    best[0] = 0
    for held, room in packages:
        inside: list[int | None] = [None] * (1 << lines)
        inside[0] = 0
        for rank in held:
            paid = {0: 0}
            units = {0: 0}
            most = room_of_entitlement.get(rank, lines)
            for line in range(lines):
                if rank not in costs[line]:
                    continue
                bit = 1 << (lines - 1 - line)
                gain = value_of_rank[rank] + (ranks - rank) * place_of_line[line]
                for covered in tuple(paid):
                    taken = units[covered] + costs[line][rank]
                    if covered.bit_count() < most and _is_left(units_left[rank], taken):
                        paid[covered | bit] = paid[covered] + gain
                        units[covered | bit] = taken
            inside = _joined(inside, paid)
        allowed = {
            covered: value
            for covered, value in enumerate(inside)
            if value is not None and covered.bit_count() <= room
        }
        best = _joined(best, allowed)
    found = next(value for value in reversed(best) if value is not None) % digit**lines
    return [_rank_in(found // place % digit, ranks) for place in place_of_line]


def _is_left(units: int | None, wanted: int) -> bool:
    return units is None or wanted <= units


def _rank_in(written: int, ranks: int) -> int | None:
    return ranks - written if written else None


def _joined(best: Sequence[int | None], more: Mapping[int, int]) -> list[int | None]:
    """Return the best of each set of lines that the two cover together, each line once."""
    joined = list(best)
    for added, gain in more.items():
        if not added:
            continue
        free = covered = (len(best) - 1) & ~added
        while True:  # every set of the lines that are left free, the empty one last
            value, known = best[covered], joined[covered | added]
            if value is not None and (known is None or value + gain > known):
                joined[covered | added] = value + gain
            if not covered:
                break
            covered = (covered - 1) & free
    return joined
