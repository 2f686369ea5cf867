"""A salon as a child would write it: numbers in a dict, one booking after the other, no rule engine.

A model for the tests of desk and stores: it knows packages with one service in each entitlement, staff who
act at one instant long before or just after each start, and nothing of threads or versions.
"""

from collections import Counter
from dataclasses import dataclass, field

Place = tuple[str, str]  # package, service


@dataclass
class NaiveBooking:
    """A booking: whose, what, on which day, and what became of each credit."""

    client: str
    services: list[str]
    day: int
    today: int
    drawn: list[Place]
    states: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether one credit is still reserved."""
        return "reserved" in self.states


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

    def book(self, name: str, client: str, services: list[str], day: int) -> str:
        """Book; return "paid", "unpaid", "mismatch" or "closed"."""
        known = self.bookings.get(name)
        if known is not None:
            return self._known(known, client, services, day)
        drawn = self._drawn(client, services, Counter())
        if drawn is None:
            return "unpaid"
        self._add(name, client, services, day, drawn)
        return "paid"

    def exchange(self, old_name: str, name: str, client: str, services: list[str], day: int) -> str:
        """Give one booking up for another; return as `book`, or "unknown"."""
        old = self.bookings.get(old_name)
        if old is None:
            return "unknown"
        if old.client != client:
            return "mismatch"
        known = self.bookings.get(name)
        if known is not None:
            told = self._known(known, client, services, day)
            return "mismatch" if told == "paid" and old.is_open else told
        if not old.is_open:
            return "closed"
        back = Counter(
            place
            for place, state in zip(old.drawn, old.states, strict=True)
            if state == "reserved"
        )
        drawn = self._drawn(client, services, back)
        if drawn is None:
            return "unpaid"
        self.end(old_name, "cancel", "returned", range(len(old.drawn)), only_reserved=True)
        self._add(name, client, services, day, drawn)
        return "paid"

    def end(
        self,
        name: str,
        act: str,
        state: str,
        lines: range | list[int],
        *,
        only_reserved: bool = False,
    ) -> str:
        """End lines of a booking; return "done", "unknown", "invalid" or "closed"."""
        known = self.bookings.get(name)
        if known is None:
            return "unknown"
        if any(line >= len(known.drawn) for line in lines):
            return "invalid"
        pending = []
        for line in lines:
            now, before = known.states[line], known.acts[line]
            if only_reserved and now != "reserved":
                continue
            if before == act:
                continue
            if not self._may(act, now, before):
                return "invalid" if act == "forgive" and now == "reserved" else "closed"
            pending.append(line)
        for line in pending:
            if state == "returned":
                self.left[known.drawn[line]] += 1
            known.states[line], known.acts[line] = state, act
        return "done"

    def reschedule(self, name: str, day: int) -> str:
        """Put a booking on another day; return "done", "unknown" or "closed"."""
        known = self.bookings.get(name)
        if known is None:
            return "unknown"
        if not known.is_open and not (known.today == day and known.day != day):
            return "closed"
        known.today = day
        return "done"

    def _may(self, act: str, now: str, before: str) -> bool:
        if act == "forgive":
            return now in {"redeemed", "forfeited"}
        return now == "reserved" or (act == "complete" and (now, before) == ("forfeited", "no_show"))

    def _known(self, known: NaiveBooking, client: str, services: list[str], day: int) -> str:
        if (known.client, known.services, known.day) != (client, services, day):
            return "mismatch"
        return "paid" if known.is_open else "closed"

    def _drawn(self, client: str, services: list[str], back: Counter[Place]) -> list[Place] | None:
        """Return what pays for each service, from the first package that has it; None if one lacks."""
        left = {place: count + back[place] for place, count in self.left.items()}
        drawn = []
        for service in services:
            places = sorted(
                place
                for place, count in left.items()
                if place[1] == service and count and self.owner[place[0]] == client
            )
            if not places:
                return None
            left[places[0]] -= 1
            drawn.append(places[0])
        return drawn

    def _add(
        self, name: str, client: str, services: list[str], day: int, drawn: list[Place]
    ) -> None:
        for place in drawn:
            self.left[place] -= 1
        count = len(drawn)
        self.bookings[name] = NaiveBooking(
            client, services, day, day, drawn, ["reserved"] * count, [""] * count
        )
