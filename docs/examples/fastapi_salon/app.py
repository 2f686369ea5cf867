"""A salon's booking pages in FastAPI: log in, pick services, check, book, cancel.

From `docs/examples`: `SALON_FILE=salon.db uvicorn --factory fastapi_salon.app:from_environment`.
"""

import os
import secrets
from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from pydantic import AwareDatetime, BaseModel

import shop
from pkgredeem import (
    Actor,
    Audience,
    Client,
    ClosedRedemptionError,
    InvalidValueError,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
)
from pkgredeem.documents import decision_document, settlement_document
from pkgredeem.stores import RedemptionStore
from stores.sqlite_store import SqliteStore

COOKIE = "salon"
POLICY = RedemptionPolicy()
router = APIRouter()
templates = Jinja2Templates(shop.TEMPLATES)


def who(request: Request) -> Client:
    """Return who is here; yours are in your session store."""
    client_id = request.app.state.logged_in.get(request.cookies.get(COOKIE))
    return Client(id=client_id, logged_in=client_id is not None)


def desk_of(request: Request) -> RedemptionDesk:
    """Return the desk of this app."""
    return cast("RedemptionDesk", request.app.state.desk)


Who = Annotated[Client, Depends(who)]
Desk = Annotated[RedemptionDesk, Depends(desk_of)]


def own(booking_id: str, client: Client, desk: RedemptionDesk) -> Redemption:
    """Return the client's own redemption; somebody else's is not there."""
    redemption = desk.store.redemption(booking_id)
    if redemption is None or redemption.client_id != client.id:
        raise HTTPException(404)
    return redemption


class Picked(BaseModel):
    """What the client picks."""

    starts_at: AwareDatetime
    services: list[str]


class Confirmed(Picked):
    """What the client confirms."""

    booking_id: str


def page(request: Request, name: str, client: Client, **shown: object) -> Response:
    """Return a page, which always says who is logged in."""
    return templates.TemplateResponse(request, name, {"client": client.id, **shown})


@router.get("/shop.css")
def style() -> Response:
    """Return the style of all pages."""
    return FileResponse(shop.STYLE)


@router.get("/login")
def ask_who(request: Request, client: Who) -> Response:
    """Ask for an address."""
    return page(request, "login.html", client)


@router.post("/login")
def log_in(request: Request, email: Annotated[str, Form()]) -> Response:
    """Remember whose the address is, in a cookie that no other site can send."""
    client_id = shop.CLIENTS.get(email)
    if client_id is None:
        return page(request, "login.html", Client.guest(), unknown=True)
    token = secrets.token_urlsafe()
    request.app.state.logged_in[token] = client_id
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
    return answer


@router.post("/logout")
def log_out(request: Request) -> Response:
    """Forget who is here."""
    request.app.state.logged_in.pop(request.cookies.get(COOKIE), None)
    return RedirectResponse("/", 303)


@router.get("/")
def menu(request: Request, client: Who, desk: Desk) -> Response:
    """Show the services, the free times, and to Ana that a package of hers is available."""
    now = shop.present()
    held = desk.store.packages_of(client.id, not_over_at=now) if client.id else []
    return page(
        request,
        "menu.html",
        client,
        services=shop.MENU.values(),
        slots=[(each.isoformat(), shop.said(each)) for each in shop.slots(now)],
        notice=POLICY.notice(account=shop.account(), client=client, packages=held, now=now),
    )


@router.post("/checkout")
def check(
    request: Request,
    client: Who,
    desk: Desk,
    starts_at: Annotated[datetime, Form()],
    services: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Show what would be booked and how it would be paid; write nothing."""
    if services is None:
        return RedirectResponse("/", 303)
    # The id is made before the client confirms: booking twice is then booking once.
    booking = shop.booking(secrets.token_hex(8), services, starts_at)
    decision = desk.quote(
        account=shop.account(), client=client, booking=booking, now=shop.present()
    )
    return page(
        request,
        "checkout.html",
        client,
        decision=decision,
        told=decision.explain(Audience.CLIENT),
        when=shop.said(starts_at),
        starts_at=starts_at.isoformat(),
    )


@router.post("/book")
def book(
    request: Request, client: Who, desk: Desk, confirmed: Annotated[Confirmed, Form()]
) -> Response:
    """Book: with a package where one pays, and else with the card and the deposit as always."""
    booking_id, starts_at = confirmed.booking_id, confirmed.starts_at
    booking = shop.booking(booking_id, confirmed.services, starts_at)
    try:
        decision = desk.redeem(
            account=shop.account(), client=client, booking=booking, now=shop.present()
        )
    except ClosedRedemptionError:  # booked and cancelled before, then sent again
        return RedirectResponse(f"/bookings/{booking_id}", 303)
    if decision.eligible:
        return RedirectResponse(f"/bookings/{booking_id}", 303)
    # Somebody may have been quicker since the check: this decision says what to ask for now.
    told = decision.explain(Audience.CLIENT)
    when = shop.said(starts_at)
    return page(request, "pay.html", client, decision=decision, told=told, when=when)


@router.get("/bookings/{booking_id}")
def show(request: Request, booking_id: str, client: Who, desk: Desk) -> Response:
    """Show a booking, and what cancelling it now would do, or has done; write nothing."""
    redemption, now = own(booking_id, client, desk), shop.present()
    # Only with their packages it is known whether the credits can be used again.
    packages = desk.store.packages_of(
        redemption.client_id,
        not_over_at=now,
        also=[draw.package_id for draw in redemption.draws],
    )
    settlement = POLICY.cancel(redemption, by=Actor.CLIENT, now=now, packages=packages)
    return page(
        request,
        "booking.html",
        client,
        redemption=redemption,
        open=redemption.is_open,
        when=shop.said(redemption.starts_at),
        promises=shop.promises(redemption),
        settlement=settlement,
        told=settlement.explain(Audience.CLIENT),
    )


@router.post("/bookings/{booking_id}/cancel")
def cancel(booking_id: str, client: Who, desk: Desk) -> Response:
    """Cancel the client's own booking."""
    own(booking_id, client, desk)
    desk.cancel(booking_id, by=Actor.CLIENT, now=shop.present())
    return RedirectResponse(f"/bookings/{booking_id}", 303)


@router.post("/api/quote")
def quote(client: Who, desk: Desk, picked: Picked) -> dict[str, object]:
    """Tell an app what a checkout would show.

    It gets a document: a decision holds more than a client may read, and more than JSON can say.
    """
    decision = desk.quote(
        account=shop.account(),
        client=client,
        booking=shop.booking(secrets.token_hex(8), picked.services, picked.starts_at),
        now=shop.present(),
    )
    return decision_document(decision, Audience.CLIENT)


@router.post("/api/bookings/{booking_id}/cancel")
def cancel_by_app(booking_id: str, client: Who, desk: Desk) -> dict[str, object]:
    """Cancel the client's own booking, and tell an app what became of the credits."""
    own(booking_id, client, desk)
    settlement = desk.cancel(booking_id, by=Actor.CLIENT, now=shop.present())
    return settlement_document(settlement, Audience.CLIENT)


def create_app(store: RedemptionStore) -> FastAPI:
    """Return the app on that store."""
    app = FastAPI(openapi_url=None)
    app.state.desk = RedemptionDesk(POLICY, store)
    app.state.logged_in = {}
    app.include_router(router)
    return app


def from_environment() -> FastAPI:
    """Return the app on the SQLite file that `SALON_FILE` names, with what was sold in it."""
    store = SqliteStore(os.environ["SALON_FILE"])
    for package in shop.sold():
        try:
            store.add(package)
        except InvalidValueError:
            continue  # it is there from an earlier start
    return create_app(store)
