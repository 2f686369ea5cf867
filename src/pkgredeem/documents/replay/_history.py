"""A history of clients who share packages, under one rulebook and in order of booking (D69)."""

from collections.abc import Container
from typing import Final, final

from pkgredeem import (
    AccountSettings,
    Act,
    Case,
    Client,
    Decision,
    Redemption,
    RedemptionDesk,
    Settlement,
)
from pkgredeem._model.unchecked import unchecked_replace
from pkgredeem.documents._acts import BookingAct
from pkgredeem.documents.replay._balances import Balances
from pkgredeem.documents.replay._counter import DecisionCounter, is_repeat

_with_packages_and_existing: Final = unchecked_replace(Case, "packages", "existing")


@final
class History:
    """What is carried under one rulebook, and what the next line comes to.

    A line is asked about first and kept afterwards, so that a line which one of two rulebooks can't
    be asked about changes nothing under the other.
    """

    def __init__(self, counter: DecisionCounter) -> None:
        """Begin without a package."""
        self._counter = counter
        self._policy = counter.policy
        self._balances = Balances(counter.add_returned, uses_are_read=counter.uses_are_read)

    def decide(self, case: Case, *, asked: Container[str]) -> Decision:
        """Return what a desk would answer, with what is carried in place of what the line says.

        A redemption that the line holds counts only where no line before it *asked* about its
        booking: it was made before the history.

        Raises:
            PkgRedeemError: what a desk would raise.
        """
        balances, told = self._balances, case.existing
        balances.take(case.packages)
        replaces: str | None = None
        if told is not None:
            if told.booking.id not in asked and balances.redemption(told.booking.id) is None:
                balances.adopt(told)
            if not case.is_own and balances.redemption(told.booking.id) is not None:
                replaces = told.booking.id
        if replaces is None and balances.redemption(case.booking.id) is None:
            # As a desk does, without building the same case twice: it is most of what a line costs.
            earlier = min(case.now, case.booking.starts_at)
            packages = balances.packages_for(case.client.id, earlier, case.only or ())
            return self._policy.decide_case(_with_packages_and_existing(case, packages, None))
        return self._desk.quote(
            account=case.account,
            client=case.client,
            booking=case.booking,
            now=case.now,
            by=case.by,
            note=case.note,
            only=case.only,
            replaces=replaces,
        )

    def keep(self, case: Case, decision: Decision) -> None:
        """Count the decision, and go on from what it draws."""
        if is_repeat(decision):
            self._counter.add_repeat()
            return
        self._counter.add(decision)
        if decision.change is None:
            return
        replaces = decision.change.after.replaces
        if replaces is None:
            self._balances.commit(decision.change)
            return
        self._desk.exchange(
            replaces,
            account=case.account,
            client=case.client,
            booking=case.booking,
            by=case.by,
            now=case.now,
            note=case.note,
            only=case.only,
        )

    def settle(
        self, line: BookingAct, account: AccountSettings, client: Client
    ) -> Settlement | None:
        """Return what an act does; None where no package pays for the booking.

        Args:
            line: the act.
            account: the account's settings, as the booking's own line says them.
            client: who booked.

        Raises:
            PkgRedeemError: what the policy raises.
        """
        redemption = self._balances.redemption(line.booking_id)
        return None if redemption is None else self._judge(line, redemption, account, client)

    def keep_act(self, act: Act, settlement: Settlement | None) -> None:
        """Count what the act does, and go on from it."""
        if settlement is not None:
            self._counter.add_act(act, settlement)
            if settlement.change is not None:
                self._balances.commit(settlement.change)

    def forget(self, booking_id: str) -> None:
        """Forget a booking that no line names any more."""
        self._balances.forget(booking_id)

    @property
    def _desk(self) -> RedemptionDesk:
        """A desk for what it alone knows: bookings that were redeemed before."""
        return RedemptionDesk(self._policy, self._balances)

    def _judge(
        self, line: BookingAct, redemption: Redemption, account: AccountSettings, client: Client
    ) -> Settlement:
        policy, now, note = self._policy, line.now, line.note
        packages = self._balances.named({draw.package_id for draw in redemption.draws})
        match line.act:
            case Act.CANCEL:
                return policy.cancel(
                    redemption, by=line.by, now=now, lines=line.lines, note=note, packages=packages
                )
            case Act.NO_SHOW:
                return policy.no_show(
                    redemption,
                    now=now,
                    outcome=line.outcome,
                    lines=line.lines,
                    note=note,
                    packages=packages,
                )
            case Act.COMPLETE:
                return policy.complete(redemption, now=now, lines=line.lines, note=note)
            case Act.FORGIVE:
                return policy.forgive(
                    redemption, now=now, note=note, lines=line.lines, packages=packages
                )
            case _:
                return policy.reschedule(
                    redemption,
                    account=account,
                    client=client,
                    starts_at=line.starts_at or redemption.starts_at,
                    by=line.by,
                    now=now,
                    packages=packages,
                    note=note,
                )
