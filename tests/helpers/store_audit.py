"""What a ready-made store is asked in every trial, and whether all that it keeps agrees."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol, TypeAlias

from pkgredeem import Balance, DrawState, Movement, Package, Redemption
from pkgredeem.stores import RedemptionStore
from tests.helpers.support import NOW


class ReadyMade(RedemptionStore, Protocol):
    """What every ready-made store has beside the protocol."""

    def add(self, package: Package) -> None:
        """Take a package on."""
        ...

    def revise(self, package: Package) -> None:
        """Take what has become of a package."""
        ...

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are."""
        ...

    def movements(self) -> Iterable[Movement]:
        """Return the whole history."""
        ...


#: Opens a store on one database, in whichever process it is called: it can be pickled.
Opener: TypeAlias = Callable[[], AbstractContextManager[ReadyMade]]


def stored(store: RedemptionStore, names: Iterable[str]) -> list[Redemption]:
    """Return the redemptions of those bookings that have one."""
    return [found for found in map(store.redemption, names) if found is not None]


def disagreements(
    store: ReadyMade, sold: Iterable[Package], redemptions: Iterable[Redemption]
) -> list[str]:
    """Return what is wrong between balances, history, uses, versions and redemptions.

    Args:
        store: a store on which nobody acts now.
        sold: every package that it took on, as it was sold.
        redemptions: every redemption that it holds.
    """
    known = list(redemptions)
    moved = list(store.movements())
    wrong: list[str] = []
    for package in sold:
        (now,) = (
            found
            for found in store.packages_of("nobody", not_over_at=NOW, also=[package.id])
            if found.id == package.id
        )
        uses = [use for redemption in known for use in redemption.uses_of(package.id)]
        if Counter(uses) != Counter(now.uses):
            wrong.append(f"uses of {package.id}: {now.uses} instead of {uses}")
        wrong += _of_version(now, known)
        for entitlement in package.entitlements:
            place = package.id, entitlement.id
            of_place = [each for each in moved if (each.package_id, each.entitlement_id) == place]
            balance = store.balance(*place)
            expected = Balance.of(entitlement.remaining, of_place)
            drawn = _drawn(place, known)
            rest = balance.reserved, balance.redeemed, balance.forfeited
            left = next(held.remaining for held in now.entitlements if held.id == entitlement.id)
            if balance != expected or drawn != rest or left != balance.available:
                wrong.append(
                    f"{place}: {balance} with {left} left, by its movements {expected}, "
                    f"by its draws {drawn}"
                )
    return wrong


def _of_version(package: Package, redemptions: list[Redemption]) -> list[str]:
    """Tell a version that is not one for each commit; an exchange is one, of two redemptions."""
    of_it = [
        redemption
        for redemption in redemptions
        if any(draw.package_id == package.id for draw in redemption.draws)
    ]
    most = sum(redemption.version for redemption in of_it)
    least = most - sum(redemption.replaces is not None for redemption in of_it)
    if package.version is not None and least <= package.version <= most:
        return []
    return [f"version of {package.id}: {package.version}, not from {least} to {most}"]


def _drawn(place: tuple[str, str], redemptions: list[Redemption]) -> tuple[int, ...]:
    """Return the units reserved, redeemed and forfeited."""
    units: Counter[DrawState] = Counter()
    for redemption in redemptions:
        for draw in redemption.draws:
            if (draw.package_id, draw.entitlement_id) == place:
                units[draw.state] += draw.credits
    return tuple(
        units[state] for state in (DrawState.RESERVED, DrawState.REDEEMED, DrawState.FORFEITED)
    )
