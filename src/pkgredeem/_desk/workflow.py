"""What a desk does, step by step and without I/O: generators that ask for store calls.

A workflow yields one store call after another and is sent each answer; a conflict is thrown into
it. The two desks only carry calls and answers, so threads and tasks share every line that matters.

Each try reads again and decides afresh (D35): a conflict says that what was read is stale. It may
also be the echo of an earlier try of our own, whose acknowledgement was lost; the next read shows
it.
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar, cast

from pkgredeem._desk import repeats
from pkgredeem._engine import acts
from pkgredeem._engine.policy import RedemptionPolicy
from pkgredeem._model import checks as check
from pkgredeem._model.answers import Decision, Settlement
from pkgredeem._model.case import Case
from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem.exceptions import (
    BookingMismatchError,
    ConflictError,
    InvalidValueError,
    UnknownBookingError,
)
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore

_Answer = TypeVar("_Answer")
_Lines: TypeAlias = tuple[int, ...] | None

#: One call of a store, to be answered with what it returns, awaited where it has to be.
Call: TypeAlias = Callable[[RedemptionStore | AsyncRedemptionStore], object]
Workflow: TypeAlias = Generator[Call, object, _Answer]
Judge: TypeAlias = Callable[[Redemption, tuple[Package, ...], _Lines], Settlement]


class Steps(Generic[_Answer]):
    """A workflow on its way: the call to make now, or the result when there is none left.

    Attributes:
        call: the store call that the workflow waits for; None when it is done.
        result: what the workflow returned; there only when it is done.
    """

    result: _Answer

    def __init__(self, workflow: Workflow[_Answer]) -> None:
        """Advance to the first call."""
        self._workflow = workflow
        self.call: Call | None = None
        self._advance(lambda: next(workflow))

    def send_result(self, result: object) -> None:
        """Hand in what the call returned, and advance to the next."""
        self._advance(lambda: self._workflow.send(result))

    def throw_conflict(self, conflict: ConflictError) -> None:
        """Tell the workflow of a conflict, and advance to the next call."""
        self._advance(lambda: self._workflow.throw(conflict))

    def _advance(self, resume: Callable[[], Call]) -> None:
        try:
            self.call = resume()
        except StopIteration as done:
            self.call = None
            self.result = done.value


@dataclass(frozen=True, slots=True)
class DeskWorkflows:
    """The workflows of a desk with this policy and that many attempts."""

    policy: RedemptionPolicy
    attempts: int

    def __post_init__(self) -> None:
        """Check both: a desk is checked by this."""
        check.kind_of("policy", self.policy, RedemptionPolicy)
        check.whole("attempts", self.attempts, least=1)

    def quote(self, case: Case) -> Workflow[Decision]:
        """Answer the case as the store stands, knowing the booking's own redemption (D21)."""
        return self._repeat(lambda: self._quote(case))

    def redeem(self, case: Case) -> Workflow[Decision]:
        """Decide and commit, at most once for each booking id (D21)."""
        return self._repeat(lambda: self._redeem(case))

    def exchange(self, booking_id: str, case: Case) -> Workflow[Decision]:
        """Give the credits of the old booking back and draw the new one's, in one commit (D21)."""
        check.text("booking_id", booking_id)
        if booking_id == case.booking.id:
            allowed = "an id other than the new booking's"
            raise InvalidValueError("booking_id", booking_id, allowed)
        return self._repeat(lambda: self._exchange(booking_id, case))

    def settle(
        self,
        booking_id: str,
        judge: Judge,
        *,
        lines: Iterable[int] | None = None,
        with_packages: bool = False,
    ) -> Workflow[Settlement]:
        """Judge an act on what is stored, and commit what it changes.

        Args:
            booking_id: the booking that the act is about.
            judge: what the policy says of the redemption, the packages drawn on, and the lines.
            lines: the lines, kept for a second try, since they may be an iterator.
            with_packages: whether the packages are read; none are handed to *judge* otherwise.
        """
        check.text("booking_id", booking_id)
        kept = None if lines is None else check.items("lines", lines, int, least=1)
        return self._repeat(lambda: _settle(booking_id, judge, kept, with_packages=with_packages))

    def _repeat(self, attempt: Callable[[], Workflow[_Answer]]) -> Workflow[_Answer]:
        lost = None
        for _ in range(self.attempts):
            try:
                return (yield from attempt())
            except ConflictError as conflict:
                lost = conflict
        raise ConflictError(
            f"others were quicker {self.attempts} times out of {self.attempts}: try again"
        ) from lost

    def _quote(self, case: Case) -> Workflow[Decision]:
        packages = yield from _packages_of(case.client.id)
        stored = yield from _redemption(case.booking.id)
        if stored is not None:
            if stored.is_open and repeats.has_same_contents(case, stored):
                return repeats.recorded_decision(case, stored)
            packages = yield from _packages_of(case.client.id, also=stored)
        return self.policy.decide_case(replace(case, packages=packages, existing=stored))

    def _redeem(self, case: Case) -> Workflow[Decision]:
        # Packages first. The other way round, a double click could find no redemption, then find
        # the last credit gone, and be refused for the credit that its own first click has drawn.
        packages = yield from _packages_of(case.client.id)
        stored = yield from _redemption(case.booking.id)
        if stored is not None:
            return repeats.answer_again(case, stored)
        decision = self.policy.decide_case(replace(case, packages=packages))
        if decision.change is not None:
            yield from _commit(decision.change)
        return decision

    def _exchange(self, booking_id: str, case: Case) -> Workflow[Decision]:
        # The new booking last, for the same reason: what an earlier try drew is seen as its own.
        old = yield from _stored(booking_id)
        if old.client_id != case.client.id:
            raise BookingMismatchError(
                f"booking {booking_id!r} is another client's: exchange it for that client"
            )
        packages = yield from _packages_of(case.client.id, also=old)
        stored = yield from _redemption(case.booking.id)
        if stored is not None:
            # The old booking once more: the very exchange that made the new one may have ended it
            # since it was read.
            old = yield from _stored(booking_id)
            return repeats.answer_exchange_again(old, case, stored)
        release = acts.release(old, by=case.by, now=case.now, note=case.note)
        decision = self.policy.decide_case(replace(case, packages=packages, existing=old))
        if decision.change is not None:
            yield from _commit(release, decision.change)
        return decision


def _settle(
    booking_id: str, judge: Judge, lines: _Lines, *, with_packages: bool
) -> Workflow[Settlement]:
    stored = yield from _stored(booking_id)
    packages: tuple[Package, ...] = ()
    if with_packages:
        packages = yield from _packages_of(stored.client_id, also=stored)
    settlement = judge(stored, packages, lines)
    if settlement.change is not None:
        yield from _commit(settlement.change)
    return settlement


def _packages_of(
    client_id: str | None, also: Redemption | None = None
) -> Workflow[tuple[Package, ...]]:
    """Ask for the client's packages, and those that a redemption draws on; a guest holds none."""
    if client_id is None:
        return ()
    named = () if also is None else tuple(sorted({draw.package_id for draw in also.draws}))
    found = yield lambda store: store.packages_of(client_id, named)
    return tuple(cast("Iterable[Package]", found))


def _redemption(booking_id: str) -> Workflow[Redemption | None]:
    found = yield lambda store: store.redemption(booking_id)
    return cast("Redemption | None", found)


def _stored(booking_id: str) -> Workflow[Redemption]:
    found = yield from _redemption(booking_id)
    if found is None:
        raise UnknownBookingError(f"nothing was ever redeemed for booking {booking_id!r}")
    return found


def _commit(*committed: Change) -> Workflow[None]:
    yield lambda store: store.commit(*committed)
