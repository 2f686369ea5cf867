"""The quick readers beside the careful ones: documents, good and damaged, and what comes of it."""

import copy
import json
import lzma
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, is_dataclass
from io import BytesIO
from random import Random
from typing import Any, Final, cast
from unittest.mock import patch

from pkgredeem import (
    Actor,
    Case,
    InvalidValueError,
    Package,
    Redemption,
    RedemptionPolicy,
    rules,
)
from pkgredeem._model import packages, redemption
from pkgredeem._model.quick import DOUBTS, FIRST
from pkgredeem._model.stored import stored_reader
from pkgredeem.documents import _reader, case_document, load_case
from pkgredeem.documents._json import parse_quickly
from pkgredeem.documents._kinds import Reading
from pkgredeem.documents._problems import Problems
from pkgredeem.documents._shapes import CASE
from pkgredeem.testing.cases import generator
from tests.benchmarks.mixed import MIXED
from tests.helpers.documents_support import changed
from tests.helpers.samples import made

#: What stands in a wrong place: each kind of JSON value, and what is nearly right somewhere.
ODD: Final[tuple[object, ...]] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    1.0,
    1.5,
    10**400,
    "",
    "x",
    "1",
    "unlimited",
    "client",
    "main",
    "facial",
    "mon",
    "week",
    "14 days",
    "1 hour",
    "PT3600S",
    "PT0S",
    "PT007S",
    "PT1.5S",
    "09:30",
    "Pacific/Auckland",
    "localtime",
    "2026-05-05",
    "2026-02-30",
    "2026-05-05T10:00:00Z",
    "2026-05-05T10:00Z",
    "2026-05-05T24:00:00Z",
    "2026-05-05T10:00:00+12:00",
    "2026-05-05T10:00:00",
    "2026-05-05T10:00:00.1234567Z",
    "2026-W19-2T10:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T00:00:00Z",
    "\u0662026-05-05T10:00:00Z",
    "h\u00e9",
    [],
    [None],
    ["facial", "facial"],
    [["a", "b"]],
    [{}],
    {},
    {"": "x"},
    {"a": "b"},
    {"a": 1},
    {"id": "x"},
)
_FURTHER: Final = ("colour", "", "id", "traits", "valid_until", "sold_on", "through", "endings")
# Damage of a text, which its values can't show.
_IN_TEXT: Final = (
    (': "', ': "\\ud800'),
    (': "', ': "\\ud83d\\ude00'),
    (': "', ': "\\\\ud83d\\ude00'),
    (': "', ': "\\ud7ff'),
    (": ", ': NaN, "x": '),
    (": 5", ": 1e999"),
    (": 5", ": 1.5"),
    (": 5", f": {'9' * 600}"),
    (": 5", f": {'9' * 601}"),
    ('{"id": ', '{"id": "twice", "id": '),
    ("[", "[" * 40),
    ("[", "[" * 600),
    (",", ",,"),
    ("}", "}}"),
)


@dataclass(frozen=True)
class Reader:
    """What reads one kind of document, and good documents of that kind.

    Attributes:
        read: what users call.
        quick: reads it where it is plainly right; None, or one of `DOUBTS` raised, in doubt.
        good: documents that are right, and as different as can be.
    """

    read: Callable[[bytes], object]
    quick: Callable[[bytes], object]
    good: Callable[[], list[object]]


def _case_quickly(text: bytes) -> object:
    plain = parse_quickly(text)
    return None if plain is None else _QUICK_CASE(plain, Reading(Problems()))


def _cases() -> list[object]:
    """Return stored cases, generated ones, every field at once, and local days."""
    with lzma.open(MIXED, "rt", encoding="ascii") as file:
        stored: list[object] = [json.loads(line) for line in file][::20]
    grown = [case_document(generator.case(16, index)) for index in range(100)]
    whole = case_document(cast("Case", made(Case)))
    packages = cast("list[Any]", changed({})["packages"])
    in_days = changed(
        {
            "packages.0.sold_on": "2026-03-01",
            "packages.0.valid_for": "6 months",
            "packages.0.book_through": "2026-12-31",
            "packages.0.pauses": [{"starts_on": "2026-07-01", "through": "2026-07-14"}],
            "packages.0.restrictions": {
                "hours": [{"days": ["mon", "tue"], "opens": "09:00", "closes": "17:30"}],
                "not_on": ["2026-12-24"],
                "traits": {"place": ["north", "south"]},
                "min_notice": "2 hours",
            },
            "packages.0.quotas": [{"most": 2, "per": "14 days"}, {"most": 1, "per": "week"}],
            "packages.0.cancellation": {
                "window": "24 hours",
                "late": "return",
                "tiers": [{"window": "3 hours", "outcome": "forfeit"}],
            },
            "packages.1": packages[1] | {"valid_through": "2026-12-31", "lasts": "30 days"},
            "booking.lines.0.service.costs": {"minute": 75},
            "only": ["p1", "p2"],
        }
    )
    return [*stored, *grown, whole, in_days]


def _redemptions() -> list[object]:
    """Return what was booked in the generated cases, some of it ended, and every field at once."""
    policy = RedemptionPolicy(rules.ONLINE)
    decided = [policy.decide_case(generator.case(16, index)).redemption for index in range(300)]
    booked = [each for each in decided if each is not None]
    ended = [
        change.after
        for each in booked
        if (change := policy.cancel(each, by=Actor.CLIENT, now=each.booked_at).change)
    ]
    whole = cast("Redemption", made(Redemption))
    return [each.to_document() for each in (*booked, *ended, whole)]


def _packages() -> list[object]:
    """Return the packages of the generated cases, and every field at once."""
    found = [each for index in range(100) for each in generator.case(16, index).packages]
    return [each.to_document() for each in (*found, cast("Package", made(Package)))]


_QUICK_CASE = cast("Callable[..., object]", CASE.quick().read)
_QUICK_REDEMPTION = stored_reader(Redemption, written_format=redemption.FORMAT)
_QUICK_PACKAGE = stored_reader(Package, written_format=packages.FORMAT, sparse=True)

READERS: Final = {
    "case": Reader(lambda text: load_case(BytesIO(text)), _case_quickly, _cases),
    "redemption": Reader(
        lambda text: Redemption.from_document(json.loads(text)),
        lambda text: _QUICK_REDEMPTION(json.loads(text)),
        _redemptions,
    ),
    "package": Reader(
        lambda text: Package.from_document(json.loads(text)),
        lambda text: _QUICK_PACKAGE(json.loads(text)),
        _packages,
    ),
}


def warm_up() -> None:
    """Read so many documents of each kind that the quick readers are compiled."""
    wholes = {
        "case": case_document(cast("Case", made(Case))),
        "redemption": cast("Redemption", made(Redemption)).to_document(),
        "package": cast("Package", made(Package)).to_document(),
    }
    for kind, whole in wholes.items():
        for _ in range(FIRST + 1):
            READERS[kind].read(json.dumps(whole).encode())


@contextmanager
def only_with_care() -> Iterator[None]:
    """Leave every quick reader out."""
    with ExitStack() as stack:
        for module, name in (
            (_reader, "read_quickly"),
            (redemption, "_read_quickly"),
            (packages, "_read_quickly"),
        ):
            stack.enter_context(patch.object(module, name, lambda *_, **__: None))
        yield


def exact(value: object) -> object:
    """Return what a value is made of, with the class of everything, since 1 equals True."""
    if is_dataclass(value):
        parts = [(item.name, exact(getattr(value, item.name))) for item in fields(value)]
        return type(value), tuple(parts)
    if isinstance(value, tuple):
        return type(value), tuple(map(exact, cast("tuple[object, ...]", value)))
    return type(value), value


def outcome(read: Callable[[Any], object], text: object) -> object:
    """Return what was read, exactly, or the whole error."""
    try:
        return exact(read(text))
    except InvalidValueError as error:
        return type(error), str(error), error.field, repr(error.value), error.allowed
    except json.JSONDecodeError:
        return json.JSONDecodeError


def quickly(reader: Reader, text: bytes) -> object:
    """Return what the quick reader reads, exactly; None in doubt."""
    try:
        found = reader.quick(text)
    except DOUBTS:
        return None
    return None if found is None else exact(found)


def disagreement(reader: Reader, text: bytes) -> str | None:
    """Tell how the quick and the careful way differ on a text; None where they don't."""
    with only_with_care():
        careful = outcome(reader.read, text)
    quick = quickly(reader, text)
    if quick is not None and quick != careful:
        return f"{text!r}: quickly {quick}, with care {careful}"
    public = outcome(reader.read, text)
    return None if public == careful else f"{text!r}: {public}, with care {careful}"


def damaged(document: object, choices: Random) -> bytes:
    """Return the text of a document with one to three places damaged."""
    changed_one = copy.deepcopy(document)
    for _ in range(choices.choice((1, 1, 1, 2, 3))):
        holder, key = choices.choice([*places(changed_one)])
        _damage(holder, key, choices)
    text = json.dumps(changed_one, ensure_ascii=choices.random() < 0.5)
    return text.encode()


def with_one_odd_text(document: object, most: int) -> Iterator[bytes]:
    """Yield the text with damage that no value shows, each kind in so many places."""
    text = json.dumps(document)
    for old, new in _IN_TEXT:
        parts = text.split(old)
        for place in range(1, len(parts), max(1, len(parts) // most)):
            yield (old.join(parts[:place]) + new + old.join(parts[place:])).encode()


def with_one_odd_value(document: object, choices: Random, most: int) -> Iterator[bytes]:
    """Yield the texts in which one place holds an odd value: each place, with so many of them."""
    changed_one = copy.deepcopy(document)
    for holder, key in [*places(changed_one)]:
        kept = holder[key]
        for odd in choices.sample(ODD, most):
            holder[key] = odd
            yield json.dumps(changed_one).encode()
        holder[key] = kept


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Yield what holds each part of a document, and its key or index there."""
    if isinstance(value, dict | list):
        holder = cast("Any", value)
        for key in list(holder) if isinstance(value, dict) else range(len(holder)):
            yield holder, key
            yield from places(holder[key])


def _damage(holder: Any, key: Any, choices: Random) -> None:  # noqa: ANN401 - a list or a dict
    how = choices.randrange(6)
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, dict):
        holder[choices.choice(_FURTHER)] = copy.deepcopy(choices.choice(ODD))
    elif how == 2 and isinstance(holder, list):
        holder.append(copy.deepcopy(choices.choice(holder)))
    else:
        holder[key] = copy.deepcopy(choices.choice(ODD))
