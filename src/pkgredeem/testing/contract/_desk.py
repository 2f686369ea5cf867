"""What a desk on the store has to do: the whole life of a redemption, and the answers of a race."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from pkgredeem import (
    Act,
    Actor,
    Balance,
    BookingMismatchError,
    CardCaptureOutcome,
    Change,
    ClosedRedemptionError,
    DepositOutcome,
    Package,
    Redemption,
    UnknownBookingError,
)
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    BEN,
    LATE,
    NOW,
    POLICY,
    START,
    Kit,
    booking,
    codes,
    desk,
    due,
    facials,
    known,
    left,
    proposed,
    redeemed,
    refused,
    same,
)

_TWO = ("facial", "facial")


class Desks(Kit):
    """Invariants of a desk on the store."""

    def test_sold_is_the_sum_after_every_act(self) -> None:
        """Book, cancel, complete, forfeit, forgive: nothing is lost or made on the way."""
        package = facials(remaining=6)
        store = self.store(package)
        at = desk(store)
        redeemed(store, booking("b1", *_TWO))
        acts: tuple[tuple[Callable[[], object], tuple[int, int, int, int]], ...] = (
            (lambda: redeemed(store, booking("b2")), (3, 3, 0, 0)),
            (lambda: at.cancel("b1", by=Actor.CLIENT, now=NOW, lines=[1]), (4, 2, 0, 0)),
            (lambda: at.complete("b1", now=START, lines=[0]), (4, 1, 1, 0)),
            (lambda: at.cancel("b2", by=Actor.CLIENT, now=LATE), (4, 0, 1, 1)),
            (lambda: redeemed(store, booking("b3")), (3, 1, 1, 1)),
            (lambda: at.no_show("b3", now=START), (3, 0, 1, 2)),
            (lambda: at.complete("b3", now=START, note="came after all"), (3, 0, 2, 1)),
            (lambda: at.forgive("b2", now=START, note="a burst pipe"), (4, 0, 2, 0)),
            (lambda: at.forgive("b1", now=START, note="not as booked", lines=[0]), (5, 0, 1, 0)),
        )
        for place, (act, counts) in enumerate(acts):
            act()
            available, reserved, spent, lost = counts
            expected = Balance(
                available=available, reserved=reserved, redeemed=spent, forfeited=lost
            )
            found = self.bucketed(store, package, ["b1", "b2", "b3"])
            same(f"the balance after act {place}", {"facial": expected}, found)

    def test_rescheduled_there_and_back(self) -> None:
        """Another start and the first one again keep the credit, and both are remembered."""
        store = self.store(facials())
        redeemed(store, booking("b1"))
        for day in (1, 0):
            desk(store).reschedule(
                "b1",
                starts_at=START + timedelta(days=day),
                by=Actor.CLIENT,
                now=NOW + timedelta(hours=2 - day),
                note=f"day {day}",
            )

        stored = known(store, "b1")
        same("the start", START, stored.starts_at)
        same("the version", 3, stored.version)
        same("the notes", ["day 1", "day 0"], [ending.note for ending in stored.reschedules])
        balance = {"facial": Balance(available=4, reserved=1, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))

    def test_a_forfeited_credit_is_forgiven_once(self) -> None:
        """Forgiving returns a forfeited credit and keeps the reason; again returns nothing more."""
        store = self.store(facials())
        redeemed(store, booking("b1"))
        desk(store).no_show("b1", now=START)
        for _ in range(2):
            desk(store).forgive("b1", now=START, note="the train stood still")

        (draw,) = known(store, "b1").draws
        ended = None if draw.ending is None else (draw.ending.act, draw.ending.note)
        same("how it ended", (Act.FORGIVE, "the train stood still"), ended)
        balance = {"facial": Balance(available=5, reserved=0, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))

    def test_redeeming_again_draws_nothing_more(self) -> None:
        """The same booking again gets the recorded answer, also when it drew the last credit."""
        store = self.store(facials(remaining=1))
        first = redeemed(store, booking("b1"))
        again = redeemed(store, booking("b1"), now=NOW + timedelta(days=1))

        same("the redemption", first.redemption, again.redemption)
        same("eligible, recorded", (True, True), (again.eligible, again.recorded))
        same("credits left", 0, left(store))

    def test_other_contents_are_a_mismatch(self) -> None:
        """A booking id with another client, other services or another start draws nothing."""
        store = self.store(facials(), facials("p2", client_id="ben"))
        redeemed(store, booking("b1"))
        later = booking("b1", starts_at=START + timedelta(minutes=1))
        bookings = (
            ("another client", BEN, booking("b1")),
            ("other services", ANA, booking("b1", *_TWO)),
            ("another start", ANA, later),
        )
        for what, client, basket in bookings:
            act = partial(redeemed, store, basket, client=client)
            refused(what, BookingMismatchError, act)

        same("credits left", [4, 5], [left(store, "p1"), left(store, "p2")])

    def test_errors_come_in_their_order(self) -> None:
        """An unknown booking first, then other contents, then a booking that has ended."""
        store = self.store(facials())
        at = desk(store)
        unknown = UnknownBookingError
        refused("an unknown booking", unknown, lambda: at.complete("b1", now=START, lines=[7]))
        redeemed(store, booking("b1"))
        at.cancel("b1", by=Actor.BUSINESS, now=NOW)
        basket = booking("b1", *_TWO)
        refused("other contents", BookingMismatchError, lambda: redeemed(store, basket))
        refused("ended", ClosedRedemptionError, lambda: redeemed(store, booking("b1")))
        refused("another ending", ClosedRedemptionError, lambda: at.complete("b1", now=START))

        same("credits left", 5, left(store))

    def test_the_last_credit_is_exchanged(self) -> None:
        """The old booking's credit pays for the new one, and a second call changes nothing."""
        package = facials(remaining=1)
        store = self.store(package)
        redeemed(store, booking("b1"))
        for _ in range(2):
            decision = desk(store).exchange(
                "b1",
                account=ACCOUNT,
                client=ANA,
                booking=booking("b2", starts_at=START + timedelta(days=2)),
                by=Actor.CLIENT,
                now=NOW,
            )
            same("what refuses the exchange", [], codes(decision))

        same("the old booking", "returned", known(store, "b1").draws[0].state.value)
        balance = {"facial": Balance(available=0, reserved=1, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, package, ["b1", "b2"]))

    def test_a_refused_exchange_changes_nothing(self) -> None:
        """When the new booking can't be paid the old one keeps its credit."""
        store = self.store(facials(remaining=1))
        first = redeemed(store, booking("b1")).redemption
        decision = desk(store).exchange(
            "b1",
            account=ACCOUNT,
            client=ANA,
            booking=booking("b2", "massage"),
            by=Actor.BUSINESS,
            now=NOW,
        )

        same("what refuses it", ["service_not_in_package"], codes(decision))
        same("the old booking", first, store.redemption("b1"))
        same("the new booking", None, store.redemption("b2"))

    def test_the_loser_of_a_race_is_told_why(self) -> None:
        """Who is second for the last credit is refused; deposit and card are asked for."""
        package = facials(remaining=1)
        store = self.store(package)
        overtaken = _Overtaken(store, proposed([package], booking("b1")))
        decision = redeemed(overtaken, booking("b2"))

        same("the reasons", ["package_used_up"], codes(decision))
        same("the deposit", DepositOutcome.COLLECT, decision.deposit)
        same("the card page", CardCaptureOutcome.CAPTURE, decision.card_capture)
        same("the loser's booking", None, store.redemption("b2"))
        balance = {"facial": Balance(available=0, reserved=1, redeemed=0, forfeited=0)}
        same("the balance", balance, self.bucketed(store, package, ["b1", "b2"]))

    def test_the_loser_of_a_race_draws_on_the_next_package(self) -> None:
        """Who comes second for the last credit of one package gets one of the next."""
        packages = [facials("p1", remaining=1), facials("p2", remaining=1)]
        store = self.store(*packages)
        overtaken = _Overtaken(store, proposed(packages, booking("b1")))
        redeemed(overtaken, booking("b2"))

        drawn = [known(store, booking_id).draws[0].package_id for booking_id in ("b1", "b2")]
        same("the packages drawn on", ["p1", "p2"], drawn)

    def test_an_act_that_was_overtaken_is_judged_again(self) -> None:
        """A cancellation that is overtaken by completing finds the booking ended."""
        store = self.store(facials())
        redeemed(store, booking("b1"))
        completed = due(POLICY.complete(known(store, "b1"), now=START))
        overtaken = _Overtaken(store, completed)
        refused(
            "cancelling what was completed meanwhile",
            ClosedRedemptionError,
            lambda: desk(overtaken).cancel("b1", by=Actor.BUSINESS, now=START),
        )

        balance = {"facial": Balance(available=4, reserved=0, redeemed=1, forfeited=0)}
        same("the balance", balance, self.bucketed(store, facials(), ["b1"]))


class _Overtaken:
    """The store of somebody who is a moment too slow: others commit just before them."""

    def __init__(self, store: RedemptionStore, *overtaking: Change) -> None:
        self._store = store
        self._overtaking = overtaking

    def packages_of(self, client_id: str, also: Iterable[str] = ()) -> Iterable[Package]:
        return self._store.packages_of(client_id, also)

    def redemption(self, booking_id: str) -> Redemption | None:
        return self._store.redemption(booking_id)

    def commit(self, *changes: Change) -> None:
        overtaking, self._overtaking = self._overtaking, ()
        self._store.commit(*overtaking)
        self._store.commit(*changes)
