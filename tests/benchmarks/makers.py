"""Three ways in which a hand-written function can make the values that it returns.

The values are frozen and check their fields, and making them is most of what a decision costs. So
the same hand-written function is measured with each of these:

- `CHECKED`: the public constructors, as anyone would write it first;
- `STORED`: every field stored by `object.__setattr__` on a value that nothing has checked, which is
  what somebody does whose only aim is speed, and who knows the public names only;
- `BORROWED`: the library's own private constructor, so that what is left between the two is the
  rules, the checks of the arguments and the generality.

Each takes the fields by position, in their order. It is written out from the names of the fields,
as `dataclasses` writes a constructor, so that it costs what one written by hand would cost.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from pkgredeem import Change, Decision, Draw, Finding, Movement, Redemption
from pkgredeem._model.unchecked import unchecked

Facts = tuple[tuple[str, str | int | datetime], ...]
_Value = TypeVar("_Value")


@dataclass(frozen=True, kw_only=True)
class Makers:
    """One constructor for each kind of value, with its fields by position, in their order."""

    name: str
    draw: Callable[..., Draw]
    finding: Callable[..., Finding]
    movement: Callable[..., Movement]
    change: Callable[..., Change]
    redemption: Callable[..., Redemption]
    decision: Callable[..., Decision]


def _written_out(value_class: type[_Value], source: str) -> Callable[..., _Value]:
    names = [field.name for field in fields(cast("Any", value_class))]
    text = source.format(
        names=", ".join(names),
        by_name=", ".join(f"{name}={name}" for name in names),
        stores="; ".join(f'put(value, "{name}", {name})' for name in names),
    )
    namespace: dict[str, Any] = {
        "value_class": value_class,
        "new": object.__new__,
        "put": object.__setattr__,
    }
    exec(text, namespace)  # noqa: S102 - the text holds nothing but the names of the fields
    return cast("Callable[..., _Value]", namespace["make"])


def _checked(value_class: type[_Value]) -> Callable[..., _Value]:
    return _written_out(value_class, "def make({names}): return value_class({by_name})")


def _stored(value_class: type[_Value]) -> Callable[..., _Value]:
    source = "def make({names}):\n value = new(value_class); {stores}\n return value"
    return _written_out(value_class, source)


CHECKED: Final = Makers(
    name="public constructors",
    draw=_checked(Draw),
    finding=_checked(Finding),
    movement=_checked(Movement),
    change=_checked(Change),
    redemption=_checked(Redemption),
    decision=_checked(Decision),
)
STORED: Final = Makers(
    name="unchecked, by object.__setattr__",
    draw=_stored(Draw),
    finding=_stored(Finding),
    movement=_stored(Movement),
    change=_stored(Change),
    redemption=_stored(Redemption),
    decision=_stored(Decision),
)
BORROWED: Final = Makers(
    name="the library's private constructor",
    draw=unchecked(Draw),
    finding=unchecked(Finding),
    movement=unchecked(Movement),
    change=unchecked(Change),
    redemption=unchecked(Redemption),
    decision=unchecked(Decision),
)
EVERY_WAY: Final = (CHECKED, STORED, BORROWED)
