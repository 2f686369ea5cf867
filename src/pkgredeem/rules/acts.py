"""The rules of acts on a redemption: what refuses an act, what is told of it, what becomes of it.

Written like the rulebook, and beside it rather than in it: a rulebook may change after booking, and
nothing that changes later touches a redemption (D11), so these can't be lifted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pkgredeem import clauses as c
from pkgredeem._model.account import CancellationTerms
from pkgredeem._model.checks import EARLIEST, LATEST
from pkgredeem._model.finding import Finding
from pkgredeem._model.redemption import Redemption, Request
from pkgredeem._model.rule import Answer, implements, rule
from pkgredeem._model.words import Act, Actor, CreditOutcome, Scope

# The words are bound once: to look up a member of an enum costs more than to compare with it.
_CLIENT, _BUSINESS = Actor.CLIENT, Actor.BUSINESS
_RETURN = CreditOutcome.RETURN

# --- Until when a cancellation is free ------------------------------------------------------------


@implements(c.T23, c.D09, c.D10)
def free_until(starts_at: datetime, terms: CancellationTerms | None) -> datetime | None:
    """A cancellation is in time while at least the window is left until the start."""
    return None if terms is None else _earlier(starts_at, terms.window)


@implements(c.D17)
def free_until_rescheduled(
    redemption: Redemption, starts_at: datetime, *, by: Actor, now: datetime
) -> datetime | None:
    """Free-until follows the new start; the business leaves the client the whole window."""
    terms = redemption.terms
    if terms is None:
        return None
    by_start = _earlier(starts_at, terms.window)
    if by is _CLIENT:
        return by_start
    return max(by_start, min(_later(now, terms.window), starts_at))


def _earlier(moment: datetime, elapsed: timedelta) -> datetime:
    """Return the instant that much elapsed time before, but not before the calendar begins."""
    return moment - elapsed if moment - EARLIEST > elapsed else EARLIEST


def _later(moment: datetime, elapsed: timedelta) -> datetime:
    """Return the instant that much elapsed time after, but not after the calendar ends."""
    return moment + elapsed if LATEST - moment > elapsed else LATEST


# --- What becomes of the credit -------------------------------------------------------------------


@implements(c.T22, c.T23, c.D10, c.D12)
def credit_on_cancel(terms: CancellationTerms | None, *, by: Actor, late: bool) -> CreditOutcome:
    """The credit returns; only of a client's late cancellation do the terms say what happens."""
    if terms is None or by is _BUSINESS or not late:
        return _RETURN
    return terms.late


@implements(c.T22, c.T23, c.D09)
def refund_on_cancel(redemption: Redemption, now: datetime) -> bool:
    """A cancellation by the client at that instant would return the credits."""
    if redemption.has_started_by(now):
        return False
    late = redemption.is_late(now)
    return credit_on_cancel(redemption.terms, by=_CLIENT, late=late) is _RETURN


@implements(c.D16)
def credit_on_no_show(
    terms: CancellationTerms | None, staff_override: CreditOutcome | None
) -> CreditOutcome:
    """What staff say; else the terms on a no-show; else on late; without terms it returns."""
    if staff_override is not None:
        return staff_override
    return _RETURN if terms is None else terms.on_no_show


# --- What refuses an act --------------------------------------------------------------------------


@rule(
    Scope.ACT,
    clauses=(c.D09, c.D17),
    message="the appointment has started, or would have",
    advice="let the business end the appointment, or pick a later start",
    client_text="this appointment has already started",
)
def appointment_started(redemption: Redemption, request: Request) -> bool:
    """A client acts at or after the start, or reschedules to a start that is not later than now."""
    if request.by is _BUSINESS or request.act not in {Act.CANCEL, Act.RESCHEDULE}:
        return False
    has_started = request.starts_at is not None and request.starts_at <= request.now
    return has_started or redemption.has_started_by(request.now)


@rule(
    Scope.ACT,
    clauses=(c.D16,),
    message="the appointment has not started yet",
    advice="wait for the start, or cancel the appointment",
)
def appointment_not_started(redemption: Redemption, request: Request) -> bool:
    """A no-show is recorded before the start."""
    return request.act is Act.NO_SHOW and not redemption.has_started_by(request.now)


@rule(
    Scope.ACT,
    clauses=(c.D17, c.D09),
    message="the client reschedules inside the cancellation window",
    advice="let the business reschedule it",
    client_text="it is too late to change this booking online",
)
def late_reschedule(redemption: Redemption, request: Request) -> bool:
    """A client reschedules with less than the window left."""
    by_client = request.act is Act.RESCHEDULE and request.by is _CLIENT
    return by_client and redemption.is_late(request.now)


@rule(
    Scope.ACT,
    clauses=(c.D17, c.D06),
    message="package {subject} is not valid at the new start",
    advice="pick a start inside the package's validity, or extend the package",
    client_text="this time can't be booked with the package",
)
def outside_validity(redemption: Redemption, request: Request) -> bool:
    """The new start lies outside the validity of a package that is drawn on."""
    package, starts_at = request.package, request.starts_at
    return package is not None and starts_at is not None and not package.is_valid_at(starts_at)


# --- What is told of a cancellation ---------------------------------------------------------------


@rule(
    Scope.ACT,
    clauses=(c.T23, c.D09, c.D29),
    message="a late cancellation: it was free until {free_until}",
    advice="cancel earlier; the business may forgive a forfeited credit",
    client_text="this is a late cancellation",
)
def late(redemption: Redemption, request: Request) -> Answer:
    """A client cancels with less than the window left."""
    by_client = request.act is Act.CANCEL and request.by is _CLIENT
    if redemption.free_until is None or not (by_client and redemption.is_late(request.now)):
        return False
    return {"free_until": redemption.free_until}


@rule(
    Scope.ACT,
    clauses=(c.D33,),
    message="it was booked inside the cancellation window: there was never a free cancellation",
    advice="book earlier; the business may forgive a forfeited credit",
    client_text="this was booked too late for a free cancellation",
)
def booked_inside_the_window(redemption: Redemption, request: Request) -> bool:
    """A client cancels late what was booked when less than the window was left."""
    by_client = request.act is Act.CANCEL and request.by is _CLIENT
    return by_client and redemption.is_late(request.now) and redemption.was_booked_late


# --- What the client is told of an act ------------------------------------------------------------

_ENDED: Final = {
    CreditOutcome.RETURN: "the credit is back in the package",
    CreditOutcome.FORFEIT: "the credit is forfeited",
}
_DONE: Final = {
    Act.COMPLETE: "your appointment is recorded as completed",
    Act.RESCHEDULE: "your booking has been moved to the new time",
}
_NOT_ONLINE: Final = "this can't be done online: ask the business"


@implements(c.D24)
def text_for_client(
    act: Act, outcome: CreditOutcome | None, *, allowed: bool, findings: Iterable[Finding]
) -> str:
    """The client is told what was done, or the first refusal that has a sentence for clients."""
    if allowed:
        return _DONE[act] if outcome is None else _ENDED[outcome]
    texts = (finding.client_text for finding in findings)
    return next((text for text in texts if text is not None), _NOT_ONLINE)


#: What refuses an act, and what is told of one that is allowed, in the order of telling (D22).
REFUSALS: Final = (appointment_started, appointment_not_started, late_reschedule)
REFUSALS_BY_PACKAGE: Final = (outside_validity,)
NOTES: Final = (late, booked_inside_the_window)

#: Every rule of acts, in the order of telling.
EVERY_RULE: Final = (*REFUSALS, *REFUSALS_BY_PACKAGE, *NOTES)
