"""What `commit` has to do: whole or not at all, judged together, every return."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pkgredeem as p
from pkgredeem.testing.contract._expectations import (
    BEN,
    DAY,
    MIDNIGHT,
    NOW,
    POLICY,
    START,
    TWO,
    booking,
    committed,
    conflicts,
    credit,
    credits_left,
    due,
    facials,
    proposed,
    refused,
    same,
)
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._steps import ENDED, ENDINGS

_MANY = 12


class Commits(Kit):
    """Invariants of `commit`."""

    def test_no_change_at_all_is_a_success(self) -> None:
        """A commit of nothing does nothing."""
        store = self.store(facials())
        store.commit()

        same("credits left", 5, credits_left(store))

    def test_several_changes_are_all_or_nothing(self) -> None:
        """When one change of a call conflicts none is committed, wherever it stands; no return.

        Whether another change of it was overtaken, or lacks a credit. So it is with the credits
        that one change draws on several packages.
        """
        packages = [facials("p1", remaining=2), _only("massage", "p2")]
        store, first = self.booked(*packages)
        back = ENDINGS["cancelled in time"](first, None)
        fresh = proposed([facials()], booking("b2"))
        stale = proposed([facials()], booking("b1"), now=NOW + timedelta(seconds=1))
        overdrawn = proposed(packages, booking("b4", "massage"))
        other = committed(store, proposed(packages, booking("b3", "massage")))

        def act(changes: tuple[p.Change, ...]) -> None:
            conflicts("it", store, *changes)
            conflicts("it, the other way round", store, *changes[::-1])
            self.holds(store, left=1, b1=first, b2=None, b3=other, b4=None)
            same("credits left in the other package", 0, credits_left(store, "p2"))

        self.each(
            {
                "a booking, and one that was made meanwhile": (fresh, stale),
                "a booking, and a credit that is lacking": (fresh, overdrawn),
                "a return, and a credit that is lacking": (back, overdrawn),
                "a credit that is there, and one that is lacking": (
                    proposed(packages, booking("b4", "facial", "massage")),
                ),
            },
            act,
        )

    def test_several_changes_are_judged_together(self) -> None:
        """The credit that one change gives back pays for another of the same call, in any order."""
        for turned in (False, True):
            store, first = self.booked(facials(remaining=1))
            back = ENDINGS["cancelled in time"](first, None)
            new = proposed([facials(remaining=1)], booking("b2"))
            store.commit(*((new, back) if turned else (back, new)))

            self.holds(store, left=0, b1=back.after, b2=new.after)

    def test_every_change_of_a_call_is_committed(self) -> None:
        """However many changes a call has, each is committed."""
        books = self.books(facials(remaining=_MANY))
        names = [f"b{number}" for number in range(_MANY)]
        bookings = [proposed([facials(remaining=_MANY)], booking(name)) for name in names]
        books.commit(*bookings)
        books.commit(*(ENDINGS["completed"](change.after, None) for change in bookings))

    def test_no_entitlement_falls_below_zero(self) -> None:
        """What was decided on more credits than are left is a conflict: none is overdrawn.

        For each change of a call and for all together, in units as in credits (D41).
        """
        one, other = (proposed([facials()], booking(name)) for name in ("b1", "b2"))
        facts: dict[str, tuple[int, Callable[[], tuple[p.Change, ...]]]] = {
            "a credit of none": (0, lambda: (one,)),
            "two credits, in two bookings, of the one left": (1, lambda: (one, other)),
            "two credits, on two lines, of the one left": (
                1,
                lambda: (proposed([facials()], booking("b1", *TWO)),),
            ),
            "30 units of the 25 left": (25, lambda: (_lasting("b1", 30),)),
        }

        def act(fact: tuple[int, Callable[[], tuple[p.Change, ...]]]) -> None:
            left, wanted = fact
            store = self.store(facials(remaining=left))
            conflicts("an overdraft", store, *wanted())
            self.holds(store, left=left, b1=None, b2=None)

        self.each(facts, act)
        books = self.books(facials(remaining=100))
        found = books.done(_lasting("b1", 75))
        books.done(_lasting("b2", 25))
        books.done(ENDINGS["cancelled in time"](found, None))

    def test_a_movement_of_what_is_not_held_is_refused(self) -> None:
        """An entitlement that the store does not hold is told at once, and nothing is committed.

        No second try would find it, so it is no conflict (D73); for a return as for a draw.
        """
        store, booked = self.booked()
        renamed = replace(facials(), entitlements=(credit("facial", remaining=1, id="gone"),))
        good = proposed([facials()], booking("b2"))

        def act(bad: p.Change) -> None:
            for changes in ((good, bad), (bad, good)):
                refused("it", p.UnknownEntitlementError, lambda c=changes: store.commit(*c))  # type: ignore[misc]
            self.holds(store, left=4, b1=booked, b2=None, b3=None)

        self.each(
            {
                "a draw on an unknown package": proposed([facials("p9")], booking("b3")),
                "a return to an unknown package": _returned(booked, package_id="p9"),
                "a draw on an unknown entitlement": proposed([renamed], booking("b3")),
                "a return to an unknown entitlement": _returned(booked, entitlement_id="gone"),
            },
            act,
        )

    def test_movements_that_the_draws_do_not_say_are_refused(self) -> None:
        """A booking that takes no credit, or another number, is an `InvalidValueError`.

        So that none can be cancelled that was never paid, which would make credits out of nothing.
        """
        store, booked = self.booked()
        good = proposed([facials()], booking("b2"))
        bad = proposed([facials()], booking("b3"))
        (taken,) = bad.movements
        back = ENDINGS["cancelled in time"](booked, None)
        (returned,) = back.movements
        for what, odd in (
            ("a booking that takes no credit", replace(bad, movements=())),
            ("a booking that takes two", replace(bad, movements=(replace(taken, credits=2),))),
            ("a booking that takes one twice", replace(bad, movements=(taken, taken))),
            ("a return of nothing", replace(back, movements=())),
            ("a return of two", replace(back, movements=(replace(returned, credits=2),))),
        ):
            for changes in ((good, odd), (odd, good)):
                refused(what, p.InvalidValueError, lambda c=changes: store.commit(*c))  # type: ignore[misc]

        self.holds(store, left=4, b1=booked, b2=None, b3=None)

    def test_a_return_goes_back_where_it_came_from(self) -> None:
        """A credit returns to the package and entitlement that it was drawn on, to none like it."""
        both = (credit("facial", remaining=1), credit("facial", remaining=1, id="more"))
        several = p.Package(id="p1", client_id="ana", entitlements=both)
        one = facials(remaining=1)

        def act(sold: tuple[p.Package, ...]) -> None:
            books = self.books(*sold)
            found = [books.done(proposed([sold[0]], booking("b1")))]
            found.append(books.done(proposed(_left(sold, found[0]), booking("b2"))))
            for redemption in found:
                books.done(ENDINGS["cancelled in time"](redemption, None))

        self.each(
            {
                "two packages": (one, facials("p2", remaining=1), facials("p3", client_id="ben")),
                "the other of two packages": (facials("p2", remaining=1), one),
                "two entitlements": (several, facials("p2")),
            },
            act,
        )

    def test_a_return_is_never_refused(self) -> None:
        """A credit returns into a package that is used up, over, archived, or another's by now.

        Whichever act returns it, and years later. No desk would draw on these any more: they are
        decided on as they were before.
        """

        def act(package: p.Package) -> None:
            books = self.books(package)
            years_later = START + 9_999 * DAY
            for number, name in enumerate(("cancelled by the business", "no-show, returned")):
                found = books.done(proposed([facials(remaining=1)], booking(f"b{number}")))
                books.done(ENDINGS[name](found, None))
            found = books.done(proposed([facials(remaining=1)], booking("b")))
            found = books.done(ENDINGS["no-show, forfeited"](found, None))
            books.done(due(POLICY.forgive(found, now=years_later, note="she was ill")))

        one = facials(remaining=1)
        self.each(
            {
                "used up": one,
                "over": replace(one, valid_until=MIDNIGHT),
                "archived": replace(one, status=p.PackageStatus.ARCHIVED),
                "suspended": replace(one, status=p.PackageStatus.SUSPENDED),
                "another's": replace(one, client_id=str(BEN.id)),
            },
            act,
        )


def _lasting(booking_id: str, minutes: int) -> p.Change:
    """Return the booking of a facial that takes so many units of a package of a hundred."""
    entitlement = replace(credit("facial", remaining=100), unit="minute")
    facial = p.Service(id="facial", costs={"minute": minutes})
    package = replace(facials(), entitlements=(entitlement,))
    return proposed([package], p.Booking.of(facial, id=booking_id, starts_at=START))


def _only(service: str, package_id: str) -> p.Package:
    """Return a package of Ana's with one credit of one service."""
    entitlements = (credit(service, remaining=1),)
    return p.Package(id=package_id, client_id="ana", entitlements=entitlements)


def _left(sold: tuple[p.Package, ...], booked: p.Redemption) -> list[p.Package]:
    """Return Ana's packages without the entitlement that a booking has drawn on."""
    (draw,) = booked.draws
    found: list[p.Package] = []
    for package in sold[:2]:
        kept = tuple(
            held
            for held in package.entitlements
            if (package.id, held.id) != (draw.package_id, draw.entitlement_id)
        )
        if kept:
            found.append(replace(package, entitlements=kept))
    return found


def _returned(booked: p.Redemption, **place: str) -> p.Change:
    """Return the cancellation of a booking as if it had drawn on another place."""
    draws = tuple(replace(draw, **place) for draw in booked.draws)  # type: ignore[arg-type]
    return due(POLICY.cancel(replace(booked, draws=draws), by=p.Actor.BUSINESS, now=ENDED))
