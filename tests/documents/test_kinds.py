"""What a kind answers by itself, whatever holds it: a value, or that there is none."""

import pytest

from pkgredeem.documents import _scalars as scalars
from pkgredeem.documents._kinds import Kind, ListOf, MapOf, Quick, Reading
from pkgredeem.documents._problems import INVALID, Problems


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (ListOf("a list of one id or more", scalars.ID, least=1), []),
        (ListOf("a list of ids", scalars.ID), ["p1", ""]),
        (MapOf("an object of ids", scalars.ID), {"": "p1"}),
        (MapOf("an object of ids", scalars.ID), {"one": "p1", "two": ""}),
    ],
)
def test_what_has_a_problem_is_no_value(kind: Kind[object], found: object) -> None:
    """Not even the part of it that is right."""
    reading = Reading(Problems())

    assert INVALID is kind.read(found, None, reading)
    assert 1 == reading.problems.count


def test_null_is_read_quickly_only_where_it_may_stand() -> None:
    """Elsewhere it is in doubt, whatever reads what stands there."""
    reading = Reading(Problems())

    assert Quick(repr, is_nullable=True).value(None, reading) is None
    assert "None" == Quick(repr).value(None, reading)
    with pytest.raises(ValueError):  # noqa: PT011 - doubt says nothing
        scalars.INSTANT.quick().value(None, reading)
