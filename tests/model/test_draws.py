"""A draw: the acts that ended it lead to its state, and it keeps the start that it had."""

from datetime import datetime
from itertools import product

import pytest

from pkgredeem import Act, Actor, Draw, DrawState, Ending, InvalidValueError
from tests.helpers.samples import DRAW
from tests.helpers.support import DAY, NOW, START

RESERVED, REDEEMED, RETURNED, FORFEITED = DrawState
CANCEL, NO_SHOW, COMPLETE, FORGIVE = Act.CANCEL, Act.NO_SHOW, Act.COMPLETE, Act.FORGIVE

#: Every way to a state: the acts that may have ended a draw of it, in their order (D16, D37).
WAYS: dict[DrawState, set[tuple[Act, ...]]] = {
    RESERVED: {()},
    REDEEMED: {(COMPLETE,), (NO_SHOW, COMPLETE)},
    RETURNED: {
        (CANCEL,),
        (NO_SHOW,),
        (CANCEL, FORGIVE),
        (NO_SHOW, FORGIVE),
        (COMPLETE, FORGIVE),
        (NO_SHOW, COMPLETE, FORGIVE),
        # In the first form of a stored redemption only the last act is known (D65).
        (FORGIVE,),
    },
    FORFEITED: {(CANCEL,), (NO_SHOW,)},
}


def ending(act: Act, starts_at: datetime | None = None) -> Ending:
    """Return what that act of the business leaves behind."""
    return Ending(act=act, at=NOW, by=Actor.BUSINESS, late=False, starts_at=starts_at)


def draw(state: DrawState, *endings: Ending) -> Draw:
    """Return a draw in that state, ended so."""
    return Draw(**(DRAW | {"state": state, "endings": endings}))  # type: ignore[arg-type]  # what it takes


@pytest.mark.parametrize("state", DrawState)
@pytest.mark.parametrize("count", range(4))
def test_the_acts_that_ended_a_draw_lead_to_its_state(state: DrawState, count: int) -> None:
    """Of all sequences of up to three acts just those of the table are taken."""
    for acts in product(Act, repeat=count):
        endings = [ending(act) for act in acts]
        if acts in WAYS[state]:
            made = draw(state, *endings)
            assert tuple(endings) == made.endings
            assert (endings[-1] if endings else None) == made.ending
        else:
            with pytest.raises(InvalidValueError) as raised:
                draw(state, *endings)
            assert (
                "Draw.endings",
                [act.value for act in acts],
                f"the acts that made the draw {state}, in order",
            ) == raised.value.args


def test_the_business_is_never_late() -> None:
    """Late is a client's cancellation only (D12)."""
    with pytest.raises(InvalidValueError) as raised:
        Ending(act=CANCEL, at=NOW, by=Actor.BUSINESS, late=True)

    assert ("Ending.late", True, "False for an act of the business") == raised.value.args


def test_a_draw_remembers_every_act_and_whether_it_was_late() -> None:
    """Forgiven, it is still known that the client cancelled late (D37)."""
    late = Ending(act=CANCEL, at=NOW, by=Actor.CLIENT, late=True)
    forgiven = draw(RETURNED, late, ending(FORGIVE))

    assert {CANCEL, FORGIVE} == {act for act in Act if forgiven.was_ended_by(act)}
    assert {CANCEL} == {act for act in Act if forgiven.was_late_by(act)}


def test_a_reserved_draw_moves_with_its_booking() -> None:
    """Nothing has ended, so that nothing is kept (D54)."""
    reserved = draw(RESERVED)

    assert reserved == reserved.keeping_start(START, START + DAY)


def test_an_ended_draw_keeps_the_start_that_it_had() -> None:
    """Its endings hold the old start as long as the booking is elsewhere (D54)."""
    done = draw(RETURNED, ending(COMPLETE), ending(FORGIVE))
    moved = done.keeping_start(START, START + DAY)
    moved_on = moved.keeping_start(START + DAY, START + 2 * DAY)

    assert draw(RETURNED, ending(COMPLETE, START), ending(FORGIVE, START)) == moved == moved_on
    assert done == moved_on.keeping_start(START + 2 * DAY, START)
