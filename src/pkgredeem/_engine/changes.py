"""What an act changes: which lines it concerns, where their credits go, and the movements of that.

Functions over redemptions, no rule text: whether an act is allowed is judged in `acts`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pkgredeem._model.checks import instant, items
from pkgredeem._model.draws import BUCKET_OF, STEPS, Draw, Ending
from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.unchecked import unchecked, unchecked_replace
from pkgredeem._model.words import Act, Actor, Bucket, DrawState
from pkgredeem.exceptions import ClosedRedemptionError, InvalidValueError

_BOOK = Act.BOOK
_AVAILABLE, _RESERVED = Bucket.AVAILABLE, Bucket.RESERVED
_POSSIBLE = frozenset((step.act, step.source, step.after) for step in STEPS)

_unchecked_change = unchecked(Change)
_unchecked_movement = unchecked(Movement)
_replace_draw = unchecked_replace(Draw)
_replace_redemption = unchecked_replace(Redemption)


def drawn_lines(redemption: Redemption, lines: Iterable[int] | None) -> tuple[Draw, ...]:
    """Return the draws of those lines, of all lines for None.

    Raises:
        InvalidValueError: the lines are empty, out of range, named twice, or without a credit.
    """
    if lines is None:
        return redemption.draws
    by_line = {draw.line: draw for draw in redemption.draws}
    wanted = items("lines", lines, int, least=1)
    for line in wanted:
        if isinstance(line, bool) or line not in by_line:
            allowed = ", ".join(map(str, by_line))
            raise InvalidValueError("lines", line, f"lines that a credit pays for: {allowed}")
    if len(set(wanted)) != len(wanted):
        raise InvalidValueError("lines", wanted, "each line only once")
    return tuple(draw for draw in redemption.draws if draw.line in wanted)


def still_to_end(draws: Sequence[Draw], act: Act) -> tuple[Draw, ...]:
    """Return those draws that the act has not ended already (D37).

    Raises:
        InvalidValueError: a reserved line was to be forgiven.
        ClosedRedemptionError: another act has ended a line.
    """
    if act is Act.FORGIVE:
        _check_none_reserved(draws)
    pending: list[Draw] = []
    for draw in draws:
        done = None if draw.ending is None else draw.ending.act
        if done is act:
            continue
        if (act, draw.state, None) not in _POSSIBLE and (act, draw.state, done) not in _POSSIBLE:
            raise ClosedRedemptionError(
                f"line {draw.line} is {draw.state} by {done} already: {act} comes too late"
            )
        pending.append(draw)
    return tuple(pending)


def _check_none_reserved(draws: Sequence[Draw]) -> None:
    for draw in draws:
        if draw.is_reserved:
            allowed = "a line whose credit is redeemed or forfeited; cancel a reserved one"
            raise InvalidValueError("lines", draw.line, allowed)


def end_lines(
    redemption: Redemption, draws: Iterable[Draw], *, ending: Ending, state: DrawState
) -> Change:
    """Return the change that takes these draws to *state* by that ending."""
    chosen = {draw.line for draw in draws}
    after = _replace_redemption(
        redemption,
        draws=tuple(
            [
                _replace_draw(draw, state=state, ending=ending) if draw.line in chosen else draw
                for draw in redemption.draws
            ]
        ),
        version=redemption.version + 1,
    )
    moved = Counter(
        (draw.package_id, draw.entitlement_id, BUCKET_OF[draw.state])
        for draw in redemption.draws
        if draw.line in chosen
    )
    movements = [
        _unchecked_movement(
            redemption.booking.id,
            package_id,
            entitlement_id,
            number,
            source,
            BUCKET_OF[state],
            ending.act,
            ending.at,
            ending.by,
            ending.note,
        )
        for (package_id, entitlement_id, source), number in sorted(moved.items())
    ]
    return _unchecked_change(redemption, after, tuple(movements))


def book(proposal: Redemption, *, by: Actor, note: str) -> Change:
    """Return the change that commits a proposal: its credits leave the packages (T16)."""
    booking_id, at = proposal.booking.id, proposal.booked_at
    moved: dict[tuple[str, str], int] = {}
    for draw in proposal.draws:
        place = draw.package_id, draw.entitlement_id
        moved[place] = moved.get(place, 0) + 1
    movements = [
        _unchecked_movement(
            booking_id, *place, moved[place], _AVAILABLE, _RESERVED, _BOOK, at, by, note
        )
        for place in sorted(moved)
    ]
    return _unchecked_change(None, proposal, tuple(movements))


def release(redemption: Redemption, *, by: Actor, now: datetime, note: str) -> Change:
    """Return the change that gives every reserved credit back, as an exchange does (D21).

    Raises:
        ClosedRedemptionError: no credit of it is reserved any more.
    """
    draws = tuple(draw for draw in redemption.draws if draw.is_reserved)
    if not draws:
        raise ClosedRedemptionError(f"booking {redemption.booking.id!r} has ended already")
    ending = Ending(act=Act.CANCEL, at=now, by=by, late=False, note=note)
    return end_lines(redemption, draws, ending=ending, state=DrawState.RETURNED)


def was_released(redemption: Redemption, *, at: datetime) -> bool:
    """Tell whether a credit of it went back at that instant, and none is reserved: an exchange."""
    return not redemption.is_open and any(
        draw.state is DrawState.RETURNED and draw.ending is not None and draw.ending.at == at
        for draw in redemption.draws
    )


def reschedule(
    redemption: Redemption, *, starts_at: datetime, free_until: datetime | None, record: Ending
) -> Change:
    """Return the change to another start: the credits stay reserved, nothing moves (D17)."""
    after = replace(
        redemption,
        starts_at=instant("starts_at", starts_at),
        free_until=free_until,
        version=redemption.version + 1,
        reschedules=(*redemption.reschedules, record),
    )
    return Change(before=redemption, after=after, movements=())
