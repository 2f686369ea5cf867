"""The first tables, as `makemigrations` makes them."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the table of appointments."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("booking_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("client_id", models.CharField(db_index=True, max_length=64)),
                ("starts_at", models.DateTimeField(db_index=True)),
            ],
            options={"ordering": ["starts_at"]},
        ),
    ]
