"""Whose terms judge a line: those of its package, else the account's, as they were (D60, D11)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    CancellationTerms,
    CreditOutcome,
    Draw,
    InvalidValueError,
    Redemption,
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
from tests.helpers.two_terms import (
    BOTH,
    BUSINESS,
    CLIENT,
    FACIAL,
    FORFEIT,
    MASSAGE,
    PACK,
    POLICY,
    RETURN,
    TIERED,
    booked,
    cancelled,
    found_by,
    terms_in,
)

NEW = START + 7 * DAY


def test_each_draw_keeps_the_terms_that_differ() -> None:
    """The redemption's are the account's; a draw under them says nothing (D60)."""
    found = booked()

    assert (FORFEIT_INSIDE_A_DAY, START - DAY) == (found.terms, found.free_until)
    assert [(TIERED, START - 12 * HOUR), (None, None)] == terms_in(found)
    assert [TIERED, FORFEIT_INSIDE_A_DAY] == [found.terms_of(line) for line in (0, 1)]
    assert [START - 12 * HOUR, START - DAY] == [found.free_until_of(line) for line in (0, 1)]


@pytest.mark.parametrize(
    ("of_package", "of_account", "kept"),
    [
        (TIERED, TIERED, None),
        (replace(TIERED), TIERED, None),
        (TIERED, None, TIERED),
        (TIERED, replace(TIERED, changes_close=INSTANT), TIERED),
        (None, TIERED, None),
        (None, None, None),
    ],
)
def test_terms_that_do_not_differ_are_not_kept_twice(
    of_package: CancellationTerms | None,
    of_account: CancellationTerms | None,
    kept: CancellationTerms | None,
) -> None:
    """Equal is equal, whoever wrote it; a package without terms has the account's (D60)."""
    sold = package(cancellation=of_package)
    found = booked(sold, terms=of_account, services=("facial",))

    assert kept == found.draws[0].terms
    assert (of_package or of_account) == found.terms_of(0)


def test_an_account_without_terms_leaves_the_other_lines_free() -> None:
    """The package's own judge its line; the other can be cancelled until the start (D10, D60)."""
    found = booked(terms=None)

    assert (None, None) == (found.terms, found.free_until)
    assert [START - 12 * HOUR, None] == [found.free_until_of(line) for line in (0, 1)]
    assert (True, 3 * HOUR) == (cancelled(HOUR, found).late, cancelled(HOUR, found).window)
    massage = cancelled(INSTANT, found, MASSAGE)
    assert (RETURN, False, None) == (massage.outcome, massage.late, massage.window)
    assert (
        (START - 12 * HOUR, RETURN, False),
        (START - 3 * HOUR, RETURN, True),
        (START, FORFEIT, True),
    ) == found.schedule


@pytest.mark.parametrize("line", [2, -1, 7])
def test_only_a_line_that_a_credit_pays_for_has_terms(line: int) -> None:
    """Asked of another one the error lists those there are."""
    found = booked()
    for ask in (found.terms_of, found.free_until_of, found.open_until, found.schedule_of):
        with pytest.raises(InvalidValueError) as caught:
            ask(line)
        assert ("line", line, "a line that a credit pays for, of [0, 1]") == caught.value.args


@pytest.mark.parametrize(
    ("left", "lines", "outcome", "window"),
    [
        (DAY, None, RETURN, None),
        (DAY - INSTANT, None, FORFEIT, DAY),
        (DAY - INSTANT, FACIAL, RETURN, None),
        (DAY - INSTANT, MASSAGE, FORFEIT, DAY),
        (12 * HOUR, FACIAL, RETURN, None),
        (11 * HOUR, FACIAL, RETURN, 12 * HOUR),
        (11 * HOUR, MASSAGE, FORFEIT, DAY),
        (11 * HOUR, None, FORFEIT, 12 * HOUR),
        (2 * HOUR, FACIAL, FORFEIT, 3 * HOUR),
        (2 * HOUR, None, FORFEIT, 3 * HOUR),
    ],
)
def test_each_line_is_cancelled_by_its_own_terms(
    left: timedelta, lines: list[int] | None, outcome: CreditOutcome, window: timedelta | None
) -> None:
    """Of several late lines the smallest window is told, and any forfeited credit (D60, D61)."""
    settlement = cancelled(left, lines=lines)

    assert (outcome, window is not None, window) == (
        settlement.outcome,
        settlement.late,
        settlement.window,
    )


def test_each_line_keeps_how_it_ended() -> None:
    """One late, one not: each ending says its own, and the note tells the cut-off (D37, D61)."""
    settlement = cancelled(13 * HOUR)
    found = [
        (draw.state.value, ending.late, ending.window)
        for draw in after(settlement).draws
        for ending in draw.endings
    ]

    assert [("returned", False, None), ("forfeited", True, None)] == found
    assert [("late_cancellation", {"free_until": START - DAY})] == found_by(settlement)


def test_a_line_after_the_other() -> None:
    """A partial cancellation under two kinds of terms: first the facial, then the massage (D30)."""
    first = cancelled(13 * HOUR, lines=FACIAL)
    assert (RETURN, False) == (first.outcome, first.late)
    assert ((START - DAY, RETURN, False), (START, FORFEIT, True)) == after(first).schedule

    second = cancelled(11 * HOUR, after(first))
    assert (FORFEIT, DAY) == (second.outcome, second.window)
    assert () == after(second).schedule
    again = cancelled(timedelta(0), after(second))
    assert (None, FORFEIT, True, DAY) == (again.change, again.outcome, again.late, again.window)


def test_a_repeat_tells_the_window_of_the_terms_of_the_package() -> None:
    """Terms without tiers have one window, which no ending keeps: it is theirs (D37, D60)."""
    own = CancellationTerms(window=6 * HOUR, late=FORFEIT)
    first = cancelled(HOUR, booked(package(cancellation=own), services=("facial",)))
    again = cancelled(timedelta(0), after(first))

    assert (FORFEIT, 6 * HOUR) == (first.outcome, first.window)
    assert (None, FORFEIT, 6 * HOUR) == (again.change, again.outcome, again.window)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (FACIAL, [(START - 12 * HOUR, RETURN, False), (START - 3 * HOUR, RETURN, True)]),
        (MASSAGE, [(START - DAY, RETURN, False)]),
    ],
)
def test_each_line_has_a_schedule_of_its_own(
    lines: list[int], expected: list[tuple[datetime, CreditOutcome, bool]]
) -> None:
    """That of the whole has a step for each window of either (D33, D61)."""
    found = booked()

    assert (*expected, (START, FORFEIT, True)) == found.schedule_of(lines[0])
    assert (
        (START - DAY, RETURN, False),
        (START - 12 * HOUR, FORFEIT, True),
        (START - 3 * HOUR, FORFEIT, True),
        (START, FORFEIT, True),
    ) == found.schedule
    assert () == after(cancelled(2 * DAY, found, lines)).schedule_of(lines[0])


@pytest.mark.parametrize(
    ("left", "source", "refused"),
    [
        (DAY, booked(), False),
        (DAY - INSTANT, booked(), True),
        (13 * HOUR, after(cancelled(2 * DAY, lines=MASSAGE)), False),
        (12 * HOUR, after(cancelled(2 * DAY, lines=MASSAGE)), False),
        (12 * HOUR - INSTANT, after(cancelled(2 * DAY, lines=MASSAGE)), True),
        (13 * HOUR, after(cancelled(2 * DAY, lines=FACIAL)), True),
    ],
)
def test_a_change_is_late_when_any_reserved_line_says_so(
    left: timedelta, source: Redemption, refused: bool
) -> None:
    """Moved or exchanged; a line that has ended no longer counts (D60, D17, D71)."""
    moved = rescheduled(source, now=START - left, packages=BOTH)
    exchange = case(
        booking=booking(id="b2", starts_at=START + 7 * DAY),
        packages=BOTH,
        existing=source,
        now=START - left,
    )

    expected = ["late_change"] if refused else []
    assert expected == [finding.code for finding in moved.findings]
    assert expected == codes(decide(exchange, rules.ONLINE))


def test_what_is_late_is_told_by_the_first_cut_off() -> None:
    """A whole booking is changed in time until the first of its lines is late (D60)."""
    moved = rescheduled(booked(), now=START - 11 * HOUR, packages=BOTH)

    assert [("late_change", {"free_until": START - DAY})] == found_by(moved)
    assert 12 * HOUR == moved.window


@pytest.mark.parametrize("window", [6 * HOUR, 36 * HOUR], ids=["shorter", "longer"])
@pytest.mark.parametrize("of_account", [FORFEIT_INSIDE_A_DAY, None], ids=["a day", "none"])
def test_the_cut_off_that_is_told_is_that_of_the_lines_concerned(
    window: timedelta, of_account: CancellationTerms | None
) -> None:
    """Where the package's terms judge all of them, nobody is told the account's (D60).

    Of what is moved, exchanged and cancelled; of a line that has ended already no more than of one
    that was never there.
    """
    own = CancellationTerms(window=window, late=FORFEIT)
    plan = package("p1", credit("facial"), cancellation=own)
    alone = booked(plan, terms=of_account, services=("facial",))
    left_over = after(cancelled(3 * DAY, booked(plan, PACK, terms=of_account), MASSAGE))
    told = [{"free_until": START - window}]
    for source in (alone, left_over):
        moved = rescheduled(source, now=START - HOUR, packages=[plan, PACK])
        exchange = decide(
            case(
                account=account(cancellation=of_account),
                booking=booking(id="b2", starts_at=NEW),
                packages=[plan, PACK],
                existing=source,
                now=START - HOUR,
            ),
            rules.ONLINE,
        )

        assert told == [facts for code, facts in found_by(moved) if code == "late_change"]
        assert told == [dict(one.facts) for one in exchange.reasons if one.code == "late_change"]
        assert [("late_cancellation", *told)] == found_by(cancelled(HOUR, source))


@pytest.mark.parametrize(("lines", "closes"), [(FACIAL, 2 * HOUR), (MASSAGE, 5 * HOUR)])
def test_until_when_it_was_open_is_that_of_the_lines_concerned(
    lines: list[int], closes: timedelta
) -> None:
    """The facial's package closes two hours before, the account five: each line is told its own."""
    plan = package("p1", credit("facial"), cancellation=replace(TIERED, changes_close=2 * HOUR))
    terms = replace(FORFEIT_INSIDE_A_DAY, changes_close=5 * HOUR)
    source = booked(plan, PACK, terms=terms)

    one, both = (cancelled(HOUR, source, asked) for asked in (lines, None))
    assert [("changes_closed", {"open_until": START - closes})] == found_by(one)
    assert [("changes_closed", {"open_until": START - 5 * HOUR})] == found_by(both)


def test_a_client_takes_each_free_until_along() -> None:
    """Each window is counted back from the new start (D17, D60)."""
    found = after(rescheduled(booked(), to=NEW, packages=BOTH))

    assert NEW - DAY == found.free_until
    assert [(TIERED, NEW - 12 * HOUR), (None, None)] == terms_in(found)

    sooner = after(
        rescheduled(booked(), to=START - 14 * HOUR, now=START - 30 * HOUR, packages=BOTH)
    )

    assert [START - 26 * HOUR, START - 38 * HOUR] == [sooner.free_until_of(each) for each in (0, 1)]


@pytest.mark.parametrize(
    ("notice", "of_plan", "of_account"),
    [
        (2 * DAY, 12 * HOUR, DAY),
        (DAY + 12 * HOUR, 12 * HOUR, 12 * HOUR),
        (DAY, 12 * HOUR, timedelta(0)),
        (18 * HOUR, 6 * HOUR, timedelta(0)),
        (12 * HOUR, timedelta(0), timedelta(0)),
        (HOUR, timedelta(0), timedelta(0)),
    ],
)
def test_the_business_leaves_each_line_its_whole_window(
    notice: timedelta, of_plan: timedelta, of_account: timedelta
) -> None:
    """Never earlier than the move plus the window, and never past the new start (D17, D60)."""
    moved = rescheduled(booked(), to=NEW, by=BUSINESS, now=NEW - notice, packages=BOTH)
    found = after(moved)

    assert [NEW - of_plan, NEW - of_account] == [found.free_until_of(line) for line in (0, 1)]
    assert not moved.late
    assert found.draws[1].free_until is None


def test_what_has_ended_keeps_its_free_until() -> None:
    """Only what moves is moved (D54, D60)."""
    one = after(cancelled(2 * DAY, lines=FACIAL))
    found = after(rescheduled(one, to=NEW, packages=BOTH))

    assert [(TIERED, START - 12 * HOUR), (None, None)] == terms_in(found)
    assert START == found.draws[0].endings[0].starts_at


def test_terms_that_change_later_touch_nothing() -> None:
    """Neither the package's nor the account's of today are asked (D11)."""
    strict = CancellationTerms(window=9 * DAY, late=FORFEIT)
    today = [replace(sold, cancellation=strict) for sold in BOTH]
    settlement = POLICY.cancel(booked(), by=CLIENT, now=START - DAY, packages=today)
    moved = rescheduled(booked(), to=NEW, packages=today)

    assert (RETURN, False, True) == (settlement.outcome, settlement.late, settlement.credit_usable)
    assert [(TIERED, NEW - 12 * HOUR), (None, None)] == terms_in(after(moved))


def test_a_proposal_is_what_is_committed() -> None:
    """The draws of the change carry the terms that the redemption tells (D14)."""
    asked = case("facial", "massage", account=account(cancellation=None), packages=BOTH)
    change = decide(asked, rules.ONLINE).change
    assert change is not None

    kept = Draw(
        line=0,
        package_id="p1",
        entitlement_id="facial",
        service_id="facial",
        terms=TIERED,
        free_until=START - 12 * HOUR,
    )
    assert (kept, replace(redemption("massage").draws[0], line=1, package_id="p2")) == (
        change.after.draws
    )


def test_what_can_be_cancelled_free_is_told_by_the_packages_terms_too() -> None:
    """An hour before the start, where the account has no terms and the package has (D60)."""
    strict = package(cancellation=FORFEIT_INSIDE_A_DAY)
    asked = case(packages=[strict], starts_at=NOW + HOUR)

    assert (True, False) == (decide(asked).eligible, decide(asked).refund_on_cancel)
    assert decide(replace(asked, packages=(package(),))).refund_on_cancel
