"""Cases that know an earlier redemption: the booking's own, or one that is exchanged (D21).

The credits that the redemption keeps reserved are taken off the packages, as a store tells them.
More than a third of these redemptions were moved, took another's place, or have lines that ended.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pkgredeem as p
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._eligible import CLIENT, DAY, HOUR, TICK, is_own, some_terms
from pkgredeem.testing.cases._facts import with_own_packages
from pkgredeem.testing.cases._redemptions import Terms, some_redemption, units_left


def redeemed_already(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a booking that is decided again.

    It was moved since or not, and the account's terms have changed since or not (D11).
    """
    terms = some_terms(choices) if chance(choices, 30) else case.account.cancellation
    starts_at = case.booking.starts_at + _some_move(choices)
    past = Terms(terms, _own_terms(choices))
    return _booked_before(choices, case, case.booking, starts_at, past)


def exchanged_in_time(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a booking that takes an earlier one's place while that is allowed."""
    past = Terms(some_terms(choices), _own_terms(choices))
    judging = (*past, *(package.cancellation for package in case.packages))
    bounds = [max(each.window, each.changes_close) for each in judging if each is not None]
    longest = max(bounds, default=0 * TICK)
    gap = pick(choices, (DAY, 0 * TICK, TICK)) if longest else pick(choices, (DAY, TICK))
    return _exchanged(choices, case, case.now + longest + gap, past)


def _own_terms(choices: Choices) -> p.CancellationTerms | None:
    """Return the terms that packages had of their own when it was booked (D60); none, mostly."""
    return some_terms(choices) if chance(choices, 30) else None


def exchanged_late(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a client who exchanges a booking inside its window, or its package's."""
    window = pick(choices, (DAY, 2 * DAY, HOUR))
    terms = p.CancellationTerms(window=window, late=pick(choices, tuple(p.CreditOutcome)))
    starts_at = case.now + window - pick(choices, (TICK, HOUR / 2, HOUR - TICK))
    own = pick(choices, (None, terms))
    case = with_own_packages(case, lambda package: replace(package, cancellation=own))
    exchanged = _exchanged(choices, case, starts_at, Terms(terms if own is None else None))
    return replace(exchanged, by=p.Actor.CLIENT)


def exchanged_when_closed(choices: Choices, case: p.Case) -> p.Case:
    """Return the case of a client who exchanges a booking that has started, or soon will (D67)."""
    closes = pick(choices, (0 * TICK, HOUR, DAY))
    if closes:
        starts_at = case.now + closes - pick(choices, (TICK, closes / 2))
        outcome = pick(choices, tuple(p.CreditOutcome))
        closing = p.CancellationTerms(window=0 * TICK, late=outcome, changes_close=closes)
        exchanged = _exchanged(choices, case, starts_at, Terms(closing))
    else:
        starts_at = case.now - pick(choices, (0 * TICK, TICK, HOUR))
        terms = pick(choices, (None, None, some_terms(choices)))
        exchanged = _exchanged(choices, case, starts_at, Terms(terms))
    return replace(exchanged, by=p.Actor.CLIENT)


def _exchanged(choices: Choices, case: p.Case, starts_at: datetime, past: Terms) -> p.Case:
    """Return the case with a redemption of another booking, of services that the client holds."""
    available = [
        service
        for package in case.packages
        if is_own(package)
        for held in package.entitlements
        for service in _payable_services(choices, held)
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
    return _booked_before(choices, case, old, starts_at, past)


def _payable_services(choices: Choices, held: p.Entitlement) -> list[p.Service]:
    """Return as many services as the entitlement can pay for, three at most."""
    left = units_left(held)
    cost = pick(choices, (1, 1, 2)) if left > 1 else 1
    costs = () if (held.unit, cost) == ("credit", 1) else ((held.unit, cost),)
    return [p.Service(id=min(held.services), costs=costs)] * min(left // cost, 3)


def _some_move(choices: Choices) -> timedelta:
    """Return how far a booking was moved: not at all, in most cases."""
    return pick(choices, (DAY, -DAY, HOUR, 3 * DAY)) if chance(choices, 30) else 0 * DAY


def _booked_before(
    choices: Choices, case: p.Case, booking: p.Booking, starts_at: datetime, past: Terms
) -> p.Case:
    """Return the case with the redemption of a booking, which starts at *starts_at* now."""
    if case.client.id != CLIENT:
        return case
    existing = some_redemption(choices, case, booking, starts_at, past)
    if existing is None:
        return case
    return replace(case, existing=existing, packages=as_stored(case.packages, existing))


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
