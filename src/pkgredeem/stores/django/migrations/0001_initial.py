"""The tables, their constraints and their indexes."""

from __future__ import annotations  # a field takes its type for a checker only

from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q

from pkgredeem.stores.django.fields import ExactTextField, check_constraint


def _number() -> models.BigAutoField[int, int]:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    """Makes them."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Package",
            fields=[
                ("id", ExactTextField(primary_key=True, serialize=False)),
                ("client_id", ExactTextField()),
                ("document", models.TextField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("version", models.PositiveBigIntegerField(default=0)),
            ],
            options={"default_permissions": ("view",)},
        ),
        migrations.CreateModel(
            name="Redemption",
            fields=[
                ("booking_id", ExactTextField(primary_key=True, serialize=False)),
                ("version", models.PositiveBigIntegerField()),
                ("document", models.TextField()),
            ],
            options={"default_permissions": ("view",)},
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                ("id", _number()),
                ("client_id", ExactTextField()),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="holders",
                        to="pkgredeem.package",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client_id", "package"), name="pkgredeem_held_once"
                    ),
                ],
                "indexes": [models.Index(fields=["package"], name="pkgredeem_holders")],
            },
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                ("id", _number()),
                ("name", ExactTextField()),
                ("sold", models.PositiveBigIntegerField(null=True)),
                ("available", models.PositiveBigIntegerField(null=True)),
                ("reserved", models.PositiveBigIntegerField(default=0)),
                ("redeemed", models.PositiveBigIntegerField(default=0)),
                ("forfeited", models.PositiveBigIntegerField(default=0)),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="entitlements",
                        to="pkgredeem.package",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("package", "name"), name="pkgredeem_one_of_an_id"
                    ),
                    check_constraint(
                        Q(sold=None, available=None)
                        | Q(
                            available__isnull=False,
                            sold=F("available") + F("reserved") + F("redeemed") + F("forfeited"),
                        ),
                        name="pkgredeem_every_credit_is_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                ("id", _number()),
                ("version", models.PositiveBigIntegerField()),
                ("number", models.PositiveBigIntegerField()),
                ("entitlement", ExactTextField()),
                ("credits", models.PositiveBigIntegerField()),
                ("source", models.TextField()),
                ("target", models.TextField()),
                ("act", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("note", ExactTextField()),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="movements",
                        to="pkgredeem.package",
                    ),
                ),
                (
                    "redemption",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.PROTECT,
                        related_name="movements",
                        to="pkgredeem.redemption",
                    ),
                ),
            ],
            options={
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("redemption", "version", "number"), name="pkgredeem_moved_once"
                    ),
                    check_constraint(Q(credits__gte=1), name="pkgredeem_something_moves"),
                ],
                "indexes": [models.Index(fields=["package", "id"], name="pkgredeem_history")],
            },
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("id", _number()),
                ("line", models.PositiveBigIntegerField()),
                ("entitlement", ExactTextField()),
                ("service_id", ExactTextField()),
                ("client_id", ExactTextField()),
                ("starts_at", models.DateTimeField()),
                ("state", models.TextField()),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, to="pkgredeem.package"
                    ),
                ),
                (
                    "redemption",
                    models.ForeignKey(
                        db_index=False, on_delete=models.PROTECT, to="pkgredeem.redemption"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("redemption", "line"), name="pkgredeem_paid_once"
                    ),
                ],
                "indexes": [models.Index(fields=["package"], name="pkgredeem_uses")],
            },
        ),
    ]
