"""The desk for tasks: the same workflows, with a store whose methods are awaited."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast, final

from pkgredeem._desk.workflow import (
    DeskWorkflows,
    Judge,
    Steps,
    Workflow,
    check_answer,
    check_store,
    desk_case,
)
from pkgredeem._engine.policy import RedemptionPolicy
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Decision, Settlement
from pkgredeem._model.booking import Booking, Client
from pkgredeem._model.words import Actor, CreditOutcome
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
        InvalidValueError: *policy* is not a `RedemptionPolicy`, *attempts* is below 1, or *store*
            is not an object with the three methods, or its first read can't be awaited.

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
        """Check the policy, the store and the attempts."""
        DeskWorkflows(self.policy, self.attempts)
        check_store(self.store, is_async=True)

    async def quote(
        self,
        *,
        account: AccountSettings,
        client: Client,
        booking: Booking,
        now: datetime,
        by: Actor = Actor.CLIENT,
        note: str = "",
        only: Iterable[str] | None = None,
        replaces: str | None = None,
    ) -> Decision:
        """Decide as `redeem` would, and write nothing: see `RedemptionDesk.quote`."""
        case = desk_case(account, client, booking, now, by, note, only)
        workflows = self._workflows
        if replaces is None:
            return await self._run(workflows.redeem(case, commits=False))
        return await self._run(workflows.exchange(replaces, case, commits=False))

    async def redeem(
        self,
        *,
        account: AccountSettings,
        client: Client,
        booking: Booking,
        now: datetime,
        by: Actor = Actor.CLIENT,
        note: str = "",
        only: Iterable[str] | None = None,
    ) -> Decision:
        """Decide, and draw the credits when a package pays: see `RedemptionDesk.redeem`."""
        case = desk_case(account, client, booking, now, by, note, only)
        return await self._run(self._workflows.redeem(case))

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
        only: Iterable[str] | None = None,
    ) -> Decision:
        """Give one booking up for another, in one commit: see `RedemptionDesk.exchange`."""
        case = desk_case(account, client, booking, now, by, note, only)
        return await self._run(self._workflows.exchange(booking_id, case))

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
        return await self._settle(
            booking_id,
            lambda stored, packages, chosen: self.policy.cancel(
                stored, by=by, now=now, lines=chosen, note=note, packages=packages
            ),
            now,
            lines,
        )

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
        return await self._settle(
            booking_id,
            lambda stored, packages, chosen: self.policy.no_show(
                stored, now=now, outcome=outcome, lines=chosen, note=note, packages=packages
            ),
            now,
            lines,
        )

    async def complete(
        self,
        booking_id: str,
        *,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Complete: see `RedemptionDesk.complete`."""
        return await self._settle(
            booking_id,
            lambda stored, _packages, chosen: self.policy.complete(
                stored, now=now, lines=chosen, note=note
            ),
            now,
            lines,
        )

    async def reschedule(
        self,
        booking_id: str,
        *,
        account: AccountSettings,
        client: Client,
        starts_at: datetime,
        by: Actor,
        now: datetime,
        note: str = "",
    ) -> Settlement:
        """Reschedule: see `RedemptionDesk.reschedule`."""
        return await self._settle(
            booking_id,
            lambda stored, packages, _lines: self.policy.reschedule(
                stored,
                account=account,
                client=client,
                starts_at=starts_at,
                by=by,
                now=now,
                packages=packages,
                note=note,
            ),
            now,
            None,
        )

    async def forgive(
        self, booking_id: str, *, now: datetime, note: str, lines: Iterable[int] | None = None
    ) -> Settlement:
        """Forgive: see `RedemptionDesk.forgive`."""
        return await self._settle(
            booking_id,
            lambda stored, packages, chosen: self.policy.forgive(
                stored, now=now, note=note, lines=chosen, packages=packages
            ),
            now,
            lines,
        )

    @property
    def _workflows(self) -> DeskWorkflows:
        return DeskWorkflows(self.policy, self.attempts)

    async def _settle(
        self, booking_id: str, judge: Judge, now: datetime, lines: Iterable[int] | None
    ) -> Settlement:
        return await self._run(self._workflows.settle(booking_id, judge, now=now, lines=lines))

    async def _run(self, workflow: Workflow[_Answer]) -> _Answer:
        steps = Steps(workflow)
        while steps.call is not None:
            try:
                answer = steps.call(self.store)
                check_answer(self.store, answer, is_async=True)
                result = await cast("Awaitable[object]", answer)
            except ConflictError as conflict:
                steps.throw_conflict(conflict)
            else:
                steps.send_result(result)
        return steps.result
