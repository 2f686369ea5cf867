"""What was decided on something older is refused, and what was committed already is a success."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import product
from typing import TypeAlias

import pkgredeem as p
from pkgredeem.testing.contract._books import Books
from pkgredeem.testing.contract._expectations import (
    DAY,
    NOW,
    START,
    TWO,
    booking,
    committed,
    conflicts,
    facials,
    owned,
    proposed,
    same,
    versions,
)
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._limits import Limit
from pkgredeem.testing.contract._steps import ENDINGS, NEXT_ENDINGS, WAYS, exchange, move, said

#: What is to be committed of a booking as it was read: of an exchange two changes.
_Acts: TypeAlias = dict[str, Callable[[Books, p.Redemption], tuple[p.Change, ...]]]

_STATES = tuple(NEXT_ENDINGS)


class OlderVersions(Kit):
    """Invariants of versions of redemptions, and of what is committed again."""

    def test_every_act_on_an_older_version_is_refused(self) -> None:
        """Whatever was about to be done is a conflict when something else was done meanwhile.

        Only an equal redemption is a lost acknowledgement; an equal version is not enough.
        """
        lines = (None,) if Limit.ONE_LINE in self._limits else (None, (0,))
        kept: dict[tuple[tuple[str, ...], str], Books] = {}

        def act(fact: tuple[tuple[str, ...], str, str]) -> None:
            state, late, first = fact
            acts = _acts_after(state, lines)
            if (state, late) not in kept:
                kept[state, late] = self.books(facials(remaining=80))
            books = kept[state, late]
            name = f"b {first}"
            new = booking(name) if len(lines) == 1 else booking(name, *TWO)
            found = books.done(proposed([facials(remaining=80)], new))
            for step in state:
                found = books.done(ENDINGS[step](found, None))
            too_late, overtaking = acts[late](books, found), acts[first](books, found)
            if too_late != overtaking:
                books.commit(*overtaking)
                conflicts("it", books.store, *too_late)
                books.compare(*{change.after.booking.id for change in (*too_late, *overtaking)})

        self.each(
            {
                f"{late}, when it was {first} meanwhile ({said(state)})": (state, late, first)
                for state in _STATES
                for late, first in product(_acts_after(state, lines), _acts_after(state, (None,)))
                if first != "booked again"
            },
            act,
        )

    def test_a_version_from_the_future_is_refused(self) -> None:
        """A change whose *before* is newer than what is stored, or of no booking, is a conflict."""
        store, booked = self.booked()
        moved = move(booked, START + DAY).after
        conflicts("an act on what was never committed", store, ENDINGS["completed"](moved, None))
        never = proposed([facials()], booking("b2")).after
        conflicts("completing what was never booked", store, ENDINGS["completed"](never, None))

        self.holds(store, left=4, b1=booked, b2=None)

    def test_what_is_stored_is_a_success(self) -> None:
        """The same change again is a lost acknowledgement, and does nothing (D57).

        However often, beside a new one, and whatever became of its package: versions of packages
        are looked at afterwards.
        """
        sold = self.counted(facials(remaining=20))
        books = self.books(sold)

        def again(*changes: p.Change) -> None:
            books.commit(*changes)
            version = versions(books, [sold])
            for _ in range(2):
                books.store.commit(*changes)
            books.compare(changes[0].after.booking.id)
            same("the version when nothing was done", version, versions(books, [sold]))

        def facials_now() -> list[p.Package]:
            return owned(books, "ana")

        def act(way: tuple[str, ...]) -> None:
            change = proposed(facials_now(), booking(f"b {said(way)}"))
            again(change)
            for step in way:
                change = ENDINGS[step](change.after, None)
                again(change)

        self.each({said(way): way for way in WAYS}, act)
        moved = proposed(facials_now(), booking("b1"))
        again(moved)
        again(move(moved.after, START + DAY, packages=facials_now()))
        fresh = proposed(facials_now(), booking("b2"))
        again(fresh)
        other = proposed(facials_now(), booking("b3"))
        books.commit(fresh, other)
        books.compare("b1", "b2", "b3")

    def test_an_old_change_is_not_taken_for_a_lost_acknowledgement(self) -> None:
        """A change that was committed once but is not the last word any more is a conflict."""
        store = self.store(facials())
        change = proposed([facials()], booking("b1"))
        cancelled = committed(store, ENDINGS["cancelled in time"](committed(store, change), None))
        conflicts("booking again what is cancelled", store, change)

        self.holds(store, left=5, b1=cancelled)


def _acts_after(state: tuple[str, ...], lines: tuple[tuple[int, ...] | None, ...]) -> _Acts:
    """Return each act on a booking in that state, on all of its lines and on the first."""
    acts: _Acts = {
        f"{name}{'' if on is None else ' in part'}": partial(_ended, name, on)
        for name in NEXT_ENDINGS[state]
        for on in lines
    }
    if state:
        return acts
    return acts | {
        "moved by the client": partial(_moved, p.Actor.CLIENT, DAY),
        "moved by the business": partial(_moved, p.Actor.BUSINESS, 2 * DAY),
        "exchanged": _exchanged,
        "booked again": _booked_again,
    }


def _ended(
    name: str, lines: tuple[int, ...] | None, books: Books, found: p.Redemption
) -> tuple[p.Change, ...]:
    del books
    return (ENDINGS[name](found, lines),)


def _moved(
    by: p.Actor, later: timedelta, books: Books, found: p.Redemption
) -> tuple[p.Change, ...]:
    del books
    return (move(found, START + later, by=by),)


def _exchanged(books: Books, found: p.Redemption) -> tuple[p.Change, ...]:
    return exchange(books, found.booking.id, f"{found.booking.id}'")


def _booked_again(books: Books, found: p.Redemption) -> tuple[p.Change, ...]:
    """Return the proposal of a second later for the same booking."""
    del books
    later = NOW + timedelta(seconds=1)
    return (proposed([facials(remaining=80)], found.booking, now=later),)
