"""The acts that end lines, one function each, in the order of judging.

Broken input comes first, then lines that another act has closed, then the repeat, then an act
before the booking was made, then the refusals, then what the act does (D37).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _returns as returns
from . import _terms as terms
from . import _uses as uses
from ._answers import answer, refused
from ._codes import DEFAULT, NOTHING_LIFTED, found, in_force
from ._decide import check_not_before_booking, counted_at
from ._errors import CLOSED, INVALID, NamedError
from ._filled import filled_packages, filled_redemption, moment, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ._filled import Doc

    Test = Callable[[Doc], bool]

STATE_OF = {"return": "returned", "forfeit": "forfeited"}


def cancel(  # noqa: PLR0917 - the parameters of the real act
    redemption: Doc,
    by: str,
    now: str,
    lines: Sequence[int] | None = None,
    packages: Sequence[Doc] = (),
    note: str = "",
    rulebook: str = DEFAULT,
    lifted: frozenset[str] = NOTHING_LIFTED,
) -> Doc:
    """Cancel some lines or all of them (T22, T23, D09 to D13, D30, D33)."""
    redemption = filled_redemption(redemption)
    draws, again = _concerned(redemption, lines, [_is_reserved], _once_ended_by("cancel"))
    at = _instant(redemption, draws, now)
    late = [draw for draw in draws if by == "client" and terms.is_late(redemption, draw, at)]
    if by == "client" and any(terms.is_closed(redemption, draw, at) for draw in draws):
        reason = found(
            "act",
            {"changes_closed": True},
            {"changes_closed": terms.closed_facts(redemption, draws)},
        )
        windows = [terms.late_window(redemption, draw, at) for draw in late]
        return refused(redemption, reason, late=bool(late), windows=windows)
    never_free = bool(late) and all(terms.never_was_free(redemption, draw) for draw in late)
    findings = found(
        "act",
        {
            "late_cancellation": bool(late) and not never_free,
            "booked_inside_the_window": never_free,
        },
        {"late_cancellation": terms.late_facts(redemption, late)},
    )
    after = redemption
    for draw in draws:
        outcome = terms.outcome(redemption, draw, at) if draw in late else "return"
        after = _ended(after, draw, STATE_OF[outcome], "cancel", at, by, note, late=draw in late)
    return _settled(
        redemption,
        after,
        "cancel",
        draws,
        again,
        at,
        findings,
        packages,
        in_force(rulebook, lifted),
    )


def no_show(  # noqa: PLR0917 - the parameters of the real act
    redemption: Doc,
    now: str,
    outcome: str | None = None,
    lines: Sequence[int] | None = None,
    packages: Sequence[Doc] = (),
    note: str = "",
    rulebook: str = DEFAULT,
    lifted: frozenset[str] = NOTHING_LIFTED,
) -> Doc:
    """Record that the client did not come (D16); another outcome is another act (D37)."""
    redemption = filled_redemption(redemption)

    def was_recorded_so(draw: Doc) -> bool:
        """Judge whether a no-show with this outcome once ended the line."""
        recorded = _outcome_of_no_show(draw)
        return recorded is not None and outcome in {None, recorded}

    draws, again = _concerned(redemption, lines, [_is_reserved], was_recorded_so)
    at = _instant(redemption, draws, now)
    if draws and at < terms.start_of(redemption):
        return refused(redemption, found("act", {"appointment_not_started": True}))
    after = redemption
    for draw in draws:
        state = STATE_OF[outcome or terms.no_show_outcome(redemption, draw)]
        after = _ended(after, draw, state, "no_show", at, "business", note)
    return _settled(
        redemption, after, "no_show", draws, again, at, [], packages, in_force(rulebook, lifted)
    )


def complete(redemption: Doc, now: str, lines: Sequence[int] | None = None, note: str = "") -> Doc:
    """Record that the client came, also after a no-show that cost the credit (D16, D30, D38)."""
    redemption = filled_redemption(redemption)
    possible = [_is_reserved, _is_forfeited_by_no_show]
    draws, again = _concerned(redemption, lines, possible, _once_ended_by("complete"))
    at = _instant(redemption, draws, now)
    after = redemption
    for draw in draws:
        after = _ended(after, draw, "redeemed", "complete", at, "business", note)
    return _settled(redemption, after, "complete", draws, again, at, [], (), NOTHING_LIFTED)


def forgive(  # noqa: PLR0917 - the parameters of the real act
    redemption: Doc,
    now: str,
    note: str,
    lines: Sequence[int] | None = None,
    packages: Sequence[Doc] = (),
    rulebook: str = DEFAULT,
    lifted: frozenset[str] = NOTHING_LIFTED,
) -> Doc:
    """Give a forfeited or redeemed credit back, with a note that is kept (D16, D36)."""
    redemption = filled_redemption(redemption)
    chosen = redemption["draws"] if lines is None else _of_lines(redemption, lines)
    open_ = [draw for draw in chosen if _is_reserved(draw)]
    if not note.strip() or open_ == chosen or (lines is not None and open_):
        raise NamedError(INVALID)
    draws, again = _concerned(redemption, lines, [_is_spent], _once_ended_by("forgive"))
    at = _instant(redemption, draws, now)
    after = redemption
    for draw in draws:
        after = _ended(after, draw, "returned", "forgive", at, "business", note)
    return _settled(
        redemption, after, "forgive", draws, again, at, [], packages, in_force(rulebook, lifted)
    )


def _instant(redemption: Doc, draws: list[Doc], now: str) -> datetime:
    """Give the instant that counts: of an act that changes something not before booking (D74)."""
    at = moment(now)
    if not draws:
        return at
    check_not_before_booking(redemption, at)
    return counted_at(redemption, at)


def _of_lines(redemption: Doc, lines: Sequence[int]) -> list[Doc]:
    """Give the draws of the lines asked for, and refuse lines that can't be meant."""
    wanted = list(lines)
    drawn = [draw["line"] for draw in redemption["draws"]]
    if not wanted or len(set(wanted)) != len(wanted) or not set(wanted) <= set(drawn):
        raise NamedError(INVALID)
    return [draw for draw in redemption["draws"] if draw["line"] in wanted]


def _concerned(
    redemption: Doc, lines: Sequence[int] | None, possible: Sequence[Test], once: Test
) -> tuple[list[Doc], list[Doc]]:
    """Give the draws that an act ends, and those that it ended earlier (D30, D37)."""
    if lines is not None:
        chosen = _of_lines(redemption, lines)
        draws = [draw for draw in chosen if any(test(draw) for test in possible)]
        again = [draw for draw in chosen if draw not in draws and once(draw)]
        if len(draws) + len(again) < len(chosen):
            raise NamedError(CLOSED)
        return draws, again
    for test in possible:
        draws = [draw for draw in redemption["draws"] if test(draw)]
        if draws:
            return draws, []
    again = [draw for draw in redemption["draws"] if once(draw)]
    if not again:
        raise NamedError(CLOSED)
    return [], again


def _is_reserved(draw: Doc) -> bool:
    """Judge whether a line has not ended."""
    return bool(draw["state"] == "reserved")


def _is_spent(draw: Doc) -> bool:
    """Judge whether a line cost its credit."""
    return draw["state"] in {"forfeited", "redeemed"}


def _is_forfeited_by_no_show(draw: Doc) -> bool:
    """Judge whether a no-show cost a line its credit."""
    return bool(draw["state"] == "forfeited" and draw["endings"][-1]["act"] == "no_show")


def _once_ended_by(act: str) -> Test:
    """Give the question whether an act once ended a line, whatever came after (D37)."""
    return lambda draw: any(ending["act"] == act for ending in draw["endings"])


def _outcome_of_no_show(draw: Doc) -> str | None:
    """Say what a no-show did to a line's credit; what came after it needs a forfeited one."""
    acts = [ending["act"] for ending in draw["endings"]]
    if "no_show" not in acts:
        return None
    is_last = acts[-1] == "no_show"
    return "return" if is_last and draw["state"] == "returned" else "forfeit"


def _ended(  # noqa: PLR0917 - what an ending holds
    redemption: Doc,
    ended: Doc,
    state: str,
    act: str,
    at: datetime,
    by: str,
    note: str,
    *,
    late: bool = False,
) -> Doc:
    """Write the redemption with one draw ended so."""
    start = uses.line_start(redemption, ended)
    ending = {
        "act": act,
        "at": written(at),
        "by": by,
        "late": late,
        "note": note,
        "starts_at": None if start == redemption["starts_at"] else start,
        "window_us": terms.kept_window(redemption, ended, at) if late else None,
    }
    draws = [
        draw | {"state": state, "endings": [*draw["endings"], ending]}
        if draw["line"] == ended["line"]
        else draw
        for draw in redemption["draws"]
    ]
    return redemption | {"draws": draws}


def _settled(  # noqa: PLR0917 - all that an answer is made from
    before: Doc,
    after: Doc,
    act: str,
    draws: list[Doc],
    again: list[Doc],
    at: datetime,
    findings: list[Doc],
    packages: Sequence[Doc],
    codes: frozenset[str],
) -> Doc:
    """Tell an allowed act: how the credits of all the lines that it concerns stand now."""
    lines = [draw["line"] for draw in (*draws, *again)]
    concerned = [draw for draw in after["draws"] if draw["line"] in lines]
    usable, of_return = returns.usable_again(after, concerned, filled_packages(packages), at, codes)
    if act == "complete":
        usable = None
    ended = [draw["line"] for draw in draws or again]
    windows = [
        terms.recorded_window(before, draw, ending)
        for draw in concerned
        for ending in draw["endings"]
        if draw["line"] in ended and ending["act"] == act and ending["late"]
    ]
    return answer(
        before,
        after | {"version": before["version"] + 1} if draws else before,
        outcome=_standing(concerned),
        late=bool(windows),
        windows=windows,
        findings=[*findings, *of_return],
        credit_usable=usable,
    )


def _standing(draws: list[Doc]) -> str | None:
    """Say how credits stand: forfeited if one is, returned if all of them are, else neither."""
    states = {draw["state"] for draw in draws}
    if "forfeited" in states:
        return "forfeit"
    return "return" if states == {"returned"} else None
