"""A client's pages: pick services, check, book, move, exchange, cancel.

Every act is `by=Actor.CLIENT`, and of the client's own bookings only: `by` is a record, and who may
act is checked here (D36).
"""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

import shop
from fastapi_salon.visit import Here, Own, Salon, TheSalon, own, page
from pkgredeem import Actor, Audience, Booking, Decision
from shop import Person, forms, pages

router = APIRouter()


class Basket(BaseModel):
    """What a client picks, and which booking is given up for it, if any.

    What is left out is read as an empty text: the sentences about it are the shop's.
    """

    starts_at: str = ""
    services: list[str] = []
    replaces: str = ""


class Confirmed(Basket):
    """What a client confirms."""

    booking_id: str = ""


@router.get("/")
def menu(request: Request, person: Here, salon: TheSalon) -> Response:
    """Show the services, the free times, the client's bookings, and whether a package is there."""
    return page(request, "menu.html", _menu(person, salon))


@router.get("/bookings/{booking_id}/exchange")
def pick_instead(request: Request, person: Here, salon: TheSalon, redemption: Own) -> Response:
    """Show the same menu, to pick another service instead."""
    shown = {"replaces": redemption.booking.id, **_menu(person, salon)}
    return page(request, "menu.html", shown)


def _menu(person: Person, salon: Salon) -> dict[str, object]:
    client_id = person.client.id
    bookings = salon.redemptions(salon.diary.of(client_id)) if client_id else []
    return pages.menu(salon.store, person.client, bookings, shop.present())


@router.post("/checkout")
def check(
    request: Request, person: Here, salon: TheSalon, basket: Annotated[Basket, Form()]
) -> Response:
    """Show what would be booked and how it would be paid; write nothing."""
    now, replaces = shop.present(), basket.replaces or None
    # The id is made before the client confirms: booking twice is then booking once.
    booking = forms.booking(
        salon.store, secrets.token_hex(8), basket.services, forms.start(basket.starts_at), now
    )
    if replaces is not None:
        own(replaces, salon, person)
    decision = salon.desk.quote(
        account=shop.account(), client=person.client, booking=booking, now=now, replaces=replaces
    )
    return page(request, "checkout.html", pages.checkout(decision, replaces))


@router.post("/book")
def book(
    request: Request, person: Here, salon: TheSalon, confirmed: Annotated[Confirmed, Form()]
) -> Response:
    """Book: with a package where one pays, and else with the card and the deposit as always."""
    booking_id, replaces = confirmed.booking_id, confirmed.replaces or None
    starts_at = forms.start(confirmed.starts_at)
    booking = forms.booking(salon.store, booking_id, confirmed.services, starts_at, shop.present())
    decision = redeem(salon, person, booking, replaces)
    if decision.eligible:
        return RedirectResponse(f"/bookings/{booking_id}", 303)
    # Somebody may have been quicker since the check: this decision says what to ask for now.
    name = "pay.html" if replaces is None else "checkout.html"
    return page(request, name, pages.checkout(decision, replaces))


def redeem(salon: Salon, person: Person, booking: Booking, replaces: str | None) -> Decision:
    """Draw the credits, for a new booking or in exchange for one of the client's."""
    account, client, now = shop.account(), person.client, shop.present()
    if replaces is not None:
        own(replaces, salon, person)
    if client.id is not None:
        salon.diary.keep(salon.store, booking, client.id)
    if replaces is None:
        decision = salon.desk.redeem(account=account, client=client, booking=booking, now=now)
    else:
        decision = salon.desk.exchange(
            replaces, account=account, client=client, booking=booking, by=Actor.CLIENT, now=now
        )
    if decision.redemption is not None:
        # The row may still say what was refused under this id before.
        salon.diary.keep(salon.store, booking, decision.redemption.client_id)
    return decision


@router.get("/bookings/{booking_id}")
def show(request: Request, salon: TheSalon, redemption: Own) -> Response:
    """Show a booking, and what cancelling it now would do, or has done; write nothing."""
    return page(request, "booking.html", pages.booking(salon.store, redemption, shop.present()))


@router.post("/bookings/{booking_id}/move")
def move(
    person: Here, salon: TheSalon, redemption: Own, starts_at: Annotated[str, Form()] = ""
) -> Response:
    """Move the client's own booking to another free time; the credits stay reserved."""
    now, new_start = shop.present(), forms.start(starts_at)
    forms.check_free(new_start, now)
    booking_id = redemption.booking.id
    settlement = salon.desk.reschedule(
        booking_id,
        account=shop.account(),
        client=person.client,
        starts_at=new_start,
        by=Actor.CLIENT,
        now=now,
    )
    forms.check_allowed(settlement, Audience.CLIENT)
    salon.diary.keep(salon.store, redemption.booking, redemption.client_id)
    return RedirectResponse(f"/bookings/{booking_id}", 303)


@router.post("/bookings/{booking_id}/cancel")
def cancel(salon: TheSalon, redemption: Own) -> Response:
    """Cancel the client's own booking."""
    booking_id = redemption.booking.id
    settlement = salon.desk.cancel(booking_id, by=Actor.CLIENT, now=shop.present())
    forms.check_allowed(settlement, Audience.CLIENT)
    return RedirectResponse(f"/bookings/{booking_id}", 303)
