"""What a redemption is: its draws, its terms, and the table of what may become of it.

Values and the table only. How an act is judged is `_policy`'s, what it changes is `_acts`'s.

A redemption carries everything that a later act needs, so that nothing that changes after booking
touches it (D11): the terms, the free-until instant, the zone in which its times are told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self, final
from zoneinfo import ZoneInfo

from pkgredeem import _checks as check
from pkgredeem import _record as record
from pkgredeem._values import Booking, CancellationTerms, Package
from pkgredeem._words import (
    Act,
    Actor,
    Bucket,
    CardCaptureOutcome,
    CreditOutcome,
    DepositOutcome,
    DrawState,
)
from pkgredeem.exceptions import InvalidValueError

FORMAT = "pkgredeem-redemption/1"


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
        check.whole("Draw.line", self.line, least=0, unit="")
        check.text("Draw.package_id", self.package_id)
        check.text("Draw.entitlement_id", self.entitlement_id)
        check.text("Draw.service_id", self.service_id)
        check.member("Draw.state", self.state, DrawState)
        check.optional_kind_of("Draw.ending", self.ending, Ending)
        if self.ending is None:
            if self.state is not DrawState.RESERVED:
                raise InvalidValueError("Draw.ending", None, f"what made the draw {self.state}")
        elif (self.ending.act, self.state) not in _ENDS:
            raise InvalidValueError(
                "Draw.ending", self.ending.act.value, f"an act that makes a draw {self.state}"
            )

    @property
    def is_reserved(self) -> bool:
        """Whether nothing has ended this line yet."""
        return self.state is DrawState.RESERVED


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """One booking paid with credits, from the moment it was booked (D11).

    Attributes:
        booking: the booking as it was made.
        client_id: who booked it.
        starts_at: the start as it is now, after any rescheduling.
        draws: one for each line that a credit pays for, in line order.
        terms: the cancellation terms of the moment when it was made; None when there were none.
        free_until: a client's cancellation up to and including this instant, and before the start,
            is in time; None without terms.
        deposit: what happened to the deposit.
        card_capture: what happened to the card capture page.
        rulebook: the name of the rulebook that decided it.
        booked_at: the moment of booking.
        time_zone: the zone in which its times are told; None for UTC.
        version: 1 for a proposal, one more with each act.
        reschedules: who rescheduled it, when and why, in order (D36).

    Raises:
        InvalidValueError: a field has the wrong type, a draw does not fit the booking, or only one
            of *terms* and *free_until* is there.

    Example:
        >>> from pkgredeem import examples
        >>> examples.redemption().draws[0].service_id
        'facial'
    """

    booking: Booking
    client_id: str
    starts_at: datetime
    draws: tuple[Draw, ...]
    terms: CancellationTerms | None
    free_until: datetime | None
    deposit: DepositOutcome
    card_capture: CardCaptureOutcome
    rulebook: str
    booked_at: datetime
    time_zone: ZoneInfo | None
    version: int
    reschedules: tuple[Ending, ...] = ()

    def __post_init__(self) -> None:
        """Check every field, and that they fit each other."""
        check.kind_of("Redemption.booking", self.booking, Booking)
        check.text("Redemption.client_id", self.client_id)
        check.put(self, "starts_at", check.instant("Redemption.starts_at", self.starts_at))
        check.put(self, "draws", check.items("Redemption.draws", self.draws, Draw, least=1))
        check.optional_kind_of("Redemption.terms", self.terms, CancellationTerms)
        free_until = check.optional_instant("Redemption.free_until", self.free_until)
        check.put(self, "free_until", free_until)
        check.member("Redemption.deposit", self.deposit, DepositOutcome)
        check.member("Redemption.card_capture", self.card_capture, CardCaptureOutcome)
        check.text("Redemption.rulebook", self.rulebook)
        check.put(self, "booked_at", check.instant("Redemption.booked_at", self.booked_at))
        check.optional_zone("Redemption.time_zone", self.time_zone)
        check.whole("Redemption.version", self.version, least=1, unit="")
        moved = check.items("Redemption.reschedules", self.reschedules, Ending)
        check.put(self, "reschedules", moved)
        self._check_draws()
        if (self.terms is None) is not (free_until is None):
            raise InvalidValueError(
                "Redemption.free_until", free_until, "an instant with terms, None without"
            )
        if free_until is not None and free_until > self.starts_at:
            raise InvalidValueError(
                "Redemption.free_until", free_until, f"an instant not after {self.starts_at}"
            )

    def _check_draws(self) -> None:
        check.unique("Redemption.draws", self.draws, _line_of)
        services = self.booking.service_ids
        for draw in self.draws:
            if draw.line >= len(services) or services[draw.line] != draw.service_id:
                raise InvalidValueError("Redemption.draws", draw, "draws for lines of the booking")

    @property
    def is_open(self) -> bool:
        """Whether at least one credit is still reserved."""
        return any(draw.is_reserved for draw in self.draws)

    @property
    def was_booked_late(self) -> bool:
        """Whether it was booked inside the window: late from the first moment (D33)."""
        return self.free_until is not None and self.free_until < self.booked_at

    def is_late(self, now: datetime) -> bool:
        """Tell whether a client who acts at that instant is inside the window (D09).

        Exactly on the cut-off is in time. Without terms nothing is late.
        """
        return self.free_until is not None and now > self.free_until

    def has_started_by(self, now: datetime) -> bool:
        """Tell whether the appointment has started at that instant; the start itself has (D09)."""
        return now >= self.starts_at

    @property
    def schedule(self) -> tuple[tuple[datetime, CreditOutcome], ...]:
        """What a client's cancellation does to the credit, and until when (T22, T23, D33).

        Steps of (until, outcome); the free step includes its instant, the last one excludes the
        start. Only steps that end after the moment of booking.
        """
        if self.terms is None or self.free_until is None or self.free_until == self.starts_at:
            steps = [(self.starts_at, CreditOutcome.RETURN)]
        else:
            steps = [(self.free_until, CreditOutcome.RETURN), (self.starts_at, self.terms.late)]
        return tuple(step for step in steps if step[0] > self.booked_at)

    def to_document(self) -> dict[str, object]:
        """Return the JSON form: plain dicts, lists, texts, numbers and None.

        Returns:
            A dict with `"format": "pkgredeem-redemption/1"` that `from_document` reads back equal.
        """
        return {
            "format": FORMAT,
            "booking": record.write_booking(self.booking),
            "client_id": self.client_id,
            "starts_at": self.starts_at.isoformat(),
            "draws": [_write_draw(draw) for draw in self.draws],
            "terms": record.write_terms(self.terms),
            "free_until": None if self.free_until is None else self.free_until.isoformat(),
            "deposit": self.deposit.value,
            "card_capture": self.card_capture.value,
            "rulebook": self.rulebook,
            "booked_at": self.booked_at.isoformat(),
            "time_zone": record.write_zone(self.time_zone),
            "version": self.version,
            "reschedules": [_write_ending(each) for each in self.reschedules],
        }

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Return the redemption that `to_document` wrote.

        Raises:
            InvalidValueError: the document is not of that form.
        """
        held = record.members("redemption", document, _KEYS)
        if held["format"] != FORMAT:
            raise InvalidValueError("redemption.format", held["format"], f'"{FORMAT}"')
        at = "redemption."
        return cls(
            booking=record.read_booking(at + "booking", held["booking"]),
            client_id=record.read_text(at + "client_id", held["client_id"]),
            starts_at=record.read_instant(at + "starts_at", held["starts_at"]),
            draws=record.read_all(at + "draws", held["draws"], _read_draw),
            terms=record.read_terms(at + "terms", held["terms"]),
            free_until=record.read_optional_instant(at + "free_until", held["free_until"]),
            deposit=record.read_word(at + "deposit", held["deposit"], DepositOutcome),
            card_capture=record.read_word(
                at + "card_capture", held["card_capture"], CardCaptureOutcome
            ),
            rulebook=record.read_text(at + "rulebook", held["rulebook"]),
            booked_at=record.read_instant(at + "booked_at", held["booked_at"]),
            time_zone=record.read_zone(at + "time_zone", held["time_zone"]),
            version=record.read_count(at + "version", held["version"]),
            reschedules=record.read_all(at + "reschedules", held["reschedules"], _read_ending),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An act that somebody wants to do now: what settlement rules look at beside the redemption.

    Attributes:
        act: the act.
        by: who acts.
        now: the instant of the act.
        starts_at: the start that is asked for; None but for a reschedule.
        package: the package drawn on that a rule looks at; None but for a reschedule.
    """

    act: Act
    by: Actor
    now: datetime
    starts_at: datetime | None = None
    package: Package | None = None


_KEYS = ("format", *Redemption.__dataclass_fields__)


def _line_of(draw: Draw) -> int:
    return draw.line


def _write_ending(ending: Ending) -> dict[str, object]:
    return {
        "act": ending.act.value,
        "at": ending.at.isoformat(),
        "by": ending.by.value,
        "late": ending.late,
        "note": ending.note,
    }


def _read_ending(place: str, found: object) -> Ending:
    held = record.members(place, found, ("act", "at", "by", "late", "note"))
    return Ending(
        act=record.read_word(f"{place}.act", held["act"], Act),
        at=record.read_instant(f"{place}.at", held["at"]),
        by=record.read_word(f"{place}.by", held["by"], Actor),
        late=record.read_flag(f"{place}.late", held["late"]),
        note=record.read_text(f"{place}.note", held["note"]),
    )


def _write_draw(draw: Draw) -> dict[str, object]:
    return {
        "line": draw.line,
        "package_id": draw.package_id,
        "entitlement_id": draw.entitlement_id,
        "service_id": draw.service_id,
        "state": draw.state.value,
        "ending": None if draw.ending is None else _write_ending(draw.ending),
    }


def _read_draw(place: str, found: object) -> Draw:
    held = record.members(
        place, found, ("line", "package_id", "entitlement_id", "service_id", "state", "ending")
    )
    ending = held["ending"]
    return Draw(
        line=record.read_count(f"{place}.line", held["line"]),
        package_id=record.read_text(f"{place}.package_id", held["package_id"]),
        entitlement_id=record.read_text(f"{place}.entitlement_id", held["entitlement_id"]),
        service_id=record.read_text(f"{place}.service_id", held["service_id"]),
        state=record.read_word(f"{place}.state", held["state"], DrawState),
        ending=None if ending is None else _read_ending(f"{place}.ending", ending),
    )
