"""A salon as a child would write it: numbers in a dict, one act after the other, no rule engine.

A model for the tests of desk and stores. It knows packages with one service in each entitlement,
and nothing of terms, threads or versions.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

Place = tuple[str, str]  # package, service


@dataclass
class NaiveBooking:
    """A booking: whose, what, on which day, and what became of the credit of each line."""

    client: str
    services: tuple[str, ...]
    day: int
    drawn: dict[int, Place]
    today: int
    rescheduled: bool = False
    states: dict[int, str] = field(default_factory=dict)
    acts: dict[int, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether one credit is still reserved."""
        return "reserved" in self.states.values()


@dataclass
class NaiveSalon:
    """What is left in each package, and the bookings."""

    left: dict[Place, int] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    bookings: dict[str, NaiveBooking] = field(default_factory=dict)

    def sell(self, package: str, client: str, credits_of: dict[str, int]) -> None:
        """Sell a package."""
        self.owner[package] = client
        for service, count in credits_of.items():
            self.left[package, service] = count

    def book(self, name: str, client: str, services: tuple[str, ...], day: int) -> str:
        """Book; return paid, unpaid, mismatch or closed."""
        known = self.bookings.get(name)
        if known is not None:
            return self._again(known, client, services, day)
        return self._draw(name, client, services, day)

    def exchange(
        self, old_name: str, name: str, client: str, services: tuple[str, ...], day: int
    ) -> str:
        """Give one booking up for another; return as `book` does, or unknown, or invalid."""
        old = self.bookings.get(old_name)
        if old_name == name:
            return "invalid"
        if old is None:
            return "unknown"
        if old.client != client:
            return "mismatch"
        known = self.bookings.get(name)
        if known is not None:
            told = self._again(known, client, services, day)
            return "mismatch" if told == "paid" and old.is_open else told
        if not old.is_open:
            return "closed"
        back = [line for line, state in old.states.items() if state == "reserved"]
        for line in back:
            self.left[old.drawn[line]] += 1
        told = self._draw(name, client, services, day)
        for line in back:
            if told == "paid":
                old.states[line], old.acts[line] = "returned", "cancel"
            else:
                self.left[old.drawn[line]] -= 1
        return told

    def end(self, name: str, act: str, state: str, lines: Iterable[int] | None) -> str:
        """End lines of a booking; return done, unknown, invalid or closed."""
        known = self.bookings.get(name)
        if known is None:
            return "unknown"
        chosen = list(known.drawn) if lines is None else sorted(lines)
        if not set(chosen) <= set(known.drawn):
            return "invalid"
        pending = []
        for line in chosen:
            now, before = known.states[line], known.acts.get(line, "")
            if before == act:
                continue
            if act == "forgive" and now == "reserved":
                return "invalid"
            if not _may_end(act, now, before):
                return "closed"
            pending.append(line)
        for line in pending:
            self.left[known.drawn[line]] += state == "returned"
            known.states[line], known.acts[line] = state, act
        return "done"

    def reschedule(self, name: str, day: int) -> str:
        """Put a booking on another day; return done, unknown or closed."""
        known = self.bookings.get(name)
        if known is None:
            return "unknown"
        if known.today == day and (known.is_open or known.rescheduled):
            return "done"
        if not known.is_open:
            return "closed"
        known.today, known.rescheduled = day, True
        return "done"

    def _draw(self, name: str, client: str, services: tuple[str, ...], day: int) -> str:
        """Pay for each line that can be paid, from the first package that can."""
        left = Counter(self.left)
        drawn: dict[int, Place] = {}
        for line, service in enumerate(services):
            places = sorted(
                place
                for place, count in left.items()
                if place[1] == service and count and self.owner[place[0]] == client
            )
            if places:
                drawn[line] = places[0]
                left[places[0]] -= 1
        if not drawn:
            return "unpaid"
        self.left = dict(left)
        states = dict.fromkeys(drawn, "reserved")
        self.bookings[name] = NaiveBooking(client, services, day, drawn, day, states=states)
        return "paid"

    def _again(self, known: NaiveBooking, client: str, services: tuple[str, ...], day: int) -> str:
        if (known.client, known.services, known.day) != (client, services, day):
            return "mismatch"
        return "paid" if known.is_open else "closed"


def _may_end(act: str, now: str, before: str) -> bool:
    if act == "forgive":
        return now in {"redeemed", "forfeited"}
    return now == "reserved" or (act, now, before) == ("complete", "forfeited", "no_show")
