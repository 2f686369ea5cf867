"""Which credit pays for which line: jointly, exactly, and in polynomial time (D07, D20).

No rule text and no values of the caller: lines and credits are numbers here. Credits of one
entitlement are alike, so an entitlement counts with the number of credits that it may give.

Four criteria, one after the other, each keeping what the ones before it reached:

1. as many lines as possible are covered;
2. where not all can be, earlier lines come first;
3. the credits used are the highest-ranked that can do it;
4. each line in turn gets the highest-ranked of those that it can while the later lines still can.

The first three are greedy choices in a matroid, so augmenting paths find them exactly; the fourth
swaps along alternating paths. Each path is a breadth-first search that looks at a line and at an
entitlement once. What a search without success has reached leads no later one anywhere either, so
it is looked at no more, and the work grows with the square of lines and entitlements (D75).
"""

from collections.abc import Sequence


def allocate(choices: Sequence[Sequence[int]], credits_left: Sequence[int]) -> list[int | None]:
    """Return for each line the entitlement that pays for it, or None.

    Args:
        choices: for each line, the entitlements that may pay for it, best rank first. An
            entitlement's number is its rank: 0 is drawn on first.
        credits_left: for each entitlement, how many lines it can pay for, 0 or more.
    """
    # Where each line can have its best credit, nothing is better. Measured on bookings of several
    # lines, a decision takes a third less than by the search.
    best = [possible[0] if possible else None for possible in choices]
    for rank in best:
        if rank is not None and best.count(rank) > credits_left[rank]:
            break
    else:
        return best
    matching = _Matching(choices, credits_left)
    for line in range(len(choices)):
        matching.cover(line)
    matching.dead_ends.clear()
    for entitlement in range(len(credits_left)):
        while matching.draw_one_more(entitlement):
            pass
    for line in range(len(choices)):
        matching.improve(line)
    return matching.paid_by


class _Matching:
    """Lines matched to entitlements, with the three kinds of path that improve it."""

    def __init__(self, choices: Sequence[Sequence[int]], credits_left: Sequence[int]) -> None:
        self.choices = choices
        self.credits_left = credits_left
        self.paid_by: list[int | None] = [None] * len(choices)
        self.pays_for: list[set[int]] = [set() for _ in credits_left]
        self.may_pay = [set(possible) for possible in choices]
        self.wanted_by: list[set[int]] = [set() for _ in credits_left]
        for line, possible in enumerate(choices):
            for entitlement in possible:
                self.wanted_by[entitlement].add(line)
        #: Entitlements from which no search leads anywhere any more.
        self.dead_ends: set[int] = set()

    def cover(self, line: int) -> None:
        """Cover one line more, if the lines covered so far can stay covered."""
        reached_from: dict[int, int] = {}
        queue = [line]
        for waiting in queue:
            for entitlement in self.may_pay[waiting].difference(self.dead_ends, reached_from):
                reached_from[entitlement] = waiting
                if len(self.pays_for[entitlement]) < self.credits_left[entitlement]:
                    self._pass_on(entitlement, reached_from)
                    return
                queue.extend(self.pays_for[entitlement])
        self.dead_ends.update(reached_from)

    def draw_one_more(self, best: int) -> bool:
        """Use one credit more of *best* in place of a lower-ranked one, if that can be."""
        if len(self.pays_for[best]) >= self.credits_left[best]:
            return False
        moves: dict[int, tuple[int, int]] = {best: (-1, best)}
        queue = [best]
        unseen = set(range(len(self.choices)))
        for wanted in queue:
            for line in unseen & self.wanted_by[wanted]:
                unseen.remove(line)
                other = self.paid_by[line]
                if other is None or other in moves or other in self.dead_ends:
                    continue
                moves[other] = (line, wanted)
                if other > best:
                    self._shift(other, best, moves)
                    return True
                queue.append(other)
        self.dead_ends.update(moves)
        return False

    def improve(self, line: int) -> None:
        """Give the line the best credit that the later lines can do without."""
        current = self.paid_by[line]
        if current is None or current == self.choices[line][0]:
            return
        moves: dict[int, tuple[int, int]] = {current: (line, current)}
        queue = [current]
        unseen = set(range(line + 1, len(self.choices)))
        for wanted in queue:
            for later in unseen & self.wanted_by[wanted]:
                unseen.remove(later)
                other = self.paid_by[later]
                if other is not None and other not in moves:
                    moves[other] = (later, wanted)
                    queue.append(other)
        best = next(rank for rank in self.choices[line] if rank in moves)
        self._shift(best, current, moves)
        self._pay(line, best)

    def _shift(self, start: int, end: int, moves: dict[int, tuple[int, int]]) -> None:
        """Let each line on the path from *start* to *end* pay with the next entitlement on it."""
        here = start
        while here != end:
            line, there = moves[here]
            self._pay(line, there)
            here = there

    def _pass_on(self, free: int, reached_from: dict[int, int]) -> None:
        """Let each line on the path back to the uncovered one pay with the next entitlement."""
        entitlement: int | None = free
        while entitlement is not None:
            line = reached_from[entitlement]
            left = self.paid_by[line]
            self._pay(line, entitlement)
            entitlement = left

    def _pay(self, line: int, entitlement: int) -> None:
        left = self.paid_by[line]
        if left is not None:
            self.pays_for[left].discard(line)
        self.paid_by[line] = entitlement
        self.pays_for[entitlement].add(line)
