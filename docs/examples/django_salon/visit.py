"""What every request needs: the store and its desks, who is here, and how a page is shown."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import shop
from django_salon.models import Appointment
from pkgredeem import Redemption, RedemptionDesk
from pkgredeem.stores.django import DjangoStore
from shop import Person, forms

STORE: Final = DjangoStore()
#: For views in `in_one_transaction`, which does all of it again after a conflict.
DESK: Final = RedemptionDesk(shop.POLICY, STORE, attempts=1)


def person_here(request: HttpRequest) -> Person:
    """Return who is here; yours is in `django.contrib.auth`."""
    return shop.person(request.session.get("email"))


def booked(booking_id: str) -> Redemption:
    """Return the redemption of a booking, whoever's it is."""
    redemption = STORE.redemption(booking_id)
    if redemption is None:
        raise forms.no_such_booking()
    return redemption


def own(request: HttpRequest, booking_id: str) -> Redemption:
    """Return the client's own redemption of a booking; another's is not there."""
    redemption = booked(booking_id)
    if redemption.client_id != person_here(request).client.id:
        raise forms.no_such_booking()
    return redemption


def redemptions(appointments: Iterable[Appointment]) -> list[Redemption]:
    """Return how these appointments are paid."""
    return [booked(appointment.booking_id) for appointment in appointments]


def page(
    request: HttpRequest, name: str, shown: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """Return a page, which always says who is logged in."""
    return render(request, name, {"person": person_here(request), **shown}, status=status)
