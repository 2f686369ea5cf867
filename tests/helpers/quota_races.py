"""Quotas in a race: many who book, move, exchange and cancel at once, and what must hold then.

The acts of a round follow from its seed; who is quicker doesn't. Whoever has read waits a moment
before anything is committed, so that others act on the same state.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import TypeAlias

from pkgredeem import (
    UNLIMITED,
    Actor,
    Booking,
    BookingMismatchError,
    Change,
    ClosedRedemptionError,
    ConflictError,
    Days,
    Decision,
    Entitlement,
    Package,
    Period,
    Quota,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Service,
    Settlement,
    UnknownBookingError,
    Use,
    rules,
)
from pkgredeem.stores import RedemptionStore
from tests.helpers.store_audit import Opener, ReadyMade, disagreements, stored
from tests.helpers.support import ANA, DAY, FORFEIT_INSIDE_A_DAY, LONDON, NOW, START, account

THREADS, PROCESSES = 8, 4
ACTS = 8  # of each thread
OLD = [f"old {place}" for place in range(16)]  # booked before the race, in weeks to come
NAMES = [
    *OLD,
    *(f"{place}.{number}" for place in range(2 * THREADS) for number in range(ACTS)),
]
A_MOMENT = 0.002  # seconds, at most
ACCOUNT = account(time_zone=LONDON, cancellation=FORFEIT_INSIDE_A_DAY)
POLICY = RedemptionPolicy(rules.ONLINE)
SERVICES = (
    Service(id="facial"),
    Service(id="massage", costs={"minute": 75}),
    Service(id="sauna"),
)
SOLD = (
    Package(
        id="p1",
        client_id="ana",
        priority=1,
        entitlements=[
            Entitlement(services=["facial"], remaining=40),
            Entitlement(services=["massage"], remaining=900, unit="minute", id="minutes"),
            Entitlement(
                services=["sauna"],
                remaining=UNLIMITED,
                id="wellness",
                quotas=[Quota(1, Days(2)), Quota(3, Period.UPCOMING)],
            ),
        ],
        quotas=[Quota(2, Period.DAY), Quota(5, Period.WEEK), Quota(26, Period.EVER)],
    ),
    Package(
        id="p2",
        client_id="ana",
        entitlements=[Entitlement(services=["facial"], remaining=9)],
        quotas=[Quota(1, Period.DAY), Quota(2, Days(7))],
    ),
)
_LOST = (BookingMismatchError, ClosedRedemptionError, ConflictError, UnknownBookingError)

Answers: TypeAlias = Counter[str]
EachProcess: TypeAlias = Callable[..., Iterable[Answers]]


@dataclass(frozen=True)
class Unhurried:
    """A store whose readers think before they act; a blind one compares no versions of packages."""

    inner: RedemptionStore
    chance: Random
    is_blind: bool

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages, a moment late."""
        found = self.inner.packages_of(client_id, not_over_at=not_over_at, also=also)
        time.sleep(self.chance.uniform(0, A_MOMENT))
        return found

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        return self.inner.redemption(booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        if self.is_blind:
            changes = tuple(replace(change, package_versions=()) for change in changes)
        self.inner.commit(*changes)


def do_acts(store: RedemptionStore, seed: int, place: int, *, is_blind: bool = False) -> Answers:
    """Let one of the eight do its acts; return how often each was allowed, refused or lost."""
    chance = Random(f"{seed}/{place}")
    # Patient enough for everybody to lose to everybody else.
    desk = RedemptionDesk(POLICY, Unhurried(store, chance, is_blind), 200)
    told: Answers = Counter()
    for number in range(ACTS):
        act = chance.choice(["book", "book", "move", "move", "move", "exchange", "cancel"])
        own = f"{place}.{number}"
        other = chance.choice([*OLD, f"{place}.{number - 1}"])
        starts_at = START + chance.randrange(6) * DAY + chance.randrange(8) * timedelta(hours=1)
        try:
            answer = _act(desk, act, other, _basket(chance, own, starts_at))
        except _LOST as error:
            told[f"{act}: {type(error).__name__}"] += 1
        else:
            done = answer.eligible if isinstance(answer, Decision) else answer.allowed
            told[f"{act}: {'done' if done else 'refused'}"] += 1
    return told


def _act(desk: RedemptionDesk, act: str, other: str, basket: Booking) -> Decision | Settlement:
    by, now = Actor.CLIENT, NOW
    if act == "book":
        return desk.redeem(account=ACCOUNT, client=ANA, booking=basket, now=now)
    if act == "exchange":
        return desk.exchange(other, account=ACCOUNT, client=ANA, booking=basket, by=by, now=now)
    if act == "move":
        to = basket.starts_at
        return desk.reschedule(other, account=ACCOUNT, client=ANA, starts_at=to, by=by, now=now)
    return desk.cancel(other, by=by, now=now)


def _basket(chance: Random, name: str, starts_at: datetime) -> Booking:
    chosen = chance.choices(SERVICES, k=chance.choice([1, 1, 2]))
    return Booking.of(*chosen, id=name, starts_at=starts_at)


def race_of_threads(
    opens: Opener, seed: int, *, is_blind: bool = False
) -> tuple[Answers, list[str]]:
    """Let eight threads act on one store; return what was told, and what is wrong."""
    with _sold_out_of(opens) as store:
        told = _by_threads(store, seed, range(THREADS), is_blind=is_blind)
        return told, faults(store)


def race_of_processes(
    opens: Opener, seed: int, each: EachProcess, *, is_blind: bool = False
) -> tuple[Answers, list[str]]:
    """Let four processes act on one database, two threads each.

    Args:
        opens: opens a store on an empty database.
        seed: what the acts follow from.
        each: the `map` of a pool of four processes.
        is_blind: whether no versions of packages are compared.
    """
    with _sold_out_of(opens) as store:
        share = partial(share_of_process, opens, seed, 0, is_blind)
        return sum(each(share, range(PROCESSES)), Counter[str]()), faults(store)


def race_of_both(opens: Opener, seed: int, each: EachProcess) -> tuple[Answers, list[str]]:
    """Let eight threads on one store and four processes, two threads each, act at once."""
    with _sold_out_of(opens) as store:
        share = partial(share_of_process, opens, seed, THREADS, False)
        by_processes = each(share, range(PROCESSES))  # they begin now
        by_threads = _by_threads(store, seed, range(THREADS), is_blind=False)
        return sum(by_processes, by_threads), faults(store)


def share_of_process(opens: Opener, seed: int, first: int, is_blind: bool, process: int) -> Answers:
    """Do the acts that fall to one of the processes, of eight places from the first on."""
    with opens() as store:
        places = range(first + process, first + THREADS, PROCESSES)
        return _by_threads(store, seed, places, is_blind=is_blind)


def _by_threads(
    store: RedemptionStore, seed: int, places: Iterable[int], *, is_blind: bool
) -> Answers:
    acting = partial(do_acts, store, seed, is_blind=is_blind)
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(acting, places), Counter[str]())


@contextmanager
def _sold_out_of(opens: Opener) -> Iterator[ReadyMade]:
    """Open a store, sell the packages, and book a facial on every other day of weeks to come."""
    with opens() as store:
        for package in SOLD:
            store.add(package)
        desk = RedemptionDesk(POLICY, store)
        for place, name in enumerate(OLD):
            facial = Booking.of(SERVICES[0], id=name, starts_at=START + (7 + 2 * place) * DAY)
            assert desk.redeem(account=ACCOUNT, client=ANA, booking=facial, now=NOW).eligible
        yield store


def faults(store: ReadyMade) -> list[str]:
    """Return what is wrong: a quota above its most, a use or a unit that was lost or made."""
    redemptions = stored(store, NAMES)
    wrong = disagreements(store, SOLD, redemptions)
    for package in SOLD:
        uses = [use for redemption in redemptions for use in redemption.uses_of(package.id)]
        wrong += [
            f"{quota} of {package.id}: {fullest}"
            for quota, of_it in _quotas(package, uses)
            if (fullest := _fullest(quota, of_it)) > quota.most
        ]
    return wrong


def _quotas(package: Package, uses: list[Use]) -> Iterator[tuple[Quota, list[Use]]]:
    for quota in package.quotas:
        yield quota, uses
    for held in package.entitlements:
        for quota in held.quotas:
            yield quota, [use for use in uses if use.entitlement_id == held.id]


def _fullest(quota: Quota, uses: list[Use]) -> int:
    """Return how many uses the fullest period has, counted plainly: all starts are to come."""
    days = [use.starts_at.astimezone(LONDON).date() for use in uses]
    if isinstance(quota.per, Days):
        span = quota.per.count
        return max(
            (sum(0 <= (day - first).days < span for day in days) for first in days), default=0
        )
    name: Callable[[date], object] = {
        Period.DAY: lambda day: day,
        Period.WEEK: lambda day: day.isocalendar()[:2],
        Period.UPCOMING: lambda _: "all",
        Period.EVER: lambda _: "all",
    }[quota.per]
    return max(Counter(map(name, days)).values(), default=0)
