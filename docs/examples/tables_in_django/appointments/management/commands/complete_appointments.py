"""`manage.py complete_appointments`: whoever had an appointment that is over has been there.

For the end of the day, after the no-shows were recorded. It may be run again at any time, and goes
on after a failure.
"""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from appointments import booking
from appointments.models import Appointment
from pkgredeem import PkgRedeemError


class Command(BaseCommand):
    """Completes what was booked and has started."""

    help = "Complete every appointment that has started and is still booked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take until when appointments are completed, in the salon's time: at most until now."""
        parser.add_argument("--until", type=datetime.fromisoformat, help="such as 2026-05-07T20:00")

    def handle(self, *args: object, until: datetime | None, **options: object) -> None:
        """Complete them one by one, each in a transaction of its own.

        Raises:
            CommandError: not all of them; so the command's exit status is 1.
        """
        del args, options
        now = timezone.now()
        if until is not None and timezone.is_naive(until):
            until = timezone.make_aware(until)
        started = Appointment.objects.filter(
            status=Appointment.Status.BOOKED, starts_at__lte=min(until or now, now)
        )
        done = failed = 0
        # A list: what is completed on the way would shift the rows of a cursor.
        listed = list(started.order_by("starts_at").values_list("booking_id", flat=True))
        for booking_id in listed:
            try:
                done += booking.complete_if_due(booking_id=booking_id, now=now)
            except (PkgRedeemError, DatabaseError) as error:
                failed += 1
                self.stderr.write(f"{booking_id}: {error}")
        self.stdout.write(f"completed {done} of {len(listed)}")
        if failed:
            raise CommandError(f"not completed: {failed}")
