"""The JSON Schema of a case document, made from the reader's own definitions."""

import json
from pathlib import Path

import jsonschema
import pytest

from pkgredeem.documents import case_schema, load_case
from tests.helpers.documents_support import BROKEN, changed, document

EXAMPLES = sorted(
    (Path(__file__).parents[2] / "docs" / "examples" / "cases").glob("*.json"),
)

# What only a reader can know: calendars, zones, what belongs together, and Python's own types.
ONLY_THE_READER = {
    "a service named twice",
    "a term beyond the calendar",
    "a term from an instant without a time zone",
    "a term from nowhere",
    "a term of more than 100 years",
    "a term that ends on the calendar's last day",
    "a guest who is logged in",
    "activated_on 31 April",
    "a local day beside a broken time zone",
    "a local day without a time zone",
    "now after the last instant",
    "now before the calendar",
    "now on 30 February",
    "now with a line end",
    "one package twice",
    "priority is a fraction",
    "remaining is a fraction",
    "remaining is far too long",
    "several local days without a time zone",
    "sold on the calendar's first day",
    "time_zone is a path",
    "time_zone is an abbreviation nobody knows",
    "two entitlements for the same services",
    "two entitlements with one id",
    "valid through the calendar's last day",
    "validity ends as it begins",
    "window of 367 days",
}


# What no JSON text can say, so that no schema is asked about it.
NO_JSON = {
    "a date",
    "a datetime",
    "a key that is a number",
    "a set of services",
    "bytes",
    "existing holds what is no JSON",
    "existing is broken, and another key is no JSON",
    "half a surrogate pair",
    "infinity",
    "remaining is not a number",
}


def fits(found: object) -> bool:
    """Tell whether a document fits the schema."""
    return jsonschema.Draft202012Validator(case_schema()).is_valid(found)


def test_the_schema_is_one() -> None:
    """It is itself sound by the rules of draft 2020-12, and is ready for JSON."""
    schema = case_schema()

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema == json.loads(json.dumps(schema))


def test_the_schema_is_a_new_one_each_time() -> None:
    """A caller who changes it changes nothing else."""
    schema = case_schema()
    schema["properties"] = {}

    assert {} != case_schema()["properties"]


def test_the_sound_document_fits() -> None:
    """The document that the broken ones are made from fits."""
    assert fits(document())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_and_is_read(path: Path) -> None:
    """The example cases of the documentation fit the schema, and the reader reads them."""
    load_case(path)

    assert fits(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "name",
    [name for name in BROKEN if name not in ONLY_THE_READER | NO_JSON],
)
def test_a_broken_document_does_not_fit(name: str) -> None:
    """What a schema can say it says."""
    assert not fits(changed(BROKEN[name][0]))


@pytest.mark.parametrize("name", sorted(ONLY_THE_READER))
def test_what_only_the_reader_knows_fits(name: str) -> None:
    """The schema is never stricter than it can be right about."""
    assert fits(changed(BROKEN[name][0]))
