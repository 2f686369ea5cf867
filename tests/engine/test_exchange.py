"""Exchanges: what refuses whoever swaps one booking for another, and what is told (D21, D71)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pkgredeem import (
    Act,
    Actor,
    ClosedRedemptionError,
    Decision,
    DrawState,
    InvalidValueError,
    Package,
    Redemption,
    Rulebook,
    Scope,
    rules,
)
from tests.helpers.support import (
    BETH,
    DAY,
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
    draws,
    ended,
    package,
    redemption,
    rescheduled,
)


def exchange(
    old: Redemption,
    *,
    by: Actor = Actor.CLIENT,
    now: datetime = NOW,
    starts_at: datetime = START + 7 * DAY,
    rulebook: Rulebook = rules.TIMELY_2026_03,
    packages: list[Package] | None = None,
) -> Decision:
    """Return the decision about giving the old booking up for b2."""
    asked = case(
        account=account(),
        booking=booking(id="b2", starts_at=starts_at),
        packages=packages or [package()],
        existing=old,
        by=by,
        now=now,
    )
    return decide(asked, rulebook)


@pytest.mark.parametrize(
    ("by", "existing_id", "expected"),
    [
        (Actor.CLIENT, "b1", ["late_change"]),
        (Actor.BUSINESS, "b1", []),
        (Actor.CLIENT, "b2", []),
    ],
)
def test_a_late_exchange_is_refused_to_the_client_only(
    by: Actor, existing_id: str, expected: list[str]
) -> None:
    """The business exchanges whenever; a booking's own redemption is no exchange (D21)."""
    old = replace(redemption(), booking=booking(id=existing_id))

    assert expected == codes(exchange(old, now=START - INSTANT, by=by))


@pytest.mark.parametrize(
    ("by", "expected"),
    [(Actor.CLIENT, ["changes_closed", "late_change"]), (Actor.BUSINESS, [])],
)
def test_an_appointment_that_has_started_is_not_exchanged_by_the_client(
    by: Actor, expected: list[str]
) -> None:
    """From the start of the old appointment on, only the business exchanges it (D09, D21)."""
    assert expected == codes(exchange(redemption(), now=START, by=by))


def test_an_exchange_without_terms_is_never_late() -> None:
    """Where the redemption carries no terms, the client may exchange it until the start (D10)."""
    assert exchange(redemption(terms=None), now=START - INSTANT).eligible


@pytest.mark.parametrize("by", Actor)
def test_the_old_booking_is_judged_by_the_start_that_it_has_now(by: Actor) -> None:
    """Moved by the business, it can be given up until the cut-off of its new start (D17, D71)."""
    moved = after(rescheduled(by=Actor.BUSINESS))
    cut_off = START + 6 * DAY
    late = ["late_change"] if by is Actor.CLIENT else []

    assert [] == codes(exchange(moved, now=cut_off, by=by))
    assert late == codes(exchange(moved, now=cut_off + INSTANT, by=by))


def test_an_exchange_before_the_old_booking_was_made_is_broken_input() -> None:
    """Up to a minute is another server's clock, for the old side alone (D74)."""
    minute = timedelta(minutes=1)
    made = exchange(redemption(), now=NOW - minute)

    assert made.redemption is not None
    assert NOW - minute == made.redemption.booked_at
    with pytest.raises(InvalidValueError, match=r"^now must be an instant at or after .*, not "):
        exchange(redemption(), now=NOW - minute - INSTANT)


def test_what_has_ended_is_not_exchanged() -> None:
    """No credit of it is reserved any more, so that there is nothing to give back (D21)."""
    gone = ended(redemption(), Act.CANCEL, DrawState.RETURNED, [0])

    with pytest.raises(ClosedRedemptionError, match=r"^booking 'b1' has ended already$"):
        exchange(gone)


@pytest.mark.parametrize(
    "rulebook", [rules.IN_STORE, rules.TIMELY_2026_03.without(rules.appointment_started)]
)
def test_no_rulebook_lets_a_client_exchange_what_has_started(rulebook: Rulebook) -> None:
    """Two hours after its start, the old booking can't be given up for another."""
    refused = exchange(redemption(), now=START + 2 * HOUR, rulebook=rulebook)

    assert ["changes_closed", "late_change"] == codes(refused)
    assert Scope.ACT is refused.reasons[0].scope
    assert exchange(
        redemption(), now=START + 2 * HOUR, by=Actor.BUSINESS, rulebook=rulebook
    ).eligible


def test_an_exchange_says_which_booking_it_took_the_place_of() -> None:
    """The new redemption names the old booking; one that was booked alone names none."""
    made = exchange(redemption())

    assert made.redemption is not None
    assert "b1" == made.redemption.replaces
    assert redemption().replaces is None


def test_a_credit_that_goes_back_to_a_dead_package_is_told() -> None:
    """An exchange by the business from a package that is over by now notes that (D13)."""
    over = package("p1", valid_until=START)
    made = exchange(
        redemption(),
        by=Actor.BUSINESS,
        now=START + HOUR,
        rulebook=rules.IN_STORE,
        packages=[over, package("p2")],
    )

    assert made.eligible
    assert [("credit_not_usable", "p1")] == [
        (note.code, note.subject) for note in made.notes if note.scope is Scope.ACT
    ]


def test_its_own_credit_makes_no_package_active() -> None:
    """A booking that holds the last credit of p1 is exchanged, and asked again, beside a new p2."""
    packages = [package("p1", credit("facial", left=0)), package("p2")]
    own = case(account=account(), packages=packages, existing=redemption())

    assert exchange(redemption(), packages=packages).eligible
    assert decide(own).eligible


def test_another_clients_redemption_pays_for_nobody() -> None:
    """A redemption of Ana's that is handed in for Beth is broken input."""
    with pytest.raises(InvalidValueError) as raised:
        case(client=BETH, existing=redemption())

    assert "Case.existing" == raised.value.field


def test_the_package_of_the_old_booking_may_be_missing() -> None:
    """Nothing is then known of the credit that goes back, and nothing is told of it (D13)."""
    asked = case(
        booking=booking(id="b2", starts_at=START + DAY),
        existing=redemption(),
        packages=[package("p2")],
    )
    found = decide(asked)

    assert (True, ()) == (found.eligible, found.notes)
    assert [(0, "p2", "facial")] == draws(found)
