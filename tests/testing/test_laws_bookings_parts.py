"""Each start, instant and fact that a law of bookings tries tells a fault that no other does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import pytest

from pkgredeem import (
    Actor,
    CancellationTerms,
    Case,
    Cover,
    CreditOutcome,
    Decision,
    Hours,
    RedemptionDesk,
    RedemptionPolicy,
    Restrictions,
    Scope,
    Settlement,
    rule,
    rules,
)
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.laws import _bookings as bookings
from tests.helpers.bent_policies import Bent, broken_by
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    case,
    package,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)
ENDS_EARLIER = package(valid_until=NOW + HOUR)


def at(day: int, hour: int) -> datetime:
    """Return an instant in May 2026."""
    return datetime(2026, 5, day, hour, tzinfo=UTC)


BEFORE, AT, AFTER = -INSTANT, 0 * INSTANT, INSTANT
NINE = Restrictions(hours=[Hours(days=[2], opens=time(9))])
FIVE = Restrictions(hours=[Hours(days=[2], opens=time(9), closes=time(17))])
#: What a package asks, and the starts that follow from it and are allowed; the appointment is on
#: Tuesday 5 May at eleven in London, where it is an hour later than in UTC.
MOVES = [
    *((Restrictions(), START + days * DAY, AT) for days in range(1, 7)),
    *((Restrictions(), NOW, step) for step in (BEFORE, AT, AFTER)),
    *((Restrictions(min_notice=3 * DAY), at(4, 8), step) for step in (AT, AFTER)),
    *((Restrictions(max_notice=9 * DAY), at(10, 8), step) for step in (BEFORE, AT)),
    *((NINE, at(5, 8), step) for step in (AT, AFTER)),
    (FIVE, at(5, 16), BEFORE),
    (Restrictions(not_on=[date(2026, 5, 20)]), at(19, 23), BEFORE),
]


@pytest.mark.parametrize(("asked", "turn", "step"), MOVES)
def test_a_move_is_tried_to_each_start_at_which_something_turns(
    asked: Restrictions, turn: datetime, step: timedelta
) -> None:
    """A booking that is refused for that start alone, which no move finds, is told."""
    here = case(account=account(time_zone=LONDON), packages=[package(restrictions=asked)])
    refused = POLICY.decide_case(replace(here, packages=(ENDS_EARLIER,)))

    def refuses_there(decision: Decision, asked: Case) -> Decision:
        return refused if asked.booking.starts_at == turn + step else decision

    told = str(broken_by(bookings.moved, here, decision=refuses_there))
    assert told.startswith("moved to 2026-05-")
    assert told.endswith(" without a finding, where ['package_over_by_then'] refuse to book")
    assert bookings.moved.check(POLICY, here) is None


@pytest.mark.parametrize("on_package", [True, False])
def test_a_move_is_tried_to_where_an_entitlement_turns(*, on_package: bool) -> None:
    """What an entitlement asks is looked at, as well as what its package asks (D45)."""
    asked = Restrictions(max_notice=9 * DAY)
    (held,) = package().entitlements
    sold = (
        package(restrictions=asked)
        if on_package
        else package("p1", replace(held, restrictions=asked))
    )
    refused = POLICY.decide_case(case(packages=[ENDS_EARLIER]))

    def refuses_there(decision: Decision, asked: Case) -> Decision:
        return refused if asked.booking.starts_at == at(10, 8) else decision

    assert str(broken_by(bookings.moved, case(packages=[sold]), decision=refuses_there)).startswith(
        "moved to 2026-05-10 08:00:00+00:00 without a finding"
    )


def test_a_move_that_is_allowed_with_a_finding_is_no_fault() -> None:
    """The business may move what a client may not, and is told why not."""
    ends = package(valid_until=START + 3 * DAY)

    assert bookings.moved.check(POLICY, case(packages=[ends])) is None


@rule(Scope.BOOKING, clauses=[HOUSE], message="too near", advice="none")
def near_and_booked(asked: Case, _: Cover) -> bool:
    """It is booked already, and starts within the hour."""
    return asked.is_own and asked.booking.starts_at - asked.now < HOUR


@rule(Scope.BOOKING, clauses=[HOUSE], message="too near", advice="none")
def near(asked: Case, _: Cover) -> bool:
    """It starts within the hour, whether it is booked or not."""
    return asked.booking.starts_at - asked.now < HOUR


def test_one_s_own_booking_is_asked_again_until_it_starts() -> None:
    """What is refused at the last moment, only because it is booked, is told."""
    fault = RedemptionPolicy(MARCH.including(near_and_booked))
    sound = RedemptionPolicy(MARCH.including(near))

    assert (
        "booked, and asked again at 2026-05-05 09:59:59.999999+00:00: ['near_and_booked']"
    ) == bookings.asked_again.check(fault, case())
    assert bookings.asked_again.check(sound, case()) is None


def test_a_desk_is_asked_with_every_fact_of_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both when it quotes and when it redeems: the pick, the note and who asks among them."""
    asked = case(only=["p1"], note="front desk", by=Actor.BUSINESS)
    seen: list[tuple[str, dict[str, object]]] = []

    class Listening:
        """A desk that writes down what it is asked."""

        def __init__(self, policy: RedemptionPolicy, store: RedemptionStore) -> None:
            """Answer as a desk does."""
            self.desk = RedemptionDesk(policy, store)

        def quote(self, **given: object) -> Decision:
            """Write it down."""
            seen.append(("quote", given))
            return self.desk.quote(**given)  # type: ignore[arg-type]

        def redeem(self, **given: object) -> Decision:
            """Write it down."""
            seen.append(("redeem", given))
            return self.desk.redeem(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(bookings, "RedemptionDesk", Listening)
    facts = {
        "account": asked.account,
        "client": asked.client,
        "booking": asked.booking,
        "now": NOW,
        "by": Actor.BUSINESS,
        "note": "front desk",
        "only": frozenset({"p1"}),
    }

    assert bookings.quoted.check(POLICY, asked) is None
    assert [("quote", {**facts, "replaces": None}), ("redeem", facts)] == seen


class Cancelling(Bent):
    """A policy that says of a cancellation at one instant what is not true."""

    when: datetime
    bend: Callable[[Settlement], Settlement]

    def __init__(self, when: datetime, bend: Callable[[Settlement], Settlement]) -> None:
        """Remember the instant."""
        super().__init__()
        object.__setattr__(self, "when", when)
        object.__setattr__(self, "bend", bend)

    def cancel(self, *given: object, now: datetime, **facts: object) -> Settlement:
        """Cancel, and tell something else at that instant."""
        settled = POLICY.cancel(*given, now=now, **facts)  # type: ignore[arg-type]
        return self.bend(settled) if now == self.when else settled


TERMS = CancellationTerms(
    window=DAY, late=CreditOutcome.RETURN, tiers=[(3 * HOUR, CreditOutcome.FORFEIT)]
)


@pytest.mark.parametrize("turn", [NOW, START - DAY, START - 3 * HOUR, START])
@pytest.mark.parametrize("step", [-INSTANT, 0 * INSTANT, INSTANT])
def test_a_cancellation_is_tried_at_each_step_of_the_schedule(
    turn: datetime, step: timedelta
) -> None:
    """From the moment of booking on permission is as told, and lateness until the start.

    Before the booking was made nothing can be cancelled, and what is refused is never late.
    """
    asked = case(account=account(cancellation=TERMS))
    when = turn + step

    def is_told(bend: Callable[[Settlement], Settlement]) -> bool:
        found = bookings.as_told.check(cast("RedemptionPolicy", Cancelling(when, bend)), asked)
        return str(found).startswith(f"cancelled at {when}: ")

    assert (NOW <= when < START) is is_told(lambda settled: replace(settled, late=not settled.late))
    assert (NOW <= when) is is_told(lambda settled: replace(settled, allowed=not settled.allowed))
    assert bookings.as_told.check(POLICY, asked) is None


def test_a_menu_that_shows_less_is_told() -> None:
    """Where a decision shows a prompt the menu shows it, as well as the other way round."""

    class Hiding(Bent):
        """A policy with a menu that shows nothing."""

        def menu(self, **_: object) -> dict[str, bool]:
            """Show nothing."""
            return {"facial": False}

    policy = cast("RedemptionPolicy", Hiding())

    assert "for facial the menu shows False, a decision True" == bookings.menu.check(policy, case())
    assert bookings.menu.check(policy, case(packages=[])) is None


def test_a_move_that_is_refused_for_nothing_is_told() -> None:
    """A refusal without a finding says no more than a yes does."""
    ends = case(packages=[package(valid_until=START + 3 * DAY)])

    assert str(
        broken_by(
            bookings.moved,
            ends,
            settlement=lambda settled: replace(settled, allowed=False, findings=()),
        )
    ).startswith("moved to 2026-05-08 10:00:00+00:00 without a finding")
