"""The rules of acts on a redemption: what refuses an act, what is told of it, what becomes of it.

Written like the rulebook, and beside it rather than in it: a rulebook may change after booking, and
nothing that changes later touches a redemption (D11), so these can't be lifted.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pkgredeem import clauses as c
from pkgredeem._model.account import AccountSettings, CancellationTerms
from pkgredeem._model.finding import Finding
from pkgredeem._model.instants import earlier, later
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.rule import Answer, implements, rule
from pkgredeem._model.words import Act, Actor, CreditOutcome, Scope

# The words are bound once: to look up a member of an enum costs more than to compare with it.
_CLIENT, _BUSINESS = Actor.CLIENT, Actor.BUSINESS
_RETURN = CreditOutcome.RETURN
_CHANGES = frozenset((Act.CANCEL, Act.RESCHEDULE))

# --- Until when a cancellation is free ------------------------------------------------------------


@implements(c.T23, c.D09, c.D10)
def free_until(starts_at: datetime, terms: CancellationTerms | None) -> datetime | None:
    """A cancellation is in time while at least the window is left until the start."""
    return None if terms is None else earlier(starts_at, terms.window)


@implements(c.D60)
def own_terms(package: Package, account: AccountSettings) -> CancellationTerms | None:
    """A draw keeps the terms of its package where they are not those of the account."""
    return None if package.cancellation == account.cancellation else package.cancellation


@implements(c.D17)
def free_until_rescheduled(
    terms: CancellationTerms | None, starts_at: datetime, *, by: Actor, now: datetime
) -> datetime | None:
    """Free-until follows the new start; the business leaves the client the whole window."""
    if terms is None:
        return None
    by_start = earlier(starts_at, terms.window)
    if by is _CLIENT:
        return by_start
    return max(by_start, min(later(now, terms.window), starts_at))


# --- What becomes of the credit -------------------------------------------------------------------


@implements(c.T22, c.T23, c.D10, c.D12, c.D61)
def credit_on_cancel(
    redemption: Redemption, line: int, *, by: Actor, now: datetime
) -> CreditOutcome:
    """The credit returns; only of a client's late cancellation do the terms say what happens."""
    tier = None if by is _BUSINESS else redemption.tier_at(line, now)
    return _RETURN if tier is None else tier[1]


@implements(c.T22, c.T23, c.D09, c.D67)
def refund_on_cancel(redemption: Redemption, now: datetime) -> bool:
    """A cancellation of all by the client at that instant is possible and returns every credit."""
    if redemption.has_started_by(now):
        return False
    if redemption.is_free_by_account(now):  # most are, and a tenth of a decision is saved
        return True
    return all(
        now <= redemption.open_until(line)
        and credit_on_cancel(redemption, line, by=_CLIENT, now=now) is _RETURN
        for line in redemption.lines_by_terms
    )


@implements(c.D16, c.D61)
def credit_on_no_show(
    terms: CancellationTerms | None, staff_override: CreditOutcome | None
) -> CreditOutcome:
    """What staff say; else the terms on a no-show; else the strictest; without terms it returns."""
    if staff_override is not None:
        return staff_override
    return _RETURN if terms is None else terms.on_no_show


# --- What refuses an act --------------------------------------------------------------------------


@rule(
    Scope.ACT,
    clauses=(c.D09, c.D67, c.D71),
    message="a client could change this booking until {open_until} only",
    advice="let the business change the booking",
    client_text="it is too late to change this booking online",
)
def changes_closed(redemption: Redemption, request: Request) -> Answer:
    """A client cancels, moves or exchanges a booking at or after its start, or too close to it."""
    if request.by is _BUSINESS or request.act not in _CHANGES:
        return False
    open_until = min(map(redemption.open_until, request.lines))
    if request.now <= open_until and not redemption.has_started_by(request.now):
        return False
    return {"open_until": open_until}


@rule(
    Scope.ACT,
    clauses=(c.D17, c.D71, c.D09, c.D60),
    message="the client changes the booking inside its cancellation window, after {free_until}",
    advice="let the business change the booking",
    client_text="it is too late to change this booking online",
)
def late_change(redemption: Redemption, request: Request) -> Answer:
    """A client moves or exchanges a booking with less than the window of a line left."""
    if request.by is _BUSINESS or request.act is not Act.RESCHEDULE:
        return False
    if not redemption.is_late(request.now):
        return False
    ends = (redemption.free_until_of(line) for line in request.lines)
    return {"free_until": min(end for end in ends if end is not None)}


@rule(
    Scope.ACT,
    clauses=(c.D17,),
    message="the new start is not after the present",
    advice="pick a later start",
    client_text="this appointment has already started",
)
def new_start_passed(redemption: Redemption, request: Request) -> bool:
    """A client moves a booking to a start that is not after the present."""
    if request.by is _BUSINESS or request.starts_at is None:
        return False
    return request.starts_at <= request.now


@rule(
    Scope.ACT,
    clauses=(c.D16,),
    message="the appointment has not started yet",
    advice="wait for the start, or cancel the appointment",
)
def appointment_not_started(redemption: Redemption, request: Request) -> bool:
    """A no-show is recorded before the start."""
    return request.act is Act.NO_SHOW and not redemption.has_started_by(request.now)


# --- What is told of an act -----------------------------------------------------------------------


@rule(
    Scope.ACT,
    clauses=(c.T23, c.D09, c.D29, c.D61),
    message="a late cancellation: it was free until {free_until}",
    advice="cancel earlier; the business may forgive a forfeited credit",
    client_text="this is a late cancellation",
)
def late_cancellation(redemption: Redemption, request: Request) -> Answer:
    """A client cancels a line with less than its window left, what was booked when more was."""
    late = _lines_cancelled_late(redemption, request)
    if all(map(redemption.was_booked_late, late)):
        return False
    ends = map(redemption.free_until_of, late)
    return {"free_until": min(end for end in ends if end is not None)}


@rule(
    Scope.ACT,
    clauses=(c.D33, c.D61),
    message="it was booked inside the cancellation window: there was never a free cancellation",
    advice="book earlier; the business may forgive a forfeited credit",
    client_text="this was booked too late for a free cancellation",
)
def booked_inside_the_window(redemption: Redemption, request: Request) -> bool:
    """A client cancels late what was, line by line, booked when less than the window was left."""
    late = _lines_cancelled_late(redemption, request)
    return bool(late) and all(map(redemption.was_booked_late, late))


def _lines_cancelled_late(redemption: Redemption, request: Request) -> list[int]:
    if request.by is _BUSINESS or request.act is not Act.CANCEL:
        return []
    return [line for line in request.lines if redemption.tier_at(line, request.now) is not None]


@rule(
    Scope.ACT,
    clauses=(c.D13,),
    message="a credit went back to package {subject}, where it can't be used again",
    advice="extend or restore the package, or give the client another one",
    client_text="the credit was returned, but it can't be used any more: ask the business",
)
def credit_not_usable(redemption: Redemption, request: Request) -> bool:
    """A credit returned to a package with which the next booking would be refused."""
    return request.usable is False


# --- What the client is told of an act ------------------------------------------------------------

_COMPLETED: Final = "your appointment is recorded as completed"
_MOVED: Final = "your booking has been moved to the new time"
_RETURNED: Final = {
    None: "the credit was returned",
    True: "the credit is back in the package",
    False: str(credit_not_usable.client_text),
}
_NOT_ONLINE: Final = "this can't be done online: ask the business"


@implements(c.D24, c.D13)
def text_for_client(
    act: Act,
    outcome: CreditOutcome | None,
    *,
    allowed: bool,
    usable: bool | None,
    findings: Iterable[Finding],
) -> str:
    """The client is told what was done, or the first refusal that has a sentence for clients."""
    if not allowed:
        texts = (finding.client_text for finding in findings)
        return next((text for text in texts if text is not None), _NOT_ONLINE)
    if outcome is _RETURN:
        return _RETURNED[usable]
    if outcome is CreditOutcome.FORFEIT:
        return "the credit is forfeited"
    return _MOVED if act is Act.RESCHEDULE else _COMPLETED


#: What refuses an act, and what is told of one that is allowed, in the order of telling (D22).
REFUSALS: Final = (changes_closed, late_change, new_start_passed, appointment_not_started)
NOTES: Final = (late_cancellation, booked_inside_the_window)
#: What is told of each package that a credit returned to.
NOTES_OF_RETURNS: Final = (credit_not_usable,)

#: Every rule of acts, in the order of telling.
EVERY_RULE: Final = (*REFUSALS, *NOTES, *NOTES_OF_RETURNS)
