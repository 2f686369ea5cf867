"""What is taken over from another system: bookings that are open, whose credits are off already.

Each is as if it had been booked here, under the terms of today (D11, D60); so its credits are put
back into the packages first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._credits import cost
from ._errors import INVALID, UNKNOWN_ENTITLEMENT, NamedError
from ._filled import filled_account, filled_booking, filled_packages, written
from ._terms import own_terms, window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._filled import Doc


def adopt(account: Doc, packages: Sequence[Doc], bookings: Sequence[Doc]) -> Doc:
    """Give what is left of each credit with the bookings' put back, and their redemptions.

    A booking has `booking`, `client_id`, `booked_at` and `paid_with`: line, package, entitlement.
    """
    ids = [one["booking"]["id"] for one in bookings]
    if len(set(ids)) < len(ids):
        raise NamedError(INVALID)
    whole = {package["id"]: package for package in filled_packages(packages)}
    redemptions = [_redemption(filled_account(account), whole, one) for one in bookings]
    left = {
        (package["id"], one["id"]): one["remaining"]
        for package in whole.values()
        for one in package["entitlements"]
    }
    for redemption in redemptions:
        for draw in redemption["draws"]:
            left[draw["package_id"], draw["entitlement_id"]] += draw["credits"]
    return {"left": left, "redemptions": redemptions}


def _redemption(account: Doc, packages: dict[str, Doc], opened: Doc) -> Doc:
    """Write a booking as the redemption that it would be."""
    booking = filled_booking(opened["booking"])
    terms, start = account["cancellation"], booking["starts_at"]
    draws = []
    for line, package_id, entitlement_id in opened["paid_with"]:
        if package_id not in packages:
            raise NamedError(INVALID)
        package = packages[package_id]
        held = [one for one in package["entitlements"] if one["id"] == entitlement_id]
        if not held:
            raise NamedError(UNKNOWN_ENTITLEMENT)
        units = cost(booking["lines"][line], held[0]["unit"])
        if units is None:
            raise NamedError(INVALID)
        draws.append(
            {
                "line": line,
                "package_id": package_id,
                "entitlement_id": entitlement_id,
                "service_id": booking["lines"][line]["service"]["id"],
                "state": "reserved",
                "endings": [],
                "credits": units,
                "package_name": package["name"],
            }
            | own_terms(package, terms, start)
        )
    return {
        "booking": booking | {"starts_at": written(start)},
        "client_id": opened["client_id"],
        "starts_at": written(start),
        "draws": draws,
        "terms": terms,
        "free_until": None if terms is None else written(start - window(terms)),
        "booked_at": opened["booked_at"],
        "time_zone_key": account["time_zone"],
        "version": 1,
        "reschedules": [],
        "replaces": None,
    }
