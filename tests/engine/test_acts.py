"""Acts: the whole table of what each act does to a credit in each state, and to several lines."""

from typing import TypeAlias

import pytest

from pkgredeem import (
    Act,
    Actor,
    Bucket,
    ClosedRedemptionError,
    CreditOutcome,
    DrawState,
    InvalidValueError,
    Redemption,
    RedemptionPolicy,
    Settlement,
)
from pkgredeem._engine.moves import release
from pkgredeem._model.draws import STEPS
from tests.helpers.support import (
    ANA,
    DAY,
    NO_LIMITS,
    NOW,
    START,
    account,
    after,
    booking,
    case,
    credit,
    decide,
    ended,
    package,
    redemption,
    rescheduled,
)

POLICY = RedemptionPolicy()
State: TypeAlias = tuple[Act | None, DrawState]
CANCEL, NO_SHOW, COMPLETE, FORGIVE, RESCHEDULE = (
    Act.CANCEL,
    Act.NO_SHOW,
    Act.COMPLETE,
    Act.FORGIVE,
    Act.RESCHEDULE,
)
RESERVED, REDEEMED, RETURNED, FORFEITED = DrawState
AVAILABLE = Bucket.AVAILABLE
SAME, CLOSED, INVALID = "changes nothing", "ClosedRedemptionError", "InvalidValueError"

#: What an act makes of a credit whose line is in that state, put there by that act.
#: Cancelling is the client's in time, the no-show takes the credit, rescheduling is a day later.
TABLE: dict[State, dict[Act, DrawState | str]] = {
    (None, RESERVED): {
        CANCEL: RETURNED,
        NO_SHOW: FORFEITED,
        COMPLETE: REDEEMED,
        FORGIVE: INVALID,
        RESCHEDULE: RESERVED,
    },
    (CANCEL, RETURNED): {
        CANCEL: SAME,
        NO_SHOW: CLOSED,
        COMPLETE: CLOSED,
        FORGIVE: CLOSED,
        RESCHEDULE: CLOSED,
    },
    (CANCEL, FORFEITED): {
        CANCEL: SAME,
        NO_SHOW: CLOSED,
        COMPLETE: CLOSED,
        FORGIVE: RETURNED,
        RESCHEDULE: CLOSED,
    },
    (NO_SHOW, RETURNED): {
        CANCEL: CLOSED,
        NO_SHOW: SAME,
        COMPLETE: CLOSED,
        FORGIVE: CLOSED,
        RESCHEDULE: CLOSED,
    },
    (NO_SHOW, FORFEITED): {
        CANCEL: CLOSED,
        NO_SHOW: SAME,
        COMPLETE: REDEEMED,
        FORGIVE: RETURNED,
        RESCHEDULE: CLOSED,
    },
    (COMPLETE, REDEEMED): {
        CANCEL: CLOSED,
        NO_SHOW: CLOSED,
        COMPLETE: SAME,
        FORGIVE: RETURNED,
        RESCHEDULE: CLOSED,
    },
    (FORGIVE, RETURNED): {
        CANCEL: CLOSED,
        NO_SHOW: CLOSED,
        COMPLETE: CLOSED,
        FORGIVE: SAME,
        RESCHEDULE: CLOSED,
    },
}
EACH = [(state, act, made) for state, row in TABLE.items() for act, made in row.items()]
BUCKET = {
    RESERVED: Bucket.RESERVED,
    REDEEMED: Bucket.REDEEMED,
    RETURNED: Bucket.AVAILABLE,
    FORFEITED: Bucket.FORFEITED,
}


def in_state(state: State, *services: str) -> Redemption:
    """Return a redemption whose first line was put into that state."""
    act, made = state
    found = redemption(*services)
    return found if act is None else ended(found, act, made, [0])


def done(act: Act, found: Redemption, lines: list[int] | None = None) -> Settlement:
    """Do the act at a time when it is allowed."""
    if act is CANCEL:
        return POLICY.cancel(found, by=Actor.CLIENT, now=NOW, lines=lines)
    if act is NO_SHOW:
        return POLICY.no_show(found, now=START, lines=lines)
    if act is COMPLETE:
        return POLICY.complete(found, now=START, lines=lines)
    if act is FORGIVE:
        return POLICY.forgive(found, now=START, note="unhappy", lines=lines)
    return rescheduled(found, to=START + DAY)


@pytest.mark.parametrize(("state", "act", "made"), EACH)
def test_what_an_act_does_in_a_state(state: State, act: Act, made: DrawState | str) -> None:
    """One cell of the table: the new state, no change at all, or an error."""
    found = in_state(state)
    if isinstance(made, DrawState):
        change = done(act, found).change
        assert change is not None
        assert (found, found.version + 1) == (change.before, change.after.version)
        (draw,) = change.after.draws
        assert made is draw.state
        assert act is RESCHEDULE or (draw.ending is not None and act is draw.ending.act)
        moved = [] if act is RESCHEDULE else [(1, BUCKET[state[1]], BUCKET[made], act)]
        assert moved == [(m.credits, m.source, m.target, m.act) for m in change.movements]
    elif made == SAME:
        settlement = done(act, found)
        assert (True, None) == (settlement.allowed, settlement.change)
    else:
        with pytest.raises((ClosedRedemptionError, InvalidValueError)) as caught:
            done(act, found)
        assert made == type(caught.value).__name__


def test_the_table_is_that_of_the_library() -> None:
    """Each way from state to state in the library's table is a cell above, and the other way."""
    known = {
        (act, state, made, after if (act, state) == (COMPLETE, FORFEITED) else None)
        for (after, state), act, made in EACH
        if isinstance(made, DrawState)
    }
    # Two ways depend on what terms or staff say.
    known |= {(CANCEL, RESERVED, FORFEITED, None), (NO_SHOW, RESERVED, RETURNED, None)}

    assert known == {(step.act, step.source, step.target, step.after) for step in STEPS}


@pytest.mark.parametrize(("state", "act", "made"), EACH)
def test_the_other_line_is_left_alone(state: State, act: Act, made: DrawState | str) -> None:
    """An act on one line of two leaves the other as it was (D30)."""
    found = in_state(state, "facial", "massage")
    if act is RESCHEDULE or made in {CLOSED, INVALID}:
        return
    change = done(act, found, [0]).change
    assert RESERVED is (found if change is None else change.after).draws[1].state


@pytest.mark.parametrize("state", [state for state, row in TABLE.items() if row[CANCEL] == CLOSED])
def test_an_act_on_named_lines_stumbles_over_a_closed_one(state: State) -> None:
    """A line that is named and ended otherwise closes the act; unnamed it is left alone (D30)."""
    found = in_state(state, "facial", "massage")
    with pytest.raises(ClosedRedemptionError, match=r"line 0 is .* already: cancel comes too late"):
        done(CANCEL, found, [0, 1])

    assert [state[1], RETURNED] == [draw.state for draw in after(done(CANCEL, found)).draws]


def test_an_act_on_all_lines_ends_those_that_are_left() -> None:
    """A line that the same act ended before is skipped, and its credit does not move twice."""
    found = in_state((CANCEL, RETURNED), "facial", "massage")
    settlement = done(CANCEL, found)

    assert settlement.change is not None
    assert ["massage"] == [each.entitlement_id for each in settlement.change.movements]
    assert found.draws[0] == settlement.change.after.draws[0]


def test_a_partly_ended_redemption_is_rescheduled_as_far_as_it_is_reserved() -> None:
    """Only packages of reserved credits are asked for, and what ended stays as it ended."""
    packages = [package("p1"), package("p2", credit("massage"))]
    both = decide(case("facial", "massage", packages=packages), NO_LIMITS).redemption
    assert both is not None
    one = after(POLICY.cancel(both, by=Actor.CLIENT, now=NOW, lines=[0]))

    moved = rescheduled(one, to=START + DAY, packages=packages[1:]).change
    assert moved is not None
    assert one.draws[1] == moved.after.draws[1]
    assert (RETURNED, Act.CANCEL) == (
        moved.after.draws[0].state,
        moved.after.draws[0].endings[0].act,
    )
    assert () == moved.movements


def test_movements_are_counted_and_sorted() -> None:
    """One for each entitlement and pair of buckets, sorted by package, entitlement and buckets."""
    packages = [
        package("p2", credit("facial", left=2), priority=1),
        package("p1", credit("facial"), credit("massage")),
    ]
    asked = case("facial", "facial", "facial", "massage", packages=packages)
    booked = decide(asked, NO_LIMITS)
    assert booked.change is not None
    found = ended(booked.change.after, NO_SHOW, FORFEITED, [0])
    completed = done(COMPLETE, found, [0, 1, 2, 3]).change
    assert completed is not None

    assert [("p1", "facial", 1), ("p1", "massage", 1), ("p2", "facial", 2)] == [
        (m.package_id, m.entitlement_id, m.credits) for m in booked.change.movements
    ]
    assert [
        ("p1", "facial", 1, "reserved", "redeemed"),
        ("p1", "massage", 1, "reserved", "redeemed"),
        ("p2", "facial", 1, "forfeited", "redeemed"),
        ("p2", "facial", 1, "reserved", "redeemed"),
    ] == [
        (m.package_id, m.entitlement_id, m.credits, m.source, m.target) for m in completed.movements
    ]


def test_an_exchange_gives_back_what_is_reserved() -> None:
    """The old booking's reserved credits return, late or not; one that ended has none (D21)."""
    found = ended(redemption("facial", "massage"), NO_SHOW, FORFEITED, [0])
    asked = case(
        booking=booking(id="b2", starts_at=START + DAY),
        packages=[package("p1", credit("facial"), credit("massage"))],
        existing=found,
        by=Actor.BUSINESS,
        now=START,
        note="another basket",
    )
    change = release(asked, found)

    assert ["forfeited", "returned"] == [draw.state for draw in change.after.draws]
    assert [("massage", CANCEL, Actor.BUSINESS, "another basket")] == [
        (m.entitlement_id, m.act, m.by, m.note) for m in change.movements
    ]
    with pytest.raises(ClosedRedemptionError, match="booking 'b1' has ended already"):
        release(asked, change.after)


@pytest.mark.parametrize("said", list(CreditOutcome))
def test_a_credit_that_comes_back_is_available_again(said: CreditOutcome) -> None:
    """Through whichever bucket it went, what returns is available in the same entitlement."""
    missed = POLICY.no_show(redemption(), now=START, outcome=said).change
    assert missed is not None
    settlement = missed
    if said is CreditOutcome.FORFEIT:
        forgiven = done(FORGIVE, missed.after).change
        assert forgiven is not None
        settlement = forgiven

    assert [("p1", "facial", AVAILABLE, 1)] == [
        (m.package_id, m.entitlement_id, m.target, m.available_delta) for m in settlement.movements
    ]


def test_a_note_is_empty_unless_it_is_given() -> None:
    """Nothing is written where nobody wrote anything."""
    policy, made = RedemptionPolicy(), redemption("facial", "massage")
    decision = policy.decide(
        account=account(), client=ANA, packages=[package()], booking=booking(), now=NOW
    )
    settlements: list[Settlement] = [
        policy.cancel(made, by=Actor.CLIENT, now=NOW),
        policy.no_show(made, now=START),
        policy.complete(made, now=NOW),
    ]
    moved = policy.reschedule(
        redemption(),
        account=account(),
        client=ANA,
        starts_at=START + DAY,
        by=Actor.CLIENT,
        now=NOW,
        packages=[package()],
    )

    assert decision.note == ""
    assert [""] * 3 == [
        settlement.change.movements[0].note
        for settlement in settlements
        if settlement.change is not None
    ]
    assert after(moved).reschedules[0].note == ""
