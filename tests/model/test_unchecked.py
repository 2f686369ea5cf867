"""The constructor without checks: it builds what the public one builds."""

from dataclasses import dataclass, fields, make_dataclass
from typing import Any

import pytest

from pkgredeem._model.unchecked import unchecked
from tests.helpers.samples import SAMPLES, made

#: Names that a text of source could use for itself.
HARD_NAMES = (
    "kind made draft value construct writable value_class names stores object self cls fields type"
)


def test_a_field_may_have_any_name() -> None:
    """No name of a field is in the way of another, by position or by name."""
    value_class = make_dataclass(
        "Hard", [(name, str) for name in HARD_NAMES.split()], frozen=True, slots=True, kw_only=True
    )
    contents = {name: name.upper() for name in HARD_NAMES.split()}
    construct: Any = unchecked(value_class)

    assert value_class(**contents) == construct(**contents) == construct(*contents.values())
    assert value_class is type(construct(**contents))


def test_nothing_is_checked() -> None:
    """What the public constructor refuses is built as it is given."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Even:
        """A whole number that is even."""

        value: int

        def __post_init__(self) -> None:
            if self.value % 2:
                raise ValueError(self.value)

    assert 3 == unchecked(Even)(value=3).value
    with pytest.raises(ValueError, match="3"):
        Even(value=3)


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_every_value_can_be_built(kind: type) -> None:
    """Equal to the value of the public constructor, of its class, and as frozen."""
    whole = made(kind)
    contents = {field.name: getattr(whole, field.name) for field in fields(kind)}
    construct: Any = unchecked(kind)
    built = construct(**contents)

    assert whole == built
    assert (type(whole), hash(whole), repr(whole)) == (type(built), hash(built), repr(built))
    with pytest.raises(AttributeError):
        setattr(built, fields(kind)[0].name, None)
