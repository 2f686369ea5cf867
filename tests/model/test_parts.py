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
from tests.helpers.fields import COLLECTIONS, ELSEWHERE, PARTS, SIMPLE, WORDS, refused
from tests.helpers.samples import SAMPLES, item_of
from tests.helpers.support import START


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


@pytest.mark.parametrize(("kind", "field"), [(k, f) for k, f, _, opt in PARTS if not opt])
def test_a_part_that_must_be_there_is(kind: type, field: str) -> None:
    """None is refused where a value is needed."""
    assert (f"{kind.__name__}.{field}", None) == refused(kind, field, None)[:2]


@pytest.mark.parametrize(("kind", "field", "allowed", "wrong"), COLLECTIONS)
def test_a_collection_refuses_a_wrong_item(
    kind: type, field: str, allowed: str, wrong: object
) -> None:
    """The error names the place of the item that is wrong."""
    good = item_of(kind, field)

    assert (f"{kind.__name__}.{field}[1]", wrong, allowed) == refused(kind, field, [good, wrong])


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind, field, _, _ in COLLECTIONS])
@pytest.mark.parametrize("value", ["facial", b"facial", None, 3])
def test_a_collection_is_no_bare_text(kind: type, field: str, value: object) -> None:
    """A text is an iterable of letters, which nobody means; None and a number are none at all."""
    found = refused(kind, field, value)

    assert (f"{kind.__name__}.{field}", value) == found[:2]
    assert found[2].startswith("an iterable of ")
    assert found[2].endswith(" other than a text")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (Booking, "lines"),
        (Entitlement, "services"),
        (Hours, "days"),
        (Package, "entitlements"),
        (Finding, "clauses"),
        (Rule, "clauses"),
        (Redemption, "draws"),
    ],
)
def test_a_collection_that_must_hold_something_does(kind: type, field: str) -> None:
    """Nothing at all is refused where at least one is needed."""
    found = refused(kind, field, iter(()))

    assert (f"{kind.__name__}.{field}", ()) == found[:2]
    assert found[2].startswith(("1 or more ", "one or more "))


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
