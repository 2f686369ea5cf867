"""The facts that the shipped rules look at, each with the values that make a difference.

A point chooses one value for each fact, and stands for a case (see `_lattice`). Boundaries are met
exactly: sold at the moment of booking and a microsecond later, over at the start and a microsecond
after it, the day of the automatic start and the next day. Value 0 of each fact is the plainest: the
point of zeros is a small case that the rulebooks of the article accept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple, final

_DAY: Final = timedelta(days=1)
_MOST_DAYS: Final = 366
# From so many values on it is shorter to say which ones are meant not to be.
_MANY: Final = 3


@final
@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    Attributes:
        name: what it is, in words.
        values: its values in words.
        days: the days that the values stand for, in order, for a fact about a day; each stands for
            all days up to the next one, the first also for all before, the last for all after.
            Values before them are no days.
    """

    name: str
    values: tuple[str, ...]
    days: tuple[date, ...] = ()

    def said(self, chosen: Iterable[int]) -> str:
        """Return some of its values in words; a dash for all of them."""
        wanted = frozenset(chosen)
        others = [value for index, value in enumerate(self.values) if index not in wanted]
        if not others:
            return "-"
        if not self.days and _MANY <= len(wanted) >= len(others):
            return f"any but {' or '.join(others)}"
        first_day = len(self.values) - len(self.days)
        words = [self.values[index] for index in sorted(wanted) if index < first_day]
        days = {index - first_day for index in wanted if index >= first_day}
        return " or ".join(words + self._ranges(days))

    def _ranges(self, wanted: set[int]) -> list[str]:
        words: list[str] = []
        last = len(self.days) - 1
        for begin in sorted(index for index in wanted if index - 1 not in wanted):
            end = begin
            while end + 1 in wanted:
                end += 1
            until = None if end == last else self.days[end + 1] - _DAY
            words.append(_between(None if begin == 0 else self.days[begin], until))
        return words


def _between(since: date | None, until: date | None) -> str:
    if since is None:
        return "any day" if until is None else f"until {until}"
    if until is None:
        return f"from {since} on"
    return f"on {since}" if since == until else f"from {since} to {until}"


class Point(NamedTuple):
    """The index of one value for each fact, in the order of `facts`."""

    account_kind: int = 0
    choice: int = 0
    activated: int = 0
    login: int = 0
    client: int = 0
    packages: int = 0
    sold: int = 0
    kind: int = 0
    status: int = 0
    since: int = 0
    until: int = 0
    credits: int = 0
    lines: int = 0
    start: int = 0
    exchange: int = 0
    deposit: int = 0
    card_capture: int = 0
    saved_card: int = 0


def facts(dates: Iterable[date | None]) -> tuple[Fact, ...]:
    """Return the facts, for rulebooks with these dates of the automatic start."""
    days = _days({each for each in dates if each is not None})
    return (
        Fact("packages of the account", ("new", "legacy")),
        Fact("online redemption", ("on", "off", "never chosen")),
        Fact("activated", ("unknown", *(f"on {day}" for day in days)), days),
        Fact("Client Login", ("optional", "mandatory", "disabled")),
        Fact("client", ("logged in", "not logged in", "guest")),
        Fact("packages", ("one", "two alike", "another client's", "none")),
        Fact("sold", ("unknown", "by now", "later")),
        Fact("package", ("new", "legacy")),
        Fact("archived", ("no", "yes")),
        Fact("valid from", ("always", "by now", "after now, by the start", "after the start")),
        Fact("valid until", ("ever", "after the start", "after now, by the start", "by now")),
        Fact("credits", ("enough", "too few", "for other services only", "none")),
        Fact(
            "services booked",
            (
                "all in the package",
                "in the package, and a free one",
                "some in the package",
                "none in the package",
                "nothing to pay",
            ),
        ),
        Fact("appointment starts", ("later", "now")),
        Fact(
            "exchanged for",
            (
                "nothing",
                "a booking in time",
                "a booking late, by the client",
                "a booking late, by the business",
                "a booking that has started, by the client",
                "a booking that has started, by the business",
            ),
        ),
        Fact(
            "deposit asked for",
            ("no", "by the account", "by the service alone", "by the account, not the service"),
        ),
        Fact("card capture", ("no", "yes")),
        Fact("card on file", ("no", "yes")),
    )


def _days(dates: set[date]) -> tuple[date, ...]:
    """Return the days on both sides of each boundary, and every day between two that are near."""
    if not dates:
        return (date(2026, 1, 1),)
    found = dates | {each + _DAY for each in dates if each < date.max}
    first, last = min(dates), max(dates)
    if last - first <= timedelta(days=_MOST_DAYS):
        found.update(first + timedelta(days=n) for n in range((last - first).days))
    return tuple(sorted(found))


#: Facts that are looked at together; each fact is in one group or more.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("account_kind", "choice", "activated", "login"),
    "client": ("client", "packages"),
    "package": ("packages", "sold", "kind", "status", "since", "until", "credits", "lines"),
    "start": ("packages", "lines", "start", "exchange"),
    "money": ("credits", "lines", "deposit", "card_capture", "saved_card"),
}
