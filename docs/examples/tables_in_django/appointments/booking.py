"""What the salon's pages and its staff do with an appointment, paid with a package or not.

Each function that writes is one transaction: the row of the appointment and what pays for it change
together or not at all. All of them raise `ConflictError` when others were quicker several times.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

import pkgredeem as p

from .models import Appointment, Client, Service
from .store import SalonStore, conflicts

_Answer = TypeVar("_Answer")
_BOOKED = Appointment.Status.BOOKED

ATTEMPTS = 5
ACCOUNT = p.AccountSettings(
    online_redemption=True,
    client_login=p.ClientLogin.MANDATORY,
    deposit_required=True,
    cancellation=p.CancellationTerms(window=timedelta(hours=24), late=p.CreditOutcome.FORFEIT),
    time_zone=ZoneInfo(settings.TIME_ZONE),
)
# Without the limit to one active package: a client buys one for each service.
POLICY = p.RedemptionPolicy(p.rules.ONLINE)


def quote(
    *, booking_id: UUID, client: Client, service: Service, starts_at: datetime, now: datetime
) -> p.Decision:
    """Tell what `book` would answer now; write nothing.

    The page that shows it makes the id, `uuid4()`, and sends it back in its form, hidden. So what
    is booked is what was quoted, and a form that is sent twice books once.
    """
    return p.RedemptionDesk(POLICY, SalonStore()).quote(
        account=ACCOUNT,
        client=_logged_in(client),
        booking=booking_of(booking_id, service, starts_at),
        now=now,
    )


def book(
    *, booking_id: UUID, client: Client, service: Service, starts_at: datetime, now: datetime
) -> p.Decision:
    """Make the appointment, and pay for it with a package if one may.

    The appointment is made either way: the decision says which deposit to collect.

    Raises:
        BookingMismatchError: that id is another appointment, or this one has been moved since.
        ClosedRedemptionError: it has ended.
    """

    def work(desk: p.RedemptionDesk) -> p.Decision:
        wanted = {"client": client, "service": service, "starts_at": starts_at}
        appointment, is_new = Appointment.objects.select_for_update(no_key=True).get_or_create(
            booking_id=booking_id, defaults=wanted
        )
        # The form comes from a browser: its id may be old, or somebody else's.
        if not is_new and wanted != {name: getattr(appointment, name) for name in wanted}:
            raise p.BookingMismatchError(f"{booking_id} is another appointment")
        if appointment.status != _BOOKED:
            raise p.ClosedRedemptionError(f"appointment {booking_id} has ended already")
        decision = desk.redeem(
            account=ACCOUNT,
            client=_logged_in(client),
            booking=booking_of(booking_id, service, starts_at),
            now=now,
        )
        if decision.redemption is not None:
            appointment.paid_with_id = int(decision.redemption.draws[0].package_id)
            appointment.save(update_fields=["paid_with"])
        return decision

    return _retried(work)


def reschedule(
    *, booking_id: UUID, starts_at: datetime, by: p.Actor, now: datetime, note: str = ""
) -> p.Settlement | None:
    """Move an appointment, for a client who is logged in; None where no package pays for it."""

    def work(desk: p.RedemptionDesk, appointment: Appointment) -> p.Settlement:
        return desk.reschedule(
            str(booking_id),
            account=ACCOUNT,
            client=_logged_in(appointment.client),
            starts_at=starts_at,
            by=by,
            now=now,
            note=note,
        )

    return _change(booking_id, work, starts_at=starts_at)


def cancel(*, booking_id: UUID, by: p.Actor, now: datetime, note: str = "") -> p.Settlement | None:
    """Cancel an appointment; None where no package pays for it."""
    return _change(
        booking_id,
        lambda desk, _: desk.cancel(str(booking_id), by=by, now=now, note=note),
        status=Appointment.Status.CANCELLED,
    )


def no_show(
    *, booking_id: UUID, now: datetime, outcome: p.CreditOutcome | None = None, note: str = ""
) -> p.Settlement | None:
    """Record that the client did not come; None where no package pays for it."""
    return _change(
        booking_id,
        lambda desk, _: desk.no_show(str(booking_id), now=now, outcome=outcome, note=note),
        status=Appointment.Status.NO_SHOW,
    )


def complete(*, booking_id: UUID, now: datetime, note: str = "") -> p.Settlement | None:
    """Record that the client came; None where no package pays for it."""
    return _change(
        booking_id,
        lambda desk, _: desk.complete(str(booking_id), now=now, note=note),
        status=Appointment.Status.COMPLETED,
    )


def complete_if_due(*, booking_id: UUID, now: datetime, note: str = "") -> bool:
    """Complete what is still booked and has started; tell whether it was.

    For whoever goes through a list: since it was made, a no-show may have been recorded, which
    completing would put right (D16), or a move to another day.
    """

    def work(desk: p.RedemptionDesk) -> bool:
        appointment = _locked(booking_id)
        if appointment.status != _BOOKED or appointment.starts_at > now:
            return False
        if appointment.paid_with_id is not None:
            desk.complete(str(booking_id), now=now, note=note)
        appointment.status = Appointment.Status.COMPLETED
        appointment.save(update_fields=["status"])
        return True

    return _retried(work)


def forgive(*, booking_id: UUID, now: datetime, note: str) -> p.Settlement:
    """Give a forfeited or redeemed credit back; what became of the appointment stays as it is."""
    return _retried(lambda desk: desk.forgive(str(booking_id), now=now, note=note))


def _change(
    booking_id: UUID,
    act: Callable[[p.RedemptionDesk, Appointment], p.Settlement],
    **fields: object,
) -> p.Settlement | None:
    """Do an act on what pays for an appointment, and change these fields of it as well."""

    def work(desk: p.RedemptionDesk) -> p.Settlement | None:
        appointment = _locked(booking_id)
        if appointment.paid_with_id is None:
            settlement, is_changed = None, appointment.status == _BOOKED
        else:
            # What was refused changes nothing, and neither does a repeat (D37): whoever came after
            # all stays completed when the no-show is recorded once more.
            settlement = act(desk, appointment)
            is_changed = settlement.change is not None
        if is_changed:
            for name, value in fields.items():
                setattr(appointment, name, value)
            appointment.save(update_fields=fields)
        return settlement

    return _retried(work)


def _locked(booking_id: UUID) -> Appointment:
    # The appointment first, as in the store: everybody locks rows in one order.
    return Appointment.objects.select_for_update(no_key=True).get(booking_id=booking_id)


def _retried(work: Callable[[p.RedemptionDesk], _Answer]) -> _Answer:
    """Do it all in one transaction; when others were quicker, do it all again in a new one."""
    for _ in range(ATTEMPTS - 1):
        with suppress(p.ConflictError):
            return _in_a_transaction(work)
    return _in_a_transaction(work)


def _in_a_transaction(work: Callable[[p.RedemptionDesk], _Answer]) -> _Answer:
    # attempts=1 and durable: a second try inside the same transaction might read the same again.
    with conflicts(), transaction.atomic(durable=True):
        return work(p.RedemptionDesk(POLICY, SalonStore(), attempts=1))


def _logged_in(client: Client) -> p.Client:
    return p.Client(id=str(client.pk), logged_in=True)


def booking_of(booking_id: UUID, service: Service, starts_at: datetime) -> p.Booking:
    """Return an appointment as pkgredeem sees it."""
    paid_for = p.Service(id=str(service.pk), name=service.name, deposit_required=True)
    return p.Booking.of(paid_for, id=str(booking_id), starts_at=starts_at)
