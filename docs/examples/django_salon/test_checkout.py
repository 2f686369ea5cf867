"""What a client and staff do with an appointment, as requests: `manage.py test django_salon`.

Django's own runner makes a database for them and removes it again.
"""

from datetime import timedelta
from unittest import mock

from django.test import Client, TestCase

import shop
from django_salon.models import Appointment
from django_salon.visit import STORE
from pkgredeem import Balance


class CheckoutTest(TestCase):
    """Ana has two visits; Kim works there."""

    def setUp(self) -> None:
        """Sell what was sold at the counter, and log both in."""
        for package in shop.sold():
            STORE.add(package)
        self.ana, self.kim = Client(), Client()
        self.ana.post("/login", {"email": "ana@example.com"})
        self.kim.post("/login", {"email": "kim@example.com"})
        self.day_after_tomorrow = shop.slots(shop.present())[2]
        self.wanted = {
            "booking_id": "b1",
            "services": "facial",
            "starts_at": self.day_after_tomorrow.isoformat(),
        }

    def test_a_package_pays_once(self) -> None:
        """The form is sent twice; one credit is reserved, and the appointment is there once."""
        for _ in range(2):
            answer = self.ana.post("/book", self.wanted)
            assert (answer.status_code, answer.headers["Location"]) == (302, "/bookings/b1")

        assert Appointment.objects.count() == 1
        assert Balance(available=1, reserved=1, redeemed=0, forfeited=0) == _balance()

    def test_a_move_and_a_cancellation_in_time(self) -> None:
        """The row is moved with the redemption, and the credit returns."""
        self.ana.post("/book", self.wanted)
        later = self.day_after_tomorrow + timedelta(hours=5)
        moved = self.ana.post("/bookings/b1/move", {"starts_at": later.isoformat()})
        assert (302, later) == (moved.status_code, Appointment.objects.get().starts_at)

        assert self.ana.post("/bookings/b1/cancel").status_code == 302
        assert Balance(available=2, reserved=0, redeemed=0, forfeited=0) == _balance()

    def test_a_no_show_is_forgiven(self) -> None:
        """After the start staff record it, which takes the credit, and give it back with a note."""
        self.ana.post("/book", self.wanted)
        an_hour_in = self.day_after_tomorrow + timedelta(hours=1)
        with mock.patch.object(shop, "present", return_value=an_hour_in):
            assert self.kim.post("/staff/bookings/b1/no-show").status_code == 302
            assert Balance(available=1, reserved=0, redeemed=0, forfeited=1) == _balance()
            note = {"note": "the road was closed"}
            assert self.kim.post("/staff/bookings/b1/forgive", note).status_code == 302

        assert Balance(available=2, reserved=0, redeemed=0, forfeited=0) == _balance()

    def test_staff_pages_are_for_staff(self) -> None:
        """A client is told so."""
        self.ana.post("/book", self.wanted)
        assert self.ana.post("/staff/bookings/b1/no-show").status_code == 403


def _balance() -> Balance:
    return STORE.balance("visits-of-ana")
