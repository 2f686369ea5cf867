"""Every appointment gets a booking id, also those that were made before."""

from typing import ClassVar
from uuid import uuid4

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each row an id of its own: a default of the column would be one for all of them."""
    appointments = apps.get_model("appointments", "Appointment").objects
    rows = appointments.using(schema_editor.connection.alias).filter(booking_id=None)
    for row in rows.only("pk").iterator():
        row.booking_id = uuid4()
        row.save(update_fields=["booking_id"])


class Migration(migrations.Migration):
    """Fills the column; from then on it is never empty."""

    dependencies: ClassVar = [("appointments", "0002_booking_id")]

    operations: ClassVar = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="appointment",
            name="booking_id",
            field=models.UUIDField(default=uuid4, editable=False, unique=True),
        ),
    ]
