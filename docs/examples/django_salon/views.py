"""A salon's booking pages in Django: log in, pick services, check, book, cancel."""

import secrets
from datetime import datetime

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

import shop
from pkgredeem import (
    Actor,
    Audience,
    Client,
    ClosedRedemptionError,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
)
from stores.django_store.store import DjangoStore

POLICY = RedemptionPolicy()
STORE = DjangoStore()
DESK = RedemptionDesk(POLICY, STORE)


def who(request: HttpRequest) -> Client:
    """Return who is here; yours are in `django.contrib.auth`."""
    client_id = request.session.get("client")
    return Client(id=client_id, logged_in=client_id is not None)


def own(request: HttpRequest, booking_id: str) -> Redemption:
    """Return the client's own redemption; somebody else's is not there."""
    redemption = STORE.redemption(booking_id)
    if redemption is None or redemption.client_id != who(request).id:
        raise Http404
    return redemption


def page(request: HttpRequest, name: str, **shown: object) -> HttpResponse:
    """Return a page, which always says who is logged in."""
    return render(request, name, {"client": who(request).id, **shown})


@require_GET
def style(_: HttpRequest) -> HttpResponseBase:
    """Return the style of all pages."""
    return FileResponse(shop.STYLE.open("rb"), content_type="text/css")


def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address, and remember whose it is."""
    if request.method != "POST":
        return page(request, "login.html")
    client_id = shop.CLIENTS.get(request.POST.get("email", ""))
    if client_id is None:
        return page(request, "login.html", unknown=True)
    request.session["client"] = client_id
    return redirect("/")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Forget who is here."""
    request.session.flush()
    return redirect("/")


@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    """Show the services, the free times, and to Ana that a package of hers is available."""
    now, client = shop.present(), who(request)
    held = STORE.packages_of(client.id, not_over_at=now) if client.id else []
    return page(
        request,
        "menu.html",
        services=shop.MENU.values(),
        slots=[(each.isoformat(), shop.said(each)) for each in shop.slots(now)],
        notice=POLICY.notice(account=shop.account(), client=client, packages=held, now=now),
    )


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Show what would be booked and how it would be paid; write nothing."""
    services = request.POST.getlist("services")
    if not services:
        return redirect("/")
    starts_at = datetime.fromisoformat(request.POST["starts_at"])
    # The id is made before the client confirms: booking twice is then booking once.
    booking = shop.booking(secrets.token_hex(8), services, starts_at)
    decision = DESK.quote(
        account=shop.account(), client=who(request), booking=booking, now=shop.present()
    )
    return page(
        request,
        "checkout.html",
        decision=decision,
        told=decision.explain(Audience.CLIENT),
        when=shop.said(starts_at),
        starts_at=starts_at.isoformat(),
    )


@require_POST
def book(request: HttpRequest) -> HttpResponse:
    """Book: with a package where one pays, and else with the card and the deposit as always."""
    booking_id = request.POST["booking_id"]
    starts_at = datetime.fromisoformat(request.POST["starts_at"])
    booking = shop.booking(booking_id, request.POST.getlist("services"), starts_at)
    try:
        # Your own row of the booking belongs into this block: both are kept, or neither.
        with transaction.atomic():
            decision = RedemptionDesk(POLICY, STORE, attempts=1).redeem(
                account=shop.account(), client=who(request), booking=booking, now=shop.present()
            )
    except ClosedRedemptionError:  # booked and cancelled before, then sent again
        return redirect(f"/bookings/{booking_id}")
    if decision.eligible:
        return redirect(f"/bookings/{booking_id}")
    # Somebody may have been quicker since the check: this decision says what to ask for now.
    told = decision.explain(Audience.CLIENT)
    return page(request, "pay.html", decision=decision, told=told, when=shop.said(starts_at))


@require_GET
def show(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Show a booking, and what cancelling it now would do, or has done; write nothing."""
    redemption, now = own(request, booking_id), shop.present()
    # Only with their packages it is known whether the credits can be used again.
    packages = STORE.packages_of(
        redemption.client_id,
        not_over_at=now,
        also=[draw.package_id for draw in redemption.draws],
    )
    settlement = POLICY.cancel(redemption, by=Actor.CLIENT, now=now, packages=packages)
    return page(
        request,
        "booking.html",
        redemption=redemption,
        open=redemption.is_open,
        when=shop.said(redemption.starts_at),
        promises=shop.promises(redemption),
        settlement=settlement,
        told=settlement.explain(Audience.CLIENT),
    )


@require_POST
def cancel(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Cancel the client's own booking."""
    own(request, booking_id)
    DESK.cancel(booking_id, by=Actor.CLIENT, now=shop.present())
    return redirect(f"/bookings/{booking_id}")
