"""What holds when many act at the same moment: nothing is spent twice, and nothing is lost."""

from datetime import timedelta

from pkgredeem import Actor, ClosedRedemptionError, Decision, DrawState
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    NOW,
    START,
    THREADS,
    Kit,
    booking,
    codes,
    desk,
    facials,
    known,
    redeemed,
    same,
)


class Races(Kit):
    """Invariants of many threads, some of them with another object on the same data."""

    def test_many_threads_on_the_last_credits(self) -> None:
        """Of eight bookings for three credits three are paid; five hear that it is used up."""
        store = self.store(facials(remaining=3))
        answers = self.race(store, lambda at, place: redeemed(at, booking(f"b{place}")))

        names = [f"b{place}" for place in range(THREADS)]
        same("bookings paid", 3, sum(answer.eligible for answer in answers))
        reasons = sorted("".join(codes(answer)) for answer in answers)
        same("the reasons", [""] * 3 + ["package_used_up"] * 5, reasons)
        same("bookings stored", 3, sum(store.redemption(name) is not None for name in names))
        self.balanced(store, names, reserved=3)

    def test_many_threads_on_one_booking(self) -> None:
        """A booking that is sent eight times at once draws one credit and gets one answer."""
        self._send_at_once(remaining=THREADS)

    def test_many_threads_on_one_booking_and_the_last_credit(self) -> None:
        """None of eight tries of one booking is refused for the credit that another try drew."""
        self._send_at_once(remaining=1)

    def _send_at_once(self, *, remaining: int) -> None:
        store = self.store(facials(remaining=remaining))

        def sent(at: RedemptionStore, place: int) -> Decision:
            return redeemed(at, booking("b1"), now=NOW + timedelta(seconds=place))

        answers = self.race(store, sent)
        same("eligible", [True] * THREADS, [answer.eligible for answer in answers])
        stored = known(store, "b1")
        same("the redemptions", [stored] * THREADS, [answer.redemption for answer in answers])
        same("answers that committed it", 1, sum(not answer.recorded for answer in answers))
        self.balanced(store, ["b1"], available=remaining - 1, reserved=1)

    def test_many_threads_return_a_credit_once(self) -> None:
        """A booking that is cancelled eight times at once returns one credit."""
        store, _ = self.booked()
        answers = self.race(store, lambda at, _: desk(at).cancel("b1", by=Actor.CLIENT, now=NOW))

        same("returned", [True] * THREADS, [answer.returned for answer in answers])
        self.balanced(store, ["b1"], available=5)

    def test_one_of_two_endings_wins(self) -> None:
        """Of cancelling and completing at once one is done; the other finds the booking closed."""
        store, _ = self.booked()

        def ended(at: RedemptionStore, place: int) -> bool | None:
            try:
                if place % 2:
                    return desk(at).cancel("b1", by=Actor.BUSINESS, now=START).allowed
                return desk(at).complete("b1", now=START).allowed
            except ClosedRedemptionError:
                return None

        answers = self.race(store, ended)
        done = 0 if known(store, "b1").draws[0].state is DrawState.REDEEMED else 1
        same("who was allowed", [True] * 4, answers[done::2])
        same("who came too late", [None] * 4, answers[1 - done :: 2])
        self.balanced(store, ["b1"], available=4 + done, redeemed=1 - done)

    def test_many_threads_exchange_in_a_circle(self) -> None:
        """Eight bookings that are exchanged at once for eight others keep the number of credits."""
        store = self.store(facials(remaining=THREADS))
        olds, news = ([f"{kind}{place}" for place in range(THREADS)] for kind in "ab")
        for name in olds:
            redeemed(store, booking(name))

        def exchanged(at: RedemptionStore, place: int) -> Decision:
            return desk(at).exchange(
                olds[place],
                account=ACCOUNT,
                client=ANA,
                booking=booking(news[place]),
                by=Actor.CLIENT,
                now=NOW,
            )

        answers = self.race(store, exchanged)
        same("eligible", [True] * THREADS, [answer.eligible for answer in answers])
        self.balanced(store, [*olds, *news], reserved=THREADS)
