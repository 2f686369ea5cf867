"""The parts that every JSON Schema here is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, cast, get_args, get_origin

from pkgredeem import Draw, Redemption
from pkgredeem._model import iso8601
from pkgredeem._model.redemption import FORMAT

Schema: TypeAlias = dict[str, object]


def nullable(inner: Schema) -> Schema:
    """Return the schema of null or something else."""
    return {"anyOf": [inner, {"type": "null"}]}


def list_of(item: Schema) -> Schema:
    """Return the schema of a list, which may be empty."""
    return {"type": "array", "items": item}


def map_of(item: Schema) -> Schema:
    """Return the schema of an object with keys of the writer's own, none of them empty."""
    return {"type": "object", "propertyNames": {"minLength": 1}, "additionalProperties": item}


def pattern(*patterns: str) -> Schema:
    """Return the schema of a text that one of the patterns matches whole."""
    return {"type": "string", "pattern": f"^({'|'.join(patterns)})$"}


def words_of(words: type[StrEnum]) -> Schema:
    """Return the schema of a closed set of words."""
    return {"enum": [word.value for word in words]}


def object_of(properties: Mapping[str, Schema], *, required: Iterable[str]) -> Schema:
    """Return the schema of an object that has no other keys."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


_PLAIN: Final[dict[type, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    datetime: pattern(iso8601.INSTANT_WITH_SECONDS),
    timedelta: pattern(iso8601.ELAPSED),
}


def stored_redemption() -> Schema:
    """Return the schema of a stored redemption, made from the fields of its values, as it is."""
    properties, required = _keys_of(Redemption)
    return object_of({"format": {"const": FORMAT}, **properties}, required=["format", *required])


def _keys_of(value_class: type) -> tuple[dict[str, Schema], list[str]]:
    """Return the schema of each key of a value, and which of them its first form had (D65)."""
    members: tuple[Field[Any], ...] = fields(value_class)
    keys = {member.name: member.metadata.get("key", member.name) for member in members}
    properties = {keys[member.name]: _by_type(member.type) for member in members}
    required = [keys[member.name] for member in members if not member.metadata.get("added")]
    if value_class is Draw:  # its last ending is stored, and all of them where there are several
        properties["endings"] = properties["ending"]
        properties["ending"] = nullable(cast("Schema", properties["endings"]["items"]))
    return properties, required


def _by_type(kind: Any) -> Schema:  # noqa: ANN401 - whatever an annotation may be
    if get_origin(kind) is UnionType:
        (inner,) = (part for part in get_args(kind) if part is not NoneType)
        return nullable(_by_type(inner))
    if get_origin(kind) is tuple:
        return _of_tuple(*get_args(kind))
    if is_dataclass(kind):
        properties, required = _keys_of(cast("type", kind))
        return object_of(properties, required=required)
    if issubclass(kind, StrEnum):
        return words_of(kind)
    return dict(_PLAIN[kind])


def _of_tuple(first: Any, *others: Any) -> Schema:  # noqa: ANN401 - whatever an annotation may be
    """Return the schema of a list, of texts by name, or of a pair."""
    if others != (...,):
        pair = [_by_type(first), *map(_by_type, others)]
        return {"type": "array", "prefixItems": pair, "minItems": len(pair), "items": False}
    if get_origin(first) is tuple and get_args(first)[0] is str:
        return map_of(_by_type(get_args(first)[1]))
    return list_of(_by_type(first))
