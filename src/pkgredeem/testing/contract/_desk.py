"""What a desk on the store has to do: the whole life of a redemption, and the answers of a race."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    BEN,
    DAY,
    LATE,
    NOW,
    POLICY,
    START,
    TWO,
    Kit,
    booking,
    codes,
    credits_left,
    desk,
    due,
    facials,
    known,
    moved,
    proposed,
    redeemed,
    refused,
    same,
)

#: Each act of a desk on booking b1, of which one line was missed and one is reserved.
_ACTS: tuple[Callable[[p.RedemptionDesk], object], ...] = (
    lambda at: at.cancel("b1", by=p.Actor.BUSINESS, now=START),
    lambda at: at.no_show("b1", now=START, lines=[1]),
    lambda at: at.complete("b1", now=START),
    lambda at: at.complete("b1", now=START, lines=[0]),
    lambda at: at.forgive("b1", now=START, note="a burst pipe"),
    lambda at: _rescheduled(at, START + DAY, by=p.Actor.BUSINESS),
    lambda at: _exchanged(at, booking("b2", starts_at=START + DAY), by=p.Actor.BUSINESS),
)


class Desks(Kit):
    """Invariants of a desk on the store."""

    def test_sold_is_the_sum_after_every_act(self) -> None:
        """Book, cancel, complete, forfeit, forgive: nothing is lost or made on the way."""
        store = self.store(facials(remaining=6))
        at = desk(store)
        redeemed(store, booking("b1", *TWO))
        acts: tuple[tuple[Callable[[], object], tuple[int, int, int, int]], ...] = (
            (lambda: redeemed(store, booking("b2")), (3, 3, 0, 0)),
            (lambda: at.cancel("b1", by=p.Actor.CLIENT, now=NOW, lines=[1]), (4, 2, 0, 0)),
            (lambda: at.complete("b1", now=START, lines=[0]), (4, 1, 1, 0)),
            (lambda: at.cancel("b2", by=p.Actor.CLIENT, now=LATE), (4, 0, 1, 1)),
            (lambda: redeemed(store, booking("b3")), (3, 1, 1, 1)),
            (lambda: at.no_show("b3", now=START), (3, 0, 1, 2)),
            (lambda: at.complete("b3", now=START, note="came after all"), (3, 0, 2, 1)),
            (lambda: at.forgive("b2", now=START, note="a burst pipe"), (4, 0, 2, 0)),
            (lambda: at.forgive("b1", now=START, note="not as booked", lines=[0]), (5, 0, 1, 0)),
        )
        for act, (available, reserved, spent, lost) in acts:
            act()
            self.balanced(
                store,
                ["b1", "b2", "b3"],
                available=available,
                reserved=reserved,
                redeemed=spent,
                forfeited=lost,
            )

    def test_a_quote_is_what_redeeming_then_does(self) -> None:
        """A quote is the decision of the booking, or of the exchange, and writes nothing (D70)."""
        store = self.store(facials(remaining=1))
        at = desk(store)
        quote = at.quote(account=ACCOUNT, client=ANA, booking=booking("b1"), now=NOW)
        same("the redemption of a quote", None, store.redemption("b1"))
        same("the decision", quote, redeemed(store, booking("b1")))
        stored = known(store, "b1")
        quote = at.quote(account=ACCOUNT, client=ANA, booking=booking("b2"), now=NOW, replaces="b1")
        same("the redemption that a quote would replace", stored, store.redemption("b1"))
        same("the decision of the exchange", quote, _exchanged(at, booking("b2")))
        self.balanced(store, ["b1", "b2"], reserved=1)

    def test_rescheduled_there_and_back(self) -> None:
        """Another start and the first one again keep the credit, and both are remembered."""
        store, _ = self.booked()
        for day in (1, 0):
            now = NOW + timedelta(hours=2 - day)
            _rescheduled(desk(store), START + day * DAY, now=now, note=f"day {day}")

        stored = known(store, "b1")
        same("the start", START, stored.starts_at)
        same("the version", 3, stored.version)
        same("the notes", ["day 1", "day 0"], [ending.note for ending in stored.reschedules])
        self.balanced(store, ["b1"], available=4, reserved=1)

    def test_a_forfeited_credit_is_forgiven_once(self) -> None:
        """Forgiving returns a forfeited credit and keeps the reason; again returns nothing more."""
        store, _ = self.booked()
        desk(store).no_show("b1", now=START)
        for _ in range(2):
            desk(store).forgive("b1", now=START, note="the train stood still")

        (draw,) = known(store, "b1").draws
        ended = [(ending.act, ending.note) for ending in draw.endings]
        expected = [(p.Act.NO_SHOW, ""), (p.Act.FORGIVE, "the train stood still")]
        same("how it ended", expected, ended)
        self.balanced(store, ["b1"], available=5)

    def test_redeeming_again_draws_nothing_more(self) -> None:
        """The same booking again gets the recorded answer, also when it drew the last credit."""
        store = self.store(facials(remaining=1))
        first = redeemed(store, booking("b1"))
        again = redeemed(store, booking("b1"), now=NOW + DAY)

        same("the redemption", first.redemption, again.redemption)
        same("eligible, recorded", (True, True), (again.eligible, again.recorded))
        same("credits left", 0, credits_left(store))

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

    def test_other_contents_are_a_mismatch(self) -> None:
        """A booking id with another client, other services or another start draws nothing."""
        store, _ = self.booked(facials(), facials("p2", client_id="ben"))
        later = booking("b1", starts_at=START + timedelta(minutes=1))
        bookings = (
            ("another client", BEN, booking("b1")),
            ("other services", ANA, booking("b1", *TWO)),
            ("another start", ANA, later),
        )
        for what, client, basket in bookings:
            act = partial(redeemed, store, basket, client=client)
            refused(what, p.BookingMismatchError, act)

        same("credits left", [4, 5], [credits_left(store, "p1"), credits_left(store, "p2")])

    def test_errors_come_in_their_order(self) -> None:
        """An unknown booking first, then other contents, then a booking that has ended."""
        store = self.store(facials())
        at = desk(store)
        unknown = p.UnknownBookingError
        refused("an unknown booking", unknown, lambda: at.complete("b1", now=START, lines=[7]))
        redeemed(store, booking("b1"))
        at.cancel("b1", by=p.Actor.BUSINESS, now=NOW)
        basket = booking("b1", *TWO)
        refused("other contents", p.BookingMismatchError, lambda: redeemed(store, basket))
        refused("ended", p.ClosedRedemptionError, lambda: redeemed(store, booking("b1")))
        refused("another ending", p.ClosedRedemptionError, lambda: at.complete("b1", now=START))

        same("credits left", 5, credits_left(store))

    def test_the_last_credit_is_exchanged(self) -> None:
        """The old booking's credit pays for the new one, and a second call changes nothing.

        What was booked by itself is taken for no exchange, whatever else happened then (D71).
        """
        store, _ = self.booked(facials(remaining=1))
        for _ in range(2):
            decision = _exchanged(desk(store), booking("b2", starts_at=START + DAY))
            same("what refuses the exchange", [], codes(decision))

        same("the old booking", p.DrawState.RETURNED, known(store, "b1").draws[0].state)
        same("what the new one replaces", "b1", known(store, "b2").replaces)
        self.balanced(store, ["b1", "b2"], reserved=1)
        desk(store).cancel("b2", by=p.Actor.CLIENT, now=NOW)
        redeemed(store, booking("b3"))
        again = partial(_exchanged, desk(store), booking("b3"))
        refused("an exchange for what was booked by itself", p.BookingMismatchError, again)

    def test_a_refused_exchange_changes_nothing(self) -> None:
        """When the new booking can't be paid the old one keeps its credit."""
        store, first = self.booked(facials(remaining=1))
        decision = _exchanged(desk(store), booking("b2", "massage"), by=p.Actor.BUSINESS)

        same("what refuses it", ["service_not_in_package"], codes(decision))
        self.holds(store, left=0, b1=first, b2=None)

    def test_every_act_on_an_old_version_is_refused(self) -> None:
        """Whatever a desk was about to do, it is a conflict when another act came first."""
        for number, act in enumerate(_ACTS):
            store = self.store(facials())
            redeemed(store, booking("b1", *TWO))
            desk(store).no_show("b1", now=START, lines=[0], outcome=p.CreditOutcome.FORFEIT)
            overtaking = moved(known(store, "b1"), START + 2 * DAY)
            late = desk(_Overtaken(store, overtaking), attempts=1)
            refused(f"act {number} on an old version", p.ConflictError, partial(act, late))

            self.holds(store, left=3, b1=overtaking.after, b2=None)
            self.balanced(store, ["b1"], available=3, reserved=1, forfeited=1)

    def test_the_loser_of_a_race_is_told_why(self) -> None:
        """Who is second for the last credit is refused; deposit and card are asked for."""
        package = facials(remaining=1)
        store = self.store(package)
        overtaken = _Overtaken(store, proposed([package], booking("b1")))
        decision = redeemed(overtaken, booking("b2"))

        same("the reasons", ["package_used_up"], codes(decision))
        same("the deposit", p.DepositOutcome.COLLECT, decision.deposit)
        same("the card page", p.CardCaptureOutcome.CAPTURE, decision.card_capture)
        same("the loser's booking", None, store.redemption("b2"))
        self.balanced(store, ["b1", "b2"], reserved=1)

    def test_the_loser_of_a_race_draws_on_the_next_package(self) -> None:
        """Who comes second for the last credit of one package gets one of the next."""
        packages = [facials("p1", remaining=1), facials("p2", remaining=1)]
        store = self.store(*packages)
        redeemed(_Overtaken(store, proposed(packages, booking("b1"))), booking("b2"))

        drawn = [known(store, booking_id).draws[0].package_id for booking_id in ("b1", "b2")]
        same("the packages drawn on", ["p1", "p2"], drawn)

    def test_an_act_that_was_overtaken_is_judged_again(self) -> None:
        """A cancellation that is overtaken by completing finds the booking ended."""
        store, _ = self.booked()
        completed = due(POLICY.complete(known(store, "b1"), now=START))
        overtaken = desk(_Overtaken(store, completed))
        refused(
            "cancelling what was completed meanwhile",
            p.ClosedRedemptionError,
            lambda: overtaken.cancel("b1", by=p.Actor.BUSINESS, now=START),
        )

        self.balanced(store, ["b1"], available=4, redeemed=1)


class _Overtaken:
    """The store of somebody who is a moment too slow: others commit just before them.

    It shows no versions of packages, so that the version of the booking is all that tells.
    """

    def __init__(self, store: RedemptionStore, *overtaking: p.Change) -> None:
        self._store = store
        self._overtaking = overtaking

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[p.Package]:
        found = self._store.packages_of(client_id, not_over_at=not_over_at, also=also)
        return [replace(package, version=None) for package in found]

    def redemption(self, booking_id: str) -> p.Redemption | None:
        return self._store.redemption(booking_id)

    def commit(self, *changes: p.Change) -> None:
        overtaking, self._overtaking = self._overtaking, ()
        self._store.commit(*overtaking)
        self._store.commit(*changes)


def _rescheduled(
    at: p.RedemptionDesk,
    starts_at: datetime,
    *,
    by: p.Actor = p.Actor.CLIENT,
    now: datetime = NOW,
    note: str = "",
) -> p.Settlement:
    """Move booking b1."""
    return at.reschedule(
        "b1", account=ACCOUNT, client=ANA, starts_at=starts_at, by=by, now=now, note=note
    )


def _exchanged(
    at: p.RedemptionDesk, wanted: p.Booking, *, by: p.Actor = p.Actor.CLIENT
) -> p.Decision:
    """Give booking b1 up for another."""
    return at.exchange("b1", account=ACCOUNT, client=ANA, booking=wanted, by=by, now=NOW)
