"""What a decision alone does not show of the plans: sequences, moves, and the words of refusals."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pkgredeem import (
    Actor,
    Case,
    Client,
    CreditOutcome,
    Decision,
    RedemptionDesk,
    RedemptionPolicy,
    Settlement,
)
from pkgredeem.documents import load_case
from pkgredeem.rules import IN_STORE
from pkgredeem.stores.memory import MemoryStore

CASES = Path(__file__).parents[2] / "docs" / "examples" / "cases"
POLICY = RedemptionPolicy()


def case_of(name: str) -> Case:
    """Return the example case of that name."""
    return load_case(CASES / f"{name}.json")


def decide(name: str) -> Decision:
    """Return what the default rulebook says of the example case of that name."""
    return POLICY.decide_case(case_of(name))


def moved(
    name: str, starts_at: str, *, by: Actor = Actor.CLIENT, now: datetime | None = None
) -> Settlement:
    """Return what a move of that example case's redemption to another start is answered."""
    case = case_of(name)
    redemption = POLICY.decide_case(case).redemption
    assert redemption is not None
    return POLICY.reschedule(
        redemption,
        account=case.account,
        client=case.client,
        starts_at=datetime.fromisoformat(starts_at),
        by=by,
        now=now or case.now,
        packages=case.packages,
    )


def test_ten_hours_pay_for_eight_sessions_of_75_minutes() -> None:
    """600 minutes are eight times 75; a store that holds the used-up package says so of a ninth."""
    case = case_of("ten-hours-of-training")
    store = MemoryStore()
    store.add(case.packages[0])
    desk = RedemptionDesk(POLICY, store)
    answers = [
        desk.redeem(
            account=case.account,
            client=case.client,
            booking=replace(case.booking, id=f"training-{number}"),
            now=case.now,
        )
        for number in range(1, 10)
    ]

    assert [True] * 8 + [False] == [answer.eligible for answer in answers]
    assert ["package_used_up"] == [reason.code for reason in answers[-1].reasons]
    assert (0, 600) == (
        store.balance("training-emma").available,
        store.balance("training-emma").reserved,
    )


def test_what_is_lacking_is_told_in_minutes() -> None:
    """90 minutes are wanted, 75 are left, and the facts say of what."""
    (reason,) = decide("ninety-minutes-with-75-left").reasons

    assert {"wanted": 90, "available": 75, "unit": "minute"} == dict(reason.facts)


def test_the_text_of_a_full_quota_says_its_name() -> None:
    """Who is refused the sixth of five that are paid for reads "paid for"."""
    (reason,) = decide("sixth-of-five-paid-for").reasons

    assert "paid for, 5 in all" in reason.text()
    assert 5 == dict(reason.facts)["used"]


@pytest.mark.parametrize(
    ("starts_at", "codes"),
    [
        ("2026-12-12T10:00:00+00:00", ["outside_hours"]),
        ("2026-12-09T10:00:00+00:00", []),
    ],
)
def test_off_peak_can_not_be_moved_to_a_saturday(starts_at: str, codes: list[str]) -> None:
    """The client moves a Thursday to a Wednesday, but not to a Saturday (D58)."""
    settlement = moved("off-peak-before-five", starts_at)

    assert codes == [finding.code for finding in settlement.findings]
    assert settlement.allowed is not bool(codes)


def test_the_business_moves_off_peak_to_a_saturday() -> None:
    """A move by the business is never refused; what is found is a note (D17)."""
    settlement = moved("off-peak-before-five", "2026-12-12T10:00:00+00:00", by=Actor.BUSINESS)

    assert settlement.allowed
    assert ["outside_hours"] == [finding.code for finding in settlement.findings]


def test_a_move_inside_the_window_of_the_package_is_late() -> None:
    """Eleven hours before, a client can no longer move what the plan's own terms cover (D60)."""
    now = datetime.fromisoformat("2026-05-06T07:00:00-04:00")
    settlement = moved("unlimited-with-terms-of-its-own", "2026-05-08T18:00:00-04:00", now=now)

    assert not settlement.allowed
    assert ["late_change"] == [finding.code for finding in settlement.findings]


@pytest.mark.parametrize(
    ("at", "outcome", "window"),
    [
        ("2026-05-06T06:00:00-04:00", CreditOutcome.RETURN, None),
        ("2026-05-06T07:00:00-04:00", CreditOutcome.RETURN, timedelta(hours=12)),
        ("2026-05-06T15:00:00-04:00", CreditOutcome.RETURN, timedelta(hours=12)),
        ("2026-05-06T15:01:00-04:00", CreditOutcome.FORFEIT, timedelta(hours=3)),
    ],
)
def test_the_settlement_tells_the_window(
    at: str, outcome: CreditOutcome, window: timedelta | None
) -> None:
    """By the window a caller charges a fee: twelve hours, three hours, or none (D61)."""
    redemption = decide("unlimited-with-terms-of-its-own").redemption
    assert redemption is not None
    settlement = POLICY.cancel(redemption, by=Actor.CLIENT, now=datetime.fromisoformat(at))

    assert (outcome, window) == (settlement.outcome, settlement.window)


def test_at_a_desk_a_friend_has_no_package() -> None:
    """The store of a desk hands in what Dan holds, which is nothing (D04, D59)."""
    case = case_of("not-shared-with-a-friend")
    store = MemoryStore()
    store.add(case.packages[0])
    desk = RedemptionDesk(RedemptionPolicy(IN_STORE), store)
    of_dan = desk.redeem(
        account=case.account, client=case.client, booking=case.booking, now=case.now
    )
    of_cleo = desk.redeem(
        account=case.account, client=Client(id="cleo"), booking=case.booking, now=case.now
    )

    assert ["no_package"] == [reason.code for reason in of_dan.reasons]
    assert of_cleo.eligible
    assert 6 == store.balance("family-ana").available


def test_a_shared_package_has_one_balance() -> None:
    """What Ben books is Ben's booking, and comes off the one balance of the family."""
    redemption = decide("shared-in-the-family").redemption
    assert redemption is not None

    assert ("ben", "family-ana") == (redemption.client_id, redemption.draws[0].package_id)
