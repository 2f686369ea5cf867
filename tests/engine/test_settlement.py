"""Settlements: what an act answers, when it is late, and what refuses it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Act,
    Actor,
    Bucket,
    CancellationTerms,
    ClosedRedemptionError,
    CreditOutcome,
    DrawState,
    Finding,
    Package,
    PackageStatus,
    Redemption,
    RedemptionPolicy,
    Settlement,
)
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NO_LIMITS,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    case,
    credit,
    decide,
    ended,
    package,
    redemption,
)

POLICY = RedemptionPolicy()
CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT
CUT_OFF = START - DAY


def codes(settlement: Settlement) -> list[str]:
    """Return the codes of the findings."""
    return [each.code for each in settlement.findings]


def after(settlement: Settlement) -> Redemption:
    """Return the redemption after an act that changed something."""
    assert settlement.change is not None
    return settlement.change.after


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
def test_a_cancellation(  # noqa: PLR0917 (the columns of the table)
    terms: CancellationTerms | None,
    by: Actor,
    now: datetime,
    outcome: CreditOutcome,
    late: bool,
    told: list[str],
) -> None:
    """In time up to and including the cut-off; the business returns always (T22, T23, D09, D12)."""
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


@pytest.mark.parametrize(
    ("terms", "said", "expected"),
    [
        (None, None, RETURN),
        (None, FORFEIT, FORFEIT),
        (FORFEIT_INSIDE_A_DAY, None, FORFEIT),
        (FORFEIT_INSIDE_A_DAY, RETURN, RETURN),
        (RETURN_INSIDE_A_DAY, None, RETURN),
        (replace(FORFEIT_INSIDE_A_DAY, no_show=RETURN), None, RETURN),
        (replace(RETURN_INSIDE_A_DAY, no_show=FORFEIT), None, FORFEIT),
        (replace(RETURN_INSIDE_A_DAY, no_show=FORFEIT), RETURN, RETURN),
    ],
)
def test_a_no_show(
    terms: CancellationTerms | None, said: CreditOutcome | None, expected: CreditOutcome
) -> None:
    """What staff say; else the terms' no-show; else their late; without terms it returns (D16)."""
    settlement = POLICY.no_show(redemption(terms=terms), now=START, outcome=said)

    assert (True, expected, False) == (settlement.allowed, settlement.outcome, settlement.late)


@pytest.mark.parametrize(("now", "expected"), [(START - INSTANT, False), (START, True)])
def test_a_no_show_is_recorded_from_the_start_on(now: datetime, expected: bool) -> None:
    """Before the start nobody can have stayed away (D16)."""
    settlement = POLICY.no_show(redemption(), now=now)

    assert expected is settlement.allowed
    assert ([] if expected else ["appointment_not_started"]) == codes(settlement)


@pytest.mark.parametrize("now", [NOW, START, START + 99 * DAY])
def test_completing_is_possible_at_any_time(now: datetime) -> None:
    """An early client, or a tidy-up months later (D16, D38)."""
    settlement = POLICY.complete(redemption(), now=now)

    assert (True, None, False) == (settlement.allowed, settlement.outcome, settlement.returned)
    assert [(Bucket.RESERVED, Bucket.REDEEMED)] == [
        (m.source, m.target)
        for m in settlement.change.movements  # type: ignore[union-attr]  # allowed
    ]


def test_of_two_services_one_may_be_attended() -> None:
    """Line by line: the facial is completed, the massage was missed and then forgiven (D16)."""
    one = after(POLICY.complete(redemption("facial", "massage"), now=START, lines=[0]))
    both = after(POLICY.no_show(one, now=START, lines=[1]))
    forgiven = POLICY.forgive(both, now=START, note="the bus", lines=[1])

    assert ["redeemed", "forfeited"] == [draw.state for draw in both.draws]
    assert ["redeemed", "returned"] == [draw.state for draw in after(forgiven).draws]
    assert (RETURN, 4) == (forgiven.outcome, after(forgiven).version)


@pytest.mark.parametrize("act", ["cancel", "no_show", "complete", "forgive"])
def test_the_same_act_again_changes_nothing(act: str) -> None:
    """The recorded outcome comes back, whoever asks and whenever (D37)."""
    closed = {
        "cancel": ended(redemption(), Act.CANCEL, DrawState.FORFEITED, [0], by=CLIENT, late=True),
        "no_show": ended(redemption(), Act.NO_SHOW, DrawState.FORFEITED, [0]),
        "complete": ended(redemption(), Act.COMPLETE, DrawState.REDEEMED, [0]),
        "forgive": ended(redemption(), Act.FORGIVE, DrawState.RETURNED, [0]),
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
    """If any credit of the lines asked for was forfeited, so is the outcome; late is the act."""
    moved = replace(redemption("facial", "massage"), starts_at=START + DAY)
    first = after(POLICY.cancel(moved, by=CLIENT, now=CUT_OFF + INSTANT, lines=[0]))
    rest = POLICY.cancel(first, by=BUSINESS, now=CUT_OFF + HOUR)

    assert (True, FORFEIT, False, False) == (rest.allowed, rest.outcome, rest.late, rest.returned)
    assert ["forfeited", "returned"] == [draw.state for draw in after(rest).draws]
    again = POLICY.cancel(after(rest), by=CLIENT, now=START)
    assert (None, FORFEIT, True) == (again.change, again.outcome, again.late)
    second = POLICY.cancel(after(rest), by=CLIENT, now=START, lines=[1])
    assert (None, RETURN, False) == (second.change, second.outcome, second.late)


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


@pytest.mark.parametrize(
    ("today", "usable"),
    [
        (package(), True),
        (package("p1", credit("facial", left=0)), True),
        (package(valid_until=NOW + INSTANT), True),
        (package(valid_until=NOW), False),
        (package(status=PackageStatus.ARCHIVED), False),
        (package(client_id="beth"), False),
        (package("p2"), None),
    ],
)
def test_whether_a_returned_credit_can_be_used(today: Package, usable: bool | None) -> None:
    """Told of the packages of today, and not without them (D13)."""
    found = redemption()
    settlement = POLICY.cancel(found, by=CLIENT, now=NOW, packages=iter([today]))

    assert (True, usable) == (settlement.allowed, settlement.credit_usable)
    again = POLICY.cancel(after(settlement), by=CLIENT, now=NOW, packages=[today])
    assert (None, usable) == (again.change, again.credit_usable)
    assert POLICY.cancel(found, by=CLIENT, now=NOW).credit_usable is None


def test_a_forfeited_credit_is_not_asked_for() -> None:
    """Where nothing returns there is nothing to tell (D13)."""
    late = POLICY.cancel(redemption(), by=CLIENT, now=START - HOUR, packages=[package()])

    assert (FORFEIT, None) == (late.outcome, late.credit_usable)


def test_all_returned_credits_must_be_usable() -> None:
    """One package that is over is enough for a no; one that is missing, for no answer."""
    good, over = package("p1"), package("p2", credit("massage"), valid_until=START + HOUR)
    both = decide(case("facial", "massage", packages=[good, over]), NO_LIMITS).redemption
    assert both is not None

    for held, usable in (([good, over], False), ([good], None), ([over], None)):
        settlement = POLICY.cancel(both, by=BUSINESS, now=START + DAY, packages=held)
        assert usable is settlement.credit_usable
    first = POLICY.cancel(both, by=BUSINESS, now=START + DAY, packages=[good], lines=[0])
    assert first.credit_usable


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
    with pytest.raises(ClosedRedemptionError) as caught:
        POLICY.cancel(
            ended(redemption(), Act.COMPLETE, DrawState.REDEEMED, [0]), by=CLIENT, now=NOW
        )

    assert "line 0 is redeemed by complete already: cancel comes too late" == str(caught.value)
