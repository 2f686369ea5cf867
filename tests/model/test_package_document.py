"""The JSON form of a package, which stores keep: whole, strict, and only what differs."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from pkgredeem import UNLIMITED, Entitlement, InvalidValueError, Package, Period, Quota
from pkgredeem.testing import strategies
from tests.helpers.samples import made
from tests.helpers.support import NOW

WHOLE: dict[str, object] = {
    "format": "pkgredeem-package/1",
    "id": "p1",
    "client_id": "ana",
    "entitlements": [{"services": ["facial"], "remaining": 1, "id": "facial"}],
    "kind": "legacy",
    "status": "archived",
    "sold_at": "2026-05-01T08:00:00+00:00",
    "valid_from": "2026-05-01T08:00:00+00:00",
    "valid_until": "2026-05-05T10:00:00+00:00",
    "priority": -1,
    "name": "Five facials",
    "shared_with": ["ben"],
    "book_until": "2026-05-01T08:00:00+00:00",
    "pauses": [
        {"starts_at": "2026-05-01T08:00:00+00:00", "ends_at": "2026-05-05T10:00:00+00:00"},
    ],
    "lasts": {"months": 1},
    "restrictions": {
        "traits": {"place": ["north", "south"]},
        "hours": [{"days": [1, 4], "opens": "09:00:00", "closes": "17:00:00"}],
        "not_on": ["2026-12-24"],
        "min_notice": "PT3600S",
        "max_notice": "PT1209600S",
    },
    "quotas": [{"most": 2, "per": {"count": 14}}],
    "cancellation": {
        "window": "PT86400S",
        "late": "forfeit",
        "no_show": "return",
        "tiers": [["PT43200S", "forfeit"]],
        "changes_close": "PT3600S",
    },
    "traits": {"place": "north"},
}


def test_every_fact_is_written_but_uses_and_version() -> None:
    """With the words of the values; uses and version are the store's own (D66)."""
    package = made(Package)
    assert isinstance(package, Package)

    assert WHOLE == package.to_document()
    assert replace(package, uses=(), version=None) == Package.from_document(WHOLE)


def test_what_has_its_default_is_left_out() -> None:
    """So a field that comes later leaves what is stored readable (D65)."""
    package = Package(
        id="p1",
        client_id="ana",
        entitlements=[
            Entitlement(services=["sauna", "mask"], remaining=UNLIMITED),
            Entitlement(
                services=["facial"],
                remaining=60,
                id="minutes",
                unit="minute",
                valid_from=NOW,
                quotas=[Quota(1, Period.WEEK, name="weekly")],
            ),
        ],
    )

    assert {
        "format": "pkgredeem-package/1",
        "id": "p1",
        "client_id": "ana",
        "entitlements": [
            {"services": ["mask", "sauna"], "remaining": "unlimited"},
            {
                "services": ["facial"],
                "remaining": 60,
                "id": "minutes",
                "unit": "minute",
                "valid_from": "2026-05-01T08:00:00+00:00",
                "quotas": [{"most": 1, "per": "week", "name": "weekly"}],
            },
        ],
    } == package.to_document()


@given(strategies.packages())
def test_every_package_is_read_back(package: Package) -> None:
    """Through JSON as well, whatever a plan says; without uses and version."""
    stored = json.dumps(package.to_document())

    assert replace(package, uses=(), version=None) == Package.from_document(json.loads(stored))


def _set(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.__setitem__(key, value)


@pytest.mark.parametrize(
    ("spoil", "place", "allowed"),
    [
        (_set("format", "pkgredeem-package/2"), "package.format", '"pkgredeem-package/1"'),
        (_set("priority", 1.5), "package.priority", "a whole number"),
        (_set("priority", True), "package.priority", "a whole number"),
        (_set("status", "lost"), "package.status", "one of active, archived, suspended, void"),
        (_set("sold_at", "today"), "package.sold_at", "an ISO 8601 instant with its offset"),
        (_set("lasts", {"months": -1}), "package.lasts.months", "a whole number of 0 or more"),
        (
            lambda document: document["entitlements"][0].update(remaining="some"),
            "package.entitlements[0].remaining",
            "one of unlimited",
        ),
        (
            lambda document: document["entitlements"][0].update(remaining=-1),
            "package.entitlements[0].remaining",
            "a whole number of 0 or more",
        ),
        (
            lambda document: document["entitlements"][0].update(services="facial"),
            "package.entitlements[0].services",
            "a list",
        ),
        (
            lambda document: document["quotas"][0].update(per=14),
            "package.quotas[0].per",
            "one of day, week, month, year, booking, upcoming, ever",
        ),
        (
            lambda document: document["restrictions"].update(not_on=["24.12."]),
            "package.restrictions.not_on[0]",
            "an ISO 8601 date",
        ),
        (
            lambda document: document["restrictions"]["hours"][0].update(opens="9"),
            "package.restrictions.hours[0].opens",
            "a local time, such as 09:30:00",
        ),
    ],
)
def test_what_can_not_be_read_is_told_by_its_place(
    spoil: Callable[[dict[str, Any]], None], place: str, allowed: str
) -> None:
    """A damaged document is refused, never read halfway."""
    document = json.loads(json.dumps(WHOLE))
    spoil(document)
    with pytest.raises(InvalidValueError) as refused:
        Package.from_document(document)

    assert (place, allowed) == (refused.value.field, refused.value.allowed)


@pytest.mark.parametrize("key", ["uses", "version", "colour"])
def test_an_unknown_key_is_refused(key: str) -> None:
    """Uses and version among them: a document that holds them was written by something else."""
    with pytest.raises(InvalidValueError, match=f"{key} is unknown"):
        Package.from_document({**WHOLE, key: 1})
