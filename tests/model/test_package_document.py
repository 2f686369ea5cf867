"""The JSON form of a package, which stores keep: whole, strict, and only what differs."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from pkgredeem import (
    UNLIMITED,
    Entitlement,
    InvalidValueError,
    Package,
    Period,
    Quota,
    Redemption,
    Restrictions,
)
from pkgredeem._model import record
from pkgredeem._model.quick import FIRST
from pkgredeem._model.stored import stored_reader
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
        (
            lambda document: document["restrictions"].update(min_notice="PT1H"),
            "package.restrictions.min_notice",
            "elapsed time in seconds, such as PT86400S",
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

    assert (place, _standing_at(place, document), allowed) == refused.value.args


def _standing_at(place: str, document: object) -> object:
    """Return what stands at a place such as `package.restrictions.not_on[0]`."""
    found: Any = document
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", place):
        found = found[name] if name else found[int(index)]
    return found


@pytest.mark.parametrize("kind", [Package, Redemption])
def test_after_some_documents_a_plain_one_is_read_quickly(
    kind: type[Package] | type[Redemption], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The careful way, which takes several times as long, is left to what is in doubt."""
    value = made(kind)
    assert isinstance(value, kind)
    document = value.to_document()
    read = [kind.from_document(document) for _ in range(FIRST + 1)]
    monkeypatch.setattr(record, "members_of", None)

    assert read[-1] == kind.from_document(document)


@pytest.mark.parametrize("key", ["uses", "version", "colour"])
def test_an_unknown_key_is_refused(key: str) -> None:
    """Uses and version among them: a document that holds them was written by something else."""
    with pytest.raises(InvalidValueError, match=f"{key} is unknown"):
        Package.from_document({**WHOLE, key: 1})


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT3600S", 3_600), ("PT0S", 0), ("PT1.500000S", 1.5)]
)
def test_elapsed_time_is_read_quickly_as_it_is_written(text: str, seconds: float) -> None:
    """In whole seconds, or with six digits after the point."""
    read = stored_reader(Restrictions, sparse=True)

    assert Restrictions(min_notice=timedelta(seconds=seconds)) == read({"min_notice": text}, None)


@pytest.mark.parametrize("text", ["PT01S", "PT1.5S", "PT1.S", "P1S", "PT-1S"])
def test_elapsed_time_that_is_written_otherwise_is_in_doubt(text: str) -> None:
    """It is left to the careful way, which refuses it."""
    document: dict[str, Any] = json.loads(json.dumps(WHOLE))
    document["restrictions"]["min_notice"] = text
    for _ in range(FIRST + 1):
        with pytest.raises(InvalidValueError, match=r"restrictions\.min_notice must be elapsed"):
            Package.from_document(document)
