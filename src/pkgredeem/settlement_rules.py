"""The rules of acts on a redemption: what refuses an act, and what is told of it.

Written like the rulebook, and beside it rather than in it: a rulebook may change after booking, and
nothing that changes later touches a redemption (D11), so these can't be lifted.
"""

from typing import Final

from pkgredeem import clauses as c
from pkgredeem._redemption import Redemption, Request
from pkgredeem._rule import Answer, rule
from pkgredeem._words import Act, Actor, Scope

# --- What refuses an act --------------------------------------------------------------------------


@rule(
    Scope.SETTLEMENT,
    clauses=(c.D09, c.D17),
    message="the appointment has started, or would have",
    advice="let the business end the appointment, or pick a later start",
    client_text="this appointment has already started",
)
def appointment_started(redemption: Redemption, request: Request) -> bool:
    """A client acts at or after the start, or reschedules to a start that is not later than now."""
    if request.by is Actor.BUSINESS or request.act not in {Act.CANCEL, Act.RESCHEDULE}:
        return False
    gone = request.starts_at is not None and request.starts_at <= request.now
    return gone or redemption.has_started_by(request.now)


@rule(
    Scope.SETTLEMENT,
    clauses=(c.D16,),
    message="the appointment has not started yet",
    advice="wait for the start, or cancel the appointment",
)
def appointment_not_started(redemption: Redemption, request: Request) -> bool:
    """A no-show is recorded before the start."""
    return request.act is Act.NO_SHOW and not redemption.has_started_by(request.now)


@rule(
    Scope.SETTLEMENT,
    clauses=(c.D17, c.D09),
    message="the client reschedules inside the cancellation window",
    advice="let the business reschedule it",
    client_text="it is too late to change this booking online",
)
def late_reschedule(redemption: Redemption, request: Request) -> bool:
    """A client reschedules with less than the window left."""
    by_client = request.act is Act.RESCHEDULE and request.by is Actor.CLIENT
    return by_client and redemption.is_late(request.now)


@rule(
    Scope.SETTLEMENT,
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
    Scope.SETTLEMENT,
    clauses=(c.T23, c.D09, c.D29),
    message="a late cancellation: it was free until {free_until}",
    advice="cancel earlier; the business may forgive a forfeited credit",
    client_text="this is a late cancellation",
)
def late(redemption: Redemption, request: Request) -> Answer:
    """A client cancels with less than the window left."""
    by_client = request.act is Act.CANCEL and request.by is Actor.CLIENT
    if redemption.free_until is None or not (by_client and redemption.is_late(request.now)):
        return False
    return {"free_until": redemption.free_until}


@rule(
    Scope.SETTLEMENT,
    clauses=(c.D33,),
    message="it was booked inside the cancellation window: there was never a free cancellation",
    advice="book earlier; the business may forgive a forfeited credit",
    client_text="this was booked too late for a free cancellation",
)
def booked_inside_the_window(redemption: Redemption, request: Request) -> bool:
    """A client cancels late what was booked when less than the window was left."""
    by_client = request.act is Act.CANCEL and request.by is Actor.CLIENT
    return by_client and redemption.is_late(request.now) and redemption.was_booked_late


REFUSING: Final = (appointment_started, appointment_not_started, late_reschedule)
TELLING: Final = (late, booked_inside_the_window)
