"""The desk: a policy and a store together, at most once for each booking.

A thin driver of the workflows, as the async desk is another. It reads no clock and holds nothing
between two calls, so one desk may serve every thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, final

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
from pkgredeem.stores import RedemptionStore

_Answer = TypeVar("_Answer")


@final
@dataclass(frozen=True, slots=True, eq=False)
class RedemptionDesk:
    """Books, cancels and settles on a store: each booking is redeemed at most once (D21).

    Every method reads, asks the policy, commits, and returns the answer of that commit. When
    a concurrent commit won it reads again and decides afresh (D35), so that the loser of a race
    gets the next package or a refusal with its reason, deposit and card page included (D14), and
    never an overdraft. An act that was done before is answered with its recorded outcome: after a
    crash or a timeout, simply call again.

    An act raises what the policy's method of its name raises, `UnknownBookingError` where nothing
    was ever redeemed for the booking id, and `ConflictError` when others were quicker `attempts`
    times. Any other error of the store reaches the caller as it is.

    Attributes:
        policy: what decides.
        store: where packages and redemptions are kept.
        attempts: how often it tries when others are quicker, 1 or more; 1 inside a transaction of
            the caller's.

    Raises:
        InvalidValueError: *policy* is not a `RedemptionPolicy`, *attempts* is below 1, or *store*
            is not an object with the three methods, or is one for tasks (some of those are known
            only by what their first read returns).

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import Entitlement, Package, Service, rules
        >>> from pkgredeem.testing import MemoryStore
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> store = MemoryStore()
        >>> store.add(Package(id="p1", client_id="ana", entitlements=five_facials))
        >>> desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store)
        >>> now = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> facial = Booking.of(
        ...     Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ... )
        >>> decision = desk.redeem(
        ...     account=AccountSettings(), client=Client(id="ana"), booking=facial, now=now
        ... )
        >>> decision.eligible, store.balance("p1", "main").available
        (True, 4)
        >>> desk.cancel("b1", by=Actor.CLIENT, now=now).returned
        True
        >>> store.balance("p1", "main").available
        5
    """

    policy: RedemptionPolicy
    store: RedemptionStore
    attempts: int = 5

    def __post_init__(self) -> None:
        """Check the policy, the store and the attempts."""
        DeskWorkflows(self.policy, self.attempts)
        check_store(self.store, is_async=False)

    def quote(
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
        """Answer or raise what `redeem`, or `exchange`, would at this moment; write nothing (D70).

        Args:
            account: the account's settings.
            client: who would book.
            booking: what would be booked.
            now: the moment of the question, aware.
            by: who would book, as a record.
            note: a free text that would be kept.
            only: the ids of the packages that may pay, one or more; None for any (D68).
            replaces: the booking that would be given up for this one: what `exchange` would answer.

        Raises:
            InvalidValueError: a value has the wrong type, or *now* has no zone.
            UnknownBookingError: nothing was ever redeemed for *replaces*.
            BookingMismatchError: as for `redeem` and `exchange`.
            ClosedRedemptionError: as for `redeem` and `exchange`.
            ConflictError: the store refused to read, `attempts` times.
        """
        case = desk_case(account, client, booking, now, by, note, only)
        workflows = self._workflows
        if replaces is None:
            return self._run(workflows.redeem(case, commits=False))
        return self._run(workflows.exchange(replaces, case, commits=False))

    def redeem(
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
        """Decide, and draw the credits when a package pays (T16, D14, D21, D34, D35).

        Args:
            account: the account's settings.
            client: who books.
            booking: what is booked; its id is redeemed at most once.
            now: the moment of booking, aware.
            by: who books, as a record.
            note: a free text that is kept.
            only: the ids of the packages that may pay, one or more; None for any (D68).

        Returns:
            The decision that was committed, or the refusal that the store as it is now gives. For a
            booking redeemed before: eligible, with the stored redemption and its outcomes, no
            findings and no change; `recorded` is True.

        Raises:
            InvalidValueError: a value has the wrong type, or *now* has no zone.
            BookingMismatchError: that id was redeemed for another client, other services or traits
                (in line order) or another start; this one is raised when the booking has ended too.
            ClosedRedemptionError: no credit of that booking is reserved any more.
            ConflictError: others were quicker, `attempts` times.
        """
        case = desk_case(account, client, booking, now, by, note, only)
        return self._run(self._workflows.redeem(case))

    def exchange(
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
        """Give the credits of one booking back and draw those of another, in one commit (D21).

        For the client only while the old booking can still be changed and is in time
        (`changes_closed`, `late_change`), for the business always (D71). When the new booking is
        refused the old one stays as it is. Called again, it returns the recorded answer.

        Args:
            booking_id: the booking that is given up.
            account: the account's settings.
            client: whose booking it is.
            booking: the new booking, with a new id.
            by: who exchanges, as a record.
            now: the moment of the exchange, aware.
            note: a free text that is kept with both.
            only: the ids of the packages that may pay, one or more; None for any (D68).

        Raises:
            InvalidValueError: a value has the wrong type, *now* has no zone, or both ids are the
                same.
            UnknownBookingError: nothing was ever redeemed for *booking_id*.
            BookingMismatchError: the old booking is another client's, or the new id was redeemed
                with other contents, or not in exchange for the old one.
            ClosedRedemptionError: no credit of the old booking is reserved any more and the new one
                was not redeemed; or the new one has ended already.
            ConflictError: others were quicker, `attempts` times.
        """
        case = desk_case(account, client, booking, now, by, note, only)
        return self._run(self._workflows.exchange(booking_id, case))

    def cancel(
        self,
        booking_id: str,
        *,
        by: Actor,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Cancel, as `RedemptionPolicy.cancel` judges it, with `credit_usable` (T22, T23, D13)."""
        return self._settle(
            booking_id,
            lambda stored, packages, chosen: self.policy.cancel(
                stored, by=by, now=now, lines=chosen, note=note, packages=packages
            ),
            now,
            lines,
        )

    def no_show(
        self,
        booking_id: str,
        *,
        now: datetime,
        outcome: CreditOutcome | None = None,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Record a no-show, as `RedemptionPolicy.no_show` judges it (D16)."""
        return self._settle(
            booking_id,
            lambda stored, packages, chosen: self.policy.no_show(
                stored, now=now, outcome=outcome, lines=chosen, note=note, packages=packages
            ),
            now,
            lines,
        )

    def complete(
        self,
        booking_id: str,
        *,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Complete, as `RedemptionPolicy.complete` judges it (D16, D38)."""
        return self._settle(
            booking_id,
            lambda stored, _packages, chosen: self.policy.complete(
                stored, now=now, lines=chosen, note=note
            ),
            now,
            lines,
        )

    def reschedule(
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
        """Reschedule, as the policy judges it with the packages of today (D17, D58)."""
        return self._settle(
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

    def forgive(
        self, booking_id: str, *, now: datetime, note: str, lines: Iterable[int] | None = None
    ) -> Settlement:
        """Forgive, as `RedemptionPolicy.forgive` judges it (D16)."""
        return self._settle(
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

    def _settle(
        self, booking_id: str, judge: Judge, now: datetime, lines: Iterable[int] | None
    ) -> Settlement:
        return self._run(self._workflows.settle(booking_id, judge, now=now, lines=lines))

    def _run(self, workflow: Workflow[_Answer]) -> _Answer:
        steps = Steps(workflow)
        while steps.call is not None:
            try:
                result = steps.call(self.store)
                check_answer(self.store, result, is_async=False)
            except ConflictError as conflict:
                steps.throw_conflict(conflict)
            else:
                steps.send_result(result)
        return steps.result
