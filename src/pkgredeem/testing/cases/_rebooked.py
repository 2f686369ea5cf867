"""Cases that know an earlier redemption: the booking's own, or one that is exchanged (D21).

The credits that the redemption keeps reserved are taken off the packages, as a store tells them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pkgredeem import (
    Act,
    Actor,
    Booking,
    CancellationTerms,
    CardCaptureOutcome,
    Case,
    CreditOutcome,
    DepositOutcome,
    Draw,
    DrawState,
    Ending,
    Package,
    Redemption,
    Service,
)
from pkgredeem.testing.cases._choices import Dice, chance, pick
from pkgredeem.testing.cases._eligible import CLIENT, DAY, HOUR, TICK, a_policy


def redeemed_already(dice: Dice, case: Case) -> Case:
    """Return the case of a booking that is decided again."""
    terms = case.account.cancellation
    return _with_existing(dice, case, case.booking, terms)


def exchanged_in_time(dice: Dice, case: Case) -> Case:
    """Return the case of a booking that takes an earlier one's place while that is allowed."""
    terms = a_policy(dice)
    window = 0 * TICK if terms is None else terms.window
    gap = pick(dice, (DAY, 0 * TICK, TICK)) if window else pick(dice, (DAY, TICK))
    return _exchanged(dice, case, case.now + window + gap, terms)


def exchanged_late(dice: Dice, case: Case) -> Case:
    """Return the case of a client who exchanges a booking inside its window."""
    window = pick(dice, (DAY, 2 * DAY, HOUR))
    terms = CancellationTerms(window=window, late=pick(dice, tuple(CreditOutcome)))
    starts_at = case.now + window - pick(dice, (TICK, HOUR / 2, HOUR))
    return replace(_exchanged(dice, case, starts_at, terms), by=Actor.CLIENT)


def _exchanged(
    dice: Dice, case: Case, starts_at: datetime, terms: CancellationTerms | None
) -> Case:
    """Return the case with a redemption of another booking, of services that the client holds."""
    held = [
        min(each.services)
        for package in case.packages
        if package.client_id == CLIENT
        for each in package.entitlements
        if each.remaining
    ]
    if not held:
        return case
    services = held[: 1 + dice.below(2)]
    old = Booking.of(*(Service(id=each) for each in services), id="b0", starts_at=starts_at)
    return _with_existing(dice, case, old, terms)


def _with_existing(
    dice: Dice, case: Case, booking: Booking, terms: CancellationTerms | None
) -> Case:
    booked_at = min(case.now, booking.starts_at) - pick(dice, (HOUR, TICK))
    draws = tuple(
        _perhaps_cancelled(dice, draw, booked_at) for draw in _drawn(case.packages, booking)
    )
    if not draws:
        return case
    existing = Redemption(
        booking=booking,
        client_id=CLIENT,
        starts_at=booking.starts_at,
        draws=draws,
        terms=terms,
        free_until=None if terms is None else booking.starts_at - terms.window,
        deposit=pick(dice, tuple(DepositOutcome)),
        card_capture=pick(dice, tuple(CardCaptureOutcome)),
        rulebook="timely-2026-03",
        booked_at=booked_at,
        time_zone=case.account.time_zone,
        version=1 + any(not draw.is_reserved for draw in draws),
    )
    taken = Counter((d.package_id, d.entitlement_id) for d in draws if d.is_reserved)
    packages = tuple(_without(package, taken) for package in case.packages)
    return replace(case, existing=existing, packages=packages)


def _drawn(packages: Iterable[Package], booking: Booking) -> list[Draw]:
    """Return draws for the lines, each on the first entitlement that still has a credit for it."""
    held = [
        (package.id, each)
        for package in packages
        if package.client_id == CLIENT
        for each in package.entitlements
    ]
    left = {(package_id, each.id): each.remaining for package_id, each in held}
    draws: list[Draw] = []
    for index, line in enumerate(booking.lines):
        for package_id, each in held:
            if line.payable and line.service.id in each.services and left[package_id, each.id]:
                left[package_id, each.id] -= 1
                draws.append(
                    Draw(
                        line=index,
                        package_id=package_id,
                        entitlement_id=each.id,
                        service_id=line.service.id,
                    )
                )
                break
    return draws


def _perhaps_cancelled(dice: Dice, draw: Draw, at: datetime) -> Draw:
    if not chance(dice, 10):
        return draw
    ending = Ending(act=Act.CANCEL, at=at, by=Actor.BUSINESS, late=False)
    return replace(draw, state=DrawState.RETURNED, ending=ending)


def _without(package: Package, taken: Counter[tuple[str, str]]) -> Package:
    kept = tuple(
        replace(each, remaining=each.remaining - taken[package.id, each.id])
        for each in package.entitlements
    )
    return replace(package, entitlements=kept)
