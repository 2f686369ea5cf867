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
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._eligible import CLIENT, DAY, HOUR, TICK, some_terms


def redeemed_already(choices: Choices, case: Case) -> Case:
    """Return the case of a booking that is decided again."""
    terms = case.account.cancellation
    return _with_existing(choices, case, case.booking, terms)


def exchanged_in_time(choices: Choices, case: Case) -> Case:
    """Return the case of a booking that takes an earlier one's place while that is allowed."""
    terms = some_terms(choices)
    window = 0 * TICK if terms is None else terms.window
    gap = pick(choices, (DAY, 0 * TICK, TICK)) if window else pick(choices, (DAY, TICK))
    return _exchanged(choices, case, case.now + window + gap, terms)


def exchanged_late(choices: Choices, case: Case) -> Case:
    """Return the case of a client who exchanges a booking inside its window."""
    window = pick(choices, (DAY, 2 * DAY, HOUR))
    terms = CancellationTerms(window=window, late=pick(choices, tuple(CreditOutcome)))
    starts_at = case.now + window - pick(choices, (TICK, HOUR / 2, HOUR))
    return replace(_exchanged(choices, case, starts_at, terms), by=Actor.CLIENT)


def _exchanged(
    choices: Choices, case: Case, starts_at: datetime, terms: CancellationTerms | None
) -> Case:
    """Return the case with a redemption of another booking, of services that the client holds."""
    available = [
        min(entitlement.services)
        for package in case.packages
        if package.client_id == CLIENT
        for entitlement in package.entitlements
        if entitlement.remaining
    ]
    if not available:
        return case
    services = available[: 1 + choices.integer_below(2)]
    old = Booking.of(*(Service(id=service) for service in services), id="b0", starts_at=starts_at)
    return _with_existing(choices, case, old, terms)


def _with_existing(
    choices: Choices, case: Case, booking: Booking, terms: CancellationTerms | None
) -> Case:
    booked_at = min(case.now, booking.starts_at) - pick(choices, (HOUR, TICK))
    draws = tuple(
        _perhaps_cancelled(choices, draw, booked_at) for draw in _drawn(case.packages, booking)
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
        deposit=pick(choices, tuple(DepositOutcome)),
        card_capture=pick(choices, tuple(CardCaptureOutcome)),
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
    credits_ = [
        (package.id, entitlement)
        for package in packages
        if package.client_id == CLIENT
        for entitlement in package.entitlements
    ]
    left = {(package_id, credit.id): credit.remaining for package_id, credit in credits_}
    draws: list[Draw] = []
    for index, line in enumerate(booking.lines):
        for package_id, credit in credits_:
            if line.payable and line.service.id in credit.services and left[package_id, credit.id]:
                left[package_id, credit.id] -= 1
                draws.append(
                    Draw(
                        line=index,
                        package_id=package_id,
                        entitlement_id=credit.id,
                        service_id=line.service.id,
                    )
                )
                break
    return draws


def _perhaps_cancelled(choices: Choices, draw: Draw, at: datetime) -> Draw:
    if not chance(choices, 10):
        return draw
    ending = Ending(act=Act.CANCEL, at=at, by=Actor.BUSINESS, late=False)
    return replace(draw, state=DrawState.RETURNED, ending=ending)


def _without(package: Package, taken: Counter[tuple[str, str]]) -> Package:
    kept = tuple(
        replace(credit, remaining=credit.remaining - taken[package.id, credit.id])
        for credit in package.entitlements
    )
    return replace(package, entitlements=kept)
