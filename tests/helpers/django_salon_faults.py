"""The Django example in a process of its own, in which something fails at a chosen moment.

Started as a script with the environment of the app: Django's settings belong to a whole process.
Prints what is stored after each fault, as JSON.
"""

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest import mock

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "django_salon.settings"
django.setup()

from django.core.management import CommandError, call_command  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402 - Django is set up first

import shop  # noqa: E402 - Django is set up first
from django_salon.models import Appointment  # noqa: E402 - Django is set up first
from django_salon.visit import DESK, STORE  # noqa: E402 - Django is set up first
from pkgredeem import (  # noqa: E402 - Django is set up first
    Booking,
    Change,
    ConflictError,
    Entitlement,
    Package,
    Redemption,
)
from pkgredeem import Client as SalonClient  # noqa: E402 - Django is set up first

THURSDAY = "2026-05-07T10:00:00+12:00"


def stored(booking_id: str) -> list[bool]:
    """Return whether there is a redemption, and whether there is a row."""
    rows = Appointment.objects.filter(booking_id=booking_id)
    return [STORE.redemption(booking_id) is not None, rows.exists()]


@contextmanager
def conflicts(count: int) -> Iterator[list[None]]:
    """Let the next commits come too late, after they have written; yield all that were tried."""
    commit: Callable[..., None] = type(STORE).commit
    tried: list[None] = []

    def late(store: object, *changes: Change) -> None:
        tried.append(None)
        commit(store, *changes)
        if len(tried) <= count:
            raise ConflictError("others were quicker")

    with mock.patch.object(type(STORE), "commit", late):
        yield tried


@contextmanager
def overtaken_by_a_no_show(booking_id: str) -> Iterator[None]:
    """Let staff record a no-show of that booking as soon as the command has looked at it."""
    redemption: Callable[..., Redemption | None] = type(STORE).redemption
    looked: list[str] = []

    def read(store: object, asked: str) -> Redemption | None:
        found = redemption(store, asked)
        if asked == booking_id and not looked:
            looked.append(asked)
            DESK.no_show(booking_id, now=shop.present())
        return found

    with mock.patch.object(type(STORE), "redemption", read):
        yield


def book_of_dan(booking_id: str, starts_at: str) -> None:
    """Book for a client of whom the salon's pages know nothing, with a row."""
    moment = datetime.fromisoformat(starts_at)
    booking = Booking.of(shop.MENU["facial"], id=booking_id, starts_at=moment)
    dan = SalonClient(id="dan", logged_in=True)
    DESK.redeem(account=shop.account(), client=dan, booking=booking, now=shop.present())
    Appointment.objects.create(booking_id=booking_id, client_id="dan", starts_at=moment)


def complete_the_day() -> str:
    """Run the command, and return what it says on its way or why it fails."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("complete", stdout=out, stderr=err)
    except CommandError as error:
        return f"{err.getvalue()}{error}"
    return out.getvalue().strip()


def end_of_the_day() -> dict[str, object]:
    """Complete a day with a visit, a no-show and an appointment that is still to come."""
    four = Entitlement(services=["facial"], remaining=4)
    STORE.add(Package(id="visits-of-dan", client_id="dan", entitlements=[four]))
    for booking_id in ("came", "missed", "late"):
        book_of_dan(booking_id, THURSDAY)
    book_of_dan("to come", "2026-05-07T15:00:00+12:00")
    Path(os.environ[shop.CLOCK]).write_text("2026-05-07T12:00:00+12:00", encoding="utf-8")
    DESK.no_show("missed", now=shop.present())
    # The other bookings of that day are not of this test.
    Appointment.objects.exclude(client_id="dan").delete()
    late = Appointment.objects.filter(booking_id="late")
    late.update(starts_at="2026-05-08T10:00:00+12:00")
    results: dict[str, object] = {"end of the day": [complete_the_day(), complete_the_day()]}
    stored = {name: STORE.redemption(name) for name in ("came", "missed", "to come")}
    became = {
        name: redemption.draws[0].state.value for name, redemption in stored.items() if redemption
    }
    late.update(starts_at=THURSDAY)
    with conflicts(1):
        results["not completed"] = complete_the_day().splitlines()
    with overtaken_by_a_no_show("late"):
        results["overtaken"] = complete_the_day().splitlines()
    late_one = STORE.redemption("late")
    assert late_one is not None
    return results | {"became": became | {"late": late_one.draws[0].state.value}}


def main() -> None:
    """Book with each fault, and print what is stored afterwards."""
    ana = Client(headers={"host": "localhost"})
    ana.post("/login", {"email": "ana@example.com"})

    def book(booking_id: str) -> int:
        form = {"booking_id": booking_id, "services": "facial", "starts_at": THURSDAY}
        return int(ana.post("/book", form).status_code)

    results: dict[str, object] = {}
    ana.raise_request_exception = False
    with mock.patch.object(Appointment.objects, "get_or_create", side_effect=OSError("the disk")):
        results["row fails"] = [book("b1"), *stored("b1")]
    with conflicts(2) as tried:
        results["two conflicts"] = [book("b2"), *stored("b2"), len(tried)]
    with conflicts(99) as tried:
        results["conflicts only"] = [book("b3"), *stored("b3"), len(tried)]
    results["left"] = STORE.balance("visits-of-ana").available
    results |= end_of_the_day()
    print(json.dumps(results))


if __name__ == "__main__":
    main()
