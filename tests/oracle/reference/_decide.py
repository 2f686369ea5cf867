"""The decision: the rules asked in order, then deposit, card page, draws and schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from . import _facts as facts
from . import _returns as returns
from . import _rules as rules
from . import _terms as terms_
from ._allocate import allocate, check_size
from ._codes import DEFAULT, NOTHING_LIFTED, found, in_force, kept, rulebook_name
from ._credits import Credits, without_repeats
from ._errors import CLOSED, INVALID, UNKNOWN_ENTITLEMENT, NamedError
from ._filled import filled, moment, reserved, written

if TYPE_CHECKING:
    from datetime import datetime

    from ._allocate import Way
    from ._filled import Doc

CLOCKS_DIFFER = timedelta(minutes=1)


def decide(case: Doc, rulebook: str = DEFAULT, lifted: frozenset[str] = NOTHING_LIFTED) -> Doc:
    """Answer a whole case."""
    case = filled(case)
    now, lines = case["now"], case["booking"]["lines"]
    codes = in_force(rulebook, lifted)
    replaced = _replaced(case)

    facts.prepare(case["packages"], case["existing"], case["account"]["time_zone"])
    packages = sorted(case["packages"], key=facts.package_order)
    active = [package for package in packages if facts.is_active(package, case["client"], now)]
    if case["existing"] is not None:
        facts.put_back(case["existing"], packages)
    of_package = {
        package["id"]: rules.findings_in_a_decision(case, package, codes) for package in packages
    }
    usable = [package for package in packages if not of_package[package["id"]]]

    credits_ = Credits(case, usable, codes)
    of_packages_quotas, of_entitlements_quotas = credits_.rooms()
    check_size(credits_, of_packages_quotas)
    way = allocate(credits_, [*of_packages_quotas, *of_entitlements_quotas])
    way_without_quotas = allocate(credits_, [])
    payable = [index for index, line in enumerate(lines) if line["payable"]]
    covered = [index for index in payable if way[index] is not None]
    uncovered = [index for index in payable if way[index] is None]

    of_account = kept(rules.account_findings(case["account"], rulebook), codes)
    of_client = kept(rules.client_findings(case["client"]), codes)
    of_holdings = kept(rules.holdings_findings(active), codes)
    of_packages = [finding for package in packages for finding in of_package[package["id"]]]
    of_credits = without_repeats(
        finding
        for index in uncovered
        if usable
        for finding in credits_.why_uncovered(index, way, way_without_quotas)
    )
    of_booking = kept(rules.booking_findings(case, covered, uncovered), codes)
    against_change = _against_change(case, replaced)

    mixed = any(finding["code"] == "mixed_booking" for finding in of_booking)
    packages_refuse = not usable
    credits_refuse = bool(uncovered) and (not covered or mixed)
    reasons = [
        *of_account,
        *of_client,
        *of_holdings,
        *(of_packages if packages_refuse else []),
        *(of_credits if credits_refuse else []),
        *of_booking,
        *against_change,
    ]
    eligible = not reasons
    deposit, card = _money(case, eligible=eligible, covered=covered, uncovered=uncovered)
    no_card = card == "bypassed" and not case["client"]["has_saved_card"]
    of_notes = kept(found("note", {"no_card_on_file": no_card}), codes)
    of_return = _of_return(replaced, packages, now, codes) if eligible else []
    notes = [
        *([] if packages_refuse else of_packages),
        *([] if credits_refuse else of_credits),
        *of_notes,
        *of_return,
    ]
    everything = [
        *(*of_account, *of_client, *of_holdings, *of_packages, *of_credits),
        *(*of_booking, *of_notes, *against_change, *of_return),
    ]
    proposed = _proposed(case, credits_, way) | {
        "deposit": deposit,
        "card_capture": card,
        "rulebook": rulebook_name(rulebook, lifted),
    }
    return {
        "eligible": eligible,
        "reasons": reasons,
        "notes": notes,
        "findings": [(finding["code"], finding["subject"]) for finding in everything],
        "deposit": deposit,
        "card_capture": card,
        "draws": proposed["draws"] if eligible else [],
        "uncovered": uncovered,
        "free_until": proposed["free_until"] if eligible else None,
        "schedule": terms_.schedule(proposed) if eligible else [],
        "refund_on_cancel": eligible and _refunds(proposed, now),
        "prompt": eligible and case["client"]["logged_in"],
        "usable": [package["id"] for package in usable],
        "active": [package["id"] for package in active],
        "time_zone_key": case["account"]["time_zone"],
        "proposal": proposed if eligible else None,
    }


def _replaced(case: Doc) -> Doc | None:
    """Give the redemption that the booking takes the place of, and refuse what can't be meant."""
    existing: Doc | None = case["existing"]
    if existing is None:
        return None
    if existing["client_id"] != case["client"]["id"]:
        raise NamedError(INVALID)
    if not reserved(existing):
        raise NamedError(CLOSED)
    if existing["booking"]["id"] == case["booking"]["id"]:
        return None
    check_not_before_booking(existing, case["now"])
    return existing


def check_not_before_booking(redemption: Doc, now: datetime) -> None:
    """Refuse an act that lies more than a minute before the booking was made (D74)."""
    if moment(redemption["booked_at"]) - now > CLOCKS_DIFFER:
        raise NamedError(INVALID)


def counted_at(redemption: Doc, now: datetime) -> datetime:
    """Count an act a little before the booking as one at the moment of booking (D74)."""
    return max(now, moment(redemption["booked_at"]))


def _against_change(case: Doc, replaced: Doc | None) -> list[Doc]:
    """Tell what stands against a client's change of the booking that is exchanged (D71)."""
    if replaced is None or case["by"] != "client":
        return []
    return terms_.change_refusals(replaced, counted_at(replaced, case["now"]))


def _of_return(
    replaced: Doc | None, packages: list[Doc], now: datetime, codes: frozenset[str]
) -> list[Doc]:
    """Tell an exchanged booking's credits that can't be used again, or not go back (D13, D73)."""
    if replaced is None:
        return []
    handed_in = {package["id"]: package["entitlements"] for package in packages}
    for draw in reserved(replaced):
        entitlements = handed_in.get(draw["package_id"])
        ids = [one["id"] for one in entitlements or []]
        if entitlements is not None and draw["entitlement_id"] not in ids:
            raise NamedError(UNKNOWN_ENTITLEMENT)
    back = [draw | {"state": "returned"} for draw in reserved(replaced)]
    ended = [draw for draw in replaced["draws"] if draw["state"] != "reserved"]
    after = replaced | {"draws": [*ended, *back]}
    _, findings = returns.usable_again(after, back, packages, counted_at(replaced, now), codes)
    return findings


def _refunds(proposed: Doc, now: datetime) -> bool:
    """Say whether a client who cancels at the moment of booking gets every credit back."""
    return not any(
        terms_.is_closed(proposed, draw, now) or terms_.outcome(proposed, draw, now) == "forfeit"
        for draw in proposed["draws"]
    )


def _money(
    case: Doc, *, eligible: bool, covered: list[int], uncovered: list[int]
) -> tuple[str, str]:
    """Say what becomes of the deposit and the card page (T18 to T20, D14, D18, D19, D31)."""
    due: list[int] = []
    for index, line in enumerate(case["booking"]["lines"]):
        asked = line["service"]["deposit_required"]
        if asked is None:
            asked = case["account"]["deposit_required"]
        if asked and line["payable"]:
            due.append(index)
    if not due:
        deposit = "not_required"
    elif not eligible or any(index in uncovered for index in due):
        deposit = "collect"
    else:
        deposit = "waived"
    if not case["account"]["card_capture"]:
        card = "not_required"
    elif eligible and covered and not uncovered:
        card = "bypassed"
    else:
        card = "capture"
    return deposit, card


def _proposed(case: Doc, credits_: Credits, way: Way) -> Doc:
    """Write the redemption that an eligible decision proposes, but for what is due."""
    terms, start = case["account"]["cancellation"], case["booking"]["starts_at"]
    replaced = _replaced(case)
    return {
        "booking": written_booking(case["booking"]),
        "client_id": case["client"]["id"],
        "starts_at": written(start),
        "draws": [
            {
                "line": line,
                "package_id": credits_.ranked[rank][0]["id"],
                "entitlement_id": credits_.ranked[rank][1]["id"],
                "service_id": case["booking"]["lines"][line]["service"]["id"],
                "state": "reserved",
                "endings": [],
                "credits": credits_.cost(line, rank),
                "package_name": credits_.ranked[rank][0]["name"],
            }
            | terms_.own_terms(credits_.ranked[rank][0], terms, start)
            for line, rank in enumerate(way)
            if rank is not None
        ],
        "terms": terms,
        "free_until": None if terms is None else written(start - terms_.window(terms)),
        "booked_at": written(case["now"]),
        "time_zone_key": case["account"]["time_zone"],
        "version": 1,
        "reschedules": [],
        "replaces": None if replaced is None else replaced["booking"]["id"],
    }


def written_booking(booking: Doc) -> Doc:
    """Write a booking back as it is handed in, with its start in UTC."""
    return booking | {"starts_at": written(booking["starts_at"])}


def proposal(
    case: Doc, rulebook: str = DEFAULT, lifted: frozenset[str] = NOTHING_LIFTED
) -> Doc | None:
    """Give the redemption that an eligible decision proposes, or None."""
    proposed: Doc | None = decide(case, rulebook, lifted)["proposal"]
    return proposed


def notice(case: Doc, rulebook: str = DEFAULT, lifted: frozenset[str] = NOTHING_LIFTED) -> bool:
    """Say whether the client is told that a package is available (T09): `existing` is not asked."""
    case = filled(case | {"booking": None, "existing": None})
    facts.prepare(case["packages"], None, case["account"]["time_zone"])
    active = [
        package
        for package in case["packages"]
        if facts.is_active(package, case["client"], case["now"])
    ]
    against = [
        *rules.account_findings(case["account"], rulebook),
        *rules.client_findings(case["client"]),
        *rules.holdings_findings(active),
    ]
    logged_in: bool = case["client"]["logged_in"]
    return logged_in and bool(active) and not kept(against, in_force(rulebook, lifted))
