"""The credit that pays for one line: its states, and the table of what may become of it.

Values and the table only: how an act is judged, and what it changes, is decided in the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import final

from pkgredeem._model import checks as check
from pkgredeem._model import record
from pkgredeem._model.account import LONGEST_WINDOW, CancellationTerms
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

_UNTOUCHED = ((), None, None)  # no ending, and no terms of its own

#: In which bucket of its entitlement the credit of a draw lies.
BUCKET_OF = {
    DrawState.RESERVED: Bucket.RESERVED,
    DrawState.REDEEMED: Bucket.REDEEMED,
    DrawState.RETURNED: Bucket.AVAILABLE,
    DrawState.FORFEITED: Bucket.FORFEITED,
}


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
        starts_at: the start that the line had when it ended, where the rest of the booking has been
            moved since (D54); None for the redemption's own.
        window: of a late act under terms with tiers, the window that it fell inside (D61); else
            None.

    Raises:
        InvalidValueError: a field has the wrong type, the business is said to be late, or an act in
            time to have fallen inside a window.

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
    starts_at: datetime | None = field(default=None, metadata=record.ADDED)
    window: timedelta | None = field(default=None, metadata=record.ADDED)

    def __post_init__(self) -> None:
        """Check every field."""
        if (
            type(self.act) is Act
            and check.is_utc_instant(self.at)
            and type(self.by) is Actor
            and self.late is False
            and type(self.note) is str
            and (self.starts_at, self.window) == (None, None)
        ):
            return
        check.member("Ending.act", self.act, Act)
        check.put(self, "at", check.instant("Ending.at", self.at))
        check.member("Ending.by", self.by, Actor)
        check.flag("Ending.late", self.late)
        check.free_text("Ending.note", self.note)
        starts_at = check.optional_instant("Ending.starts_at", self.starts_at)
        check.put(self, "starts_at", starts_at)
        if self.late and self.by is not Actor.CLIENT:
            raise InvalidValueError("Ending.late", self.late, "False for an act of the business")
        check.optional_duration("Ending.window", self.window, most=LONGEST_WINDOW)
        if self.window is not None and not self.late:
            raise InvalidValueError("Ending.window", self.window, "None for an act in time")


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
        endings: every act that ended the line, in order: nothing of who, when and why is lost when
            it is forgiven later (D37); none while it is reserved. Any iterable is taken.
        credits: how many units of the entitlement it takes, 1 or more (D41).
        terms: the package's own cancellation terms of the moment of booking, where they are not
            the redemption's (D60); None for those.
        free_until: the redemption's `free_until` by these terms; None where *terms* is.
        package_name: what people call the package; may be empty (D72).

    Raises:
        InvalidValueError: a field has the wrong type, the endings don't lead to the state, or only
            one of *terms* and *free_until* is given.

    Example:
        >>> draw = Draw(line=0, package_id="p1", entitlement_id="main", service_id="facial")
        >>> draw.state
        <DrawState.RESERVED: 'reserved'>
    """

    line: int
    package_id: str
    entitlement_id: str
    service_id: str
    state: DrawState = DrawState.RESERVED
    endings: tuple[Ending, ...] = field(default=(), metadata=record.LAST | {"key": "ending"})
    credits: int = field(default=1, metadata=record.ADDED)
    terms: CancellationTerms | None = field(default=None, metadata=record.ADDED)
    free_until: datetime | None = field(default=None, metadata=record.ADDED)
    package_name: str = field(default="", metadata=record.ADDED)

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field, and that the endings lead to the state."""
        if (
            type(self.line) is type(self.credits) is int
            and self.line >= 0
            and self.credits >= 1
            and type(self.package_id) is type(self.entitlement_id) is type(self.service_id) is str
            and self.package_id
            and self.entitlement_id
            and self.service_id
            and type(self.package_name) is str
            and self.state is DrawState.RESERVED
            and (self.endings, self.terms, self.free_until) == _UNTOUCHED
        ):
            return
        check.whole("Draw.line", self.line, least=0)
        check.identifier("Draw.package_id", self.package_id)
        check.identifier("Draw.entitlement_id", self.entitlement_id)
        check.identifier("Draw.service_id", self.service_id)
        check.member("Draw.state", self.state, DrawState)
        check.put(self, "endings", check.items("Draw.endings", self.endings, Ending))
        check.whole("Draw.credits", self.credits, least=1)
        check.optional_kind_of("Draw.terms", self.terms, CancellationTerms)
        free_until = check.optional_instant("Draw.free_until", self.free_until)
        check.put(self, "free_until", free_until)
        if (self.terms is None) is not (free_until is None):
            allowed = "an instant with terms and None without"
            raise InvalidValueError("Draw.free_until", free_until, allowed)
        check.free_text("Draw.package_name", self.package_name)
        if self.state not in _states_after(self.endings):
            acts = [ending.act.value for ending in self.endings]
            allowed = f"the acts that made the draw {self.state}, in order"
            raise InvalidValueError("Draw.endings", acts, allowed)

    @property
    def is_reserved(self) -> bool:
        """Whether nothing has ended this line yet."""
        return self.state is DrawState.RESERVED

    @property
    def ending(self) -> Ending | None:
        """What ended the line last; None while it is reserved."""
        return self.endings[-1] if self.endings else None

    @property
    def ended_at_start(self) -> datetime | None:
        """The start that an ended line had, where it is not that of its redemption (D54)."""
        return self.endings[0].starts_at if self.endings else None

    def was_ended_by(self, act: Act) -> bool:
        """Tell whether that act ever ended the line, whatever came after (D37)."""
        return any(ending.act is act for ending in self.endings)

    def was_late_by(self, act: Act) -> bool:
        """Tell whether that act ended the line late."""
        return any(ending.late for ending in self.endings if ending.act is act)

    def keeping_start(self, starts_at: datetime, new_start: datetime) -> "Draw":
        """Return the draw as its booking moves from one start to another.

        A line that has ended keeps the start that it had, which is written where it differs (D54).
        """
        if not self.endings:
            return self
        kept = [ending.starts_at or starts_at for ending in self.endings]
        endings = [
            replace(ending, starts_at=None if start == new_start else start)
            for ending, start in zip(self.endings, kept, strict=True)
        ]
        return replace(self, endings=tuple(endings))


def _states_after(endings: Sequence[Ending]) -> set[DrawState]:
    """Return the states that a draw may be in after these endings, by the table.

    Of a draw that was stored in the first form only the last ending is known (D65), so that a
    single one may have found it in any state.
    """
    states = set(DrawState) if len(endings) == 1 else {DrawState.RESERVED}
    last = None
    for ending in endings:
        states = {
            step.target
            for step in STEPS
            if step.act is ending.act
            and step.act is not Act.RESCHEDULE
            and step.source in states
            and step.after in {None, last}
        }
        last = ending.act
    return states
