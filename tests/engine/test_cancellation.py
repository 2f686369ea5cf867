"""Cancellations: in time or late, returned or forfeited, and what is told of them (T22, T23)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Act,
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
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    account,
    case,
    decide,
    package,
    redemption,
)

CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS


CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS


CUT_OFF = START - DAY


RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


POLICY = RedemptionPolicy()


def after(settlement: Settlement) -> Redemption:
    """Return the redemption after an act that changed something."""
    assert settlement.change is not None
    return settlement.change.after


def codes(settlement: Settlement) -> list[str]:
    """Return the codes of the findings."""
    return [each.code for each in settlement.findings]


MARCH, APRIL, DESK = rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE


MARCH, APRIL, DESK = rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE


MARCH, APRIL, DESK = rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE


@pytest.mark.parametrize(
    ("terms", "left", "expected"),
    [
        (None, INSTANT, True),
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
    started = decide(case(now=START), DESK)
    assert (True, False) == (started.eligible, started.refund_on_cancel)


@pytest.mark.parametrize(
    ("terms", "by", "now", "outcome", "late", "told"),
    [
        (None, CLIENT, NOW, RETURN, False, []),
        (None, CLIENT, START - INSTANT, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, CLIENT, CUT_OFF - INSTANT, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, CLIENT, CUT_OFF, RETURN, False, []),
        (FORFEIT_INSIDE_A_DAY, CLIENT, CUT_OFF + INSTANT, FORFEIT, True, ["late"]),
        (FORFEIT_INSIDE_A_DAY, CLIENT, START - INSTANT, FORFEIT, True, ["late"]),
        (RETURN_INSIDE_A_DAY, CLIENT, CUT_OFF + INSTANT, RETURN, True, ["late"]),
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
    told: list[str],
) -> None:
    """In time up to and with the cut-off; the business always returns (T22, T23, D09, D12)."""
    settlement = POLICY.cancel(redemption(terms=terms), by=by, now=now)

    assert (True, outcome, late, told) == (
        settlement.allowed,
        settlement.outcome,
        settlement.late,
        codes(settlement),
    )
    assert (outcome is RETURN) is settlement.returned
    (movement,) = after(settlement).draws
    assert (DrawState.RETURNED if outcome is RETURN else DrawState.FORFEITED) is movement.state
    assert movement.ending is not None
    assert (Act.CANCEL, now, by, late) == (
        movement.ending.act,
        movement.ending.at,
        movement.ending.by,
        movement.ending.late,
    )


def test_a_late_cancellation_tells_until_when_it_was_free() -> None:
    """The finding carries the instant, told in the zone of the moment of booking (D29)."""
    settlement = POLICY.cancel(redemption(zone=AUCKLAND), by=CLIENT, now=START - HOUR)
    (finding,) = settlement.findings

    assert (("free_until", CUT_OFF),) == finding.facts
    assert "a late cancellation: it was free until Mon 4 May 2026 22:00" == finding.text(AUCKLAND)
    assert AUCKLAND is settlement.time_zone


@pytest.mark.parametrize(
    ("booked_at", "expected"),
    [
        (CUT_OFF, ["late"]),
        (CUT_OFF + INSTANT, ["late", "booked_inside_the_window"]),
    ],
)
def test_what_was_booked_inside_the_window_is_late_at_once(
    booked_at: datetime, expected: list[str]
) -> None:
    """A client who cancels it is told that there was never a free cancellation (D33)."""
    late = redemption(booked_at=booked_at)

    assert expected == codes(POLICY.cancel(late, by=CLIENT, now=booked_at + INSTANT))
    assert [] == codes(POLICY.cancel(late, by=BUSINESS, now=booked_at + INSTANT))


def test_what_was_rescheduled_into_the_window_was_free_before() -> None:
    """It is late now, but nobody is told that it never was free (D33)."""
    soon = POLICY.reschedule(
        redemption(), starts_at=NOW + HOUR, by=CLIENT, now=NOW, packages=[package()]
    )

    assert ["late"] == codes(POLICY.cancel(after(soon), by=CLIENT, now=NOW + INSTANT))


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
        assert (["appointment_started"], None, None, False) == (
            codes(settlement),
            settlement.outcome,
            settlement.change,
            settlement.returned,
        )
    assert POLICY.cancel(redemption(terms=terms), by=BUSINESS, now=now).returned


def test_whoever_acts_in_time_is_not_late_for_what_ended_late_before() -> None:
    """A late line and a move by the business later, the rest is cancelled in time (D29)."""
    late = after(
        POLICY.cancel(redemption("facial", "massage"), by=CLIENT, now=CUT_OFF + INSTANT, lines=[0])
    )
    moved = replace(late, starts_at=START + 9 * DAY, free_until=CUT_OFF + 9 * DAY)
    rest = POLICY.cancel(moved, by=CLIENT, now=CUT_OFF + DAY)

    assert (FORFEIT, False, []) == (rest.outcome, rest.late, codes(rest))
    assert [True, False] == [
        draw.ending is not None and draw.ending.late for draw in after(rest).draws
    ]
