"""Each wrong type and each wrong value of each field is refused, naming field, value and bound."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from pkgredeem import Audience, Client, Entitlement, Finding, InvalidValueError
from tests.helpers.fields import ID, SIMPLE, TOLD, WORDS, WRONG, refused
from tests.helpers.samples import members_of


def simple() -> Iterator[tuple[type, str, object, str]]:
    """List every wrong value of every simple field."""
    for kind, allowed, names in SIMPLE:
        for name in names.split():
            for value in WRONG[allowed]:
                yield kind, name, value, TOLD.get(allowed, allowed)


def words() -> Iterator[tuple[type, str, object, str]]:
    """List what is no word of each enum field: its plain word above all."""
    for kind, name, enum in WORDS:
        for value in (next(iter(enum)).value, Audience.STAFF, True, 0):
            yield kind, name, value, members_of(enum)


@pytest.mark.parametrize(("kind", "field", "value", "allowed"), [*simple(), *words()])
def test_a_simple_field_refuses(kind: type, field: str, value: object, allowed: str) -> None:
    """What can't stand in the field is refused, and the error says what can."""
    assert (f"{kind.__name__}.{field}", value, allowed) == refused(kind, field, value)


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, name) for kind, allowed, names in SIMPLE if allowed == ID for name in names.split()],
)
def test_an_id_that_is_a_number_is_told_to_be_a_text(kind: type, field: str) -> None:
    """The keys of a database are refused, and the error says how to make texts of them."""
    key = UUID(int=7)
    for value, text in (
        (7, "str(7)"),
        (-1, "str(-1)"),
        (key, "str(UUID('00000000-0000-0000-0000-000000000007'))"),
    ):
        allowed = f"a text that is not empty (ids are texts: {text})"
        assert (f"{kind.__name__}.{field}", value, allowed) == refused(kind, field, value)


@pytest.mark.parametrize(("kind", "field"), [(Entitlement, "services"), (Finding, "clauses")])
def test_ids_in_a_collection_are_told_to_be_texts(kind: type, field: str) -> None:
    """An entitlement to the services 7 and 8 names the first of them."""
    allowed = "a text that is not empty (ids are texts: str(7))"

    assert (f"{kind.__name__}.{field}[0]", 7, allowed) == refused(kind, field, [7, 8])


def test_the_words_of_an_error_about_an_id() -> None:
    """Read by whoever hands in the number of a row."""
    with pytest.raises(InvalidValueError) as raised:
        Client(id=7)  # type: ignore[arg-type]  # that is the point

    assert "Client.id must be a text that is not empty (ids are texts: str(7)), not 7" == str(
        raised.value
    )
