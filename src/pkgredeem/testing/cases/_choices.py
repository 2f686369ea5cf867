"""Choices: one primitive, so that the same cases can be grown from a seed and by hypothesis.

What grows a case asks for numbers below a bound and for nothing else. A seeded number generator
answers, or hypothesis does and then knows how to make the case smaller: 0 is the plainest choice.
"""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar, final

_Option = TypeVar("_Option")

_PER_CENT = 100


class Dice(Protocol):
    """Whoever answers with numbers."""

    def below(self, bound: int) -> int:
        """Return a whole number from 0 up to *bound*, exclusive; 0 is the plainest."""
        ...


@final
class SeededDice:
    """Numbers from a seed: the same on every machine and every Python.

    Only `Random.random` is asked: Python promises to keep its sequence for a whole number as seed.
    """

    def __init__(self, seed: int) -> None:
        """Begin the sequence of that seed, 0 or more."""
        self._fraction = Random(seed).random  # noqa: S311  (test data, not a secret)

    def below(self, bound: int) -> int:
        """Return a whole number from 0 up to *bound*, exclusive."""
        return int(self._fraction() * bound)


def pick(dice: Dice, options: Sequence[_Option]) -> _Option:
    """Return one of the options; the first is the plainest."""
    return options[dice.below(len(options))]


def chance(dice: Dice, per_cent: int) -> bool:
    """Tell True in that many of a hundred cases; False is plainer."""
    return dice.below(_PER_CENT) >= _PER_CENT - per_cent
