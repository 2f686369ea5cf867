"""Each wrong type and each wrong value of each field is refused, naming field, value and bound."""

from collections.abc import Iterator

import pytest

from pkgredeem import (
    Audience,
)
from tests.helpers.fields import SIMPLE, WORDS, WRONG, refused
from tests.helpers.samples import members_of


def simple() -> Iterator[tuple[type, str, object, str]]:
    """List every wrong value of every simple field."""
    for kind, allowed, names in SIMPLE:
        for name in names.split():
            for value in WRONG[allowed]:
                yield kind, name, value, allowed


def words() -> Iterator[tuple[type, str, object, str]]:
    """List what is no word of each enum field: its plain word above all."""
    for kind, name, enum in WORDS:
        for value in (next(iter(enum)).value, Audience.STAFF, True, 0):
            yield kind, name, value, members_of(enum)


@pytest.mark.parametrize(("kind", "field", "value", "allowed"), [*simple(), *words()])
def test_a_simple_field_refuses(kind: type, field: str, value: object, allowed: str) -> None:
    """What can't stand in the field is refused, and the error says what can."""
    assert (f"{kind.__name__}.{field}", value, allowed) == refused(kind, field, value)
