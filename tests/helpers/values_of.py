"""Which fields values have, found by looking at their classes, and what generated values hold.

A field that is added later is found like all others, and so is the class of a value that it takes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

#: A field by the class that has it, and its name.
Place = tuple[type, str]


def classes_of(*roots: type) -> list[type]:
    """Return these classes of values, and those of everything that they hold."""
    found: dict[type, None] = {}
    left = list(roots)
    while left:
        kind = left.pop()
        if kind not in found:
            found[kind] = None
            hints = get_type_hints(kind)
            left += [
                part
                for field in handed_in(kind)
                for part in types_in(hints[field.name])
                if is_dataclass(part)
            ]
    return list(found)


def handed_in(kind: type) -> list[Field[object]]:
    """Return the fields of a class that a caller hands in, not those that it finds by itself."""
    assert is_dataclass(kind)
    return [field for field in fields(kind) if field.init]


def types_in(hint: object) -> Iterator[type]:
    """Yield every class that a hint names, in tuples and alternatives too."""
    if get_origin(hint) is not None or isinstance(hint, UnionType):
        for part in get_args(hint):
            yield from types_in(part)
    elif isinstance(hint, type):
        yield hint


def found_in(values: Iterable[object]) -> Mapping[Place, dict[str, object]]:
    """Return what each field holds in these values and their parts, by its text, each once."""
    found: dict[Place, dict[str, object]] = defaultdict(dict)
    left = list(values)
    while left:
        value = left.pop()
        if isinstance(value, tuple | frozenset | list):
            left += value
        elif is_dataclass(value) and not isinstance(value, type):
            for field in handed_in(type(value)):
                held: object = getattr(value, field.name)
                found[type(value), field.name][repr(held)] = held
                left.append(held)
    return found


def always_default(kinds: Iterable[type], found: Mapping[Place, dict[str, object]]) -> list[str]:
    """Return the fields that hold one thing only; of those with a default, nothing else than it."""
    return [
        f"{kind.__name__}.{field.name}"
        for kind in kinds
        for field in handed_in(kind)
        if not _varies(field, [*found.get((kind, field.name), {}).values()])
    ]


def _varies(field: Field[object], held: list[object]) -> bool:
    if field.default is MISSING:
        return len(held) > 1
    return any(one != field.default for one in held)


def missing_words(
    kinds: Iterable[type], found: Mapping[Place, dict[str, object]]
) -> set[tuple[str, object]]:
    """Return the members of enums that a field takes and never holds, by the name of the field."""
    return {
        (f"{kind.__name__}.{field.name}", word)
        for kind in kinds
        for field in handed_in(kind)
        for enum in types_in(get_type_hints(kind)[field.name])
        if issubclass(enum, Enum)
        for word in enum
        if word not in _flat(found.get((kind, field.name), {}).values())
    }


def _flat(held: Iterable[Any]) -> list[object]:
    """Return what is held, and what stands in the tuples that are held."""
    found: list[object] = []
    for one in held:
        found += _flat(one) if isinstance(one, tuple) else [one]
    return found
