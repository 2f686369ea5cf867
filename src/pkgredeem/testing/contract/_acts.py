"""Every act on a redemption, and what a store has to show after each: all of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, TypeAlias

import pkgredeem as p
from pkgredeem.testing.contract._expectations import (
    DAY,
    LATE,
    NOW,
    START,
    TWO,
    booking,
    credit,
    facials,
    proposed,
)
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._steps import ENDINGS, NEXT_ENDINGS, WAYS, move, said

if TYPE_CHECKING:
    from pkgredeem.testing.contract._books import Books

_HOUR = timedelta(hours=1)
#: With each act at the end of one at least; the rest is tried on lines that are alone.
_WAYS_IN_PAIRS = [
    way for way in WAYS if way[-1:] != ("forgiven",) or way == ("cancelled late", "forgiven")
]
#: The services of a booking, and in which way each of its lines came to an end.
_Case: TypeAlias = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


class Acts(Kit):
    """Invariants of every act: redemption, credits, uses, versions and history are read back."""

    def test_every_act_is_read_back(self) -> None:
        """After each act on a line all of it is there, and nothing else has changed.

        On one line, and on two of a booking, of one package or of two: whatever became of one of
        them, an act on the other leaves it as it was; an act on both at once may take their credits
        from two buckets; and a move leaves the start of what has ended (D54). The version of every
        package that the booking draws on is raised by each (D57).
        """
        kept: dict[_Case, Books] = {}
        massages = _of_massages(self.counted(facials("p2")))
        believed = [facials(remaining=90), _of_massages(facials("p2"))]

        def act(case: _Case) -> None:
            services, ways = case
            place = services, ways[:1]
            if place not in kept:
                kept[place] = self.books(self.counted(facials(remaining=90)), massages)
            books = kept[place]
            name = " and ".join(map(said, ways))
            for number, last in enumerate(_on_all(ways)):
                new = booking(f"{name} {number}", *services)
                found = books.done(proposed(believed, new))
                for line, way in enumerate(ways):
                    for step in way:
                        found = books.done(ENDINGS[step](found, (line,)))
                if last == "moved":
                    books.done(move(found, START + DAY, packages=believed))
                elif last is not None:
                    books.done(ENDINGS[last](found, None))

        cases: list[_Case] = [(("facial",), (way,)) for way in WAYS]
        cases += [(TWO, ways) for ways in combinations_with_replacement(_WAYS_IN_PAIRS, 2)]
        cases += [(("facial", "massage"), (way, ())) for way in WAYS]
        self.each(
            {
                " and ".join(
                    f"a {service} {said(way)}" for service, way in zip(*case, strict=True)
                ): case
                for case in cases
            },
            act,
        )

    def test_every_move_is_read_back(self) -> None:
        """A booking that is moved keeps its credit, and remembers who moved it, when and why.

        What the business moves is free for longer than its start alone would say (D17). Whether a
        quota counts the uses of its package, or a term that the first of them begins (D53).
        """

        def act(package: p.Package) -> None:
            books = self.books(package)
            found = books.done(proposed([facials()], booking("b1")))
            found = books.done(move(found, START + DAY, by=p.Actor.CLIENT))
            found = books.done(move(found, START, by=p.Actor.CLIENT, now=NOW + _HOUR))
            found = books.done(move(found, START + 6 * _HOUR, now=LATE))
            books.done(ENDINGS["cancelled in time"](found, None))

        lasting = replace(facials(), lasts=p.Term(days=14))
        self.each({"a quota": self.counted(facials()), "a term of first use": lasting}, act)


def _of_massages(package: p.Package) -> p.Package:
    """Return the package with credits of massages, and enough of them."""
    return replace(package, entitlements=(credit("massage", remaining=90),))


def _on_all(ways: tuple[tuple[str, ...], ...]) -> list[str | None]:
    """Return what can be done to all lines at once that came this way; None where nothing can."""
    first, *others = [NEXT_ENDINGS.get(way, ()) for way in ways]
    found: list[str | None] = [name for name in first if all(name in other for other in others)]
    if () in ways:
        found.append("moved")
    return found or [None]
