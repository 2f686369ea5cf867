"""`manage.py adopt_appointments`: what is booked already can be cancelled and moved from now on.

For the day of the change, once. It may be run again at any time, while the salon is open: what was
adopted is left alone.
"""

from django.core.management.base import BaseCommand
from django.db import transaction

from appointments.booking import ACCOUNT, booking_of
from appointments.models import Appointment, PackagePurchase, Redemption
from appointments.store import SalonStore, package_of
from pkgredeem import OpenBooking, adopt


class Command(BaseCommand):
    """Makes a redemption of every booking that the old checkout has paid with a package."""

    help = "Adopt every appointment that is booked and was paid with a package."

    def handle(self, *args: object, **options: object) -> None:
        """Adopt them one by one, each in a transaction of its own."""
        del args, options
        paid = Appointment.objects.filter(
            status=Appointment.Status.BOOKED, redemption=None, paid_with__isnull=False
        )
        keys = list(paid.values_list("pk", flat=True))
        self.stdout.write(f"adopted {sum(_adopt(key) for key in keys)} of {len(keys)}")


def _adopt(key: int) -> bool:
    """Adopt an appointment; False where it has ended, or was adopted, since it was listed."""
    with transaction.atomic():
        # As everywhere: the appointment first, and then the purchase.
        appointment = Appointment.objects.select_for_update(no_key=True).get(pk=key)
        is_booked = appointment.status == Appointment.Status.BOOKED
        if not is_booked or Redemption.objects.filter(appointment=appointment).exists():
            return False
        purchase = PackagePurchase.objects.select_for_update().get(pk=appointment.paid_with_id)
        package = package_of(purchase)
        booking = booking_of(appointment.booking_id, appointment.service, appointment.starts_at)
        opened = OpenBooking(
            booking=booking,
            client_id=str(appointment.client_id),
            paid_with={0: (package.id, "main")},
            booked_at=min(appointment.made_at, appointment.starts_at),
            note="booked before pkgredeem",
        )
        adoption = adopt(account=ACCOUNT, packages=[package], bookings=[opened])
        # The credit that the old checkout took off is put back, and the change takes it off again:
        # so what is left stays as it is, and pkgredeem knows where the credit went.
        (with_credit,) = adoption.packages
        purchase.credits_left = with_credit.entitlements[0].remaining
        purchase.save(update_fields=["credits_left"])
        SalonStore().commit(*adoption.changes)
    return True
