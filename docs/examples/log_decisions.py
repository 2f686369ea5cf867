"""One structured line of log for each answer: enough to retrace it, and no name of a person."""

import json
import logging
from datetime import datetime

from pkgredeem import Audience, Decision, Settlement
from pkgredeem.documents import decision_document, settlement_document

LOG = logging.getLogger("salon.packages")


def log_decision(decision: Decision, *, now: datetime) -> None:
    """Log what was decided: the codes and clauses, the money, and which credits are drawn."""
    told = decision_document(decision, Audience.STAFF)
    kept = ("booking_id", "eligible", "rulebook", "deposit", "card_capture", "draws", "recorded")
    line = {name: told[name] for name in kept}
    line["at"] = now.isoformat()
    for name in ("reasons", "notes"):
        line[name] = [[each.code, each.subject] for each in getattr(decision, name)]
    LOG.info("%s", json.dumps({"event": "decision", **line}, sort_keys=True))


def log_settlement(settlement: Settlement, booking_id: str, *, now: datetime) -> None:
    """Log what an act did: whether it was allowed, what became of the credits, and why."""
    told = settlement_document(settlement, Audience.STAFF)
    kept = ("allowed", "outcome", "late", "movements", "credit_usable")
    line = {name: told[name] for name in kept}
    codes = [each.code for each in settlement.findings]
    line |= {"booking_id": booking_id, "at": now.isoformat(), "findings": codes}
    LOG.info("%s", json.dumps({"event": "settlement", **line}, sort_keys=True))
