"""What people send, read with suspicion: each fault is told in a sentence, with a status of HTTP.

The library raises where a value can't be, because a caller's mistake must not pass for an answer.
A visitor's mistake is no bug of the app: so what comes in is checked here, and what the library
still raises is put into a sentence by `answer_to`.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Final

import shop
from pkgredeem import (
    Audience,
    Booking,
    BookingMismatchError,
    ClosedRedemptionError,
    ConflictError,
    CreditOutcome,
    InvalidValueError,
    Settlement,
    UnknownBookingError,
)
from pkgredeem.stores import RedemptionStore
from shop import words

_LOG: Final = logging.getLogger("salon")
BOOKING_ID: Final = "^[0-9A-Za-z_-]{1,64}$"
_LONGEST_NOTE: Final = 500
_FARTHEST: Final = timedelta(days=3660)
#: By the name of the field in a form: "" is what the salon's terms say.
NO_SHOW_OUTCOMES: Final = {"": None, **{outcome.value: outcome for outcome in CreditOutcome}}


class RefusedError(Exception):
    """What was sent can't be served; the sentence says why."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        """Keep both."""
        super().__init__(status, sentence)
        self.status = status
        self.sentence = sentence


def _broken(sentence: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)


def no_such_booking() -> RefusedError:
    """Return what is told of a booking that is not there, or somebody else's."""
    return RefusedError(HTTPStatus.NOT_FOUND, "There is no such booking.")


def booking(
    store: RedemptionStore,
    booking_id: str,
    service_ids: Sequence[str],
    starts_at: datetime,
    now: datetime,
) -> Booking:
    """Return what the client wants to book.

    A booking that was made before may be sent again when its time is no longer free: it is
    answered as it was (D21).

    Raises:
        RefusedError: the id is none of ours, the basket is empty or holds what is not on the menu
            or a service twice, or the time is not free.
    """
    if re.fullmatch(BOOKING_ID, booking_id) is None:
        raise _broken("This is no booking number. Please start again.")
    if not service_ids:
        raise _broken("Pick a service first.")
    if not set(service_ids) <= set(shop.MENU):
        raise _broken("This service is not on our menu.")
    if len(set(service_ids)) < len(service_ids):
        raise _broken("Pick each service only once.")
    if store.redemption(booking_id) is None:
        check_free(starts_at, now)
    services = [shop.MENU[service_id] for service_id in service_ids]
    return Booking.of(*services, id=booking_id, starts_at=starts_at)


def check_free(starts_at: datetime, now: datetime) -> None:
    """Refuse a time that is not one of the free ones; so nothing is booked in the past."""
    if starts_at not in shop.slots(now):
        told = "This time is not free. Please pick another one."
        raise RefusedError(HTTPStatus.CONFLICT, told)


def start(text: str) -> datetime:
    """Return the instant that a form sends; it must say its zone (D15)."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _broken("This is no time. Please pick one of the free times.") from None
    if moment.utcoffset() is None:
        raise _broken("This time does not say its time zone. Please pick one of the free times.")
    return moment


def day(text: str, now: datetime) -> date:
    """Return the day that staff ask for; today where nothing is said."""
    today = now.astimezone(shop.ZONE).date()
    try:
        wanted = date.fromisoformat(text) if text else today
    except ValueError:
        raise _broken("This is no day. Write it like 2026-05-07.") from None
    if abs(wanted - today) > _FARTHEST:
        raise _broken("This day is too far away.")
    return wanted


def note(person: shop.Person, text: str, *, required: bool = False) -> str:
    """Return what is kept with an act: who of the staff did it, and why; forgiving asks why."""
    text = " ".join(text.split())
    if required and not text:
        raise _broken("Write a note: it says later why the credit was given back.")
    if len(text) > _LONGEST_NOTE or not text.isprintable():
        raise _broken(f"A note is a plain text of up to {_LONGEST_NOTE} characters.")
    return f"{person.name}: {text}" if text else person.name


def no_show_outcome(text: str) -> CreditOutcome | None:
    """Return what staff say becomes of the credit; None leaves it to the salon's terms."""
    if text not in NO_SHOW_OUTCOMES:
        raise _broken("Say whether the credit returns or is forfeited.")
    return NO_SHOW_OUTCOMES[text]


def check_allowed(settlement: Settlement, audience: Audience) -> None:
    """Refuse an act that the rules refuse: nothing was changed, and the text says why."""
    if not settlement.allowed:
        text = settlement.explain(audience)
        told = text if audience is Audience.STAFF else words.sentence(text)
        raise RefusedError(HTTPStatus.CONFLICT, told)


#: What the web framework itself refuses.
SENTENCES: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "This can't be read. Please go back and fill it in again.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This can't be done here.",
}
#: What is the sender's to put right, or to send again. Any other error is ours, and a bug.
ANSWERED: Final = (
    RefusedError,
    UnknownBookingError,
    BookingMismatchError,
    ClosedRedemptionError,
    ConflictError,
    InvalidValueError,
)


def answer_to(error: Exception) -> tuple[HTTPStatus, str]:
    """Return the status and the sentence for whoever sent what led to one of those errors."""
    match error:
        case RefusedError():
            return error.status, error.sentence
        case UnknownBookingError():
            return answer_to(no_such_booking())
        case BookingMismatchError():
            told = "This booking was made already, with other contents. Please start again."
            return HTTPStatus.CONFLICT, told
        case ClosedRedemptionError():
            return HTTPStatus.CONFLICT, "This booking has ended: nothing of it can be changed."
        case ConflictError():
            return HTTPStatus.CONFLICT, "Others were quicker. Please try again."
        case _:
            # Most likely an act that this booking can't have; should it be ours, the log tells.
            _LOG.warning("refused a request", exc_info=error)
            told = "This can't be done with this booking."
            return HTTPStatus.UNPROCESSABLE_ENTITY, told
