"""What a scenario may expect, read: of its decision, and of each act after it."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol, TypeAlias, cast

import pkgredeem as p
from pkgredeem._model.nearest import nearest
from pkgredeem.documents import read_instant
from pkgredeem.testing.scenarios._line_numbers import Path
from pkgredeem.testing.scenarios._values import DRAW_KEYS, DrawValues, Expected, Step, Value

_NULL: Final = "null"
#: What an act is told beside its instant; `by` and `to` must be.
_ARGUMENTS_OF: Final = {
    p.Act.CANCEL: ("by", "lines", "note"),
    p.Act.RESCHEDULE: ("by", "to", "note"),
    p.Act.NO_SHOW: ("lines", "note"),
    p.Act.COMPLETE: ("lines", "note"),
    p.Act.FORGIVE: ("lines", "note"),
}
_ACTS: Final = {act.value: act for act in _ARGUMENTS_OF}
_KINDS_OF_DRAWS: Final[Mapping[str, tuple[type[str] | type[int], str]]] = {
    "line": (int, "the index of a line"),
    "credits": (int, "a whole number"),
}
# Stands for an instant that could not be read; its problem is noted.
_NEVER: Final = datetime(1, 1, 2, tzinfo=UTC)


class Noting(Protocol):
    """Whoever takes problems down: where in the scenario, what to give, and the word at fault."""

    def note(self, path: Path, message: str, word: str = "") -> None:
        """Take a problem down."""
        ...


_Kind: TypeAlias = Callable[[object, Path, Noting, Collection[str]], Value]


def codes_in_rulebooks(rulebook: p.Rulebook) -> tuple[str, ...]:
    """Return the codes that may be lifted: all of the library's, and the rulebook's."""
    return tuple(dict.fromkeys(rule.code for rule in (*p.rules.EVERY_RULE, *rulebook.rules)))


def known_codes(rulebook: p.Rulebook) -> tuple[str, ...]:
    """Return the codes that may be found: those, and what no rulebook lifts."""
    return (*codes_in_rulebooks(rulebook), *(rule.code for rule in p.rules.acts.EVERY_RULE))


def expected_of_decision(table: object, noting: Noting, codes: Collection[str]) -> Expected:
    """Return what is expected of a decision; problems are noted."""
    path = ("expect",)
    if not isinstance(table, dict):
        noting.note(path, f"expect is missing: give one or more of {', '.join(_OF_DECISION)}")
        return ()
    return _expected(cast("Mapping[str, object]", table), path, noting, _OF_DECISION, codes=codes)


def step(table: object, number: int, noting: Noting, codes: Collection[str]) -> Step | None:
    """Return one act with what is expected of it; problems are noted."""
    at: Path = ("then", number)
    if not isinstance(table, dict):
        noting.note(at, "then is no table: give [[scenario.then]]")
        return None
    members = cast("Mapping[str, object]", table)
    named = [key for key in members if key in _ACTS]
    if len(named) != 1:
        guesses = {key: nearest(key, _ACTS) for key in members if not named}
        close = next((guess for guess in guesses.items() if guess[1] in _ACTS), None)
        if close is None:
            noting.note(at, f"an act is one key of {', '.join(_ACTS)}: give exactly one")
        else:
            noting.note((*at, close[0]), f"{close[0]} is an unknown key: give {close[1]}")
        return None
    act = _ACTS[named[0]]
    moment = _moment(members[act.value], (*at, act.value), noting, codes)
    keys = _ARGUMENTS_OF[act]
    for key, wanted in (("by", nearest(None, list(p.Actor))), ("to", "the new start")):
        if key in keys and key not in members:
            noting.note((*at, key), f"{key} is missing: give {wanted}")
    given = {
        key: _ARGUMENTS[key](members[key], (*at, key), noting, codes)
        for key in keys
        if key in members
    }
    others = {key: value for key, value in members.items() if key not in {act.value, *keys}}
    return Step(
        act=act,
        at=moment,
        by=p.Actor.CLIENT if given.get("by") == p.Actor.CLIENT else p.Actor.BUSINESS,
        starts_at=cast("datetime | None", given.get("to")),
        lines=cast("tuple[int, ...] | None", given.get("lines")),
        note=cast("str", given.get("note", "")),
        expect=_expected(others, at, noting, _OF_SETTLEMENT, codes=codes, others=keys),
    )


def _expected(
    table: Mapping[str, object],
    at: Path,
    noting: Noting,
    kinds: Mapping[str, _Kind],
    *,
    codes: Collection[str],
    others: Collection[str] = (),
) -> Expected:
    if not table:
        noting.note(at, f"nothing is expected: give one or more of {', '.join(kinds)}")
    expected: list[tuple[str, Value]] = []
    for key, value in table.items():
        if key in kinds:
            expected.append((key, kinds[key](value, (*at, key), noting, codes)))
        else:
            known = nearest(key, (*kinds, *others))
            noting.note((*at, key), f"{key} is an unknown key: give {known}")
    return tuple(expected)


def _flag(value: object, at: Path, noting: Noting, _: Collection[str]) -> bool:
    if not isinstance(value, bool):
        noting.note(at, f"{at[-1]} is {value!r}: give true or false")
    return value is True


def _codes(value: object, at: Path, noting: Noting, codes: Collection[str]) -> tuple[str, ...]:
    if not isinstance(value, list):
        noting.note(at, f"{at[-1]} is {value!r}: give a list of codes")
        return ()
    listed = cast("list[object]", value)
    for code in listed:
        if code not in codes:
            message = f"{at[-1]} holds {code!r}: give {nearest(code, codes)}"
            noting.note(at, message, str(code))
    return tuple(map(str, listed))


def _one_of(words: type[StrEnum], *others: str) -> _Kind:
    allowed = (*(word.value for word in words), *others)

    def kind(value: object, at: Path, noting: Noting, _: Collection[str]) -> str | None:
        if value not in allowed:
            noting.note(at, f"{at[-1]} is {value!r}: give {nearest(value, allowed)}", str(value))
        return None if value == _NULL else str(value)

    return kind


def _optional_moment(
    value: object, at: Path, noting: Noting, codes: Collection[str]
) -> datetime | None:
    return None if value == _NULL else _moment(value, at, noting, codes)


def _optional_text(value: object, at: Path, noting: Noting, codes: Collection[str]) -> str | None:
    return None if value == _NULL else _text(value, at, noting, codes)


def _draws(value: object, at: Path, noting: Noting, _: Collection[str]) -> tuple[DrawValues, ...]:
    listed = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(item, dict) for item in listed):
        message = f"{at[-1]} is {value!r}: give a list of tables of {', '.join(DRAW_KEYS)}"
        noting.note(at, message)
        return ()
    draws: list[DrawValues] = []
    for number, table in enumerate(cast("list[dict[str, object]]", listed)):
        if not table:
            message = (
                f"{at[-1]}[{number}] expects nothing: give one or more of {', '.join(DRAW_KEYS)}"
            )
            noting.note((*at, number), message)
        pairs: list[tuple[str, str | int | datetime | None]] = []
        for key in (*DRAW_KEYS, *(key for key in table if key not in DRAW_KEYS)):
            place = (*at, number, key)
            if key not in DRAW_KEYS:
                message = f"{key} is an unknown key: give {nearest(key, DRAW_KEYS)}"
                noting.note(place, message)
            elif key == "free_until" and key in table:
                pairs.append((key, _optional_moment(table[key], place, noting, ())))
            elif key in table:
                pairs += _draw_value(key, table[key], place, noting)
        draws.append(tuple(pairs))
    return tuple(draws)


def _draw_value(key: str, found: object, at: Path, noting: Noting) -> list[tuple[str, str | int]]:
    """Return an id or a whole number of a draw as its only pair; none where it is another thing."""
    kind, what = _KINDS_OF_DRAWS.get(key, (str, "an id"))
    if isinstance(found, kind) and not isinstance(found, bool):
        return [(key, found)]
    noting.note(at, f"{key} is {found!r}: give {what}")
    return []


def _lines(value: object, at: Path, noting: Noting, _: Collection[str]) -> tuple[int, ...]:
    listed = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(item, int) and not isinstance(item, bool) for item in listed):
        noting.note(at, f"lines is {value!r}: give a list of indexes of lines, such as [0]")
        return ()
    return tuple(cast("list[int]", listed))


def _text(value: object, at: Path, noting: Noting, _: Collection[str]) -> str:
    if not isinstance(value, str):
        noting.note(at, f"{at[-1]} is {value!r}: give text")
    return str(value)


def _moment(value: object, at: Path, noting: Noting, _: Collection[str]) -> datetime:
    text = value.isoformat() if isinstance(value, datetime) else value
    try:
        return read_instant(cast("str", text))
    except p.InvalidValueError as error:
        noting.note(at, f"{at[-1]} is {text!r}: give {error.allowed}")
        return _NEVER


_ARGUMENTS: Final[Mapping[str, Callable[..., object]]] = {
    "by": _one_of(p.Actor),
    "to": _moment,
    "lines": _lines,
    "note": _text,
}
_OF_DECISION: Final[Mapping[str, _Kind]] = {
    "eligible": _flag,
    "reasons": _codes,
    "notes": _codes,
    "deposit": _one_of(p.DepositOutcome),
    "card_capture": _one_of(p.CardCaptureOutcome),
    "draws": _draws,
    "free_until": _optional_moment,
    "prompt": _flag,
    "replaces": _optional_text,
}
_OF_SETTLEMENT: Final[Mapping[str, _Kind]] = {
    "allowed": _flag,
    "outcome": _one_of(p.CreditOutcome, _NULL),
    "late": _flag,
    "window": _optional_text,
    "findings": _codes,
}
