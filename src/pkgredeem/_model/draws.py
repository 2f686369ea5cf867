"""The credit that pays for one line: its states, and the table of what may become of it.

Values and the table only: how an act is judged, and what it changes, is decided in the engine.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from pkgredeem._model import checks as check
from pkgredeem._model import record
from pkgredeem._model.words import Act, Actor, Bucket, DrawState
from pkgredeem.exceptions import InvalidValueError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the table: this act takes a draw from *source* to *target*.

    Attributes:
        act: the act.
        source: the state before it.
        target: the state after it.
        after: the act that must have led to *source*; None for any.
    """

    act: Act
    source: DrawState
    target: DrawState
    after: Act | None = None


#: THE TABLE: whatever is not in it can't happen (D12, D16, D17, D37). Diagrams are drawn from it.
STEPS = (
    Step(act=Act.CANCEL, source=DrawState.RESERVED, target=DrawState.RETURNED),
    Step(act=Act.CANCEL, source=DrawState.RESERVED, target=DrawState.FORFEITED),
    Step(act=Act.NO_SHOW, source=DrawState.RESERVED, target=DrawState.RETURNED),
    Step(act=Act.NO_SHOW, source=DrawState.RESERVED, target=DrawState.FORFEITED),
    Step(act=Act.COMPLETE, source=DrawState.RESERVED, target=DrawState.REDEEMED),
    Step(
        act=Act.COMPLETE,
        source=DrawState.FORFEITED,
        target=DrawState.REDEEMED,
        after=Act.NO_SHOW,
    ),
    Step(act=Act.RESCHEDULE, source=DrawState.RESERVED, target=DrawState.RESERVED),
    Step(act=Act.FORGIVE, source=DrawState.REDEEMED, target=DrawState.RETURNED),
    Step(act=Act.FORGIVE, source=DrawState.FORFEITED, target=DrawState.RETURNED),
)

#: In which bucket of its entitlement the credit of a draw lies.
BUCKET_OF = {
    DrawState.RESERVED: Bucket.RESERVED,
    DrawState.REDEEMED: Bucket.REDEEMED,
    DrawState.RETURNED: Bucket.AVAILABLE,
    DrawState.FORFEITED: Bucket.FORFEITED,
}

_ENDS = frozenset((step.act, step.target) for step in STEPS if step.act is not Act.RESCHEDULE)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What was done to a line, when, by whom and why (D36).

    Attributes:
        act: the act.
        at: the instant of the act, in UTC.
        by: who acted.
        late: whether a client acted inside the cancellation window; False for the business.
        note: a free text that is kept.

    Raises:
        InvalidValueError: a field has the wrong type, or the business is said to be late.

    Example:
        >>> from datetime import UTC, datetime
        >>> noon = datetime(2026, 5, 5, 12, tzinfo=UTC)
        >>> Ending(act=Act.CANCEL, at=noon, by=Actor.CLIENT, late=True).note
        ''
    """

    act: Act
    at: datetime
    by: Actor
    late: bool
    note: str = ""

    def __post_init__(self) -> None:
        """Check every field."""
        check.member("Ending.act", self.act, Act)
        check.put(self, "at", check.instant("Ending.at", self.at))
        check.member("Ending.by", self.by, Actor)
        check.flag("Ending.late", self.late)
        check.free_text("Ending.note", self.note)
        if self.late and self.by is not Actor.CLIENT:
            raise InvalidValueError("Ending.late", self.late, "False for an act of the business")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """The one credit that pays for one line of a booking.

    Attributes:
        line: the index of the line in the booking.
        package_id: the package that the credit comes from.
        entitlement_id: the entitlement of that package; a return goes back to it (D13).
        service_id: the service of the line.
        state: where the credit stands.
        ending: what ended the line; None while it is reserved.

    Raises:
        InvalidValueError: a field has the wrong type, or the state and the ending contradict each
            other.

    Example:
        >>> draw = Draw(line=0, package_id="p1", entitlement_id="facial", service_id="facial")
        >>> draw.state
        <DrawState.RESERVED: 'reserved'>
    """

    line: int
    package_id: str
    entitlement_id: str
    service_id: str
    state: DrawState = DrawState.RESERVED
    ending: Ending | None = None

    def __post_init__(self) -> None:
        """Check every field, and that the ending is one that leads to the state."""
        check.whole("Draw.line", self.line, least=0)
        check.text("Draw.package_id", self.package_id)
        check.text("Draw.entitlement_id", self.entitlement_id)
        check.text("Draw.service_id", self.service_id)
        check.member("Draw.state", self.state, DrawState)
        check.optional_kind_of("Draw.ending", self.ending, Ending)
        if self.ending is None:
            if self.state is not DrawState.RESERVED:
                raise InvalidValueError(
                    "Draw.ending", None, f"the ending that made the draw {self.state}"
                )
        elif (self.ending.act, self.state) not in _ENDS:
            raise InvalidValueError(
                "Draw.ending", self.ending.act.value, f"an act that makes a draw {self.state}"
            )

    @property
    def is_reserved(self) -> bool:
        """Whether nothing has ended this line yet."""
        return self.state is DrawState.RESERVED


def write_ending(ending: Ending) -> dict[str, object]:
    """Return the JSON form of an ending."""
    return {
        "act": ending.act.value,
        "at": ending.at.isoformat(),
        "by": ending.by.value,
        "late": ending.late,
        "note": ending.note,
    }


def read_ending(place: str, value: object) -> Ending:
    """Return the ending at that place."""
    members = record.read_object(place, value, ("act", "at", "by", "late", "note"))
    return Ending(
        act=record.read_word(f"{place}.act", members["act"], Act),
        at=record.read_instant(f"{place}.at", members["at"]),
        by=record.read_word(f"{place}.by", members["by"], Actor),
        late=record.read_flag(f"{place}.late", members["late"]),
        note=record.read_text(f"{place}.note", members["note"]),
    )


def write_draw(draw: Draw) -> dict[str, object]:
    """Return the JSON form of a draw."""
    ending = None if draw.ending is None else write_ending(draw.ending)
    return {**write_credit(draw), "ending": ending}


def write_credit(draw: Draw) -> dict[str, object]:
    """Return the JSON form of a draw without what has ended it."""
    return {
        "line": draw.line,
        "package_id": draw.package_id,
        "entitlement_id": draw.entitlement_id,
        "service_id": draw.service_id,
        "state": draw.state.value,
    }


def read_draw(place: str, value: object) -> Draw:
    """Return the draw at that place."""
    members = record.read_object(
        place, value, ("line", "package_id", "entitlement_id", "service_id", "state", "ending")
    )
    ending = members["ending"]
    return Draw(
        line=record.read_count(f"{place}.line", members["line"]),
        package_id=record.read_text(f"{place}.package_id", members["package_id"]),
        entitlement_id=record.read_text(f"{place}.entitlement_id", members["entitlement_id"]),
        service_id=record.read_text(f"{place}.service_id", members["service_id"]),
        state=record.read_word(f"{place}.state", members["state"], DrawState),
        ending=None if ending is None else read_ending(f"{place}.ending", ending),
    )
