"""Laws of acts: credits are never lost, and what is done twice is done once."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pkgredeem import (
    Actor,
    Balance,
    Bucket,
    Case,
    DrawState,
    Movement,
    Redemption,
    RedemptionPolicy,
    Rulebook,
    Unlimited,
)
from tests.helpers.chance import answered, random_act, random_case
from tests.helpers.support import NO_LIMITS, SHIPPED, decide

CASES = st.randoms(use_true_random=False).map(random_case)


BOOKS = st.sampled_from([*SHIPPED, NO_LIMITS])


def balances(sold: dict[tuple[str, str], int | Unlimited], moved: list[Movement]) -> list[Balance]:
    """Return the balance of each entitlement after these movements."""
    return [
        Balance.of(count, [m for m in moved if (m.package_id, m.entitlement_id) == key])
        for key, count in sold.items()
    ]


@given(case=CASES, chance=st.randoms(use_true_random=False))
def test_what_was_sold_is_always_somewhere(case: Case, chance: Random) -> None:
    """After every act the four buckets sum to what was sold, and mirror the draws (T16)."""
    change = decide(replace(case, existing=None), NO_LIMITS).change
    if change is None:
        return
    sold = {(each.id, one.id): one.remaining for each in case.packages for one in each.entitlements}
    redemption, moved = change.after, list(change.movements)
    for _ in range(4):
        act, ours, _ = random_act(chance, redemption, case.packages)
        settlement = answered(act, redemption, ours)
        if isinstance(settlement, str) or settlement.change is None:
            continue
        redemption = settlement.change.after
        moved += settlement.change.movements
        assert redemption == Redemption.from_document(redemption.to_document())
        again = answered(act, redemption, ours)
        assert not isinstance(again, str)
        assert (True, None, settlement.outcome) == (again.allowed, again.change, again.outcome)

    found = balances(sold, moved)
    assert list(sold.values()) == [each.sold for each in found]
    states = Counter[DrawState]()
    for draw in redemption.draws:
        states[draw.state] += draw.credits
    assert [
        states[each] for each in (DrawState.RESERVED, DrawState.REDEEMED, DrawState.FORFEITED)
    ] == [
        sum(each.reserved for each in found),
        sum(each.redeemed for each in found),
        sum(each.forfeited for each in found),
    ]


@given(case=CASES, book=BOOKS)
def test_booking_and_returning_leaves_the_balance_as_it_was(case: Case, book: Rulebook) -> None:
    """What the business cancels is as if it had not been booked (D12, D13)."""
    change = decide(replace(case, existing=None), book).change
    if change is None:
        return
    back = RedemptionPolicy(book).cancel(change.after, by=Actor.BUSINESS, now=case.now).change
    assert back is not None
    net = Counter[tuple[str, str, Bucket]]()
    for each in (*change.movements, *back.movements):
        net[each.package_id, each.entitlement_id, each.source] -= each.credits
        net[each.package_id, each.entitlement_id, each.target] += each.credits

    assert {0} == set(net.values())
