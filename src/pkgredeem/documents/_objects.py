"""Objects of a document: tables of their keys, read into values and written from them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import is_dataclass
from datetime import date, datetime
from itertools import combinations
from types import MappingProxyType
from typing import Final, TypeVar, cast, final
from zoneinfo import ZoneInfo

from attrs import Factory, field, frozen

from pkgredeem import InvalidValueError
from pkgredeem._model.checks import CALENDAR
from pkgredeem._model.nearest import nearest_word
from pkgredeem._model.quick import Part, quick_reader
from pkgredeem.documents import _schemas as schemas
from pkgredeem.documents._kinds import Kind, Quick, Reading
from pkgredeem.documents._problems import INVALID, MISSING, Invalid, Place, format_value, quote
from pkgredeem.documents._schemas import Schema

_T = TypeVar("_T")

REQUIRED: Final = object()  # stands in place of the default of a key that must be given


def note_refusal(error: InvalidValueError, at: Place | None, reading: Reading) -> Invalid:
    """Note what a value of the core refused, at the place that its field names.

    `redemption.booking.id` is `existing.booking.id` for the redemption at `existing`; the field of
    any other value is named in words.
    """
    value: object = error.value
    if isinstance(value, list):  # the keys of an object
        found = quote(", ".join(map(str, cast("list[object]", value))))
    elif value is None or type(value) in {bool, int, str, float, dict}:
        found = format_value(value)
    else:
        found = "another value"
    owner, dot, rest = error.field.partition(".")
    if owner.lower() == "redemption":
        return reading.problems.add(at, found, error.allowed, inside=f"{dot}{rest}")
    return reading.problems.add(at, found, f"one whose {error.field} is {error.allowed}")


@final
@frozen
class LocalDay:
    """What a day in the account's time zone says: the instant that belongs at another key."""

    key: str
    instant: Callable[[date, ZoneInfo], datetime | None]  # None where there is no such instant
    allowed: str = f"a day {CALENDAR}, the next day included"

    def quickly(self, day_of: Quick) -> Callable[..., datetime | None]:
        """Return what reads the day as that instant; None in doubt."""

        def read(found: object, reading: Reading) -> datetime | None:
            day, zone = day_of.value(found, reading), reading.zone
            if not isinstance(day, date) or not isinstance(zone, ZoneInfo):
                return None
            return reading.instant_of(day, self.instant, zone)

        return read


@final
@frozen
class Key:
    """A key of an object: its kind and, when it may be left out, what that means."""

    kind: Kind[object]
    default: object = REQUIRED
    # Whether documents once did without it: it is written only where it differs from its default.
    is_added: bool = False


@final
@frozen
class Members:
    """The members of an object of a document, read one by one; some may be invalid."""

    at: Place | None
    raw: Mapping[str, object]  # as it is written
    values: dict[str, object]  # what was read, and the defaults of the keys that are left out
    reading: Reading
    days: dict[str, str] = Factory(dict[str, str])  # of an instant: the key of the day that says it

    def has(self, key: str) -> bool:
        """Tell whether the key is given and not null, valid or invalid."""
        return self.raw.get(key) is not None

    def get(self, key: str, kind: type[_T]) -> _T | None:
        """Return what was read at the key; None when it is null, invalid or left out."""
        value = self.values.get(key)
        return value if isinstance(value, kind) else None

    def refuse(self, key: str, allowed: str) -> None:
        """Note that the key's value, or the day that says it, does not fit the others."""
        key = self.days.get(key, key)
        self.reading.problems.add((self.at, key), format_value(self.raw[key]), allowed)

    def resolve(self, key: str, day: date, says: LocalDay) -> None:
        """Put the instant that a local day says at its key; note it when none exists."""
        self.days[says.key] = key
        zone = self.reading.zone_for((self.at, key))
        moment = None if zone is None else self.reading.instant_of(day, says.instant, zone)
        if zone is not None and moment is None:
            self.refuse(key, says.allowed)
        self.values[says.key] = moment


@final
@frozen
class ObjectOf(Kind[_T]):
    """An object with these keys, read into the value that is made of them."""

    allowed: str = field(default="an object", kw_only=True)
    make: Callable[..., _T]
    keys: Mapping[str, Key]
    at_most_one: tuple[tuple[str, ...], ...] = ()  # groups of keys that exclude each other
    at_least_one: tuple[str, ...] = ()  # keys one of which must be given
    days: Mapping[str, LocalDay] = MappingProxyType({})  # the keys that are local days
    # Checks the keys against each other, when every local day among them is an instant.
    reconcile: Callable[[Members], None] = lambda _members: None
    aside: tuple[str, ...] = ()  # keys, besides local days, that the value is not made of
    part: Callable[[object, str], object] = getattr  # the part of a value that stands at a key
    # Tells the reading what others need of a value that was read quickly.
    hand_on: Callable[[_T, Reading], None] | None = None

    def read(self, found: object, at: Place | None, reading: Reading) -> _T | Invalid:
        """Return the value; note every problem of every key, and of the keys together."""
        if not isinstance(found, dict):
            return reading.problems.add(at, format_value(found), self.allowed)
        raw = cast("dict[str, object]", found)
        before = reading.problems.count
        values: dict[str, object] = {}
        for name, key in self.keys.items():
            read = _read_key(name, key, raw, at, reading)
            if read is not INVALID:
                values[name] = read
        _note_unknown(raw, self.keys, at, reading)
        self._reconcile(Members(at, raw, values, reading))
        if reading.problems.count > before or len(values) < len(self.keys):
            return INVALID
        try:
            return self._made_of(values)
        except InvalidValueError as error:
            return note_refusal(error, at, reading)

    def quick(self) -> Quick:
        """Return how it is read where it is plainly right.

        The keys are checked against each other only where a term is among them: for all others the
        values that are made of them do that.
        """
        keys = self.keys.items()
        quick = {name: key.kind.quick() for name, key in keys}
        defaults = {name: key.default for name, key in keys if key.default is not REQUIRED}

        def read_one_by_one(found: object, reading: Reading) -> _T:
            if type(found) is not dict:
                raise TypeError
            values = dict(defaults)
            members = cast("dict[str, object]", found)
            for name, part in members.items():
                values[name] = quick[name].value(part, reading)
            self._reconcile(Members(None, members, values, reading))
            if reading.problems.count:
                raise ValueError
            return self._made_of(values)

        if not is_dataclass(self.make):
            return Quick(read_one_by_one, takes_reading=True)
        parts = [
            Part(
                name,
                name if self._is_part(name) else None,
                default=defaults.get(name, NO_DEFAULT),
                is_rare=key.is_added,
                **quick[name]._asdict(),
            )
            for name, key in keys
            if self._is_part(name) or key.default is REQUIRED
        ]
        parts += [
            Part(
                name,
                says.key,
                says.quickly(quick[name]),
                is_nullable=quick[name].is_nullable,
                takes_reading=True,
                is_other=True,
            )
            for name, says in self.days.items()
        ]
        read = quick_reader(cast("type[_T]", self.make), parts, read_one_by_one)
        hand_on = self.hand_on
        if hand_on is None:
            return Quick(read, takes_reading=True)

        def read_and_hand_on(found: object, reading: Reading) -> _T:
            value = read(found, reading)
            hand_on(value, reading)
            return value

        return Quick(read_and_hand_on, takes_reading=True)

    def _made_of(self, values: Mapping[str, object]) -> _T:
        return self.make(**{name: values[name] for name in values if self._is_part(name)})

    def _reconcile(self, members: Members) -> None:
        """Check the keys against each other, and put the instants that local days say."""
        if self._is_consistent(members):
            for name, says in self.days.items():
                day = members.get(name, date)
                if day is not None:
                    members.resolve(name, day, says)
            self.reconcile(members)

    def _is_part(self, name: str) -> bool:
        """Tell whether the value is made of what stands at that key."""
        return name not in self.days and name not in self.aside

    def _is_consistent(self, members: Members) -> bool:
        before = members.reading.problems.count
        for group in self.at_most_one:
            given = [key for key in group if members.has(key)]
            for key in given[1:]:
                members.refuse(key, f"left out beside {given[0]}")
        if self.at_least_one and not any(key in members.raw for key in self.at_least_one):
            first, *others = self.at_least_one
            allowed = f"{self.keys[first].kind.allowed}, unless {' or '.join(others)} is given"
            members.reading.problems.add((members.at, first), MISSING, allowed)
        return members.reading.problems.count == before

    def write(self, value: object) -> dict[str, object]:
        """Return the object of a value: what it is made of, each at its key."""
        written: dict[str, object] = {}
        for name, key in self.keys.items():
            if self._is_part(name):
                part = self.part(value, name)
                if not key.is_added or part != key.default:
                    written[name] = key.kind.write(part)
        return written

    def schema(self) -> Schema:
        schema = schemas.object_of(
            {name: key.kind.schema() for name, key in self.keys.items()},
            required=[name for name, key in self.keys.items() if key.default is REQUIRED],
        )
        pairs = [pair for group in self.at_most_one for pair in combinations(group, 2)]
        if pairs:
            not_null = {"not": {"type": "null"}}
            schema["allOf"] = [
                {"not": {"properties": dict.fromkeys(pair, not_null), "required": list(pair)}}
                for pair in pairs
            ]
        if self.at_least_one:
            schema["anyOf"] = [{"required": [key]} for key in self.at_least_one]
        return schema


def _read_key(
    name: str, key: Key, raw: Mapping[str, object], at: Place | None, reading: Reading
) -> object:
    found = raw.get(name, key.default)
    if found is REQUIRED:
        return reading.problems.add((at, name), MISSING, key.kind.allowed)
    if found is INVALID or name not in raw:
        return found
    return key.kind.read(found, (at, name), reading)


def _note_unknown(
    raw: Mapping[str, object], names: Collection[str], at: Place | None, reading: Reading
) -> None:
    for key in raw:
        if key in names:
            continue
        if reading.problems.is_full:  # no guess for what is only counted
            allowed = ""
        elif near := nearest_word(key, names):
            allowed = f"the key {near}"
        else:
            allowed = f"one of the keys {', '.join(names)}"
        reading.problems.add((at, key), "an unknown key", allowed)
