"""The laws of what follows: credits that are drawn, returned, and counted."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final, TypeAlias

from pkgredeem import (
    Actor,
    Balance,
    Case,
    Change,
    CreditOutcome,
    DrawState,
    InvalidValueError,
    Movement,
    Redemption,
    RedemptionPolicy,
    Settlement,
)
from pkgredeem.testing.laws._law import decided, law

_Act: TypeAlias = Callable[[Redemption], Settlement]

_TICK: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


@law("nothing is lost and nothing is made")
def conserved(policy: RedemptionPolicy, case: Case) -> str | None:
    """Sold = available + reserved + redeemed + forfeited, none negative, after every act."""
    for story, changes in _lives(policy, case):
        for place, sold, movements in _by_entitlement(case, changes):
            for count in range(len(movements) + 1):
                try:
                    kept = Balance.of(sold, movements[:count]).sold == sold
                except InvalidValueError:  # more left a bucket than was ever in it
                    kept = False
                if not kept:
                    return f"{story}, {place}: sold {sold}, then {len(movements)} movements"
    return None


@law("book, then return, leaves the balance as it was")
def returned_whole(policy: RedemptionPolicy, case: Case) -> str | None:
    """Credits that are booked and returned are all available again, where they came from (D13)."""
    for story, changes in _lives(policy, case):
        if all(draw.state is DrawState.RETURNED for draw in changes[-1].after.draws):
            for place, sold, movements in _by_entitlement(case, changes):
                available = Balance.of(sold, movements).available
                if available != sold:
                    return f"{story}, {place}: sold {sold}, and then {available} are left"
    return None


@law("the same act twice changes nothing more")
def done_twice(policy: RedemptionPolicy, case: Case) -> str | None:
    """The same act again is allowed, changes nothing and has the same outcome (D37)."""
    change = decided(policy, case).change
    if change is None:
        return None
    for story, acts in _stories(policy, case, change.after):
        redemption = change.after
        for act in acts:
            first = act(redemption)
            if first.change is None:
                break
            redemption = first.change.after
            again = act(redemption)
            if not again.allowed or again.change is not None or again.outcome != first.outcome:
                return f"{story}, again: {again.outcome}, and not nothing after {first.outcome}"
    return None


def _stories(
    policy: RedemptionPolicy, case: Case, booked: Redemption
) -> Iterator[tuple[str, tuple[_Act, ...]]]:
    """Yield what may become of a redemption: stories, each with the acts that follow each other."""
    start, last_moment = booked.starts_at, booked.starts_at - _TICK

    def cancelled(redemption: Redemption) -> Settlement:
        return policy.cancel(redemption, by=Actor.CLIENT, now=case.now)

    def cancelled_last(redemption: Redemption) -> Settlement:
        return policy.cancel(redemption, by=Actor.CLIENT, now=last_moment)

    def called_off(redemption: Redemption) -> Settlement:
        return policy.cancel(redemption, by=Actor.BUSINESS, now=last_moment)

    def first_line_called_off(redemption: Redemption) -> Settlement:
        lines = [redemption.draws[0].line]
        return policy.cancel(redemption, by=Actor.BUSINESS, now=last_moment, lines=lines)

    def missed(redemption: Redemption) -> Settlement:
        return policy.no_show(redemption, now=start, outcome=CreditOutcome.FORFEIT)

    def completed(redemption: Redemption) -> Settlement:
        return policy.complete(redemption, now=start)

    def forgiven(redemption: Redemption) -> Settlement:
        return policy.forgive(redemption, now=start, note="kit")

    def rescheduled(redemption: Redemption) -> Settlement:
        later = start + _DAY
        return policy.reschedule(
            redemption, starts_at=later, by=Actor.BUSINESS, now=case.now, packages=case.packages
        )

    yield "cancelled by the client at once", (cancelled,)
    yield "cancelled by the client at the last moment", (cancelled_last,)
    yield "cancelled by the business, line after line", (first_line_called_off, called_off)
    yield "missed and forgiven", (missed, forgiven)
    yield "missed, and yet completed", (missed, completed)
    yield "completed and forgiven", (completed, forgiven)
    yield "rescheduled and cancelled", (rescheduled, called_off)


def _lives(policy: RedemptionPolicy, case: Case) -> Iterator[tuple[str, list[Change]]]:
    """Yield each story with the changes that it makes, the booking first."""
    change = decided(policy, case).change
    if change is None:
        return
    for story, acts in _stories(policy, case, change.after):
        changes = [change]
        for act in acts:
            settled = act(changes[-1].after).change
            if settled is not None:
                changes.append(settled)
        yield story, changes


def _by_entitlement(case: Case, changes: list[Change]) -> Iterator[tuple[str, int, list[Movement]]]:
    """Yield for each entitlement its name, how many credits it holds, and what moves."""
    movements = [movement for change in changes for movement in change.movements]
    for package in case.with_existing_returned().packages:
        for entitlement in package.entitlements:
            place = (package.id, entitlement.id)
            yield (
                f"{entitlement.id} of {package.id}",
                entitlement.remaining,
                [m for m in movements if (m.package_id, m.entitlement_id) == place],
            )
