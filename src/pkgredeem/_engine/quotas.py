"""Quotas as capacity: how many lines of a booking the credits that may pay for them have room for.

A zone is asked for only where a quota of the calendar limits a credit that may pay (D46, D56).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pkgredeem._model.case import Case
from pkgredeem._model.counting import quota_facts, quotas_on
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.packages import Package
from pkgredeem._model.quotas import Quota

Credit: TypeAlias = tuple[Package, Entitlement]


@dataclass(frozen=True, slots=True)
class Rooms:
    """How many lines more quotas allow.

    Attributes:
        of_entitlements: by rank of a credit; no quota, no key.
        of_packages: the ranks of a package's credits that may pay, and how many lines they may pay
            for together.
    """

    of_entitlements: dict[int, int]
    of_packages: list[tuple[frozenset[int], int]]


def rooms(case: Case, ranked: Sequence[Credit], paying: Sequence[int]) -> Rooms:
    """Return the rooms of the credits at these ranks, which may pay for a line."""
    of_entitlements: dict[int, int] = {}
    of_packages: list[tuple[frozenset[int], int]] = []
    seen: set[str] = set()
    for rank in paying:
        package, entitlement = ranked[rank]
        for quota, of_package, counted in quotas_on(case, package, entitlement):
            if counted is None or (of_package and package.id in seen):
                continue
            room = max(quota.most - counted, 0)
            if of_package:
                together = frozenset(other for other in paying if ranked[other][0] is package)
                of_packages.append((together, room))
            else:
                of_entitlements[rank] = min(room, of_entitlements.get(rank, room))
        seen.add(package.id)
    return Rooms(of_entitlements, of_packages)


def facts_of_full_quota(
    case: Case,
    ranked: Sequence[Credit],
    possible: Collection[int],
    paying: Sequence[int],
    paid_by: Sequence[int | None],
) -> dict[str, str | int]:
    """Return the facts of the quota that leaves a line without a credit.

    It is the first full one of the highest-ranked credit that may pay for the line and has one;
    else of one that may pay for another line; with mixed costs a quota may be in the way without
    being full, and the first that counts is told.

    Args:
        case: the case.
        ranked: every credit, ranked.
        possible: the ranks of the credits that may pay for the line.
        paying: the ranks of those that may pay for any line.
        paid_by: the rank of the credit that pays for each line, or None.
    """
    drawn_on = [ranked[rank][0].id for rank in paid_by if rank is not None]

    def counted() -> Iterator[tuple[Quota, int]]:
        for rank in (*possible, *paying):
            package, entitlement = ranked[rank]
            for quota, of_package, used in quotas_on(case, package, entitlement):
                if used is not None:
                    drawn = drawn_on.count(package.id) if of_package else paid_by.count(rank)
                    yield quota, used + drawn

    full = (found for found in counted() if found[1] >= found[0].most)
    quota, used = next(full, None) or next(counted())
    return quota_facts(quota, used)
