"""When a client's changes close: the one switch between settling late acts and refusing (D67)."""

from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Actor,
    Audience,
    CancellationTerms,
    CreditOutcome,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from tests.helpers.support import (
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NOW,
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
POLICY = RedemptionPolicy(rules.ONLINE)
#: Free until a day before, forfeited after it, and closed from two hours before.
CLOSING = CancellationTerms(window=DAY, late=FORFEIT, changes_close=2 * HOUR)
#: Closed before the window begins: a cancellation is free or not possible.
EARLY = CancellationTerms(window=HOUR, late=FORFEIT, changes_close=12 * HOUR)
CLOSED = "it is too late to change this booking online"


def cancelled(
    left: timedelta,
    source: Redemption | None = None,
    *,
    by: Actor = CLIENT,
    lines: list[int] | None = None,
) -> Settlement:
    """Return what a cancellation does with that much time left."""
    found = source or redemption(terms=CLOSING)
    return POLICY.cancel(found, by=by, now=found.starts_at - left, lines=lines)


def found_by(settlement: Settlement) -> list[tuple[str, dict[str, object]]]:
    """Return what is found, with its facts."""
    return [(each.code, dict(each.facts)) for each in settlement.findings]


@pytest.mark.parametrize(
    ("left", "allowed"),
    [(2 * HOUR + INSTANT, True), (2 * HOUR, True), (2 * HOUR - INSTANT, False), (INSTANT, False)],
)
def test_with_exactly_so_much_left_it_can_still_be_changed(left: timedelta, allowed: bool) -> None:
    """A microsecond later the client is refused, and the business cancels (D67)."""
    settlement = cancelled(left)

    assert allowed is settlement.allowed
    if not allowed:
        assert [("changes_closed", {"open_until": START - 2 * HOUR})] == found_by(settlement)
        assert (None, None, CLOSED) == (
            settlement.change,
            settlement.outcome,
            settlement.explain(Audience.CLIENT),
        )
    assert (True, RETURN, []) == (
        cancelled(left, by=BUSINESS).allowed,
        cancelled(left, by=BUSINESS).outcome,
        found_by(cancelled(left, by=BUSINESS)),
    )


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (12 * HOUR, []),
        (12 * HOUR - INSTANT, ["changes_closed"]),
        (HOUR, ["changes_closed"]),
        (HOUR - INSTANT, ["changes_closed", "late_change"]),
        (timedelta(0), ["changes_closed", "late_change"]),
    ],
)
def test_moves_and_exchanges_close_too(left: timedelta, expected: list[str]) -> None:
    """All that refuses is told; the business moves and exchanges whenever (D67, D71)."""
    found = redemption(terms=EARLY)
    for by in Actor:
        moved = rescheduled(found, now=START - left, by=by)
        exchange = case(
            booking=booking(id="b2", starts_at=START + 7 * DAY),
            existing=found,
            now=START - left,
            by=by,
        )
        refusals = expected if by is CLIENT else []
        assert refusals == [finding.code for finding in moved.findings]
        assert refusals == codes(decide(exchange))


def test_the_default_is_the_start() -> None:
    """Nothing closes earlier, and the start itself is closed (D09)."""
    found = redemption(terms=FORFEIT_INSIDE_A_DAY)

    assert START == found.open_until(0) == redemption(terms=None).open_until(0)
    assert [True, False] == [cancelled(left, found).allowed for left in (INSTANT, timedelta(0))]
    assert [("changes_closed", {"open_until": START})] == found_by(cancelled(timedelta(0), found))


@pytest.mark.parametrize("act", ["complete", "no_show", "forgive"])
def test_what_the_business_records_never_closes(act: str) -> None:
    """Completing, a no-show and forgiving are no changes of the client's (D67)."""
    found = redemption(terms=CLOSING)
    done = after(POLICY.complete(found, now=START))
    settlement = {
        "complete": lambda: POLICY.complete(found, now=START - HOUR),
        "no_show": lambda: POLICY.no_show(found, now=START),
        "forgive": lambda: POLICY.forgive(done, now=START, note="ill"),
    }[act]()

    assert settlement.allowed


def test_what_was_cancelled_in_time_is_a_repeat_when_it_has_closed() -> None:
    """A repeat is never refused (D37)."""
    done = after(cancelled(2 * DAY))
    again = cancelled(INSTANT, done)

    assert (True, None, RETURN) == (again.allowed, again.change, again.outcome)


FACIAL = package("p1", credit("facial"), cancellation=CLOSING)
MASSAGE = package("p2", credit("massage"), cancellation=EARLY)
MASK = package("p3", credit("mask"))


def three(terms: CancellationTerms | None = None) -> Redemption:
    """Return a booking of which two lines close before the start, at different times."""
    asked = case(
        "facial",
        "massage",
        "mask",
        account=account(cancellation=terms),
        packages=[FACIAL, MASSAGE, MASK],
    )
    found = decide(asked, rules.ONLINE).redemption
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("left", "lines", "open_until"),
    [
        (12 * HOUR, None, None),
        (12 * HOUR - INSTANT, None, START - 12 * HOUR),
        (12 * HOUR - INSTANT, [0, 2], None),
        (12 * HOUR - INSTANT, [1], START - 12 * HOUR),
        (2 * HOUR - INSTANT, [0, 2], START - 2 * HOUR),
        (INSTANT, None, START - 12 * HOUR),
        (INSTANT, [2], None),
        (timedelta(0), [2], START),
    ],
)
def test_one_closed_line_refuses_the_whole_act(
    left: timedelta, lines: list[int] | None, open_until: datetime | None
) -> None:
    """What is open can be cancelled by itself; the first end is told (D67, D30)."""
    settlement = cancelled(left, three(), lines=lines)
    expected = [] if open_until is None else [("changes_closed", {"open_until": open_until})]

    assert open_until is None or settlement.change is None
    assert expected == [
        (code, facts) for code, facts in found_by(settlement) if code == "changes_closed"
    ]


def test_a_line_that_has_ended_closes_nothing() -> None:
    """Once the massage is given up, the rest is open until its own time (D67)."""
    rest = after(cancelled(2 * DAY, three(), lines=[1]))

    assert [True, False] == [
        cancelled(left, rest).allowed for left in (2 * HOUR, 2 * HOUR - INSTANT)
    ]
    assert START - 2 * HOUR == rest.schedule[-1][0]


def refundable(left: timedelta, terms: CancellationTerms) -> bool:
    """Return whether a facial booked so late could be cancelled at once for its credit."""
    return decide(
        case(account=account(cancellation=terms), now=START - left), rules.ONLINE
    ).refund_on_cancel


def test_what_is_closed_when_it_is_booked_is_not_refunded() -> None:
    """Booked with exactly so much left it still is, if its window allows (D67)."""
    late_returns = CancellationTerms(window=DAY, late=RETURN, changes_close=2 * HOUR)

    assert [True, True, False] == [
        refundable(left, late_returns) for left in (DAY, 2 * HOUR, 2 * HOUR - INSTANT)
    ]
    assert [True, False] == [refundable(left, EARLY) for left in (12 * HOUR, 12 * HOUR - INSTANT)]


@pytest.mark.parametrize(
    ("terms", "booked_at", "expected"),
    [
        (CLOSING, NOW, [(START - DAY, RETURN, False), (START - 2 * HOUR, FORFEIT, True)]),
        (CLOSING, START - 2 * HOUR, [(START - 2 * HOUR, FORFEIT, True)]),
        (CLOSING, START - 2 * HOUR + INSTANT, []),
        (EARLY, NOW, [(START - 12 * HOUR, RETURN, False)]),
        (EARLY, START - 12 * HOUR, [(START - 12 * HOUR, RETURN, False)]),
        (EARLY, START - 12 * HOUR + INSTANT, []),
    ],
)
def test_the_schedule_ends_when_changes_close(
    terms: CancellationTerms,
    booked_at: datetime,
    expected: list[tuple[datetime, CreditOutcome, bool]],
) -> None:
    """The last step includes its end, and what is closed from the beginning has none (D67)."""
    assert tuple(expected) == redemption(terms=terms, booked_at=booked_at).schedule


def test_a_schedule_closes_with_the_first_of_its_lines() -> None:
    """Each line's own ends later or not at all (D67)."""
    found = three()

    assert (
        (START - DAY, RETURN, False),
        (START - 12 * HOUR, FORFEIT, True),
    ) == found.schedule
    assert [
        ((START - DAY, RETURN, False), (START - 2 * HOUR, FORFEIT, True)),
        ((START - 12 * HOUR, RETURN, False),),
        ((START, RETURN, False),),
    ] == [found.schedule_of(line) for line in (0, 1, 2)]


def moved_by_business(notice: timedelta, terms: CancellationTerms) -> Redemption:
    """Return a facial that the business moved to a start so much later than the move."""
    new = START + 7 * DAY
    return after(rescheduled(redemption(terms=terms), to=new, by=BUSINESS, now=new - notice))


@pytest.mark.parametrize(
    ("notice", "open_for"),
    [
        # The window is a day: free until the move plus a day, which is later than it closes.
        (DAY + HOUR, HOUR),
        (DAY + 2 * HOUR - INSTANT, 2 * HOUR - INSTANT),
        # Free until earlier than it closes: it closes as ever.
        (DAY + 2 * HOUR, 2 * HOUR),
        (DAY + 2 * HOUR + INSTANT, 2 * HOUR),
        (2 * DAY - INSTANT, 2 * HOUR),
        # The window that the move leaves is the one of the new start: nothing is extended.
        (2 * DAY, 2 * HOUR),
        # Moved so near that all of it is free: open until the start.
        (DAY, timedelta(0)),
        (HOUR, timedelta(0)),
    ],
)
def test_what_the_business_moved_is_open_at_least_until_it_is_free(
    notice: timedelta, open_for: timedelta
) -> None:
    """The client didn't choose it, so that he may act until then (D67, D17)."""
    found = moved_by_business(notice, CLOSING)
    ends = found.starts_at - open_for

    assert ends == found.open_until(0)
    last = ends if open_for else ends - INSTANT
    for at, allowed in ((last, True), (last + INSTANT, False)):
        assert allowed is POLICY.cancel(found, by=CLIENT, now=at).allowed
    assert ends == found.schedule[-1][0]


def test_what_the_client_moved_closes_as_ever() -> None:
    """Only the business's move extends anything (D67)."""
    new = START + 7 * DAY
    found = after(rescheduled(redemption(terms=CLOSING), to=new))

    assert new - 2 * HOUR == found.open_until(0)


def test_closing_before_the_window_begins_is_not_an_extension() -> None:
    """Free until an hour before and closed twelve before: it closes twelve before (D67)."""
    found = redemption(terms=EARLY)

    assert (START - HOUR, START - 12 * HOUR) == (found.free_until, found.open_until(0))
    assert START + 7 * DAY - 12 * HOUR == moved_by_business(9 * DAY, EARLY).open_until(0)


def test_extended_beyond_the_window_it_is_open_until_it_is_no_longer_free() -> None:
    """Moved by the business to half an hour from now: open until the start (D67)."""
    found = moved_by_business(HOUR / 2, EARLY)

    assert found.starts_at == found.open_until(0)
    assert ((found.starts_at, RETURN, False),) == found.schedule


@pytest.mark.parametrize(
    ("notice", "free_for"),
    [
        (6 * HOUR, HOUR),
        (2 * HOUR, HOUR),
        (2 * HOUR - INSTANT, HOUR - INSTANT),
        (HOUR + INSTANT, INSTANT),
    ],
)
def test_the_business_leaves_the_window_and_not_the_time_until_changes_close(
    notice: timedelta, free_for: timedelta
) -> None:
    """Free for an hour from the move, however early changes close under these terms (D17, D67)."""
    found = moved_by_business(notice, EARLY)
    extended = free_for < HOUR

    assert found.starts_at - free_for == found.free_until
    assert found.starts_at - (free_for if extended else 12 * HOUR) == found.open_until(0)
