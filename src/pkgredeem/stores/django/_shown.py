"""How the admin says what the rows hold, in the language and the time zone of whoever looks."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem.stores.django import models

UNLIMITED = "unlimited"


def package_of(row: models.Package) -> Package:
    """Return the package as it was sold."""
    return Package.from_document(json.loads(row.document))


def redemption_of(row: models.Redemption) -> Redemption:
    """Return the redemption."""
    return Redemption.from_document(json.loads(row.document))


def indented(document: str) -> str:
    """Return a stored document as a person reads it."""
    return json.dumps(json.loads(document), indent=2, ensure_ascii=False)


def word(value: str) -> str:
    """Return a word of the library as people write it: "no show" for no_show."""
    return value.replace("_", " ")


def instant(at: datetime) -> str:
    """Return an instant by the local clock."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def validity(package: Package) -> str:
    """Return from when until when a package may be used, the end exclusive."""
    ends = (("from", package.valid_from), ("until", package.valid_until))
    return " ".join(f"{name} {instant(at)}" for name, at in ends if at) or "always"


def left(entitlements: Iterable[models.Entitlement]) -> str:
    """Return what is left of a package: "3 of 5"; each by its id where there are several."""
    counts = {
        entitlement.name: UNLIMITED
        if entitlement.available is None
        else f"{entitlement.available} of {entitlement.sold}"
        for entitlement in entitlements
    }
    if len(counts) == 1:
        return next(iter(counts.values()))
    return ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))


def services_of(redemption: Redemption) -> str:
    """Return what was booked with credits, and how each line stands."""
    return ", ".join(f"{draw.service_id} ({word(draw.state)})" for draw in redemption.draws)
