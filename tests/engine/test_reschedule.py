"""Rescheduling: the credits stay, free-until follows, and what refuses a client (D17)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Act,
    Actor,
    Audience,
    CancellationTerms,
    ClosedRedemptionError,
    CreditOutcome,
    DrawState,
    Ending,
    InvalidValueError,
    Settlement,
)
from tests.helpers.support import (
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NO_LIMITS,
    NOW,
    START,
    after,
    case,
    credit,
    decide,
    ended,
    package,
    redemption,
    rescheduled,
)

CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
CUT_OFF = START - DAY
LATER = START + 7 * DAY


def codes(settlement: Settlement) -> list[tuple[str, str]]:
    """Return the codes of the findings, and what they are about."""
    return [(finding.code, finding.subject) for finding in settlement.findings]


@pytest.mark.parametrize("by", list(Actor))
def test_rescheduling_keeps_the_credits_reserved(by: Actor) -> None:
    """Nothing moves: another start, another cut-off, one version more, and the record of it."""
    settlement = rescheduled(by=by, note="ill")
    found = after(settlement)

    assert (True, None, False, None, False) == (
        settlement.allowed,
        settlement.outcome,
        settlement.late,
        settlement.credit_usable,
        settlement.returned,
    )
    assert settlement.change is not None
    assert ((), redemption().draws) == (settlement.change.movements, found.draws)
    assert (LATER, LATER - DAY, 2) == (found.starts_at, found.free_until, found.version)
    assert START == found.booking.starts_at
    record = Ending(act=Act.RESCHEDULE, at=NOW, by=by, late=False, note="ill")
    assert (record,) == found.reschedules


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CUT_OFF, []),
        (CUT_OFF + INSTANT, ["late_change"]),
        (START - INSTANT, ["late_change"]),
        (START, ["changes_closed", "late_change"]),
    ],
)
def test_a_client_reschedules_in_time(now: datetime, expected: list[str]) -> None:
    """Up to and including the cut-off; the business always (D09, D17, D67)."""
    settlement = rescheduled(now=now)
    by_business = rescheduled(now=now, by=BUSINESS)

    assert [(code, "") for code in expected] == codes(settlement)
    assert (not expected, now > CUT_OFF) == (settlement.allowed, settlement.late)
    assert (None if expected else LATER) == (settlement.change and after(settlement).starts_at)
    assert ([], True, False) == (codes(by_business), by_business.allowed, by_business.late)


def test_without_terms_a_client_reschedules_until_the_start() -> None:
    """Nothing is late where nothing was agreed (D10)."""
    plain = redemption(terms=None)

    assert after(rescheduled(plain, now=START - INSTANT)).free_until is None
    assert [("changes_closed", "")] == codes(rescheduled(plain, now=START))


@pytest.mark.parametrize(
    ("to", "expected"),
    [(NOW - INSTANT, False), (NOW, False), (NOW + INSTANT, True)],
)
def test_a_client_reschedules_into_the_future(to: datetime, expected: bool) -> None:
    """A new start that is not after the present is refused to the client only (D17)."""
    settlement = rescheduled(to=to)

    assert expected is settlement.allowed
    assert ([] if expected else [("new_start_passed", "")]) == codes(settlement)
    assert rescheduled(to=to, by=BUSINESS).allowed


@pytest.mark.parametrize(
    ("to", "found"),
    [
        (START + DAY - INSTANT, "package_not_started"),
        (START + DAY, None),
        (START + 2 * DAY - INSTANT, None),
        (START + 2 * DAY, "package_over_by_then"),
    ],
)
def test_a_client_reschedules_inside_the_validity(to: datetime, found: str | None) -> None:
    """The packages of that day are asked; for the business it is only told (D06, D11, D58)."""
    today = [package(valid_from=START + DAY, valid_until=START + 2 * DAY)]
    expected = [] if found is None else [(found, "p1")]

    by_client = rescheduled(to=to, packages=today)
    assert (found is None, expected) == (by_client.allowed, codes(by_client))
    by_business = rescheduled(to=to, packages=today, by=BUSINESS)
    assert (True, expected) == (by_business.allowed, codes(by_business))


def test_every_refusal_is_given_in_order() -> None:
    """Each package drawn on by its rank, then what refuses the act itself (D22)."""
    packages = [
        package("p1", valid_until=START + HOUR),
        package("p2", credit("massage"), valid_until=START + HOUR, priority=1),
        package("p3", valid_until=NOW),
    ]
    both = decide(case("facial", "massage", packages=packages), NO_LIMITS).redemption
    assert both is not None

    assert [
        ("package_over_by_then", "p2"),
        ("package_over_by_then", "p1"),
        ("changes_closed", ""),
    ] == codes(
        moved := rescheduled(replace(both, booked_at=NOW), now=START, packages=packages[::-1])
    )
    assert "" == moved.findings[-1].subject_name


@pytest.mark.parametrize(
    ("now", "to", "expected"),
    [
        # far ahead: the whole window counts back from the new start
        (NOW, LATER, LATER - DAY),
        # exactly two windows ahead the two rules meet
        (NOW, NOW + 2 * DAY, NOW + DAY),
        (NOW, NOW + 2 * DAY - INSTANT, NOW + DAY),
        # sooner: the client has the whole window to answer
        (NOW, NOW + DAY + HOUR, NOW + DAY),
        (NOW, NOW + DAY, NOW + DAY),
        # sooner than the window: free until the new start, never past it
        (NOW, NOW + DAY - INSTANT, NOW + DAY - INSTANT),
        (NOW, NOW + HOUR, NOW + HOUR),
        (NOW, NOW, NOW),
        (NOW, NOW - HOUR, NOW - HOUR),
    ],
)
def test_the_business_leaves_the_client_the_whole_window(
    now: datetime, to: datetime, expected: datetime
) -> None:
    """Never earlier than the act plus the window, never past the new start (D17)."""
    assert expected == after(rescheduled(now=now, to=to, by=BUSINESS)).free_until


@pytest.mark.parametrize("to", [LATER, NOW + 2 * DAY, NOW + DAY + HOUR, NOW + HOUR])
def test_after_the_client_free_until_counts_back_from_the_new_start(to: datetime) -> None:
    """Who chooses a start inside the window chooses to be late at once (D17)."""
    assert to - DAY == after(rescheduled(to=to)).free_until


@pytest.mark.parametrize(
    ("to", "by"),
    [
        (datetime(9999, 12, 30, tzinfo=START.tzinfo), CLIENT),
        (datetime(1, 1, 2, tzinfo=START.tzinfo), BUSINESS),
    ],
)
def test_the_cut_off_stays_in_the_calendar(to: datetime, by: Actor) -> None:
    """At the ends of the calendar a window is cut short instead of failing."""
    year = CancellationTerms(window=timedelta(days=366), late=CreditOutcome.FORFEIT)
    found = after(
        rescheduled(
            redemption(terms=year, booked_at=START - 400 * DAY), to=to, by=by, now=START - 400 * DAY
        )
    )

    assert to == found.starts_at
    assert found.free_until is not None
    assert found.free_until <= to


def test_the_same_start_again_changes_nothing() -> None:
    """Said twice, or asked for what is so already: allowed, whoever asks and whenever (D37)."""
    once = after(rescheduled())

    for by in Actor:
        again = rescheduled(once, by=by, now=START + 99 * DAY)
        assert (True, None, None, (), False) == (
            again.allowed,
            again.change,
            again.outcome,
            again.findings,
            again.late,
        )
    never = rescheduled(to=START, now=START + DAY)
    assert (True, None) == (never.allowed, never.change)


def test_what_has_ended_is_not_rescheduled() -> None:
    """Closed, unless it is the start that it was rescheduled to before (D37)."""
    ends = ended(redemption(), Act.CANCEL, DrawState.RETURNED, [0])
    with pytest.raises(ClosedRedemptionError, match="booking 'b1' has ended already"):
        rescheduled(ends, packages=[package("p9")])
    with pytest.raises(ClosedRedemptionError):
        rescheduled(ends, to=START, packages=[package("p9")])

    back = after(rescheduled(after(rescheduled()), to=START))
    gone = ended(back, Act.CANCEL, DrawState.RETURNED, [0])
    assert rescheduled(gone, to=START, packages=[package("p9")]).allowed
    with pytest.raises(ClosedRedemptionError):
        rescheduled(gone, to=LATER, packages=[package("p9")])


@pytest.mark.parametrize("to", [LATER, START])
def test_a_package_drawn_on_is_needed(to: datetime) -> None:
    """Without it nobody can tell its validity: broken input, also where nothing would change."""
    with pytest.raises(InvalidValueError) as caught:
        rescheduled(to=to, packages=[package("p2")])

    assert ("packages", ["p2"], "packages that include 'p1'") == (
        caught.value.field,
        caught.value.value,
        caught.value.allowed,
    )


def test_the_text_for_the_client_says_what_to_do() -> None:
    """A refused client hears one sentence, without package or date (D24)."""
    outside = [package(valid_until=START + DAY)]

    assert [
        "it is too late to change this booking online",
        "it is too late to change this booking online",
        "this appointment has already started",
        "this can't be done online: ask the business",
        "your booking has been moved to the new time",
    ] == [
        settlement.explain(Audience.CLIENT)
        for settlement in (
            rescheduled(now=START),
            rescheduled(now=START - INSTANT),
            rescheduled(to=NOW),
            rescheduled(packages=outside),
            rescheduled(),
        )
    ]


def test_a_chain_of_reschedules_is_kept() -> None:
    """Who, when and why, in order; the booking stays as it was made (D36)."""
    twice = after(rescheduled(after(rescheduled()), to=START + DAY, by=BUSINESS, now=NOW + HOUR))

    assert [(CLIENT, NOW), (BUSINESS, NOW + HOUR)] == [(e.by, e.at) for e in twice.reschedules]
    assert (3, START, FORFEIT_INSIDE_A_DAY) == (twice.version, twice.booking.starts_at, twice.terms)


def test_rescheduling_to_the_same_start_tells_whether_the_last_time_was_late() -> None:
    """What was recorded is told again, also of a record that this library would not make."""
    late = Ending(act=Act.RESCHEDULE, at=NOW, by=Actor.CLIENT, late=True)
    again = rescheduled(replace(redemption(), reschedules=(late,)), to=START, by=BUSINESS)

    assert (True, DAY, None) == (again.late, again.window, again.change)

    in_time = replace(late, late=False)
    since = rescheduled(replace(redemption(), reschedules=(late, in_time)), to=START, by=BUSINESS)
    assert (False, None, None) == (since.late, since.window, since.change)
