"""Cancellations: in time or late, returned or forfeited, and what is told of them (T22, T23)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Act,
    Actor,
    Audience,
    CancellationTerms,
    CreditOutcome,
    DrawState,
    Ending,
    RedemptionPolicy,
    Settlement,
    rules,
)
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    account,
    after,
    case,
    decide,
    redemption,
    rescheduled,
)

CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
CUT_OFF = START - DAY
RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT
POLICY = RedemptionPolicy()
NO_TIME = timedelta(0)
NO_WINDOW = CancellationTerms(window=NO_TIME, late=FORFEIT)


def codes(settlement: Settlement) -> list[str]:
    """Return the codes of the findings."""
    return [finding.code for finding in settlement.findings]


@pytest.mark.parametrize(
    ("terms", "left", "expected"),
    [
        (None, INSTANT, True),
        (FORFEIT_INSIDE_A_DAY, DAY + INSTANT, True),
        (FORFEIT_INSIDE_A_DAY, DAY, True),
        (FORFEIT_INSIDE_A_DAY, DAY - INSTANT, False),
        (RETURN_INSIDE_A_DAY, DAY - INSTANT, True),
    ],
)
def test_refund_on_cancel_tells_of_a_cancellation_at_once(
    terms: object, left: object, expected: bool
) -> None:
    """Whether the client who thinks better of it at once gets the credit back (T22, T23)."""
    assert isinstance(left, type(DAY))
    decision = decide(case(account=account(cancellation=terms), now=START - left))

    assert (True, expected) == (decision.eligible, decision.refund_on_cancel)


def test_no_refund_without_a_redemption_or_after_the_start() -> None:
    """A refusal has nothing to return, and after the start the client cannot cancel (D09)."""
    assert not decide(case("massage")).refund_on_cancel
    started = decide(case(now=START), rules.IN_STORE)
    assert (True, False) == (started.eligible, started.refund_on_cancel)


@pytest.mark.parametrize(
    ("terms", "by", "now", "outcome", "late", "notes"),
    [
        (None, CLIENT, NOW, RETURN, False, []),
        (None, CLIENT, START - INSTANT, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, CLIENT, CUT_OFF - INSTANT, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, CLIENT, CUT_OFF, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, CLIENT, CUT_OFF + INSTANT, FORFEIT, True, ["late_cancellation"]),
        (FORFEIT_INSIDE_A_DAY, CLIENT, START - INSTANT, FORFEIT, True, ["late_cancellation"]),
        (RETURN_INSIDE_A_DAY, CLIENT, CUT_OFF + INSTANT, RETURN, True, ["late_cancellation"]),
        (FORFEIT_INSIDE_A_DAY, BUSINESS, CUT_OFF + INSTANT, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, BUSINESS, START, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, BUSINESS, START + 99 * DAY, RETURN, False, []),
    ],
)
def test_only_a_clients_late_cancellation_forfeits(  # noqa: PLR0917 (the columns of the table)
    terms: CancellationTerms | None,
    by: Actor,
    now: datetime,
    outcome: CreditOutcome,
    late: bool,
    notes: list[str],
) -> None:
    """In time up to and with the cut-off; the business always returns (T22, T23, D09, D12)."""
    settlement = POLICY.cancel(redemption(terms=terms), by=by, now=now)

    assert (True, outcome, late, notes) == (
        settlement.allowed,
        settlement.outcome,
        settlement.late,
        codes(settlement),
    )
    assert (outcome is RETURN) is settlement.returned
    (draw,) = after(settlement).draws
    assert (DrawState.RETURNED if outcome is RETURN else DrawState.FORFEITED) is draw.state
    assert (Ending(act=Act.CANCEL, at=now, by=by, late=late),) == draw.endings


def test_a_late_cancellation_tells_until_when_it_was_free() -> None:
    """The finding carries the instant, told in the zone of the moment of booking (D29)."""
    settlement = POLICY.cancel(redemption(zone=AUCKLAND), by=CLIENT, now=START - HOUR)
    (finding,) = settlement.findings

    assert (("free_until", CUT_OFF),) == finding.facts
    assert "a late cancellation: it was free until Mon 4 May 2026 22:00" == finding.text(AUCKLAND)
    assert "Pacific/Auckland" == settlement.time_zone_key


@pytest.mark.parametrize(
    ("booked_at", "expected"),
    [
        (CUT_OFF, ["late_cancellation"]),
        (CUT_OFF + INSTANT, ["booked_inside_the_window"]),
    ],
)
def test_what_was_booked_inside_the_window_is_late_at_once(
    booked_at: datetime, expected: list[str]
) -> None:
    """A client who cancels it is told that there was never a free cancellation, only (D33)."""
    late = redemption(booked_at=booked_at)

    assert expected == codes(POLICY.cancel(late, by=CLIENT, now=booked_at + INSTANT))
    assert [] == codes(POLICY.cancel(late, by=BUSINESS, now=booked_at + INSTANT))


def test_what_was_booked_at_the_cut_off_can_be_cancelled_for_free_at_once() -> None:
    """The schedule, the flag, the text and the act agree at that very instant (D09, D33)."""
    asked = case(account=account(cancellation=FORFEIT_INSIDE_A_DAY), now=CUT_OFF)
    decision = decide(asked)
    booked = decision.redemption
    assert booked is not None

    assert decision.refund_on_cancel
    assert ((CUT_OFF, RETURN, False), (START, FORFEIT, True)) == booked.schedule
    assert (
        "cancellation: free until Mon 4 May 10:00 UTC, then the credit is forfeited"
        in decision.explain(Audience.STAFF).split("\n")
    )
    assert (RETURN, False) == (
        POLICY.cancel(booked, by=CLIENT, now=CUT_OFF).outcome,
        POLICY.cancel(booked, by=CLIENT, now=CUT_OFF).late,
    )


@pytest.mark.parametrize(
    "booked_at", [NOW, CUT_OFF - INSTANT, CUT_OFF, CUT_OFF + INSTANT, START - INSTANT, START]
)
@pytest.mark.parametrize(
    "terms", [None, FORFEIT_INSIDE_A_DAY, RETURN_INSIDE_A_DAY, NO_WINDOW], ids=str
)
def test_the_schedule_says_what_cancelling_does(
    terms: CancellationTerms | None, booked_at: datetime
) -> None:
    """At, before and after every step a client who cancels gets what the schedule says (D09)."""
    booked = redemption(terms=terms, booked_at=min(booked_at, START - INSTANT))
    booked = replace(booked, booked_at=booked_at)
    moments = {booked_at, *(until for until, _, _ in booked.schedule)}
    for moment in sorted(
        {at + beside for at in moments for beside in (-INSTANT, NO_TIME, INSTANT)}
    ):
        if moment < booked_at:
            continue
        step = next(
            (
                (outcome, late)
                for until, outcome, late in booked.schedule
                if moment < until or moment == until < START
            ),
            (None, False),
        )
        settlement = POLICY.cancel(booked, by=CLIENT, now=moment)

        assert (step[0] is not None) is settlement.allowed
        assert step[0] is settlement.outcome
        if settlement.allowed:
            assert step[1] is settlement.late


def test_what_was_rescheduled_into_the_window_was_free_before() -> None:
    """It is late now, but nobody is told that it never was free (D33)."""
    soon = rescheduled(to=NOW + HOUR)

    assert ["late_cancellation"] == codes(POLICY.cancel(after(soon), by=CLIENT, now=NOW + INSTANT))


@pytest.mark.parametrize("window", [timedelta(0), DAY])
@pytest.mark.parametrize(("now", "refused"), [(START - INSTANT, False), (START, True)])
def test_a_client_cannot_cancel_what_has_started(
    window: timedelta, now: datetime, refused: bool
) -> None:
    """From the start on, exclusive even with a zero window, only the business ends it (D09)."""
    terms = CancellationTerms(window=window, late=FORFEIT)
    settlement = POLICY.cancel(redemption(terms=terms), by=CLIENT, now=now)

    assert refused is not settlement.allowed
    if refused:
        assert (["changes_closed"], None, None, False) == (
            codes(settlement),
            settlement.outcome,
            settlement.change,
            settlement.returned,
        )
        assert (("open_until", START),) == settlement.findings[0].facts
    assert POLICY.cancel(redemption(terms=terms), by=BUSINESS, now=now).returned


def test_whoever_acts_in_time_is_not_late_for_what_ended_late_before() -> None:
    """A late line and a move by the business later, the rest is cancelled in time (D29, D30)."""
    late = after(
        POLICY.cancel(redemption("facial", "massage"), by=CLIENT, now=CUT_OFF + INSTANT, lines=[0])
    )
    moved = replace(late, starts_at=START + 9 * DAY, free_until=CUT_OFF + 9 * DAY)
    rest = POLICY.cancel(moved, by=CLIENT, now=CUT_OFF + DAY)

    assert (RETURN, False, []) == (rest.outcome, rest.late, codes(rest))
    assert [True, False] == [
        draw.ending is not None and draw.ending.late for draw in after(rest).draws
    ]


def test_a_refund_goes_by_the_start_as_it_is_now() -> None:
    """Moved earlier it ends with the new start, and moved later it outlives the old (T22, D17)."""
    source = redemption(terms=None)
    earlier = after(rescheduled(source, to=START - 2 * DAY))
    later = after(rescheduled(source, to=START + 2 * DAY))
    refund = rules.acts.refund_on_cancel

    assert [True, False] == [
        refund(earlier, START - 2 * DAY - INSTANT),
        refund(earlier, START - 2 * DAY),
    ]
    assert [True, False] == [
        refund(later, START + 2 * DAY - INSTANT),
        refund(later, START + 2 * DAY),
    ]
