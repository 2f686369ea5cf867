"""Acts at random of two desks on one store, told to the library and to the other side."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    Change,
    Client,
    ClientLogin,
    CreditOutcome,
    Decision,
    Entitlement,
    Package,
    Period,
    PkgRedeemError,
    Quota,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Service,
    Settlement,
    Term,
    rules,
)
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.support import AUCKLAND, DAY, HOUR, NOW
from tests.oracle.plain import (
    Doc,
    account_doc,
    booking_doc,
    client_doc,
    instant,
)
from tests.oracle.reference._desk import Desk
from tests.oracle.reference._ledger import Ledger

Store = MemoryStore | SqliteStore
Meanwhile = Callable[[], object]

MORE = ("b7", "b8", "b9")
BOOKINGS = ("b0", "b1", "b2", "b3", "b4", *MORE)
SALON = AccountSettings(
    online_redemption=True,
    client_login=ClientLogin.MANDATORY,
    cancellation=CancellationTerms(
        window=DAY, late=CreditOutcome.FORFEIT, tiers=[(HOUR, CreditOutcome.FORFEIT)]
    ),
    time_zone=AUCKLAND,
)


def packages_at_random(chance: Random) -> list[Package]:
    """Return a few packages of Ana's, some shared with Beth, with little in each."""
    facial = Entitlement(services=["facial"], remaining=chance.choice([1, 2, 3]))
    both = Entitlement(
        services=["facial", "massage"],
        remaining=chance.choice([60, 120]),
        unit="minute",
        id="minutes",
    )
    open_gym = Entitlement(
        services=["massage"], remaining=UNLIMITED, id="gym", quotas=[Quota(2, Period.UPCOMING)]
    )
    quota = Quota(chance.choice([1, 2, 3]), chance.choice([Period.WEEK, Period.EVER, Period.DAY]))
    made = [
        Package(id="p1", client_id="ana", entitlements=[facial], shared_with=["beth"]),
        Package(id="p2", client_id="ana", entitlements=[both, facial], quotas=[quota]),
        Package(id="p3", client_id="beth", entitlements=[open_gym], shared_with=["ana"]),
        Package(id="p4", client_id="ana", entitlements=[facial], lasts=Term(days=2)),
    ]
    return [
        replace(each, valid_until=NOW + chance.randint(1, 8) * DAY)
        if chance.random() < 0.2
        else each
        for each in chance.sample(made, chance.choice([1, 2, 2, 3]))
    ]


def booking_at_random(chance: Random, now: datetime) -> Booking:
    """Return a booking of one line or two."""
    names = [
        chance.choice(["facial", "facial", "massage"]) for _ in range(chance.choice([1, 1, 2]))
    ]
    lines = [BookingLine(Service(id=each, costs={"minute": 60})) for each in names]
    start = now + chance.choice([HOUR, DAY, DAY, 2 * DAY, 3 * DAY, 8 * DAY])
    return Booking(id=chance.choice(BOOKINGS[:5]), lines=lines, starts_at=start)


class RacedStore:
    """A store whose first commit comes after somebody else's act."""

    def __init__(self, store: Store, meanwhile: Meanwhile) -> None:
        """Take the store, and what is done between a desk's reading and its first commit."""
        self.store, self.meanwhile = store, meanwhile

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return what the store returns."""
        return self.store.packages_of(client_id, not_over_at=not_over_at, also=also)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return what the store returns."""
        return self.store.redemption(booking_id)

    def commit(self, *changes: Change) -> None:
        """Let the other one act first, once, and then commit."""
        meanwhile, self.meanwhile = self.meanwhile, nothing
        meanwhile()
        self.store.commit(*changes)


def nothing() -> None:
    """Do nothing: nobody is quicker."""


class Step:
    """One act at random, told to either side."""

    def __init__(self, chance: Random, now: datetime, store: Store) -> None:
        """Choose an act, mostly one that the stored booking allows."""
        self.now = now
        self.rulebook = chance.choice([rules.IN_STORE, rules.IN_STORE, rules.ONLINE])
        self.by = chance.choice(list(Actor))
        self.booking = booking_at_random(chance, now)
        self.client = Client(id=chance.choice(["ana", "ana", "ana", "beth"]), logged_in=True)
        stored = store.redemption(self.booking.id)
        self.replaces: str | None = None
        self.lines: list[int] | None = None
        self.outcome = chance.choice([None, None, *CreditOutcome])
        self.starts_at = now + chance.choice([HOUR, DAY, 2 * DAY, 9 * DAY])
        usual = ["cancel", "cancel", "reschedule", "reschedule", "complete", "no_show", "forgive"]
        self.name = chance.choice(["book", "book", *usual] if stored else ["book"] * 30 + usual)
        if stored is not None:
            done = [ending.act.value for draw in stored.draws for ending in draw.endings]
            if done and chance.random() < 0.4:
                self.name = chance.choice([*done, "forgive"])
            if chance.random() < 0.9:
                self.client = Client(id=stored.client_id, logged_in=True)
            if self.name == "book":
                self._book_beside(chance, stored)
            elif self.name == "no_show" and chance.random() < 0.8:
                self.now = max(now, stored.starts_at)
            elif self.name != "reschedule" and chance.random() < 0.3:
                self.lines = [chance.choice(stored.draws).line]

    def _book_beside(self, chance: Random, stored: Redemption) -> None:
        """Exchange what is stored for another booking, or ask for the very same again."""
        if chance.random() < 0.5:
            self.replaces = stored.booking.id
            id_ = chance.choice(BOOKINGS + MORE)
            self.booking = Booking(
                id=id_, lines=self.booking.lines, starts_at=self.booking.starts_at
            )
        else:
            self.booking = stored.booking

    def ours(self, store: Store, meanwhile: Meanwhile) -> Doc:
        """Return what a desk of the library answers."""
        desk = RedemptionDesk(RedemptionPolicy(self.rulebook), RacedStore(store, meanwhile))
        try:
            return _told(self._asked(desk))
        except PkgRedeemError as error:
            return {"error": type(error).__name__}

    def _asked(self, desk: RedemptionDesk) -> Decision | Settlement:
        """Ask a desk of the library."""
        when: dict[str, Any] = {"now": self.now, "note": "why"}
        who: dict[str, Any] = {"account": SALON, "client": self.client}
        match self.name:
            case "book" if self.replaces:
                old = self.replaces
                return desk.exchange(old, booking=self.booking, by=self.by, **who, **when)
            case "book":
                return desk.redeem(booking=self.booking, by=self.by, **who, **when)
            case "reschedule":
                return desk.reschedule(
                    self.booking.id, starts_at=self.starts_at, by=self.by, **who, **when
                )
            case "cancel":
                return desk.cancel(self.booking.id, by=self.by, lines=self.lines, **when)
            case "no_show":
                return desk.no_show(self.booking.id, outcome=self.outcome, lines=self.lines, **when)
            case _:
                answer: Settlement = getattr(desk, self.name)(
                    self.booking.id, lines=self.lines, **when
                )
                return answer

    def theirs(self, ledger: Ledger, meanwhile: Meanwhile) -> Doc:
        """Return what the second implementation answers."""
        desk = Desk(ledger, self.rulebook.name)
        plain: Doc = {"now": instant(self.now), "note": "why"}
        who = {"account": account_doc(SALON), "client": client_doc(self.client)}
        by = {"by": self.by.value}
        if self.name == "book":
            case = plain | who | by | {"booking": booking_doc(self.booking)}
            return _without_findings(desk.book(case, self.replaces, meanwhile))
        if self.name == "reschedule":
            plain |= who | by | {"starts_at": instant(self.starts_at)}
        else:
            plain |= {"lines": self.lines} | (by if self.name == "cancel" else {})
        if self.name == "no_show":
            plain["outcome"] = None if self.outcome is None else self.outcome.value
        return _without_findings(desk.act(self.name, self.booking.id, plain, meanwhile))


def _told(answer: Decision | Settlement) -> Doc:
    """Write an answer without its findings: which packages beside are listed is a store's own."""
    if isinstance(answer, Decision):
        return {"eligible": answer.eligible, "recorded": answer.recorded}
    return {
        "allowed": answer.allowed,
        "changes": answer.change is not None,
        "outcome": None if answer.outcome is None else answer.outcome.value,
        "late": answer.late,
        "credit_usable": answer.credit_usable,
    }


def _without_findings(answer: Doc) -> Doc:
    """Keep of an answer what `_told` tells."""
    names = ("error", "eligible", "recorded", "allowed", "changes", "outcome", "late")
    return {name: answer[name] for name in (*names, "credit_usable") if name in answer}


def kind_of(answer: Doc) -> str:
    """Return in a word what came of a step."""
    if "error" in answer:
        return str(answer["error"])
    if answer.get("recorded"):
        return "recorded"
    if answer.get("eligible") or answer.get("changes"):
        return "changed"
    return "repeated" if answer.get("allowed") else "refused"
