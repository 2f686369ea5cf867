"""A booking id asked again: the same contents get the recorded answer, others are refused (D21)."""

from pkgredeem._model.answers import Decision
from pkgredeem._model.booking import Booking
from pkgredeem._model.case import Case
from pkgredeem._model.redemption import Redemption
from pkgredeem.exceptions import BookingMismatchError, ClosedRedemptionError
from pkgredeem.rules import acts, article


def answer_again(case: Case, stored: Redemption) -> Decision:
    """Return the answer that was given when the booking was redeemed.

    Other contents win over an ending: whoever asks about something else learns that first.

    Raises:
        BookingMismatchError: another client, other services or traits, or another start.
        ClosedRedemptionError: no credit of it is reserved any more.
    """
    difference = _difference(case, stored)
    if difference is not None:
        raise BookingMismatchError(
            f"booking {stored.booking.id!r} was redeemed {difference}: use a new booking id"
        )
    if not stored.is_open:
        raise ClosedRedemptionError(f"booking {stored.booking.id!r} has ended already")
    return _recorded_decision(case, stored)


def answer_exchange_again(replaced: str, case: Case, stored: Redemption) -> Decision:
    """Return the answer that was given when *stored* was redeemed in exchange for that booking.

    Raises:
        BookingMismatchError: as for `answer_again`, or the new booking was not redeemed in exchange
            for the old one.
        ClosedRedemptionError: the new booking has ended already.
    """
    decision = answer_again(case, stored)
    if stored.replaces != replaced:
        raise BookingMismatchError(
            f"booking {stored.booking.id!r} was not redeemed in exchange for {replaced!r}: "
            f"cancel {replaced!r} instead"
        )
    return decision


def _recorded_decision(case: Case, stored: Redemption) -> Decision:
    """Return the decision that a stored redemption stands for: nothing is to be committed."""
    booking = stored.booking
    paid = {draw.line for draw in stored.draws}
    return Decision(
        booking=booking,
        eligible=True,
        reasons=(),
        notes=(),
        deposit=stored.deposit,
        card_capture=stored.card_capture,
        redemption=stored,
        uncovered=tuple(
            index for index, line in enumerate(booking.lines) if line.payable and index not in paid
        ),
        rulebook=stored.rulebook,
        time_zone_key=stored.time_zone_key,
        decided_at=case.now,
        client_text=article.text_for_client(eligible=True, reasons=()),
        refund_on_cancel=acts.refund_on_cancel(stored, case.now),
        prompt=article.shows_prompt(eligible=True, client=case.client),
        recorded=True,
        by=case.by,
        note=case.note,
    )


def _difference(case: Case, stored: Redemption) -> str | None:
    """Return in what the case differs from what was redeemed under that id; None in nothing."""
    if case.client.id != stored.client_id:
        return "for another client"
    if _services(case.booking) != _services(stored.booking):
        return "with other services"
    if _traits(case.booking) != _traits(stored.booking):
        return "with other traits"
    return None if case.booking.starts_at == stored.booking.starts_at else "at another start"


def _services(booking: Booking) -> list[tuple[object, ...]]:
    return [(line.service.id, line.payable, line.service.costs) for line in booking.lines]


def _traits(booking: Booking) -> list[dict[str, str]]:
    """Return what is told for each line, by itself or by the booking (D45)."""
    return [{**dict(booking.traits), **dict(line.traits)} for line in booking.lines]
