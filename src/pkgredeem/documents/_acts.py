"""Act documents in: what became of a booking, as one line of a history tells it."""

from datetime import datetime
from typing import Final, final

from attrs import field, frozen

from pkgredeem import Act, Actor, CreditOutcome
from pkgredeem.documents import _scalars as scalars
from pkgredeem.documents._kinds import ListOf, Scalar, or_null
from pkgredeem.documents._objects import Key, Members, ObjectOf
from pkgredeem.documents._problems import MISSING

#: The format of an act document.
ACT_FORMAT: Final = "pkgredeem-act/1"


def _or_business(by: Actor | None) -> Actor:
    """Return who acts; where that is left out the act is one that only the business can do."""
    return by or Actor.BUSINESS


@final
@frozen(kw_only=True)
class BookingAct:
    """An act on a booking: what a desk's method of its name is given, besides what is stored."""

    act: Act
    booking_id: str
    by: Actor = field(converter=_or_business)
    now: datetime
    lines: tuple[int, ...] | None
    starts_at: datetime | None
    outcome: CreditOutcome | None
    note: str


def _refuse_what_does_not_fit(members: Members) -> None:
    """Refuse keys that the act doesn't have, and miss those that it must."""
    act = members.get("act", Act)
    if act is None:
        return
    _expect(members, "starts_at", act, by_acts={Act.RESCHEDULE}, is_needed=True)
    _expect(members, "outcome", act, by_acts={Act.NO_SHOW})
    _expect(members, "lines", act, by_acts={*_ACTS} - {Act.RESCHEDULE})
    if act in {Act.CANCEL, Act.RESCHEDULE}:
        _expect(members, "by", act, by_acts={act}, is_needed=True)
    elif members.get("by", Actor) is Actor.CLIENT:
        members.refuse("by", f'"business", which alone can say {act.value}')
    note = members.get("note", str)
    if act is Act.FORGIVE and note is not None and not note.strip():
        place, allowed = (members.at, "note"), "a text that says why it is forgiven"
        if "note" in members.raw:
            members.refuse("note", allowed)
        else:
            members.reading.problems.add(place, MISSING, allowed)


def _expect(
    members: Members, key: str, act: Act, *, by_acts: set[Act], is_needed: bool = False
) -> None:
    if act not in by_acts:
        if members.has(key):
            members.refuse(key, f"left out where the act is {act.value}")
    elif is_needed and not members.has(key):
        allowed = ACT.keys[key].kind.allowed.removesuffix(", or null")
        members.reading.problems.add((members.at, key), MISSING, allowed)


def _number_of(item: object) -> str | None:
    return str(item) if type(item) is int else None


_ACTS: Final = (Act.CANCEL, Act.RESCHEDULE, Act.NO_SHOW, Act.COMPLETE, Act.FORGIVE)

_ACT: Final[Scalar[Act]] = scalars.choice({act.value: act for act in _ACTS})

_LINES: Final = ListOf(
    "a list of one line number or more, counted from 0",
    scalars.COUNT,
    least=1,
    key=_number_of,
    uniqueness="a line number that is listed only once",
)

#: An act document, whole.
ACT: Final = ObjectOf(
    BookingAct,
    {
        "format": Key(scalars.constant(ACT_FORMAT)),
        "act": Key(_ACT),
        "booking_id": Key(scalars.ID),
        "by": Key(or_null(scalars.word(Actor)), None),
        "now": Key(scalars.INSTANT),
        "lines": Key(or_null(_LINES), None),
        "starts_at": Key(or_null(scalars.INSTANT), None),
        "outcome": Key(or_null(scalars.word(CreditOutcome)), None),
        "note": Key(scalars.FREE_TEXT, ""),
    },
    allowed="an act document",
    reconcile=_refuse_what_does_not_fit,
    aside=("format",),
)
