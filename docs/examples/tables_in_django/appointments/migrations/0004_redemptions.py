"""The table of redemptions."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes it."""

    dependencies: ClassVar = [("appointments", "0003_every_booking_id")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Redemption",
            fields=[
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="appointments.appointment",
                        to_field="booking_id",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("document", models.TextField()),
            ],
        ),
    ]
