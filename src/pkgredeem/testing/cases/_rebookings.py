"""Cases that know an earlier redemption: the booking's own, or one that is exchanged (D21).

The credits that the redemption keeps reserved are taken off the packages, as a store tells them.
More than a third of these redemptions were moved, took another's place, or have lines that ended.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pkgredeem as p
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._eligible import (
    CLIENT,
    DAY,
    HOUR,
    TICK,
    is_own,
    some_terms,
)
from pkgredeem.testing.cases._facts import with_own_packages

#: What stands for units that nobody counts.
_MANY: Final = 1_000
_CANCELLED: Final = (p.Act.CANCEL, p.Actor.BUSINESS, False)
_CANCELLED_LATE: Final = (p.Act.CANCEL, p.Actor.CLIENT, True)
_MISSED: Final = (p.Act.NO_SHOW, p.Actor.BUSINESS, False)
_COMPLETED: Final = (p.Act.COMPLETE, p.Actor.BUSINESS, False)
_FORGIVEN: Final = (p.Act.FORGIVE, p.Actor.BUSINESS, False)
#: What may have become of a line: its state, and the acts (which, by whom, late) that led to it.
_ENDED: Final = (
    (p.DrawState.RETURNED, (_CANCELLED,)),
    (p.DrawState.RETURNED, ((p.Act.CANCEL, p.Actor.CLIENT, False),)),
    (p.DrawState.FORFEITED, (_CANCELLED_LATE,)),
    (p.DrawState.FORFEITED, (_MISSED,)),
    (p.DrawState.REDEEMED, (_COMPLETED,)),
    (p.DrawState.REDEEMED, (_MISSED, _COMPLETED)),
    (p.DrawState.RETURNED, (_CANCELLED_LATE, _FORGIVEN)),
    (p.DrawState.RETURNED, (_MISSED, _COMPLETED, _FORGIVEN)),
)
#: Without terms nothing is late.
_ENDED_WITHOUT_TERMS: Final = tuple(
    (state, acts) for state, acts in _ENDED if not any(late for _, _, late in acts)
)


def redeemed_already(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a booking that is decided again, moved since it was booked or not."""
    moved = _some_move(choices)
    starts_at = case.booking.starts_at + moved
    return _booked_before(choices, case, case.booking, starts_at, case.account.cancellation)


def exchanged_in_time(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a booking that takes an earlier one's place while that is allowed."""
    terms = some_terms(choices)
    judging = (terms, *(package.cancellation for package in case.packages))
    bounds = [max(own.window, own.changes_close) for own in judging if own is not None]
    longest = max(bounds, default=0 * TICK)
    gap = pick(choices, (DAY, 0 * TICK, TICK)) if longest else pick(choices, (DAY, TICK))
    return _exchanged(choices, case, case.now + longest + gap, terms)


def exchanged_late(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a client who exchanges a booking inside its window, or its package's."""
    window = pick(choices, (DAY, 2 * DAY, HOUR))
    terms = p.CancellationTerms(window=window, late=pick(choices, tuple(p.CreditOutcome)))
    starts_at = case.now + window - pick(choices, (TICK, HOUR / 2, HOUR - TICK))
    own = pick(choices, (None, terms))
    case = with_own_packages(case, lambda package: replace(package, cancellation=own))
    exchanged = _exchanged(choices, case, starts_at, terms if own is None else None)
    return replace(exchanged, by=p.Actor.CLIENT)


def exchanged_when_closed(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a client who exchanges a booking that has started, or soon will (D67)."""
    closes = pick(choices, (0 * TICK, HOUR, DAY))
    if closes:
        starts_at = case.now + closes - pick(choices, (TICK, closes / 2))
        outcome = pick(choices, tuple(p.CreditOutcome))
        closing = p.CancellationTerms(window=0 * TICK, late=outcome, changes_close=closes)
        exchanged = _exchanged(choices, case, starts_at, closing)
    else:
        starts_at = case.now - pick(choices, (0 * TICK, TICK, HOUR))
        terms = pick(choices, (None, None, some_terms(choices)))
        exchanged = _exchanged(choices, case, starts_at, terms)
    return replace(exchanged, by=p.Actor.CLIENT)


def _exchanged(
    choices: Choices, case: p.Case, starts_at: datetime, terms: p.CancellationTerms | None
) -> p.Case:
    """Return the case with a redemption of another booking, of services that the client holds."""
    available = [
        p.Service(id=min(held.services), costs=() if held.unit == "credit" else ((held.unit, 1),))
        for package in case.packages
        if is_own(package)
        for held in package.entitlements
        for _ in range(_units_left(held))
    ]
    services = available[: 1 + choices.integer_below(3)]
    if not services:
        return case
    old = p.Booking.of(
        *services,
        id="b0",
        starts_at=starts_at + _some_move(choices),
        traits=case.booking.traits,
    )
    return _booked_before(choices, case, old, starts_at, terms)


def _some_move(choices: Choices) -> timedelta:
    """Return how far a booking was moved: not at all, in most cases."""
    return pick(choices, (DAY, -DAY, HOUR, 3 * DAY)) if chance(choices, 30) else 0 * DAY


def _booked_before(
    choices: Choices,
    case: p.Case,
    booking: p.Booking,
    starts_at: datetime,
    terms: p.CancellationTerms | None,
) -> p.Case:
    """Return the case with the redemption of a booking, which starts at *starts_at* now."""
    booked_at = min(case.now, starts_at, booking.starts_at) - pick(choices, (HOUR, TICK))
    moved_at, was_moved = booked_at + TICK, starts_at != booking.starts_at
    moved_by = pick(choices, (p.Actor.CLIENT, p.Actor.BUSINESS))

    def free_until(judging: p.CancellationTerms | None) -> datetime | None:
        if judging is None:
            return None
        by_start = starts_at - judging.window
        if was_moved and moved_by is p.Actor.BUSINESS:
            return max(by_start, min(moved_at + judging.window, starts_at))
        return by_start

    draws = [
        replace(draw, terms=own, free_until=free_until(own))
        for draw, package in _drawn(case.packages, booking)
        for own in [None if package.cancellation == terms else package.cancellation]
    ]
    if not draws or case.client.id != CLIENT:
        return case
    move = p.Ending(act=p.Act.RESCHEDULE, at=moved_at, by=moved_by, late=False)
    draws = _partly_ended(choices, draws, terms, moved_at, booking.starts_at if was_moved else None)
    existing = p.Redemption(
        booking=booking,
        client_id=CLIENT,
        starts_at=starts_at,
        draws=tuple(draws),
        terms=terms,
        free_until=free_until(terms),
        deposit=pick(choices, tuple(p.DepositOutcome)),
        card_capture=pick(choices, tuple(p.CardCaptureOutcome)),
        rulebook="timely-2026-03",
        booked_at=booked_at,
        time_zone_key=case.account.time_zone_key,
        version=1 + was_moved + sum(len(draw.endings) for draw in draws),
        reschedules=(move,) if was_moved else (),
        replaces=f"{booking.id}0" if chance(choices, 20) else None,
    )
    return replace(case, existing=existing, packages=as_stored(case.packages, existing))


def _drawn(packages: Iterable[p.Package], booking: p.Booking) -> Iterator[tuple[p.Draw, p.Package]]:
    """Yield draws for the lines, each on the first entitlement that still has a credit for it."""
    own = [package for package in packages if is_own(package)]
    left = {
        (package.id, held.id): _units_left(held) for package in own for held in package.entitlements
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


def _units_left(held: p.Entitlement) -> int:
    return _MANY if held.remaining is p.UNLIMITED else held.remaining


def _partly_ended(
    choices: Choices,
    draws: list[p.Draw],
    terms: p.CancellationTerms | None,
    at: datetime,
    first_start: datetime | None,
) -> list[p.Draw]:
    """Return the draws, in most cases with all of them ended but for one.

    A line that ended before the rest was moved keeps the start that it had (D54), and a late one
    under terms with tiers the window that it fell inside (D61).
    """
    kept = pick(choices, draws)

    def ended(draw: p.Draw) -> p.Draw:
        judging = draw.terms or terms
        state, acts = pick(choices, _ENDED if judging is not None else _ENDED_WITHOUT_TERMS)
        start = first_start if chance(choices, 50) else None
        window = judging.window if judging is not None and judging.tiers else None
        endings = tuple(
            p.Ending(
                act=act,
                at=at,
                by=by,
                late=late,
                note="kit",
                starts_at=start,
                window=window if late else None,
            )
            for act, by, late in acts
        )
        return replace(draw, state=state, endings=endings)

    if chance(choices, 60):
        return [draw if draw is kept else ended(draw) for draw in draws]
    return draws


def as_stored(packages: Iterable[p.Package], redemption: p.Redemption) -> tuple[p.Package, ...]:
    """Return the packages as a store tells them: what is reserved taken off, and with its uses."""
    taken: Counter[tuple[str, str]] = Counter()
    for draw in redemption.reserved_draws:
        taken[draw.package_id, draw.entitlement_id] += draw.credits

    def stored(package: p.Package) -> p.Package:
        kept = tuple(
            held
            if held.remaining is p.UNLIMITED
            else replace(held, remaining=held.remaining - taken[package.id, held.id])
            for held in package.entitlements
        )
        counts = package.has_quotas or package.lasts is not None
        uses = redemption.uses_of(package.id) if counts else ()
        return replace(package, entitlements=kept, uses=(*package.uses, *uses))

    return tuple(map(stored, packages))
