"""The stores in memory take packages on, follow what becomes of them, and can be looked into."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from pkgredeem import Actor, Balance, InvalidValueError, Package, PackageStatus
from pkgredeem.testing import AsyncMemoryStore, MemoryStore
from tests.helpers.desk_support import ONLINE, facials, of_threads, redeem
from tests.helpers.support import DAY, NOW, START, credit, package

Store = MemoryStore | AsyncMemoryStore
BOTH = pytest.mark.parametrize("kind", [MemoryStore, AsyncMemoryStore])


def packages_of(store: Store, client_id: str) -> list[Package]:
    """List the packages of a client without uses and versions, which the contract is about."""
    if isinstance(store, MemoryStore):
        found = store.packages_of(client_id, not_over_at=NOW)
    else:
        found = asyncio.run(store.packages_of(client_id, not_over_at=NOW))
    return [replace(each, uses=(), version=None) for each in found]


@BOTH
def test_a_package_is_taken_on_once(kind: Callable[[], Store]) -> None:
    """The same package sold twice is a mistake of the caller's."""
    store = kind()
    store.add(facials(5))
    with pytest.raises(
        InvalidValueError, match="must be an id that the store does not hold yet, not 'p1'"
    ):
        store.add(facials(9))

    assert [facials(5)] == packages_of(store, "ana")


@BOTH
def test_what_becomes_of_a_package_is_taken_and_its_credits_stay(kind: Callable[[], Store]) -> None:
    """Status, validity and owner follow; what was sold and what is drawn do not."""
    store = kind()
    store.add(facials(5))
    store.revise(facials(99, client_id="beth", status=PackageStatus.ARCHIVED))

    assert [] == packages_of(store, "ana")
    assert [facials(5, client_id="beth", status=PackageStatus.ARCHIVED)] == packages_of(
        store, "beth"
    )


@BOTH
def test_who_shares_a_package_follows(kind: Callable[[], Store]) -> None:
    """With whom a package is shared is told anew like any other fact of it (D59)."""
    store = kind()
    store.add(facials(5, shared_with=["beth"]))
    shown = [packages_of(store, client_id) for client_id in ("ana", "beth", "carl")]
    store.revise(facials(5, shared_with=["carl"]))

    assert [[facials(5, shared_with=["beth"])]] * 2 + [[]] == shown
    assert [] == packages_of(store, "beth")
    assert [facials(5, shared_with=["carl"])] == packages_of(store, "carl")


@BOTH
def test_a_next_cycle_is_sold_with_what_is_left_in_it(kind: Callable[[], Store]) -> None:
    """An entitlement that is new stands after those that were there, with its own credits (D50)."""
    store = kind()
    store.add(package("p1", credit("massage", id="may")))
    store.revise(package("p1", credit("massage", id="june", left=2)))

    both = (credit("massage", id="may"), credit("massage", id="june", left=2))
    assert [package("p1", *both)] == packages_of(store, "ana")
    assert Balance(available=2, reserved=0, redeemed=0, forfeited=0) == store.balance("p1", "june")


def test_rollover_is_a_later_end() -> None:
    """An entitlement takes its new end; what was sold stays, and so does what is drawn (D50)."""
    store = MemoryStore()
    store.add(package("p1", replace(credit("facial", left=5), valid_until=START + DAY)))
    redeem(of_threads(ONLINE, store))
    extended = replace(credit("facial", left=99), valid_until=START + 31 * DAY)
    store.revise(package("p1", extended))

    assert [package("p1", replace(extended, remaining=4))] == packages_of(store, "ana")
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.balance(
        "p1", "facial"
    )


def test_a_credit_returns_into_what_a_revision_leaves_out() -> None:
    """An entitlement that is not named any more stays, so that its credits can return (D13)."""
    store = MemoryStore()
    store.add(package("p1", credit("facial", left=1)))
    desk = of_threads(ONLINE, store)
    redeem(desk)
    store.revise(package("p1", credit("mask")))
    desk.cancel("b1", by=Actor.BUSINESS, now=NOW)

    assert [package("p1", credit("facial"), credit("mask"))] == packages_of(store, "ana")


@BOTH
def test_only_a_package_that_is_held_can_change(kind: Callable[[], Store]) -> None:
    """An unknown package is refused by its id."""
    with pytest.raises(
        InvalidValueError, match="must be the id of a package that the store holds, not 'p1'"
    ):
        kind().revise(facials())


@BOTH
def test_a_balance_is_asked_of_what_is_held(kind: Callable[[], Store]) -> None:
    """Each entitlement has its own balance; what is not held has none."""
    store = kind()
    store.add(package("p1", credit("facial", left=2), credit("mask", left=3)))

    assert Balance(available=3, reserved=0, redeemed=0, forfeited=0) == store.balance("p1", "mask")
    with pytest.raises(InvalidValueError, match="must be an entitlement of the package, not 'cut'"):
        store.balance("p1", "cut")
    with pytest.raises(
        InvalidValueError, match="must be the id of a package that the store holds, not 'p2'"
    ):
        store.balance("p2", "mask")


@BOTH
def test_a_balance_is_that_of_the_main_entitlement(kind: Callable[[], Store]) -> None:
    """Unless another one is named."""
    store = kind()
    store.add(package("p1", credit("facial", left=2), credit("mask", id="main", left=3)))

    assert Balance(available=3, reserved=0, redeemed=0, forfeited=0) == store.balance("p1")


def test_the_history_is_in_the_order_of_the_acts() -> None:
    """Movements are listed as they were committed, those of one booking after another's."""
    store = MemoryStore()
    store.add(facials(2))
    desk = of_threads(ONLINE, store)
    redeem(desk)

    assert [("b1", -1)] == [(each.booking_id, each.available_delta) for each in store.movements()]


def test_each_revision_raises_the_version() -> None:
    """Also one that changes nothing: who revised it may have looked at what is stale (D57)."""
    store = MemoryStore()
    store.add(facials(5))
    store.revise(facials(5))
    store.revise(facials(5))

    assert [2] == [sold.version for sold in store.packages_of("ana", not_over_at=NOW)]
