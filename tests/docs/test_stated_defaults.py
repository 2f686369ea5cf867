"""What a table of keys calls required is required, and its defaults are those of the reader."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from pkgredeem.documents import DocumentError, read_case
from tests.helpers.cli_support import CASE, ROOT

REFERENCE = ROOT / "docs" / "reference"
TERMS = {
    "window": "24 hours",
    "late": "return",
    "tiers": [{"window": "3 hours", "outcome": "forfeit"}],
}
PART = {
    "restrictions": {"hours": [{"days": ["mon"], "opens": "09:00"}]},
    "quotas": [{"most": 1, "per": "week"}],
}
#: A case with every table in it, and in each of them what is required.
WHOLE: dict[str, Any] = {
    **CASE,
    "account": {"cancellation": TERMS, "time_zone": "Pacific/Auckland"},
    "client": {"id": "ana"},
    "packages": [
        {
            "id": "p1",
            "client_id": "ana",
            "entitlements": [{"services": ["facial"], "remaining": 5, **PART}],
            "pauses": [{"starts_at": "2026-07-01T00:00:00+12:00"}],
            "uses": [
                {
                    "booking_id": "b0",
                    "line": 0,
                    "entitlement_id": "main",
                    "service_id": "facial",
                    "client_id": "ana",
                    "starts_at": "2026-04-01T10:00:00+12:00",
                    "state": "redeemed",
                }
            ],
            "version": 1,
            "cancellation": TERMS,
            **PART,
        }
    ],
}
#: What a scenario has beside a case document: no fact of a case.
OF_SCENARIOS = {"rulebook", "without"}


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield the path of each table of facts, each key of it, and its default as it is told."""
    for page in ("scenarios.md", "plan-keys.md"):
        text = (REFERENCE / page).read_text(encoding="utf-8")
        for section in re.split(r"^#+ ", text, flags=re.MULTILINE):
            heading, _, body = section.partition("\n")
            paths = re.findall(r"`([\w.]+)`", heading) if heading.startswith("`") else []
            for path in [""] if heading == "Facts" else paths:
                for key, default in re.findall(
                    r"^\| `(\w+)` \|[^|]*\|([^|]*)\|[^|]*\|$", body, re.MULTILINE
                ):
                    if key not in OF_SCENARIOS:
                        yield path, key, default.strip()


ROWS = list(rows())
REQUIRED = [(path, key) for path, key, default in ROWS if default == "required"]
DEFAULTS = [
    (path, key, json.loads(default.strip("`")))
    for path, key, default in ROWS
    if re.fullmatch(r"`[^`]+`", default)
]


def table_of(document: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the table at a path; of a list of tables the first."""
    found: Any = document
    for key in path.split(".") if path else ():
        found = found[key][0] if isinstance(found[key], list) else found[key]
    assert isinstance(found, dict)
    return found


def test_the_tables_are_read() -> None:
    """Both pages have their tables, and most keys say what holds without them."""
    assert {"", "account", "packages.quotas", "booking.lines.service"} <= {
        path for path, *_ in ROWS
    }
    assert 20 <= len(REQUIRED)
    assert 15 <= len(DEFAULTS)


@pytest.mark.parametrize(("path", "key"), REQUIRED)
def test_what_is_required_is_missed(path: str, key: str) -> None:
    """Without it the document is refused, and the problem names the key."""
    document = deepcopy(WHOLE)
    del table_of(document, path)[key]
    with pytest.raises(DocumentError) as caught:
        read_case(document)

    named = {problem.path.rpartition(".")[2] for problem in caught.value.problems}
    assert key in named


@pytest.mark.parametrize(("path", "key", "default"), DEFAULTS)
def test_a_default_is_what_holds_without_the_key(path: str, key: str, default: object) -> None:
    """A document that says it is the same case as one that leaves it out."""
    given, left_out = deepcopy(WHOLE), deepcopy(WHOLE)
    table_of(given, path)[key] = default
    table_of(left_out, path).pop(key, None)

    assert read_case(left_out) == read_case(given)


@pytest.mark.parametrize(("path", "key", "default"), ROWS)
def test_what_is_not_required_may_be_left_out(path: str, key: str, default: str) -> None:
    """A key that the page does not call required can be left out of the whole case."""
    document = deepcopy(WHOLE)
    held = table_of(document, path)
    if "required" not in default:
        held.pop(key, None)

    assert read_case(document).booking.id == "b1"
