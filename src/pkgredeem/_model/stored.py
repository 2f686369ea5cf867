"""How stored values that are plainly right are read, made from the same fields as `record`."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin

from pkgredeem._model import iso8601
from pkgredeem._model.quick import Part, quick_reader
from pkgredeem._model.record import form_of

_Value = TypeVar("_Value")
_Read = Callable[..., object]


def stored_reader(
    value_class: type[_Value], *, written_format: str = "", sparse: bool = False
) -> Callable[..., _Value]:
    """Return what reads the plain document of such a value, or is in doubt.

    Args:
        value_class: as `form_of` takes it.
        written_format: the format of a whole document; empty for a part of one.
        sparse: as `form_of` takes it.
    """
    members = {item.name: item for item in fields(cast("Any", value_class))}
    parts: list[Part] = []
    for member in form_of(value_class, sparse=sparse).members:
        kind = members[member.name].type
        is_nullable = get_origin(kind) is UnionType and NoneType in get_args(kind)
        if is_nullable:
            (kind,) = (one for one in get_args(kind) if one is not NoneType)
        read = _reader(kind, member.read, sparse=sparse)
        if members[member.name].metadata.get("last"):
            read = _only(stored_reader(get_args(kind)[0], sparse=sparse))
        parts.append(
            Part(
                member.key,
                member.name,
                read,
                member.default,
                is_nullable=is_nullable,
                is_rare=member.default is not MISSING,
            )
        )
    if written_format:
        parts.append(Part("format", None, {written_format: True}.__getitem__))
    return quick_reader(value_class, parts)


def _reader(kind: Any, with_care: _Read, *, sparse: bool) -> _Read | None:  # noqa: ANN401 - whatever an annotation may be
    """Return what reads such a part quickly; the careful reader where nothing is quicker."""
    if kind in _QUICK:
        return _QUICK[kind]
    if is_dataclass(kind):
        return stored_reader(cast("type[Any]", kind), sparse=sparse)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {word.value: word for word in kind}.__getitem__
    inner, *more = get_args(kind) or (None,)
    if get_origin(kind) is tuple and more == [...] and is_dataclass(inner):
        return _all(stored_reader(cast("type[Any]", inner), sparse=sparse))
    return partial(with_care, "")


def _all(read: _Read) -> _Read:
    def read_all(found: object) -> tuple[object, ...]:
        if type(found) is not list:
            raise TypeError
        return tuple([read(item) for item in cast("list[object]", found)])

    return read_all


def _only(read: _Read) -> _Read:
    """Return what reads a tuple of none or one, of which the last is stored, or null."""

    def read_only(found: object) -> tuple[object, ...]:
        return () if found is None else (read(found),)

    return read_only


def _elapsed(text: str) -> timedelta | None:
    """Return elapsed time that is written as it always is; None, or an error, for all else."""
    if "." in text:
        elapsed = iso8601.elapsed_of(text)
        return elapsed if elapsed is not None and iso8601.elapsed_text(elapsed) == text else None
    seconds = int(text[2:-1])
    return timedelta(0, seconds) if f"PT{seconds}S" == text else None


#: Plain kinds; what has no reader stays as it is, since the value's own check of such a field is as
#: strict as the careful reader.
_QUICK: dict[object, _Read | None] = {
    str: None,
    bool: None,
    int: None,
    datetime: iso8601.instant_with_seconds_of,
    timedelta: _elapsed,
}
