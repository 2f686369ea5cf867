"""How objects that are plainly right are read: at once, or not at all.

Reading that can say what is wrong, and where, is most of the price of a good document. So good ones
are read by functions that know nothing of problems: whatever they doubt they refuse, and the caller
then reads it again with care. They are compiled from the parts that the careful reader has, as
`dataclasses` compiles a constructor. The fields are stored as in `unchecked`, and then the value
makes its own checks, those of its constructor.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from typing import Any, NamedTuple, NoReturn, TypeVar, cast, get_origin

from pkgredeem._model.unchecked import writable

_Value = TypeVar("_Value")

#: What is raised in doubt. What a value refuses is a `ValueError` as well.
DOUBTS = (LookupError, TypeError, ValueError, OverflowError)
#: Compiling takes about as long as to read so many documents with care.
FIRST = 50

# No key and no field can have one of the names with two underscores.
_SOURCE = """\
def read(__found, __reading=None):
    if type(__found) is not dict:
        raise TypeError
    __value = __writable()
    __known = {required}
    {usual}
    if len(__found) == __known:
        {defaults}
    else:
        {rare}
        if len(__found) != __known:
            return __otherwise(__found, __reading)
    __value.__class__ = __value_class
    {check}
    return __value
"""
_OPTIONAL = """\
if {key!r} in __found:
    __known += 1
    {read}
else:
    {default}
"""
_OTHER = """\
if {key!r} in __found:
    __known += 1
    if __value.{field} is not None:
        raise ValueError
    {read}
"""
_READ = """\
__part = __found[{key!r}]
if {unless_null}(__part := __read_{place}(__part{reading})) is None:
    raise ValueError
{store}
"""


class Part(NamedTuple):
    """What stands at one key of an object, and becomes one field of the value.

    Attributes:
        key: the key.
        field: the field; None for what is only looked at.
        read: returns what it becomes, and raises one of `DOUBTS` or returns None in doubt. Without
            it everything stays as it is: the value's check of the field must refuse whatever the
            careful reader refuses.
        default: what the field is where the key is left out; MISSING where it must not be.
        is_nullable: whether null is not read and stays None.
        takes_reading: whether *read* is handed what is known of the whole document as well.
        is_rare: whether most documents leave the key out: it is looked for only where there are
            more keys than the others.
        is_other: whether it is another way to say a field that stands before it, which is then
            left out, or null. It may always be left out.
    """

    key: str
    field: str | None
    read: Callable[..., object] | None = None
    default: object = MISSING
    is_nullable: bool = False
    takes_reading: bool = False
    is_rare: bool = False
    is_other: bool = False


def once_it_pays(compiled: Callable[[], Callable[..., _Value]]) -> Callable[..., _Value | None]:
    """Return what reads whole documents quickly: their value, or None in doubt.

    The reader is compiled once there have been so many that it pays, or one that is as large as so
    many; before, all is in doubt.
    """
    read: Callable[..., _Value] | None = None
    before = FIRST

    def read_or_doubt(
        found: object, reading: object = None, *, is_large: bool = False
    ) -> _Value | None:
        nonlocal read, before
        if read is None:
            if before > 0 and not is_large:
                before -= 1
                return None
            read = compiled()
        try:
            return read(found, reading)
        except DOUBTS:
            return None

    return read_or_doubt


def _refuse(*_: object) -> NoReturn:
    """Refuse an object with further keys."""
    raise LookupError


def quick_reader(
    value_class: type[_Value],
    parts: Iterable[Part],
    otherwise: Callable[[Any, Any], _Value] = _refuse,
) -> Callable[..., _Value]:
    """Return what reads a plain dict with these parts into that slotted value, or is in doubt.

    Args:
        value_class: the class of the value.
        parts: what may stand in the object; a field that none of them is has its default.
        otherwise: reads an object with further keys.
    """
    told = tuple(parts)
    kinds = {item.name: item for item in fields(cast("Any", value_class)) if item.init}
    namespace: dict[str, Any] = {
        "__writable": writable(value_class),
        "__value_class": value_class,
        "__otherwise": otherwise,
    }
    usual: list[str] = []
    rare: list[str] = []
    defaults: list[str] = []
    for place, part in enumerate(told):
        namespace[f"__read_{place}"], namespace[f"__default_{place}"] = part.read, part.default
        is_set = part.field is not None and get_origin(kinds[part.field].type) is frozenset
        read = _source_of(part, place, is_set=is_set)
        default = f"__value.{part.field} = __default_{place}"
        if part.is_other:
            rare.append(_filled(_OTHER, key=part.key, field=part.field, read=read))
            continue
        if part.default is not MISSING:
            read = _filled(_OPTIONAL, key=part.key, read=read, default=default)
        (rare if part.is_rare else usual).append(read)
        if part.is_rare:
            defaults.append(default)
    for name in kinds.keys() - {part.field for part in told}:
        namespace[f"__default_{name}"] = kinds[name].default
        usual.append(f"__value.{name} = __default_{name}")
    source = _filled(
        _SOURCE,
        required=sum(part.default is MISSING and not part.is_other for part in told),
        usual="\n".join(usual),
        rare="\n".join(rare),
        defaults="\n".join(defaults) or "pass",
        check="__value.__post_init__()" if hasattr(value_class, "__post_init__") else "",
    )
    exec(source, namespace)  # noqa: S102 - the text holds nothing but the names of keys and fields
    return cast("Callable[..., _Value]", namespace["read"])


def _source_of(part: Part, place: int, *, is_set: bool) -> str:
    """Return how the part is read from its key, and stored."""
    found = f"__found[{part.key!r}]" if part.read is None else "__part"
    store = f"__value.{part.field} = {f'frozenset({found})' if is_set else found}"
    if part.read is None:
        return store
    return _filled(
        _READ,
        key=part.key,
        place=place,
        unless_null="__part is not None and " if part.is_nullable else "",
        reading=", __reading" if part.takes_reading else "",
        store=store if part.field else "",
    )


def _filled(template: str, **contents: object) -> str:
    """Return the template with its contents, each line of them as far in as its place."""
    lines: list[str] = []
    for line in template.splitlines():
        margin = line[: len(line) - len(line.lstrip())]
        lines += [margin + one for one in line.strip().format(**contents).splitlines()]
    return "\n".join(lines)
