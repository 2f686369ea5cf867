"""What an act tells: the answer, and under "redemption" the redemption after it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from . import _terms as terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._filled import Doc

BUCKET = {
    "reserved": "reserved",
    "redeemed": "redeemed",
    "returned": "available",
    "forfeited": "forfeited",
}


def answer(
    before: Doc,
    after: Doc,
    *,
    outcome: str | None = None,
    late: bool = False,
    windows: Sequence[timedelta | None] = (),
    findings: list[Doc],
    credit_usable: bool | None = None,
    allowed: bool = True,
) -> Doc:
    """Write an answer: what is told, and the redemption after the act."""
    smallest = min((length for length in windows if length is not None), default=None)
    return {
        "allowed": allowed,
        "changes": after is not before,
        "outcome": outcome,
        "late": late,
        "window_us": None if smallest is None else smallest // timedelta(microseconds=1),
        "findings": findings,
        "credit_usable": credit_usable,
        "states": [draw["state"] for draw in after["draws"]],
        "endings": [draw["endings"] for draw in after["draws"]],
        "free_until": after["free_until"],
        "starts_at": after["starts_at"],
        "schedule": terms.schedule(after),
        "version": after["version"],
        "movements": _movements(before, after),
        "redemption": after,
    }


def refused(
    redemption: Doc,
    refusals: list[Doc],
    *,
    late: bool = False,
    windows: Sequence[timedelta | None] = (),
) -> Doc:
    """Tell an act that is not possible, with every refusal."""
    return answer(
        redemption, redemption, findings=refusals, late=late, windows=windows, allowed=False
    )


def _movements(before: Doc, after: Doc) -> list[tuple[str, str, int, str, str]]:
    """Count the credits that went from one bucket to another."""
    moved: Counter[tuple[str, str, str, str]] = Counter()
    for old, new in zip(before["draws"], after["draws"], strict=True):
        source, target = BUCKET[old["state"]], BUCKET[new["state"]]
        if source != target:
            moved[old["package_id"], old["entitlement_id"], source, target] += old["credits"]
    return [
        (package, entitlement, credits_, source, target)
        for (package, entitlement, source, target), credits_ in sorted(moved.items())
    ]
