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
    """A booking: whose, what, on which day, and what became of the credit of each line.

    For each line that has ended there is every act that ended it, what a no-show made of its
    credit, and the day on which it was when it first ended.
    """

    client: str
    services: tuple[str, ...]
    day: int
    drawn: dict[int, Place]
    today: int
    replaces: str | None = None
    rescheduled: bool = False
    states: dict[int, str] = field(default_factory=dict)
    acts: dict[int, list[str]] = field(default_factory=dict)
    missed: dict[int, str] = field(default_factory=dict)
    ended_on: dict[int, int] = field(default_factory=dict)

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
            return "mismatch" if told == "paid" and known.replaces != old_name else told
        if not old.is_open:
            return "closed"
        back = [line for line, state in old.states.items() if state == "reserved"]
        for line in back:
            self.left[old.drawn[line]] += 1
        told = self._draw(name, client, services, day)
        for line in back:
            self.left[old.drawn[line]] -= 1
        if told == "paid":
            self._end(old, back, "cancel", "returned")
            self.bookings[name].replaces = old_name
        return told

    def end(self, name: str, act: str, state: str, lines: Iterable[int] | None) -> str:
        """End lines of a booking; return done, unknown, invalid or closed."""
        known = self.bookings.get(name)
        if known is None:
            return "unknown"
        chosen = _meant(known, act, state) if lines is None else set(lines)
        reserved = {line for line, now in known.states.items() if now == "reserved"}
        if not chosen <= set(known.drawn) or (act == "forgive" and chosen & reserved):
            return "invalid"
        if not chosen:
            return "invalid" if act == "forgive" and reserved == set(known.drawn) else "closed"
        pending = {line for line in chosen if act not in known.acts.get(line, [])}
        if any(not _can_end(known, line, act) for line in pending):
            return "closed"
        if act == "no_show" and any(known.missed[line] != state for line in chosen - pending):
            return "closed"
        self._end(known, pending, act, state)
        return "done"

    def reschedule(self, name: str, client: str, day: int) -> str:
        """Put a booking on another day; return done, unknown, mismatch or closed."""
        known = self.bookings.get(name)
        if known is None:
            return "unknown"
        if known.client != client:
            return "mismatch"
        if known.today == day and (known.is_open or known.rescheduled):
            return "done"
        if not known.is_open:
            return "closed"
        known.today, known.rescheduled = day, True
        return "done"

    def _end(self, known: NaiveBooking, lines: Iterable[int], act: str, state: str) -> None:
        for line in lines:
            self.left[known.drawn[line]] += state == "returned"
            known.states[line] = state
            known.acts.setdefault(line, []).append(act)
            known.ended_on.setdefault(line, known.today)
            if act == "no_show":
                known.missed[line] = state

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


def _meant(known: NaiveBooking, act: str, state: str) -> set[int]:
    """Return the lines that are meant where none is named.

    Those that the act can end, else those that it ended; of a no-show those of that outcome first.
    """
    can_end = {line for line in known.drawn if _can_end(known, line, act)}
    reserved = {line for line in can_end if known.states[line] == "reserved"}
    ended = {line for line, acts in known.acts.items() if act in acts}
    alike = {line for line in ended if act == "no_show" and known.missed[line] == state}
    return reserved or can_end or alike or ended


def _can_end(known: NaiveBooking, line: int, act: str) -> bool:
    now, acts = known.states[line], known.acts.get(line, [])
    if act == "forgive":
        return now in {"redeemed", "forfeited"}
    came_after_all = act == "complete" and now == "forfeited" and acts[-1] == "no_show"
    return now == "reserved" or came_after_all
