"""Generated cases that several tests look at, and how near their instants lie to each other."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache

from pkgredeem import Case, Decision, Entitlement, Package, RedemptionPolicy, Restrictions
from pkgredeem.testing.cases.generator import cases

COUNT = 3_000
TICK = timedelta(microseconds=1)
MARCH = RedemptionPolicy()


@cache
def tried(count: int = COUNT) -> tuple[tuple[Case, Decision], ...]:
    """Return cases and the decisions of March about them."""
    return tuple((made, MARCH.decide_case(made)) for made in cases(seed=11, count=count))


def codes(decision: Decision) -> set[str]:
    """Return the codes of the reasons."""
    return {reason.code for reason in decision.reasons}


def gap(moment: datetime | None, other: datetime | None) -> int | None:
    """Return the microseconds from one instant to the other, at most one either way."""
    return None if moment is None or other is None else ticks(moment - other)


def ticks(difference: timedelta) -> int | None:
    """Return how many microseconds that is, at most one either way."""
    return None if abs(difference) > TICK else difference // TICK


def at_all_three(gaps: Iterable[int | None]) -> bool:
    """Tell whether a boundary was hit, missed by a microsecond, and passed by one."""
    return {-1, 0, 1} <= set(gaps)


def asked_of(made: Case) -> Iterator[tuple[Package, Entitlement, Restrictions]]:
    """Yield what each entitlement of a case must meet, with its package."""
    for package in made.packages:
        for entitlement in package.entitlements:
            for asked in package.restrictions_on(entitlement):
                yield package, entitlement, asked
