"""`pkgredeem[testing]`: pytest runs the contract on a store, and the laws on a policy."""

from pkgredeem import Package, RedemptionPolicy
from pkgredeem.stores import RedemptionStore
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.testing import StoreContract, check_laws


class TestMemoryStore(StoreContract):
    """The store in memory."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them."""
        store = MemoryStore()
        for package in packages:
            store.add(package)
        return store


def test_the_laws_hold() -> None:
    """Those of the policy that ships."""
    check_laws(RedemptionPolicy(), examples=20)
