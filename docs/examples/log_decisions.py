"""One structured line of log for each answer: what was decided and why, and no client."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime

from pkgredeem import Audience, Decision, Finding, Settlement
from pkgredeem.documents import decision_document, settlement_document

LOG = logging.getLogger("salon.packages")


def log_decision(decision: Decision, *, now: datetime) -> None:
    """Log what was decided: the codes with their clauses, the money, and the credits drawn."""
    told = decision_document(decision, Audience.STAFF)
    kept = ("booking_id", "eligible", "rulebook", "deposit", "card_capture", "draws", "recorded")
    line = {name: told[name] for name in kept}
    line |= {"at": now.isoformat(), "reasons": _codes(decision.reasons)}
    line |= {"notes": _codes(decision.notes)}
    LOG.info("%s", json.dumps({"event": "decision", **line}, sort_keys=True))


def log_settlement(settlement: Settlement, booking_id: str, *, now: datetime) -> None:
    """Log what an act did: whether it was allowed, what became of the credits, and why."""
    told = settlement_document(settlement, Audience.STAFF)
    kept = ("allowed", "outcome", "late", "movements", "credit_usable")
    line = {name: told[name] for name in kept}
    line |= {"booking_id": booking_id, "at": now.isoformat()}
    line |= {"findings": _codes(settlement.findings)}
    LOG.info("%s", json.dumps({"event": "settlement", **line}, sort_keys=True))


def _codes(findings: Iterable[Finding]) -> list[dict[str, object]]:
    return [
        {"code": each.code, "subject": each.subject, "clauses": each.clauses} for each in findings
    ]
