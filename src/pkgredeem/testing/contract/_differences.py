"""Where two values differ: field by field, item by item, package by package."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Final, cast

_MOST_LINES: Final = 12
_LONGEST: Final = 300


def described_differences(expected: object, found: object) -> str:
    """Return where two values differ, a line for each place; empty where they are equal."""
    lines = list(_differences(expected, found, ""))
    more = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], *([f"and {more} more"] if more > 0 else [])])


def _differences(expected: object, found: object, path: str) -> Iterator[str]:
    if expected == found:
        return
    if type(expected) is type(found) and is_dataclass(expected):
        for field in fields(expected):
            if field.compare:
                pair = (getattr(expected, field.name), getattr(found, field.name))
                yield from _differences(*pair, f"{path}{field.name}: ")
    elif _is_listed(expected) and _is_listed(found):
        yield from _item_differences(
            cast("Sequence[object]", expected), cast("Sequence[object]", found), path
        )
    else:
        yield f"{path}expected {_shown(expected)}, found {_shown(found)}"


def _item_differences(
    expected: Sequence[object], found: Sequence[object], path: str
) -> Iterator[str]:
    wanted, there = _by_id(expected), _by_id(found)
    if wanted is None or there is None:
        wanted, there = _by_index(expected), _by_index(found)
        if len(expected) != len(found):
            yield f"{path}length: expected {len(expected)}, found {len(found)}"
    elif list(wanted) != list(there) and set(wanted) == set(there):
        yield f"{path}order: expected {_shown(list(wanted))}, found {_shown(list(there))}"
    for name in wanted | there:
        if name not in there:
            yield f"{path}{name}: expected {_shown(wanted[name])}, and it is not there"
        elif name not in wanted:
            yield f"{path}{name}: nothing was expected, found {_shown(there[name])}"
        else:
            yield from _differences(wanted[name], there[name], f"{path}{name}: ")


def _is_listed(value: object) -> bool:
    return isinstance(value, list | tuple)


def _by_id(items: Sequence[object]) -> dict[str, object] | None:
    """Return items by their ids; None where they have none, or share one."""
    found = {str(getattr(item, "id", "")): item for item in items}
    return found if len(found) == len(items) and "" not in found else None


def _by_index(items: Sequence[object]) -> dict[str, object]:
    return {f"[{index}]": item for index, item in enumerate(items)}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
