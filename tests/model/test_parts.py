"""Each wrong part and each wrong item of a collection is refused, and no field goes unchecked."""

from dataclasses import fields

import pytest

from pkgredeem import (
    Booking,
    Clause,
    Client,
    Entitlement,
    Finding,
    Hours,
    Package,
    Redemption,
    Rule,
)
from tests.helpers.fields import (
    COLLECTIONS,
    CREDITS,
    ELSEWHERE,
    PARTS,
    SIMPLE,
    TEXT,
    WORDS,
    refused,
)
from tests.helpers.samples import SAMPLES, item_of
from tests.helpers.support import START

#: How the items of a collection are called together; those of a class are its values.
ITERATED = {
    TEXT: "texts",
    "a tuple": "tuple values",
    "a date without a time": "dates",
    "a weekday from 1 (Monday) to 7 (Sunday)": "weekdays",
    CREDITS: "whole numbers",
}


def a(kind: type) -> str:
    """Return how a message names a class."""
    return f"{'an' if kind.__name__[0] in 'AEIO' else 'a'} {kind.__name__}"


@pytest.mark.parametrize(("kind", "field", "part", "optional"), PARTS)
@pytest.mark.parametrize("value", ["a text", 1, (), START, Client])
def test_a_part_is_of_its_class(
    kind: type, field: str, part: type, optional: bool, value: object
) -> None:
    """A value stands where one of its class belongs, and nothing that only looks alike."""
    allowed = a(part) + (" or None" if optional else "")

    assert (f"{kind.__name__}.{field}", value, allowed) == refused(kind, field, value)


@pytest.mark.parametrize(("kind", "field", "part"), [each[:3] for each in PARTS if not each[3]])
def test_a_part_that_must_be_there_is(kind: type, field: str, part: type) -> None:
    """None is refused where a value is needed."""
    assert (f"{kind.__name__}.{field}", None, a(part)) == refused(kind, field, None)


@pytest.mark.parametrize(("kind", "field", "allowed", "wrong"), COLLECTIONS)
def test_a_collection_refuses_a_wrong_item(
    kind: type, field: str, allowed: str, wrong: object
) -> None:
    """The error names the place of the item that is wrong."""
    good = item_of(kind, field)

    assert (f"{kind.__name__}.{field}[1]", wrong, allowed) == refused(kind, field, [good, wrong])


@pytest.mark.parametrize(("kind", "field", "item"), [each[:3] for each in COLLECTIONS])
@pytest.mark.parametrize("value", ["facial", b"facial", None, 3])
def test_a_collection_is_no_bare_text(kind: type, field: str, item: str, value: object) -> None:
    """A text is an iterable of letters, which nobody means; None and a number are none at all."""
    what = ITERATED.get(item, f"{item.rsplit(maxsplit=1)[-1]} values")
    allowed = f"an iterable of {what} other than a text"

    assert (f"{kind.__name__}.{field}", value, allowed) == refused(kind, field, value)


@pytest.mark.parametrize(
    ("kind", "field", "allowed"),
    [
        (Booking, "lines", "1 or more BookingLine values"),
        (Entitlement, "services", "one or more texts"),
        (Hours, "days", "one or more weekdays"),
        (Package, "entitlements", "1 or more Entitlement values"),
        (Finding, "clauses", "one or more texts"),
        (Rule, "clauses", "1 or more Clause values"),
        (Redemption, "draws", "1 or more Draw values"),
    ],
)
def test_a_collection_that_must_hold_something_does(kind: type, field: str, allowed: str) -> None:
    """Nothing at all is refused where at least one is needed."""
    assert (f"{kind.__name__}.{field}", (), allowed) == refused(kind, field, iter(()))


@pytest.mark.parametrize("field", ["stated_in", "inferred_in", "assumed_in"])
@pytest.mark.parametrize("value", ["2026-03", None, ("",), (2026,)])
def test_the_editions_of_a_clause_are_texts(field: str, value: object) -> None:
    """An edition is named by a text; one bare text is no collection of them."""
    allowed = "an iterable of texts that are not empty, other than a text"

    assert (f"Clause.{field}", value, allowed) == refused(Clause, field, value)


@pytest.mark.parametrize("value", ["text", None, 3])
def test_the_condition_of_a_rule_can_be_called(value: object) -> None:
    """A rule without a function could never be asked."""
    assert ("Rule.condition", value, "a function") == refused(Rule, "condition", value)


def test_every_field_of_every_value_is_in_a_table_above() -> None:
    """No field is left out: one that is added must be added to a table too."""
    checked = {(kind, name) for kind, _, names in SIMPLE for name in names.split()}
    for table in (WORDS, PARTS, COLLECTIONS):
        checked |= {(row[0], row[1]) for row in table}
    every: set[tuple[type, str]] = {
        (kind, each.name) for kind in SAMPLES for each in fields(kind) if each.init
    }

    assert every == checked | ELSEWHERE
