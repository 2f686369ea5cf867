"""Passes without a count: a word of their own, drawn first, kept like any others (D42)."""

import pytest

from pkgredeem import (
    UNLIMITED,
    Actor,
    Bucket,
    Entitlement,
    InvalidValueError,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.support import (
    ANA,
    DAY,
    NOW,
    START,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    draws,
    line,
    package,
)

POLICY = RedemptionPolicy(rules.ONLINE)


@pytest.mark.parametrize("lines", [1, 2])
def test_what_is_unlimited_is_drawn_first(lines: int) -> None:
    """Before counted credits of the same priority, even of those that end earlier (D42)."""
    unlimited = package("p9", credit("facial", "mask", left=UNLIMITED, id="main"))
    counted = package("p1", credit("facial", left=9), valid_until=START + DAY, sold_at=NOW)
    preferred = package("p2", credit("facial", left=9), priority=1)
    services = ["facial"] * lines

    first = draws(decide(case(*services, packages=[counted, unlimited]), rules.ONLINE))
    assert [(number, "p9", "main") for number in range(lines)] == first
    first = draws(decide(case(*services, packages=[counted, unlimited, preferred]), rules.ONLINE))
    assert [(number, "p2", "facial") for number in range(lines)] == first


def test_inside_a_package_too() -> None:
    """The pass pays before the credits beside it."""
    sold = package("p1", credit("facial", left=9, id="a"), credit("facial", left=UNLIMITED, id="b"))

    assert [(0, "p1", "b")] == draws(decide(case(packages=[sold])))


def test_of_two_passes_the_earlier_end_is_drawn_first() -> None:
    """Among themselves they are ranked like any others (D20)."""
    never, soon = (
        package(id, credit("facial", left=UNLIMITED), valid_until=end)
        for id, end in (("p1", None), ("p2", START + DAY))
    )

    assert [(0, "p2", "facial")] == draws(decide(case(packages=[never, soon]), rules.ONLINE))


@pytest.mark.parametrize("costs", [{}, {"credit": 1_000_000}])
def test_it_is_never_used_up(costs: dict[str, int]) -> None:
    """A hundred lines are paid, whatever each of them costs."""
    sold = package("p1", credit("facial", left=UNLIMITED))
    decision = decide(case(*[line(costs=costs)] * 100, packages=[sold]))

    assert ([], 100) == (codes(decision), len(draws(decision)))


def test_with_mixed_costs_too() -> None:
    """The exact search knows no bound for it either (D63)."""
    sold = package("p1", credit("facial", left=UNLIMITED))
    lines = [line(costs={"credit": number}) for number in range(1, 9)]

    assert 8 == len(draws(decide(case(*lines, packages=[sold]))))


def test_a_unit_that_nobody_counts_is_asked_for_all_the_same() -> None:
    """An unlimited pass in minutes pays for what tells its minutes (D41)."""
    entitlement = Entitlement(services=["facial"], unit="minute", remaining=UNLIMITED)
    sold = [package("p1", entitlement)]

    assert ["cost_unknown"] == codes(decide(case(packages=sold)))
    assert decide(case(line(costs={"minute": 75}), packages=sold)).eligible


def test_its_balance_says_so() -> None:
    """What is drawn and returned is kept like any others, and unlimited it stays (D42)."""
    store = MemoryStore()
    store.add(package("p1", credit("facial", left=UNLIMITED)))
    desk = RedemptionDesk(POLICY, store)
    for number in range(3):
        asked = booking(id=f"b{number}", starts_at=START + number * DAY)
        assert desk.redeem(account=account(), client=ANA, booking=asked, now=NOW).eligible
    desk.cancel("b0", by=Actor.BUSINESS, now=NOW)
    desk.complete("b1", now=START)
    balance = store.balance("p1", "facial")

    assert (UNLIMITED, 1, 1, 0) == (
        balance.available,
        balance.reserved,
        balance.redeemed,
        balance.forfeited,
    )
    assert UNLIMITED is balance.sold
    assert [
        (1, Bucket.AVAILABLE, Bucket.RESERVED),
        (1, Bucket.AVAILABLE, Bucket.RESERVED),
        (1, Bucket.AVAILABLE, Bucket.RESERVED),
        (1, Bucket.RESERVED, Bucket.AVAILABLE),
        (1, Bucket.RESERVED, Bucket.REDEEMED),
    ] == [(each.credits, each.source, each.target) for each in store.movements()]
    (sold,) = store.packages_of("ana", not_over_at=NOW)
    assert UNLIMITED is sold.entitlements[0].remaining


def test_decided_again_it_is_unlimited_still() -> None:
    """There is nothing to add back (D21)."""
    sold = package("p1", credit("facial", left=UNLIMITED))
    own = decide(case(packages=[sold])).redemption

    assert [] == codes(decide(case(packages=[sold], existing=own)))


@pytest.mark.parametrize("value", [None, "unlimited", float("inf"), -1])
def test_it_is_a_word_of_its_own(value: object) -> None:
    """An empty column hands in None, and no number means it (D42)."""
    with pytest.raises(InvalidValueError) as raised:
        Entitlement(services=["facial"], remaining=value)  # type: ignore[arg-type]  # the point

    assert ("Entitlement.remaining", value) == (raised.value.field, raised.value.value)
    assert "unlimited" == UNLIMITED.value
