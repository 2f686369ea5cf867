"""Staff's pages: the day, the balances of a client, and how an appointment ends.

Every act is `by=Actor.BUSINESS`, with who did it in its note (D36). All of the router is behind one
check of who is here.
"""

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

import shop
from fastapi_salon.visit import Here, TheSalon, page
from pkgredeem import Actor, Audience, Client, Redemption, Settlement
from shop import forms, pages


def staff_only(person: Here) -> None:
    """Refuse everybody else."""
    if not person.is_staff:
        raise forms.RefusedError(HTTPStatus.FORBIDDEN, "This page is for staff. Please log in.")


def booked(booking_id: str, salon: TheSalon) -> Redemption:
    """Return the redemption of the booking in the path, whoever's it is."""
    redemption = salon.store.redemption(booking_id)
    if redemption is None:
        raise forms.no_such_booking()
    return redemption


router = APIRouter(prefix="/staff", dependencies=[Depends(staff_only)])
Booked = Annotated[Redemption, Depends(booked)]
Text = Annotated[str, Form()]


@router.get("/")
def day(request: Request, salon: TheSalon, day: str = "") -> Response:
    """Show the appointments of a day that packages pay for."""
    wanted = forms.day(day, shop.present())
    redemptions = salon.redemptions(salon.diary.on(wanted))
    return page(request, "staff/day.html", pages.day(wanted, redemptions))


@router.get("/clients/{client_id}")
def client(
    request: Request,
    salon: TheSalon,
    client_id: str,
    starts_at: str = "",
    services: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """Show a client's packages, and why a package would pay for a booking or would not."""
    if client_id not in shop.CLIENTS:
        raise forms.RefusedError(HTTPStatus.NOT_FOUND, "There is no such client.")
    now, decision = shop.present(), None
    if starts_at:
        booking = forms.booking(
            salon.store, secrets.token_hex(8), services or [], forms.start(starts_at), now
        )
        # Asked as the client would ask online, not as staff book at the desk (D34).
        decision = salon.desk.quote(
            account=shop.account(),
            client=Client(id=client_id, logged_in=True),
            booking=booking,
            now=now,
        )
    shown = pages.client(salon.store, client_id, now, decision)
    return page(request, "staff/client.html", shown)


@router.get("/bookings/{booking_id}")
def show(request: Request, salon: TheSalon, redemption: Booked) -> Response:
    """Show a booking with its history, and what each act would do to it."""
    shown = pages.appointment(salon.store, redemption, shop.present())
    return page(request, "staff/booking.html", shown)


@router.post("/bookings/{booking_id}/complete")
def complete(person: Here, salon: TheSalon, redemption: Booked, note: Text = "") -> Response:
    """Record that the client was here."""
    note = forms.note(person, note)
    settlement = salon.desk.complete(redemption.booking.id, now=shop.present(), note=note)
    return _done(redemption, settlement)


@router.post("/bookings/{booking_id}/no-show")
def no_show(
    person: Here, salon: TheSalon, redemption: Booked, outcome: Text = "", note: Text = ""
) -> Response:
    """Record that the client did not come."""
    settlement = salon.desk.no_show(
        redemption.booking.id,
        now=shop.present(),
        outcome=forms.no_show_outcome(outcome),
        note=forms.note(person, note),
    )
    return _done(redemption, settlement)


@router.post("/bookings/{booking_id}/forgive")
def forgive(person: Here, salon: TheSalon, redemption: Booked, note: Text = "") -> Response:
    """Give a credit back that was redeemed or forfeited; the note says why."""
    note = forms.note(person, note, required=True)
    settlement = salon.desk.forgive(redemption.booking.id, now=shop.present(), note=note)
    return _done(redemption, settlement)


@router.post("/bookings/{booking_id}/move")
def move(
    person: Here, salon: TheSalon, redemption: Booked, starts_at: Text = "", note: Text = ""
) -> Response:
    """Move a booking for the client: never refused, also inside the window."""
    now, new_start = shop.present(), forms.start(starts_at)
    forms.check_free(new_start, now)
    settlement = salon.desk.reschedule(
        redemption.booking.id,
        account=shop.account(),
        client=Client(id=redemption.client_id),
        starts_at=new_start,
        by=Actor.BUSINESS,
        now=now,
        note=forms.note(person, note),
    )
    salon.diary.keep(salon.store, redemption.booking, redemption.client_id)
    return _done(redemption, settlement)


@router.post("/bookings/{booking_id}/cancel")
def cancel(person: Here, salon: TheSalon, redemption: Booked, note: Text = "") -> Response:
    """Cancel for the salon: the credit always returns."""
    settlement = salon.desk.cancel(
        redemption.booking.id,
        by=Actor.BUSINESS,
        now=shop.present(),
        note=forms.note(person, note),
    )
    return _done(redemption, settlement)


def _done(redemption: Redemption, settlement: Settlement) -> Response:
    forms.check_allowed(settlement, Audience.STAFF)
    return RedirectResponse(f"/staff/bookings/{redemption.booking.id}", 303)
