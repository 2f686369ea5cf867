"""What holds when many act at the same moment: nothing is spent twice, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from itertools import takewhile
from threading import Event

from pkgredeem import Actor, ClosedRedemptionError, ConflictError, Decision, DrawState
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    NOW,
    START,
    THREADS,
    booking,
    codes,
    desk,
    facials,
    known,
    owned,
    proposed,
    redeemed,
    same,
)
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._steps import ENDINGS

_READS = 10
_TRIES = 50
_MOST_EXCHANGES = 2_000


class Races(Kit):
    """Invariants of many threads, some of them with another object on the same data."""

    def test_many_threads_on_the_last_credits(self) -> None:
        """Of eight bookings for three credits three are paid; five hear that it is used up.

        Also while others exchange: who exchanges keeps a credit, and one of the rest gets the last.
        """
        store = self.store(facials(remaining=3))
        answers = self.race(store, lambda at, place: redeemed(at, booking(f"b{place}")))

        names = [f"b{place}" for place in range(THREADS)]
        same("bookings paid", 3, sum(answer.eligible for answer in answers))
        reasons = sorted("".join(codes(answer)) for answer in answers)
        same("the reasons", [""] * 3 + ["package_used_up"] * 5, reasons)
        same("bookings stored", 3, sum(store.redemption(name) is not None for name in names))
        self.balanced(store, names, reserved=3)

        store = self.store(facials(remaining=THREADS // 2 + 1))
        olds = [proposed([facials()], booking(f"old {name}")) for name in names[::2]]
        for change in olds:
            store.commit(change)

        def acted(at: RedemptionStore, place: int) -> bool:
            wanted = booking(names[place])
            if place % 2:
                return redeemed(at, wanted).eligible
            back = ENDINGS["cancelled in time"](olds[place // 2].after, None)
            change = proposed([facials()], wanted)
            return any(_succeeds(lambda: at.commit(back, change)) for _ in range(_TRIES))

        paid = self.race(store, acted)
        same("exchanged", [True] * (THREADS // 2), paid[::2])
        same("booked with the last credit", 1, sum(paid[1::2]))
        every = [*names, *(change.after.booking.id for change in olds)]
        self.balanced(store, every, reserved=THREADS // 2 + 1)

    def test_many_threads_on_one_booking(self) -> None:
        """A booking that is sent eight times at once draws one credit and gets one answer.

        None of the tries is refused for the last credit that another try of it drew.
        """
        for remaining in (THREADS, 1):
            store = self.store(facials(remaining=remaining))

            def sent(at: RedemptionStore, place: int) -> Decision:
                return redeemed(at, booking("b1"), now=NOW + timedelta(seconds=place))

            answers = self.race(store, sent)
            same("eligible", [True] * THREADS, [answer.eligible for answer in answers])
            stored = known(store, "b1")
            same("the redemptions", [stored] * THREADS, [answer.redemption for answer in answers])
            same("answers that committed it", 1, sum(not answer.recorded for answer in answers))
            self.balanced(store, ["b1"], available=remaining - 1, reserved=1)

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

    def test_packages_are_read_at_one_moment(self) -> None:
        """Who reads while others exchange between two packages always sees the same credits."""
        packages = [facials("p1", remaining=1), facials("p2", remaining=1)]
        store = self.store(*packages)
        first = proposed(packages[:1], booking("b"))
        store.commit(first)
        readers = [Event() for _ in range(THREADS - 1)]

        def are_reading(_: int) -> bool:
            return not all(reader.is_set() for reader in readers)

        def exchanged(at: RedemptionStore) -> list[object]:
            found = first.after
            for number in takewhile(are_reading, range(_MOST_EXCHANGES)):
                back = ENDINGS["cancelled in time"](found, None)
                package = packages[(number + 1) % 2]
                there = proposed([package], booking(f"b{number}"))
                at.commit(back, there)
                found = there.after
            return []

        def acted(at: RedemptionStore, place: int) -> list[object]:
            if not place:
                return exchanged(at)
            try:
                return [_credits_in(at) for _ in range(_READS)]
            finally:
                readers[place - 1].set()

        seen = [credits_left for found in self.race(store, acted) for credits_left in found]
        same("credits in both packages", [1] * (_READS * (THREADS - 1)), seen)


def _credits_in(store: RedemptionStore) -> int:
    found = owned(store, "ana", "p1", "p2")
    return sum(
        held.remaining
        for package in found
        for held in package.entitlements
        if isinstance(held.remaining, int)
    )


def _succeeds(commit: Callable[[], None]) -> bool:
    """Commit, and tell whether it did not conflict."""
    try:
        commit()
    except ConflictError:
        return False
    return True
