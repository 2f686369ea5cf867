"""What the invariants of a store have in common: stores are opened, watched and closed here."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._books import Books
from pkgredeem.testing.contract._expectations import (
    THREADS,
    at_once,
    booking,
    committed,
    credits_left,
    facials,
    in_case,
    proposed,
    same,
)
from pkgredeem.testing.contract._keys import Keys
from pkgredeem.testing.contract._limits import (
    Limit,
    NotTried,
    check_change,
    check_package,
    limits_of,
)
from pkgredeem.testing.contract._wrapped import Watched

_Answer = TypeVar("_Answer")
_Fact = TypeVar("_Fact")


class _Data:
    """What is known of the data behind a store, however many objects there are on it."""

    def __init__(self, sold: tuple[p.Package, ...]) -> None:
        self.sold = sold
        self.lock = Lock()
        self.rows: set[str] = set()


class _Opened(NamedTuple):
    """What a caller's hook gave, the same as threads use it, and the data behind it."""

    store: Any
    seen: RedemptionStore
    data: _Data


class Kit(ABC):
    """Opens stores for the invariants and closes them; the two contracts say how."""

    _gives_defaults = True  # its hooks are those of whoever gives none

    #: What the tables of the stores can't hold (`Limit`). It is left out wherever a test tries it,
    #: and listed at the end of a run of pytest.
    limits: Iterable[Limit | str] = ()

    #: What was left out of a test, and by which limit; the plugin of pytest lists it.
    left_out_by_limits: list[tuple[str, str]]

    _limits: frozenset[Limit] = frozenset()
    _opened: list[_Opened]

    def __init_subclass__(cls) -> None:
        """Check the limits when the class is made, so that a wrong one is told once."""
        super().__init_subclass__()
        cls._limits = limits_of(cls.limits)

    def setup_method(self) -> None:
        """Begin with nothing open."""
        self.left_out_by_limits = []
        self._opened = []
        self._numbers: dict[str, dict[str, int]] = {}
        self._keys = Keys(self.key_for) if self._has_own("key_for") else None

    def teardown_method(self) -> None:
        """Close what the invariant has opened, the last first."""
        while self._opened:
            self._call("close", self._opened.pop().store)

    def key_for(self, kind: str, name: str) -> str:
        """Return the id that stands in your tables for one of the contract, as a text.

        The contract names things as it likes ("ana", "b1"). Where your keys are whole numbers or
        UUIDs give one for each name: packages, redemptions and movements come to your store with
        your keys, and what it gives back is translated into the contract's names. Each name is
        asked for once in a test. `number_for` gives whole numbers.

        Args:
            kind: what is named: "client", "package", "entitlement", "service" or "booking".
            name: the contract's name of it; of an entitlement with that of its package, such as
                `p1/main`. Where your tables have no entitlements of their own return "main" for
                them.
        """
        del kind
        return name

    def number_for(self, kind: str, name: str) -> str:
        """Return a whole number for a name, counted from 1 in each kind, for `key_for`.

        Example:
            >>> from pkgredeem.testing import StoreContract
            >>> class TestMyStore(StoreContract):
            ...     def key_for(self, kind, name):
            ...         return "main" if kind == "entitlement" else self.number_for(kind, name)
            >>> test = TestMyStore()
            >>> test.setup_method()
            >>> test.key_for("client", "ana"), test.key_for("client", "ben")
            ('1', '2')
        """
        numbers = self._numbers.setdefault(kind, {})
        return str(numbers.setdefault(name, len(numbers) + 1))

    def thread_ends(self) -> None:  # noqa: B027 - a hook
        """Let go of what a thread holds; called in each thread of a race when it is done."""

    def store(self, *packages: p.Package) -> RedemptionStore:
        """Return a store that holds exactly these packages."""
        for package in packages:
            self._leave_out(check_package, package, package.id)
        keys = self._keys
        sold = packages if keys is None else tuple(map(keys.package_in, packages))
        made = self._call("store_with", *sold)
        # One object may stand for all data, which is new then, and so is what is known of it.
        self._opened = [opened for opened in self._opened if opened.store is not made]
        return self._kept(made, _Data(packages))

    def holdable(self, packages: Iterable[p.Package]) -> list[p.Package]:
        """Return those packages that the limits let a store hold.

        Raises:
            NotTried: it can hold none.
        """
        found: list[p.Package] = []
        last: NotTried | None = None
        for package in packages:
            try:
                self._leave_out(check_package, package, package.id)
            except NotTried as limit:
                last = limit
            else:
                found.append(package)
        if last is not None and not found:
            raise last
        return found

    def each(self, facts: Mapping[str, _Fact], act: Callable[[_Fact], None]) -> None:
        """Try each of these, but for what the limits leave out; say which one fails.

        Raises:
            NotTried: nothing of it can be tried.
        """
        tried = False
        last: NotTried | None = None
        for name, fact in facts.items():
            try:
                with in_case(name):
                    act(fact)
            except NotTried as limit:
                last = limit
                self.left_out_by_limits[-1] = (limit.told, name)
            else:
                tried = True
        if last is not None and not tried:
            raise last

    def books(self, *packages: p.Package) -> Books:
        """Return a store that holds these packages, with books that are compared with it."""
        store = self.store(*packages)
        return Books(store, packages, partial(self.history, store))

    def counted(self, package: p.Package) -> p.Package:
        """Return the package with a quota that never binds, where the limits allow one.

        So that its uses and its version are read back as well.
        """
        counted = replace(package, quotas=(p.Quota(10_000, p.Period.EVER),))
        try:
            self._leave_out(check_package, counted, "uses and versions")
        except NotTried:
            return package
        return counted

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
        return self._kept(self._call("reopened", opened.store), opened.data)

    def history(self, store: RedemptionStore) -> Sequence[p.Movement] | None:
        """Return every movement that the store keeps; None when it keeps none."""
        kept = Limit.NO_HISTORY not in self._limits
        found = self._call("movements", self._of(store).store) if kept else None
        if found is None:
            self.left_out_by_limits.append((Limit.NO_HISTORY.told, "movements"))
            return None
        movements = cast("Sequence[p.Movement]", found)
        if self._keys is None:
            return movements
        return list(map(self._keys.movement_out, movements))

    def balanced(
        self,
        store: RedemptionStore,
        booking_ids: Iterable[str],
        *,
        available: int = 0,
        **credits_in: int,
    ) -> None:
        """Expect so many credits of package p1 in each bucket, none in one that is left out.

        They are read in every way that there is: what is available, the draws of these bookings,
        and the history where one is kept; and they add up to what was sold.
        """
        drawn: Counter[str] = Counter()
        for found in map(store.redemption, booking_ids):
            for draw in () if found is None else found.draws:
                drawn[draw.state.value] += draw.credits
        states = ("reserved", "redeemed", "forfeited")
        left = credits_left(store)
        balance = p.Balance(available=left, **{state: drawn[state] for state in states})
        (sold,) = [package for package in self._of(store).data.sold if package.id == "p1"]
        (entitlement,) = sold.entitlements
        same("what was sold, as the sum of it", entitlement.remaining, balance.sold)
        history = self.history(store)
        if history is not None:
            same("the history", p.Balance.of(entitlement.remaining, history), balance)
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

    def _kept(self, store: object, data: _Data) -> RedemptionStore:
        for opened in self._opened:
            if opened.store is store:
                return opened.seen
        seen = Watched(self._seen(store), self._before_commit)
        self._opened.append(_Opened(store, seen, data))
        return seen

    def _before_commit(self, store: RedemptionStore, change: p.Change) -> None:
        """Leave the test where the change can't be held; see to the row of its booking."""
        booking, client_id = change.after.booking, change.after.client_id
        self._leave_out(check_change, change, booking.id)
        self.make_row(store, booking, client_id)

    def make_row(self, seen: RedemptionStore, booking: p.Booking, client_id: str) -> None:
        """See to it that the row of a booking is there, where a hook makes one."""
        if not self._has_own("booking_exists"):
            return
        opened = self._of(seen)
        if self._keys is not None:
            booking, client_id = self._keys.booking_in(booking), self._keys.key("client", client_id)
        with opened.data.lock:  # who comes second waits until the row is there
            if booking.id not in opened.data.rows:
                self._call("booking_exists", opened.store, booking, client_id)
                opened.data.rows.add(booking.id)

    def _leave_out(
        self, check: Callable[[frozenset[Limit], _Fact], None], value: _Fact, name: str
    ) -> None:
        """Raise what the check raises, and write it down."""
        try:
            check(self._limits, value)
        except NotTried as limit:
            self.left_out_by_limits.append((limit.told, name))
            raise

    def _has_own(self, hook: str) -> bool:
        """Tell whether the contract of a caller gives that hook."""
        giver = next(each for each in type(self).__mro__ if hook in vars(each))
        return "_gives_defaults" not in vars(giver)

    @abstractmethod
    def _call(self, hook: str, *given: object) -> object: ...

    @abstractmethod
    def _seen(self, store: object) -> RedemptionStore: ...
