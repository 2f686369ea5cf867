"""The rules about one credit and one line, and why a line got no credit.

Only rules in force are asked, since some look at a local time and there may be no zone.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

from . import _facts as facts
from ._calendar import is_inside, is_one_of, local
from ._codes import SCOPES, found
from ._filled import written
from ._quotas import first_quota, quotas_of, room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ._allocate import Room, Way
    from ._filled import Doc

    Rule = Callable[[Doc, Doc, Doc, Doc], Doc | None]


def trait(case: Doc, line: Doc, name: str) -> str | None:
    """Give what a line tells of a trait, else the booking, else the client (D45)."""
    for traits in (line["traits"], case["booking"]["traits"], case["client"]["traits"]):
        if name in traits:
            value: str = traits[name]
            return value
    return None


def _restrictions(package: Doc, entitlement: Doc) -> list[Doc]:
    """List the restrictions that must all be met, the package's first."""
    return [package["restrictions"], entitlement["restrictions"]]


def cost(line: Doc, unit: str) -> int | None:
    """Give what a line takes of a unit: one credit if nothing is said of it (D41)."""
    units: int | None = line["service"]["costs"].get(unit, 1 if unit == "credit" else None)
    return units


def _cost_unknown(_case: Doc, _package: Doc, entitlement: Doc, line: Doc) -> Doc | None:
    """Find a unit that the service says nothing of (D41)."""
    return {"unit": entitlement["unit"]} if cost(line, entitlement["unit"]) is None else None


def _credit_not_started(case: Doc, _package: Doc, entitlement: Doc, _line: Doc) -> Doc | None:
    """Find a start before the credit's own validity (D50)."""
    begins = entitlement["valid_from"]
    starts_too_early = begins is not None and case["booking"]["starts_at"] < begins
    return {"valid_from": written(begins)} if starts_too_early else None


def _credit_over(case: Doc, _package: Doc, entitlement: Doc, _line: Doc) -> Doc | None:
    """Find a start at or after the end of the credit's own validity (D50)."""
    ends = entitlement["valid_until"]
    is_over = ends is not None and case["booking"]["starts_at"] >= ends
    return {"valid_until": written(ends)} if is_over else None


def _trait_not_allowed(case: Doc, package: Doc, entitlement: Doc, line: Doc) -> Doc | None:
    """Find a trait that is asked for and not told, or told otherwise (D45)."""
    for restrictions in _restrictions(package, entitlement):
        for name, allowed in sorted(restrictions["traits"].items()):
            value = trait(case, line, name)
            if value not in allowed:
                return {"trait": name, "found": value, "allowed": sorted(allowed)}
    return None


def _outside_hours(case: Doc, package: Doc, entitlement: Doc, _line: Doc) -> Doc | None:
    """Find a start outside the hours on the account's clocks (D46)."""
    for restrictions in _restrictions(package, entitlement):
        if restrictions["hours"]:
            shown = local(case["booking"]["starts_at"], case["account"]["time_zone"])
            if not any(is_inside(hours, shown) for hours in restrictions["hours"]):
                return {}
    return None


def _blacked_out(case: Doc, package: Doc, entitlement: Doc, _line: Doc) -> Doc | None:
    """Find a start on a closed day of the account's calendar (D47)."""
    for restrictions in _restrictions(package, entitlement):
        if restrictions["not_on"]:
            shown = local(case["booking"]["starts_at"], case["account"]["time_zone"])
            if is_one_of(restrictions["not_on"], shown):
                return {}
    return None


def _booked_too_late(case: Doc, package: Doc, entitlement: Doc, _line: Doc) -> Doc | None:
    """Find less time until the start than is asked for (D48)."""
    left = case["booking"]["starts_at"] - case["now"]
    least = [one["min_notice_us"] for one in _restrictions(package, entitlement)]
    too_late = any(us is not None and left < timedelta(microseconds=us) for us in least)
    return {} if too_late else None


def _booked_too_early(case: Doc, package: Doc, entitlement: Doc, _line: Doc) -> Doc | None:
    """Find more time until the start than is allowed (D48)."""
    left = case["booking"]["starts_at"] - case["now"]
    most = [one["max_notice_us"] for one in _restrictions(package, entitlement)]
    too_early = any(us is not None and left > timedelta(microseconds=us) for us in most)
    return {} if too_early else None


RULES: dict[str, Rule] = {
    "cost_unknown": _cost_unknown,
    "credit_not_started": _credit_not_started,
    "credit_over": _credit_over,
    "trait_not_allowed": _trait_not_allowed,
    "outside_hours": _outside_hours,
    "blacked_out": _blacked_out,
    "booked_too_late": _booked_too_late,
    "booked_too_early": _booked_too_early,
}


def refusals(
    case: Doc, package: Doc, entitlement: Doc, line: Doc, codes: frozenset[str]
) -> dict[str, Doc]:
    """Ask the rules in force about one credit and one line: facts by code, in their order."""
    answers = {
        code: RULES[code](case, package, entitlement, line)
        for code in SCOPES["credit"]
        if code in RULES and code in codes
    }
    return {code: facts_ for code, facts_ in answers.items() if facts_ is not None}


def credit_findings(service: Doc, facts_by_code: dict[str, Doc]) -> list[Doc]:
    """Write credit findings about a service."""
    return found(
        "credit",
        dict.fromkeys(facts_by_code, True),
        facts_by_code,
        subject=service["id"],
        name=service["name"],
    )


def without_repeats(findings: Iterable[Doc]) -> list[Doc]:
    """Keep each service once for each code, the first of them (D22)."""
    first: dict[tuple[str, str], Doc] = {}
    for finding in findings:
        first.setdefault((finding["code"], finding["subject"]), finding)
    return list(first.values())


class Credits:
    """Every credit of the usable packages, ranked, and what is found against it line by line."""

    def __init__(self, case: Doc, usable: list[Doc], codes: frozenset[str]) -> None:
        """Ask the credit rules of every credit that names a line's service."""
        self.case, self.codes, self.lines = case, codes, case["booking"]["lines"]
        self.ranked = facts.ranked_credits(usable)
        self.refusals = [
            {
                rank: refusals(case, package, entitlement, line, codes)
                for rank, (package, entitlement) in enumerate(self.ranked)
                if line["payable"] and line["service"]["id"] in entitlement["services"]
            }
            for line in self.lines
        ]
        self.may_pay = [
            [rank for rank, against in by_rank.items() if not against] for by_rank in self.refusals
        ]

    def cost(self, index: int, rank: int) -> int:
        """Give what a line takes of a credit that may pay for it."""
        units = cost(self.lines[index], self.ranked[rank][1]["unit"])
        if units is None:
            raise AssertionError
        return units

    def rooms(self) -> tuple[list[Room], list[Room]]:
        """List the room of the packages' and of the entitlements' quotas, where one may pay."""
        if "quota_reached" not in self.codes:
            return [], []
        paying = sorted({rank for ranks in self.may_pay for rank in ranks})
        of_packages: list[Room] = []
        of_entitlements: list[Room] = []
        for rank in paying:
            package, entitlement = self.ranked[rank]
            together = frozenset(one for one in paying if self.ranked[one][0] is package)
            for whose, quota, uses in quotas_of(package, entitlement):
                if whose == "entitlement":
                    of_entitlements.append((frozenset({rank}), room(self.case, quota, uses)))
                elif rank == min(together):
                    of_packages.append((together, room(self.case, quota, uses)))
        return of_packages, of_entitlements

    def why_uncovered(self, index: int, way: Way, way_without_quotas: Way) -> list[Doc]:
        """Tell why a line got no credit: none names it, none may pay, or too few are left."""
        by_rank, may_pay = self.refusals[index], self.may_pay[index]
        if not by_rank:
            reasons: dict[str, Doc] = {"service_not_in_package": {}}
        elif way_without_quotas[index] is not None:
            reasons = {"quota_reached": self._full_quota(may_pay, way)}
        elif may_pay:
            reasons = {"not_enough_credits": self._what_is_left(may_pay)}
        else:
            reasons = {}
            for against in by_rank.values():
                reasons = against | reasons
        return credit_findings(self.lines[index]["service"], reasons)

    def _full_quota(self, may_pay: list[int], way: Way) -> Doc:
        """Give the facts of the highest-ranked credit with a full quota, the line's own first.

        With mixed costs a quota may be in the way of the line without being full: then the first.
        """
        others = sorted({rank for ranks in self.may_pay for rank in ranks} - set(may_pay))
        for is_full, rank in product((True, False), (*may_pay, *others)):
            package, entitlement = self.ranked[rank]
            of_package = sum(one is not None and self.ranked[one][0] is package for one in way)
            drawn = (of_package, way.count(rank))
            quota = first_quota(self.case, package, entitlement, *drawn, is_full=is_full)
            if quota is not None:
                return quota
        raise AssertionError

    def _what_is_left(self, may_pay: list[int]) -> Doc:
        """Count what is left in the credits that may pay, and what their lines take of them."""
        unit = self.ranked[may_pay[0]][1]["unit"]
        same = [rank for rank in may_pay if self.ranked[rank][1]["unit"] == unit]
        wanting = [index for index, ranks in enumerate(self.may_pay) if set(ranks) & set(same)]
        return {
            "available": sum(self.ranked[rank][1]["remaining"] for rank in same),
            "wanted": sum(self.cost(index, same[0]) for index in wanting),
            "unit": unit,
        }
