"""Packages as they are now, read by one statement: credits, uses and version of one moment."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from django.db.models import Aggregate, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from pkgredeem._model.packages import Package
from pkgredeem._model.quotas import Use
from pkgredeem._model.words import DrawState
from pkgredeem.stores import _ledger
from pkgredeem.stores._texts import stored_text
from pkgredeem.stores.django import models

_Object: TypeAlias = Mapping[str, Any]
_ENTITLEMENT = ("name", "available")
_USE = (
    "redemption_id",
    "line",
    "entitlement",
    "service_id",
    "client_id",
    "starts_at",
    "state",
)


class _JsonArray(Aggregate):
    """All values of a group; both databases have it, each under a name of its own."""

    function = "JSONB_AGG"

    def __init__(self, value: JSONObject) -> None:
        """Take the value of each row."""
        super().__init__(value, output_field=JSONField())

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:  # noqa: ANN401 - Django's
        """Return it in SQLite's words."""
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def packages_of(
    using: str, client_id: str, not_over_at: datetime, also: Iterable[str]
) -> tuple[Package, ...]:
    """Return the client's packages that are not over then, and those named in *also*."""
    packages = models.Package.objects.using(using).values_list(
        "document",
        "version",
        _objects(models.Entitlement.objects.all(), _ENTITLEMENT),
        _objects(models.Use.objects.all(), _USE),
    )
    holders = models.Holder.objects.using(using).filter(client_id=client_id)
    # The instant is the caller's: our own clock would leave out what paid for yesterday.
    not_over = Q(valid_until=None) | Q(valid_until__gt=not_over_at)
    rows = packages.filter(not_over, pk__in=holders.values("package"))
    named = set(also)
    if named:
        # Not OR: PostgreSQL would look at every package that was ever sold.
        rows = rows.union(packages.filter(pk__in=named), all=True)
    found = (_as_it_is(*row) for row in rows)
    return tuple({package.id: package for package in found}.values())


def _objects(rows: QuerySet[Any], fields: Iterable[str]) -> Subquery:
    """Return these fields of all rows of a package, as one JSON array; None where it has none."""
    array = _JsonArray(JSONObject(**{field: field for field in fields}))
    of_package = rows.filter(package=OuterRef("pk")).values("package")
    return Subquery(of_package.annotate(array=array).values("array"))


def _as_it_is(
    document: str, version: int, entitlements: Iterable[_Object], uses: Iterable[_Object] | None
) -> Package:
    return _ledger.as_it_is(
        Package.from_document(json.loads(document)),
        {stored_text(row["name"]): row["available"] for row in entitlements},
        uses=sorted(map(_use, uses or ()), key=lambda use: (use.booking_id, use.line)),
        version=version,
    )


def _use(row: _Object) -> Use:
    starts_at = datetime.fromisoformat(row["starts_at"])
    return Use(
        booking_id=stored_text(row["redemption_id"]),
        line=row["line"],
        entitlement_id=stored_text(row["entitlement"]),
        service_id=stored_text(row["service_id"]),
        client_id=stored_text(row["client_id"]),
        # SQLite keeps UTC and says no zone; PostgreSQL says the zone of its session.
        starts_at=starts_at if starts_at.tzinfo else starts_at.replace(tzinfo=UTC),
        state=DrawState(row["state"]),
    )
