"""The second implementation of the clauses and decisions: plain, by brute force, on plain dicts.

It shares no code with the library and imports nothing of it; README.md tells how it was written.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from . import _acts, _decide, _move, _quote
from ._decide import notice, proposal
from ._errors import NamedError
from ._facts import setting
from ._filled import filled_redemption
from ._move import exchange
from ._terms import schedule as _schedule
from ._uses import uses_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._filled import Doc

__all__ = [
    "after",
    "cancel",
    "complete",
    "decide",
    "exchange",
    "forgive",
    "no_show",
    "notice",
    "proposal",
    "quote",
    "reschedule",
    "schedule",
    "setting",
    "uses_of",
]

Asked = ParamSpec("Asked")

_ACTS: dict[str, Callable[..., Doc]] = {
    "cancel": _acts.cancel,
    "no_show": _acts.no_show,
    "complete": _acts.complete,
    "forgive": _acts.forgive,
    "reschedule": _move.reschedule,
}
_WHOLE_REDEMPTIONS = ("redemption", "proposal")


def _public(question: Callable[Asked, Doc]) -> Callable[Asked, Doc]:
    """Let a question leave out whole redemptions, and tell an error by its name."""

    @wraps(question)
    def answer(*arguments: Asked.args, **named: Asked.kwargs) -> Doc:
        """Ask, and give the answer or the name of the error."""
        try:
            whole = question(*arguments, **named)
        except NamedError as error:
            return {"error": str(error)}
        return {name: value for name, value in whole.items() if name not in _WHOLE_REDEMPTIONS}

    return answer


decide = _public(_decide.decide)
quote = _public(_quote.quote)
cancel = _public(_acts.cancel)
no_show = _public(_acts.no_show)
complete = _public(_acts.complete)
forgive = _public(_acts.forgive)
reschedule = _public(_move.reschedule)


def after(act: str, redemption: Doc, **arguments: object) -> Doc:
    """Give the redemption as it is after an act that raises nothing."""
    whole: Doc = _ACTS[act](redemption, **arguments)["redemption"]
    return whole


def schedule(redemption: Doc, lines: list[int] | None = None) -> list[tuple[str | None, str, bool]]:
    """Give the steps of a client's cancellation of a redemption, or of some of its lines."""
    return _schedule(filled_redemption(redemption), lines)
