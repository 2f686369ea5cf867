"""Answers out: decisions and settlements as documents, everything for staff, little for clients.

What a client gets is listed key by key, so that nothing new reaches a client by accident (D24).
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import (
    Audience,
    Decision,
    Finding,
    Movement,
    Redemption,
    Settlement,
)
from pkgredeem._model.draws import write_credit
from pkgredeem._model.record import write_zone

#: The formats of the answers.
DECISION_FORMAT: Final = "pkgredeem-decision/1"
SETTLEMENT_FORMAT: Final = "pkgredeem-settlement/1"


def decision_document(decision: Decision, audience: Audience) -> dict[str, object]:
    """Return a decision as a document, JSON-ready; instants are in UTC.

    Args:
        decision: the decision.
        audience: the CLIENT gets `format`, `booking_id`, `eligible`, `prompt`, `deposit`,
            `card_capture`, `text` and `schedule`, nothing else (D24). STAFF get these, and
            `reasons` and `notes` with their clauses, facts, message and advice, `draws`,
            `uncovered`, `free_until`, `refund_on_cancel`, `decided_at`, `recorded`, `again`,
            `rulebook` and `time_zone`.

    Raises:
        InvalidValueError: *audience* is no `Audience`.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import AccountSettings, Booking, Client, RedemptionPolicy, Service
        >>> decision = RedemptionPolicy().decide(
        ...     account=AccountSettings(),
        ...     client=Client.guest(),
        ...     packages=[],
        ...     booking=Booking.of(
        ...         Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ...     ),
        ...     now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> decision_document(decision, Audience.CLIENT)["booking_id"]
        'b1'
        >>> decision_document(decision, Audience.STAFF)["reasons"][-1]["code"]
        'no_package'
    """
    redemption = decision.redemption
    for_client: dict[str, object] = {
        "format": DECISION_FORMAT,
        "booking_id": decision.booking.id,
        "eligible": decision.eligible,
        "prompt": decision.prompt,
        "deposit": decision.deposit.value,
        "card_capture": decision.card_capture.value,
        "text": decision.explain(audience),
        "schedule": _schedule(redemption),
    }
    if audience is Audience.CLIENT:
        return for_client
    zone = decision.time_zone
    free_until = None if redemption is None else redemption.free_until
    draws = () if redemption is None else redemption.draws
    return {
        **for_client,
        "reasons": [_finding(reason, zone) for reason in decision.reasons],
        "notes": [_finding(note, zone) for note in decision.notes],
        "draws": [write_credit(draw) for draw in draws],
        "uncovered": list(decision.uncovered),
        "free_until": None if free_until is None else free_until.isoformat(),
        "refund_on_cancel": decision.refund_on_cancel,
        "decided_at": decision.decided_at.isoformat(),
        "recorded": decision.recorded,
        "again": decision.again,
        "rulebook": decision.rulebook,
        "time_zone": write_zone(zone),
    }


def settlement_document(settlement: Settlement, audience: Audience) -> dict[str, object]:
    """Return a settlement as a document, JSON-ready; instants are in UTC.

    Args:
        settlement: the settlement.
        audience: the CLIENT gets `format`, `allowed`, `outcome`, `returned`, `late` and `text`,
            nothing else (D24). STAFF get these, `booking_id` (null when nothing changes),
            `movements`, `findings`, `credit_usable` and `time_zone`.

    Raises:
        InvalidValueError: *audience* is no `Audience`.

    Example:
        >>> from pkgredeem import CreditOutcome
        >>> done_before = Settlement(
        ...     allowed=True,
        ...     change=None,
        ...     outcome=CreditOutcome.RETURN,
        ...     late=False,
        ...     findings=(),
        ...     credit_usable=None,
        ...     time_zone=None,
        ... )
        >>> settlement_document(done_before, Audience.CLIENT)["returned"]
        True
    """
    for_client: dict[str, object] = {
        "format": SETTLEMENT_FORMAT,
        "allowed": settlement.allowed,
        "outcome": None if settlement.outcome is None else settlement.outcome.value,
        "returned": settlement.returned,
        "late": settlement.late,
        "text": settlement.explain(audience),
    }
    if audience is Audience.CLIENT:
        return for_client
    change, zone = settlement.change, settlement.time_zone
    return {
        **for_client,
        "booking_id": None if change is None else change.after.booking.id,
        "movements": []
        if change is None
        else [_movement(movement) for movement in change.movements],
        "findings": [_finding(finding, zone) for finding in settlement.findings],
        "credit_usable": settlement.credit_usable,
        "time_zone": write_zone(zone),
    }


def _schedule(redemption: Redemption | None) -> list[dict[str, object]]:
    if redemption is None:
        return []
    return [
        {"until": until.isoformat(), "outcome": outcome.value}
        for until, outcome in redemption.schedule
    ]


def _finding(finding: Finding, zone: ZoneInfo | None) -> dict[str, object]:
    return {
        "code": finding.code,
        "scope": finding.scope.value,
        "clauses": list(finding.clauses),
        "subject": finding.subject,
        "facts": {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in finding.facts
        },
        "message": finding.text(zone),
        "advice": finding.advice_text(zone),
    }


def _movement(movement: Movement) -> dict[str, object]:
    return {
        "package_id": movement.package_id,
        "entitlement_id": movement.entitlement_id,
        "credits": movement.credits,
        "source": movement.source.value,
        "target": movement.target.value,
        "act": movement.act.value,
        "at": movement.at.isoformat(),
        "by": movement.by.value,
        "note": movement.note,
    }
