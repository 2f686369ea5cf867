"""Cases that know an earlier redemption: the booking's own, or one that is exchanged (D21).

The credits that the redemption keeps reserved are taken off the packages, as a store tells them.
More than a third of these redemptions were moved, took another's place, or have lines that ended.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pkgredeem as p
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._eligible import CLIENT, DAY, HOUR, TICK, some_terms

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


def redeemed_already(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a booking that is decided again, moved since it was booked or not."""
    moved = _some_move(choices)
    starts_at = case.booking.starts_at + moved
    return _booked_before(choices, case, case.booking, starts_at, case.account.cancellation)


def exchanged_in_time(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a booking that takes an earlier one's place while that is allowed."""
    terms = some_terms(choices)
    window = 0 * TICK if terms is None else terms.window
    gap = pick(choices, (DAY, 0 * TICK, TICK)) if window else pick(choices, (DAY, TICK))
    return _exchanged(choices, case, case.now + window + gap, terms)


def exchanged_late(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a client who exchanges a booking inside its window."""
    window = pick(choices, (DAY, 2 * DAY, HOUR))
    terms = p.CancellationTerms(window=window, late=pick(choices, tuple(p.CreditOutcome)))
    starts_at = case.now + window - pick(choices, (TICK, HOUR / 2, HOUR - TICK))
    return replace(_exchanged(choices, case, starts_at, terms), by=p.Actor.CLIENT)


def exchanged_after_start(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a client who exchanges a booking that has started."""
    starts_at = case.now - pick(choices, (0 * TICK, TICK, HOUR))
    terms = pick(choices, (None, None, some_terms(choices)))
    return replace(_exchanged(choices, case, starts_at, terms), by=p.Actor.CLIENT)


def _exchanged(
    choices: Choices, case: p.Case, starts_at: datetime, terms: p.CancellationTerms | None
) -> p.Case:
    """Return the case with a redemption of another booking, of services that the client holds."""
    available = [
        min(entitlement.services)
        for package in case.packages
        if package.client_id == CLIENT
        for entitlement in package.entitlements
        for _ in range(entitlement.remaining)
    ]
    services = available[: 1 + choices.integer_below(3)]
    if not services:
        return case
    old = p.Booking.of(
        *(p.Service(id=service) for service in services),
        id="b0",
        starts_at=starts_at + _some_move(choices),
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
    draws = _drawn(case.packages, booking)
    if not draws or case.client.id != CLIENT:
        return case
    reschedules: tuple[p.Ending, ...] = ()
    free_until = None if terms is None else starts_at - terms.window
    if starts_at != booking.starts_at:
        by = pick(choices, (p.Actor.CLIENT, p.Actor.BUSINESS))
        reschedules = (p.Ending(act=p.Act.RESCHEDULE, at=booked_at + TICK, by=by, late=False),)
        if terms is not None and free_until is not None and by is p.Actor.BUSINESS:
            free_until = max(free_until, min(booked_at + TICK + terms.window, starts_at))
    first_start = booking.starts_at if reschedules else None
    draws = _partly_ended(choices, draws, booked_at + TICK, first_start)
    existing = p.Redemption(
        booking=booking,
        client_id=CLIENT,
        starts_at=starts_at,
        draws=tuple(draws),
        terms=terms,
        free_until=free_until,
        deposit=pick(choices, tuple(p.DepositOutcome)),
        card_capture=pick(choices, tuple(p.CardCaptureOutcome)),
        rulebook="timely-2026-03",
        booked_at=booked_at,
        time_zone_key=case.account.time_zone_key,
        version=1 + len(reschedules) + sum(len(draw.endings) for draw in draws),
        reschedules=reschedules,
        replaces=f"{booking.id}0" if chance(choices, 20) else None,
    )
    taken = Counter((d.package_id, d.entitlement_id) for d in draws if d.is_reserved)
    packages = tuple(without(package, taken) for package in case.packages)
    return replace(case, existing=existing, packages=packages)


def _drawn(packages: Iterable[p.Package], booking: p.Booking) -> list[p.Draw]:
    """Return draws for the lines, each on the first entitlement that still has a credit for it."""
    credits_ = [
        (package, entitlement)
        for package in packages
        if package.client_id == CLIENT
        for entitlement in package.entitlements
        for _ in range(entitlement.remaining)
    ]
    draws: list[p.Draw] = []
    for index, line in enumerate(booking.lines):
        for package, entitlement in credits_ if line.payable else ():
            if line.service.id in entitlement.services:
                credits_.remove((package, entitlement))
                draws.append(
                    p.Draw(
                        line=index,
                        package_id=package.id,
                        entitlement_id=entitlement.id,
                        service_id=line.service.id,
                        package_name=package.name,
                    )
                )
                break
    return draws


def _partly_ended(
    choices: Choices, draws: list[p.Draw], at: datetime, first_start: datetime | None
) -> list[p.Draw]:
    """Return the draws, in most cases with all of them ended but for one.

    A line that ended before the rest was moved keeps the start that it had (D54).
    """
    kept = pick(choices, draws)

    def ended(draw: p.Draw) -> p.Draw:
        state, acts = pick(choices, _ENDED)
        start = first_start if chance(choices, 50) else None
        endings = tuple(
            p.Ending(act=act, at=at, by=by, late=late, note="kit", starts_at=start)
            for act, by, late in acts
        )
        return replace(draw, state=state, endings=endings)

    if chance(choices, 60):
        return [draw if draw is kept else ended(draw) for draw in draws]
    return draws


def without(package: p.Package, taken: Counter[tuple[str, str]]) -> p.Package:
    """Return the package without these credits, counted by package and entitlement id."""
    kept = tuple(
        replace(credit, remaining=credit.remaining - taken[package.id, credit.id])
        for credit in package.entitlements
    )
    return replace(package, entitlements=kept)
