"""The salon's tables: integer keys, and a number for each purchase that says what is left.

The adoption of pkgredeem adds a field, `Appointment.booking_id`, and a table, `Redemption`.
"""

from uuid import uuid4

from django.db import models
from django.utils import timezone


class Client(models.Model):
    """Somebody who books."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Name the client."""
        return self.name


class Service(models.Model):
    """What the salon does."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Name the service."""
        return self.name


class PackagePurchase(models.Model):
    """So many times one service, paid in advance."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    credits_left = models.PositiveIntegerField()
    bought_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Tell what is left of what."""
        return f"{self.credits_left} {self.service}"


class Appointment(models.Model):
    """A client's appointment."""

    class Status(models.TextChoices):
        """What became of it."""

        BOOKED = "booked"
        CANCELLED = "cancelled"
        COMPLETED = "completed"
        NO_SHOW = "no_show"

    client = models.ForeignKey(Client, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    starts_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    paid_with = models.ForeignKey(PackagePurchase, null=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField(default=timezone.now)

    # The id by which pkgredeem knows the appointment. A key of our own would not do: the client's
    # page needs the id before the row is there, so that a form that is sent twice books once.
    booking_id = models.UUIDField(unique=True, default=uuid4, editable=False)

    def __str__(self) -> str:
        """Tell who comes when."""
        return f"{self.client}, {self.starts_at}"


class Redemption(models.Model):
    """What pays for an appointment, as pkgredeem writes it.

    A table of its own: code that has always said `appointment.save()` would write an old redemption
    back, if it were columns of the appointment.
    """

    # The row holds the booking id itself. With the key of the appointment, `update` would put the
    # version that it compares into a sub-select, which is not asked again after a wait.
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, to_field="booking_id", primary_key=True
    )
    version = models.PositiveIntegerField()
    # Not a JSONField: PostgreSQL's jsonb refuses the character NUL, which a note may hold.
    document = models.TextField()

    def __str__(self) -> str:
        """Name it by its booking."""
        return str(self.appointment_id)
