"""Another start for a booking, and another booking in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _facts as facts
from . import _rules as rules
from . import _terms as terms
from ._acts import cancel
from ._answers import answer, refused
from ._codes import DEFAULT, NOTHING_LIFTED, ON_MOVE, found, in_force, kept
from ._credits import credit_findings, refusals, without_repeats
from ._decide import check_not_before_booking, counted_at, decide
from ._errors import CLOSED, INVALID, MISMATCH, NamedError
from ._filled import (
    filled_account,
    filled_booking,
    filled_client,
    filled_packages,
    filled_redemption,
    moment,
    reserved,
    written,
)
from ._quotas import first_quota
from ._uses import line_start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ._filled import Doc


def reschedule(  # noqa: PLR0917 - the parameters of the real act
    redemption: Doc,
    starts_at: str,
    by: str,
    now: str,
    packages: Sequence[Doc],
    account: Doc | None = None,
    client: Doc | None = None,
    note: str = "",
    rulebook: str = DEFAULT,
    lifted: frozenset[str] = NOTHING_LIFTED,
) -> Doc:
    """Give the appointment another start, keeping its credits reserved (D17, D58)."""
    redemption = filled_redemption(redemption)
    client = {"id": redemption["client_id"]} if client is None else client
    if client["id"] != redemption["client_id"]:
        raise NamedError(MISMATCH)
    draws = reserved(redemption)
    drawn_on = {draw["package_id"] for draw in draws}
    asked = [one for one in filled_packages([*packages]) if one["id"] in drawn_on]
    if len(asked) < len(drawn_on):
        raise NamedError(INVALID)
    old, new = terms.start_of(redemption), moment(starts_at)
    if not draws and not (new == old and redemption["reschedules"]):
        raise NamedError(CLOSED)
    if new == old:
        return answer(redemption, redemption, findings=[])
    check_not_before_booking(redemption, moment(now))
    at = counted_at(redemption, moment(now))
    case = {
        "now": at,
        "existing": redemption,
        "account": filled_account(account or {}),
        "client": filled_client(client),
        "booking": filled_booking(redemption["booking"]) | {"starts_at": new},
    }
    findings = _at_the_new_start(case, draws, asked, in_force(rulebook, lifted) & ON_MOVE)
    if by == "client":
        reasons = [
            *findings,
            *terms.change_refusals(redemption, at),
            *found("act", {"new_start_passed": new <= at}),
        ]
        if reasons:
            windows = [terms.late_window(redemption, draw, at) for draw in draws]
            is_late = any(length is not None for length in windows)  # a window of 0 is one
            return refused(redemption, reasons, late=is_late, windows=windows)
    return answer(redemption, _moved(redemption, new, by, at, note), findings=findings)


def _at_the_new_start(
    case: Doc, draws: list[Doc], packages: list[Doc], codes: frozenset[str]
) -> list[Doc]:
    """Ask the rules about when and where of the packages and the credits drawn on (D40, D58)."""
    now, start, zone = case["now"], case["booking"]["starts_at"], case["account"]["time_zone"]
    facts.prepare(packages, case["existing"], zone)
    of_packages = [
        finding
        for package in sorted(packages, key=facts.package_order)
        for finding in rules.package_findings(
            case["client"], package, now, start, term=facts.first_use_term(package, start, zone)
        )
    ]
    of_credits = []
    for draw in draws:
        line = case["booking"]["lines"][draw["line"]]
        for package in packages:
            for entitlement in package["entitlements"]:
                drawn = (draw["package_id"], draw["entitlement_id"])
                if (package["id"], entitlement["id"]) == drawn:
                    against = refusals(case, package, entitlement, line, codes)
                    if "quota_reached" in codes:
                        against |= _overfilled(case, draws, package, entitlement)
                    of_credits += credit_findings(line["service"], against)
    return [*kept(of_packages, codes), *without_repeats(of_credits)]


def _overfilled(case: Doc, draws: list[Doc], package: Doc, entitlement: Doc) -> dict[str, Doc]:
    """Give a quota that the reserved lines together overfill at the new start (D54, D58)."""
    of_package = [draw for draw in draws if draw["package_id"] == package["id"]]
    of_entitlement = [draw for draw in of_package if draw["entitlement_id"] == entitlement["id"]]
    others = (len(of_package) - 1, len(of_entitlement) - 1)
    full = first_quota(case, package, entitlement, *others)
    return {} if full is None else {"quota_reached": full}


def _moved(redemption: Doc, new: datetime, by: str, at: datetime, note: str) -> Doc:
    """Write the redemption with its new start; ended lines keep the start that they had (D54)."""
    start = written(new)
    draws = []
    for draw in redemption["draws"]:
        own_start = line_start(redemption, draw)
        kept_start = None if own_start == start else own_start
        endings = [ending | {"starts_at": kept_start} for ending in draw["endings"]]
        moved: Doc = {"endings": endings}
        if draw["state"] == "reserved" and draw["terms"] is not None:
            moved["free_until"] = written(_free_until(draw["terms"], new, by, at))
        draws.append(draw | moved)
    after = redemption | {
        "starts_at": start,
        "draws": draws,
        "version": redemption["version"] + 1,
        "reschedules": [
            *redemption["reschedules"],
            {"at": written(at), "by": by, "note": note},
        ],
    }
    if redemption["terms"] is not None:
        after["free_until"] = written(_free_until(redemption["terms"], new, by, at))
    return after


def _free_until(terms_: Doc, new: datetime, by: str, at: datetime) -> datetime:
    """Let free-until follow the new start; the business's move leaves a window's time (D17)."""
    length = terms.window(terms_)
    if by == "business":
        return max(new - length, min(at + length, new))
    return new - length


def exchange(
    case: Doc, rulebook: str = DEFAULT, lifted: frozenset[str] = NOTHING_LIFTED
) -> dict[str, Doc] | None:
    """Give the redemptions after an exchange, the new one and the old one, or None if refused."""
    new = decide(case, rulebook, lifted)["proposal"]
    if new is None:
        return None
    ended = cancel(
        case["existing"], case.get("by", "client"), case["now"], note=case.get("note", "")
    )
    return {"new": new, "old": ended["redemption"]}
