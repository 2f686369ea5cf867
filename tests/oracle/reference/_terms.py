"""Cancellation terms: free until when, closed from when, what a late cancellation does, the steps.

Every question is asked of one line, by the terms that its draw carries (D11, D60).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ._codes import found
from ._filled import instant, moment, reserved, written

if TYPE_CHECKING:
    from ._filled import Doc

Step = tuple[str | None, str, bool]


def start_of(redemption: Doc) -> datetime:
    """Give the start of the appointment as it is now."""
    return moment(redemption["starts_at"])


def window(terms: Doc) -> timedelta:
    """Read the cancellation window of terms, the longest of them."""
    return timedelta(microseconds=terms["window_us"])


def outcomes(terms: Doc) -> dict[timedelta, str]:
    """List what is said of each window: the terms' own and the tiers'."""
    said = {window(terms): terms["late"]}
    for length_us, tier_outcome in terms["tiers"]:
        said[timedelta(microseconds=length_us)] = tier_outcome
    return said


def own_terms(package: Doc, account_terms: Doc | None, start: datetime) -> Doc:
    """Give the terms that a draw keeps, where its package's are not the account's (D60)."""
    terms = package["cancellation"]
    if terms is None or terms == account_terms:
        return {"terms": None, "free_until": None}
    return {"terms": terms, "free_until": written(start - window(terms))}


def terms_of(redemption: Doc, draw: Doc) -> Doc | None:
    """Give the terms of a line: its draw's own, else the redemption's."""
    terms: Doc | None = draw["terms"] if draw["terms"] is not None else redemption["terms"]
    return terms


def free_until_of(redemption: Doc, draw: Doc) -> datetime | None:
    """Give the instant up to which a line is cancelled in time; None without terms."""
    return instant((draw if draw["terms"] is not None else redemption)["free_until"])


def open_until(redemption: Doc, draw: Doc) -> datetime:
    """Give the instant up to which a client may change a line (D09, D67)."""
    start, terms = start_of(redemption), terms_of(redemption, draw)
    free_until = free_until_of(redemption, draw)
    if terms is None or free_until is None:
        return start
    end = start - timedelta(microseconds=terms["changes_close_us"])
    was_extended = free_until > start - window(terms)
    return max(end, free_until) if was_extended else end


def is_closed(redemption: Doc, draw: Doc, at: datetime) -> bool:
    """Judge whether a client can no longer change a line; at the start never (D09, D67)."""
    return at >= start_of(redemption) or at > open_until(redemption, draw)


def is_late(redemption: Doc, draw: Doc, at: datetime) -> bool:
    """Judge whether a client's change of a line comes after its free-until instant (D09)."""
    free_until = free_until_of(redemption, draw)
    return free_until is not None and at > free_until


def late_window(redemption: Doc, draw: Doc, at: datetime) -> timedelta | None:
    """Give the smallest window that is longer than the time left, of a late line only (D61)."""
    terms = terms_of(redemption, draw)
    if terms is None or not is_late(redemption, draw, at):
        return None
    left = start_of(redemption) - at
    return min(length for length in outcomes(terms) if length > left)


def kept_window(redemption: Doc, draw: Doc, at: datetime) -> int | None:
    """Give the window that an ending keeps, in microseconds: that of terms with tiers only."""
    terms, length = terms_of(redemption, draw), late_window(redemption, draw, at)
    if terms is None or length is None or not terms["tiers"]:
        return None
    return length // timedelta(microseconds=1)


def recorded_window(redemption: Doc, draw: Doc, ending: Doc) -> timedelta | None:
    """Give the window that a late line fell inside, by its ending or else by its terms."""
    terms = terms_of(redemption, draw)
    if ending["window_us"] is not None:
        return timedelta(microseconds=ending["window_us"])
    return None if terms is None else window(terms)


def outcome(redemption: Doc, draw: Doc, at: datetime) -> str:
    """Say what a client's cancellation of a line at that instant does to its credit (D10, D61)."""
    terms, length = terms_of(redemption, draw), late_window(redemption, draw, at)
    return "return" if terms is None or length is None else outcomes(terms)[length]


def no_show_outcome(redemption: Doc, draw: Doc) -> str:
    """Say what a no-show does to a line's credit where staff don't say (D16)."""
    terms = terms_of(redemption, draw)
    if terms is None:
        return "return"
    nearest_to_the_start: str = outcomes(terms)[min(outcomes(terms))]
    return terms["no_show"] or nearest_to_the_start


def never_was_free(redemption: Doc, draw: Doc) -> bool:
    """Judge whether a line was late from the moment of booking, as first booked (D33, D61)."""
    terms = terms_of(redemption, draw)
    return (
        terms is not None
        and not redemption["reschedules"]
        and moment(redemption["booked_at"]) > start_of(redemption) - window(terms)
    )


def change_refusals(redemption: Doc, at: datetime) -> list[Doc]:
    """Tell why a client can no longer move or exchange a booking; no rulebook lifts it (D71)."""
    draws = reserved(redemption)
    return found(
        "act",
        {
            "changes_closed": any(is_closed(redemption, draw, at) for draw in draws),
            "late_change": any(is_late(redemption, draw, at) for draw in draws),
        },
        {
            "changes_closed": closed_facts(redemption, draws),
            "late_change": late_facts(redemption, draws),
        },
    )


def late_facts(redemption: Doc, draws: list[Doc]) -> Doc:
    """Give the facts of what is late: the earliest free-until of all the lines."""
    free = [free_until_of(redemption, draw) for draw in draws]
    return {"free_until": written(min((one for one in free if one), default=None))}


def closed_facts(redemption: Doc, draws: list[Doc]) -> Doc:
    """Give the facts of `changes_closed`: the earliest end of all the lines."""
    ends = [open_until(redemption, draw) for draw in draws]
    return {"open_until": written(min(ends, default=None))}


def schedule(redemption: Doc, lines: list[int] | None = None) -> list[Step]:
    """Say what a client's cancellation of the reserved lines does and until when (D33).

    A step ends where the answer may change; it includes its end unless that is the start.
    """
    draws = [draw for draw in reserved(redemption) if lines is None or draw["line"] in lines]
    if not draws:
        return []
    start, booked_at = start_of(redemption), moment(redemption["booked_at"])
    end = min(open_until(redemption, draw) for draw in draws)
    boundaries = {bound for draw in draws for bound in _boundaries(redemption, draw)}
    ends = sorted({bound for bound in boundaries if bound < end} | {end})
    return [
        (
            written(until),
            "forfeit"
            if any(outcome(redemption, draw, until) == "forfeit" for draw in draws)
            else "return",
            any(is_late(redemption, draw, until) for draw in draws),
        )
        for until in ends
        if until > booked_at or (until == booked_at and until != start)
    ]


def _boundaries(redemption: Doc, draw: Doc) -> list[datetime]:
    """List the instants after which another window of a line decides."""
    terms, free_until = terms_of(redemption, draw), free_until_of(redemption, draw)
    if terms is None or free_until is None:
        return []
    starts = [start_of(redemption) - length for length in outcomes(terms)]
    return [free_until, *(bound for bound in starts if bound > free_until)]
