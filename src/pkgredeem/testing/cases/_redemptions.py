"""How an earlier redemption is grown: booked, perhaps moved, perhaps ended in part.

What happened to it lies between the moment of booking and the present, a few microseconds apart: so
a line may have ended before the first move, between two of them, or after the last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

import pkgredeem as p
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._eligible import CLIENT, DAY, HOUR, TICK, is_own

#: What stands for units that nobody counts.
_MANY: Final = 1_000
#: The acts between two moves, and with them what happens before, between and after two moves.
_MOST_ACTS: Final = 3
_LEAST_LIFE: Final = 3 * (_MOST_ACTS + 1) * TICK
_RETURNED, _FORFEITED = p.DrawState.RETURNED, p.DrawState.FORFEITED
_CANCELLED: Final = (p.Act.CANCEL, p.Actor.BUSINESS)
_CANCELLED_BY_CLIENT: Final = (p.Act.CANCEL, p.Actor.CLIENT)
_MISSED: Final = (p.Act.NO_SHOW, p.Actor.BUSINESS)
_COMPLETED: Final = (p.Act.COMPLETE, p.Actor.BUSINESS)
_FORGIVEN: Final = (p.Act.FORGIVE, p.Actor.BUSINESS)
#: What may have become of a line: its state, and the acts and actors that led to it.
_ENDED: Final = (
    (_RETURNED, (_CANCELLED,)),
    (_RETURNED, (_CANCELLED_BY_CLIENT,)),
    (_RETURNED, (_MISSED,)),
    (_FORFEITED, (_MISSED,)),
    (p.DrawState.REDEEMED, (_COMPLETED,)),
    (p.DrawState.REDEEMED, (_MISSED, _COMPLETED)),
    (_RETURNED, (_MISSED, _FORGIVEN)),
    (_RETURNED, (_COMPLETED, _FORGIVEN)),
    (_RETURNED, (_MISSED, _COMPLETED, _FORGIVEN)),
)
#: The same of a client's late cancellation, by what the window of it does to the credit (D61).
_ENDED_LATE: Final = {
    p.CreditOutcome.RETURN: ((_RETURNED, (_CANCELLED_BY_CLIENT,)),),
    p.CreditOutcome.FORFEIT: (
        (_FORFEITED, (_CANCELLED_BY_CLIENT,)),
        (_RETURNED, (_CANCELLED_BY_CLIENT, _FORGIVEN)),
    ),
}


class Terms(NamedTuple):
    """The terms of the moment of booking: the account's, and those that some packages had."""

    of_account: p.CancellationTerms | None
    of_packages: p.CancellationTerms | None = None


class _Life(NamedTuple):
    """When it was booked, the starts that it has had, and who moved it from one to the next."""

    booked_at: datetime
    starts: tuple[datetime, ...]
    movers: tuple[p.Actor, ...]

    def acts_at(self, place: int) -> datetime:
        """Return when lines end while it has the start of that place; it is moved just after."""
        return self.booked_at + ((_MOST_ACTS + 1) * place + 1) * TICK

    def moved_at(self, place: int) -> datetime:
        """Return when it is moved away from the start of that place."""
        return self.acts_at(place) + _MOST_ACTS * TICK

    def free_until(self, terms: p.CancellationTerms | None) -> datetime | None:
        """Return until when a cancellation is free; a move by the business extends it (D17)."""
        if terms is None:
            return None
        start = self.starts[-1]
        by_start = start - terms.window
        if self.movers[-1:] != (p.Actor.BUSINESS,):
            return by_start
        return max(by_start, min(self.moved_at(len(self.movers) - 1) + terms.window, start))


def some_redemption(
    choices: Choices,
    case: p.Case,
    booking: p.Booking,
    starts_at: datetime,
    past: Terms,
) -> p.Redemption | None:
    """Return what the client's packages paid of a booking, which starts at *starts_at* now.

    None where they can't pay for any line.
    """
    terms, own_terms = past
    life = _some_life(choices, case.now, booking.starts_at, starts_at, terms)
    draws: list[p.Draw] = []
    for draw, package in _drawn(case.packages, booking):
        had_own = own_terms is not None and chance(choices, 70)
        own = own_terms if had_own else package.cancellation
        kept = None if own == terms else own
        draws.append(replace(draw, terms=kept, free_until=life.free_until(kept)))
    if not draws:
        return None
    draws = _partly_ended(choices, draws, terms, life)
    return p.Redemption(
        booking=booking,
        client_id=CLIENT,
        starts_at=starts_at,
        draws=tuple(draws),
        terms=terms,
        free_until=life.free_until(terms),
        deposit=pick(choices, tuple(p.DepositOutcome)),
        card_capture=pick(choices, tuple(p.CardCaptureOutcome)),
        rulebook=pick(choices, ("timely-2026-03", "timely-2026-04 -mixed_booking", "in-store")),
        booked_at=life.booked_at,
        time_zone_key=case.account.time_zone_key,
        version=1 + len(life.movers) + sum(len(draw.endings) for draw in draws),
        reschedules=tuple(
            p.Ending(
                act=p.Act.RESCHEDULE,
                at=life.moved_at(place),
                by=mover,
                late=False,
                note=pick(choices, ("", "staff ill")),
            )
            for place, mover in enumerate(life.movers)
        ),
        replaces=f"{booking.id}0" if chance(choices, 20) else None,
    )


def _some_life(
    choices: Choices,
    now: datetime,
    first: datetime,
    last: datetime,
    terms: p.CancellationTerms | None,
) -> _Life:
    """Return a life that ends before now; free-until may be extended to now, or just beside it."""
    detour = (min(first, last) + DAY,) if chance(choices, 15) else ()
    starts = (first, *detour, last) if detour or first != last else (first,)
    movers = tuple(pick(choices, (p.Actor.CLIENT, p.Actor.BUSINESS)) for _ in starts[1:])
    until = min(now, *starts)
    life = _Life(until - pick(choices, (HOUR, _LEAST_LIFE, DAY)), starts, movers)
    if terms is None or movers[-1:] != (p.Actor.BUSINESS,) or not chance(choices, 40):
        return life
    extended = now + pick(choices, (0, 1, -1)) * TICK - terms.window
    booked_at = life.booked_at + (extended - life.moved_at(len(movers) - 1))
    return life._replace(booked_at=min(booked_at, until - _LEAST_LIFE))


def _drawn(packages: Iterable[p.Package], booking: p.Booking) -> Iterator[tuple[p.Draw, p.Package]]:
    """Yield draws for the lines, each on the first entitlement that still has a credit for it."""
    own = [package for package in packages if is_own(package)]
    left = {
        (package.id, held.id): units_left(held) for package in own for held in package.entitlements
    }
    for index, line in enumerate(booking.lines):
        named = (
            (package, held, line.service.cost(held.unit))
            for package in own
            for held in package.entitlements
            if line.payable and line.service.id in held.services
        )
        for package, held, cost in named:
            if cost is not None and cost <= left[package.id, held.id]:
                left[package.id, held.id] -= cost
                draw = p.Draw(
                    line=index,
                    package_id=package.id,
                    entitlement_id=held.id,
                    service_id=line.service.id,
                    credits=cost,
                    package_name=package.name,
                )
                yield draw, package
                break


def units_left(held: p.Entitlement) -> int:
    """Return how many units are left; many where nobody counts them."""
    return _MANY if held.remaining is p.UNLIMITED else held.remaining


def _partly_ended(
    choices: Choices, draws: list[p.Draw], terms: p.CancellationTerms | None, life: _Life
) -> list[p.Draw]:
    """Return the draws, in most cases with all of them ended but for one."""
    if len(draws) == 1 or not chance(choices, 75):
        return draws
    kept = pick(choices, draws)
    return [draw if draw is kept else _ended(choices, draw, terms, life) for draw in draws]


def _ended(
    choices: Choices, draw: p.Draw, terms: p.CancellationTerms | None, life: _Life
) -> p.Draw:
    """Return the draw with what ended it.

    A line that ended before the rest was moved keeps the start that it had (D54), and a late one
    under terms with tiers the window that it fell inside (D61).
    """
    judging = draw.terms or terms
    windows = () if judging is None else tuple(pair for pair in judging.windows if pair[0])
    is_late = bool(windows) and chance(choices, 40)
    window, outcome = pick(choices, windows) if is_late else (None, None)
    state, acts = pick(choices, _ENDED if outcome is None else _ENDED_LATE[outcome])
    place = choices.integer_below(len(life.starts))
    start = life.starts[place]
    endings = tuple(
        p.Ending(
            act=act,
            at=life.acts_at(place) + number * TICK,
            by=by,
            late=is_late and number == 0,
            note="kit" if act is p.Act.FORGIVE else pick(choices, ("", "kit")),
            starts_at=None if start == life.starts[-1] else start,
            window=window if number == 0 and judging is not None and judging.tiers else None,
        )
        for number, (act, by) in enumerate(acts)
    )
    return replace(draw, state=state, endings=endings)
