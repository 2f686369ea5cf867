"""Quotas after any acts through a desk: no period holds more than its most (DESIGN 7, D54, D58).

The one exception: the business moved a booking there, and was told that the quota is full.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pkgredeem import (
    UNLIMITED,
    Actor,
    BookingMismatchError,
    Client,
    ClosedRedemptionError,
    CreditOutcome,
    Days,
    DrawState,
    InvalidValueError,
    Package,
    Period,
    Quota,
    RedemptionDesk,
    RedemptionPolicy,
    Settlement,
    UnknownBookingError,
    Use,
    rules,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.support import (
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    LONDON,
    NOW,
    START,
    account,
    booking,
    package,
    restricted,
)

ACCOUNT = account(time_zone=LONDON, cancellation=FORFEIT_INSIDE_A_DAY)
POLICIES = {
    Actor.CLIENT: RedemptionPolicy(rules.ONLINE),
    Actor.BUSINESS: RedemptionPolicy(rules.IN_STORE),
}
SOLD = (
    package(
        "p1",
        restricted("facial", id="main", remaining=99, quotas=[Quota(1, Period.DAY)]),
        restricted(
            "sauna",
            id="sauna",
            remaining=UNLIMITED,
            quotas=[Quota(1, Days(2)), Quota(2, Period.UPCOMING)],
        ),
        shared_with=["beth"],
        priority=1,
        quotas=[Quota(2, Period.DAY), Quota(3, Period.WEEK), Quota(5, Period.EVER)],
    ),
    package(
        "p2",
        restricted("facial", id="main", remaining=99),
        quotas=[Quota(1, Period.BOOKING), Quota(2, Days(3)), Quota(3, Period.MONTH)],
    ),
)
#: What a desk may say to an act that can't be done: it changes nothing.
NOT_DONE = (BookingMismatchError, ClosedRedemptionError, InvalidValueError, UnknownBookingError)
MOST_BOOKINGS = 12

places = st.integers(0, MOST_BOOKINGS - 1)
clients = st.sampled_from(["ana", "ana", "beth"])
services = st.lists(st.sampled_from(["facial", "facial", "sauna"]), min_size=1, max_size=2)
# In London 11:00, 23:30, and 00:30 of the next day.
hours = st.sampled_from([0 * HOUR, 12.5 * HOUR, 13.5 * HOUR])
starts = st.builds(
    lambda day, hour: START + day * DAY + hour, st.sampled_from([0, 1, 2, 3, 7]), hours
)
actors = st.sampled_from(Actor)
lines = st.sampled_from([None, None, [0], [1]])


class Salon(RuleBasedStateMachine):
    """What clients and staff do with two packages that have room for few of their bookings."""

    def __init__(self) -> None:
        """Sell both packages."""
        super().__init__()
        self.store = MemoryStore()
        for sold in SOLD:
            self.store.add(sold)
        self.now = NOW
        self.asked = 0
        self.booked: list[str] = []
        #: The bookings that the business moved, though told of a full quota, and to which start.
        self.overfilled: set[tuple[str, datetime]] = set()

    @rule(later=st.sampled_from([HOUR, 6 * HOUR, 2 * DAY]))
    def wait(self, later: timedelta) -> None:
        """Let time go by."""
        self.now += later

    @precondition(lambda self: len(self.booked) < MOST_BOOKINGS)
    @rule(client=clients, chosen=services, starts_at=starts, by=actors)
    def book(self, client: str, chosen: list[str], starts_at: datetime, by: Actor) -> None:
        """Book a facial, a sauna, or two of them."""
        asked = booking(*chosen, id=self._fresh_id(), starts_at=starts_at)
        who = Client(id=client, logged_in=True)
        _try(
            lambda: self._desk(by).redeem(
                account=ACCOUNT, client=who, booking=asked, now=self.now, by=by
            )
        )

    @precondition(lambda self: 0 < len(self.booked) < MOST_BOOKINGS)
    @rule(place=places, chosen=services, starts_at=starts, by=actors)
    def exchange(self, place: int, chosen: list[str], starts_at: datetime, by: Actor) -> None:
        """Exchange a booking for another."""
        old = self._booking_id(place)
        who = self._client_of(old)
        asked = booking(*chosen, id=self._fresh_id(), starts_at=starts_at)
        _try(
            lambda: self._desk(by).exchange(
                old, account=ACCOUNT, client=who, booking=asked, now=self.now, by=by
            )
        )

    @precondition(lambda self: self.booked)
    @rule(place=places, starts_at=starts, by=actors)
    def reschedule(self, place: int, starts_at: datetime, by: Actor) -> None:
        """Move a booking; note where the business is told that it overfills a quota."""
        name = self._booking_id(place)
        who = self._client_of(name)
        settlement = _try(
            lambda: self._desk(by).reschedule(
                name, account=ACCOUNT, client=who, starts_at=starts_at, by=by, now=self.now
            )
        )
        if isinstance(settlement, Settlement) and settlement.allowed:
            told = {finding.code for finding in settlement.findings}
            if by is Actor.BUSINESS and "quota_reached" in told:
                self.overfilled.add((name, starts_at))

    @precondition(lambda self: self.booked)
    @rule(
        place=places,
        act=st.sampled_from(["cancel", "cancel", "no_show", "complete", "forgive"]),
        by=actors,
        outcome=st.sampled_from(CreditOutcome),
        chosen=lines,
    )
    def end(
        self, place: int, act: str, by: Actor, outcome: CreditOutcome, chosen: list[int] | None
    ) -> None:
        """End a booking or a line: one rule, so that most bookings are moved before they end."""
        desk, now, name = self._desk(by), self.now, self._booking_id(place)
        acts = {
            "cancel": lambda: desk.cancel(name, by=by, now=now, lines=chosen),
            "no_show": lambda: desk.no_show(name, now=now, outcome=outcome, lines=chosen),
            "complete": lambda: desk.complete(name, now=now, lines=chosen),
            "forgive": lambda: desk.forgive(name, now=now, note="a gift", lines=chosen),
        }
        _try(acts[act])

    @invariant()
    def no_period_of_any_quota_holds_more_than_its_most(self) -> None:
        """Counted plainly from what is stored, but for what the business moved there."""
        stored = [self.store.redemption(name) for name in self.booked]
        for sold in SOLD:
            uses = [
                use
                for redemption in stored
                if redemption is not None
                for use in redemption.uses_of(sold.id)
                if (use.booking_id, use.starts_at) not in self.overfilled
            ]
            for quota, of_it in _quotas(sold, uses):
                counts = _counts(quota, of_it, self.now)
                assert [] == [count for count in counts if count > quota.most], (sold.id, quota)

    def _fresh_id(self) -> str:
        """Return a new name; what was refused is asked about no more."""
        self.booked = [name for name in self.booked if self.store.redemption(name) is not None]
        self.asked += 1
        self.booked.append(f"b{self.asked}")
        return self.booked[-1]

    def _booking_id(self, place: int) -> str:
        return self.booked[place % len(self.booked)]

    def _client_of(self, name: str) -> Client:
        stored = self.store.redemption(name)
        return Client(id="ana" if stored is None else stored.client_id, logged_in=True)

    def _desk(self, by: Actor) -> RedemptionDesk:
        return RedemptionDesk(POLICIES[by], self.store)


def _try(act: Callable[[], object]) -> object:
    try:
        return act()
    except NOT_DONE:
        return None


def _quotas(sold: Package, uses: list[Use]) -> Iterator[tuple[Quota, list[Use]]]:
    for quota in sold.quotas:
        yield quota, uses
    for held in sold.entitlements:
        for quota in held.quotas:
            yield quota, [use for use in uses if use.entitlement_id == held.id]


def _counts(quota: Quota, uses: list[Use], now: datetime) -> Iterable[int]:
    """Return how many uses each period of the quota holds."""
    if quota.per is Period.UPCOMING:
        return [sum(use.state is DrawState.RESERVED and use.starts_at > now for use in uses)]
    days = [use.starts_at.astimezone(LONDON).date() for use in uses]
    if isinstance(quota.per, Days):
        span = quota.per.count
        return [sum(0 <= (day - first).days < span for day in days) for first in days]
    periods: dict[Period, list[object]] = {
        Period.BOOKING: [use.booking_id for use in uses],
        Period.DAY: [*days],
        Period.WEEK: [day.isocalendar()[:2] for day in days],
        Period.MONTH: [(day.year, day.month) for day in days],
        Period.EVER: ["all" for _ in days],
    }
    return Counter(periods[quota.per]).values()


TestQuotasAfterAnyActs = Salon.TestCase
TestQuotasAfterAnyActs.settings = settings(max_examples=200, stateful_step_count=30)
