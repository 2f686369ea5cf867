"""The tables of a case document's basic keys say what the JSON Schema and the reader say."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pkgredeem import Case
from pkgredeem.documents import case_schema, read_case

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "documents.md"
CASE = PAGE.parents[1] / "examples" / "cases" / "deposit-waived.json"
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| `([^`|]+)` \|$", re.MULTILINE)


def rows() -> list[tuple[str, str, Any]]:
    """Return of each row the key by its path, what holds without it, and the example."""
    text = PAGE.read_text(encoding="utf-8").split("\n### The basic keys\n")[1].split("\n### ")[0]
    found: list[tuple[str, str, Any]] = []
    for table in text.split("\n#### ")[1:]:
        path = re.match(r"`([\w.]+)`\n", table)
        inside = f"{path[1]}." if path else ""
        found += [(inside + key, *rest) for key, *rest in ROW.findall(table)]
    assert len(found) == text.count("\n| `")
    return [(key, without, json.loads(example)) for key, without, example in found]


ROWS = rows()
DEFAULTS = [
    (key, json.loads(without.strip("`"))) for key, without, _ in ROWS if without.startswith("`")
]


def case() -> dict[str, Any]:
    """Return the case document of the page."""
    document: dict[str, Any] = json.loads(CASE.read_text(encoding="utf-8"))
    return document


def keys_of(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, bool, Any]]:
    """Yield each key of a JSON Schema by its path, whether it is required, and its own schema."""
    for key, inner in schema.get("properties", {}).items():
        here = f"{path}.{key}".removeprefix(".")
        yield here, key in schema.get("required", ()), inner
        for each in (inner, inner.get("items", {}), *inner.get("anyOf", ())):
            yield from keys_of(each, here)


SCHEMA = {key: (required, inner) for key, required, inner in keys_of(case_schema())}


def objects(document: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """Return the objects at a path of a case; each of a list."""
    found: list[Any] = [document]
    for key in path.split(".") if path else ():
        inner = [each[key] for each in found]
        found = [one for each in inner for one in (each if isinstance(each, list) else [each])]
    return found


def test_every_required_key_of_a_basic_object_is_in_the_table() -> None:
    """No key that must be given is left out of the table, wherever its object is in it."""
    told = {key for key, *_ in ROWS}
    needed = {
        key
        for key, (required, _) in SCHEMA.items()
        if required and key.rpartition(".")[0] in told | {""}
    }

    assert len(ROWS) == len(told)
    assert set() == needed - told


@pytest.mark.parametrize(("key", "without", "example"), ROWS)
def test_a_row_is_what_the_schema_says(key: str, without: str, example: object) -> None:
    """The key is there, required exactly where the table says so, and the example fits."""
    required, schema = SCHEMA[key]

    assert required == (without == "required")
    jsonschema.Draft202012Validator(schema).validate(example)


@pytest.mark.parametrize(("key", "example"), [(key, example) for key, _, example in ROWS])
def test_an_example_can_be_read(key: str, example: object) -> None:
    """A case that says it instead of its own value, or besides, is a case."""
    document = case()
    path, _, name = key.rpartition(".")
    for each in objects(document, path):
        each[name] = example
        if name == "valid_through":
            del each["valid_for"]  # one of the two alone may be given

    assert isinstance(read_case(document), Case)


@pytest.mark.parametrize(("key", "default"), DEFAULTS)
def test_a_default_is_what_holds_without_the_key(key: str, default: object) -> None:
    """A case that says it is the same as one that leaves it out."""
    said, left_out = case(), case()
    path, _, name = key.rpartition(".")
    for each in objects(said, path):
        each[name] = default
    for each in objects(left_out, path):
        each.pop(name, None)

    assert read_case(left_out) == read_case(said)
