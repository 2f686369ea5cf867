"""What a redemption is: the draws that pay for a booking, and the terms of its moment.

Values only: how an act is judged, and what it changes, is decided in the engine.

A redemption carries everything that a later act needs, so that nothing that changes after booking
touches it (D11): the terms, the free-until instant, the zone in which its times are written.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self, final
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model import record
from pkgredeem._model.account import CancellationTerms
from pkgredeem._model.booking import Booking
from pkgredeem._model.draws import (
    Draw,
    Ending,
    read_draw,
    read_ending,
    write_draw,
    write_ending,
)
from pkgredeem._model.packages import Package
from pkgredeem._model.words import (
    Act,
    Actor,
    CardCaptureOutcome,
    CreditOutcome,
    DepositOutcome,
)
from pkgredeem.exceptions import InvalidValueError

FORMAT = "pkgredeem-redemption/1"


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
        time_zone: the zone in which its times are written; None for UTC.
        version: 1 for a proposal, one more with each act.
        reschedules: who rescheduled it, when and why, in order (D36).

    Raises:
        InvalidValueError: a field has the wrong type, a draw does not fit the booking, or only one
            of *terms* and *free_until* is given.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import AccountSettings, Booking, Client, Entitlement, Package
        >>> from pkgredeem import RedemptionPolicy, Service, rules
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> decision = RedemptionPolicy(rules.IN_STORE).decide(
        ...     account=AccountSettings(),
        ...     client=Client(id="ana"),
        ...     packages=[Package(id="p1", client_id="ana", entitlements=five_facials)],
        ...     booking=Booking.of(
        ...         Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ...     ),
        ...     now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> decision.redemption.draws[0].service_id
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
        check.whole("Redemption.version", self.version, least=1)
        reschedules = check.items("Redemption.reschedules", self.reschedules, Ending)
        for ending in reschedules:
            if ending.act is not Act.RESCHEDULE:
                allowed = "endings of the act reschedule"
                raise InvalidValueError("Redemption.reschedules", ending.act, allowed)
        check.put(self, "reschedules", reschedules)
        self._check_draws()
        if (self.terms is None) is not (free_until is None):
            raise InvalidValueError(
                "Redemption.free_until", free_until, "an instant with terms and None without"
            )
        if free_until is not None and free_until > self.starts_at:
            raise InvalidValueError(
                "Redemption.free_until", free_until, f"an instant no later than {self.starts_at}"
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
        """Whether it was booked inside the window, late from the first moment until now (D33).

        What was rescheduled since had its free time: before, or because the business allowed it.
        """
        if self.reschedules or self.free_until is None:
            return False
        return self.free_until < self.booked_at

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
            A dict that `from_document` reads back equal; its `format` is "pkgredeem-redemption/1".
        """
        return {
            "format": FORMAT,
            "booking": record.write_booking(self.booking),
            "client_id": self.client_id,
            "starts_at": self.starts_at.isoformat(),
            "draws": [write_draw(draw) for draw in self.draws],
            "terms": record.write_terms(self.terms),
            "free_until": None if self.free_until is None else self.free_until.isoformat(),
            "deposit": self.deposit.value,
            "card_capture": self.card_capture.value,
            "rulebook": self.rulebook,
            "booked_at": self.booked_at.isoformat(),
            "time_zone": record.write_zone(self.time_zone),
            "version": self.version,
            "reschedules": [write_ending(ending) for ending in self.reschedules],
        }

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Return the redemption that `to_document` wrote.

        Raises:
            InvalidValueError: the document is not of that form.
        """
        members = record.read_object("redemption", document, _KEYS)
        if members["format"] != FORMAT:
            raise InvalidValueError("redemption.format", members["format"], f'"{FORMAT}"')
        at = "redemption."
        return cls(
            booking=record.read_booking(at + "booking", members["booking"]),
            client_id=record.read_text(at + "client_id", members["client_id"]),
            starts_at=record.read_instant(at + "starts_at", members["starts_at"]),
            draws=record.read_all(at + "draws", members["draws"], read_draw),
            terms=record.read_terms(at + "terms", members["terms"]),
            free_until=record.read_optional_instant(at + "free_until", members["free_until"]),
            deposit=record.read_word(at + "deposit", members["deposit"], DepositOutcome),
            card_capture=record.read_word(
                at + "card_capture", members["card_capture"], CardCaptureOutcome
            ),
            rulebook=record.read_text(at + "rulebook", members["rulebook"]),
            booked_at=record.read_instant(at + "booked_at", members["booked_at"]),
            time_zone=record.read_zone(at + "time_zone", members["time_zone"]),
            version=record.read_count(at + "version", members["version"]),
            reschedules=record.read_all(at + "reschedules", members["reschedules"], read_ending),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An act that is asked for now: what the rules of acts look at beside the redemption.

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
