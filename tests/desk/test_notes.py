"""Who asked a desk, and what note they left, as it is kept and told."""

from collections.abc import Callable

import pytest

from pkgredeem import Actor, InvalidValueError, RedemptionDesk, Settlement
from tests.helpers.desk_support import (
    ACCOUNT,
    ONLINE,
    Interrupted,
    MakeDesk,
    facials,
    redeem,
)
from tests.helpers.support import ANA, DAY, NOW, START, booking

Act = Callable[[RedemptionDesk], Settlement]

ACTS: dict[str, Act] = {
    "cancel": lambda desk: desk.cancel("b1", by=Actor.CLIENT, now=NOW),
    "no_show": lambda desk: desk.no_show("b1", now=START),
    "complete": lambda desk: desk.complete("b1", now=START),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_without_a_note_keeps_none(make: MakeDesk, act: str) -> None:
    """The movement of the act, and the one of the booking before it, have an empty note."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    desk.redeem(account=ACCOUNT, client=ANA, booking=booking(), now=NOW)
    ACTS[act](desk)

    assert ["", ""] == [movement.note for movement in store.inner.movements()]


def test_a_booking_that_is_moved_without_a_note_keeps_none(make: MakeDesk) -> None:
    """So does what records the move."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    desk.reschedule(
        "b1", account=ACCOUNT, client=ANA, starts_at=START + DAY, by=Actor.CLIENT, now=NOW
    )
    moved = store.inner.redemption("b1")

    assert moved is not None
    assert [""] == [change.note for change in moved.reschedules]


def test_an_exchange_without_a_note_keeps_none(make: MakeDesk) -> None:
    """Neither with the booking that is given up nor with the new one."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    decision = desk.exchange(
        "b1", account=ACCOUNT, client=ANA, booking=booking(id="b2"), by=Actor.CLIENT, now=NOW
    )

    assert "" == decision.note
    assert ["", "", ""] == [movement.note for movement in store.inner.movements()]


def test_a_quote_without_a_note_has_none(make: MakeDesk) -> None:
    """It answers what a booking without a note would be answered (D70)."""
    desk = make(ONLINE, Interrupted(facials()))
    quote = desk.quote(account=ACCOUNT, client=ANA, booking=booking(), now=NOW)

    assert (Actor.CLIENT, "") == (quote.by, quote.note)


def test_a_recorded_answer_says_who_asks_now(make: MakeDesk) -> None:
    """The answer is the recorded one; the question, its note and the prompt are today's."""
    desk = make(ONLINE, Interrupted(facials()))
    first = redeem(desk, note="by phone")
    again = redeem(desk, by=Actor.BUSINESS, note="asked again", now=NOW + DAY)

    assert (Actor.CLIENT, "by phone") == (first.by, first.note)
    assert (Actor.BUSINESS, "asked again") == (again.by, again.note)
    assert (NOW + DAY, True) == (again.decided_at, again.recorded)
    assert "a package can be used for this booking" == first.client_text == again.client_text


def test_the_instant_of_an_act_is_named_when_it_is_wrong(make: MakeDesk) -> None:
    """An act at no instant is refused before the store is asked."""
    store = Interrupted(facials())
    with pytest.raises(InvalidValueError, match=r"^now must be "):
        make(ONLINE, store).cancel("b1", by=Actor.CLIENT, now=None)  # type: ignore[arg-type]

    assert [] == store.calls
