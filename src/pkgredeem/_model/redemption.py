"""What a redemption is: the draws that pay for a booking, and the terms of its moment.

Values only: how an act is judged, and what it changes, is decided in the engine.

A redemption carries everything that a later act needs, so that nothing that changes after booking
touches it (D11): the terms, the free-until instant, the zone in which its times are written.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast, final

from pkgredeem._model import checks as check
from pkgredeem._model import record
from pkgredeem._model.account import CancellationTerms
from pkgredeem._model.booking import Booking
from pkgredeem._model.draws import Draw, Ending
from pkgredeem._model.instants import earlier
from pkgredeem._model.quick import once_it_pays
from pkgredeem._model.quotas import Use
from pkgredeem._model.stored import stored_reader
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import (
    Act,
    CardCaptureOutcome,
    CreditOutcome,
    DepositOutcome,
    DrawState,
)
from pkgredeem.exceptions import InvalidValueError

FORMAT = "pkgredeem-redemption/1"
_unchecked_use = unchecked(Use)
_FORFEIT, _RESERVED = CreditOutcome.FORFEIT, DrawState.RESERVED


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
        time_zone_key: the IANA name of the zone in which its times are told; None for UTC. A name
            that this machine does not know stops no act (D76).
        version: 1 for a proposal, one more with each act.
        reschedules: who rescheduled it, when and why, in order (D36).
        replaces: the id of the booking that it took the place of in an exchange, or None (D71).

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
    time_zone_key: str | None = field(metadata={"key": "time_zone"})
    version: int
    reschedules: tuple[Ending, ...] = ()
    replaces: str | None = field(default=None, metadata=record.ADDED)

    def __post_init__(self) -> None:
        """Check every field, and that they fit each other."""
        if self._is_right_at_a_glance():
            return
        check.kind_of("Redemption.booking", self.booking, Booking)
        check.identifier("Redemption.client_id", self.client_id)
        check.put(self, "starts_at", check.instant("Redemption.starts_at", self.starts_at))
        check.put(self, "draws", check.items("Redemption.draws", self.draws, Draw, least=1))
        check.optional_kind_of("Redemption.terms", self.terms, CancellationTerms)
        free_until = check.optional_instant("Redemption.free_until", self.free_until)
        check.put(self, "free_until", free_until)
        check.member("Redemption.deposit", self.deposit, DepositOutcome)
        check.member("Redemption.card_capture", self.card_capture, CardCaptureOutcome)
        check.text("Redemption.rulebook", self.rulebook)
        check.put(self, "booked_at", check.instant("Redemption.booked_at", self.booked_at))
        check.optional_zone_key("Redemption.time_zone_key", self.time_zone_key)
        check.whole("Redemption.version", self.version, least=1)
        reschedules = check.items("Redemption.reschedules", self.reschedules, Ending)
        for ending in reschedules:
            if ending.act is not Act.RESCHEDULE:
                allowed = "endings of the act reschedule"
                raise InvalidValueError("Redemption.reschedules", ending.act, allowed)
        check.put(self, "reschedules", reschedules)
        if self.replaces is not None:
            check.identifier("Redemption.replaces", self.replaces)
        if self.replaces == self.booking.id:
            raise InvalidValueError("Redemption.replaces", self.replaces, "another booking's id")
        self._check_draws()
        if (self.terms is None) is not (free_until is None):
            raise InvalidValueError(
                "Redemption.free_until", free_until, "an instant with terms and None without"
            )
        if free_until is not None and free_until > self.starts_at:
            raise InvalidValueError(
                "Redemption.free_until", free_until, f"an instant no later than {self.starts_at}"
            )

    def _is_right_at_a_glance(self) -> bool:
        """Tell whether it was never moved nor exchanged, and every field is as it is stored.

        What this doubts is looked at field by field.
        """
        if not (
            type(self.booking) is Booking
            and type(self.client_id) is type(self.rulebook) is str
            and self.client_id
            and self.rulebook
            and check.is_utc_instant(self.starts_at)
            and check.is_utc_instant(self.booked_at)
            and type(self.deposit) is DepositOutcome
            and type(self.card_capture) is CardCaptureOutcome
            and type(self.version) is int
            and self.version >= 1
            and (self.reschedules, self.replaces) == ((), None)
            and (
                self.time_zone_key is None
                or (type(self.time_zone_key) is str and self.time_zone_key)
            )
            and check.are_all(self.draws, Draw)
        ):
            return False
        if self.terms is None or self.free_until is None:
            if self.terms is not None or self.free_until is not None:
                return False
        elif not (
            type(self.terms) is CancellationTerms
            and check.is_optional_utc_instant(self.free_until)
            and self.free_until <= self.starts_at
        ):
            return False
        lines, last = self.booking.lines, -1
        for draw in self.draws:
            if not last < draw.line < len(lines):
                return False
            last = draw.line
            if lines[last].service.id != draw.service_id:
                return False
        return True

    def _check_draws(self) -> None:
        lines = [draw.line for draw in self.draws]
        if lines != sorted(set(lines)):
            raise InvalidValueError("Redemption.draws", lines, "one for each line, in line order")
        booked = self.booking.lines
        for draw in self.draws:
            if draw.line >= len(booked) or booked[draw.line].service.id != draw.service_id:
                raise InvalidValueError("Redemption.draws", draw, "draws for lines of the booking")

    @property
    def reserved_draws(self) -> tuple[Draw, ...]:
        """The draws that nothing has ended yet."""
        return tuple([draw for draw in self.draws if draw.state is _RESERVED])

    @property
    def is_open(self) -> bool:
        """Whether at least one credit is still reserved."""
        return any(draw.is_reserved for draw in self.draws)

    def terms_of(self, line: int) -> CancellationTerms | None:
        """Return the terms that judge a line: those of its package, else its own (D60).

        Raises:
            InvalidValueError: no credit pays for that line.
        """
        return self._judged_by(line)[0]

    def free_until_of(self, line: int) -> datetime | None:
        """Return until when a client cancels a line in time, inclusive unless that is the start.

        None without terms.

        Raises:
            InvalidValueError: no credit pays for that line.
        """
        return self._judged_by(line)[1]

    def open_until(self, line: int) -> datetime:
        """Return until when a client can change a line (D67).

        The instant itself is included, unless it is the start. What the business moved can be
        changed at least until it is free.

        Raises:
            InvalidValueError: no credit pays for that line.
        """
        terms, free_until = self._judged_by(line)
        if terms is None or free_until is None:
            return self.starts_at
        if not terms.changes_close:
            return self.starts_at
        closes = earlier(self.starts_at, terms.changes_close)
        was_extended = free_until > earlier(self.starts_at, terms.window)
        return max(closes, free_until) if was_extended else closes

    def tier_at(self, line: int, now: datetime) -> tuple[timedelta, CreditOutcome] | None:
        """Return the window, with its outcome, that a client's act on a line falls inside (D61).

        None in time: exactly on free-until still is (D09), and without terms everything.

        Raises:
            InvalidValueError: no credit pays for that line.
        """
        terms, free_until = self._judged_by(line)
        if terms is None or free_until is None or now <= free_until:
            return None
        return terms.tier_at(self.starts_at - now)

    def was_booked_late(self, line: int) -> bool:
        """Tell whether a line was late from the moment of booking until now (D33, D61).

        What was rescheduled since had its free time: before, or because the business allowed it.

        Raises:
            InvalidValueError: no credit pays for that line.
        """
        free_until = self.free_until_of(line)
        return not self.reschedules and free_until is not None and free_until < self.booked_at

    def is_late(self, now: datetime) -> bool:
        """Tell whether a client who changes all of it at that instant is inside a window (D60).

        Exactly on the cut-off is in time (D09). Without terms nothing is late.
        """
        return any(self.tier_at(draw.line, now) for draw in self.reserved_draws)

    def uses_of(self, package_id: str) -> tuple[Use, ...]:
        """Return its uses of a package, which quotas count: its draws that did not return (D54)."""
        return tuple(
            [
                _unchecked_use(
                    self.booking.id,
                    draw.line,
                    draw.entitlement_id,
                    draw.service_id,
                    self.client_id,
                    draw.ended_at_start or self.starts_at,
                    draw.state,
                )
                for draw in self.draws
                if draw.package_id == package_id and draw.state is not DrawState.RETURNED
            ]
        )

    def has_started_by(self, now: datetime) -> bool:
        """Tell whether the appointment has started at that instant; the start itself has (D09)."""
        return now >= self.starts_at

    def is_free_by_account(self, now: datetime) -> bool:
        """Tell whether the account's terms alone say that all of it is free to cancel then.

        False where a package has terms of its own, or where changes close before the start.
        """
        terms, free_until = self.terms, self.free_until
        if terms is not None and (terms.changes_close or (free_until and now > free_until)):
            return False
        for draw in self.draws:  # noqa: SIM110 - a generator costs three times as much
            if draw.terms is not None:
                return False
        return True

    @property
    def lines_by_terms(self) -> Collection[int]:
        """A reserved line for each kind of cancellation terms; what holds of one holds of all."""
        lines: dict[CancellationTerms | None, int] = {}
        for draw in self.draws:
            if draw.state is _RESERVED:
                lines[draw.terms] = draw.line
        return lines.values()

    @property
    def schedule(self) -> tuple[tuple[datetime, CreditOutcome, bool], ...]:
        """What a client's cancellation of all of it does, and until when (T22, T23, D33, D61).

        Steps of (until, outcome, late): what a cancellation up to that instant does, and whether it
        is late; FORFEIT where any line's credit would be. A step includes its end, unless that is
        the start. The last one ends when a client can change nothing more (D67). Only steps that
        can still be used at the moment of booking are listed, and none of a booking that has ended.
        """
        return self._schedule_of_lines([draw.line for draw in self.reserved_draws])

    def schedule_of(self, line: int) -> tuple[tuple[datetime, CreditOutcome, bool], ...]:
        """Return the same for one line; no steps where it has ended.

        Raises:
            InvalidValueError: no credit pays for that line.
        """
        return self._schedule_of_lines([line] if self._draw_of(line).is_reserved else [])

    def _schedule_of_lines(
        self, lines: list[int]
    ) -> tuple[tuple[datetime, CreditOutcome, bool], ...]:
        if not lines:
            return ()
        start, booked_at = self.starts_at, self.booked_at
        end = min(self.open_until(line) for line in lines)
        changes = {moment for line in lines for moment in self._changes_of_outcome(line)}
        steps: list[tuple[datetime, CreditOutcome, bool]] = []
        for until in sorted({moment for moment in changes if moment < end} | {end}):
            tiers = [tier for line in lines if (tier := self.tier_at(line, until)) is not None]
            forfeits = any(outcome is _FORFEIT for _, outcome in tiers)
            if until > booked_at or (until == booked_at and until < start):
                steps.append((until, _FORFEIT if forfeits else CreditOutcome.RETURN, bool(tiers)))
        return tuple(steps)

    def _changes_of_outcome(self, line: int) -> list[datetime]:
        """Return the instants after which another window of a line decides."""
        terms, free_until = self._judged_by(line)
        if terms is None or free_until is None:
            return []
        begins = [earlier(self.starts_at, window) for window, _ in terms.windows]
        return [free_until, *(moment for moment in begins if moment > free_until)]

    def _judged_by(self, line: int) -> tuple[CancellationTerms | None, datetime | None]:
        """Return the terms of a line and until when it is free by them (D60)."""
        draw = self._draw_of(line)
        if draw.terms is None:
            return self.terms, self.free_until
        return draw.terms, draw.free_until

    def _draw_of(self, line: int) -> Draw:
        for draw in self.draws:
            if draw.line == line:
                return draw
        allowed = f"a line that a credit pays for, of {[draw.line for draw in self.draws]}"
        raise InvalidValueError("line", line, allowed)

    def to_document(self) -> dict[str, object]:
        """Return the JSON form: plain dicts, lists, texts, numbers and None.

        Returns:
            A dict that `from_document` reads back equal; its `format` is "pkgredeem-redemption/1".
        """
        document = {"format": FORMAT, **_FORM.write(self)}
        for draw in cast("list[dict[str, object]]", document["draws"]):
            endings = cast("list[object]", draw["ending"])
            draw["ending"] = endings[-1] if endings else None
            if len(endings) > 1:
                draw["endings"] = endings
        return document

    @classmethod
    def from_document(cls, document: object) -> "Redemption":
        """Return the redemption that `to_document` wrote.

        Raises:
            InvalidValueError: the document is not of that form.
        """
        read = _read_quickly(document)
        if read is not None:
            return read
        members = record.members_of("redemption", document, FORMAT)
        if isinstance(members.get("draws"), list):
            draws = cast("list[object]", members["draws"])
            members["draws"] = [
                _with_endings(f"redemption.draws[{index}]", draw)
                for index, draw in enumerate(draws)
            ]
        return _FORM.read("redemption", members)


_FORM = record.form_of(Redemption)
_FORM_OF_ENDING = record.form_of(Ending)


_read_quickly = once_it_pays(lambda: stored_reader(Redemption, written_format=FORMAT))


def _with_endings(place: str, draw: object) -> dict[str, object]:
    """Return a stored draw with all its endings in place of the last.

    Of a draw that ended once, or was stored in the first form, only the last is stored (D65).
    """
    members = dict(record.read_object(place, draw))
    last = members.get("ending")
    if last is not None:
        _FORM_OF_ENDING.read(f"{place}.ending", last)
    found = members.pop("endings", [] if last is None else [last])
    endings = cast("list[object]", found)
    if not isinstance(found, list) or (endings[-1:] or [None]) != [last]:
        allowed = "a list of endings of which the last is the ending"
        raise InvalidValueError(f"{place}.endings", endings, allowed)
    for index, ending in enumerate(endings):
        _FORM_OF_ENDING.read(f"{place}.endings[{index}]", ending)
    if "ending" in members:
        members["ending"] = endings
    return members
