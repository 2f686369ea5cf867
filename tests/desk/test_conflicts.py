"""The desk when others are quicker: decided afresh, refused with its reason, never overdrawn."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from pkgredeem import (
    Actor,
    CardCaptureOutcome,
    ConflictError,
    DepositOutcome,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
    UnknownEntitlementError,
)
from tests.helpers.desk_support import (
    ONLINE,
    Interrupted,
    MakeDesk,
    conflict,
    exchange,
    facials,
    redeem,
    reschedule,
)
from tests.helpers.support import (
    HOUR,
    NO_LIMITS,
    NOW,
    booking,
    codes,
    credit,
)


def test_the_loser_of_a_race_decides_afresh(make: MakeDesk) -> None:
    """Who comes second for the last credit is refused, with deposit and card page back (D14)."""
    store = Interrupted(facials(1))
    other = RedemptionDesk(ONLINE, store.inner)
    store.before[3] = lambda: redeem(other, booking(id="b9"))
    decision = redeem(make(ONLINE, store))

    assert ["package_used_up"] == codes(decision)
    assert DepositOutcome.COLLECT is decision.deposit
    assert CardCaptureOutcome.CAPTURE is decision.card_capture
    assert ["packages_of", "redemption", "commit 1", "packages_of", "redemption"] == store.calls
    assert store.inner.redemption("b1") is None


def test_the_loser_of_a_race_may_draw_on_the_next_package(make: MakeDesk) -> None:
    """Where several packages may be used, the second one pays."""
    store = Interrupted(facials(1), facials(1, package_id="p2"))
    policy = RedemptionPolicy(NO_LIMITS)
    store.before[3] = lambda: redeem(RedemptionDesk(policy, store.inner), booking(id="b9"))
    redemption = redeem(make(policy, store)).redemption

    assert redemption is not None
    assert ["p2"] == [draw.package_id for draw in redemption.draws]


def test_a_desk_gives_up_after_its_attempts(make: MakeDesk) -> None:
    """No answer is invented, and whoever reads the log learns what was in the way (D35)."""
    store = Interrupted(facials())
    store.before = dict.fromkeys([3, 6], conflict)
    with pytest.raises(ConflictError) as raised:
        redeem(make(ONLINE, store, 2))

    lost = "(the last time: somebody else was quicker)"
    assert f"others were quicker in 2 of 2 attempts: try again {lost}" == str(raised.value)
    assert "somebody else was quicker" == str(raised.value.__cause__)
    assert 6 == len(store.calls)


def test_an_act_that_gives_up_says_why(make: MakeDesk) -> None:
    """The same of a cancellation, in the words of the store that refused it."""
    store = Interrupted(facials())
    desk = make(ONLINE, store, 1)
    redeem(desk)
    other = RedemptionDesk(ONLINE, store.inner)
    store.before[6] = lambda: other.complete("b1", now=NOW)

    with pytest.raises(
        ConflictError, match=r"in 1 of 1 attempts: .* \(the last time: .*'b1' is at"
    ):
        desk.cancel("b1", by=Actor.CLIENT, now=NOW)


class Renamed(Interrupted):
    """A store that tells its packages with an entitlement that it does not hold."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages as somebody has edited them."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        renamed = (credit("facial", left=5, id="renamed"),)
        return [replace(package, entitlements=renamed) for package in found]


def test_an_entitlement_that_the_store_lost_is_told_at_once(make: MakeDesk) -> None:
    """Nobody is quicker, and no second try would help: one commit, and the reason (D73)."""
    store = Renamed(facials())

    with pytest.raises(UnknownEntitlementError, match="'renamed' of package 'p1'"):
        redeem(make(ONLINE, store))
    assert ["packages_of", "redemption", "commit 1"] == store.calls


def test_an_exchange_of_what_is_gone_is_told_at_once(make: MakeDesk) -> None:
    """A credit can't go back to an entitlement that is not there; a move draws on nothing (D73)."""
    store = Renamed(facials())
    redeem(RedemptionDesk(ONLINE, store.inner))

    assert reschedule(make(ONLINE, store)).allowed
    store.calls.clear()
    with pytest.raises(UnknownEntitlementError, match="'p1' no longer holds entitlement 'facial'"):
        exchange(make(ONLINE, store))
    assert ["redemption", "packages_of", "redemption"] == store.calls


def test_five_attempts_are_the_default(make: MakeDesk) -> None:
    """Four lost races are made good by the fifth try."""
    store = Interrupted(facials())
    store.before = dict.fromkeys([3, 6, 9, 12], conflict)

    assert redeem(make(ONLINE, store)).eligible
    assert 15 == len(store.calls)


@pytest.mark.parametrize("place", [1, 2])
def test_a_conflict_while_reading_is_tried_again(make: MakeDesk, place: int) -> None:
    """A database may ask for the whole to be done again at any statement, reads included."""
    store = Interrupted(facials())
    store.before[place] = conflict

    assert redeem(make(ONLINE, store)).eligible


def test_packages_that_are_read_lazily_may_conflict_late(make: MakeDesk) -> None:
    """A conflict that comes while the packages are listed is one as well."""

    class Lazy(Interrupted):
        """Gives packages one by one, and finds out late that it can't."""

        def packages_of(
            self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
        ) -> Iterator[Package]:
            """Yield the packages, and conflict the first time."""
            found = list(super().packages_of(client_id, not_over_at=not_over_at, also=also))
            if len(self.calls) == 1:
                conflict()
            yield from found

    store = Lazy(facials())

    assert redeem(make(ONLINE, store)).eligible
    assert ["packages_of", "packages_of", "redemption", "commit 1"] == store.calls


def test_a_double_click_is_not_refused_for_its_own_credit(make: MakeDesk) -> None:
    """Wherever the first click commits while the second one reads, both get the same answer."""
    for place in (1, 2, 3):
        store = Interrupted(facials(1))
        first = RedemptionDesk(ONLINE, store.inner)
        store.before[place] = lambda first=first: redeem(first, now=NOW - HOUR)  # type: ignore[misc]
        decision = redeem(make(ONLINE, store))

        assert decision.recorded
        assert decision.redemption == store.inner.redemption("b1")


def test_a_lost_acknowledgement_is_found_by_the_next_read(make: MakeDesk) -> None:
    """A commit that succeeded and was reported as a conflict is recorded, not drawn again."""
    store = Interrupted(facials())
    store.after[3] = conflict
    decision = redeem(make(ONLINE, store))

    assert decision.recorded
    assert 1 == len(store.inner.movements())


def test_an_error_of_the_database_is_raised_as_it_is(make: MakeDesk) -> None:
    """What became of the commit is unknown then, and the same call again settles it."""

    def fail() -> None:
        raise OSError("the cable is out")

    store = Interrupted(facials())
    store.after[3] = fail
    desk = make(ONLINE, store)
    with pytest.raises(OSError, match="the cable is out"):
        redeem(desk)

    assert redeem(desk).recorded
    assert 1 == len(store.inner.movements())
