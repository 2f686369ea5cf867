"""What `commit` has to do: whole or not at all, once, never on something older, every return."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pkgredeem as p
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    DAY,
    LATE,
    NOW,
    POLICY,
    START,
    TWO,
    Kit,
    booking,
    committed,
    conflicts,
    credit,
    credits_left,
    due,
    facials,
    moved,
    proposed,
    refused,
    same,
)

_cancelled = partial(POLICY.cancel, by=p.Actor.CLIENT, now=NOW)
_UNITS = {"b1": 75, "b2": 30, "b3": 25}


class Commits(Kit):
    """Invariants of `commit`."""

    def test_no_change_at_all_is_a_success(self) -> None:
        """A commit of nothing does nothing."""
        store = self.store(facials())
        store.commit()

        same("credits left", 5, credits_left(store))

    def test_a_booking_takes_its_credits_off(self) -> None:
        """Booking reserves the credits of its lines in the entitlements that they were drawn on."""
        both = (credit("facial", remaining=3), credit("massage", remaining=2, id="massages"))
        package = p.Package(id="p1", client_id="ana", entitlements=both)
        store = self.store(package)
        store.commit(proposed([package], booking("b1", "facial", "massage", "facial")))

        self.balanced(store, ["b1"], available=1, reserved=2)
        self.balanced(store, ["b1"], place=("p1", "massages"), available=1, reserved=1)

    def test_a_booking_is_committed_at_most_once(self) -> None:
        """A second proposal for the same booking is a conflict, and the first one stays."""
        store, first = self.booked()
        later = proposed([facials()], booking("b1"), now=NOW + timedelta(seconds=1))
        conflicts("another proposal for the booking", store, later)

        self.holds(store, left=4, b1=first)

    def test_draws_on_several_packages_are_all_or_nothing(self) -> None:
        """When one of two packages has no credit left, none is taken from the other."""
        packages = [facials("p1"), _only("massage", "p2")]
        store = self.store(*packages)
        late = proposed(packages, booking("b2", "facial", "massage"))
        store.commit(proposed(packages, booking("b1", "massage")))
        conflicts("a booking that lacks its second credit", store, late)

        self.holds(store, left=5, b2=None)
        same("credits left in the other package", 0, credits_left(store, "p2"))

    def test_several_changes_are_all_or_nothing(self) -> None:
        """When one change of a call conflicts, none is committed, wherever it stands."""
        store, first = self.booked()
        stale = proposed([facials()], booking("b1"), now=NOW + timedelta(seconds=1))
        fresh = proposed([facials()], booking("b2"))
        conflicts("a conflict after a good change", store, fresh, stale)
        conflicts("a conflict before a good change", store, stale, fresh)

        self.holds(store, left=4, b1=first, b2=None)

    def test_a_change_that_lacks_a_credit_takes_the_others_down(self) -> None:
        """When a credit is lacking for one change, the call commits none: no return either."""
        store, first = self.booked(facials(remaining=1), facials("p2", remaining=1))
        back = due(_cancelled(first))
        packages = [facials("p2", remaining=1)]
        overdrawn = proposed(packages, booking("b3"))
        store.commit(proposed(packages, booking("b2")))
        conflicts("a return and an overdraft", store, back, overdrawn)
        conflicts("an overdraft and a return", store, overdrawn, back)

        self.holds(store, left=0, b1=first)
        same("credits left in the other package", 0, credits_left(store, "p2"))

    def test_several_changes_are_judged_together(self) -> None:
        """The credit that one change gives back pays for another of the same call, in any order."""
        for turned in (False, True):
            store, first = self.booked(facials(remaining=1))
            back = due(_cancelled(first))
            new = proposed([facials(remaining=1)], booking("b2"))
            store.commit(*((new, back) if turned else (back, new)))

            self.holds(store, left=0, b1=back.after, b2=new.after)

    def test_a_version_from_the_future_is_refused(self) -> None:
        """A change whose *before* is newer than what is stored, or of no booking, is a conflict."""
        store, booked = self.booked()
        never_moved = moved(booked, START + DAY).after
        conflicts("an act on what was never committed", store, due(_cancelled(never_moved)))
        never_booked = proposed([facials()], booking("b2")).after
        conflicts("cancelling what was never booked", store, due(_cancelled(never_booked)))

        self.holds(store, left=4, b1=booked, b2=None)

    def test_a_lost_acknowledgement_is_a_success(self) -> None:
        """The same change again takes nothing more, however often, also beside a new one."""
        store = self.store(facials())
        one, two, three = (proposed([facials()], booking(name)) for name in ("b1", "b2", "b3"))
        for changes in ((one,), (one,), (one, two), (one, two), (two, three)):
            store.commit(*changes)

        self.holds(store, left=2, b1=one.after, b2=two.after, b3=three.after)
        self.balanced(store, ["b1", "b2", "b3"], available=2, reserved=3)

    def test_a_credit_returns_only_once(self) -> None:
        """A cancellation that is committed again returns nothing more."""
        store, booked = self.booked()
        cancelled = due(_cancelled(booked))
        for _ in range(3):
            store.commit(cancelled)

        self.balanced(store, ["b1"], available=5)

    def test_an_old_change_is_not_taken_for_a_lost_acknowledgement(self) -> None:
        """A change that was committed once but is not the last word any more is a conflict."""
        store = self.store(facials())
        change = proposed([facials()], booking("b1"))
        cancelled = committed(store, _cancelled(committed(store, change)))
        conflicts("booking again what is cancelled", store, change)

        self.holds(store, left=5, b1=cancelled)

    def test_another_change_to_the_same_version_is_refused(self) -> None:
        """Only an equal redemption is a lost acknowledgement; an equal version is not enough."""
        store, booked = self.booked()
        first = committed(store, _cancelled(booked))
        other = due(_cancelled(booked, note="another one"))
        conflicts("another cancellation to version 2", store, other)

        self.holds(store, left=5, b1=first)

    def test_no_entitlement_falls_below_zero(self) -> None:
        """What was decided on more credits than are left is a conflict: none is overdrawn."""
        store = self.store(facials(remaining=2))
        believed = [facials(remaining=9)]
        store.commit(proposed(believed, booking("b1")))
        conflicts("two credits of the one left", store, proposed(believed, booking("b2", *TWO)))
        store.commit(proposed(believed, booking("b3")))
        conflicts("a credit of none", store, proposed(believed, booking("b4")))

        self.balanced(store, ["b1", "b3"], reserved=2)

    def test_draws_of_one_call_are_added_up(self) -> None:
        """Two bookings of one call that want the same last credit never both get it."""
        store = self.store(facials(remaining=1))
        one, two = (proposed([facials(remaining=1)], booking(name)) for name in ("b1", "b2"))
        conflicts("two draws on one credit", store, one, two)

        self.holds(store, left=1, b1=None, b2=None)

    def test_a_movement_of_what_is_not_held_is_refused(self) -> None:
        """An entitlement that the store does not hold is told at once, and nothing is committed.

        No second try would find it, so it is no conflict (D73); for a return as for a draw.
        """
        store, booked = self.booked()
        back = due(_cancelled(booked))
        gone = tuple(replace(movement, entitlement_id="gone") for movement in back.movements)
        renamed = replace(facials(), entitlements=(credit("facial", remaining=1, id="gone"),))
        good = proposed([facials()], booking("b2"))
        for what, bad in (
            ("a draw on an unknown package", proposed([facials("p9")], booking("b3"))),
            ("a draw on an unknown entitlement", proposed([renamed], booking("b3"))),
            ("a return to an unknown entitlement", replace(back, movements=gone)),
        ):
            for changes in ((good, bad), (bad, good)):
                refused(what, p.UnknownEntitlementError, lambda c=changes: store.commit(*c))  # type: ignore[misc]

        self.holds(store, left=4, b1=booked, b2=None, b3=None)

    def test_several_units_move_at_once(self) -> None:
        """A movement takes as many units as it says, and the same number comes back (D41)."""
        store = self.store(facials(remaining=100))
        minutes = replace(credit("facial", remaining=100), unit="minute")
        believed = [replace(facials(), entitlements=(minutes,))]
        one, two, three = (
            proposed(believed, _lasting(name, units)) for name, units in _UNITS.items()
        )
        booked = committed(store, one)
        conflicts("30 units of the 25 left", store, two)
        store.commit(three)

        self.balanced(store, _UNITS, reserved=100)
        committed(store, _cancelled(booked))
        self.balanced(store, _UNITS, available=75, reserved=25)

    def test_the_history_is_kept_whole(self) -> None:
        """A history tells of every movement: what, for which booking, by whom, when and why."""
        packages = [facials(), _only("massage", "p2")]
        store = self.store(*packages)
        if self._history(store) is None:
            return
        expected: Counter[p.Movement] = Counter()

        def commit(answer: p.Decision | p.Settlement) -> p.Redemption:
            expected.update(due(answer).movements)
            return committed(store, answer)

        decide = partial(POLICY.decide, account=ACCOUNT, client=ANA, packages=packages, now=NOW)
        wanted = booking("b1", *TWO, "massage")
        found = commit(decide(booking=wanted, by=p.Actor.BUSINESS, note='O\'Brien "rang"\n😀'))
        commit(decide(booking=booking("b2")))
        found = commit(POLICY.cancel(found, by=p.Actor.CLIENT, now=LATE, lines=[0], note="no time"))
        ended = START + timedelta(hours=1, microseconds=1)
        found = commit(POLICY.no_show(found, now=ended, lines=[1, 2], note="no answer"))
        found = commit(POLICY.complete(found, now=ended, lines=[2], note="came after all"))
        commit(POLICY.forgive(found, now=ended, lines=[1], note="a burst pipe"))

        history = Counter(self._history(store) or ())
        same("movements that are lacking", [], [*(expected - history).elements()])
        same("movements that never were", [], [*(history - expected).elements()])

    def test_after_a_conflict_the_winner_can_be_read(self) -> None:
        """What made a commit conflict is there for the next read of whoever was refused."""
        store = self.store(facials(remaining=1))
        other = self.again(store)
        mine = proposed([facials(remaining=1)], booking("b1"))
        winner = committed(other, proposed([facials(remaining=1)], booking("b2")))
        conflicts("the credit that another has drawn", store, mine)

        self.holds(store, left=0, b2=winner)

    def test_a_return_goes_back_where_it_came_from(self) -> None:
        """A credit returns to the entitlement that it was drawn on, not to one that is like it."""
        both = (credit("facial", remaining=1), credit("facial", "massage", remaining=1, id="any"))
        package = p.Package(id="p1", client_id="ana", entitlements=both)
        store = self.store(package, facials("p2"))
        booked = committed(store, proposed([package], booking("b1", *TWO)))
        on = {draw.line: draw.entitlement_id for draw in booked.draws}
        booked = committed(store, _cancelled(booked, lines=[0]))

        same("credits left where it came from", 1, credits_left(store, "p1", on[0]))
        same("credits left beside it", 0, credits_left(store, "p1", on[1]))
        committed(store, _cancelled(booked, lines=[1]))
        same("credits left when both came back", 1, credits_left(store, "p1", on[1]))
        same("credits left in the other package", 5, credits_left(store, "p2"))

    def test_a_return_is_never_refused(self) -> None:
        """A credit returns into a package that is used up, over, archived, or another's by now."""
        services = ("facial", "massage", "manicure")
        packages = [_only(name, f"p{place}") for place, name in enumerate(services)]
        store = self.store(
            replace(packages[0], valid_until=START + timedelta(minutes=1)),
            replace(packages[1], status=p.PackageStatus.ARCHIVED),
            replace(packages[2], client_id="ben"),
        )

        def all_left() -> list[int | p.Unlimited]:
            return [credits_left(store, package.id) for package in packages]

        # No desk would draw on these any more: they are decided on as they were before.
        booked = committed(store, proposed(packages, booking("b1", *services)))
        years_later = START + 9_999 * DAY
        lost = POLICY.no_show(booked, now=years_later, outcome=p.CreditOutcome.FORFEIT)
        forfeited = committed(store, lost)
        same("credits left after the no-show", [0, 0, 0], all_left())
        committed(store, POLICY.forgive(forfeited, now=years_later, note="she was ill"))
        same("credits left when it is forgiven", [1, 1, 1], all_left())
        booked = committed(store, proposed(packages, booking("b2", *services)))
        committed(store, POLICY.cancel(booked, by=p.Actor.BUSINESS, now=years_later))

        same("credits left when the next is cancelled", [1, 1, 1], all_left())


def _lasting(booking_id: str, minutes: int) -> p.Booking:
    """Return a booking of a facial that takes so many minutes."""
    facial = p.Service(id="facial", costs={"minute": minutes})
    return p.Booking.of(facial, id=booking_id, starts_at=START)


def _only(service: str, package_id: str) -> p.Package:
    """Return a package of Ana's with one credit of one service."""
    entitlements = (credit(service, remaining=1),)
    return p.Package(id=package_id, client_id="ana", entitlements=entitlements)
