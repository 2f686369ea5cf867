"""What the invariants of a store share: a small salon, and expectations that say what was found.

Expectations raise `AssertionError` themselves, so that they hold with `python -O` and read well
without any rewriting of assertions.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TypeVar

from pkgredeem import (
    AccountSettings,
    Balance,
    Booking,
    CancellationTerms,
    Change,
    Client,
    ConflictError,
    CreditOutcome,
    Decision,
    Entitlement,
    Movement,
    Package,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Service,
    Settlement,
    rules,
)
from pkgredeem.stores import RedemptionStore

_Answer = TypeVar("_Answer")

LONGEST_WAIT = 60.0  # seconds until threads that wait for each other are called a deadlock

ANA = Client(id="ana", logged_in=True)
BEN = Client(id="ben", logged_in=True)
NOW = datetime(2026, 5, 1, 9, 0, 0, 250_001, tzinfo=UTC)
START = datetime(2026, 5, 5, 10, tzinfo=UTC)
LATE = START - timedelta(hours=1)
ACCOUNT = AccountSettings(
    deposit_required=True,
    card_capture=True,
    cancellation=CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT),
)
POLICY = RedemptionPolicy(rules.IN_STORE)


def same(what: str, expected: object, found: object) -> None:
    """Expect two values to be equal.

    Raises:
        AssertionError: they are not.
    """
    if expected != found:
        raise AssertionError(f"{what}: expected {expected!r}, found {found!r}")


def refused(what: str, error: type[Exception], act: Callable[[], object]) -> None:
    """Expect an act to raise exactly that error.

    Raises:
        AssertionError: it raised nothing.
    """
    try:
        act()
    except error:
        return
    raise AssertionError(f"{what}: expected {error.__name__}, and nothing was raised")


def conflicts(what: str, store: RedemptionStore, *changes: Change) -> None:
    """Expect the store to refuse these changes.

    Raises:
        AssertionError: it committed them.
    """
    refused(what, ConflictError, lambda: store.commit(*changes))


def credit(*services: str, remaining: int, id: str = "") -> Entitlement:
    """Return an entitlement to those services."""
    return Entitlement(services=frozenset(services), remaining=remaining, id=id)


def facials(package_id: str = "p1", *, remaining: int = 5, client_id: str = "ana") -> Package:
    """Return a package of facials."""
    entitlements = (credit("facial", remaining=remaining),)
    return Package(id=package_id, client_id=client_id, entitlements=entitlements)


def booking(booking_id: str, *services: str, starts_at: datetime = START) -> Booking:
    """Return a booking of those services, of one facial when none is named."""
    chosen = services or ("facial",)
    return Booking.of(
        *(Service(id=service) for service in chosen), id=booking_id, starts_at=starts_at
    )


def due(answer: Decision | Settlement) -> Change:
    """Return the change of an answer that has to have one.

    Raises:
        AssertionError: it has none, so nothing could be tried.
    """
    if answer.change is None:
        raise AssertionError(f"an answer with a change: {answer!r}")
    return answer.change


def proposed(
    packages: Iterable[Package], wanted: Booking, *, client: Client = ANA, now: datetime = NOW
) -> Change:
    """Return the change that books with these packages."""
    return due(
        POLICY.decide(account=ACCOUNT, client=client, packages=packages, booking=wanted, now=now)
    )


def committed(store: RedemptionStore, change: Change) -> Redemption:
    """Commit a change, and return the redemption as it is then."""
    store.commit(change)
    return change.after


def known(store: RedemptionStore, booking_id: str) -> Redemption:
    """Return a redemption that has to be there.

    Raises:
        AssertionError: it is not.
    """
    found = store.redemption(booking_id)
    if found is None:
        raise AssertionError(f"redemption of {booking_id!r}: it was committed, and is not there")
    return found


def left(store: RedemptionStore, package_id: str = "p1", entitlement_id: str = "facial") -> int:
    """Return how many credits of an entitlement the store says are available.

    Raises:
        AssertionError: the store does not give the package by its name.
    """
    named = store.packages_of("nobody", (package_id,))
    found = {(p.id, e.id): e.remaining for p in named for e in p.entitlements}
    if (package_id, entitlement_id) not in found:
        raise AssertionError(
            f"package {package_id!r} was named, and {entitlement_id!r} is not there"
        )
    return found[package_id, entitlement_id]


def desk(store: RedemptionStore, *, attempts: int = 50) -> RedemptionDesk:
    """Return a desk that is patient: many threads at once may conflict often."""
    return RedemptionDesk(POLICY, store, attempts)


def redeemed(
    store: RedemptionStore, wanted: Booking, *, client: Client = ANA, now: datetime = NOW
) -> Decision:
    """Redeem a booking at a desk on the store."""
    return desk(store).redeem(account=ACCOUNT, client=client, booking=wanted, now=now)


def codes(decision: Decision) -> list[str]:
    """Return the codes of a decision's reasons; a store may leave out what is used up (D05)."""
    found = [reason.code for reason in decision.reasons]
    return ["package_used_up"] if found == ["no_package"] else found


def at_once(acts: Sequence[Callable[[], _Answer]], end: Callable[[], None]) -> list[_Answer]:
    """Do all acts at the same moment, each in its own thread, and return their answers in order.

    Raises:
        AssertionError: they wait for each other.
    """
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


class Kit(ABC):
    """Opens stores for the invariants and closes them; the two contracts say how."""

    _opened: list[RedemptionStore]

    def setup_method(self) -> None:
        """Begin with nothing open."""
        self._opened = []

    def teardown_method(self) -> None:
        """Close what the invariant has opened, the last first."""
        while self._opened:
            self._close(self._opened.pop())

    def store(self, *packages: Package) -> RedemptionStore:
        """Return a store that holds exactly these packages."""
        return self._kept(self._open(packages))

    def again(self, store: RedemptionStore) -> RedemptionStore:
        """Return another object on the same data."""
        return self._kept(self._reopen(store))

    def bucketed(
        self, store: RedemptionStore, sold: Package, booking_ids: Iterable[str]
    ) -> dict[str, Balance]:
        """Return the balances of a package's entitlements, read from the store in every way it has.

        Raises:
            AssertionError: what is available, the draws and the history do not tell the same, or do
                not add up to what was sold.
        """
        found = [made for made in map(store.redemption, booking_ids) if made is not None]
        history = self._history(store)
        balances: dict[str, Balance] = {}
        for entitlement in sold.entitlements:
            states = [
                draw.state.value
                for redemption in found
                for draw in redemption.draws
                if (draw.package_id, draw.entitlement_id) == (sold.id, entitlement.id)
            ]
            balance = Balance(
                available=left(store, sold.id, entitlement.id),
                reserved=states.count("reserved"),
                redeemed=states.count("redeemed"),
                forfeited=states.count("forfeited"),
            )
            same(f"the sum of {sold.id!r}, {entitlement.id!r}", entitlement.remaining, balance.sold)
            if history is not None:
                same("the history", _balance_of(history, sold.id, entitlement), balance)
            balances[entitlement.id] = balance
        return balances

    def _kept(self, store: RedemptionStore) -> RedemptionStore:
        if not any(store is other for other in self._opened):
            self._opened.append(store)
        return store

    @abstractmethod
    def _open(self, packages: tuple[Package, ...]) -> RedemptionStore: ...

    @abstractmethod
    def _reopen(self, store: RedemptionStore) -> RedemptionStore: ...

    @abstractmethod
    def _history(self, store: RedemptionStore) -> Sequence[Movement] | None: ...

    @abstractmethod
    def _close(self, store: RedemptionStore) -> None: ...

    @abstractmethod
    def _thread_ends(self) -> None: ...


def _balance_of(history: Sequence[Movement], package_id: str, entitlement: Entitlement) -> Balance:
    movements = [
        movement
        for movement in history
        if (movement.package_id, movement.entitlement_id) == (package_id, entitlement.id)
    ]
    return Balance.of(entitlement.remaining, movements)
