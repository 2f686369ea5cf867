"""The tables: what was sold, what was redeemed, and the history of every credit.

The constraints refuse whatever the code should never try: less than no credit, more than was sold,
a booking redeemed twice, an act that moves a credit twice. What a redemption drew on can't be
deleted, and movements are never changed: they are the history.
"""

from __future__ import annotations  # fields take their types for a checker only

from typing import TYPE_CHECKING, Any, ClassVar, final

from django.db import models
from django.db.models import F, Q

from pkgredeem import PackageKind, PackageStatus

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    Text = models.TextField[str, str]
    Count = models.PositiveIntegerField[int, int]
    Instant = models.DateTimeField[datetime | None, datetime | None]


@final
class Package(models.Model):
    """A package that was sold to a client."""

    id: Text = models.TextField(primary_key=True)
    client_id: Text = models.TextField(db_index=True)
    name: Text = models.TextField(blank=True, default="")
    kind: Text = models.TextField(choices=[(kind.value, kind.value) for kind in PackageKind])
    status: Text = models.TextField(choices=[(each.value, each.value) for each in PackageStatus])
    sold_at: Instant = models.DateTimeField(null=True)
    valid_from: Instant = models.DateTimeField(null=True)
    valid_until: Instant = models.DateTimeField(null=True)
    priority: models.IntegerField[int, int] = models.IntegerField(default=0)
    shares: RelatedManager[Share]  # Django adds it; said for a checker

    def __str__(self) -> str:
        """Name it."""
        return self.id


@final
class Share(models.Model):
    """Another client who holds a package (D59)."""

    package: models.ForeignKey[Package, Package] = models.ForeignKey(
        Package, on_delete=models.CASCADE, related_name="shares"
    )
    client_id: Text = models.TextField(db_index=True)

    class Meta:
        """A package is shared with a client once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "client_id"], name="shared_once"),
        ]

    def __str__(self) -> str:
        """Tell who shares what."""
        return f"{self.package.id} with {self.client_id}"


@final
class Entitlement(models.Model):
    """What a package gives, and what is left of it now."""

    package: models.ForeignKey[Package, Package] = models.ForeignKey(
        Package, on_delete=models.PROTECT
    )
    package_id: str  # Django adds it; said for a checker
    name: Text = models.TextField()
    services: models.JSONField[list[str], list[str]] = models.JSONField()
    sold: Count = models.PositiveIntegerField()
    available: Count = models.PositiveIntegerField()

    class Meta:
        """An entitlement's name is unique inside its package, and its balance is possible."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "name"], name="one_entitlement_of_a_name"),
            models.CheckConstraint(
                condition=Q(available__gte=0, available__lte=F("sold")), name="possible_balance"
            ),
        ]

    def __str__(self) -> str:
        """Name it inside its package."""
        return f"{self.name} of {self.package.id}"


@final
class Redemption(models.Model):
    """A booking that was paid with credits, as its last act left it."""

    booking_id: Text = models.TextField(primary_key=True)  # redeemed at most once
    version: Count = models.PositiveIntegerField()
    document: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    def __str__(self) -> str:
        """Name it by its booking."""
        return self.booking_id


@final
class Movement(models.Model):
    """Credits that went from one bucket to another; only ever added."""

    redemption: models.ForeignKey[Redemption, Redemption] = models.ForeignKey(
        Redemption, on_delete=models.PROTECT
    )
    redemption_id: str  # Django adds it; said for a checker
    version: Count = models.PositiveIntegerField()
    entitlement: models.ForeignKey[Entitlement, Entitlement] = models.ForeignKey(
        Entitlement, on_delete=models.PROTECT
    )
    credits: Count = models.PositiveIntegerField()
    source: Text = models.TextField()
    target: Text = models.TextField()
    act: Text = models.TextField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    by: Text = models.TextField()
    note: Text = models.TextField(blank=True)

    class Meta:
        """One act moves a credit once, whatever happens."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["redemption", "version", "entitlement", "source", "target"],
                name="an_act_moves_a_credit_once",
            ),
            models.CheckConstraint(condition=Q(credits__gte=1), name="a_movement_moves_something"),
        ]

    def __str__(self) -> str:
        """Tell what went where."""
        return f"{self.credits} of {self.entitlement}: {self.source} to {self.target}"
