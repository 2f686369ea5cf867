"""What a desk needs of a store: reads that hold, and the answers of whoever comes second."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    BEN,
    NOW,
    START,
    booking,
    codes,
    desk,
    facials,
    known,
    proposed,
    redeemed,
    refused,
    same,
)
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._steps import ENDINGS


class Desks(Kit):
    """Invariants of a desk on the store."""

    def test_a_quote_is_what_redeeming_then_does(self) -> None:
        """A quote is the decision of the booking, and writes nothing, however often (D70)."""
        store = self.store(facials(remaining=1))
        quotes = [
            desk(store).quote(account=ACCOUNT, client=ANA, booking=booking("b1"), now=NOW)
            for _ in range(3)
        ]
        same("the redemption of a quote", None, store.redemption("b1"))
        decision = redeemed(store, booking("b1"))
        same("the quotes", [decision] * 3, quotes)
        self.balanced(store, ["b1"], reserved=1)

    def test_a_shared_package_has_one_balance(self) -> None:
        """Owner and sharers draw on the same credits, each for bookings of their own (D59)."""
        store = self.store(replace(facials(remaining=2), shared_with=("ben",)))
        clients = {"b1": BEN, "b2": ANA, "b3": BEN}
        decisions = {
            name: redeemed(store, booking(name), client=client) for name, client in clients.items()
        }

        same("what refuses the first", [], codes(decisions["b1"]))
        same("what refuses the third", ["package_used_up"], codes(decisions["b3"]))
        whose = [known(store, name).client_id for name in ("b1", "b2")]
        same("whose bookings they are", ["ben", "ana"], whose)
        self.balanced(store, clients, reserved=2)
        desk(store).cancel("b1", by=p.Actor.CLIENT, now=NOW)
        self.balanced(store, clients, available=1, reserved=1)

    def test_who_comes_second_is_told_at_the_second_try(self) -> None:
        """After a conflict the next read is as new as what caused it (D35).

        So who is second for the last credit gets that of the next package, or hears that none is
        left and pays deposit and card (D14); and an act finds what another has done meanwhile.
        """
        packages = [facials("p1", remaining=1), facials("p2", remaining=1)]
        store = self.store(*packages)
        _second(_Overtaken(store, proposed(packages, booking("b1"))), "b2")
        drawn = [known(store, booking_id).draws[0].package_id for booking_id in ("b1", "b2")]
        same("the packages drawn on", ["p1", "p2"], drawn)

        store = self.store(packages[0])
        decision = _second(_Overtaken(store, proposed(packages[:1], booking("b1"))), "b2")
        same("the reasons", ["package_used_up"], codes(decision))
        same("the deposit", p.DepositOutcome.COLLECT, decision.deposit)
        same("the card page", p.CardCaptureOutcome.CAPTURE, decision.card_capture)
        same("the redemption of who came second", None, store.redemption("b2"))
        self.balanced(store, ["b1", "b2"], reserved=1)

        late = desk(_Overtaken(store, ENDINGS["completed"](known(store, "b1"), None)), attempts=2)
        refused(
            "cancelling what was completed meanwhile",
            p.ClosedRedemptionError,
            lambda: late.cancel("b1", by=p.Actor.BUSINESS, now=START),
        )
        self.balanced(store, ["b1"], redeemed=1)


class _Overtaken:
    """The store of somebody who is a moment too slow: others commit just before them."""

    def __init__(self, store: RedemptionStore, *overtaking: p.Change) -> None:
        self._store = store
        self._overtaking = overtaking

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[p.Package]:
        return self._store.packages_of(client_id, not_over_at=not_over_at, also=also)

    def redemption(self, booking_id: str) -> p.Redemption | None:
        return self._store.redemption(booking_id)

    def commit(self, *changes: p.Change) -> None:
        overtaking, self._overtaking = self._overtaking, ()
        for change in overtaking:
            self._store.commit(change)
        self._store.commit(*changes)


def _second(store: RedemptionStore, booking_id: str) -> p.Decision:
    """Redeem a booking with two tries."""
    at = desk(store, attempts=2)
    return at.redeem(account=ACCOUNT, client=ANA, booking=booking(booking_id), now=NOW)
