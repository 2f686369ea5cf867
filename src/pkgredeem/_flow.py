"""What a desk does, step by step and without I/O: generators that ask for store calls.

A flow yields one store call after another and is sent each answer; a conflict is thrown into it.
The two desks only carry calls and answers, so threads and tasks share every line that matters.

Each try reads again and decides afresh (D35): a conflict says that what was read is no longer so.
It may also be the echo of an earlier try of our own, whose acknowledgement was lost; the next read
shows it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar, cast

from pkgredeem import _acts as acts
from pkgredeem import _checks as check
from pkgredeem import rules
from pkgredeem._case import Case, case_of
from pkgredeem._decision import Decision, Settlement
from pkgredeem._ledger import Change
from pkgredeem._packages import Package
from pkgredeem._policy import RedemptionPolicy
from pkgredeem._redemption import Redemption
from pkgredeem._steps import Flow
from pkgredeem._values import AccountSettings, Booking, Client
from pkgredeem._words import Actor, CreditOutcome
from pkgredeem.exceptions import (
    BookingMismatchError,
    ClosedRedemptionError,
    ConflictError,
    InvalidValueError,
    UnknownBookingError,
)

_Answer = TypeVar("_Answer")

_Judge: TypeAlias = Callable[[Redemption, tuple[Package, ...]], Settlement]


def question(
    account: AccountSettings,
    client: Client,
    booking: Booking,
    now: datetime,
    *,
    by: Actor = Actor.CLIENT,
    note: str = "",
) -> Case:
    """Return what a desk is asked, checked before a store is: its packages are still to be read."""
    return case_of(account, client, (), booking, now, None, by, note)


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows of a desk with this policy and that many attempts."""

    policy: RedemptionPolicy
    attempts: int

    def __post_init__(self) -> None:
        """Check both: a desk is checked by this."""
        check.kind_of("policy", self.policy, RedemptionPolicy)
        check.whole("attempts", self.attempts, least=1, unit=" of attempts")

    def quote(self, asked: Case) -> Flow[Decision]:
        """Answer the question as the store stands, knowing the booking's own redemption (D21)."""
        return self._repeated(lambda: self._quoted(asked))

    def redeem(self, asked: Case) -> Flow[Decision]:
        """Decide and commit, at most once for each booking id (D21)."""
        return self._repeated(lambda: self._redeemed(asked))

    def exchange(self, booking_id: str, asked: Case) -> Flow[Decision]:
        """Give the credits of the old booking back and draw the new one's, in one commit (D21)."""
        check.text("booking_id", booking_id)
        if booking_id == asked.booking.id:
            raise InvalidValueError(
                "booking_id",
                booking_id,
                "another id than the new booking's: a new basket, a new id",
            )
        return self._repeated(lambda: self._exchanged(booking_id, asked))

    def cancel(
        self, booking_id: str, *, by: Actor, now: datetime, lines: Iterable[int] | None, note: str
    ) -> Flow[Settlement]:
        """Judge a cancellation, with the packages drawn on, and commit what it changes."""
        listed = _listed(lines)

        def judge(stored: Redemption, packages: tuple[Package, ...]) -> Settlement:
            return self.policy.cancel(
                stored, by=by, now=now, lines=listed, note=note, packages=packages
            )

        return self._settling(booking_id, judge, with_packages=True)

    def reschedule(
        self, booking_id: str, *, starts_at: datetime, by: Actor, now: datetime, note: str
    ) -> Flow[Settlement]:
        """Judge another start, with the packages drawn on, and commit what it changes."""

        def judge(stored: Redemption, packages: tuple[Package, ...]) -> Settlement:
            return self.policy.reschedule(
                stored, starts_at=starts_at, by=by, now=now, packages=packages, note=note
            )

        return self._settling(booking_id, judge, with_packages=True)

    def no_show(
        self,
        booking_id: str,
        *,
        now: datetime,
        outcome: CreditOutcome | None,
        lines: Iterable[int] | None,
        note: str,
    ) -> Flow[Settlement]:
        """Judge a no-show and commit what it changes."""
        listed = _listed(lines)

        def judge(stored: Redemption, _: tuple[Package, ...]) -> Settlement:
            return self.policy.no_show(stored, now=now, outcome=outcome, lines=listed, note=note)

        return self._settling(booking_id, judge, with_packages=False)

    def complete(
        self, booking_id: str, *, now: datetime, lines: Iterable[int] | None, note: str
    ) -> Flow[Settlement]:
        """Judge completing and commit what it changes."""
        listed = _listed(lines)

        def judge(stored: Redemption, _: tuple[Package, ...]) -> Settlement:
            return self.policy.complete(stored, now=now, lines=listed, note=note)

        return self._settling(booking_id, judge, with_packages=False)

    def forgive(
        self, booking_id: str, *, now: datetime, lines: Iterable[int] | None, note: str
    ) -> Flow[Settlement]:
        """Judge forgiving and commit what it changes."""
        listed = _listed(lines)

        def judge(stored: Redemption, _: tuple[Package, ...]) -> Settlement:
            return self.policy.forgive(stored, now=now, note=note, lines=listed)

        return self._settling(booking_id, judge, with_packages=False)

    def _settling(self, booking_id: str, judge: _Judge, *, with_packages: bool) -> Flow[Settlement]:
        check.text("booking_id", booking_id)
        return self._repeated(lambda: _settled(booking_id, judge, with_packages=with_packages))

    def _repeated(self, once: Callable[[], Flow[_Answer]]) -> Flow[_Answer]:
        lost = None
        for _ in range(self.attempts):
            try:
                return (yield from once())
            except ConflictError as conflict:
                lost = conflict
        raise ConflictError(
            f"others were quicker {self.attempts} times out of {self.attempts}: try again"
        ) from lost

    def _quoted(self, asked: Case) -> Flow[Decision]:
        packages = yield from _packages_of(asked.client.id)
        own = yield from _redemption(asked.booking.id)
        if own is not None:
            if own.is_open and _difference(asked, own) is None:
                return _as_recorded(asked, own)
            packages = yield from _packages_of(asked.client.id, also=own)
        return self.policy.decide_case(_with(asked, packages, own))

    def _redeemed(self, asked: Case) -> Flow[Decision]:
        # Packages first. The other way round, a double click could find no redemption, then find
        # the last credit gone, and be refused for the credit that its own first click has drawn.
        packages = yield from _packages_of(asked.client.id)
        own = yield from _redemption(asked.booking.id)
        if own is not None:
            return _recorded(asked, own)
        decision = self.policy.decide_case(_with(asked, packages))
        drawn = decision.change
        if drawn is not None:
            yield from _commit(drawn)
        return decision

    def _exchanged(self, booking_id: str, asked: Case) -> Flow[Decision]:
        # The new booking last, for the same reason: what an earlier try drew is seen as its own.
        old = yield from _known(booking_id)
        if old.client_id != asked.client.id:
            raise BookingMismatchError(
                f"booking {booking_id!r} is another client's: exchange it for that client"
            )
        packages = yield from _packages_of(asked.client.id, also=old)
        own = yield from _redemption(asked.booking.id)
        if own is not None:
            # The old booking once more: the very exchange that made the new one may have ended it
            # since it was read.
            old = yield from _known(booking_id)
            return _recorded_exchange(old, asked, own)
        back = acts.given_back(old, by=asked.by, now=asked.now, note=asked.note)
        decision = self.policy.decide_case(_with(asked, packages, old))
        drawn = decision.change
        if drawn is not None:
            yield from _commit(back, drawn)
        return decision


def _settled(booking_id: str, judge: _Judge, *, with_packages: bool) -> Flow[Settlement]:
    stored = yield from _known(booking_id)
    packages: tuple[Package, ...] = ()
    if with_packages:
        packages = yield from _packages_of(stored.client_id, also=stored)
    settlement = judge(stored, packages)
    if settlement.change is not None:
        yield from _commit(settlement.change)
    return settlement


def _with(asked: Case, packages: tuple[Package, ...], existing: Redemption | None = None) -> Case:
    """Return the question with what was read."""
    return case_of(
        asked.account,
        asked.client,
        packages,
        asked.booking,
        asked.now,
        existing,
        asked.by,
        asked.note,
    )


def _packages_of(
    client_id: str | None, also: Redemption | None = None
) -> Flow[tuple[Package, ...]]:
    """Ask for the client's packages, and those that a redemption draws on; a guest holds none."""
    if client_id is None:
        return ()
    named = () if also is None else tuple(sorted({draw.package_id for draw in also.draws}))
    found = yield lambda store: store.packages_of(client_id, named)
    return tuple(cast("Iterable[Package]", found))


def _redemption(booking_id: str) -> Flow[Redemption | None]:
    found = yield lambda store: store.redemption(booking_id)
    return cast("Redemption | None", found)


def _known(booking_id: str) -> Flow[Redemption]:
    found = yield from _redemption(booking_id)
    if found is None:
        raise UnknownBookingError(f"nothing was ever redeemed for booking {booking_id!r}")
    return found


def _listed(lines: Iterable[int] | None) -> tuple[int, ...] | None:
    """Keep the lines, which may be an iterator, for a second try."""
    return None if lines is None else check.items("lines", lines, int, least=1)


def _commit(*changes: Change) -> Flow[None]:
    yield lambda store: store.commit(*changes)


def _recorded(asked: Case, own: Redemption) -> Decision:
    """Return the answer that was given when the booking was redeemed (D21).

    Other contents win over an ending: whoever asks about something else learns that first.

    Raises:
        BookingMismatchError: another client, other services, or another start.
        ClosedRedemptionError: no credit of it is reserved any more.
    """
    difference = _difference(asked, own)
    if difference is not None:
        raise BookingMismatchError(
            f"booking {own.booking.id!r} was redeemed {difference}: use a new booking id"
        )
    if not own.is_open:
        raise ClosedRedemptionError(f"booking {own.booking.id!r} has ended already")
    return _as_recorded(asked, own)


def _as_recorded(asked: Case, own: Redemption) -> Decision:
    booking = own.booking
    paid = {draw.line for draw in own.draws}
    return Decision(
        booking=booking,
        eligible=True,
        reasons=(),
        notes=(),
        deposit=own.deposit,
        card_capture=own.card_capture,
        redemption=own,
        uncovered=tuple(
            index for index, line in enumerate(booking.lines) if line.payable and index not in paid
        ),
        rulebook=own.rulebook,
        time_zone=own.time_zone,
        prompt=rules.prompted(eligible=True, client=asked.client),
        decided_at=asked.now,
        recorded=True,
        by=asked.by,
        note=asked.note,
    )


def _difference(asked: Case, own: Redemption) -> str | None:
    """Return in what the question differs from what was redeemed under that id; None in nothing."""
    if asked.client.id != own.client_id:
        return "for another client"
    if asked.booking.service_ids != own.booking.service_ids:
        return "with other services"
    return None if asked.booking.starts_at == own.booking.starts_at else "at another start"


def _recorded_exchange(old: Redemption, asked: Case, own: Redemption) -> Decision:
    """Return the recorded answer of an exchange that was committed before.

    Raises:
        BookingMismatchError: as for `_recorded`, or the new booking was not redeemed in exchange
            for the old one.
        ClosedRedemptionError: the new booking has ended already.
    """
    decision = _recorded(asked, own)
    if not acts.was_given_back(old, at=own.booked_at):
        raise BookingMismatchError(
            f"booking {own.booking.id!r} was redeemed by itself: cancel {old.booking.id!r} instead"
        )
    return decision
