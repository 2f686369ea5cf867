"""The desk for tasks: the flow of `_flow`, with a store whose methods are awaited."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast, final

from pkgredeem._decision import Decision, Settlement
from pkgredeem._flow import Flows, question
from pkgredeem._policy import RedemptionPolicy
from pkgredeem._steps import Flow, Steps
from pkgredeem._values import AccountSettings, Booking, Client
from pkgredeem._words import Actor, CreditOutcome
from pkgredeem.exceptions import ConflictError
from pkgredeem.stores import AsyncRedemptionStore

_Answer = TypeVar("_Answer")


@final
@dataclass(frozen=True, slots=True, eq=False)
class AsyncRedemptionDesk:
    """Does what `RedemptionDesk` does, and is awaited.

    One desk may serve every task of a loop. A task that is cancelled has done the act or not; the
    same call again settles it.

    Attributes:
        policy: what decides.
        store: where packages and redemptions are kept.
        attempts: how often it tries when others are quicker, 1 or more; 1 inside a transaction of
            the caller's.

    Raises:
        InvalidValueError: *policy* is no `RedemptionPolicy`, or *attempts* is below 1.

    Example:
        >>> import asyncio
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import Entitlement, Package, Service, rules
        >>> from pkgredeem.testing import AsyncMemoryStore
        >>> store = AsyncMemoryStore()
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> store.add(Package(id="p1", client_id="ana", entitlements=five_facials))
        >>> desk = AsyncRedemptionDesk(RedemptionPolicy(rules.IN_STORE), store)
        >>> start = datetime(2026, 5, 5, 10, tzinfo=UTC)
        >>> asyncio.run(
        ...     desk.redeem(
        ...         account=AccountSettings(),
        ...         client=Client(id="ana"),
        ...         booking=Booking.of(Service(id="facial"), id="b1", starts_at=start),
        ...         now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ...     )
        ... ).eligible
        True
    """

    policy: RedemptionPolicy
    store: AsyncRedemptionStore
    attempts: int = 5

    def __post_init__(self) -> None:
        """Check the policy and the attempts."""
        Flows(self.policy, self.attempts)

    async def quote(
        self, *, account: AccountSettings, client: Client, booking: Booking, now: datetime
    ) -> Decision:
        """Decide as `redeem` would, and write nothing: see `RedemptionDesk.quote`."""
        return await self._run(self._flows.quote(question(account, client, booking, now)))

    async def redeem(
        self,
        *,
        account: AccountSettings,
        client: Client,
        booking: Booking,
        now: datetime,
        by: Actor = Actor.CLIENT,
        note: str = "",
    ) -> Decision:
        """Decide, and draw the credits when a package pays: see `RedemptionDesk.redeem`."""
        asked = question(account, client, booking, now, by=by, note=note)
        return await self._run(self._flows.redeem(asked))

    async def exchange(
        self,
        booking_id: str,
        *,
        account: AccountSettings,
        client: Client,
        booking: Booking,
        by: Actor,
        now: datetime,
        note: str = "",
    ) -> Decision:
        """Give one booking up for another, in one commit: see `RedemptionDesk.exchange`."""
        asked = question(account, client, booking, now, by=by, note=note)
        return await self._run(self._flows.exchange(booking_id, asked))

    async def cancel(
        self,
        booking_id: str,
        *,
        by: Actor,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Cancel: see `RedemptionDesk.cancel`."""
        flow = self._flows.cancel(booking_id, by=by, now=now, lines=lines, note=note)
        return await self._run(flow)

    async def no_show(
        self,
        booking_id: str,
        *,
        now: datetime,
        outcome: CreditOutcome | None = None,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Record a no-show: see `RedemptionDesk.no_show`."""
        flow = self._flows.no_show(booking_id, now=now, outcome=outcome, lines=lines, note=note)
        return await self._run(flow)

    async def complete(
        self,
        booking_id: str,
        *,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Complete: see `RedemptionDesk.complete`."""
        return await self._run(self._flows.complete(booking_id, now=now, lines=lines, note=note))

    async def reschedule(
        self, booking_id: str, *, starts_at: datetime, by: Actor, now: datetime, note: str = ""
    ) -> Settlement:
        """Reschedule: see `RedemptionDesk.reschedule`."""
        flow = self._flows.reschedule(booking_id, starts_at=starts_at, by=by, now=now, note=note)
        return await self._run(flow)

    async def forgive(
        self, booking_id: str, *, now: datetime, note: str, lines: Iterable[int] | None = None
    ) -> Settlement:
        """Forgive: see `RedemptionDesk.forgive`."""
        return await self._run(self._flows.forgive(booking_id, now=now, lines=lines, note=note))

    @property
    def _flows(self) -> Flows:
        return Flows(self.policy, self.attempts)

    async def _run(self, flow: Flow[_Answer]) -> _Answer:
        steps = Steps(flow)
        while steps.call is not None:
            try:
                found = await cast("Awaitable[object]", steps.call(self.store))
            except ConflictError as conflict:
                steps.refused(conflict)
            else:
                steps.answered(found)
        return steps.result
