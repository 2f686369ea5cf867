"""Histories of a salon as lines of a file, and what a desk makes of them, fed in order of booking.

The desk has a `MemoryStore`, which is told of each package again by every line: the definition that
a replay with carry is held to (D69).
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from pkgredeem import (
    Act,
    Actor,
    Audience,
    Bucket,
    Case,
    Change,
    Client,
    CreditOutcome,
    Decision,
    Package,
    PkgRedeemError,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem.documents import case_document, decision_document
from pkgredeem.documents.replay import Tally
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    MINUTE,
    NOW,
    START,
    account,
    booking,
    credit,
    package,
)


@dataclass(frozen=True, kw_only=True)
class ActLine:
    """An act on a booking, as a line tells it."""

    act: Act
    booking_id: str
    now: datetime
    by: Actor = Actor.BUSINESS
    lines: tuple[int, ...] | None = None
    starts_at: datetime | None = None
    outcome: CreditOutcome | None = None
    note: str = ""

    def document(self) -> dict[str, object]:
        """Return its act document."""
        told = {
            "format": "pkgredeem-act/1",
            "act": self.act.value,
            "booking_id": self.booking_id,
            "by": self.by.value,
            "now": self.now.isoformat(),
            "lines": None if self.lines is None else list(self.lines),
            "starts_at": None if self.starts_at is None else self.starts_at.isoformat(),
            "outcome": self.outcome and self.outcome.value,
            "note": self.note,
        }
        return {key: value for key, value in told.items() if value is not None}


IN_STORE = RedemptionPolicy(rules.IN_STORE)
ONLINE = RedemptionPolicy(rules.ONLINE)


def visit(
    number: int,
    *packages: Package,
    client: str = "ana",
    service: str = "facial",
    starts_at: datetime | None = None,
    **fields: object,
) -> Case:
    """Return the booking of that number, made so many hours after the first: a day a booking."""
    made = {
        "client": Client(id=client, logged_in=True),
        "packages": packages,
        "booking": booking(service, id=f"b{number}", starts_at=starts_at or START + number * DAY),
        "now": NOW + number * HOUR,
        "account": account(cancellation=FORFEIT_INSIDE_A_DAY, time_zone=AUCKLAND),
        **fields,
    }
    return Case(**made)  # type: ignore[arg-type]  # the test gives what the field takes


def five(left: int = 5, **fields: object) -> Package:
    """Return Ana's package of five facials."""
    return package("p1", credit("facial", left=left, id="main"), **fields)


#: A line of a history.
Line: TypeAlias = Case | ActLine


def write_lines(path: Path, lines: Iterable[Line | str]) -> Path:
    """Write a file with these lines, a text as it stands, and return its path."""
    texts = [
        line
        if isinstance(line, str)
        else json.dumps(case_document(line) if isinstance(line, Case) else line.document())
        for line in lines
    ]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def recorded(
    case: Case,
    changed: dict[str, object] | None = None,
    *,
    policy: RedemptionPolicy = IN_STORE,
    audience: Audience = Audience.STAFF,
) -> str:
    """Return a line with what that policy decides of the case, some of it changed."""
    told = decision_document(policy.decide_case(case), audience) | (changed or {})
    return json.dumps(case_document(case) | {"recorded": told})


@dataclass
class Salon:
    """A desk on a store in memory, which is told each package again by every line."""

    policy: RedemptionPolicy
    store: MemoryStore = field(default_factory=MemoryStore)
    asked: dict[str, Case] = field(default_factory=dict[str, Case])
    counts: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    acts: Counter[str] = field(default_factory=Counter[str])
    _told: tuple[str, ...] = ()
    _held: set[str] = field(default_factory=set[str])

    @classmethod
    def after(cls, policy: RedemptionPolicy, lines: Iterable[Line]) -> "Salon":
        """Return a salon that was fed these lines, in whatever order they stand."""
        salon = cls(policy)
        for line in in_order(lines):
            try:
                salon.book(line) if isinstance(line, Case) else salon.act(line)
            except PkgRedeemError:
                salon.counts["unreadable"] += 1
        return salon

    def tally(self) -> Tally:
        """Return what it came to."""
        moved = sum(
            movement.credits
            for movement in self.store.movements()
            if movement.target is Bucket.AVAILABLE
        )
        return Tally(
            rulebook=self.policy.rulebook.name,
            reasons=tuple(sorted(self.reasons.items())),
            acts=tuple(sorted(self.acts.items())),
            acts_refused=self.counts["acts_refused"],
            credits_returned=moved,
            eligible=self.counts["eligible"],
            refused=self.counts["refused"],
            deposits_waived=self.counts["deposits_waived"],
            cards_bypassed=self.counts["cards_bypassed"],
            credits=self.counts["credits"],
            repeated=self.counts["repeated"],
        )

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return those of the store, and those that the line tells of."""
        return self.store.packages_of(client_id, not_over_at=not_over_at, also={*also, *self._told})

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return that of the store."""
        return self.store.redemption(booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit to the store."""
        self.store.commit(*changes)

    def book(self, case: Case) -> None:
        """Redeem or exchange, and count the answer."""
        for told in case.packages:
            (self.store.revise if told.id in self._held else self.store.add)(told)
            self._held.add(told.id)
        self._told = tuple(told.id for told in case.packages)
        existing = case.existing
        if existing is not None and existing.booking.id not in self.asked:
            self.adopt(existing)
        desk = RedemptionDesk(self.policy, self)
        exchanged = case.exchanged
        if exchanged is not None and self.store.redemption(exchanged.booking.id) is not None:
            decision = desk.exchange(
                exchanged.booking.id,
                account=case.account,
                client=case.client,
                booking=case.booking,
                by=case.by,
                now=case.now,
                note=case.note,
                only=case.only,
            )
        else:
            decision = desk.redeem(
                account=case.account,
                client=case.client,
                booking=case.booking,
                by=case.by,
                now=case.now,
                note=case.note,
                only=case.only,
            )
        if existing is not None:
            self.asked.setdefault(existing.booking.id, case)
        self.asked[case.booking.id] = case
        self._count(decision)

    def adopt(self, redemption: Redemption) -> None:
        """Store what was redeemed before the history, whose credits are off already."""
        self.store._redemptions.setdefault(redemption.booking.id, redemption)

    def act(self, line: ActLine) -> None:
        """Let the desk do what the line says, and count what it does."""
        case = self.asked.get(line.booking_id)
        if case is None:
            self.counts["unknown"] += 1
            return
        if self.store.redemption(line.booking_id) is None:
            return
        self._told = ()
        settlement = self._settle(line, case)
        if not settlement.allowed:
            self.counts["acts_refused"] += 1
        elif settlement.change is not None:
            self.acts[line.act.value] += 1

    def _settle(self, line: ActLine, case: Case) -> Settlement:
        desk = RedemptionDesk(self.policy, self)
        booking_id, now, note, lines = line.booking_id, line.now, line.note, line.lines
        match line.act:
            case Act.CANCEL:
                return desk.cancel(booking_id, by=line.by, now=now, lines=lines, note=note)
            case Act.NO_SHOW:
                outcome = line.outcome
                return desk.no_show(booking_id, now=now, outcome=outcome, lines=lines, note=note)
            case Act.COMPLETE:
                return desk.complete(booking_id, now=now, lines=lines, note=note)
            case Act.FORGIVE:
                return desk.forgive(booking_id, now=now, note=note, lines=lines)
            case _:
                assert line.starts_at is not None
                return desk.reschedule(
                    booking_id,
                    account=case.account,
                    client=case.client,
                    starts_at=line.starts_at,
                    by=line.by,
                    now=now,
                    note=note,
                )

    def _count(self, decision: Decision) -> None:
        if decision.recorded:
            self.counts["repeated"] += 1
            return
        self.counts["eligible" if decision.eligible else "refused"] += 1
        self.counts["deposits_waived"] += decision.deposit_waived
        self.counts["cards_bypassed"] += decision.card_capture_bypassed
        self.reasons.update({reason.code for reason in decision.reasons})
        if decision.redemption is not None:
            self.counts["credits"] += sum(draw.credits for draw in decision.redemption.draws)


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Return lines in order of booking: of one moment, acts last, and otherwise as they stand.

    An act that seems to lie up to a minute before its booking follows it (D74).
    """
    booked: dict[str, datetime] = {}
    for line in lines:
        if isinstance(line, Case):
            before = booked.get(line.booking.id, line.now)
            booked[line.booking.id] = min(before, line.now)

    def place(line: Line) -> tuple[datetime, bool]:
        if isinstance(line, Case):
            return line.now, False
        at = booked.get(line.booking_id, line.now)
        return at if timedelta(0) < at - line.now <= MINUTE else line.now, True

    return sorted(lines, key=place)
