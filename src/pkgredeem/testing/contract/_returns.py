"""What becomes of credits that return: each goes back where it came from, and is never refused."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from pkgredeem import Actor, Balance, CreditOutcome, Package, PackageStatus
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    BEN,
    LATE,
    NOW,
    POLICY,
    START,
    Kit,
    booking,
    committed,
    credit,
    due,
    facials,
    left,
    proposed,
    same,
)


class Returns(Kit):
    """Invariants of credits that return, and of those that do not."""

    def test_a_return_goes_back_where_it_came_from(self) -> None:
        """A credit returns to the entitlement that it was drawn on, not to one that is like it."""
        package = Package(
            id="p1",
            client_id="ana",
            entitlements=(
                credit("facial", remaining=1),
                credit("facial", "massage", remaining=1, id="either"),
            ),
        )
        store = self.store(package, facials("p2"))
        change = proposed([package], booking("b1", "facial", "facial"))
        booked = committed(store, change)
        on = {draw.line: draw.entitlement_id for draw in booked.draws}
        first = due(POLICY.cancel(booked, by=Actor.CLIENT, now=NOW, lines=[0]))
        booked = committed(store, first)

        same("credits left where it came from", 1, left(store, "p1", on[0]))
        same("credits left beside it", 0, left(store, "p1", on[1]))
        committed(store, due(POLICY.cancel(booked, by=Actor.CLIENT, now=NOW, lines=[1])))
        same("credits left when both came back", 1, left(store, "p1", on[1]))
        same("credits left in the other package", 5, left(store, "p2"))

    def test_a_return_is_never_refused(self) -> None:
        """A credit returns into a package that is used up, over, archived, or another's by now."""
        packages = [_only("facial", "p1"), _only("massage", "p2"), _only("manicure", "p3")]
        store = self.store(
            replace(packages[0], valid_until=START + timedelta(minutes=1)),
            replace(packages[1], status=PackageStatus.ARCHIVED),
            replace(packages[2], client_id="ben"),
        )
        # No desk would draw on these any more: they are decided on as they were before.
        services = ("facial", "massage", "manicure")
        booked = committed(store, proposed(packages, booking("b1", *services)))
        years_later = START + timedelta(days=9_999)
        forfeited = due(POLICY.no_show(booked, now=years_later, outcome=CreditOutcome.FORFEIT))
        lost = committed(store, forfeited)
        same("credits left after the no-show", [0, 0, 0], _left(store, packages))
        committed(store, due(POLICY.forgive(lost, now=years_later, note="she was ill")))
        same("credits left when it is forgiven", [1, 1, 1], _left(store, packages))
        booked = committed(store, proposed(packages, booking("b2", *services)))
        committed(store, due(POLICY.cancel(booked, by=Actor.BUSINESS, now=years_later)))

        same("credits left when the next is cancelled", [1, 1, 1], _left(store, packages))

    def test_a_forfeited_credit_does_not_return(self) -> None:
        """A late cancellation closes the booking and leaves the balance as it was."""
        store = self.store(facials("p1"), facials("p2", client_id="ben"))
        packages = [facials("p2", client_id="ben")]
        booked = committed(store, proposed(packages, booking("b1"), client=BEN))
        committed(store, due(POLICY.cancel(booked, by=Actor.CLIENT, now=LATE)))

        balance = {"facial": Balance(available=4, reserved=0, redeemed=0, forfeited=1)}
        same("the balance", balance, self.bucketed(store, packages[0], ["b1"]))


def _only(service: str, package_id: str) -> Package:
    """Return a package of Ana's with one credit of one service."""
    entitlements = (credit(service, remaining=1),)
    return Package(id=package_id, client_id="ana", entitlements=entitlements)


def _left(store: RedemptionStore, packages: Iterable[Package]) -> list[int]:
    """Return what is left of the first entitlement of each package."""
    return [left(store, package.id, package.entitlements[0].id) for package in packages]
