"""Stores to compare with the second implementation's, and what both keep, held to be the same."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pkgredeem import Package
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.support import NOW
from tests.oracle.plain import (
    Doc,
    known,
    package_doc,
    redemption_doc,
    use_doc,
)
from tests.oracle.reference._ledger import Ledger
from tests.oracle.two_desks import BOOKINGS, Store


class Versions:
    """Which version of a package there is which here: one to one, and rising."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.seen: dict[tuple[str, int], int] = {}

    def check(self, package: Package, version: int | None) -> None:
        """Hold that the store's version changed where the other side's did, and only there."""
        assert package.version is not None
        assert version is not None
        assert self.seen.setdefault((package.id, version), package.version) == package.version
        newest = max(other for (name, other) in self.seen if name == package.id)
        assert newest == version
        stored = [ours for (name, _), ours in self.seen.items() if name == package.id]
        assert stored == sorted(set(stored))


def compare(store: Store, ledger: Ledger, versions: Versions) -> None:
    """Hold that both keep the same: redemptions, balances, uses and versions."""
    for booking_id in BOOKINGS:
        stored, there = store.redemption(booking_id), ledger.redemption(booking_id)
        assert (None if stored is None else known(redemption_doc(stored))) == known(there)
    for package in store.packages_of("nobody", not_over_at=NOW, also=ledger.sold):
        told = ledger.package(package.id)
        assert _sorted(use_doc(use) for use in package.uses) == _sorted(told["uses"])
        versions.check(package, told["version"])
        for held, entitlement in zip(package.entitlements, told["entitlements"], strict=True):
            balance = store.balance(package.id, held.id)
            assert package_doc(package)["entitlements"] == told["entitlements"]
            assert ledger.balance(package.id, entitlement["id"]) == {
                "available": entitlement["remaining"],
                "reserved": balance.reserved,
                "redeemed": balance.redeemed,
                "forfeited": balance.forfeited,
            }


def _sorted(uses: Iterable[Doc]) -> list[Doc]:
    """Return uses in one order."""
    return sorted(uses, key=lambda use: (use["booking_id"], use["line"]))


@contextmanager
def in_memory() -> Iterator[MemoryStore]:
    """Give a store in memory."""
    yield MemoryStore()


@contextmanager
def in_a_file() -> Iterator[SqliteStore]:
    """Give a store in a file of its own."""
    with (
        TemporaryDirectory() as folder,
        SqliteStore(Path(folder) / "salon.db", synchronous="OFF") as store,
    ):
        yield store
