"""The laws of what follows: credits that are drawn, returned, and counted."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Final, TypeAlias

import pkgredeem as p
from pkgredeem.testing.laws._law import decided, law

_Act: TypeAlias = Callable[[p.Redemption], p.Settlement]

_TICK: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


@law("nothing is lost and nothing is made")
def conserved(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Sold = available + reserved + redeemed + forfeited, none negative, after every act."""
    for story, changes in _lives(policy, case):
        for place, sold, movements in _by_entitlement(case, changes):
            for count in range(len(movements) + 1):
                try:
                    kept = p.Balance.of(sold, movements[:count]).sold == sold
                except p.InvalidValueError:  # more left a bucket than was ever in it
                    kept = False
                if not kept:
                    return f"{story}, {place}: sold {sold}, then {len(movements)} movements"
    return None


@law("book, then return, leaves the balance as it was")
def returned_whole(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Credits that are booked and returned are all available again, where they came from (D13)."""
    for story, changes in _lives(policy, case):
        if all(draw.state is p.DrawState.RETURNED for draw in changes[-1].after.draws):
            for place, sold, movements in _by_entitlement(case, changes):
                available = p.Balance.of(sold, movements).available
                if available != sold:
                    return f"{story}, {place}: sold {sold}, and then {available} are left"
    return None


@law("the same act twice changes nothing more")
def done_twice(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The same act again is allowed and changes nothing, whatever came after it (D37)."""
    change = decided(policy, case).change
    if change is None:
        return None
    for story, acts in _stories(policy, case, change.after):
        redemption = change.after
        for number, act in enumerate(acts, 1):
            first = act(redemption)
            if first.change is None:
                break
            redemption = first.change.after
            for earlier in acts[:number]:
                again = earlier(redemption)
                same = earlier is not act or again.outcome == first.outcome
                if not (again.allowed and again.change is None and same):
                    return f"{story}, again: {again.outcome}, and not nothing after {first.outcome}"
    return None


def _stories(
    policy: p.RedemptionPolicy, case: p.Case, booked: p.Redemption
) -> Iterator[tuple[str, tuple[_Act, ...]]]:
    """Yield what may become of a redemption: stories, each with the acts that follow each other."""
    now, client, business = case.now, p.Actor.CLIENT, p.Actor.BUSINESS
    # In store, what has started may be booked: no act lies before the booking (D74).
    start, last_moment = max(booked.starts_at, now), max(booked.starts_at - _TICK, now)
    called_off = partial(policy.cancel, by=business, now=last_moment)
    missed = partial(policy.no_show, now=start, outcome=p.CreditOutcome.FORFEIT)
    completed = partial(policy.complete, now=start)
    forgiven = partial(policy.forgive, now=start, note="kit")
    moved = partial(
        policy.reschedule,
        account=case.account,
        client=case.client,
        starts_at=start + _DAY,
        by=business,
        now=now,
        packages=case.packages,
    )
    first_line_called_off = partial(called_off, lines=[booked.draws[0].line])
    yield "cancelled by the client at once", (partial(policy.cancel, by=client, now=now),)
    last = partial(policy.cancel, by=client, now=last_moment)
    yield "cancelled by the client at the last moment", (last,)
    yield "cancelled by the business, line after line", (first_line_called_off, called_off)
    yield "missed and forgiven", (missed, forgiven)
    yield "missed, and yet completed", (missed, completed, forgiven)
    yield "completed and forgiven", (completed, forgiven)
    yield "rescheduled and cancelled", (moved, called_off)


def _lives(policy: p.RedemptionPolicy, case: p.Case) -> Iterator[tuple[str, list[p.Change]]]:
    """Yield each story with the changes that it makes, the booking first."""
    change = decided(policy, case).change
    if change is None:
        return
    for story, acts in _stories(policy, case, change.after):
        changes = [change]
        for act in acts:
            settled = act(changes[-1].after).change
            if settled is None:
                break
            changes.append(settled)
        yield story, changes


def _by_entitlement(
    case: p.Case, changes: list[p.Change]
) -> Iterator[tuple[str, int | p.Unlimited, list[p.Movement]]]:
    """Yield for each entitlement its name, how many units it holds, and what moves."""
    movements = [movement for change in changes for movement in change.movements]
    for package in case.with_existing_returned().packages:
        for entitlement in package.entitlements:
            place = (package.id, entitlement.id)
            yield (
                f"{entitlement.id} of {package.id}",
                entitlement.remaining,
                [m for m in movements if (m.package_id, m.entitlement_id) == place],
            )
