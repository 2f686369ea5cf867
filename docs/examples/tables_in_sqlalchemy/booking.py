"""Booking an appointment and paying for it, together or not at all."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import pkgredeem as p

from .store import SalonStore, conflicts
from .tables import Appointment

ATTEMPTS = 5
ACCOUNT = p.AccountSettings(
    online_redemption=True, client_login=p.ClientLogin.MANDATORY, deposit_required=True
)
POLICY = p.RedemptionPolicy(p.rules.ONLINE)


def book(
    engine: sa.Engine,
    *,
    booking_id: UUID,
    client_id: int,
    service_id: int,
    starts_at: datetime,
    now: datetime,
) -> p.Decision:
    """Make the appointment, and pay for it with a package if one may.

    When others were quicker all of it is done again, in a new transaction, a few times.

    Raises:
        BookingMismatchError: that id is another appointment, or this one has been moved since.
        ClosedRedemptionError: it has ended.
        ConflictError: others were quicker each time.
    """
    wanted: dict[str, UUID | int | datetime] = {
        "booking_id": booking_id,
        "client_id": client_id,
        "service_id": service_id,
        "starts_at": starts_at,
    }
    for _ in range(ATTEMPTS - 1):
        with suppress(p.ConflictError):
            return _book(engine, wanted, now)
    return _book(engine, wanted, now)


def _book(engine: sa.Engine, wanted: dict[str, UUID | int | datetime], now: datetime) -> p.Decision:
    with conflicts(), Session(engine) as session, session.begin():
        new = insert(Appointment).values(wanted).on_conflict_do_nothing()
        session.execute(new)
        found = sa.select(Appointment).where(Appointment.booking_id == wanted["booking_id"])
        appointment = session.scalars(found.with_for_update()).one()
        if wanted != {name: getattr(appointment, name) for name in wanted}:
            raise p.BookingMismatchError(f"{appointment.booking_id} is another appointment")
        if appointment.status != "booked":
            raise p.ClosedRedemptionError(f"{appointment.booking_id} has ended already")
        desk = p.RedemptionDesk(POLICY, SalonStore(session.connection()), attempts=1)
        paid_for = p.Service(id=str(appointment.service_id), deposit_required=True)
        return desk.redeem(
            account=ACCOUNT,
            client=p.Client(id=str(appointment.client_id), logged_in=True),
            booking=p.Booking.of(
                paid_for, id=str(appointment.booking_id), starts_at=appointment.starts_at
            ),
            now=now,
        )
