"""Which lines of a redemption an act concerns, and which of them it still ends (D30, D37)."""

from collections.abc import Iterable

from pkgredeem._model import checks as check
from pkgredeem._model.draws import STEPS, Draw
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import Act, CreditOutcome, DrawState
from pkgredeem.exceptions import ClosedRedemptionError, InvalidValueError

_POSSIBLE = frozenset((step.act, step.source, step.after) for step in STEPS)
_OUTCOME_IN = {
    DrawState.RETURNED: CreditOutcome.RETURN,
    DrawState.FORFEITED: CreditOutcome.FORFEIT,
}


def concerned_lines(
    redemption: Redemption,
    act: Act,
    lines: Iterable[int] | None,
    outcome: CreditOutcome | None = None,
) -> tuple[tuple[Draw, ...], tuple[Draw, ...]]:
    """Return the draws that the act concerns, and those of them that it still ends.

    Where it ends none of them, it is a repeat.

    Args:
        redemption: the redemption as it is stored.
        act: the act.
        lines: indexes of booking lines; None is those that the act can still end, or, where there
            are none, those that it once ended (D30).
        outcome: what staff say becomes of the credit; another outcome than the recorded one is
            another act.

    Raises:
        InvalidValueError: the lines are empty, out of range, named twice or without a credit, or a
            reserved line was to be forgiven.
        ClosedRedemptionError: another act has ended a line.
    """
    if lines is None:
        chosen = _lines_to_end(redemption, act)
        if chosen:
            return chosen, chosen
        chosen = _lines_of_repeat(redemption, act, outcome)
        if not chosen:
            _refuse_all(redemption, act)
    else:
        chosen = _named_lines(redemption, lines)
        if act is Act.FORGIVE:
            _check_none_reserved(chosen)
    pending = tuple(draw for draw in chosen if not draw.was_ended_by(act))
    for draw in chosen:
        if draw in pending:
            _check_open(draw, act)
        elif outcome is not None and _no_show_outcome(draw) is not outcome:
            raise ClosedRedemptionError(
                f"line {draw.line} was recorded with another outcome: "
                f"a {act} with the outcome {outcome} comes too late"
            )
    return chosen, pending


def _lines_to_end(redemption: Redemption, act: Act) -> tuple[Draw, ...]:
    """Return the draws that the act can still end; completing asks the reserved ones first."""
    reserved = redemption.reserved_draws
    if reserved and act is not Act.FORGIVE:
        return reserved
    return tuple(draw for draw in redemption.draws if _can_end(draw, act))


def _lines_of_repeat(
    redemption: Redemption, act: Act, outcome: CreditOutcome | None
) -> tuple[Draw, ...]:
    """Return the draws that the act once ended, if any with that outcome then those alone.

    So the same act, sent twice, is the same act, whatever was said of other lines before.
    """
    ended = tuple(draw for draw in redemption.draws if draw.was_ended_by(act))
    alike = tuple(draw for draw in ended if outcome in {None, _no_show_outcome(draw)})
    return alike or ended


def _can_end(draw: Draw, act: Act) -> bool:
    last = None if draw.ending is None else draw.ending.act
    return (act, draw.state, None) in _POSSIBLE or (act, draw.state, last) in _POSSIBLE


def _check_open(draw: Draw, act: Act) -> None:
    if not _can_end(draw, act):
        ended_by = draw.endings[-1].act  # a reserved line can be ended: what forgives was refused
        raise ClosedRedemptionError(
            f"line {draw.line} is {draw.state} by {ended_by} already: {act} comes too late"
        )


def _refuse_all(redemption: Redemption, act: Act) -> None:
    if act is Act.FORGIVE and all(draw.is_reserved for draw in redemption.draws):
        _check_none_reserved(redemption.draws)
    raise ClosedRedemptionError(
        f"booking {redemption.booking.id!r} has ended already: {act} comes too late"
    )


def _named_lines(redemption: Redemption, lines: Iterable[int]) -> tuple[Draw, ...]:
    by_line = {draw.line: draw for draw in redemption.draws}
    named = check.items("lines", lines, int, least=1)
    for line in named:
        if isinstance(line, bool) or line not in by_line:
            allowed = ", ".join(map(str, by_line))
            raise InvalidValueError("lines", line, f"lines that a credit pays for ({allowed})")
    if len(set(named)) != len(named):
        raise InvalidValueError("lines", named, "listed only once")
    return tuple(draw for draw in redemption.draws if draw.line in named)


def _check_none_reserved(draws: Iterable[Draw]) -> None:
    for draw in draws:
        if draw.is_reserved:
            allowed = "lines whose credit is redeemed or forfeited (cancel a reserved one)"
            raise InvalidValueError("lines", draw.line, allowed)


def _no_show_outcome(draw: Draw) -> CreditOutcome | None:
    """Return what the no-show that ended the line made of its credit, whatever came after."""
    if draw.ending is not None and draw.ending.act is Act.NO_SHOW:
        return _OUTCOME_IN.get(draw.state)
    return CreditOutcome.FORFEIT  # a credit that returned is closed to every later act
