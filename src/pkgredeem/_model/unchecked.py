"""How the engine builds values whose fields it computed itself, without checking them again.

A frozen value stores each field through a call and then checks it, which is right for what callers
hand in and most of the price of a decision for what the engine has just computed. So the fields are
stored in an object of a subclass that can still be written to, which then becomes the value. The
constructor is compiled from the names of the fields, as `dataclasses` does it; measured, it is four
times as fast as the public one.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar, cast

_Value = TypeVar("_Value")

# No field can have one of the names with two underscores: a class body would change it.
_SOURCE = """\
def construct({names}):
    __value = __writable()
    {stores}
    __value.__class__ = __value_class
    return __value
"""

_REPLACE = """\
def replace(__value, {changed}):
    return __construct({fields})
"""

# Nothing but what every object does: no field of its own, no check, and no field that is frozen.
_WRITABLE = {
    "__slots__": (),
    "__init__": object.__init__,
    "__setattr__": object.__setattr__,
    "__delattr__": object.__delattr__,
}


def writable(value_class: type[_Value]) -> type[_Value]:
    """Return a subclass whose objects can be written to, until they become the value itself."""
    made = type(value_class.__name__, (value_class,), dict(_WRITABLE))
    return cast("type[_Value]", made)


def unchecked(value_class: type[_Value]) -> Callable[..., _Value]:
    """Return a constructor of that slotted value that takes every field, and checks none.

    By position, in the order of the fields, it is faster than by name.
    """
    names = [field.name for field in fields(cast("Any", value_class))]
    source = _SOURCE.format(
        names=", ".join(names), stores="; ".join(f"__value.{name} = {name}" for name in names)
    )
    namespace: dict[str, Any] = {
        "__writable": writable(value_class),
        "__value_class": value_class,
    }
    exec(source, namespace)  # noqa: S102 - the text holds nothing but the names of the fields
    return cast("Callable[..., _Value]", namespace["construct"])


def unchecked_replace(value_class: type[_Value], *changed: str) -> Callable[..., _Value]:
    """Return a function that copies such a value with these fields changed, and checks none.

    It takes the value and, by position, what the changed fields become.
    """
    names = [field.name for field in fields(cast("Any", value_class))]
    source = _REPLACE.format(
        changed=", ".join(changed),
        fields=", ".join(name if name in changed else f"__value.{name}" for name in names),
    )
    namespace: dict[str, Any] = {"__construct": unchecked(value_class)}
    exec(source, namespace)  # noqa: S102 - see above
    return cast("Callable[..., _Value]", namespace["replace"])
