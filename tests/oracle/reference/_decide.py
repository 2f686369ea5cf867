"""The decision: the rules asked in order, then deposit, card page, draws and schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _facts as facts
from . import _rules as rules
from ._allocate import allocate

if TYPE_CHECKING:
    from datetime import datetime

    from ._facts import Doc

DEFAULT = "timely-2026-03"


def decide(case: Doc, rulebook: str = DEFAULT, lifted: frozenset[str] = frozenset()) -> Doc:
    """Answer a whole case."""
    case = facts.filled(case)
    now, start, lines = case["now"], case["booking"]["starts_at"], case["booking"]["lines"]
    terms, logged_in = case["account"]["cancellation"], case["client"]["logged_in"]
    codes = rules.in_force(rulebook, lifted)

    packages = sorted(case["packages"], key=facts.package_order)
    of_package = {
        package["id"]: _kept(rules.package_findings(case, package), codes) for package in packages
    }
    usable = [package for package in packages if not of_package[package["id"]]]
    active = [package for package in packages if facts.is_active(package, case["client"], now)]

    paid_by = allocate(lines, usable)
    payable = [index for index, line in enumerate(lines) if line["payable"]]
    covered = [index for index in payable if paid_by[index] is not None]
    uncovered = [index for index in payable if paid_by[index] is None]

    of_account = _kept(rules.account_findings(case["account"], rulebook), codes)
    of_client = _kept(rules.client_findings(case["client"]), codes)
    of_holdings = _kept(rules.holdings_findings(active), codes)
    of_packages = [finding for package in packages for finding in of_package[package["id"]]]
    of_credits = _kept(rules.credit_findings(case, usable, uncovered), codes)
    of_booking = _kept(rules.booking_findings(case, covered, uncovered), codes)

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
    ]
    eligible = not reasons
    deposit, card = _money(case, eligible=eligible, covered=covered, uncovered=uncovered)
    of_notes = _kept(
        rules.found(
            "note",
            "",
            {"no_card_on_file": card == "bypassed" and not case["client"]["has_saved_card"]},
        ),
        codes,
    )
    notes = [
        *([] if packages_refuse else of_packages),
        *([] if credits_refuse else of_credits),
        *of_notes,
    ]
    everything = [
        *of_account,
        *of_client,
        *of_holdings,
        *of_packages,
        *of_credits,
        *of_booking,
        *of_notes,
    ]
    free_until = start - facts.window(terms) if terms is not None else None
    draws = [
        (index, credit[0]["id"], credit[1]["id"], lines[index]["service"]["id"])
        for index, credit in enumerate(paid_by)
        if credit is not None
    ]
    return {
        "eligible": eligible,
        "reasons": reasons,
        "notes": notes,
        "findings": [(finding["code"], finding["subject"]) for finding in everything],
        "deposit": deposit,
        "card_capture": card,
        "draws": draws if eligible else [],
        "uncovered": uncovered,
        "free_until": facts.written(free_until) if eligible else None,
        "schedule": schedule(start, free_until, terms, now) if eligible else [],
        "refund_on_cancel": eligible
        and now < start
        and (terms is None or now <= start - facts.window(terms) or terms["late"] == "return"),
        "prompt": eligible and logged_in,
        "usable": [package["id"] for package in usable],
        "active": [package["id"] for package in active],
    }


def _kept(findings: list[Doc], codes: frozenset[str]) -> list[Doc]:
    """Leave out what no rule in force says."""
    return [finding for finding in findings if finding["code"] in codes]


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


def schedule(
    start: datetime, free_until: datetime | None, terms: Doc | None, booked_at: datetime
) -> list[tuple[str | None, str]]:
    """Say what a client's cancellation does and until when, from the booking on."""
    if terms is None or free_until is None or free_until == start:
        steps = [(start, "return")]
    else:
        steps = [(free_until, "return"), (start, terms["late"])]
    return [(facts.written(until), outcome) for until, outcome in steps if until > booked_at]


def proposal(
    case: Doc, rulebook: str = DEFAULT, lifted: frozenset[str] = frozenset()
) -> Doc | None:
    """Give the redemption that an eligible decision proposes, or None."""
    answer = decide(case, rulebook, lifted)
    if not answer["eligible"]:
        return None
    whole = facts.filled(case)
    name = rulebook + "".join(f" -{code}" for code in sorted(lifted))
    return {
        "booking": case["booking"],
        "client_id": whole["client"]["id"],
        "starts_at": facts.written(whole["booking"]["starts_at"]),
        "draws": [
            {
                "line": line,
                "package_id": package,
                "entitlement_id": entitlement,
                "service_id": service,
                "state": "reserved",
                "ending": None,
            }
            for line, package, entitlement, service in answer["draws"]
        ],
        "terms": whole["account"]["cancellation"],
        "free_until": answer["free_until"],
        "deposit": answer["deposit"],
        "card_capture": answer["card_capture"],
        "rulebook": name,
        "booked_at": facts.written(whole["now"]),
        "time_zone": whole["account"]["time_zone"],
        "version": 1,
        "reschedules": [],
    }


def notice(case: Doc, rulebook: str = DEFAULT, lifted: frozenset[str] = frozenset()) -> bool:
    """Say whether the client is told that a package is available (T09): `existing` is not asked."""
    case = facts.filled(case | {"booking": None, "existing": None})
    codes = rules.in_force(rulebook, lifted)
    active = [
        package
        for package in case["packages"]
        if facts.is_active(package, case["client"], case["now"])
    ]
    against = _kept(
        [
            *rules.account_findings(case["account"], rulebook),
            *rules.client_findings(case["client"]),
            *rules.holdings_findings(active),
        ],
        codes,
    )
    logged_in: bool = case["client"]["logged_in"]
    return logged_in and bool(active) and not against
