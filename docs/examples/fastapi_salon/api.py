"""The client's side for an app on a phone: documents in JSON, each under its JSON Schema.

A `Decision` itself holds more than a client may read, and more than JSON can say, so documents for
`Audience.CLIENT` are returned (D24). The OpenAPI document shows the library's own schemas.
"""

import secrets
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, Field, WithJsonSchema

import shop
from fastapi_salon.client import redeem
from fastapi_salon.visit import Here, Own, TheSalon, own
from pkgredeem import Actor, Audience
from pkgredeem.documents import (
    decision_document,
    decision_schema,
    settlement_document,
    settlement_schema,
)
from shop import forms


def _for_client(schema: dict[str, Any]) -> WithJsonSchema:
    """Return what a client gets: the first of the two, the other one is for staff."""
    return WithJsonSchema(schema["anyOf"][0])


DecisionDocument: TypeAlias = Annotated[dict[str, object], _for_client(decision_schema())]
SettlementDocument: TypeAlias = Annotated[dict[str, object], _for_client(settlement_schema())]


# What the shop checks, told to whoever reads the OpenAPI document; the sentences are the shop's.
_SERVICES: Final[dict[str, Any]] = {
    "items": {"enum": list(shop.MENU)},
    "minItems": 1,
    "uniqueItems": True,
}
BookingId: TypeAlias = Annotated[str, Path(json_schema_extra={"pattern": forms.BOOKING_ID})]


class Problem(BaseModel):
    """What was wrong with a request."""

    detail: str


class Moved(BaseModel):
    """When it shall be instead."""

    starts_at: AwareDatetime


class Picked(Moved):
    """What the client picks, and which booking is given up for it, if any."""

    services: Annotated[list[str], Field(json_schema_extra=_SERVICES)]
    replaces: str | None = None


router = APIRouter(prefix="/api", responses={"4XX": {"model": Problem}})


@router.post("/quote")
def quote(person: Here, salon: TheSalon, picked: Picked) -> DecisionDocument:
    """Tell what a checkout would show; write nothing."""
    now, booking_id = shop.present(), secrets.token_hex(8)
    booking = forms.booking(salon.store, booking_id, picked.services, picked.starts_at, now)
    if picked.replaces is not None:
        own(picked.replaces, salon, person)
    decision = salon.desk.quote(
        account=shop.account(),
        client=person.client,
        booking=booking,
        now=now,
        replaces=picked.replaces,
    )
    return decision_document(decision, Audience.CLIENT)


@router.put("/bookings/{booking_id}")
def book(person: Here, salon: TheSalon, booking_id: BookingId, picked: Picked) -> DecisionDocument:
    """Book under an id that the app makes: sent twice, it is booked once."""
    booking = forms.booking(
        salon.store, booking_id, picked.services, picked.starts_at, shop.present()
    )
    return decision_document(redeem(salon, person, booking, picked.replaces), Audience.CLIENT)


@router.post("/bookings/{booking_id}/move")
def move(person: Here, salon: TheSalon, redemption: Own, moved: Moved) -> SettlementDocument:
    """Move the client's own booking to another free time."""
    now = shop.present()
    forms.check_free(moved.starts_at, now)
    settlement = salon.desk.reschedule(
        redemption.booking.id,
        account=shop.account(),
        client=person.client,
        starts_at=moved.starts_at,
        by=Actor.CLIENT,
        now=now,
    )
    if settlement.allowed:
        salon.diary.keep(salon.store, redemption.booking, redemption.client_id)
    return settlement_document(settlement, Audience.CLIENT)


@router.post("/bookings/{booking_id}/cancel")
def cancel(salon: TheSalon, redemption: Own) -> SettlementDocument:
    """Cancel the client's own booking, and tell what became of the credits."""
    settlement = salon.desk.cancel(redemption.booking.id, by=Actor.CLIENT, now=shop.present())
    return settlement_document(settlement, Audience.CLIENT)
