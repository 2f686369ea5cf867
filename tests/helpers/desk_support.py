"""What the tests of the desk share: both desks behind one face, and a store to interrupt."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, cast

from pkgredeem import (
    Actor,
    AsyncRedemptionDesk,
    Booking,
    Change,
    Client,
    ConflictError,
    Decision,
    DrawState,
    Package,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Settlement,
)
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import MemoryStore
from tests.helpers.support import (
    ANA,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    NOW,
    START,
    account,
    booking,
    credit,
    package,
)

#: Makes a desk on a store: of threads, or of tasks behind the same face.
MakeDesk = Callable[..., RedemptionDesk]


class Interrupted:
    """A store in memory that writes down its calls, and is interrupted at some of them."""

    def __init__(self, *packages: Package) -> None:
        """Hold these packages."""
        self.inner = MemoryStore()
        for sold in packages:
            self.inner.add(sold)
        self.calls: list[str] = []
        self.asked: list[tuple[str, ...]] = []
        self.not_over_at: list[datetime] = []
        self.before: dict[int, Callable[[], object]] = {}
        self.after: dict[int, Callable[[], object]] = {}

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages."""
        named = tuple(also)
        self.asked.append((client_id, *named))
        self.not_over_at.append(not_over_at)

        def read() -> Iterable[Package]:
            return self.inner.packages_of(client_id, not_over_at=not_over_at, also=named)

        return cast("Iterable[Package]", self._called("packages_of", read))

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        found = self._called("redemption", lambda: self.inner.redemption(booking_id))
        return cast("Redemption | None", found)

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        self._called(f"commit {len(changes)}", lambda: self.inner.commit(*changes))

    def _called(self, name: str, call: Callable[[], object]) -> object:
        self.calls.append(name)
        number = len(self.calls)
        self.before.get(number, lambda: None)()
        found = call()
        self.after.get(number, lambda: None)()
        return found


class Awaited:
    """A store of threads as tasks see it."""

    def __init__(self, inner: RedemptionStore) -> None:
        """Stand before that store."""
        self.inner = inner

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages."""
        await asyncio.sleep(0)
        return self.inner.packages_of(client_id, not_over_at=not_over_at, also=also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        await asyncio.sleep(0)
        return self.inner.redemption(booking_id)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        await asyncio.sleep(0)
        self.inner.commit(*changes)


class _Running:
    """An async desk whose every method is run to its end."""

    def __init__(self, desk: AsyncRedemptionDesk) -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Awaitable[Any]] = getattr(self._desk, name)

        def run(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and returns
            async def awaited() -> Any:  # noqa: ANN401 - see above
                return await method(*given, **named)

            return asyncio.run(awaited())

        run.__name__ = name
        return run


def of_threads(policy: RedemptionPolicy, store: RedemptionStore, *more: int) -> RedemptionDesk:
    """Return the desk of threads."""
    return RedemptionDesk(policy, store, *more)


def of_tasks(policy: RedemptionPolicy, store: RedemptionStore, *more: int) -> RedemptionDesk:
    """Return the desk of tasks behind the face of the other."""
    inner: AsyncRedemptionStore = Awaited(store)
    return cast("RedemptionDesk", _Running(AsyncRedemptionDesk(policy, inner, *more)))


#: The desk that the article has in mind.
ONLINE = RedemptionPolicy()
ACCOUNT = account(deposit_required=True, card_capture=True, cancellation=FORFEIT_INSIDE_A_DAY)


def facials(left: int = 5, *, package_id: str = "p1", **fields: object) -> Package:
    """Return a package of facials."""
    return package(package_id, credit("facial", left=left), **fields)


def redeem(
    desk: RedemptionDesk,
    asked: Booking | None = None,
    *,
    client: Client = ANA,
    now: datetime = NOW,
    by: Actor = Actor.CLIENT,
    note: str = "",
) -> Decision:
    """Redeem a facial for Ana, unless told otherwise."""
    return desk.redeem(
        account=ACCOUNT, client=client, booking=asked or booking(), now=now, by=by, note=note
    )


def exchange(
    desk: RedemptionDesk,
    booking_id: str = "b1",
    asked: Booking | None = None,
    *,
    client: Client = ANA,
    by: Actor = Actor.CLIENT,
    now: datetime = NOW,
    note: str = "",
) -> Decision:
    """Exchange Ana's booking b1 for a facial, b2, unless told otherwise."""
    return desk.exchange(
        booking_id,
        account=ACCOUNT,
        client=client,
        booking=asked or booking(id="b2"),
        by=by,
        now=now,
        note=note,
    )


def reschedule(
    desk: RedemptionDesk,
    booking_id: str = "b1",
    *,
    to: datetime = START + DAY,
    client: Client = ANA,
    by: Actor = Actor.CLIENT,
    now: datetime = NOW,
    note: str = "",
) -> Settlement:
    """Move Ana's booking b1 to the next day, unless told otherwise."""
    return desk.reschedule(
        booking_id, account=ACCOUNT, client=client, starts_at=to, by=by, now=now, note=note
    )


def stored_state(store: Interrupted, booking_id: str = "b1") -> list[DrawState]:
    """List the states of a stored redemption's draws."""
    found = store.inner.redemption(booking_id)
    assert found is not None
    return [draw.state for draw in found.draws]


def conflict() -> None:
    """Be quicker than the desk, whatever it does."""
    raise ConflictError("somebody else was quicker")
