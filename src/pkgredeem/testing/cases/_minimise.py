"""The smallest case that still shows something, and its document, what is plain left out."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from typing import Any, Final, cast

import pkgredeem as p
from pkgredeem.documents import case_document

# A package or a line is more to read than a field.
_PART: Final = 4
# Nothing can be left out of them by itself.
_OF_PARTS_THAT_FIT: Final = frozenset(("existing", "lasts"))
# What a key says when it is left out; null and an empty text may be, but for the client's id.
_UNSAID: Final[Mapping[str, Mapping[str, object]]] = {
    name: {field.name: field.default for field in fields(kind)}
    for name, kind in (
        ("account", p.AccountSettings),
        ("client", p.Client),
        ("packages", p.Package),
        ("lines", p.BookingLine),
        ("", p.Case),
    )
}


def small_document(case: p.Case) -> dict[str, object]:
    """Return the document of a case without what goes without saying; it reads back equal."""
    return cast("dict[str, object]", _pruned(case_document(case), ""))


def as_json(case: p.Case) -> str:
    """Return the small document of a case as JSON that people can read, and paste."""
    return json.dumps(small_document(case), indent=2, ensure_ascii=False)


def size(case: p.Case) -> tuple[int, str]:
    """Return how large a case is to read; the document itself parts those of one length."""
    text = json.dumps(small_document(case), sort_keys=True)
    return len(text), text


def weight(value: object) -> int:
    """Return about how much there is to read in a case: what is not as plain as can be."""
    if isinstance(value, tuple):
        return sum(_PART + weight(part) for part in cast("tuple[object, ...]", value))
    if is_dataclass(value):
        told = (
            (getattr(value, field.name), field.default) for field in fields(value) if field.init
        )
        return sum(weight(found) for found, default in told if found != default)
    if isinstance(value, frozenset):
        return len(cast("frozenset[object]", value))
    return 1


def _pruned(value: object, name: str) -> object:
    if name == "existing":
        return value
    if isinstance(value, list):
        return [_pruned(member, name) for member in cast("list[object]", value)]
    if isinstance(value, dict):
        unsaid = _UNSAID.get(name, {})
        members = cast("dict[str, object]", value)
        return {
            key: _pruned(member, key)
            for key, member in members.items()
            if (name, key) == ("client", "id") or (member is not None and member != "")
            if key not in unsaid or member != unsaid[key]
        }
    return value


def shrunk(case: p.Case, still_shows: Callable[[p.Case], bool]) -> p.Case:
    """Return a case that shows the same and of which nothing more can be left out."""
    smaller = next(filter(still_shows, _simpler(case)), None)
    while smaller is not None:
        case = smaller
        smaller = next(filter(still_shows, _simpler(case)), None)
    return case


def _simpler(value: Any) -> Iterator[Any]:  # noqa: ANN401 - a case, or any part of one
    """Yield the value with one thing less: the last of a case, which are the largest, first."""
    for field in reversed(fields(value)):
        for plainer in _plainer(field, getattr(value, field.name)) if field.init else ():
            yield replace(value, **{field.name: plainer})


def _plainer(field: Field[object], found: Any) -> Iterator[object]:  # noqa: ANN401 - of any field
    """Yield what a field may hold in place of what was found there."""
    has_default = field.default is not MISSING
    if has_default and field.name != "id" and found != field.default:
        yield field.default
    if field.name in _OF_PARTS_THAT_FIT:
        return
    if isinstance(found, tuple):
        parts = cast("tuple[object, ...]", found)
        for place, part in enumerate(parts):
            before, after = parts[:place], parts[place + 1 :]
            if field.name == "packages" or before or after:
                yield (*before, *after)
            if is_dataclass(part):
                yield from ((*before, simpler, *after) for simpler in _simpler(part))
    elif is_dataclass(found):
        yield from _simpler(found)
    elif field.name == "remaining" and found not in {0, 1}:
        yield 1
