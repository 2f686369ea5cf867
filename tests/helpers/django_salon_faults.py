"""The Django example in a process of its own, in which something fails at a chosen moment.

Started as a script with the environment of the app: Django's settings belong to a whole process.
Prints what is stored after each fault, as JSON.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "django_salon.settings"
django.setup()

from django.test import Client  # noqa: E402 - Django is set up first

from django_salon.models import Appointment  # noqa: E402 - Django is set up first
from django_salon.visit import STORE  # noqa: E402 - Django is set up first
from pkgredeem import Change, ConflictError  # noqa: E402 - Django is set up first

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
    print(json.dumps(results))


if __name__ == "__main__":
    main()
