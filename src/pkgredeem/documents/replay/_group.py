"""A group of clients who share packages: its lines in order of booking, under each rulebook."""

from collections.abc import Iterable
from typing import final

from pkgredeem import AccountSettings, Case, Client, Decision, UnknownBookingError
from pkgredeem.documents._acts import BookingAct
from pkgredeem.documents.replay._counter import DecisionCounter
from pkgredeem.documents.replay._history import History


@final
class Group:
    """The histories of one group, one under each rulebook, and which bookings they hold."""

    def __init__(self, counters: Iterable[DecisionCounter]) -> None:
        """Begin without a line."""
        self._histories = [History(counter) for counter in counters]
        self._asked: dict[str, tuple[AccountSettings, Client]] = {}

    def decide(self, case: Case) -> list[Decision]:
        """Return what each rulebook decides, and go on from it.

        Raises:
            PkgRedeemError: one of them can't be asked, or what is recorded forbids it; then the
                line draws nothing under either.
        """
        asked, existing = self._asked, case.existing
        decisions = [history.decide(case, asked=asked) for history in self._histories]
        for history, decision in zip(self._histories, decisions):  # noqa: B905 - one of each
            history.keep(case, decision)
        who = case.account, case.client
        if existing is not None:
            asked.setdefault(existing.booking.id, who)
        asked[case.booking.id] = who
        return decisions

    def settle(self, line: BookingAct) -> None:
        """Let each history go on from what the act does there.

        Raises:
            UnknownBookingError: no line before it holds the booking.
            PkgRedeemError: the act can't be done; then it changes nothing under either rulebook.
        """
        who = self._asked.get(line.booking_id)
        if who is None:
            raise UnknownBookingError(f"no line before it holds booking {line.booking_id!r}")
        settlements = [history.settle(line, *who) for history in self._histories]
        for history, settlement in zip(self._histories, settlements, strict=True):
            history.keep_act(line.act, settlement)

    def forget(self, booking_id: str) -> None:
        """Forget a booking that no line names any more."""
        self._asked.pop(booking_id, None)
        for history in self._histories:
            history.forget(booking_id)
