"""How the engine builds the values whose fields it made itself, without checking them again.

A frozen value stores each field through a call and then checks it, which is right for what callers
hand in and most of the price of a decision for what the engine has just computed. So the fields are
stored in a plain object of the same layout, which then becomes the value. The constructor is
compiled from the names of the fields, as `dataclasses` does it.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar, cast

_Value = TypeVar("_Value")

_SOURCE = """\
def make({names}):
    made = new(twin)
    {stores}
    made.__class__ = kind
    return made
"""


def unchecked(kind: type[_Value]) -> Callable[..., _Value]:
    """Return a constructor of that slotted value: every field by its name, none of them checked."""
    names = [each.name for each in fields(cast("Any", kind))]
    twin = type(kind.__name__, (), {"__slots__": tuple(names)})
    source = _SOURCE.format(
        names=", ".join(names), stores="; ".join(f"made.{name} = {name}" for name in names)
    )
    made: dict[str, Any] = {"new": object.__new__, "twin": twin, "kind": kind}
    exec(source, made)  # noqa: S102 - the text holds nothing but the names of the fields
    return cast("Callable[..., _Value]", made["make"])
