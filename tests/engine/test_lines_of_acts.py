"""Which lines an act concerns, what is a repeat, and what comes too early (D30, D37, D74)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Actor,
    ClosedRedemptionError,
    CreditOutcome,
    DrawState,
    InvalidValueError,
    Redemption,
    RedemptionPolicy,
    Settlement,
)
from tests.helpers.support import (
    ANA,
    DAY,
    HOUR,
    NOW,
    START,
    account,
    after,
    package,
    redemption,
)

POLICY = RedemptionPolicy()
LATE = START - HOUR
AFTER = START + HOUR
MINUTE = timedelta(minutes=1)
R, F, D, B = DrawState.RESERVED, DrawState.FORFEITED, DrawState.REDEEMED, DrawState.RETURNED


def states(source: Redemption) -> list[DrawState]:
    """Return where the credits stand, in line order."""
    return [draw.state for draw in source.draws]


def two_with_one_cancelled() -> Redemption:
    """Return two lines, of which the client has cancelled the first in time."""
    two = redemption("facial", "mask")
    return after(POLICY.cancel(two, by=Actor.CLIENT, now=NOW, lines=[0]))


def two_missed_one_forgiven() -> Redemption:
    """Return two lines that a no-show forfeited, of which the first is forgiven."""
    missed = after(POLICY.no_show(redemption("facial", "mask"), now=AFTER))
    return after(POLICY.forgive(missed, now=AFTER, note="ill", lines=[0]))


ACTS: dict[str, Callable[[Redemption], Settlement]] = {
    "cancel": lambda source: POLICY.cancel(source, by=Actor.BUSINESS, now=AFTER),
    "no-show": lambda source: POLICY.no_show(source, now=AFTER),
    "complete": lambda source: POLICY.complete(source, now=AFTER),
    "forgive": lambda source: POLICY.forgive(source, now=AFTER, note="a gift"),
}


@pytest.mark.parametrize(
    ("act", "expected"), [("cancel", [B, B]), ("no-show", [B, F]), ("complete", [B, D])]
)
def test_an_act_without_lines_concerns_what_is_still_reserved(
    act: str, expected: list[DrawState]
) -> None:
    """After one line was cancelled, the rest can be cancelled, missed or completed as usual."""
    assert expected == states(after(ACTS[act](two_with_one_cancelled())))


def test_completing_without_lines_takes_what_a_no_show_forfeited_when_nothing_is_reserved() -> None:
    """The client came after all: of what was missed, what is not forgiven is completed."""
    assert [B, D] == states(after(ACTS["complete"](two_missed_one_forgiven())))


def test_forgiving_without_lines_takes_what_is_redeemed_or_forfeited() -> None:
    """A reserved line beside a completed one stays reserved."""
    half = after(POLICY.complete(redemption("facial", "mask"), now=AFTER, lines=[0]))

    assert [B, R] == states(after(ACTS["forgive"](half)))


def test_forgiving_what_is_reserved_as_a_whole_is_broken_input() -> None:
    """There is nothing to forgive in a booking that nothing has ended."""
    with pytest.raises(InvalidValueError, match="lines whose credit is redeemed or forfeited"):
        ACTS["forgive"](redemption("facial", "mask"))


@pytest.mark.parametrize(
    ("ended", "act"),
    [
        (two_with_one_cancelled, "forgive"),
        (lambda: after(ACTS["cancel"](redemption())), "complete"),
        (lambda: after(ACTS["cancel"](redemption())), "no-show"),
        (lambda: after(ACTS["complete"](redemption())), "cancel"),
        (lambda: after(ACTS["no-show"](redemption())), "cancel"),
    ],
)
def test_where_an_act_can_end_nothing_and_never_did_it_comes_too_late(
    ended: Callable[[], Redemption], act: str
) -> None:
    """Another act has closed every line."""
    with pytest.raises(ClosedRedemptionError):
        ACTS[act](ended())


# --- Repeats (D37) --------------------------------------------------------------------------------


def test_a_cancellation_after_it_was_forgiven_changes_nothing() -> None:
    """The late cancellation, sent again after the credit was forgiven, tells how it stands now."""
    late = after(POLICY.cancel(redemption(), by=Actor.CLIENT, now=LATE))
    forgiven = after(POLICY.forgive(late, now=AFTER, note="ill"))

    again = POLICY.cancel(forgiven, by=Actor.CLIENT, now=AFTER)

    assert (True, None, CreditOutcome.RETURN) == (again.allowed, again.change, again.outcome)
    assert again.late


def test_every_act_that_ended_a_line_is_kept() -> None:
    """Who, when, late and why of each act are there after the next one."""
    late = after(POLICY.cancel(redemption(), by=Actor.CLIENT, now=LATE, note="traffic"))
    (draw,) = after(POLICY.forgive(late, now=AFTER, note="ill")).draws

    assert [
        ("cancel", LATE, Actor.CLIENT, True, "traffic"),
        ("forgive", AFTER, Actor.BUSINESS, False, "ill"),
    ] == [(ending.act, ending.at, ending.by, ending.late, ending.note) for ending in draw.endings]
    assert draw.endings[-1] == draw.ending


@pytest.mark.parametrize("first", list(CreditOutcome))
@pytest.mark.parametrize("second", [*CreditOutcome, None])
def test_another_outcome_said_by_staff_is_another_act(
    first: CreditOutcome, second: CreditOutcome | None
) -> None:
    """A no-show that is recorded with another outcome comes too late; the same is a repeat."""
    missed = after(POLICY.no_show(redemption(), now=AFTER, outcome=first))

    if second in {first, None}:
        assert first is POLICY.no_show(missed, now=AFTER, outcome=second).outcome
    else:
        with pytest.raises(ClosedRedemptionError, match="with another outcome"):
            POLICY.no_show(missed, now=AFTER, outcome=second)


def test_the_outcome_of_a_no_show_is_remembered_after_the_client_came() -> None:
    """A no-show that forfeited, then completed, is a repeat as forfeited and no other way."""
    missed = after(POLICY.no_show(redemption(), now=AFTER))
    came = after(POLICY.complete(missed, now=AFTER))

    assert POLICY.no_show(came, now=AFTER, outcome=CreditOutcome.FORFEIT).change is None
    with pytest.raises(ClosedRedemptionError):
        POLICY.no_show(came, now=AFTER, outcome=CreditOutcome.RETURN)


@pytest.mark.parametrize(
    ("first", "forgiven", "outcome"),
    [
        ("complete", [], None),
        ("complete", [0], None),
        ("complete", [0, 1], CreditOutcome.RETURN),
        ("no-show", [], CreditOutcome.FORFEIT),
        ("no-show", [0], CreditOutcome.FORFEIT),
        ("no-show", [0, 1], CreditOutcome.RETURN),
    ],
)
def test_a_repeat_tells_a_return_only_where_every_credit_returned(
    first: str, forgiven: list[int], outcome: CreditOutcome | None
) -> None:
    """Two lines were ended by one act, which is sent again after some of them were forgiven."""
    ended = after(ACTS[first](redemption("facial", "mask")))
    if forgiven:
        ended = after(POLICY.forgive(ended, now=AFTER, note="a gift", lines=forgiven))
    again = ACTS[first](ended)

    assert (None, outcome) == (again.change, again.outcome)


# --- Before it was booked (D74) -------------------------------------------------------------------


def cancel_at(source: Redemption, now: datetime) -> Settlement:
    """Cancel as the client at that instant."""
    return POLICY.cancel(source, by=Actor.CLIENT, now=now)


@pytest.mark.parametrize(
    "early",
    [timedelta(0), timedelta(seconds=0.5), MINUTE],
    ids=["none", "half a second", "a minute"],
)
def test_up_to_a_minute_early_is_another_servers_clock(early: timedelta) -> None:
    """The act counts as done at the moment of booking, and is kept so."""
    (draw,) = after(cancel_at(redemption(), NOW - early)).draws

    assert draw.ending is not None
    assert NOW == draw.ending.at


@pytest.mark.parametrize("early", [MINUTE + timedelta(microseconds=1), 99 * DAY])
def test_more_than_a_minute_early_is_broken_input(early: timedelta) -> None:
    """Nothing is done to a booking before it was made."""
    with pytest.raises(InvalidValueError) as raised:
        cancel_at(redemption(), NOW - early)

    allowed = f"an instant at or after {NOW}, when the booking was made"
    assert ("now", NOW - early, allowed) == raised.value.args


def test_a_move_before_the_booking_was_made_is_broken_input() -> None:
    """A move is an act like any other."""
    with pytest.raises(InvalidValueError, match="when the booking was made"):
        POLICY.reschedule(
            redemption(),
            account=account(),
            client=ANA,
            starts_at=START + DAY,
            by=Actor.BUSINESS,
            now=NOW - DAY,
            packages=[package()],
        )


def test_a_repeat_is_never_refused_for_its_clock() -> None:
    """What changes nothing may come from any clock."""
    done = after(cancel_at(redemption(), NOW))

    assert CreditOutcome.RETURN is cancel_at(done, NOW - 99 * DAY).outcome


def test_booked_late_and_cancelled_late_is_told_once() -> None:
    """Who booked inside the window is told of that, and not that it was ever free."""
    inside = redemption(booked_at=LATE)
    found = cancel_at(inside, LATE + MINUTE).findings
    in_time = cancel_at(redemption(), LATE).findings

    assert ["booked_inside_the_window"] == [finding.code for finding in found]
    assert ["late_cancellation"] == [finding.code for finding in in_time]
