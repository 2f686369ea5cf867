"""The allocation by trying everything: the definition of D20, for small cases.

No path, no matching: every way of paying is listed, and the best one by the four criteria is taken.
"""

from itertools import product
from math import prod
from typing import Final

from pkgredeem import Case, Entitlement, Package, RedemptionPolicy, Scope

MOST_WAYS: Final = 1_000
_NEVER: Final = 10**30


def best_draws(policy: RedemptionPolicy, case: Case) -> list[tuple[int, str, str]] | None:
    """Return line, package and entitlement of the best way to pay; None when there are too many."""
    case = case.with_existing_returned()
    scoped = policy.rulebook.of_scope
    credits_ = sorted(
        (
            (package, entitlement)
            for package in case.packages
            if all(rule(case, package) is False for rule in scoped(Scope.PACKAGE))
            for entitlement in package.entitlements
        ),
        key=_rank,
    )
    lines = [index for index, line in enumerate(case.booking.lines) if line.payable]
    choices: list[list[int]] = [
        [
            rank
            for rank, (package, entitlement) in enumerate(credits_)
            if all(
                rule(case, package, entitlement, case.booking.lines[index]) is False
                for rule in scoped(Scope.CREDIT)
            )
        ]
        for index in lines
    ]
    if prod(1 + len(ranks) for ranks in choices) > MOST_WAYS:
        return None
    left = [entitlement.remaining for _, entitlement in credits_]
    ways = product(*((*ranks, _NEVER) for ranks in choices))
    best = min((way for way in ways if _is_possible(way, left)), key=_worse)
    return [
        (index, credits_[rank][0].id, credits_[rank][1].id)
        for index, rank in zip(lines, best, strict=True)
        if rank != _NEVER
    ]


def _is_possible(way: tuple[int, ...], left: list[int]) -> bool:
    return all(way.count(rank) <= left[rank] for rank in way if rank != _NEVER)


def _worse(way: tuple[int, ...]) -> tuple[object, ...]:
    """Return the four criteria of D20, the better the smaller."""
    uncovered = [rank == _NEVER for rank in way]
    return sum(uncovered), uncovered, sorted(way), way


def _rank(credit: tuple[Package, Entitlement]) -> tuple[object, ...]:
    package, entitlement = credit
    return (
        -package.priority,
        package.valid_until is None,
        package.valid_until,
        len(entitlement.services),
        package.sold_at is None,
        package.sold_at,
        package.id,
        entitlement.id,
    )
