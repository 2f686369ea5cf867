"""A client's pages: pick services, check, book, move, exchange, cancel.

Every act is `by=Actor.CLIENT`, and of the client's own bookings only: `by` is a record, and who may
act is checked here (D36).
"""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

import shop
from django_salon.models import Appointment
from django_salon.transactions import in_one_transaction
from django_salon.visit import DESK, STORE, own, page, person_here, redemptions
from pkgredeem import Actor, Audience, Booking
from shop import forms, pages


@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    """Show the services, the free times, the client's bookings, and whether a package is there."""
    return page(request, "menu.html", _menu(request))


@require_GET
def pick_instead(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Show the same menu, to pick another service instead."""
    own(request, booking_id)
    return page(request, "menu.html", {"replaces": booking_id, **_menu(request)})


def _menu(request: HttpRequest) -> dict[str, object]:
    client = person_here(request).client
    appointments = Appointment.objects.filter(client_id=client.id) if client.id else []
    return pages.menu(STORE, client, redemptions(appointments), shop.present())


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Show what would be booked and how it would be paid; write nothing."""
    # The id is made before the client confirms: booking twice is then booking once.
    booking = _booking(request, secrets.token_hex(8))
    replaces = _replaces(request)
    decision = DESK.quote(
        account=shop.account(),
        client=person_here(request).client,
        booking=booking,
        now=shop.present(),
        replaces=replaces,
    )
    return page(request, "checkout.html", pages.checkout(decision, replaces))


@require_POST
@in_one_transaction
def book(request: HttpRequest) -> HttpResponse:
    """Book: with a package where one pays, and else with the card and the deposit as always."""
    booking = _booking(request, request.POST.get("booking_id", ""))
    replaces = _replaces(request)
    account, client, now = shop.account(), person_here(request).client, shop.present()
    if replaces is None:
        decision = DESK.redeem(account=account, client=client, booking=booking, now=now)
    else:
        decision = DESK.exchange(
            replaces, account=account, client=client, booking=booking, by=Actor.CLIENT, now=now
        )
    if decision.eligible:
        Appointment.objects.get_or_create(
            booking_id=booking.id,
            defaults={"client_id": client.id, "starts_at": booking.starts_at},
        )
        return redirect(f"/bookings/{booking.id}")
    # Somebody may have been quicker since the check: this decision says what to ask for now.
    name = "pay.html" if replaces is None else "checkout.html"
    return page(request, name, pages.checkout(decision, replaces))


def _booking(request: HttpRequest, booking_id: str) -> Booking:
    services = request.POST.getlist("services")
    starts_at = forms.start(request.POST.get("starts_at", ""))
    return forms.booking(STORE, booking_id, services, starts_at, shop.present())


def _replaces(request: HttpRequest) -> str | None:
    """Return which of the client's bookings is given up for the new one, if any."""
    replaces = request.POST.get("replaces")
    return own(request, replaces).booking.id if replaces else None


@require_GET
def show(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Show a booking, and what cancelling it now would do, or has done; write nothing."""
    shown = pages.booking(STORE, own(request, booking_id), shop.present())
    return page(request, "booking.html", shown)


@require_POST
@in_one_transaction
def move(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Move the client's own booking to another free time; the credits stay reserved."""
    own(request, booking_id)
    now, new_start = shop.present(), forms.start(request.POST.get("starts_at", ""))
    forms.check_free(new_start, now)
    settlement = DESK.reschedule(
        booking_id,
        account=shop.account(),
        client=person_here(request).client,
        starts_at=new_start,
        by=Actor.CLIENT,
        now=now,
    )
    forms.check_allowed(settlement, Audience.CLIENT)
    Appointment.objects.filter(booking_id=booking_id).update(starts_at=new_start)
    return redirect(f"/bookings/{booking_id}")


@require_POST
@in_one_transaction
def cancel(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Cancel the client's own booking."""
    own(request, booking_id)
    settlement = DESK.cancel(booking_id, by=Actor.CLIENT, now=shop.present())
    forms.check_allowed(settlement, Audience.CLIENT)
    return redirect(f"/bookings/{booking_id}")
