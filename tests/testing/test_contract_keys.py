"""A store whose keys come in another order than the contract's ids gets what it may count on."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from pkgredeem import Change, InvalidValueError, Package, Period, Quota
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing import StoreContract
from pkgredeem.testing.contract import _expectations as kit
from pkgredeem.testing.contract._keys import Keys
from pkgredeem.testing.contract._steps import ENDINGS
from tests.helpers.plain_store import PlainStore

#: Of each id of packages and entitlements the key, which comes in the other order.
KEYS = {"p1": "z", "p2": "a", "p1/first": "y", "p1/second": "x", "p2/main": "main"}


class Noting(PlainStore):
    """A store in memory that keeps what it is told to commit."""

    def __init__(self, packages: Iterable[Package]) -> None:
        """Hold these packages."""
        super().__init__(packages)
        self.committed: list[Change] = []

    def commit(self, *changes: Change) -> None:
        """Write the changes down, and commit them."""
        self.committed += changes
        super().commit(*changes)


def test_movements_and_versions_come_in_the_order_of_the_keys() -> None:
    """A change is sorted by what the store calls its packages and entitlements.

    So that rows are always locked in one order, whichever act it is.
    """
    made: list[Noting] = []

    class Contract(StoreContract):
        """The contract of that store, its keys backwards."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            made.append(Noting(packages))
            return made[-1]

        def key_for(self, kind: str, name: str) -> str:
            """Return a key from the other end of the alphabet."""
            return KEYS[name] if kind in {"package", "entitlement"} else name

    two = (
        kit.credit("facial", remaining=1, id="first"),
        kit.credit("massage", remaining=1, id="second"),
    )
    counted = (Quota(9, Period.EVER),)
    packages = [
        replace(kit.facials("p1"), entitlements=two, quotas=counted),
        replace(
            kit.facials("p2"), entitlements=(kit.credit("peeling", remaining=1),), quotas=counted
        ),
    ]
    contract = Contract()
    contract.setup_method()
    seen = contract.store(*packages)
    wanted = kit.booking("b1", "facial", "massage", "peeling")
    booked = kit.committed(seen, kit.proposed(kit.owned(seen, "ana"), wanted))
    kit.committed(seen, ENDINGS["cancelled in time"](booked, None))

    (store,) = made
    places = [("a", "main"), ("z", "x"), ("z", "y")]
    assert [places, places] == [
        [(movement.package_id, movement.entitlement_id) for movement in change.movements]
        for change in store.committed
    ]
    assert [["a", "z"], []] == [
        [package_id for package_id, _ in change.package_versions] for change in store.committed
    ]
    assert [("z", "y"), ("z", "x"), ("a", "main")] == [
        (draw.package_id, draw.entitlement_id) for draw in store.committed[0].after.draws
    ]
    contract.teardown_method()


A_AND_B = [
    kit.facials("a"),
    replace(kit.facials("b"), entitlements=(kit.credit("mask", remaining=1),)),
]
CHANGE = kit.proposed(A_AND_B, kit.booking("b1", "facial", "mask"))


def test_what_a_store_tells_of_movements_is_read_with_the_ids_of_the_contract() -> None:
    """In the order in which the store tells them."""
    keys = Keys(lambda _, name: {"a": "2", "b": "1"}.get(name, name))
    told = keys.change_in(CHANGE).movements

    assert ["1", "2"] == [movement.package_id for movement in told]
    assert ["b", "a"] == [keys.movement_out(movement).package_id for movement in told]


def test_a_key_of_two_ids_is_refused() -> None:
    """A store that calls everything alike can't be tried: its answers would say nothing."""
    with pytest.raises(InvalidValueError, match="a key that is not that of 'a'"):
        Keys(lambda _, __: "1").change_in(CHANGE)
