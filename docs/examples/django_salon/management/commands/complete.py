"""`manage.py complete`: whoever had an appointment today and is no no-show has been there.

For the end of the day. It may be run again at any time, and goes on after a failure.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

import shop
from django_salon.models import Appointment
from django_salon.visit import STORE
from pkgredeem import PkgRedeemError


class Command(BaseCommand):
    """Completes what packages pay for and nobody has ended."""

    help = "Complete today's appointments that have started and are still open."

    def handle(self, *args: object, **options: object) -> None:
        """Complete them one by one, each in a transaction of its own.

        Raises:
            CommandError: not all of them; so the command's exit status is 1.
        """
        del args, options
        now = shop.present()
        done = failed = 0
        for appointment in Appointment.on(now.astimezone(shop.ZONE).date()):
            try:
                done += _completed(appointment.booking_id)
            except (PkgRedeemError, DatabaseError) as error:
                failed += 1
                self.stderr.write(f"{appointment.booking_id}: {error}")
        self.stdout.write(f"completed {done}")
        if failed:
            raise CommandError(f"not completed: {failed}")


def _completed(booking_id: str) -> bool:
    """Complete a booking that is open and has started; tell whether it was one."""
    now = shop.present()
    redemption = STORE.redemption(booking_id)
    # What has ended stays out: to complete a no-show would put it right, and redeem the credit.
    if redemption is None or not redemption.is_open or not redemption.has_started_by(now):
        return False
    # A desk would look again, and complete a no-show that was recorded in between. The store takes
    # what was judged of this redemption only as long as it is the one that is stored.
    settlement = shop.POLICY.complete(redemption, now=now, note="end of the day")
    if settlement.change is not None:
        with transaction.atomic():  # together with rows of your own, if you write any
            STORE.commit(settlement.change)
    return settlement.allowed
