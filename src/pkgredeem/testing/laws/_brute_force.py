"""The allocation by trying everything: the definition of D20 and D63, for small cases.

No path, no matching: every way of paying is listed, and the best one by the criteria is taken.
"""

from collections import Counter
from itertools import product
from math import prod
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from pkgredeem import UNLIMITED, Case, Entitlement, Package, RedemptionPolicy, Rule, Scope
from pkgredeem._model.counting import quotas_on

_Credit: TypeAlias = tuple[Package, Entitlement]

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
            if all(
                rule(case, package) is False
                for rule in scoped(Scope.PACKAGE)
                if _is_asked(rule, case, package)
            )
            for entitlement in package.entitlements
        ),
        key=lambda credit: _rank(credit, case.account.time_zone),
    )
    lines = [index for index, line in enumerate(case.booking.lines) if line.payable]
    costs = [
        {
            rank: case.booking.lines[index].service.cost(credit[1].unit) or 1
            for rank, credit in enumerate(credits_)
            if all(
                rule(case, *credit, case.booking.lines[index]) is False
                for rule in scoped(Scope.CREDIT)
                if _is_asked(rule, case, credit[0])
            )
        }
        for index in lines
    ]
    if prod(1 + len(ranks) for ranks in costs) > MOST_WAYS:
        return None
    is_counted = any("quotas" in rule.reads for rule in scoped(Scope.CREDIT))
    rooms = _rooms(case, credits_) if is_counted else {}
    ways = product(*((*ranks, _NEVER) for ranks in costs))
    best = min((way for way in ways if _is_possible(way, costs, credits_, rooms)), key=_worse)
    return [
        (index, credits_[rank][0].id, credits_[rank][1].id)
        for index, rank in zip(lines, best, strict=True)
        if rank != _NEVER
    ]


def _is_asked(rule: Rule, case: Case, package: Package) -> bool:
    """Return whether something is there that the rule reads: else it is silent, by another law."""
    fields = package.beyond if case.only is None else package.beyond | {"only"}
    return not rule.reads or not fields.isdisjoint(rule.reads)


def _rooms(case: Case, credits_: list[_Credit]) -> dict[tuple[str, ...], int]:
    """Return how many lines the quotas of a package, or of an entitlement of it, allow."""
    rooms: dict[tuple[str, ...], int] = {}
    for package, entitlement in credits_:
        for quota, of_package, counted in quotas_on(case, package, entitlement):
            place = (package.id,) if of_package else (package.id, entitlement.id)
            if counted is not None:
                room = quota.most - counted
                rooms[place] = min(room, rooms.get(place, room))
    return rooms


def _is_possible(
    way: tuple[int, ...],
    costs: list[dict[int, int]],
    credits_: list[_Credit],
    rooms: dict[tuple[str, ...], int],
) -> bool:
    units: Counter[int] = Counter()
    lines: Counter[tuple[str, ...]] = Counter()
    for rank, cost in zip(way, costs, strict=True):
        if rank != _NEVER:
            package, entitlement = credits_[rank]
            units[rank] += cost[rank]
            lines.update([(package.id,), (package.id, entitlement.id)])
    return all(credits_[rank][1].has(units[rank]) for rank in units) and all(
        lines[place] <= rooms.get(place, _NEVER) for place in lines
    )


def _worse(way: tuple[int, ...]) -> tuple[object, ...]:
    """Return the criteria of D63, the better the smaller."""
    return [rank == _NEVER for rank in way], sorted(way), way


def _rank(credit: _Credit, zone: ZoneInfo | None) -> tuple[object, ...]:
    package, entitlement = credit
    both = (package.with_end_in(zone).end, entitlement.valid_until)
    ends = [end for end in both if end is not None]
    return (
        -package.priority,
        entitlement.remaining is not UNLIMITED,
        not ends,
        min(ends, default=None),
        len(entitlement.services),
        package.sold_at is None,
        package.sold_at,
        package.id,
        entitlement.id,
    )
