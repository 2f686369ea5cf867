"""Terms in tiers, as acts are judged by them: the outcome, and the window that it fell in (D61)."""

from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Actor,
    CancellationTerms,
    CreditOutcome,
    DrawState,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from tests.helpers.support import (
    DAY,
    HOUR,
    INSTANT,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    account,
    after,
    booking,
    case,
    codes,
    credit,
    decide,
    package,
    redemption,
    rescheduled,
)

CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
FORFEIT, RETURN = CreditOutcome.FORFEIT, CreditOutcome.RETURN
POLICY = RedemptionPolicy()
MINUTE = timedelta(minutes=1)
#: Free until half a day before; then with a fee, and from three hours on the credit is lost.
TIERED = CancellationTerms(window=12 * HOUR, late=RETURN, tiers=[(3 * HOUR, FORFEIT)])


def cancelled(
    left: timedelta, *, by: Actor = CLIENT, source: Redemption | None = None
) -> Settlement:
    """Return what a cancellation does with that much time left until the start."""
    return POLICY.cancel(source or redemption(terms=TIERED), by=by, now=START - left)


def found_by(settlement: Settlement) -> list[str]:
    """Return the codes of what is found."""
    return [finding.code for finding in settlement.findings]


@pytest.mark.parametrize(
    ("left", "outcome", "window"),
    [
        (12 * HOUR + INSTANT, RETURN, None),
        (12 * HOUR, RETURN, None),
        (12 * HOUR - INSTANT, RETURN, 12 * HOUR),
        (11 * HOUR, RETURN, 12 * HOUR),
        (3 * HOUR + INSTANT, RETURN, 12 * HOUR),
        (3 * HOUR, RETURN, 12 * HOUR),
        (3 * HOUR - INSTANT, FORFEIT, 3 * HOUR),
        (3 * HOUR - MINUTE, FORFEIT, 3 * HOUR),
        (INSTANT, FORFEIT, 3 * HOUR),
    ],
)
def test_a_cancellation_is_judged_by_the_window_that_it_falls_in(
    left: timedelta, outcome: CreditOutcome, window: timedelta | None
) -> None:
    """Exactly on a window is the milder side; what returns late can be charged for (D61, D29)."""
    settlement = cancelled(left)
    late = window is not None
    (draw,) = after(settlement).draws
    assert draw.ending is not None

    assert (True, outcome, late, window) == (
        settlement.allowed,
        settlement.outcome,
        settlement.late,
        settlement.window,
    )
    assert (late, window) == (draw.ending.late, draw.ending.window)
    assert (["late_cancellation"] if late else []) == found_by(settlement)
    assert (DrawState.RETURNED if outcome is RETURN else DrawState.FORFEITED) is draw.state


@pytest.mark.parametrize("left", [11 * HOUR, HOUR])
def test_the_business_is_inside_no_window(left: timedelta) -> None:
    """Its cancellation returns the credit and is never late (D12)."""
    settlement = cancelled(left, by=BUSINESS)

    assert (RETURN, False, None, []) == (
        settlement.outcome,
        settlement.late,
        settlement.window,
        found_by(settlement),
    )


def test_the_window_of_terms_without_tiers_is_told_and_not_kept() -> None:
    """There is only one, so that the ending says no more than it did (D61, D65)."""
    settlement = cancelled(HOUR, source=redemption(terms=RETURN_INSIDE_A_DAY))
    (draw,) = after(settlement).draws
    assert draw.ending is not None

    assert (DAY, True, None) == (settlement.window, draw.ending.late, draw.ending.window)
    again = POLICY.cancel(after(settlement), by=CLIENT, now=START)
    assert (DAY, True) == (again.window, again.late)


@pytest.mark.parametrize("again_at", [START - 11 * HOUR, START + DAY])
def test_a_repeat_tells_the_window_of_the_time(again_at: datetime) -> None:
    """Cancelled with eleven hours left, whoever asks again and whenever (D37, D61)."""
    first = after(cancelled(11 * HOUR))
    for by in Actor:
        again = POLICY.cancel(first, by=by, now=again_at)
        assert (None, RETURN, True, 12 * HOUR) == (
            again.change,
            again.outcome,
            again.late,
            again.window,
        )


def test_forgiving_what_was_late_is_inside_no_window() -> None:
    """Another act, by the business; the late one is kept with its window (D16, D37)."""
    late = after(cancelled(HOUR))
    forgiven = POLICY.forgive(late, now=START + DAY, note="ill")
    kept = after(forgiven).draws[0].endings

    assert (False, None) == (forgiven.late, forgiven.window)
    assert [(True, 3 * HOUR), (False, None)] == [(each.late, each.window) for each in kept]
    again = POLICY.cancel(after(forgiven), by=CLIENT, now=START + DAY)
    assert (True, 3 * HOUR, RETURN) == (again.late, again.window, again.outcome)
    forgiven_again = POLICY.forgive(after(forgiven), now=START + DAY, note="ill")
    assert (None, False, None) == (
        forgiven_again.change,
        forgiven_again.late,
        forgiven_again.window,
    )


@pytest.mark.parametrize(
    ("no_show", "said", "outcome"),
    [(None, None, FORFEIT), (RETURN, None, RETURN), (None, RETURN, RETURN)],
)
def test_a_no_show_takes_the_strictest_unless_it_is_said_otherwise(
    no_show: CreditOutcome | None, said: CreditOutcome | None, outcome: CreditOutcome
) -> None:
    """By the terms' own word, or by staff (D16, D61)."""
    terms = CancellationTerms(
        window=12 * HOUR, late=RETURN, no_show=no_show, tiers=[(3 * HOUR, FORFEIT)]
    )
    settlement = POLICY.no_show(redemption(terms=terms), now=START, outcome=said)

    assert (outcome, False, None) == (settlement.outcome, settlement.late, settlement.window)


@pytest.mark.parametrize(
    ("left", "window"),
    [(12 * HOUR - INSTANT, 12 * HOUR), (11 * HOUR, 12 * HOUR), (2 * HOUR, 3 * HOUR)],
)
def test_a_late_move_is_refused_and_tells_its_window(left: timedelta, window: timedelta) -> None:
    """Moving is no way to get rid of a fee, also where the credit would return (D17, D61)."""
    refused = rescheduled(redemption(terms=TIERED), now=START - left)

    assert (False, True, window, ["late_change"]) == (
        refused.allowed,
        refused.late,
        refused.window,
        found_by(refused),
    )
    assert {"free_until": START - 12 * HOUR} == dict(refused.findings[0].facts)
    assert rescheduled(redemption(terms=TIERED), now=START - 12 * HOUR).allowed


def test_a_late_exchange_is_refused_too() -> None:
    """The old side is judged like a move (D71)."""

    def exchanged(now: datetime) -> list[str]:
        asked = case(
            booking=booking(id="b2", starts_at=START + 7 * DAY),
            packages=[package("p1", credit("facial", left=0))],
            existing=redemption(terms=TIERED),
            now=now,
        )
        return codes(decide(asked))

    assert [[], ["late_change"]] == [
        exchanged(START - 12 * HOUR + off) for off in (timedelta(0), INSTANT)
    ]


def test_at_the_start_nothing_can_be_cancelled_and_the_smallest_window_is_told() -> None:
    """Refused, late, and inside the three hours (D09)."""
    refused = cancelled(timedelta(0))

    assert (False, True, 3 * HOUR, None) == (
        refused.allowed,
        refused.late,
        refused.window,
        refused.outcome,
    )


def test_after_a_move_by_the_business_the_windows_begin_where_it_is_no_longer_free() -> None:
    """Up to free-until no window is looked at; after it the time left decides (D61, D17)."""
    new = NOW + 14 * HOUR
    found = after(rescheduled(redemption(terms=TIERED), to=new, by=BUSINESS, now=new - 13 * HOUR))

    # Twelve hours from the move: an hour before the new start.
    assert new - HOUR == found.free_until
    for left, outcome, window in (
        (HOUR, RETURN, None),
        (HOUR - INSTANT, FORFEIT, 3 * HOUR),
    ):
        settlement = POLICY.cancel(found, by=CLIENT, now=new - left)
        assert (outcome, window) == (settlement.outcome, settlement.window)
    assert (
        (new - HOUR, RETURN, False),
        (new, FORFEIT, True),
    ) == found.schedule


def test_the_schedule_has_a_step_for_each_window() -> None:
    """Free, with a fee, lost; of what was booked inside a window only what is left of it (D33)."""
    free, fee, lost = (
        (START - 12 * HOUR, RETURN, False),
        (START - 3 * HOUR, RETURN, True),
        (START, FORFEIT, True),
    )
    expected = {
        NOW: (free, fee, lost),
        START - 12 * HOUR: (free, fee, lost),
        START - 12 * HOUR + INSTANT: (fee, lost),
        START - 3 * HOUR: (fee, lost),
        START - 3 * HOUR + INSTANT: (lost,),
    }

    assert expected == {
        booked_at: redemption(terms=TIERED, booked_at=booked_at).schedule for booked_at in expected
    }


def test_steps_that_do_the_same_are_both_listed() -> None:
    """Two windows that return the credit may ask for two fees (D61)."""
    fees = CancellationTerms(window=DAY, late=RETURN, tiers=[(3 * HOUR, RETURN)])

    assert (
        (START - DAY, RETURN, False),
        (START - 3 * HOUR, RETURN, True),
        (START, RETURN, True),
    ) == redemption(terms=fees).schedule


def test_the_decision_says_whether_a_cancellation_at_once_returns_the_credit() -> None:
    """Late with a fee is a return, inside the three hours it is none (T22, T23, D61)."""

    def refundable(left: timedelta) -> bool:
        asked = case(account=account(cancellation=TIERED), now=START - left)
        return decide(asked, rules.ONLINE).refund_on_cancel

    assert [True, True, True, False] == [
        refundable(left) for left in (DAY, 11 * HOUR, 3 * HOUR, 3 * HOUR - INSTANT)
    ]
