"""Values as plain dicts: the language in which the second implementation is asked."""

from datetime import datetime, timedelta
from typing import Any

from pkgredeem import (
    AccountSettings,
    Booking,
    CancellationTerms,
    Case,
    Decision,
    Finding,
    Package,
    Redemption,
    Settlement,
)

Doc = dict[str, Any]


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
        "entitlements": [
            {"id": held.id, "services": sorted(held.services), "remaining": held.remaining}
            for held in package.entitlements
        ],
    }


def redemption_doc(redemption: Redemption) -> Doc:
    """Write a redemption."""
    return {
        "booking": booking_doc(redemption.booking),
        "client_id": redemption.client_id,
        "starts_at": instant(redemption.starts_at),
        "draws": [
            {
                "line": draw.line,
                "package_id": draw.package_id,
                "entitlement_id": draw.entitlement_id,
                "service_id": draw.service_id,
                "state": draw.state.value,
                "ending": None
                if draw.ending is None
                else {
                    "act": draw.ending.act.value,
                    "at": instant(draw.ending.at),
                    "by": draw.ending.by.value,
                    "late": draw.ending.late,
                    "note": draw.ending.note,
                },
            }
            for draw in redemption.draws
        ],
        "terms": terms_doc(redemption.terms),
        "free_until": instant(redemption.free_until),
        "deposit": redemption.deposit.value,
        "card_capture": redemption.card_capture.value,
        "rulebook": redemption.rulebook,
        "booked_at": instant(redemption.booked_at),
        "time_zone": None if redemption.time_zone is None else redemption.time_zone.key,
        "version": redemption.version,
        "reschedules": [
            {"at": instant(each.at), "by": each.by.value} for each in redemption.reschedules
        ],
    }


def case_doc(case: Case) -> Doc:
    """Write a whole case."""
    return {
        "now": instant(case.now),
        "account": account_doc(case.account),
        "client": {
            "id": case.client.id,
            "logged_in": case.client.logged_in,
            "has_saved_card": case.client.has_saved_card,
        },
        "packages": [package_doc(each) for each in case.packages],
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
        "facts": {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in finding.facts
        },
    }


def decision_doc(decision: Decision) -> Doc:
    """Write a decision as the second implementation tells it."""
    redemption = decision.redemption
    return {
        "eligible": decision.eligible,
        "reasons": [finding_doc(each) for each in decision.reasons],
        "notes": [finding_doc(each) for each in decision.notes],
        "findings": [(each.code, each.subject) for each in decision.findings],
        "deposit": decision.deposit.value,
        "card_capture": decision.card_capture.value,
        "draws": []
        if redemption is None
        else [
            (draw.line, draw.package_id, draw.entitlement_id, draw.service_id)
            for draw in redemption.draws
        ],
        "uncovered": list(decision.uncovered),
        "free_until": None if redemption is None else instant(redemption.free_until),
        "schedule": []
        if redemption is None
        else [(instant(until), outcome.value) for until, outcome in redemption.schedule],
        "refund_on_cancel": decision.refund_on_cancel,
        "prompt": decision.prompt,
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
        "findings": [(each.code, each.subject) for each in settlement.findings],
        "credit_usable": settlement.credit_usable,
        "states": [draw.state.value for draw in after.draws],
        "free_until": instant(after.free_until),
        "starts_at": instant(after.starts_at),
        "version": after.version,
        "movements": []
        if change is None
        else [
            (
                each.package_id,
                each.entitlement_id,
                each.credits,
                each.source.value,
                each.target.value,
            )
            for each in change.movements
        ],
    }
