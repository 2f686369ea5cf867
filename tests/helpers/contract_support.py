"""Runs the store contract on stores of the tests: one invariant, or all of them."""

import inspect
from collections.abc import Sequence
from typing import Any
from unittest import SkipTest

from pkgredeem import Movement, Package
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncStoreContract, StoreContract


def names_of(contract: type) -> list[str]:
    """List the invariants of a contract."""
    return [name for name, _ in inspect.getmembers(contract) if name.startswith("test_")]


def broken(test: StoreContract | AsyncStoreContract, invariant: str) -> str | None:
    """Run one invariant, and return what it says is broken; None when all is well."""
    test.setup_method()
    try:
        getattr(test, invariant)()
    except SkipTest:
        raise
    except Exception as error:  # noqa: BLE001 - a broken store may raise anything
        return "\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
    finally:
        test.teardown_method()
    return None


def contract_of(kind: type[Any]) -> StoreContract:
    """Return the contract of stores of that kind."""

    class Contract(StoreContract):
        """The contract of one kind."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            made: RedemptionStore = kind(packages)
            return made

        def reopened(self, store: Any) -> RedemptionStore:  # noqa: ANN401 - of that kind
            """Return another object on the same data."""
            other: RedemptionStore = store.reopened()
            return other

        def movements(self, store: Any) -> Sequence[Movement]:  # noqa: ANN401 - of that kind
            """Return the history."""
            history: list[Movement] = store.history
            return history

    return Contract()


def contract_for_tasks(kind: type[Any]) -> AsyncStoreContract:
    """Return the contract of stores for tasks of that kind."""

    class Contract(AsyncStoreContract):
        """The contract of one kind."""

        async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
            """Hold them in memory."""
            made: AsyncRedemptionStore = kind(packages)
            return made

    return Contract()


def red(test: StoreContract | AsyncStoreContract) -> list[str]:
    """List the invariants that a store breaks."""
    return [name for name in names_of(type(test)) if broken(test, name) is not None]
