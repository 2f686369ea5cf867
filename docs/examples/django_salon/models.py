"""The salon's own table; yours holds more, and is there already."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar

from django.db import models

import shop


class Appointment(models.Model):
    """Which booking is whose and when; what it is and how it is paid is in the redemption."""

    booking_id: "models.CharField[str, str]" = models.CharField(max_length=64, primary_key=True)
    client_id: "models.CharField[str, str]" = models.CharField(max_length=64, db_index=True)
    starts_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(db_index=True)

    class Meta:
        """Says in which order they are read."""

        ordering: ClassVar = ["starts_at"]

    def __str__(self) -> str:
        """Return its booking's id."""
        return self.booking_id

    @classmethod
    def on(cls, day: date) -> "models.QuerySet[Appointment]":
        """Return the appointments of a day."""
        begin = datetime.combine(day, time(), shop.ZONE)
        end = datetime.combine(day + timedelta(days=1), time(), shop.ZONE)
        return cls.objects.filter(starts_at__gte=begin, starts_at__lt=end)
