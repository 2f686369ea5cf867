"""The salon that both example apps are about: its settings, its menu, its clients, its packages.

In your own system all of this comes from your database; the pages in `templates` are yours as well.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    Booking,
    BookingLine,
    CancellationTerms,
    ClientLogin,
    CreditOutcome,
    Entitlement,
    Package,
    Redemption,
    Service,
)

ZONE: Final = ZoneInfo("Pacific/Auckland")
TEMPLATES: Final = Path(__file__).parent / "templates"
STYLE: Final = Path(__file__).parent / "shop.css"
CLOCK: Final = "SALON_CLOCK"

MENU: Final[Mapping[str, Service]] = {
    each.id: each
    for each in (
        Service(id="facial", name="Facial"),
        Service(id="massage", name="Massage"),
        Service(id="brow-tint", name="Brow tint"),
    )
}
CLIENTS: Final[Mapping[str, str]] = {"ana@example.com": "ana", "ben@example.com": "ben"}


def present() -> datetime:
    """Return the present: the one place where an app asks for it.

    The tests name a file in the environment that holds another present, so that they need not wait
    for a day to pass.
    """
    clock = os.environ.get(CLOCK)
    return datetime.now(UTC) if clock is None else datetime.fromisoformat(Path(clock).read_text())


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
    """Return what was sold at the counter: two facials for Ana."""
    two_facials = Entitlement(services=frozenset({"facial"}), remaining=2)
    return [Package(id="facials-of-ana", client_id="ana", entitlements=(two_facials,))]


def slots(now: datetime) -> list[datetime]:
    """Return the free times of the coming week: ten and three o'clock, from tomorrow on."""
    today = now.astimezone(ZONE).date()
    days = [today + timedelta(days=ahead) for ahead in range(1, 8)]
    return [datetime.combine(day, time(hour), ZONE) for day in days for hour in (10, 15)]


def booking(booking_id: str, service_ids: Iterable[str], starts_at: datetime) -> Booking:
    """Return what the client picked; a service that is not on the menu is a KeyError."""
    lines = tuple(BookingLine(MENU[each]) for each in service_ids)
    return Booking(id=booking_id, lines=lines, starts_at=starts_at)


def said(moment: datetime) -> str:
    """Return an instant as the salon says it."""
    local = moment.astimezone(ZONE)
    return f"{local:%A} {local.day} {local:%B, %H:%M}"


def promises(redemption: Redemption) -> list[str]:
    """Return what a cancellation does and until when: the booking's own times may be told."""
    becomes = {
        CreditOutcome.RETURN: "the credit is back in your package",
        CreditOutcome.FORFEIT: "the credit is forfeited",
    }
    told: list[str] = []
    for until, outcome, _ in redemption.schedule:
        when = f"later than that, until {said(until)}," if told else f"until {said(until)}"
        told.append(f"Cancel {when} and {becomes[outcome]}.")
    return told
