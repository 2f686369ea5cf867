"""Staff's pages: the day, the balances of a client, and how an appointment ends.

Every act is `by=Actor.BUSINESS`, with who did it in its note (D36). All of them are behind one
check of who is here, which `staff_urls` puts before every view.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

import shop
from django_salon.models import Appointment
from django_salon.transactions import in_one_transaction
from django_salon.visit import DESK, STORE, booked, page, person_here, redemptions
from pkgredeem import Actor, Audience, Client, Settlement
from shop import forms, pages

_View = Callable[..., HttpResponse]


def staff_only(view: _View) -> _View:
    """Make a view that refuses everybody else."""

    @wraps(view)
    def checked(request: HttpRequest, **path: str) -> HttpResponse:
        if not person_here(request).is_staff:
            told = "This page is for staff. Please log in."
            raise forms.RefusedError(HTTPStatus.FORBIDDEN, told)
        return view(request, **path)

    return checked


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """Show the appointments of a day that packages pay for."""
    wanted = forms.day(request.GET.get("day", ""), shop.present())
    shown = pages.day(wanted, redemptions(Appointment.on(wanted)))
    return page(request, "staff/day.html", shown)


@require_GET
def client(request: HttpRequest, client_id: str) -> HttpResponse:
    """Show a client's packages, and why a package would pay for a booking or would not."""
    if client_id not in shop.CLIENTS:
        raise forms.RefusedError(HTTPStatus.NOT_FOUND, "There is no such client.")
    now, decision = shop.present(), None
    if "starts_at" in request.GET:
        services, starts_at = request.GET.getlist("services"), forms.start(request.GET["starts_at"])
        # Asked as the client would ask online, not as staff book at the desk (D34).
        decision = DESK.quote(
            account=shop.account(),
            client=Client(id=client_id, logged_in=True),
            booking=forms.booking(STORE, secrets.token_hex(8), services, starts_at, now),
            now=now,
        )
    shown = pages.client(STORE, client_id, now, decision)
    return page(request, "staff/client.html", shown)


@require_GET
def show(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Show a booking with its history, and what each act would do to it."""
    shown = pages.appointment(STORE, booked(booking_id), shop.present())
    return page(request, "staff/booking.html", shown)


@require_POST
@in_one_transaction
def complete(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Record that the client was here."""
    settlement = DESK.complete(booking_id, now=shop.present(), note=_note(request))
    return _done(booking_id, settlement)


@require_POST
@in_one_transaction
def no_show(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Record that the client did not come."""
    settlement = DESK.no_show(
        booking_id,
        now=shop.present(),
        outcome=forms.no_show_outcome(request.POST.get("outcome", "")),
        note=_note(request),
    )
    return _done(booking_id, settlement)


@require_POST
@in_one_transaction
def forgive(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Give a credit back that was redeemed or forfeited; the note says why."""
    note = _note(request, required=True)
    settlement = DESK.forgive(booking_id, now=shop.present(), note=note)
    return _done(booking_id, settlement)


@require_POST
@in_one_transaction
def move(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Move a booking for the client: never refused, also inside the window."""
    now, new_start = shop.present(), forms.start(request.POST.get("starts_at", ""))
    forms.check_free(new_start, now)
    settlement = DESK.reschedule(
        booking_id,
        account=shop.account(),
        client=Client(id=booked(booking_id).client_id),
        starts_at=new_start,
        by=Actor.BUSINESS,
        now=now,
        note=_note(request),
    )
    Appointment.objects.filter(booking_id=booking_id).update(starts_at=new_start)
    return _done(booking_id, settlement)


@require_POST
@in_one_transaction
def cancel(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Cancel for the salon: the credit always returns."""
    settlement = DESK.cancel(booking_id, by=Actor.BUSINESS, now=shop.present(), note=_note(request))
    return _done(booking_id, settlement)


def _note(request: HttpRequest, *, required: bool = False) -> str:
    return forms.note(person_here(request), request.POST.get("note", ""), required=required)


def _done(booking_id: str, settlement: Settlement) -> HttpResponse:
    forms.check_allowed(settlement, Audience.STAFF)
    return redirect(f"/staff/bookings/{booking_id}")
