"""A desk on two stores at once, and a naive salon: whatever is done, they agree."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pkgredeem import (
    Actor,
    Balance,
    Booking,
    BookingMismatchError,
    Client,
    ClosedRedemptionError,
    CreditOutcome,
    Decision,
    Draw,
    InvalidValueError,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Settlement,
    UnknownBookingError,
    rules,
)
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.desk_support import ACCOUNT
from tests.helpers.naive_salon import NaiveBooking, NaiveSalon
from tests.helpers.support import DAY, HOUR, NOW, START, booking, credit, package

Answer: TypeAlias = Decision | Settlement
Told: TypeAlias = tuple[str | None, dict[int, tuple[str, list[str], int]]]

POLICY = RedemptionPolicy(rules.IN_STORE)
# Each of them is thirty steps on two stores.
EXAMPLES = max(200, settings().max_examples // 4)
LONG_AFTER = START + 30 * DAY
#: What is asked alike of every booking: staff book and exchange.
SAME: dict[str, Any] = {"account": ACCOUNT, "by": Actor.BUSINESS, "now": NOW}
ERRORS: dict[type[Exception], str] = {
    BookingMismatchError: "mismatch",
    ClosedRedemptionError: "closed",
    InvalidValueError: "invalid",
    UnknownBookingError: "unknown",
}

names = st.sampled_from(["b1", "b2", "b3", "b4"])
clients = st.sampled_from(["ana", "ana", "ana", "beth"])
services = st.lists(st.sampled_from(["facial", "mask"]), min_size=1, max_size=3).map(tuple)
days = st.sampled_from([0, 0, 0, 1])
lines = st.none() | st.sets(st.integers(0, 2), min_size=1, max_size=2)
actors = st.sampled_from(Actor)
often = st.integers(1, 2)


class Salon(RuleBasedStateMachine):
    """What staff and clients do, each act once or twice."""

    def __init__(self) -> None:
        """Open two stores with nothing in them."""
        super().__init__()
        self.folder = TemporaryDirectory()
        self.memory = MemoryStore()
        self.sqlite = SqliteStore(Path(self.folder.name) / "salon.db", synchronous="OFF")
        self.model = NaiveSalon()
        self.sold: dict[tuple[str, str], int] = {}

    def teardown(self) -> None:
        """Close the stores."""
        self.sqlite.close()
        self.folder.cleanup()

    @precondition(lambda self: len(self.model.owner) < 3)
    @rule(client=clients, facials=st.integers(0, 3), masks=st.integers(0, 2))
    def sell(self, client: str, facials: int, masks: int) -> None:
        """Sell a package of facials and masks."""
        name = f"p{len(self.model.owner)}"
        counts = {"facial": facials, "mask": masks}
        held = [credit(service, left=count) for service, count in counts.items()]
        for store in (self.memory, self.sqlite):
            store.add(package(name, *held, client_id=client))
        self.model.sell(name, client, counts)
        self.sold |= {(name, service): count for service, count in counts.items()}

    @rule(name=names, client=clients, chosen=services, day=days, times=often)
    def book(self, name: str, client: str, chosen: tuple[str, ...], day: int, times: int) -> None:
        """Book some services, after a quote that says the same."""
        asked = {"client": Client(id=client), "booking": _booking(name, chosen, day), **SAME}
        expected = self.model.book(name, client, chosen, day)
        self._all(1, expected, lambda desk: desk.quote(**asked))
        self._all(times, expected, lambda desk: desk.redeem(**asked))

    @rule(old=names, name=names, basket=st.tuples(clients, services, days), times=often)
    def exchange(
        self, old: str, name: str, basket: tuple[str, tuple[str, ...], int], times: int
    ) -> None:
        """Exchange one booking for another, after a quote that says the same."""
        client, chosen, day = basket
        asked = {"client": Client(id=client), "booking": _booking(name, chosen, day), **SAME}
        expected = self.model.exchange(old, name, client, chosen, day)
        self._all(1, expected, lambda desk: desk.quote(replaces=old, **asked))
        self._all(times, expected, lambda desk: desk.exchange(old, **asked))

    @rule(name=names, chosen=lines, by=actors, times=often)
    def cancel(self, name: str, chosen: set[int] | None, by: Actor, times: int) -> None:
        """Cancel in time."""
        expected = self.model.end(name, "cancel", "returned", chosen)
        self._all(times, expected, lambda desk: desk.cancel(name, by=by, now=NOW, lines=chosen))

    @rule(name=names, chosen=lines, times=often)
    def cancel_late(self, name: str, chosen: set[int] | None, times: int) -> None:
        """Cancel inside the window."""
        known = self.model.bookings.get(name)
        late = START + (known.today if known else 0) * DAY - HOUR
        expected = self.model.end(name, "cancel", "forfeited", chosen)
        self._all(
            times,
            expected,
            lambda desk: desk.cancel(name, by=Actor.CLIENT, now=late, lines=chosen),
        )

    @rule(name=names, chosen=lines, forfeit=st.booleans(), times=often)
    def no_show(self, name: str, chosen: set[int] | None, forfeit: bool, times: int) -> None:
        """Record a no-show, and what becomes of the credit."""
        outcome = CreditOutcome.FORFEIT if forfeit else CreditOutcome.RETURN
        state = "forfeited" if forfeit else "returned"
        expected = self.model.end(name, "no_show", state, chosen)
        self._all(
            times,
            expected,
            lambda desk: desk.no_show(name, now=LONG_AFTER, outcome=outcome, lines=chosen),
        )

    @rule(name=names, chosen=lines, times=often)
    def complete(self, name: str, chosen: set[int] | None, times: int) -> None:
        """Complete, also after a no-show."""
        # The second time may do more: without lines, what a no-show forfeited comes last (D30).
        for _ in range(times):
            expected = self.model.end(name, "complete", "redeemed", chosen)
            self._all(1, expected, lambda desk: desk.complete(name, now=NOW, lines=chosen))

    @rule(name=names, chosen=lines, times=often)
    def forgive(self, name: str, chosen: set[int] | None, times: int) -> None:
        """Forgive."""
        expected = self.model.end(name, "forgive", "returned", chosen)
        self._all(
            times,
            expected,
            lambda desk: desk.forgive(name, now=LONG_AFTER, note="a gift", lines=chosen),
        )

    @rule(name=names, client=clients, day=st.integers(0, 2), by=actors, times=often)
    def reschedule(self, name: str, client: str, day: int, by: Actor, times: int) -> None:
        """Put a booking on another day."""
        expected = self.model.reschedule(name, client, day)
        self._all(
            times,
            expected,
            lambda desk: desk.reschedule(
                name,
                account=ACCOUNT,
                client=Client(id=client),
                starts_at=START + day * DAY,
                by=by,
                now=NOW,
            ),
        )

    @invariant()
    def the_stores_agree_with_the_model(self) -> None:
        """What is left, what became of each credit and why, and the sum are the same everywhere."""
        expected = {name: _expected(known) for name, known in self.model.bookings.items()}
        for store in (self.memory, self.sqlite):
            left = {
                (each.id, held.id): held.remaining
                for each in store.packages_of("nobody", not_over_at=NOW, also=self.model.owner)
                for held in each.entitlements
            }
            assert self.model.left == left
            stored = {name: store.redemption(name) for name in ("b1", "b2", "b3", "b4")}
            assert expected == {
                name: _found(redemption)
                for name, redemption in stored.items()
                if redemption is not None
            }
        for place, count in self.sold.items():
            taken = [
                known.states[line]
                for known in self.model.bookings.values()
                for line, drawn in known.drawn.items()
                if drawn == place and known.states[line] != "returned"
            ]
            balance = Balance(
                available=count - len(taken),
                reserved=taken.count("reserved"),
                redeemed=taken.count("redeemed"),
                forfeited=taken.count("forfeited"),
            )
            assert balance == self.memory.balance(*place)
            assert balance == self.sqlite.balance(*place)

    def _all(self, times: int, expected: str, act: Callable[[RedemptionDesk], Answer]) -> None:
        for store in (self.memory, self.sqlite):
            for _ in range(times):
                assert expected == _told(lambda s=store: act(RedemptionDesk(POLICY, s)))  # type: ignore[misc]


def _expected(known: NaiveBooking) -> Told:
    """Return what the naive salon says of a booking, as `_found` says it."""
    lines = {
        line: (state, known.acts.get(line, []), known.ended_on.get(line, known.today))
        for line, state in known.states.items()
    }
    return known.replaces, lines


def _found(redemption: Redemption) -> Told:
    """Return what a booking took the place of; each line's state, endings, and day of its start."""
    lines = {
        draw.line: (
            draw.state.value,
            [ending.act.value for ending in draw.endings],
            (_start_of(draw, redemption) - START) // DAY,
        )
        for draw in redemption.draws
    }
    return redemption.replaces, lines


def _start_of(draw: Draw, redemption: Redemption) -> datetime:
    own = None if draw.ending is None else draw.ending.starts_at
    return own or redemption.starts_at


def _booking(name: str, chosen: tuple[str, ...], day: int) -> Booking:
    return booking(*chosen, id=name, starts_at=START + day * DAY)


def _told(act: Callable[[], Answer]) -> str:
    try:
        answer = act()
    except tuple(ERRORS) as error:
        return ERRORS[type(error)]
    if isinstance(answer, Settlement):
        return "done" if answer.allowed else "refused"
    return "paid" if answer.eligible else "unpaid"


TestSalon = Salon.TestCase
TestSalon.settings = settings(max_examples=EXAMPLES, stateful_step_count=30)
