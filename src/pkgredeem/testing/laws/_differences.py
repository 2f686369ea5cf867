"""Two decisions side by side: where they differ, in words."""

from collections.abc import Iterable

from pkgredeem import Decision, Finding


def outcome(decision: Decision) -> dict[str, object]:
    """Return what a decision says of its case, part by part; two that say the same are equal here.

    The words of findings for staff, the name of the rulebook and the zone are no part of it.
    """
    redemption = decision.redemption
    free_until = None if redemption is None else redemption.free_until
    return {
        "eligible": decision.eligible,
        "reasons": _words(decision.reasons),
        "notes": _words(decision.notes),
        "draws": drawn(decision),
        "uncovered": decision.uncovered,
        "deposit": decision.deposit.value,
        "card capture": decision.card_capture.value,
        "prompt": decision.prompt,
        "refund on cancel": decision.refund_on_cancel,
        "client text": decision.client_text,
        "schedule": [
            f"{until}: {credit}{', late' if late else ''}"
            for until, credit, late in (() if redemption is None else redemption.schedule)
        ],
        "free until": None if free_until is None else str(free_until),
    }


def difference(before: Decision, after: Decision) -> str | None:
    """Return in words where two decisions differ; None when they say the same."""
    old, new = outcome(before), outcome(after)
    found = [f"{name} {old[name]} became {new[name]}" for name in old if old[name] != new[name]]
    return ", ".join(found) or None


def _words(findings: Iterable[Finding]) -> list[str]:
    return [
        f"{finding.code}({', '.join(part for part in (finding.subject, *facts) if part)})"
        for finding in findings
        for facts in ([f"{name}={value}" for name, value in finding.facts],)
    ]


def drawn(decision: Decision) -> list[tuple[int, str, str]]:
    """Return for each line that is paid with a credit: line, package and entitlement."""
    if decision.redemption is None:
        return []
    return [(draw.line, draw.package_id, draw.entitlement_id) for draw in decision.redemption.draws]


def codes(decision: Decision) -> list[str]:
    """Return the codes of the reasons."""
    return [reason.code for reason in decision.reasons]
