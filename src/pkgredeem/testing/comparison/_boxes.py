"""Which choices of facts a set of points comes down to: as few rows as are needed, dashes included.

A box allows some values for each fact, and stands for all points that choose among them. A set of
points is covered by boxes that can't be made larger, none of which could be dropped. Sets are whole
numbers, one bit a point, so that "every point of this box" is one operation.
"""

from collections.abc import Iterable, Sequence
from math import prod
from typing import TypeAlias, final

from pkgredeem.testing.comparison._facts import Point
from pkgredeem.testing.comparison._lattice import Lattice

#: The indexes of the values that a box allows, for each fact.
Box: TypeAlias = tuple[frozenset[int], ...]


@final
class Grid:
    """All points of some facts: every choice of one value each, the last fact changing quickest."""

    def __init__(self, sizes: Sequence[int]) -> None:
        """Take how many values each fact has, 1 or more."""
        self._sizes = tuple(sizes)
        self.count = prod(self._sizes)
        # For each fact and value, the points that choose it. The last fact changes quickest, so
        # that these are runs of points, repeated.
        self._choosing: list[list[int]] = []
        run = self.count
        for size in self._sizes:
            period, run = run, run // size
            repeated = ((1 << self.count) - 1) // ((1 << period) - 1)
            chosen = ((1 << run) - 1) * repeated
            self._choosing.append([chosen << (value * run) for value in range(size)])

    def cover(self, wanted: int, free: int = 0) -> tuple[Box, ...]:
        """Return boxes that hold every point of *wanted*, and no other but those of *free*.

        None of them could be dropped, and none could hold more of *wanted*. A fact allows either
        all values, or only those that are wanted.
        """
        found: list[Box] = []
        left = wanted
        while left:
            seed = self._point((left & -left).bit_length() - 1)
            box = self._trimmed(self._grown(seed, wanted | free), wanted)
            found.append(box)
            left &= ~self.held(box)
        return self._needed(found, wanted)

    def held(self, box: Box) -> int:
        """Return the points of a box."""
        held = (1 << self.count) - 1
        for place, values in enumerate(box):
            held &= self._any_of(place, values)
        return held

    def _point(self, index: int) -> tuple[int, ...]:
        values: list[int] = []
        for size in reversed(self._sizes):
            index, value = divmod(index, size)
            values.append(value)
        return tuple(reversed(values))

    def _any_of(self, place: int, values: frozenset[int]) -> int:
        return _together(self._choosing[place][value] for value in values)

    def _grown(self, seed: tuple[int, ...], allowed: int) -> Box:
        box = [frozenset([value]) for value in seed]
        for place, choosing in enumerate(self._choosing):
            others = [*box[:place], frozenset(range(len(choosing))), *box[place + 1 :]]
            outside = self.held(tuple(others)) & ~allowed
            box[place] = frozenset(
                value for value, chosen in enumerate(choosing) if not outside & chosen
            )
        return tuple(box)

    def _trimmed(self, box: Box, wanted: int) -> Box:
        """Leave out the values of which no point is wanted, but never make "any value" less."""
        inside = self.held(box) & wanted
        return tuple(
            values
            if len(values) == len(choosing)
            else frozenset(value for value in values if inside & choosing[value])
            for values, choosing in zip(box, self._choosing, strict=True)
        )

    def _needed(self, found: list[Box], wanted: int) -> tuple[Box, ...]:
        kept = list(found)
        for box in found:
            others = [each for each in kept if each is not box]
            if not wanted & ~_together(map(self.held, others)):
                kept = others
        return tuple(kept)


def _together(sets: Iterable[int]) -> int:
    together = 0
    for each in sets:
        together |= each
    return together


def bits(flags: Sequence[bool]) -> int:
    """Return the set of the points whose flag is True; the last fact changes quickest."""
    return int("".join("01"[flag] for flag in reversed(flags)) or "0", 2)


def covered(lattice: Lattice, names: Iterable[str], wanted: int, free: int) -> tuple[Box, ...]:
    """Return boxes over all facts of a lattice for points that choose among the facts of *names*.

    The other facts make no difference: the boxes allow every value of them.
    """
    looked_at = set(names)
    sizes = [
        len(fact.values) if name in looked_at else 1
        for name, fact in zip(Point._fields, lattice.facts, strict=True)
    ]
    return tuple(
        tuple(
            values if name in looked_at else frozenset(range(len(fact.values)))
            for name, fact, values in zip(Point._fields, lattice.facts, box, strict=True)
        )
        for box in Grid(sizes).cover(wanted, free)
    )
