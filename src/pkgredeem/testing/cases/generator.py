"""Cases from a seed, without hypothesis: the same ones on every machine and every Python.

About two of five are eligible under the rulebook of March. The others are refused, for every code
and most for one reason alone, and instants lie on and beside every boundary. The corpus of this
project keeps 52,000 of such cases, drawn once: what a port of the rules to another language would
run.

The time zone data must know the clock changes of 2026; to get the very same cases anywhere, use the
same `tzdata`.
"""

from collections.abc import Iterator
from typing import Final

from pkgredeem import Case, InvalidValueError
from pkgredeem._model.checks import whole
from pkgredeem.testing.cases._choices import Choices, SeededChoices, chance, pick
from pkgredeem.testing.cases._eligible import BOOKING, CLIENT, plain_case
from pkgredeem.testing.cases._leaves import renamed
from pkgredeem.testing.cases._plans import with_facts_met
from pkgredeem.testing.cases._rebookings import exchanged_in_time, redeemed_already
from pkgredeem.testing.cases._refusals import EXCHANGES, HOW_MANY, REFUSAL_MAKERS

__all__ = ["case", "cases"]

_STRIDE = 1 << 32
#: Of the client and the booking, which then come after and before all others in the order of ids.
_OTHER_NAMES: Final = {CLIENT: "zoe", BOOKING: "a1"}


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield that many cases, one after the other, in constant memory.

    All instants and dates lie in 2026 or at its end, or around 29 February 2024; those of uses up
    to a year beside. Accounts have no zone, or Auckland, London, New York, Cairo, Lord Howe or
    Kathmandu.

    Args:
        seed: 0 or more; another seed gives other cases.
        count: how many, 0 to 4,294,967,296. Fewer are the first of more.

    Raises:
        InvalidValueError: an argument is out of bounds.

    Example:
        >>> from pkgredeem import RedemptionPolicy
        >>> march = RedemptionPolicy()
        >>> 350 < sum(march.decide_case(c).eligible for c in cases(seed=1, count=1_000)) < 450
        True
    """
    _check("seed", seed, most=None)
    _check("count", count, most=_STRIDE)
    return (case(seed, index) for index in range(count))


def case(seed: int, index: int) -> Case:
    """Return one of the cases of a seed by itself.

    Args:
        seed: 0 or more.
        index: its place in `cases(seed, ...)`, 0 to 4,294,967,295.

    Raises:
        InvalidValueError: an argument is out of bounds.

    Example:
        >>> case(seed=1, index=2) == list(cases(seed=1, count=3))[2]
        True
    """
    _check("seed", seed, most=None)
    _check("index", index, most=_STRIDE - 1)
    return grow_case(SeededChoices(seed * _STRIDE + index))


def grow_case(choices: Choices, *, refused: int = 60) -> Case:
    """Return a case; *refused* of a hundred are made cases to refuse, some are booked before."""
    grown = plain_case(choices)
    if chance(choices, 40):
        grown = with_facts_met(choices, grown)
    if chance(choices, refused):
        makers = [pick(choices, REFUSAL_MAKERS) for _ in range(pick(choices, HOW_MANY))]
        for maker in sorted(makers, key=EXCHANGES.__contains__):
            grown = maker(choices, grown)
    if grown.existing is None and chance(choices, 15):
        grown = pick(choices, (exchanged_in_time, redeemed_already))(choices, grown)
    if chance(choices, 8):
        grown = renamed(grown, lambda name: _OTHER_NAMES.get(name, name))
    return grown


def _check(name: str, value: int, *, most: int | None) -> None:
    whole(name, value, least=0)
    if most is not None and value > most:
        raise InvalidValueError(name, value, f"a whole number, 0 to {most}")
