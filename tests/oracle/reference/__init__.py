"""The second implementation of the clauses and decisions: plain, by brute force, on plain dicts.

It shares no code with the library and imports nothing of it; README.md tells how it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _acts
from ._decide import decide, notice, proposal
from ._facts import setting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._facts import Doc

__all__ = [
    "after",
    "cancel",
    "complete",
    "decide",
    "forgive",
    "no_show",
    "notice",
    "proposal",
    "reschedule",
    "setting",
]


def _told(answer: Doc) -> Doc:
    """Leave the redemption out of an act's answer."""
    return {name: value for name, value in answer.items() if name != "redemption"}


def after(act: str, redemption: Doc, **arguments: object) -> Doc:
    """Give the redemption as it is after an act that raises nothing."""
    whole: Doc = _acts.ACTS[act](redemption, **arguments)["redemption"]
    return whole


def cancel(  # noqa: PLR0917 - the parameters of the real act
    redemption: Doc,
    by: str,
    now: str,
    lines: Sequence[int] | None = None,
    packages: list[Doc] | None = None,
    note: str = "",
) -> Doc:
    """Tell what a cancellation does."""
    return _told(_acts.cancel(redemption, by, now, lines, packages, note))


def no_show(
    redemption: Doc, now: str, outcome: str | None = None, lines: Sequence[int] | None = None
) -> Doc:
    """Tell what recording a no-show does."""
    return _told(_acts.no_show(redemption, now, outcome, lines))


def complete(redemption: Doc, now: str, lines: Sequence[int] | None = None) -> Doc:
    """Tell what completing does."""
    return _told(_acts.complete(redemption, now, lines))


def forgive(redemption: Doc, now: str, note: str, lines: Sequence[int] | None = None) -> Doc:
    """Tell what forgiving does."""
    return _told(_acts.forgive(redemption, now, note, lines))


def reschedule(redemption: Doc, starts_at: str, by: str, now: str, packages: list[Doc]) -> Doc:
    """Tell what another start does."""
    return _told(_acts.reschedule(redemption, starts_at, by, now, packages))
