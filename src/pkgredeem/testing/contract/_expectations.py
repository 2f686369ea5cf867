"""What the invariants of a store share: a small salon, and expectations that say what was found.

Expectations raise `AssertionError` themselves, so that they hold with `python -O` and read well
without any rewriting of assertions.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any, NamedTuple, TypeVar, cast
from unittest import SkipTest

import pkgredeem as p
from pkgredeem.stores import RedemptionStore

_Answer = TypeVar("_Answer")

THREADS = 8
LONGEST_WAIT = 60.0  # seconds until threads that wait for each other are called a deadlock

ANA = p.Client(id="ana", logged_in=True)
BEN = p.Client(id="ben", logged_in=True)
NOW = datetime(2026, 5, 1, 9, 0, 0, 250_001, tzinfo=UTC)
START = datetime(2026, 5, 5, 10, tzinfo=UTC)
LATE = START - timedelta(hours=1)
DAY = timedelta(days=1)
ACCOUNT = p.AccountSettings(
    deposit_required=True,
    card_capture=True,
    cancellation=p.CancellationTerms(window=DAY, late=p.CreditOutcome.FORFEIT),
)
POLICY = p.RedemptionPolicy(p.rules.IN_STORE)
TWO = ("facial", "facial")


def same(what: str, expected: object, found: object) -> None:
    """Expect two values to be equal."""
    if expected != found:
        raise AssertionError(f"{what}: expected {expected!r}, found {found!r}")


def refused(what: str, error: type[Exception], act: Callable[[], object]) -> None:
    """Expect an act to raise exactly that error."""
    try:
        act()
    except error:
        return
    raise AssertionError(f"{what}: expected {error.__name__}, and nothing was raised")


def conflicts(what: str, store: RedemptionStore, *changes: p.Change) -> None:
    """Expect the store to refuse these changes."""
    refused(what, p.ConflictError, lambda: store.commit(*changes))


def credit(*services: str, remaining: int, id: str = "main") -> p.Entitlement:
    """Return an entitlement to those services."""
    return p.Entitlement(services=services, remaining=remaining, id=id)


def facials(package_id: str = "p1", *, remaining: int = 5, client_id: str = "ana") -> p.Package:
    """Return a package of facials."""
    entitlements = (credit("facial", remaining=remaining),)
    return p.Package(id=package_id, client_id=client_id, entitlements=entitlements)


def booking(booking_id: str, *services: str, starts_at: datetime = START) -> p.Booking:
    """Return a booking of those services, of one facial when none is named."""
    chosen = [p.Service(id=service) for service in services or ("facial",)]
    return p.Booking.of(*chosen, id=booking_id, starts_at=starts_at)


def due(answer: p.Decision | p.Settlement) -> p.Change:
    """Return the change of an answer that has to have one."""
    if answer.change is None:
        raise AssertionError(f"an answer with a change: {answer!r}")
    return answer.change


def proposed(
    packages: Iterable[p.Package], wanted: p.Booking, *, client: p.Client = ANA, now: datetime = NOW
) -> p.Change:
    """Return the change that books with these packages."""
    return due(
        POLICY.decide(account=ACCOUNT, client=client, packages=packages, booking=wanted, now=now)
    )


def moved(
    booked: p.Redemption,
    starts_at: datetime,
    *,
    by: p.Actor = p.Actor.BUSINESS,
    packages: Iterable[p.Package] = (),
) -> p.Change:
    """Return the change that moves a booking, drawn on facials unless others are given."""
    return due(
        POLICY.reschedule(
            booked,
            account=ACCOUNT,
            client=ANA,
            starts_at=starts_at,
            by=by,
            now=NOW,
            packages=tuple(packages) or [facials()],
        )
    )


def committed(store: RedemptionStore, answer: p.Change | p.Decision | p.Settlement) -> p.Redemption:
    """Commit a change, and return the redemption as it is then."""
    change = answer if isinstance(answer, p.Change) else due(answer)
    store.commit(change)
    return change.after


def known(store: RedemptionStore, booking_id: str) -> p.Redemption:
    """Return a redemption that has to be there."""
    found = store.redemption(booking_id)
    if found is None:
        raise AssertionError(f"redemption of {booking_id!r}: it was committed, and is not there")
    return found


def owned(
    store: RedemptionStore, client_id: str, *named: str, not_over_at: datetime = NOW
) -> list[p.Package]:
    """Return the packages that are read of a client, and those named; all in the order of ids.

    Uses and versions are left out where nothing counts them: a store may do so as well (D66).
    """
    found = store.packages_of(client_id, not_over_at=not_over_at, also=named)
    return [_sorted(package) for package in sorted(found, key=_id_of)]


def _sorted(package: p.Package) -> p.Package:
    are_counted = package.has_quotas or package.lasts is not None
    return replace(
        package,
        entitlements=tuple(sorted(package.entitlements, key=_id_of)),
        uses=tuple(sorted(package.uses, key=_line_of)) if are_counted else (),
        version=package.version if are_counted else None,
    )


def _line_of(use: p.Use) -> tuple[str, int]:
    return use.booking_id, use.line


def _id_of(value: p.Package | p.Entitlement) -> str:
    return value.id


def credits_left(
    store: RedemptionStore, package_id: str = "p1", entitlement_id: str = "main"
) -> int | p.Unlimited:
    """Return how many credits of an entitlement the store says are available."""
    named = owned(store, "nobody", package_id)
    found = {(item.id, part.id): part.remaining for item in named for part in item.entitlements}
    if (package_id, entitlement_id) not in found:
        what = f"package {package_id!r} was named, and {entitlement_id!r} is not there"
        raise AssertionError(what)
    return found[package_id, entitlement_id]


def desk(store: RedemptionStore, *, attempts: int = 50) -> p.RedemptionDesk:
    """Return a desk that is patient: many threads at once may conflict often."""
    return p.RedemptionDesk(POLICY, store, attempts)


def redeemed(
    store: RedemptionStore, wanted: p.Booking, *, client: p.Client = ANA, now: datetime = NOW
) -> p.Decision:
    """Redeem a booking at a desk on the store."""
    return desk(store).redeem(account=ACCOUNT, client=client, booking=wanted, now=now)


def codes(decision: p.Decision) -> list[str]:
    """Return the codes of a decision's reasons; a store may leave out what is used up (D05)."""
    found = [reason.code for reason in decision.reasons]
    return ["package_used_up"] if found == ["no_package"] else found


def at_once(acts: Sequence[Callable[[], _Answer]], end: Callable[[], None]) -> list[_Answer]:
    """Do all acts at the same moment, each in its own thread, and return their answers in order."""
    gate = Barrier(len(acts))
    answers: dict[int, _Answer] = {}
    errors: list[Exception] = []

    def run(place: int) -> None:
        try:
            gate.wait(LONGEST_WAIT)
            answers[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - shown again in the test's own thread
            errors.append(error)
        finally:
            end()

    threads = [Thread(target=run, args=(place,), daemon=True) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_WAIT)
    if any(thread.is_alive() for thread in threads):
        raise AssertionError("the threads wait for each other: look for a deadlock")
    if errors:
        raise errors[0]
    return [answers[place] for place in range(len(acts))]


class _Opened(NamedTuple):
    """What a caller's hook gave, the same as threads use it, and the packages in it."""

    store: Any
    seen: RedemptionStore
    sold: tuple[p.Package, ...]


class Kit(ABC):
    """Opens stores for the invariants and closes them; the two contracts say how."""

    #: Whether the stores keep plans: their facts, unlimited credits, uses and versions. Invariants
    #: of these are skipped where it is False, and tell why.
    keeps_plans = True

    _opened: list[_Opened]

    def setup_method(self) -> None:
        """Begin with nothing open."""
        self._opened = []

    def teardown_method(self) -> None:
        """Close what the invariant has opened, the last first."""
        while self._opened:
            self._call("close", self._opened.pop().store)

    def store(self, *packages: p.Package) -> RedemptionStore:
        """Return a store that holds exactly these packages."""
        return self._kept(self._call("store_with", *packages), packages)

    def store_of_plans(self, *packages: p.Package) -> RedemptionStore:
        """Return the same, or skip the invariant where the stores keep no plans."""
        if not self.keeps_plans:
            raise SkipTest(
                "not tried: it says keeps_plans = False, so it keeps no uses and versions (D57, "
                "D66), no unlimited credits (D42), and no quotas or other facts of plans (D40)"
            )
        return self.store(*packages)

    def booked(self, *packages: p.Package) -> tuple[RedemptionStore, p.Redemption]:
        """Return a store in which booking b1 has drawn on the first package, or on facials."""
        sold = packages or (facials(),)
        store = self.store(*sold)
        return store, committed(store, proposed(sold[:1], booking("b1")))

    def holds(self, store: RedemptionStore, *, left: int, **bookings: p.Redemption | None) -> None:
        """Expect these bookings, and so many credits left in package p1."""
        for booking_id, expected in bookings.items():
            same(f"the redemption of {booking_id}", expected, store.redemption(booking_id))
        same("credits left", left, credits_left(store))

    def again(self, store: RedemptionStore) -> RedemptionStore:
        """Return another object on the same data."""
        opened = self._of(store)
        return self._kept(self._call("reopened", opened.store), opened.sold)

    def _history(self, store: RedemptionStore) -> Sequence[p.Movement] | None:
        """Return every movement that the store keeps; None when it keeps none."""
        found = self._call("movements", self._of(store).store)
        return cast("Sequence[p.Movement] | None", found)

    def thread_ends(self) -> None:  # noqa: B027 - a hook
        """Let go of what a thread holds; called in each thread of a race when it is done."""

    def balanced(
        self,
        store: RedemptionStore,
        booking_ids: Iterable[str],
        *,
        place: tuple[str, str] = ("p1", "main"),
        available: int | p.Unlimited = 0,
        **credits_in: int,
    ) -> None:
        """Expect so many credits in each bucket of an entitlement, none in one that is left out.

        They are read in every way that there is: what is available, the draws of these bookings,
        and the history where one is kept; and they add up to what was sold.
        """
        drawn: Counter[str] = Counter()
        for found in map(store.redemption, booking_ids):
            for draw in () if found is None else found.draws:
                if (draw.package_id, draw.entitlement_id) == place:
                    drawn[draw.state.value] += draw.credits
        states = ("reserved", "redeemed", "forfeited")
        balance = p.Balance(
            available=credits_left(store, *place), **{state: drawn[state] for state in states}
        )
        package = next(sold for sold in self._of(store).sold if sold.id == place[0])
        sold = [item.remaining for item in package.entitlements if item.id == place[1]]
        same(f"the sum of {place}", sold, [balance.sold])
        history = self._history(store)
        if history is not None:
            moved = [m for m in history if (m.package_id, m.entitlement_id) == place]
            same("the history", p.Balance.of(sold[0], moved), balance)
        expected = {state: credits_in.get(state, 0) for state in states}
        same("the balance", p.Balance(available=available, **expected), balance)

    def race(
        self, store: RedemptionStore, act: Callable[[RedemptionStore, int], _Answer]
    ) -> list[_Answer]:
        """Let eight threads act at once, half of them on another object on the same data."""
        other = self.again(store)
        acts = [partial(act, other if place % 2 else store, place) for place in range(THREADS)]
        return at_once(acts, self.thread_ends)

    def _of(self, store: RedemptionStore) -> _Opened:
        return next(opened for opened in self._opened if opened.seen is store)

    def _kept(self, store: object, sold: tuple[p.Package, ...]) -> RedemptionStore:
        for opened in self._opened:
            if opened.store is store:
                return opened.seen
        self._opened.append(_Opened(store, self._seen(store), sold))
        return self._opened[-1].seen

    @abstractmethod
    def _call(self, hook: str, *given: object) -> object: ...

    @abstractmethod
    def _seen(self, store: object) -> RedemptionStore: ...
