"""What a desk does, step by step and without I/O: generators that ask for store calls.

A workflow yields one store call after another and is sent each answer; a conflict is thrown into
it. The two desks only carry calls and answers, so threads and tasks share every line that matters.

Each try reads again and decides afresh (D35): a conflict says that what was read is stale. It may
also be the echo of an earlier try of our own, whose acknowledgement was lost; the next read shows
it.
"""

from collections.abc import Callable, Coroutine, Generator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from inspect import isawaitable, iscoroutinefunction
from typing import Generic, TypeAlias, TypeVar, cast

from pkgredeem._desk import repeats
from pkgredeem._engine import moves
from pkgredeem._engine.policy import RedemptionPolicy
from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Decision, Settlement
from pkgredeem._model.booking import Booking, Client
from pkgredeem._model.case import Case
from pkgredeem._model.draws import Draw
from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import Actor
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


def desk_case(  # noqa: PLR0917 - one call in each question of a desk
    account: AccountSettings,
    client: Client,
    booking: Booking,
    now: datetime,
    by: Actor,
    note: str,
    only: Iterable[str] | None,
) -> Case:
    """Return what a desk is asked, checked before a store is: its packages are still to be read."""
    return Case(
        account=account,
        client=client,
        packages=(),
        booking=booking,
        now=now,
        by=by,
        note=note,
        only=only,
    )


@dataclass(frozen=True, slots=True)
class DeskWorkflows:
    """The workflows of a desk with this policy and that many attempts."""

    policy: RedemptionPolicy
    attempts: int

    def __post_init__(self) -> None:
        """Check both: a desk is checked by this."""
        check.kind_of("policy", self.policy, RedemptionPolicy)
        check.whole("attempts", self.attempts, least=1)

    def redeem(self, case: Case, *, commits: bool = True) -> Workflow[Decision]:
        """Decide, at most once for each booking id (D21), and commit unless it is a quote (D70)."""
        return self._repeat(lambda: self._redeem(case, commits=commits))

    def exchange(self, booking_id: str, case: Case, *, commits: bool = True) -> Workflow[Decision]:
        """Give the old booking's credits back and draw the new one's, in one commit (D21, D71)."""
        check.identifier("booking_id", booking_id)
        if booking_id == case.booking.id:
            allowed = "another id than the new booking's (a new basket has a new id)"
            raise InvalidValueError("booking_id", booking_id, allowed)
        return self._repeat(lambda: self._exchange(booking_id, case, commits=commits))

    def settle(
        self,
        booking_id: str,
        judge: Judge,
        *,
        now: datetime,
        lines: Iterable[int] | None = None,
    ) -> Workflow[Settlement]:
        """Judge an act on what is stored, and commit what it changes.

        Args:
            booking_id: the booking that the act is about.
            judge: what the policy says of the redemption, the packages drawn on, and the lines.
            now: the instant of the act.
            lines: the lines, kept for a second try, since they may be an iterator.
        """
        check.identifier("booking_id", booking_id)
        at = check.instant("now", now)
        kept = None if lines is None else check.items("lines", lines, int, least=1)
        return self._repeat(lambda: self._settle(booking_id, judge, kept, at))

    def _repeat(self, attempt: Callable[[], Workflow[_Answer]]) -> Workflow[_Answer]:
        lost = None
        for _ in range(self.attempts):
            try:
                return (yield from attempt())
            except ConflictError as conflict:
                lost = conflict
        raise ConflictError(
            f"others were quicker in {self.attempts} of {self.attempts} attempts: try again "
            f"(the last time: {lost})"
        ) from lost

    def _redeem(self, case: Case, *, commits: bool) -> Workflow[Decision]:
        # Packages first. The other way round, a double click could find no redemption, then find
        # the last credit gone, and be refused for the credit that its own first click has drawn.
        packages = yield from _packages_of(case)
        stored = yield from _redemption(case.booking.id)
        if stored is not None:
            return repeats.answer_again(case, stored)
        decision = self.policy.decide_case(replace(case, packages=packages))
        if decision.redemption is not None:
            self._check_versions(packages, decision.redemption.draws)
        if commits and decision.change is not None:
            yield from _commit(decision.change)
        return decision

    def _exchange(self, booking_id: str, case: Case, *, commits: bool) -> Workflow[Decision]:
        # The new booking last, for the same reason: what an earlier try drew is seen as its own.
        old = yield from _stored(booking_id)
        if old.client_id != case.client.id:
            raise BookingMismatchError(
                f"booking {booking_id!r} is another client's: exchange it for that client"
            )
        packages = yield from _packages_of(case, also=old)
        stored = yield from _redemption(case.booking.id)
        if stored is not None:
            return repeats.answer_exchange_again(booking_id, case, stored)
        case = replace(case, packages=packages, existing=old)
        decision = self.policy.decide_case(case)
        if decision.redemption is not None:
            self._check_versions(packages, decision.redemption.draws)
        if commits and decision.change is not None:
            yield from _commit(moves.release(case, old), decision.change)
        return decision

    def _settle(
        self, booking_id: str, judge: Judge, lines: _Lines, now: datetime
    ) -> Workflow[Settlement]:
        stored = yield from _stored(booking_id)
        packages = yield from _read_packages(stored.client_id, not_over_at=now, also=stored)
        settlement = judge(stored, packages, lines)
        change = settlement.change
        if change is not None:
            if change.after.starts_at != stored.starts_at:  # moved to where a quota may be full
                self._check_versions(packages, change.after.reserved_draws)
            yield from _commit(change)
        return settlement

    def _check_versions(self, packages: Iterable[Package], draws: Iterable[Draw]) -> None:
        """Refuse to draw on a package whose cap a race can break: its store gives no version (D57).

        Raises:
            InvalidValueError: a rule in force reads its quotas or `lasts`, and it has no version.
        """
        read = {name for rule in self.policy.rulebook.rules for name in rule.reads}
        drawn_on = {draw.package_id for draw in draws}
        for package in packages:
            is_capped = ("quotas" in read and package.has_quotas) or (
                "lasts" in read and package.lasts is not None
            )
            if is_capped and package.version is None and package.id in drawn_on:
                allowed = f"a version of package {package.id!r}, which has quotas or a term"
                raise InvalidValueError("Package.version", None, allowed)


def check_store(store: object, *, is_async: bool) -> None:
    """Refuse a store that the desk certainly can't work with, before anything is asked of it.

    A plain method may return an awaitable, as a wrapped one does, so the desk for tasks looks at
    what it returns: see `check_answer`.

    Raises:
        InvalidValueError: it is a class, lacks a method, or the desk for threads would have to
            await one.
    """
    allowed = _allowed_store(is_async=is_async)
    if isinstance(store, type):
        raise InvalidValueError("store", store, f"{allowed} (not a class)")
    for name in ("packages_of", "redemption", "commit"):
        method = getattr(store, name, None)
        if not callable(method) or (iscoroutinefunction(method) and not is_async):
            raise InvalidValueError("store", store, allowed)


def check_answer(store: object, answer: object, *, is_async: bool) -> None:
    """Refuse what a store returned if it is awaited by the other kind of desk.

    Every workflow reads first, so nothing was written by then.
    """
    if isawaitable(answer) is not is_async:
        if isinstance(answer, Coroutine):
            answer.close()  # it is never awaited
        raise InvalidValueError("store", store, _allowed_store(is_async=is_async))


def _allowed_store(*, is_async: bool) -> str:
    kind = "awaited" if is_async else "a plain def"
    return f"an object with the methods packages_of, redemption and commit, each {kind}"


def _packages_of(case: Case, also: Redemption | None = None) -> Workflow[tuple[Package, ...]]:
    """Ask for the packages that may pay for the booking of the case; a guest holds none.

    Those that were picked are asked for by name, so that a pick that is used up is told (D68).
    """
    if case.client.id is None:
        return ()
    earlier = min(case.now, case.booking.starts_at)
    picked = case.only or ()
    return (yield from _read_packages(case.client.id, picked, not_over_at=earlier, also=also))


def _read_packages(
    client_id: str,
    picked: Iterable[str] = (),
    *,
    not_over_at: datetime,
    also: Redemption | None,
) -> Workflow[tuple[Package, ...]]:
    """Ask for the client's packages, those picked, and those that a redemption draws on."""
    drawn_on = () if also is None else [draw.package_id for draw in also.draws]
    named = tuple(sorted({*picked, *drawn_on}))
    found = yield lambda store: store.packages_of(client_id, not_over_at=not_over_at, also=named)
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
