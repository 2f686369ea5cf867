"""What holds when many act at the same moment: nothing is spent twice, and nothing is lost."""

from datetime import timedelta
from functools import partial

from pkgredeem import Actor, Balance, ClosedRedemptionError, Package
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    NOW,
    START,
    Kit,
    at_once,
    booking,
    codes,
    desk,
    facials,
    known,
    redeemed,
    same,
)

THREADS = 8


class Races(Kit):
    """Invariants of many threads, some of them with another object on the same data."""

    def test_many_threads_on_the_last_credits(self) -> None:
        """Of eight bookings for three credits three are paid; five hear that it is used up."""
        package = facials(remaining=3)
        store = self.store(package)
        names = [f"b{place}" for place in range(THREADS)]
        acts = [
            partial(redeemed, opened, booking(name))
            for opened, name in zip(self._objects(store), names, strict=True)
        ]
        answers = at_once(acts, self._thread_ends)

        same("bookings paid", 3, sum(answer.eligible for answer in answers))
        reasons = sorted("".join(codes(answer)) for answer in answers)
        same("the reasons", [""] * 3 + ["package_used_up"] * 5, reasons)
        same("bookings stored", 3, sum(store.redemption(name) is not None for name in names))
        balance = {"facial": Balance(available=0, reserved=3, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, package, names))

    def test_many_threads_on_one_booking(self) -> None:
        """A booking that is sent eight times at once draws one credit and gets one answer."""
        self._send_at_once(facials(remaining=THREADS))

    def test_many_threads_on_one_booking_and_the_last_credit(self) -> None:
        """None of eight tries of one booking is refused for the credit that another try drew."""
        self._send_at_once(facials(remaining=1))

    def _send_at_once(self, package: Package) -> None:
        store = self.store(package)
        acts = [
            partial(redeemed, opened, booking("b1"), now=NOW + timedelta(seconds=place))
            for place, opened in enumerate(self._objects(store))
        ]
        answers = at_once(acts, self._thread_ends)

        same("eligible", [True] * THREADS, [answer.eligible for answer in answers])
        stored = known(store, "b1")
        same("the redemptions", [stored] * THREADS, [answer.redemption for answer in answers])
        same("answers that committed it", 1, sum(not answer.recorded for answer in answers))
        found = self.bucketed(store, package, ["b1"])["facial"]
        same("credits reserved", 1, found.reserved)

    def test_many_threads_return_a_credit_once(self) -> None:
        """A booking that is cancelled eight times at once returns one credit."""
        store = self.store(facials())
        redeemed(store, booking("b1"))
        acts = [
            partial(desk(opened).cancel, "b1", by=Actor.CLIENT, now=NOW)
            for opened in self._objects(store)
        ]
        answers = at_once(acts, self._thread_ends)

        same("returned", [True] * THREADS, [answer.returned for answer in answers])
        balance = {"facial": Balance(available=5, reserved=0, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))

    def test_one_of_two_endings_wins(self) -> None:
        """Of cancelling and completing at once one is done; the other finds the booking closed."""
        store = self.store(facials())
        redeemed(store, booking("b1"))

        def ended(place: int, opened: RedemptionStore) -> bool | None:
            try:
                if place % 2:
                    return desk(opened).cancel("b1", by=Actor.BUSINESS, now=START).allowed
                return desk(opened).complete("b1", now=START).allowed
            except ClosedRedemptionError:
                return None

        acts = [partial(ended, *numbered) for numbered in enumerate(self._objects(store))]
        answers = at_once(acts, self._thread_ends)

        done = 0 if known(store, "b1").draws[0].state.value == "redeemed" else 1
        same("who was allowed", [True] * 4, answers[done::2])
        same("who came too late", [None] * 4, answers[1 - done :: 2])
        balance = {
            "facial": Balance(available=4 + done, reserved=0, redeemed=1 - done, forfeited=0)
        }
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))

    def test_many_threads_exchange_in_a_circle(self) -> None:
        """Eight bookings that are exchanged at once for eight others keep the number of credits."""
        package = facials(remaining=THREADS)
        store = self.store(package)
        names = [f"{kind}{place}" for kind in "ab" for place in range(THREADS)]
        for name in names[:THREADS]:
            redeemed(store, booking(name))
        acts = [
            partial(
                desk(opened).exchange,
                old,
                account=ACCOUNT,
                client=ANA,
                booking=booking(new),
                by=Actor.CLIENT,
                now=NOW,
            )
            for opened, old, new in zip(
                self._objects(store), names[:THREADS], names[THREADS:], strict=True
            )
        ]
        answers = at_once(acts, self._thread_ends)

        same("eligible", [True] * THREADS, [answer.eligible for answer in answers])
        balance = {"facial": Balance(available=0, reserved=8, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, package, names))

    def _objects(self, store: RedemptionStore) -> list[RedemptionStore]:
        """Return one store object for each thread: half of them another one on the same data."""
        other = self.again(store)
        return [other if place % 2 else store for place in range(THREADS)]
