"""What every request needs: the salon, who is here, and how a page is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

import shop
from fastapi_salon.diary import Diary
from pkgredeem import Redemption, RedemptionDesk
from shop import Person, forms, pages

COOKIE = "salon"
_templates = Jinja2Templates(shop.TEMPLATES)


@dataclass(frozen=True)
class Salon:
    """What the app holds on to; all of it is safe to use from many threads."""

    desk: RedemptionDesk
    store: pages.Store
    diary: Diary
    #: The e-mail address by the token of a cookie; yours is in your session store.
    logged_in: dict[str, str] = field(default_factory=dict)

    def redemptions(self, booking_ids: list[str]) -> list[Redemption]:
        """Return those of these bookings that a package pays for."""
        found = map(self.store.redemption, booking_ids)
        return [redemption for redemption in found if redemption is not None]


def salon_of(request: Request) -> Salon:
    """Return the salon of this app."""
    return cast("Salon", request.app.state.salon)


def person_here(request: Request) -> Person:
    """Return who is here."""
    token = request.cookies.get(COOKIE, "")
    return shop.person(salon_of(request).logged_in.get(token))


TheSalon = Annotated[Salon, Depends(salon_of)]
Here = Annotated[Person, Depends(person_here)]


def own(booking_id: str, salon: TheSalon, person: Here) -> Redemption:
    """Return the client's own redemption of the booking in the path; another's is not there."""
    redemption = salon.store.redemption(booking_id)
    if redemption is None or redemption.client_id != person.client.id:
        raise forms.no_such_booking()
    return redemption


Own = Annotated[Redemption, Depends(own)]


def page(
    request: Request, name: str, shown: Mapping[str, object], *, status: int = 200
) -> Response:
    """Return a page, which always says who is logged in."""
    context = {"person": person_here(request), **shown}
    return _templates.TemplateResponse(request, name, context, status_code=status)
