"""What the adoption of pkgredeem adds; nothing that was there changes."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the booking id, which is empty until the next migration fills it."""

    dependencies: ClassVar = [("appointments", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="appointment",
            name="booking_id",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
    ]
