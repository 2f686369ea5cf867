"""The five tables and their constraints."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes them."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("client_id", models.TextField(db_index=True)),
                ("name", models.TextField(blank=True, default="")),
                ("kind", models.TextField(choices=[("new", "new"), ("legacy", "legacy")])),
                (
                    "status",
                    models.TextField(
                        choices=[
                            ("active", "active"),
                            ("archived", "archived"),
                            ("suspended", "suspended"),
                            ("void", "void"),
                        ]
                    ),
                ),
                ("sold_at", models.DateTimeField(null=True)),
                ("valid_from", models.DateTimeField(null=True)),
                ("valid_until", models.DateTimeField(null=True)),
                ("priority", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.TextField(db_index=True)),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="packages.package",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Redemption",
            fields=[
                ("booking_id", models.TextField(primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("document", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField()),
                ("services", models.JSONField()),
                ("sold", models.PositiveIntegerField()),
                ("available", models.PositiveIntegerField()),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="packages.package"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("credits", models.PositiveIntegerField()),
                ("source", models.TextField()),
                ("target", models.TextField()),
                ("act", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("note", models.TextField(blank=True)),
                (
                    "entitlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="packages.entitlement"
                    ),
                ),
                (
                    "redemption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="packages.redemption"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("package", "client_id"), name="shared_once"),
        ),
        migrations.AddConstraint(
            model_name="entitlement",
            constraint=models.UniqueConstraint(
                fields=("package", "name"), name="one_entitlement_of_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="entitlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("available__gte", 0), ("available__lte", models.F("sold"))),
                name="possible_balance",
            ),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.UniqueConstraint(
                fields=("redemption", "version", "entitlement", "source", "target"),
                name="an_act_moves_a_credit_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(("credits__gte", 1)), name="a_movement_moves_something"
            ),
        ),
    ]
