"""The tables: what was sold, what was redeemed, and the history of every credit.

Only a store writes them. The constraints refuse what no code should try: less than no credit, a sum
other than what was sold, an act that moves a credit twice. What a redemption drew on can't be
deleted.
"""

from __future__ import annotations  # fields take their types for a checker only

from typing import TYPE_CHECKING, ClassVar, final

from django.db import models
from django.db.models import F, Q

from pkgredeem.stores.django.fields import ExactTextField, check_constraint

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models.fields.related_descriptors import RelatedManager

    Text = models.TextField[str, str]
    Count = models.PositiveBigIntegerField[int, int]
    CountOrNone = models.PositiveBigIntegerField[int | None, int | None]
    Instant = models.DateTimeField[datetime, datetime]
    InstantOrNone = models.DateTimeField[datetime | None, datetime | None]
    ToPackage = models.ForeignKey["Package", "Package"]
    ToRedemption = models.ForeignKey["Redemption", "Redemption"]

_VIEWED_ONLY = ("view",)

# Django adds the managers and the ids of related rows; they are declared for a checker. No index is
# made but those named: PostgreSQL would get a second one for each text, for LIKE.


@final
class Package(models.Model):
    """A package as it was sold; what has become of it stands in the other tables."""

    id: Text = ExactTextField(primary_key=True)
    client_id: Text = ExactTextField()
    document: Text = models.TextField()  # JSON, as `Package.to_document` writes it
    valid_until: InstantOrNone = models.DateTimeField(null=True)
    version: Count = models.PositiveBigIntegerField(default=0)
    entitlements: RelatedManager[Entitlement]
    movements: RelatedManager[Movement]

    class Meta:
        """Nobody changes a package here."""

        default_permissions = _VIEWED_ONLY

    def __str__(self) -> str:
        """Name it."""
        return self.id


@final
class Holder(models.Model):
    """A client who holds a package: its owner, or one with whom it is shared (D59)."""

    client_id: Text = ExactTextField()
    package: ToPackage = models.ForeignKey(
        Package, models.CASCADE, related_name="holders", db_index=False
    )
    package_id: str

    class Meta:
        """A client holds a package once."""

        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client_id", "package"], name="pkgredeem_held_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["package"], name="pkgredeem_holders")]

    def __str__(self) -> str:
        """Tell who holds what."""
        return f"{self.package_id} of {self.client_id}"


@final
class Entitlement(models.Model):
    """Where the credits of an entitlement are; what is unlimited has none sold and none left."""

    package: ToPackage = models.ForeignKey(
        Package, models.CASCADE, related_name="entitlements", db_index=False
    )
    package_id: str
    name: Text = ExactTextField()
    sold: CountOrNone = models.PositiveBigIntegerField(null=True)
    available: CountOrNone = models.PositiveBigIntegerField(null=True)
    reserved: Count = models.PositiveBigIntegerField(default=0)
    redeemed: Count = models.PositiveBigIntegerField(default=0)
    forfeited: Count = models.PositiveBigIntegerField(default=0)

    class Meta:
        """An entitlement's id is unique inside its package, and no credit is nowhere."""

        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "name"], name="pkgredeem_one_of_an_id"),
            check_constraint(
                Q(sold=None, available=None)
                | Q(
                    available__isnull=False,
                    sold=F("available") + F("reserved") + F("redeemed") + F("forfeited"),
                ),
                name="pkgredeem_every_credit_is_somewhere",
            ),
        ]

    def __str__(self) -> str:
        """Name it inside its package."""
        return f"{self.name} of {self.package_id}"


@final
class Redemption(models.Model):
    """A booking that was paid with credits, as its last act left it; redeemed at most once."""

    booking_id: Text = ExactTextField(primary_key=True)
    version: Count = models.PositiveBigIntegerField()
    document: Text = models.TextField()  # JSON, as `Redemption.to_document` writes it
    movements: RelatedManager[Movement]

    class Meta:
        """Nobody changes a redemption here."""

        default_permissions = _VIEWED_ONLY

    def __str__(self) -> str:
        """Name it by its booking."""
        return self.booking_id


@final
class Movement(models.Model):
    """Credits that went from one bucket to another; only ever added, in the order of commits."""

    redemption: ToRedemption = models.ForeignKey(
        Redemption, models.PROTECT, related_name="movements", db_index=False
    )
    redemption_id: str
    version: Count = models.PositiveBigIntegerField()  # the redemption's, after the act
    number: Count = models.PositiveBigIntegerField()  # among the movements of the act
    package: ToPackage = models.ForeignKey(
        Package, models.PROTECT, related_name="movements", db_index=False
    )
    package_id: str
    entitlement: Text = ExactTextField()
    credits: Count = models.PositiveBigIntegerField()
    source: Text = models.TextField()
    target: Text = models.TextField()
    act: Text = models.TextField()
    at: Instant = models.DateTimeField()
    by: Text = models.TextField()
    note: Text = ExactTextField()

    class Meta:
        """One act moves a credit once, whatever happens."""

        default_permissions = _VIEWED_ONLY
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["redemption", "version", "number"], name="pkgredeem_moved_once"
            ),
            check_constraint(Q(credits__gte=1), name="pkgredeem_something_moves"),
        ]
        indexes: ClassVar = [models.Index(fields=["package", "id"], name="pkgredeem_history")]

    def __str__(self) -> str:
        """Tell what went where."""
        return f"{self.credits} of {self.entitlement}: {self.source} to {self.target}"


@final
class Use(models.Model):
    """One line that a package paid for and that did not return: what quotas count (D54)."""

    package: ToPackage = models.ForeignKey(Package, models.PROTECT, db_index=False)
    redemption: ToRedemption = models.ForeignKey(Redemption, models.PROTECT, db_index=False)
    redemption_id: str
    line: Count = models.PositiveBigIntegerField()
    entitlement: Text = ExactTextField()
    service_id: Text = ExactTextField()
    client_id: Text = ExactTextField()
    starts_at: Instant = models.DateTimeField()
    state: Text = models.TextField()

    class Meta:
        """A line is paid once."""

        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["redemption", "line"], name="pkgredeem_paid_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["package"], name="pkgredeem_uses")]

    def __str__(self) -> str:
        """Name it by the line of its booking."""
        return f"line {self.line} of {self.redemption_id}"
