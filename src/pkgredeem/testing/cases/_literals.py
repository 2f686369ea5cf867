"""The literals that the code of a rule names: what a case must hold for the rule to find anything.

A rule about balayage is silent in every case that has none. The word stands in the rule's code, as
a constant or behind a global name, and can be put into a case from there.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from types import CodeType, ModuleType
from typing import NamedTuple, cast

from pkgredeem import Rule

_LONGEST = 100
_LARGEST = 10_000
_DEEPEST = 3


class Literals(NamedTuple):
    """What rules name, each kind in the order in which it is met."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]
    days: tuple[date, ...]
    instants: tuple[datetime, ...]
    spans: tuple[timedelta, ...]


def literals_of(rules: Iterable[Rule]) -> Literals:
    """Return what the code of these rules names."""
    found = list(dict.fromkeys(value for rule in rules for value in _named_by(rule.condition)))
    return Literals(
        texts=tuple(v for v in found if isinstance(v, str) and 0 < len(v) <= _LONGEST),
        numbers=tuple(v for v in found if isinstance(v, int) and 0 < v <= _LARGEST),
        days=tuple(v for v in found if isinstance(v, date) and not isinstance(v, datetime)),
        instants=tuple(v for v in found if isinstance(v, datetime) and v.tzinfo is not None),
        spans=tuple(v for v in found if isinstance(v, timedelta) and v > timedelta(0)),
    )


def _named_by(condition: object) -> Iterator[object]:
    code = getattr(condition, "__code__", None)
    names = cast("Mapping[str, object]", getattr(condition, "__globals__", {}))
    words = getattr(condition, "__doc__", None)
    if isinstance(code, CodeType):  # else it is written in another language, or is an object
        yield from (value for value in _named_in(code, names) if value != words)


def _named_in(code: CodeType, names: Mapping[str, object]) -> Iterator[object]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _named_in(constant, names)
        else:
            yield from _plain_values(constant, _DEEPEST)
    for name in code.co_names:
        value = names.get(name)
        if isinstance(value, ModuleType):  # such as settings.OPENING_DAY
            for attribute in code.co_names:
                yield from _plain_values(vars(value).get(attribute), _DEEPEST)
        yield from _plain_values(value, _DEEPEST)


def _plain_values(value: object, depth: int) -> Iterator[object]:
    """Yield the value, or what a collection of values holds; nothing of any other kind."""
    if isinstance(value, (Enum, bool)):
        return
    if isinstance(value, (str, int, date, timedelta)):
        yield value
    elif isinstance(value, (tuple, list, set, frozenset, dict)) and depth:
        members = cast("Iterable[object]", value)
        for member in sorted(members, key=repr) if isinstance(value, (set, frozenset)) else members:
            yield from _plain_values(member, depth - 1)
