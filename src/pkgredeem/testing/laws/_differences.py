"""Two decisions side by side: where they differ, in words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pkgredeem import Decision, Finding


def outcome(decision: Decision) -> tuple[object, ...]:
    """Return what a decision says of its case; two that say the same are equal here.

    The words of findings for staff and the name of the rulebook are no part of it.
    """
    redemption = decision.redemption
    return (
        decision.eligible,
        [(reason.code, reason.subject, reason.facts) for reason in decision.reasons],
        [(note.code, note.subject, note.facts) for note in decision.notes],
        drawn(decision),
        decision.uncovered,
        decision.deposit,
        decision.card_capture,
        decision.prompt,
        decision.refund_on_cancel,
        () if redemption is None else redemption.schedule,
        decision.client_text,
    )


def difference(before: Decision, after: Decision, back: timedelta = timedelta(0)) -> str | None:
    """Return in words where two decisions differ, the second with its instants taken back.

    The zone in which times are written is no part of the answer. None when they do not differ.
    """
    parts = zip(_parts(before, timedelta(0)), _parts(after, back), strict=True)
    found = [f"{name} {one} became {other}" for (name, one), (_, other) in parts if one != other]
    return ", ".join(found) or None


def _parts(decision: Decision, back: timedelta) -> Iterator[tuple[str, object]]:
    redemption = decision.redemption
    yield "eligible", decision.eligible
    yield "reasons", [_finding(reason, back) for reason in decision.reasons]
    yield "notes", [_finding(note, back) for note in decision.notes]
    yield "draws", drawn(decision)
    yield "uncovered", decision.uncovered
    yield "deposit", decision.deposit.value
    yield "card capture", decision.card_capture.value
    yield "prompt", decision.prompt
    yield "refund on cancel", decision.refund_on_cancel
    yield "client text", decision.client_text
    schedule = () if redemption is None else redemption.schedule
    yield "schedule", [f"{until - back}: {what}" for until, what in schedule]
    free_until = None if redemption is None else redemption.free_until
    yield "free until", None if free_until is None else str(free_until - back)


def _finding(finding: Finding, back: timedelta) -> str:
    facts = ", ".join(
        f"{name}={value - back if isinstance(value, datetime) else value}"
        for name, value in finding.facts
    )
    return f"{finding.code}({', '.join(part for part in (finding.subject, facts) if part)})"


def drawn(decision: Decision) -> list[tuple[int, str, str]]:
    """Return for each line that is paid with a credit: line, package and entitlement."""
    if decision.redemption is None:
        return []
    return [(draw.line, draw.package_id, draw.entitlement_id) for draw in decision.redemption.draws]


def codes(decision: Decision) -> list[str]:
    """Return the codes of the reasons."""
    return [reason.code for reason in decision.reasons]
