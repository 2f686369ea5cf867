"""Settlements: what an act answers, when it is late, and what refuses it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pkgredeem import (
    Act,
    Actor,
    CancellationTerms,
    ClosedRedemptionError,
    CreditOutcome,
    DrawState,
    Ending,
    Finding,
    RedemptionPolicy,
)
from pkgredeem._engine.acts import recorded_window
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NOW,
    START,
    after,
    ended,
    redemption,
    rescheduled,
)

POLICY = RedemptionPolicy()
CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT
CUT_OFF = START - DAY


@pytest.mark.parametrize("act", ["cancel", "no_show", "complete", "forgive"])
def test_the_same_act_again_changes_nothing(act: str) -> None:
    """The recorded outcome comes back, whoever asks and whenever (D37)."""
    completed = ended(redemption(), Act.COMPLETE, DrawState.REDEEMED, [0])
    closed = {
        "cancel": ended(redemption(), Act.CANCEL, DrawState.FORFEITED, [0], by=CLIENT, late=True),
        "no_show": ended(redemption(), Act.NO_SHOW, DrawState.FORFEITED, [0]),
        "complete": completed,
        "forgive": after(POLICY.forgive(completed, now=NOW, note="a gift")),
    }[act]
    given: dict[str, object] = {"note": "again"}
    outcomes = {"cancel": FORFEIT, "no_show": FORFEIT, "complete": None, "forgive": RETURN}

    for now in (NOW, START + 99 * DAY):
        for by in Actor if act == "cancel" else [None]:
            asked = given | {"now": now} | ({} if by is None else {"by": by})
            settlement = getattr(POLICY, act)(closed, **asked)
            assert (True, None, outcomes[act], act == "cancel", ()) == (
                settlement.allowed,
                settlement.change,
                settlement.outcome,
                settlement.late,
                settlement.findings,
            )


def test_lines_that_ended_differently_count_as_forfeited() -> None:
    """If any credit of the lines asked for was forfeited, so is the outcome; late is the act.

    An act without lines concerns what it can still end, and repeated all that it ended (D30).
    """
    moved = replace(redemption("facial", "massage"), starts_at=START + DAY)
    first = after(POLICY.cancel(moved, by=CLIENT, now=CUT_OFF + INSTANT, lines=[0]))
    rest = POLICY.cancel(first, by=BUSINESS, now=CUT_OFF + HOUR)
    both = POLICY.cancel(first, by=BUSINESS, now=CUT_OFF + HOUR, lines=[0, 1])

    assert (True, RETURN, False, True) == (rest.allowed, rest.outcome, rest.late, rest.returned)
    assert (True, FORFEIT, False, False) == (both.allowed, both.outcome, both.late, both.returned)
    assert ["forfeited", "returned"] == [draw.state for draw in after(rest).draws]
    assert after(rest) == after(both)
    again = POLICY.cancel(after(rest), by=CLIENT, now=START)
    assert (None, FORFEIT, True) == (again.change, again.outcome, again.late)
    second = POLICY.cancel(after(rest), by=CLIENT, now=START, lines=[1])
    assert (None, RETURN, False) == (second.change, second.outcome, second.late)


def test_who_books_makes_no_difference_to_what_was_booked() -> None:
    """A settlement is of the redemption: the rulebook that decided is only a name in it (D11)."""
    old = replace(redemption(), rulebook="withdrawn-2019")

    assert (True, RETURN) == (
        POLICY.cancel(old, by=CLIENT, now=NOW).allowed,
        POLICY.cancel(old, by=CLIENT, now=NOW).outcome,
    )
    assert isinstance(POLICY.cancel(old, by=CLIENT, now=CUT_OFF + INSTANT).findings[0], Finding)


def test_an_act_on_a_closed_line_is_an_error() -> None:
    """Another act comes too late, and says which line and what closed it (D37)."""
    completed = ended(redemption(), Act.COMPLETE, DrawState.REDEEMED, [0])
    with pytest.raises(ClosedRedemptionError) as of_a_line:
        POLICY.cancel(completed, by=CLIENT, now=NOW, lines=[0])
    with pytest.raises(ClosedRedemptionError) as of_all:
        POLICY.cancel(completed, by=CLIENT, now=NOW)

    assert "line 0 is redeemed by complete already: cancel comes too late" == str(of_a_line.value)
    assert "booking 'b1' has ended already: cancel comes too late" == str(of_all.value)


def test_of_several_lines_the_closed_one_is_named() -> None:
    """An act on named lines ends none of them where another act has closed one (D37)."""
    half = ended(redemption("facial", "massage"), Act.CANCEL, DrawState.RETURNED, [1])
    with pytest.raises(ClosedRedemptionError) as closed:
        POLICY.no_show(half, now=START, lines=[0, 1])

    assert "line 1 is returned by cancel already: no_show comes too late" == str(closed.value)


def test_the_zone_of_a_redemption_is_told_in_every_settlement() -> None:
    """Allowed, refused, repeated or rescheduled: times are told in the booking's zone."""
    policy, made = RedemptionPolicy(), redemption(zone=AUCKLAND)
    cancelled = policy.cancel(made, by=Actor.CLIENT, now=NOW)
    refused = policy.cancel(made, by=Actor.CLIENT, now=START)
    again = policy.cancel(after(cancelled), by=Actor.CLIENT, now=NOW)
    moved, unchanged = (rescheduled(made, to=to) for to in (START + DAY, START))

    zones = [answer.time_zone_key for answer in (cancelled, refused, again, moved, unchanged)]
    assert ["Pacific/Auckland"] * 5 == zones


@pytest.mark.parametrize(
    ("terms", "window", "expected"),
    [
        (None, None, timedelta(0)),
        (FORFEIT_INSIDE_A_DAY, None, timedelta(days=1)),
        (FORFEIT_INSIDE_A_DAY, timedelta(hours=3), timedelta(hours=3)),
    ],
)
def test_the_window_of_a_recorded_act(
    terms: CancellationTerms | None, window: timedelta | None, expected: timedelta
) -> None:
    """The one kept with it, else the only one of the terms; without terms nothing (D37, D61)."""
    ending = Ending(act=Act.CANCEL, at=NOW, by=Actor.CLIENT, late=True, window=window)

    assert expected == recorded_window(terms, ending)


def test_each_act_tells_the_client_what_was_done() -> None:
    """In a sentence of its own (D24)."""
    told = [
        settlement.client_text
        for settlement in (
            POLICY.complete(redemption(), now=START),
            POLICY.no_show(redemption(), now=START),
            POLICY.cancel(redemption(), by=CLIENT, now=NOW),
            rescheduled(),
        )
    ]

    assert [
        "your appointment is recorded as completed",
        "the credit is forfeited",
        "the credit was returned",
        "your booking has been moved to the new time",
    ] == told
