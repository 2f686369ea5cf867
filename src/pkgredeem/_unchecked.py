"""How the engine builds the values whose fields it made itself, without checking them again.

A frozen value stores each field through a call and then checks it, which is right for what callers
hand in and most of the price of a decision for what the engine has just computed. So the fields are
stored in an object of a subclass that can still be written to, which then becomes the value. The
constructor is compiled from the names of the fields, as `dataclasses` does it.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar, cast

_Value = TypeVar("_Value")

_SOURCE = """\
def make({names}):
    made = draft()
    {stores}
    made.__class__ = kind
    return made
"""

# Nothing but what every object does: no field of its own, no check, and no field that is frozen.
_UNFROZEN = {
    "__slots__": (),
    "__init__": object.__init__,
    "__setattr__": object.__setattr__,
    "__delattr__": object.__delattr__,
}


def unchecked(kind: type[_Value]) -> Callable[..., _Value]:
    """Return a constructor of that slotted value that takes every field, and checks none.

    By position, in the order of the fields, it is faster than by name.
    """
    names = [each.name for each in fields(cast("Any", kind))]
    draft = type(kind.__name__, (kind,), dict(_UNFROZEN))
    source = _SOURCE.format(
        names=", ".join(names), stores="; ".join(f"made.{name} = {name}" for name in names)
    )
    made: dict[str, Any] = {"draft": draft, "kind": kind}
    exec(source, made)  # noqa: S102 - the text holds nothing but the names of the fields
    return cast("Callable[..., _Value]", made["make"])
