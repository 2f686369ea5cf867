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
    Period,
    Quota,
    Redemption,
    Restrictions,
    Settlement,
    Use,
)

Doc = dict[str, Any]

#: What only the second implementation tells: of a decision, and of plans that come later here.
ONLY_THERE = {"usable", "active"}


def instant(at: datetime | None) -> str | None:
    """Write an instant, or None."""
    return None if at is None else at.isoformat()


def microseconds(elapsed: timedelta | None) -> int | None:
    """Write elapsed time, or None."""
    return None if elapsed is None else elapsed // timedelta(microseconds=1)


def terms_doc(terms: CancellationTerms | None) -> Doc | None:
    """Write cancellation terms, or None."""
    if terms is None:
        return None
    return {
        "window_us": microseconds(terms.window),
        "late": terms.late.value,
        "no_show": None if terms.no_show is None else terms.no_show.value,
        "tiers": [[microseconds(window), outcome.value] for window, outcome in terms.tiers],
        "changes_close_us": microseconds(terms.changes_close),
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
        "week_starts": account.week_starts,
    }


def client_doc(client: Client) -> Doc:
    """Write a client."""
    return {
        "id": client.id,
        "logged_in": client.logged_in,
        "has_saved_card": client.has_saved_card,
        "traits": dict(client.traits),
    }


def booking_doc(booking: Booking) -> Doc:
    """Write a booking."""
    return {
        "id": booking.id,
        "starts_at": instant(booking.starts_at),
        "traits": dict(booking.traits),
        "lines": [
            {
                "service": {
                    "id": line.service.id,
                    "name": line.service.name,
                    "deposit_required": line.service.deposit_required,
                    "costs": dict(line.service.costs),
                },
                "picked_from": line.picked_from.value,
                "payable": line.payable,
                "traits": dict(line.traits),
            }
            for line in booking.lines
        ],
    }


def restrictions_doc(restrictions: Restrictions | None) -> Doc | None:
    """Write restrictions, or None."""
    if restrictions is None:
        return None
    return {
        "traits": {name: list(allowed) for name, allowed in restrictions.traits},
        "hours": [
            {
                "days": list(hours.days),
                "opens": hours.opens.isoformat(),
                "closes": None if hours.closes is None else hours.closes.isoformat(),
            }
            for hours in restrictions.hours
        ],
        "not_on": [day.isoformat() for day in restrictions.not_on],
        "min_notice_us": microseconds(restrictions.min_notice),
        "max_notice_us": microseconds(restrictions.max_notice),
    }


def quota_doc(quota: Quota) -> Doc:
    """Write a quota."""
    per = quota.per.value if isinstance(quota.per, Period) else f"{quota.per.count} days"
    return {"most": quota.most, "per": per, "name": quota.name}


def use_doc(use: Use) -> Doc:
    """Write a use."""
    return {
        "booking_id": use.booking_id,
        "line": use.line,
        "entitlement_id": use.entitlement_id,
        "service_id": use.service_id,
        "client_id": use.client_id,
        "starts_at": instant(use.starts_at),
        "state": use.state.value,
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
        "shared_with": list(package.shared_with),
        "book_until": instant(package.book_until),
        "pauses": [
            {"starts_at": instant(pause.starts_at), "ends_at": instant(pause.ends_at)}
            for pause in package.pauses
        ],
        "restrictions": restrictions_doc(package.restrictions),
        "cancellation": terms_doc(package.cancellation),
        "traits": dict(package.traits),
        "lasts": None
        if package.lasts is None
        else {
            name: number
            for name, number in (("days", package.lasts.days), ("months", package.lasts.months))
            if number
        },
        "quotas": [quota_doc(quota) for quota in package.quotas],
        "uses": [use_doc(use) for use in package.uses],
        "version": package.version,
        "entitlements": [
            {
                "id": entitlement.id,
                "services": sorted(entitlement.services),
                "remaining": entitlement.remaining
                if isinstance(entitlement.remaining, int)
                else entitlement.remaining.value,
                "valid_from": instant(entitlement.valid_from),
                "valid_until": instant(entitlement.valid_until),
                "restrictions": restrictions_doc(entitlement.restrictions),
                "unit": entitlement.unit,
                "quotas": [quota_doc(quota) for quota in entitlement.quotas],
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
        "window_us": microseconds(ending.window),
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
        "credits": draw.credits,
        "terms": terms_doc(draw.terms),
        "free_until": instant(draw.free_until),
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
        "only": None if case.only is None else sorted(case.only),
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
            if name != "quota"  # the words of the others
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
        "window_us": microseconds(settlement.window),
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
    """Write what the other side tells as the library would: its facts in words, and no other keys.

    A fact is a text, a number or an instant; the other side has lists and None among them.
    """
    if isinstance(answer, dict):
        return {
            name: _in_words(part) if name == "facts" else known(part)
            for name, part in answer.items()
            if name not in ONLY_THERE
        }
    if isinstance(answer, list):
        return [known(part) for part in answer]
    return answer


def _in_words(facts: Doc) -> Doc:
    words = {"found": "nothing", "paused_until": "further notice"}
    told = {name: words[name] if fact is None else fact for name, fact in facts.items()}
    return {
        name: ", ".join(fact) if isinstance(fact, list) else fact
        for name, fact in told.items()
        if (name, fact) != ("unit", "credit") or "wanted" not in facts
    }
