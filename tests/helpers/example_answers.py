"""How answers to the example cases are written down: a yes with its credits, or a no."""

from dataclasses import dataclass
from datetime import datetime

from pkgredeem import CardCaptureOutcome, DepositOutcome

# How the README names the rules that are asked: by the options of the command line.
DEFAULT = ""
APRIL = "--rulebook timely-2026-04"
DESK = "--rulebook in-store"
ONLINE_TOO = "--rulebook online"
MIXED_ALLOWED = "--without mixed_booking"
SEVERAL_ALLOWED = "--without several_active_packages"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is compared of a decision."""

    eligible: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    deposit: DepositOutcome
    card_capture: CardCaptureOutcome
    draws: tuple[tuple[int, str, str], ...]
    free_until: datetime | None


def eligible(
    *draws: tuple[int, str, str],
    free_until: str | None = None,
    notes: tuple[str, ...] = (),
    deposit: DepositOutcome = DepositOutcome.NOT_REQUIRED,
    card_capture: CardCaptureOutcome = CardCaptureOutcome.NOT_REQUIRED,
) -> Answer:
    """Return a yes with the credits that it draws, each as line, package and entitlement."""
    return Answer(
        eligible=True,
        reasons=(),
        notes=notes,
        deposit=deposit,
        card_capture=card_capture,
        draws=draws,
        free_until=None if free_until is None else datetime.fromisoformat(free_until),
    )


def refused(
    *reasons: str,
    notes: tuple[str, ...] = (),
    deposit: DepositOutcome = DepositOutcome.NOT_REQUIRED,
    card_capture: CardCaptureOutcome = CardCaptureOutcome.NOT_REQUIRED,
) -> Answer:
    """Return a no with all its reasons in order."""
    return Answer(
        eligible=False,
        reasons=reasons,
        notes=notes,
        deposit=deposit,
        card_capture=card_capture,
        draws=(),
        free_until=None,
    )
