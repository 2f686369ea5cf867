"""Every correct store keeps the contract, whatever its design."""

from pkgredeem import Package
from pkgredeem.testing import AsyncMemoryStore, AsyncStoreContract, MemoryStore, StoreContract
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore


class TestMemoryStore(StoreContract):
    """The store in memory."""

    def store_with(self, *packages: Package) -> MemoryStore:
        """Hold them in memory."""
        store = MemoryStore()
        for package in packages:
            store.add(package)
        return store

    def movements(self, store):
        return store.movements()


class TestAsyncMemoryStore(AsyncStoreContract):
    """The store in memory."""

    async def store_with(self, *packages: Package) -> AsyncMemoryStore:
        """Hold them in memory."""
        store = AsyncMemoryStore()
        for package in packages:
            store.add(package)
        return store

    async def movements(self, store):
        return store.movements()
