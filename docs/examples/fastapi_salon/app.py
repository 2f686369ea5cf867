"""A salon's booking pages in FastAPI: log in, pick services, check, book, cancel.

From `docs/examples`: `SALON_FILE=salon.db uvicorn --factory fastapi_salon.app:from_environment`.
"""

import os
import secrets
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates

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
from stores.sqlite_store import SqliteStore

COOKIE = "salon"
POLICY = RedemptionPolicy()
pages = Jinja2Templates(shop.TEMPLATES)


def create_app(store: SqliteStore) -> FastAPI:
    """Return the app on that store."""
    app = FastAPI(openapi_url=None)
    desk = RedemptionDesk(POLICY, store)
    logged_in: dict[str, str] = {}  # who holds which cookie; yours are in your session store

    def who(request: Request) -> Client:
        client_id = logged_in.get(request.cookies.get(COOKIE, ""))
        return Client(id=client_id, logged_in=client_id is not None)

    def own(booking_id: str, client: Annotated[Client, Depends(who)]) -> Redemption:
        """Return the client's own redemption; somebody else's is not there."""
        redemption = store.redemption(booking_id)
        if redemption is None or redemption.client_id != client.id:
            raise HTTPException(404)
        return redemption

    def page(request: Request, name: str, client: Client, **shown: object) -> Response:
        return pages.TemplateResponse(request, name, {"client": client.id, **shown})

    @app.get("/shop.css")
    def style() -> Response:
        return FileResponse(shop.STYLE)

    @app.get("/login")
    def ask_who(request: Request, client: Annotated[Client, Depends(who)]) -> Response:
        return page(request, "login.html", client)

    @app.post("/login")
    def log_in(request: Request, email: Annotated[str, Form()]) -> Response:
        client_id = shop.CLIENTS.get(email)
        if client_id is None:
            return page(request, "login.html", Client.guest(), unknown=True)
        token = secrets.token_urlsafe()
        logged_in[token] = client_id
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
        return answer

    @app.post("/logout")
    def log_out(request: Request) -> Response:
        logged_in.pop(request.cookies.get(COOKIE, ""), None)
        return RedirectResponse("/", 303)

    @app.get("/")
    def menu(request: Request, client: Annotated[Client, Depends(who)]) -> Response:
        now = shop.present()
        held = store.packages_of(client.id) if client.id else []
        return page(
            request,
            "menu.html",
            client,
            services=shop.MENU.values(),
            slots=[(each.isoformat(), shop.said(each)) for each in shop.slots(now)],
            notice=POLICY.notice(account=shop.account(), client=client, packages=held, now=now),
        )

    @app.post("/checkout")
    def check(
        request: Request,
        client: Annotated[Client, Depends(who)],
        starts_at: Annotated[datetime, Form()],
        services: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
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

    @app.post("/book")
    def book(
        request: Request,
        client: Annotated[Client, Depends(who)],
        booking_id: Annotated[str, Form()],
        starts_at: Annotated[datetime, Form()],
        services: Annotated[list[str], Form()],
    ) -> Response:
        booking = shop.booking(booking_id, services, starts_at)
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

    @app.get("/bookings/{booking_id}")
    def show(
        request: Request,
        client: Annotated[Client, Depends(who)],
        redemption: Annotated[Redemption, Depends(own)],
    ) -> Response:
        # Nothing is written: the policy only says what a cancellation would do, or has done.
        settlement = POLICY.cancel(redemption, by=Actor.CLIENT, now=shop.present())
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

    @app.post("/bookings/{booking_id}/cancel")
    def cancel(booking_id: str, _: Annotated[Redemption, Depends(own)]) -> Response:
        desk.cancel(booking_id, by=Actor.CLIENT, now=shop.present())
        return RedirectResponse(f"/bookings/{booking_id}", 303)

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
