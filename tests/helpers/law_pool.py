"""The cases that every law is tried on, to find those that a fault breaks."""

from copy import deepcopy
from dataclasses import replace
from itertools import count

from pkgredeem import Case, Restrictions
from pkgredeem.testing.cases.generator import cases
from tests.helpers.support import ANA, LONDON, account, case, credit, package

#: In which there are more ways to pay than brute force tries.
LARGE = case(
    *["facial"] * 6,
    packages=[package("p1", *(credit("facial", left=9, id=f"e{number}") for number in range(3)))],
)


def pool() -> tuple[Case, ...]:
    """Return cases of many kinds, made anew: a rule may have written to those of another test."""
    first, second = apart("set")
    sold = (package(first, credit(first, second)), package(second, credit("facial", left=0)))
    north = Restrictions(traits={"place": ["north"]})
    made = (
        *cases(seed=11, count=30),
        case(first, packages=sold, only=[first, second]),
        case(
            packages=[
                package("p1"),
                *(package(old, credit("facial", left=0)) for old in ("p2", "p3")),
            ]
        ),
        case(note="front desk", account=account(time_zone=LONDON, card_capture=True)),
        case(
            client=replace(ANA, traits=(("place", "north"),)),
            packages=[package(restrictions=north)],
        ),
        LARGE,
    )
    return tuple(map(deepcopy, made))


def apart(prefix: str) -> tuple[str, str]:
    """Return two texts that don't meet in a small set: it keeps their order however it is made."""
    texts = (f"{prefix}{number}" for number in count())
    first = next(texts)
    return first, next(other for other in texts if (hash(other) - hash(first)) % 8)
