"""The desk: a policy and a store together, at most once for each booking.

A thin driver of the workflows, as the async desk is another. It reads no clock and holds nothing
between two calls, so one desk may serve every thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, final

from pkgredeem._desk.workflow import DeskWorkflows, Steps, Workflow
from pkgredeem._engine.policy import RedemptionPolicy
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Decision, Settlement
from pkgredeem._model.booking import Booking, Client
from pkgredeem._model.case import Case
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
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

    An error of the store that is no `ConflictError` reaches the caller as it is.

    Attributes:
        policy: what decides.
        store: where packages and redemptions are kept.
        attempts: how often it tries when others are quicker, 1 or more; 1 inside a transaction of
            the caller's.

    Raises:
        InvalidValueError: *policy* is no `RedemptionPolicy`, or *attempts* is below 1.

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
        >>> decision.eligible, store.balance("p1", "facial").available
        (True, 4)
        >>> desk.cancel("b1", by=Actor.CLIENT, now=now).returned
        True
        >>> store.balance("p1", "facial").available
        5
    """

    policy: RedemptionPolicy
    store: RedemptionStore
    attempts: int = 5

    def __post_init__(self) -> None:
        """Check the policy and the attempts."""
        DeskWorkflows(self.policy, self.attempts)

    def quote(
        self, *, account: AccountSettings, client: Client, booking: Booking, now: datetime
    ) -> Decision:
        """Decide as `redeem` would, and write nothing.

        Of what is redeemed under that booking id and has not ended, the recorded answer is given,
        as `redeem` gives it (D11, D21). A changed basket under the same id, or one that has ended,
        is asked again: the redemption never counts against it, since its reserved credits are added
        back, and `Decision.again` says that nothing can be committed.

        Args:
            account: the account's settings.
            client: who would book.
            booking: what would be booked.
            now: the moment of the question, aware.

        Raises:
            InvalidValueError: a value has the wrong type, or *now* has no zone.
            ConflictError: the store refused to read, `attempts` times.
        """
        case = Case(account=account, client=client, packages=(), booking=booking, now=now)
        return self._run(self._workflows.quote(case))

    def redeem(
        self,
        *,
        account: AccountSettings,
        client: Client,
        booking: Booking,
        now: datetime,
        by: Actor = Actor.CLIENT,
        note: str = "",
    ) -> Decision:
        """Decide, and draw the credits when a package pays (T16, D14, D21, D34, D35).

        Args:
            account: the account's settings.
            client: who books.
            booking: what is booked; its id is redeemed at most once.
            now: the moment of booking, aware.
            by: who books, as a record.
            note: a free text that is kept.

        Returns:
            The decision that was committed, or the refusal that the store as it is now gives. For a
            booking redeemed before: eligible, with the stored redemption and its outcomes, no
            findings and no change; `recorded` is True.

        Raises:
            InvalidValueError: a value has the wrong type, or *now* has no zone.
            BookingMismatchError: that id was redeemed for another client, other services (in line
                order) or another start; this one is raised when the booking has also ended.
            ClosedRedemptionError: no credit of that booking is reserved any more.
            ConflictError: others were quicker, `attempts` times.
        """
        case = Case(
            account=account,
            client=client,
            packages=(),
            booking=booking,
            now=now,
            by=by,
            note=note,
        )
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
    ) -> Decision:
        """Give the credits of one booking back and draw those of another, in one commit (D21).

        For the client only while the old booking is in time (`late_reschedule`), for the business
        always. When the new booking is refused the old one stays as it is. Called again, it returns
        the recorded answer.

        Args:
            booking_id: the booking that is given up.
            account: the account's settings.
            client: whose booking it is.
            booking: the new booking, with a new id.
            by: who exchanges, as a record.
            now: the moment of the exchange, aware.
            note: a free text that is kept with both.

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
        case = Case(
            account=account,
            client=client,
            packages=(),
            booking=booking,
            now=now,
            by=by,
            note=note,
        )
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
        """Cancel, as `RedemptionPolicy.cancel` judges it, with `credit_usable` (T22, T23, D13).

        Raises:
            InvalidValueError: a value has the wrong type, or a line is not one that a credit pays
                for.
            UnknownBookingError: nothing was ever redeemed for *booking_id*.
            ClosedRedemptionError: another act has ended one of the lines.
            ConflictError: others were quicker, `attempts` times.
        """

        def judge(
            stored: Redemption, packages: tuple[Package, ...], chosen: tuple[int, ...] | None
        ) -> Settlement:
            return self.policy.cancel(
                stored, by=by, now=now, lines=chosen, note=note, packages=packages
            )

        return self._run(self._workflows.settle(booking_id, judge, lines=lines, with_packages=True))

    def no_show(
        self,
        booking_id: str,
        *,
        now: datetime,
        outcome: CreditOutcome | None = None,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Record a no-show, as `RedemptionPolicy.no_show` judges it (D16).

        Raises:
            InvalidValueError: a value has the wrong type, or a line is not one that a credit pays
                for.
            UnknownBookingError: nothing was ever redeemed for *booking_id*.
            ClosedRedemptionError: another act has ended one of the lines.
            ConflictError: others were quicker, `attempts` times.
        """

        def judge(
            stored: Redemption, _packages: tuple[Package, ...], chosen: tuple[int, ...] | None
        ) -> Settlement:
            return self.policy.no_show(stored, now=now, outcome=outcome, lines=chosen, note=note)

        return self._run(self._workflows.settle(booking_id, judge, lines=lines))

    def complete(
        self,
        booking_id: str,
        *,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Complete, as `RedemptionPolicy.complete` judges it (D16, D38).

        Raises:
            InvalidValueError: a value has the wrong type, or a line is not one that a credit pays
                for.
            UnknownBookingError: nothing was ever redeemed for *booking_id*.
            ClosedRedemptionError: another act has ended one of the lines.
            ConflictError: others were quicker, `attempts` times.
        """

        def judge(
            stored: Redemption, _packages: tuple[Package, ...], chosen: tuple[int, ...] | None
        ) -> Settlement:
            return self.policy.complete(stored, now=now, lines=chosen, note=note)

        return self._run(self._workflows.settle(booking_id, judge, lines=lines))

    def reschedule(
        self, booking_id: str, *, starts_at: datetime, by: Actor, now: datetime, note: str = ""
    ) -> Settlement:
        """Reschedule, as `RedemptionPolicy.reschedule` judges it with the packages of today (D17).

        Raises:
            InvalidValueError: a value has the wrong type.
            UnknownBookingError: nothing was ever redeemed for *booking_id*.
            ClosedRedemptionError: no credit of the booking is reserved any more.
            ConflictError: others were quicker, `attempts` times.
        """

        def judge(
            stored: Redemption, packages: tuple[Package, ...], _lines: tuple[int, ...] | None
        ) -> Settlement:
            return self.policy.reschedule(
                stored, starts_at=starts_at, by=by, now=now, packages=packages, note=note
            )

        return self._run(self._workflows.settle(booking_id, judge, with_packages=True))

    def forgive(
        self, booking_id: str, *, now: datetime, note: str, lines: Iterable[int] | None = None
    ) -> Settlement:
        """Forgive, as `RedemptionPolicy.forgive` judges it (D16).

        Raises:
            InvalidValueError: the note is empty, or a line is not one that a credit pays for, or is
                still reserved.
            UnknownBookingError: nothing was ever redeemed for *booking_id*.
            ClosedRedemptionError: one of the lines returned its credit without being forgiven.
            ConflictError: others were quicker, `attempts` times.
        """

        def judge(
            stored: Redemption, _packages: tuple[Package, ...], chosen: tuple[int, ...] | None
        ) -> Settlement:
            return self.policy.forgive(stored, now=now, note=note, lines=chosen)

        return self._run(self._workflows.settle(booking_id, judge, lines=lines))

    @property
    def _workflows(self) -> DeskWorkflows:
        return DeskWorkflows(self.policy, self.attempts)

    def _run(self, workflow: Workflow[_Answer]) -> _Answer:
        steps = Steps(workflow)
        while steps.call is not None:
            try:
                result = steps.call(self.store)
            except ConflictError as conflict:
                steps.throw_conflict(conflict)
            else:
                steps.send_result(result)
        return steps.result
