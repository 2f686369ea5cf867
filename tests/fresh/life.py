"""A booking's life on a store, as short as can be: redeem, cancel, and look at the balance."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

from pkgredeem import (
    AccountSettings,
    Actor,
    Balance,
    Booking,
    Client,
    Entitlement,
    Movement,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
    Service,
    rules,
)
from pkgredeem.stores import RedemptionStore


class ReadyMade(RedemptionStore, Protocol):
    """What every ready-made store has beside the protocol."""

    def add(self, package: Package) -> None:
        """Take a package on."""
        ...

    def balance(self, package_id: str) -> Balance:
        """Return where the credits are."""
        ...

    def movements(self) -> Iterable[Movement]:
        """Return the whole history."""
        ...


NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
FIVE_FACIALS = Package(
    id="p1",
    client_id="ana",
    name="Five facials",
    entitlements=[Entitlement(services=["facial"], remaining=5)],
)
FACIAL = Booking.of(Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC))


def live(store: ReadyMade) -> None:
    """Sell a package, book with it, cancel, and see that every credit is where it should be."""
    store.add(FIVE_FACIALS)
    desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store)
    decision = desk.redeem(
        account=AccountSettings(), client=Client(id="ana"), booking=FACIAL, now=NOW
    )
    assert decision.eligible
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.balance("p1")
    assert desk.cancel("b1", by=Actor.CLIENT, now=NOW, note="has a cold").returned
    print(type(store).__name__, store.balance("p1"))
    assert Balance(available=5, reserved=0, redeemed=0, forfeited=0) == store.balance("p1")
    assert [movement.note for movement in store.movements()] == ["", "has a cold"]
