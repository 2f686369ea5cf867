"""Values as plain dicts: the language in which the second implementation is asked."""

from datetime import datetime, timedelta
from typing import Any

from pkgredeem import (
    AccountSettings,
    Booking,
    CancellationTerms,
    Case,
    Client,
    Decision,
    Draw,
    Ending,
    Finding,
    Package,
    Redemption,
    Settlement,
)

Doc = dict[str, Any]

#: What only the second implementation tells: of a decision, and of plans that come later here.
ONLY_THERE = {"usable", "active"} | {
    "tiers",
    "changes_close_us",
    "traits",
    "costs",
    "credits",
    "window_us",
    "unit",
}
ONLY_THERE_OF_DRAWS = ONLY_THERE | {"terms", "free_until"}


def instant(at: datetime | None) -> str | None:
    """Write an instant, or None."""
    return None if at is None else at.isoformat()


def terms_doc(terms: CancellationTerms | None) -> Doc | None:
    """Write cancellation terms, or None."""
    if terms is None:
        return None
    return {
        "window_us": terms.window // timedelta(microseconds=1),
        "late": terms.late.value,
        "no_show": None if terms.no_show is None else terms.no_show.value,
    }


def account_doc(account: AccountSettings) -> Doc:
    """Write an account."""
    activated = account.activated_on
    return {
        "activated_on": None if activated is None else activated.isoformat(),
        "online_redemption": account.online_redemption,
        "client_login": account.client_login.value,
        "package_kind": account.package_kind.value,
        "deposit_required": account.deposit_required,
        "card_capture": account.card_capture,
        "cancellation": terms_doc(account.cancellation),
        "time_zone": None if account.time_zone is None else account.time_zone.key,
    }


def client_doc(client: Client) -> Doc:
    """Write a client."""
    return {
        "id": client.id,
        "logged_in": client.logged_in,
        "has_saved_card": client.has_saved_card,
    }


def booking_doc(booking: Booking) -> Doc:
    """Write a booking."""
    return {
        "id": booking.id,
        "starts_at": instant(booking.starts_at),
        "lines": [
            {
                "service": {
                    "id": line.service.id,
                    "name": line.service.name,
                    "deposit_required": line.service.deposit_required,
                },
                "picked_from": line.picked_from.value,
                "payable": line.payable,
            }
            for line in booking.lines
        ],
    }


def package_doc(package: Package) -> Doc:
    """Write a package."""
    return {
        "id": package.id,
        "client_id": package.client_id,
        "kind": package.kind.value,
        "status": package.status.value,
        "sold_at": instant(package.sold_at),
        "valid_from": instant(package.valid_from),
        "valid_until": instant(package.valid_until),
        "priority": package.priority,
        "name": package.name,
        "entitlements": [
            {
                "id": entitlement.id,
                "services": sorted(entitlement.services),
                "remaining": entitlement.remaining,
            }
            for entitlement in package.entitlements
        ],
    }


def ending_doc(ending: Ending) -> Doc:
    """Write what ended a line."""
    return {
        "act": ending.act.value,
        "at": instant(ending.at),
        "by": ending.by.value,
        "late": ending.late,
        "note": ending.note,
        "starts_at": instant(ending.starts_at),
    }


def draw_doc(draw: Draw) -> Doc:
    """Write a draw."""
    return {
        "line": draw.line,
        "package_id": draw.package_id,
        "entitlement_id": draw.entitlement_id,
        "service_id": draw.service_id,
        "state": draw.state.value,
        "endings": [ending_doc(ending) for ending in draw.endings],
        "package_name": draw.package_name,
    }


def redemption_doc(redemption: Redemption) -> Doc:
    """Write a redemption."""
    return {
        "booking": booking_doc(redemption.booking),
        "client_id": redemption.client_id,
        "starts_at": instant(redemption.starts_at),
        "draws": [draw_doc(draw) for draw in redemption.draws],
        "terms": terms_doc(redemption.terms),
        "free_until": instant(redemption.free_until),
        "deposit": redemption.deposit.value,
        "card_capture": redemption.card_capture.value,
        "rulebook": redemption.rulebook,
        "booked_at": instant(redemption.booked_at),
        "time_zone_key": redemption.time_zone_key,
        "version": redemption.version,
        "reschedules": [
            {"at": instant(moved.at), "by": moved.by.value, "note": moved.note}
            for moved in redemption.reschedules
        ],
        "replaces": redemption.replaces,
    }


def case_doc(case: Case) -> Doc:
    """Write a whole case."""
    return {
        "now": instant(case.now),
        "account": account_doc(case.account),
        "client": client_doc(case.client),
        "packages": [package_doc(package) for package in case.packages],
        "booking": booking_doc(case.booking),
        "existing": None if case.existing is None else redemption_doc(case.existing),
        "by": case.by.value,
        "note": case.note,
    }


def finding_doc(finding: Finding) -> Doc:
    """Write a finding as the second implementation tells it: without its words."""
    return {
        "code": finding.code,
        "scope": finding.scope.value,
        "subject": finding.subject,
        "subject_name": finding.subject_name,
        "facts": {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in finding.facts
        },
    }


def schedule_doc(redemption: Redemption | None) -> list[tuple[str | None, str, bool]]:
    """Write the steps of a client's cancellation."""
    if redemption is None:
        return []
    return [(instant(until), outcome.value, late) for until, outcome, late in redemption.schedule]


def decision_doc(decision: Decision) -> Doc:
    """Write a decision as the second implementation tells it."""
    redemption = decision.redemption
    return {
        "eligible": decision.eligible,
        "reasons": [finding_doc(finding) for finding in decision.reasons],
        "notes": [finding_doc(finding) for finding in decision.notes],
        "findings": [(finding.code, finding.subject) for finding in decision.findings],
        "deposit": decision.deposit.value,
        "card_capture": decision.card_capture.value,
        "draws": [] if redemption is None else [draw_doc(draw) for draw in redemption.draws],
        "uncovered": list(decision.uncovered),
        "free_until": None if redemption is None else instant(redemption.free_until),
        "schedule": schedule_doc(redemption),
        "refund_on_cancel": decision.refund_on_cancel,
        "prompt": decision.prompt,
        "time_zone_key": decision.time_zone_key,
    }


def quote_doc(quote: Decision) -> Doc:
    """Write what a desk quotes: a decision, or of what is stored how it stands."""
    told = decision_doc(quote)
    if not quote.recorded:
        return {"recorded": False} | told
    assert quote.redemption is not None
    names = ("deposit", "card_capture", "draws", "uncovered", "free_until", "schedule")
    return {
        "recorded": True,
        "eligible": quote.eligible,
        **{name: told[name] for name in names},
        "starts_at": instant(quote.redemption.starts_at),
        "time_zone_key": quote.time_zone_key,
    }


def settlement_doc(before: Redemption, settlement: Settlement) -> Doc:
    """Write a settlement as the second implementation tells it, with the redemption after it."""
    change = settlement.change
    after = before if change is None else change.after
    return {
        "allowed": settlement.allowed,
        "changes": change is not None,
        "outcome": None if settlement.outcome is None else settlement.outcome.value,
        "late": settlement.late,
        "findings": [finding_doc(finding) for finding in settlement.findings],
        "credit_usable": settlement.credit_usable,
        "states": [draw.state.value for draw in after.draws],
        "endings": [[ending_doc(ending) for ending in draw.endings] for draw in after.draws],
        "free_until": instant(after.free_until),
        "starts_at": instant(after.starts_at),
        "schedule": schedule_doc(after),
        "version": after.version,
        "movements": []
        if change is None
        else [
            (
                movement.package_id,
                movement.entitlement_id,
                movement.credits,
                movement.source.value,
                movement.target.value,
            )
            for movement in change.movements
        ],
    }


def known(answer: Any) -> Any:  # noqa: ANN401 - any part of an answer
    """Leave out of what the other side tells the keys that the library does not have."""
    if isinstance(answer, dict):
        left_out = ONLY_THERE_OF_DRAWS if "package_name" in answer else ONLY_THERE
        return {name: known(part) for name, part in answer.items() if name not in left_out}
    if isinstance(answer, list):
        return [known(part) for part in answer]
    return answer
