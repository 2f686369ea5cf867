"""Every interleaving of the acts of several clients on one store, a crash at every step included.

The workflow of a desk holds no I/O, so that a step is one store call: the next call of a client
follows from the act, the attempts that are left and the answers since the attempt began. The state
of the world is the store and where each client stands; every state that can be reached is visited
once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pkgredeem import Change, ConflictError, Package, PkgRedeemError, Redemption
from pkgredeem._desk.workflow import Call, Steps, Workflow
from pkgredeem._model.checks import EARLIEST
from pkgredeem.testing import MemoryStore

#: What a client does, as a desk that may try so many times does it; and how its result is told.
Begin: TypeAlias = Callable[[int], Workflow[object]]
Tell: TypeAlias = Callable[[object], str]

ATTEMPTS = 5


class Standing(NamedTuple):
    """Where a client stands: numbers stand for answers, so that states are quick to compare."""

    attempts: int = ATTEMPTS
    answers: tuple[int, ...] = ()
    crashes: int = 0
    result: str | None = None


State: TypeAlias = tuple[int, tuple[Standing, ...]]


class Numbered:
    """Gives each value that it has not seen a number."""

    def __init__(self) -> None:
        """Know no value."""
        self.values: list[object] = []
        self._numbers: dict[object, int] = {}

    def number(self, value: object) -> int:
        """Return the number of the value."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.values)
            self.values.append(value)
        return found


@dataclass
class World:
    """Clients with an act each, and a store whose states are visited one by one."""

    packages: tuple[Package, ...]
    clients: tuple[tuple[Begin, Tell], ...]
    earlier: tuple[Change, ...] = ()
    stores: Numbered = field(default_factory=Numbered)
    answers: Numbered = field(default_factory=Numbered)
    seen: set[State] = field(default_factory=set)
    ends: set[State] = field(default_factory=set)
    _steps: dict[tuple[int, int, tuple[int, ...]], Call | str] = field(default_factory=dict)
    _calls: dict[tuple[int, int, int, tuple[int, ...]], tuple[int, int]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        """Commit what was done earlier: the first state of the store."""
        store = self._store_of(())
        store.commit(*self.earlier)
        assert 0 == self._number_of(store)

    def explore(self, *, crashes: int) -> None:
        """Visit every state that can be reached when each client may crash so many times."""
        todo: list[State] = [(0, tuple(Standing(crashes=crashes) for _ in self.clients))]
        self.seen.update(todo)
        while todo:
            state = todo.pop()
            following = list(self._following(state))
            if not following:
                self.ends.add(state)
            for reached in following:
                if reached not in self.seen:
                    self.seen.add(reached)
                    todo.append(reached)

    def one_by_one(self, order: Iterable[int]) -> State:
        """Return the state that the clients reach when they act one after the other."""
        state: State = (0, tuple(Standing() for _ in self.clients))
        for client in order:
            number, standing = state
            state = (number, _changed(standing, client, Standing()))
            while state[1][client].result is None:
                state = next(self._of_client(state, client))
        return state

    def _following(self, state: State) -> Iterator[State]:
        for client, standing in enumerate(state[1]):
            if standing.result is None:
                yield from self._of_client(state, client)

    def _of_client(self, state: State, client: int) -> Iterator[State]:
        store, standings = state
        at = standings[client]
        after, answer = self._called(store, client, at)
        if answer < 0:
            reached = Standing(at.attempts - 1, (), at.crashes)
        else:
            reached = Standing(at.attempts, (*at.answers, answer), at.crashes)
        yield after, _changed(standings, client, self._told(client, reached))
        if at.crashes:
            # Before the call, or after it and before its answer: all is forgotten and begins again.
            anew = _changed(standings, client, Standing(crashes=at.crashes - 1))
            yield store, anew
            yield after, anew

    def _told(self, client: int, at: Standing) -> Standing:
        """Return where the client stands, done when there is no call left to make."""
        step = self._step(client, at)
        return Standing(result=step) if isinstance(step, str) else at

    def _step(self, client: int, at: Standing) -> Call | str:
        key = (client, at.attempts, at.answers)
        if key not in self._steps:
            begin, tell = self.clients[client]
            try:
                steps = Steps(begin(at.attempts)) if at.attempts else _given_up()
                for answer in at.answers:
                    steps.send_result(self.answers.values[answer])
                self._steps[key] = tell(steps.result) if steps.call is None else steps.call
            except PkgRedeemError as error:
                self._steps[key] = type(error).__name__
        return self._steps[key]

    def _called(self, number: int, client: int, at: Standing) -> tuple[int, int]:
        """Return the store after the client's next call, and the answer: -1 for a conflict."""
        key = (number, client, at.attempts, at.answers)
        if key not in self._calls:
            call = self._step(client, at)
            assert not isinstance(call, str)
            store = self._store_of(self.stores.values[number])
            try:
                found = call(store)
            except ConflictError:
                self._calls[key] = (number, -1)
            else:
                self._calls[key] = (self._number_of(store), self.answers.number(found))
        return self._calls[key]

    def _store_of(self, redemptions: object) -> MemoryStore:
        """Return a store in which these redemptions were committed."""
        store = MemoryStore()
        for package in self.packages:
            store.add(package)
        assert isinstance(redemptions, tuple)
        for redemption in redemptions:
            store._redemptions[redemption.booking.id] = redemption
            for draw in redemption.draws:
                if draw.state.value != "returned":
                    store._drawn[draw.package_id, draw.entitlement_id] += draw.credits
            # Each commit makes a booking one version older, and its packages too (D57).
            for package_id in {draw.package_id for draw in redemption.draws}:
                store._versions[package_id] += redemption.version
                store._bookings_of.setdefault(package_id, {})[redemption.booking.id] = None
        return store

    def _number_of(self, store: MemoryStore) -> int:
        """Return the number of the store's state, after checking that the sum holds in it."""
        redemptions = tuple(store._redemptions[name] for name in sorted(store._redemptions))
        again = self._store_of(redemptions)
        assert {key: count for key, count in store._drawn.items() if count} == again._drawn
        assert store._versions == again._versions
        sold = [package.id for package in self.packages]
        for package in store.packages_of("nobody", not_over_at=EARLIEST, also=sold):
            assert all(entitlement.has(0) for entitlement in package.entitlements)
        return self.stores.number(redemptions)

    def redemptions(self, state: State) -> tuple[Redemption, ...]:
        """Return what is stored in that state."""
        found = self.stores.values[state[0]]
        assert isinstance(found, tuple)
        return found


def _changed(standings: tuple[Standing, ...], client: int, at: Standing) -> tuple[Standing, ...]:
    return (*standings[:client], at, *standings[client + 1 :])


def _given_up() -> Steps[object]:
    raise ConflictError("every attempt was lost")
