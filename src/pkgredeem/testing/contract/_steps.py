"""The acts on a redemption, by name: what a store is asked to keep, one after the other."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeAlias

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    DAY,
    LATE,
    NOW,
    POLICY,
    START,
    booking,
    desk,
    due,
    facials,
)

#: An act on these lines of a redemption; None for all that it can end.
Step: TypeAlias = Callable[[p.Redemption, "tuple[int, ...] | None"], p.Change]

ENDED: Final = START + timedelta(hours=1, microseconds=1)
_SAID: Final = 'O\'Brien "rang" ✿\n😀'


def _cancel(
    by: p.Actor, now: datetime, found: p.Redemption, lines: tuple[int, ...] | None
) -> p.Change:
    return due(POLICY.cancel(found, by=by, now=now, lines=lines, note=_SAID))


def _no_show(
    outcome: p.CreditOutcome, found: p.Redemption, lines: tuple[int, ...] | None
) -> p.Change:
    return due(POLICY.no_show(found, now=ENDED, lines=lines, outcome=outcome, note=_SAID))


def _complete(found: p.Redemption, lines: tuple[int, ...] | None) -> p.Change:
    return due(POLICY.complete(found, now=ENDED, lines=lines, note=_SAID))


def _forgive(found: p.Redemption, lines: tuple[int, ...] | None) -> p.Change:
    return due(POLICY.forgive(found, now=ENDED + DAY, lines=lines, note=_SAID))


#: The acts that end a line.
ENDINGS: Final[dict[str, Step]] = {
    "cancelled in time": partial(_cancel, p.Actor.CLIENT, NOW + timedelta(microseconds=7)),
    "cancelled late": partial(_cancel, p.Actor.CLIENT, LATE),
    "cancelled by the business": partial(_cancel, p.Actor.BUSINESS, LATE),
    "no-show, returned": partial(_no_show, p.CreditOutcome.RETURN),
    "no-show, forfeited": partial(_no_show, p.CreditOutcome.FORFEIT),
    "completed": _complete,
    "forgiven": _forgive,
}
#: The acts that a reserved line can be ended by.
FIRST_ENDINGS: Final = tuple(name for name in ENDINGS if name != "forgiven")
#: What can be done after what a line was ended by; after anything else nothing.
NEXT_ENDINGS: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    (): FIRST_ENDINGS,
    ("cancelled late",): ("forgiven",),
    ("no-show, forfeited",): ("completed", "forgiven"),
    ("completed",): ("forgiven",),
    ("no-show, forfeited", "completed"): ("forgiven",),
}


def _ways(done: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    yield done
    for name in NEXT_ENDINGS.get(done, ()):
        yield from _ways((*done, name))


#: Every way in which a line can come to an end, step by step; the first is none at all.
WAYS: Final = tuple(_ways(()))


def said(way: tuple[str, ...]) -> str:
    """Say in words what was done to a line."""
    return ", ".join(way) or "reserved"


def move(
    found: p.Redemption,
    starts_at: datetime,
    *,
    by: p.Actor = p.Actor.BUSINESS,
    now: datetime = NOW,
    packages: Iterable[p.Package] = (),
) -> p.Change:
    """Return the change that moves a booking, drawn on facials unless others are given."""
    answer = POLICY.reschedule(
        found,
        account=ACCOUNT,
        client=ANA,
        starts_at=starts_at,
        by=by,
        now=now,
        packages=tuple(packages) or [facials()],
        note=_SAID,
    )
    return due(answer)


def exchange(store: RedemptionStore, old: str, new: str) -> tuple[p.Change, ...]:
    """Return what an exchange at a desk would commit; no version of a package is looked at."""
    taken = _Taken(store)
    desk(taken).exchange(
        old,
        account=ACCOUNT,
        client=ANA,
        booking=booking(new, starts_at=START + DAY),
        by=p.Actor.BUSINESS,
        now=NOW,
        note=_SAID,
    )
    return taken.changes


class _Taken:
    """A store whose commits are kept, and go no further."""

    changes: tuple[p.Change, ...] = ()

    def __init__(self, store: RedemptionStore) -> None:
        self._store = store

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[p.Package]:
        found = self._store.packages_of(client_id, not_over_at=not_over_at, also=also)
        return [replace(package, quotas=(), uses=(), version=None) for package in found]

    def redemption(self, booking_id: str) -> p.Redemption | None:
        return self._store.redemption(booking_id)

    def commit(self, *changes: p.Change) -> None:
        self.changes = changes
