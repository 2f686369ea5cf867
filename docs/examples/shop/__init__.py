"""The salon that both example apps are about: its settings, its menu, its people, its packages.

In your own system all of this comes from your database. What people may send is read in `forms`,
what the pages show is put together in `pages`, and the pages themselves are in `templates`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    CancellationTerms,
    Client,
    ClientLogin,
    CreditOutcome,
    Entitlement,
    Package,
    RedemptionPolicy,
    Service,
)

POLICY: Final = RedemptionPolicy()
ZONE: Final = ZoneInfo("Pacific/Auckland")
TEMPLATES: Final = Path(__file__).parent / "templates"
STYLE: Final = Path(__file__).parent / "shop.css"
CLOCK: Final = "SALON_CLOCK"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is here, as your own login knows it: a guest, a client, or one of the staff."""

    name: str = ""
    client: Client = field(default_factory=Client.guest)
    is_staff: bool = False


def _client(client_id: str, name: str) -> Person:
    return Person(name=name, client=Client(id=client_id, logged_in=True))


#: By e-mail address.
PEOPLE: Final[Mapping[str, Person]] = {
    "ana@example.com": _client("ana", "Ana"),
    "ben@example.com": _client("ben", "Ben"),
    "cleo@example.com": _client("cleo", "Cleo"),
    "kim@example.com": Person(name="Kim", is_staff=True),
}
CLIENTS: Final[Mapping[str, str]] = {
    person.client.id: person.name for person in PEOPLE.values() if person.client.id is not None
}
MENU: Final[Mapping[str, Service]] = {
    service.id: service
    for service in (
        Service(id="facial", name="Facial"),
        Service(id="massage", name="Massage"),
        Service(id="brow-tint", name="Brow tint"),
    )
}


def person(email: str | None) -> Person:
    """Return whose address that is; a guest where it is nobody's."""
    return PEOPLE.get(email or "", Person())


def account() -> AccountSettings:
    """Return the salon's settings."""
    return AccountSettings(
        online_redemption=True,
        client_login=ClientLogin.OPTIONAL,
        deposit_required=True,
        card_capture=True,
        cancellation=CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT),
        time_zone=ZONE,
    )


def sold() -> list[Package]:
    """Return what was sold at the counter: two visits to Ana, one to Cleo."""
    return [_visits("ana", 2), _visits("cleo", 1)]


def _visits(client_id: str, count: int) -> Package:
    visits = Entitlement(services=["facial", "massage"], remaining=count)
    return Package(
        id=f"visits-of-{client_id}",
        name="Facials or massages",
        client_id=client_id,
        entitlements=[visits],
    )


def present() -> datetime:
    """Return the present: the one place where an app asks for it.

    The tests name a file in the environment that holds another present, so that they need not wait
    for a day to pass.
    """
    clock = os.environ.get(CLOCK)
    return datetime.now(UTC) if clock is None else datetime.fromisoformat(Path(clock).read_text())


def slots(now: datetime) -> list[datetime]:
    """Return the free times of the coming week: ten and three o'clock, from tomorrow on.

    This salon has rooms enough: a time stays free, however many book it.
    """
    today = now.astimezone(ZONE).date()
    days = [today + timedelta(days=ahead) for ahead in range(1, 8)]
    return [datetime.combine(day, time(hour), ZONE) for day in days for hour in (10, 15)]
