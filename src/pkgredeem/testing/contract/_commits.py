"""What `commit` has to do: whole or not at all, once, and never on something older."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial

from pkgredeem import (
    Actor,
    Balance,
    Decision,
    Movement,
    Package,
    Redemption,
    Settlement,
)
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    LATE,
    NOW,
    POLICY,
    START,
    Kit,
    booking,
    committed,
    conflicts,
    credit,
    due,
    facials,
    known,
    left,
    proposed,
    same,
)


class Commits(Kit):
    """Invariants of `commit`."""

    def test_no_change_at_all_is_a_success(self) -> None:
        """A commit of nothing does nothing."""
        store = self.store(facials())
        store.commit()

        same("credits left", 5, left(store))

    def test_a_booking_takes_its_credits_off(self) -> None:
        """Booking reserves the credits of its lines in the entitlements that they were drawn on."""
        package = Package(
            id="p1",
            client_id="ana",
            entitlements=(credit("facial", remaining=3), credit("massage", remaining=2)),
        )
        store = self.store(package)
        store.commit(proposed([package], booking("b1", "facial", "massage", "facial")))

        expected = {
            "facial": Balance(available=1, reserved=2, redeemed=0, forfeited=0),
            "massage": Balance(available=1, reserved=1, redeemed=0, forfeited=0),
        }
        same("the balances", expected, self.bucketed(store, package, ["b1"]))

    def test_a_booking_is_committed_at_most_once(self) -> None:
        """A second proposal for the same booking is a conflict, and the first one stays."""
        store = self.store(facials())
        first = committed(store, proposed([facials()], booking("b1")))
        later = proposed([facials()], booking("b1"), now=NOW + timedelta(seconds=1))
        conflicts("another proposal for the booking", store, later)

        same("the redemption", first, store.redemption("b1"))
        same("credits left", 4, left(store))

    def test_draws_on_several_packages_are_all_or_nothing(self) -> None:
        """When one of two packages has no credit left, none is taken from the other."""
        packages = [
            facials("p1"),
            Package(id="p2", client_id="ana", entitlements=(credit("massage", remaining=1),)),
        ]
        store = self.store(*packages)
        late = proposed(packages, booking("b2", "facial", "massage"))
        store.commit(proposed(packages, booking("b1", "massage")))
        conflicts("a booking that lacks its second credit", store, late)

        same("the redemption", None, store.redemption("b2"))
        same("credits left in the other package", 5, left(store))
        same("credits left", 0, left(store, "p2", "massage"))

    def test_several_changes_are_all_or_nothing(self) -> None:
        """When one change of a call conflicts, none is committed, wherever it stands."""
        store = self.store(facials())
        first = committed(store, proposed([facials()], booking("b1")))
        stale = proposed([facials()], booking("b1"), now=NOW + timedelta(seconds=1))
        fresh = proposed([facials()], booking("b2"))
        conflicts("a conflict after a good change", store, fresh, stale)
        conflicts("a conflict before a good change", store, stale, fresh)

        same("the good change", None, store.redemption("b2"))
        same("the other booking", first, store.redemption("b1"))
        same("credits left", 4, left(store))

    def test_a_change_that_lacks_a_credit_takes_the_others_down(self) -> None:
        """When a credit is lacking for one change, the call commits none: no return either."""
        store = self.store(facials(remaining=1), facials("p2", remaining=1))
        first = committed(store, proposed([facials(remaining=1)], booking("b1")))
        back = due(POLICY.cancel(first, by=Actor.CLIENT, now=NOW))
        packages = [facials("p2", remaining=1)]
        overdrawn = proposed(packages, booking("b3"))
        store.commit(proposed(packages, booking("b2")))
        conflicts("a return and an overdraft", store, back, overdrawn)
        conflicts("an overdraft and a return", store, overdrawn, back)

        same("the booking that was to return", first, store.redemption("b1"))
        same("credits left", [0, 0], [left(store, "p1"), left(store, "p2")])

    def test_several_changes_are_judged_together(self) -> None:
        """The credit that one change gives back pays for another of the same call, in any order."""
        for turned in (False, True):
            store = self.store(facials(remaining=1))
            first = committed(store, proposed([facials(remaining=1)], booking("b1")))
            back = due(POLICY.cancel(first, by=Actor.CLIENT, now=NOW))
            new = proposed([facials(remaining=1)], booking("b2"))
            store.commit(*((new, back) if turned else (back, new)))

            is_open = [known(store, booking_id).is_open for booking_id in ("b1", "b2")]
            same("the old and the new booking, open", [False, True], is_open)
            same("credits left", 0, left(store))

    def test_an_act_on_an_old_version_is_refused(self) -> None:
        """Of two acts that were judged on the same version only the first is committed."""
        store = self.store(facials())
        booked = committed(store, proposed([facials()], booking("b1")))
        completed = due(POLICY.complete(booked, now=START))
        cancelled = committed(store, due(POLICY.cancel(booked, by=Actor.BUSINESS, now=START)))
        conflicts("completing what was cancelled meanwhile", store, completed)

        same("the redemption", cancelled, store.redemption("b1"))
        balance = {"facial": Balance(available=5, reserved=0, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))

    def test_an_act_on_a_booking_that_is_not_there_is_refused(self) -> None:
        """A change of a redemption that was never committed is a conflict and leaves nothing."""
        store = self.store(facials())
        never = proposed([facials()], booking("b1")).after
        cancelled = due(POLICY.cancel(never, by=Actor.CLIENT, now=NOW))
        conflicts("cancelling what was never booked", store, cancelled)

        same("the redemption", None, store.redemption("b1"))
        same("credits left", 5, left(store))

    def test_a_version_from_the_future_is_refused(self) -> None:
        """A change whose *before* is newer than what is stored is a conflict as well."""
        store = self.store(facials())
        booked = committed(store, proposed([facials()], booking("b1")))
        moved = due(
            POLICY.reschedule(
                booked,
                starts_at=START + timedelta(days=1),
                by=Actor.CLIENT,
                now=NOW,
                packages=[facials()],
            )
        )
        cancelled = due(POLICY.cancel(moved.after, by=Actor.CLIENT, now=NOW))
        conflicts("an act on a version that was never committed", store, cancelled)

        same("the redemption", booked, store.redemption("b1"))

    def test_a_lost_acknowledgement_is_a_success(self) -> None:
        """The same change again succeeds and takes nothing more, however often it comes."""
        store = self.store(facials())
        change = proposed([facials()], booking("b1"))
        for _ in range(3):
            store.commit(change)

        same("the redemption", change.after, store.redemption("b1"))
        balance = {"facial": Balance(available=4, reserved=1, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))

    def test_a_credit_returns_only_once(self) -> None:
        """A cancellation that is committed again returns nothing more."""
        store = self.store(facials())
        booked = committed(store, proposed([facials()], booking("b1")))
        cancelled = due(POLICY.cancel(booked, by=Actor.CLIENT, now=NOW))
        for _ in range(3):
            committed(store, cancelled)

        balance = {"facial": Balance(available=5, reserved=0, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))

    def test_a_lost_acknowledgement_of_several_changes_is_a_success(self) -> None:
        """A call of several changes that comes again counts once, also when one of them is new."""
        store = self.store(facials())
        one, two, three = (proposed([facials()], booking(name)) for name in ("b1", "b2", "b3"))
        store.commit(one, two)
        store.commit(one, two)
        store.commit(two, three)

        balance = {"facial": Balance(available=2, reserved=3, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1", "b2", "b3"]))

    def test_an_old_change_is_not_taken_for_a_lost_acknowledgement(self) -> None:
        """A change that was committed once but is not the last word any more is a conflict."""
        store = self.store(facials())
        change = proposed([facials()], booking("b1"))
        booked = committed(store, change)
        cancelled = committed(store, due(POLICY.cancel(booked, by=Actor.CLIENT, now=NOW)))
        conflicts("booking again what is cancelled", store, change)

        same("the redemption", cancelled, store.redemption("b1"))
        same("credits left", 5, left(store))

    def test_another_change_to_the_same_version_is_refused(self) -> None:
        """Only an equal redemption is a lost acknowledgement; an equal version is not enough."""
        store = self.store(facials())
        booked = committed(store, proposed([facials()], booking("b1")))
        first = committed(store, due(POLICY.cancel(booked, by=Actor.CLIENT, now=NOW)))
        other = due(POLICY.cancel(booked, by=Actor.CLIENT, now=NOW, note="another one"))
        conflicts("another cancellation to version 2", store, other)

        same("the redemption", first, store.redemption("b1"))

    def test_no_entitlement_falls_below_zero(self) -> None:
        """What was decided on more credits than are left is a conflict: none is overdrawn."""
        store = self.store(facials(remaining=2))
        believed = [facials(remaining=9)]
        store.commit(proposed(believed, booking("b1")))
        conflicts("two credits of the one left", store, proposed(believed, booking("b2", *_TWO)))
        store.commit(proposed(believed, booking("b3")))
        conflicts("a credit of none", store, proposed(believed, booking("b4")))

        balance = {"facial": Balance(available=0, reserved=2, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(remaining=2), ["b1", "b3"]))

    def test_draws_of_one_call_are_added_up(self) -> None:
        """Two bookings of one call that want the same last credit never both get it."""
        store = self.store(facials(remaining=1))
        one, two = (proposed([facials(remaining=1)], booking(name)) for name in ("b1", "b2"))
        conflicts("two draws on one credit", store, one, two)

        same("bookings", [None, None], [store.redemption("b1"), store.redemption("b2")])
        same("credits left", 1, left(store))

    def test_a_draw_on_what_is_not_held_is_refused(self) -> None:
        """A package or an entitlement that the store does not hold has no credit to give."""
        store = self.store(facials())
        conflicts("an unknown package", store, proposed([facials("p9")], booking("b1")))
        renamed = replace(facials(), entitlements=(credit("facial", remaining=1, id="other"),))
        conflicts("an unknown entitlement", store, proposed([renamed], booking("b2")))

        same("bookings", [None, None], [store.redemption("b1"), store.redemption("b2")])

    def test_the_history_is_kept_whole(self) -> None:
        """A history tells of every movement: what, for which booking, by whom, when and why."""
        massage = (credit("massage", remaining=1),)
        packages = [facials(), Package(id="p2", client_id="ana", entitlements=massage)]
        store = self.store(*packages)
        if self._history(store) is None:
            return
        committed_movements: list[Movement] = []

        def commit(answer: Decision | Settlement) -> Redemption:
            change = due(answer)
            committed_movements.extend(change.movements)
            return committed(store, change)

        decide = partial(POLICY.decide, account=ACCOUNT, client=ANA, packages=packages, now=NOW)
        wanted = booking("b1", *_TWO, "massage")
        found = commit(decide(booking=wanted, by=Actor.BUSINESS, note='O\'Brien "rang"\n😀'))
        commit(decide(booking=booking("b2")))
        found = commit(POLICY.cancel(found, by=Actor.CLIENT, now=LATE, lines=[0], note="no time"))
        ended = START + timedelta(hours=1, microseconds=1)
        found = commit(POLICY.no_show(found, now=ended, lines=[1, 2], note="no answer"))
        found = commit(POLICY.complete(found, now=ended, lines=[2], note="came after all"))
        commit(POLICY.forgive(found, now=ended, lines=[1], note="a burst pipe"))

        history = Counter(self._history(store) or ())
        same(
            "movements that are lacking", [], [*(Counter(committed_movements) - history).elements()]
        )
        same(
            "movements that never were", [], [*(history - Counter(committed_movements)).elements()]
        )

    def test_after_a_conflict_the_winner_can_be_read(self) -> None:
        """What made a commit conflict is there for the next read of whoever was refused."""
        store = self.store(facials(remaining=1))
        other = self.again(store)
        mine = proposed([facials(remaining=1)], booking("b1"))
        winner = committed(other, proposed([facials(remaining=1)], booking("b2")))
        conflicts("the credit that another has drawn", store, mine)

        same("credits left", 0, left(store))
        same("the winner", winner, store.redemption("b2"))


_TWO = ("facial", "facial")
