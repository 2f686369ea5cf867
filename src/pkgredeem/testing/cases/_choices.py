"""Choices: one primitive, so that a case can be grown from a seed and by hypothesis alike.

What grows a case asks for whole numbers below a bound and for nothing else. A seeded number
generator answers, or hypothesis does, which then knows how to make the case smaller: 0 is the
plainest choice.
"""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar, final

_Option = TypeVar("_Option")

_PER_CENT = 100


class Choices(Protocol):
    """The source of the numbers."""

    def integer_below(self, bound: int) -> int:
        """Return a whole number from 0 up to *bound*, exclusive; 0 is the plainest."""
        ...


@final
class SeededChoices:
    """Numbers from a seed: the same on every machine and every Python.

    Only `Random.random` is asked: Python promises to keep its sequence for a whole number as seed.
    """

    def __init__(self, seed: int) -> None:
        """Begin the sequence of that seed, 0 or more."""
        self._fraction = Random(seed).random  # noqa: S311  (test data, not a secret)

    def integer_below(self, bound: int) -> int:
        """Return a whole number from 0 up to *bound*, exclusive."""
        return int(self._fraction() * bound)


@final
class DrawnChoices:
    """Numbers from bytes that hypothesis drew at once; what lies beyond them is 0.

    One draw for a whole case: hypothesis then neither repeats parts of other cases nor takes long,
    and it makes a case smaller by making bytes 0.
    """

    def __init__(self, drawn: bytes) -> None:
        """Begin with the first of these bytes."""
        self._left = iter(drawn)

    def integer_below(self, bound: int) -> int:
        """Return a whole number from 0 up to *bound*, exclusive."""
        high, low = next(self._left, 0), next(self._left, 0)
        return (256 * high + low) * bound // 65_536


def pick(choices: Choices, options: Sequence[_Option]) -> _Option:
    """Return one of the options; the first is the plainest."""
    return options[choices.integer_below(len(options))]


def chance(choices: Choices, per_cent: int) -> bool:
    """Return True in that many of a hundred cases; False is plainer."""
    return choices.integer_below(_PER_CENT) >= _PER_CENT - per_cent
