"""The laws of one booking in two ways, each broken by a fault that it alone tells."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import cast

import pytest

from pkgredeem import (
    Actor,
    Case,
    CreditOutcome,
    Decision,
    RedemptionDesk,
    RedemptionPolicy,
    Restrictions,
    Settlement,
    rules,
)
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.cases.generator import cases
from pkgredeem.testing.laws import _bookings as bookings
from pkgredeem.testing.laws import _renaming as renaming
from tests.helpers import faulty_rules as faulty
from tests.helpers.bent_policies import Bent, told_by, unchanged, unchanged_settlement
from tests.helpers.support import (
    DAY,
    FORFEIT_INSIDE_A_DAY,
    LONDON,
    START,
    account,
    booking,
    case,
    package,
    redemption,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)


def refunds(decision: Decision, _: Case) -> Decision:
    """Promise a refund to whoever is late from the first moment."""
    return replace(decision, refund_on_cancel=decision.eligible)


def mild(settlement: Settlement) -> Settlement:
    """Say that every credit is returned."""
    forfeited = settlement.outcome is CreditOutcome.FORFEIT
    return replace(settlement, outcome=CreditOutcome.RETURN) if forfeited else settlement


def finds_nothing(settlement: Settlement) -> Settlement:
    """Say of no act that anything was found."""
    return replace(settlement, findings=())


def by_id(decision: Decision, asked: Case) -> Decision:
    """Show the prompt to clients of the first half of the alphabet."""
    return replace(decision, prompt=decision.prompt and str(asked.client.id) < "c")


class Forgetful:
    """A desk that quotes without looking whether the booking was redeemed already."""

    def __init__(self, policy: RedemptionPolicy, store: RedemptionStore) -> None:
        """Do all else as the desk does."""
        self.desk = RedemptionDesk(policy, store)
        self.redeem, self.exchange = self.desk.redeem, self.desk.exchange

    def quote(self, replaces: str | None = None, **asked: object) -> Decision:
        """Decide afresh."""
        made = partial(self.desk.policy.decide, **asked)  # type: ignore[arg-type]
        client = asked["client"].id or "nobody"  # type: ignore[attr-defined]
        packages = self.desk.store.packages_of(client, not_over_at=START)
        old = None if replaces is None else self.desk.store.redemption(replaces)
        return made(packages=packages, existing=old)


def test_a_quote_that_forgets_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that redeems what it did not quote is told, by the answers of both."""
    assert set() == told_by(POLICY, cases(seed=17, count=40), [bookings.quoted])
    monkeypatch.setattr(bookings, "RedemptionDesk", Forgetful)

    assert {bookings.quoted.name} == told_by(POLICY, cases(seed=17, count=20))


def test_a_desk_that_raises_is_told_by_what_it_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error is an answer too: only the same one in the same words keeps the law."""

    class Raising(Forgetful):
        """A desk that can't quote."""

        def quote(self, replaces: str | None = None, **asked: object) -> Decision:
            """Raise."""
            raise KeyError(replaces or len(asked))

    monkeypatch.setattr(bookings, "RedemptionDesk", Raising)
    told = bookings.quoted.check(POLICY, case(packages=[]))

    assert told is not None
    assert told.startswith("quoted KeyError: 7, and then Decision(")


def test_a_package_that_is_gone_can_not_be_quoted() -> None:
    """Stores never delete a package that a redemption drew on: no such case is asked of a desk."""
    asked = case(existing=redemption("facial"), packages=[], booking=booking(id="b2"))

    assert bookings.quoted.check(POLICY, asked) is None


def test_a_day_that_is_left_out_is_tried_from_its_first_instant_to_its_last() -> None:
    """A move into it that nothing finds, where booking it is refused, is told by its midnight."""
    no_christmas = Restrictions(not_on=[date(2026, 12, 24)])
    asked = case(account=account(time_zone=LONDON), packages=[package(restrictions=no_christmas)])
    blind = cast("RedemptionPolicy", Bent(decision=unchanged, settlement=finds_nothing))

    assert (
        "moved to 2026-12-24 00:00:00+00:00 without a finding, where ['blacked_out'] refuse to book"
    ) == bookings.moved.check(blind, asked)


def test_what_is_wrong_is_told_in_words() -> None:
    """Each law says at which instant or start, and what was found there."""
    late = case(account=account(cancellation=FORFEIT_INSIDE_A_DAY))
    ends = case(packages=[package(valid_until=START + 9 * DAY)])
    asked_again = RedemptionPolicy(MARCH.including(faulty.booked_already))
    moved = RedemptionPolicy(MARCH.including(faulty.end_is_near))
    kind = cast("RedemptionPolicy", Bent(decision=refunds, settlement=unchanged_settlement))
    meek = cast("RedemptionPolicy", Bent(decision=unchanged, settlement=mild))
    named = cast("RedemptionPolicy", Bent(decision=by_id, settlement=unchanged_settlement))

    assert (
        "booked, and asked again at 2026-05-01 08:00:00+00:00: ['booked_already']"
    ) == bookings.asked_again.check(asked_again, case())
    assert (
        "moved to 2026-05-14 09:59:59.999999+00:00 without a finding, "
        "where ['end_is_near'] refuse to book"
    ) == bookings.moved.check(moved, ends)
    assert (
        "refund on cancel is True, the schedule tells [<CreditOutcome.FORFEIT: 'forfeit'>]"
    ) == bookings.as_told.check(kind, replace(late, now=START - DAY / 2))
    assert "cancelled at 2026-05-04 10:00:00.000001+00:00: " in str(
        bookings.as_told.check(meek, late)
    )
    assert "with other ids: prompt True became False" == renaming.same_by_other_ids.check(
        named, case()
    )


def test_what_was_moved_is_cancelled_as_it_was_told() -> None:
    """The law looks at the redemption that the case knows, from the moment of its booking on."""
    moved = POLICY.reschedule(
        redemption("facial"),
        account=account(),
        client=case().client,
        starts_at=START + DAY,
        by=Actor.BUSINESS,
        now=START - DAY / 2,
        packages=[package()],
    ).change
    assert moved is not None
    asked = case(existing=moved.after, booking=booking(id="b2"), now=START, starts_at=START + DAY)
    meek = cast("RedemptionPolicy", Bent(decision=unchanged, settlement=mild))

    assert bookings.as_told.check(POLICY, asked) is None
    assert "cancelled at 2026-05-05 22:00:00.000001+00:00: " in str(
        bookings.as_told.check(meek, asked)
    )
