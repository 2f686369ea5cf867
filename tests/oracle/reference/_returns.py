"""Whether a credit that comes back can be used again (D13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _rules as rules
from ._calendar import known_zone
from ._codes import ON_RETURN, found, kept
from ._credits import refusals
from ._facts import first_use_term, package_order, set_end
from ._filled import moment
from ._uses import uses_of

if TYPE_CHECKING:
    from datetime import datetime

    from ._filled import Doc

_NOBODY: Doc = {"id": None}


def usable_again(
    after: Doc, draws: list[Doc], packages: list[Doc], at: datetime, codes: frozenset[str]
) -> tuple[bool | None, list[Doc]]:
    """Judge the returned credits, and tell each package in which one is dead, in D20's order.

    The judgement is False if one is known to be dead, None if none is and not all are known.
    """
    zone = known_zone(after["time_zone_key"])
    for package in packages:
        others = [use for use in package["uses"] if use["booking_id"] != after["booking"]["id"]]
        own = [
            use | {"starts_at": moment(use["starts_at"])} for use in uses_of(after, package["id"])
        ]
        package["counted"] = [*others, *own]
        set_end(package, zone)
    handed_in = {package["id"]: package for package in packages}
    returned = [draw for draw in draws if draw["state"] == "returned"]
    known = [draw for draw in returned if draw["package_id"] in handed_in]
    dead = {
        draw["package_id"]
        for draw in known
        if not _is_usable(handed_in[draw["package_id"]], draw, at, codes, zone)
    }
    findings = [
        finding
        for package in sorted(packages, key=package_order)
        if package["id"] in dead
        for finding in found(
            "act", {"credit_not_usable": True}, subject=package["id"], name=package["name"]
        )
    ]
    if dead:
        return False, findings
    return (True if returned and known == returned else None), findings


def _is_usable(
    package: Doc, draw: Doc, at: datetime, codes: frozenset[str], zone: str | None
) -> bool:
    """Ask the rules in force that say `on_return` of a booking at the earliest possible start."""
    own = [one for one in package["entitlements"] if one["id"] == draw["entitlement_id"]]
    if not own:
        return False
    start = max(begins for begins in (at, *_begins(package, *own)) if begins is not None)
    case = {"now": at, "booking": {"starts_at": start}}
    asked = codes & ON_RETURN
    of_credit = [refusals(case, package, entitlement, {}, asked) for entitlement in own]
    term = None if zone is None else first_use_term(package, start, zone, only_after=True)
    of_package = kept(rules.package_findings(_NOBODY, package, at, start, term=term), asked)
    return not of_package and not any(of_credit)


def _begins(*valid: Doc) -> list[datetime | None]:
    """List the beginnings of validity."""
    return [one["valid_from"] for one in valid]
