"""The laws of one booking in two ways: asked again, quoted, moved, cancelled as told, renamed."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pkgredeem as p
from pkgredeem import RedemptionDesk
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.testing.cases._leaves import renamed
from pkgredeem.testing.cases._rebookings import without
from pkgredeem.testing.laws._decisions import is_shipped
from pkgredeem.testing.laws._differences import codes, difference
from pkgredeem.testing.laws._law import answered, decided, law

_TICK: Final = timedelta(microseconds=1)
_BESIDE: Final = (-_TICK, 0 * _TICK, _TICK)
_DAY: Final = timedelta(days=1)


@law("one's own booking asked again stays eligible")
def asked_again(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """While nothing else changed, a booking never counts against itself (D05, D21)."""
    change = decided(policy, case).change
    if change is None:
        return None
    taken = Counter((draw.package_id, draw.entitlement_id) for draw in change.after.draws)
    packages = tuple(without(package, taken) for package in case.with_existing_returned().packages)
    again = decided(policy, replace(case, packages=packages, existing=change.after))
    return None if again.eligible else f"booked, and asked again: {codes(again)}"


@law("a quote is what redeeming then does")
def quoted(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """What a desk quotes, answer or error, is what redeeming or exchanging then does (D70)."""
    store = _store_of(case)
    if store is None:
        return None
    desk = RedemptionDesk(policy, store)
    names = ("account", "client", "booking", "now", "by", "note")
    asked: dict[str, Any] = {name: getattr(case, name) for name in names}
    old = "" if case.exchanged is None else case.exchanged.booking.id
    found = [
        _answer(lambda: desk.quote(**asked, replaces=old or None)),
        _answer(lambda: desk.exchange(old, **asked) if old else desk.redeem(**asked)),
    ]
    return None if found[0] == found[1] else f"quoted {found[0]}, and then {found[1]}"


def _answer(ask: Callable[[], p.Decision]) -> object:
    """Return the decision, or what is raised in its place."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001  (whatever a caller's own rule raises)
        return f"{type(error).__name__}: {error}"


def _store_of(case: p.Case) -> MemoryStore | None:
    """Return a store that holds what the case holds; None where it can't: a package is missing."""
    store, existing = MemoryStore(), case.existing
    for package in case.packages:
        store.add(package)
    if existing is not None:
        places = {
            (package.id, item.id) for package in case.packages for item in package.entitlements
        }
        if not {(draw.package_id, draw.entitlement_id) for draw in existing.draws} <= places:
            return None
        before = None
        for version in range(1, existing.version + 1):
            after = replace(existing, version=version)
            store.commit(p.Change(before=before, after=after, movements=()))
            before = after
    return store


@law("a move that nothing refuses is a booking that nothing of when and where refuses")
def moved(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Nobody gets round a rule about when and where by booking one start and moving it (D58)."""
    change = decided(policy, case).change
    if change is None:
        return None
    asked_on_moves = {rule.code for rule in policy.rulebook.rules if rule.on_move}
    before = case.with_existing_returned()
    for start in _other_starts(case):
        settled = answered(
            policy,
            case,
            lambda start=start: policy.reschedule(  # type: ignore[misc]
                change.after,
                account=case.account,
                client=case.client,
                starts_at=start,
                by=p.Actor.BUSINESS,
                now=case.now,
                packages=before.packages,
            ),
        )
        booked = decided(policy, replace(case, booking=replace(case.booking, starts_at=start)))
        refused = [code for code in codes(booked) if code in asked_on_moves]
        if refused and not settled.findings:
            return f"moved to {start} without a finding, where {refused} refuse to book"
    return None


def _other_starts(case: p.Case) -> Iterator[datetime]:
    """Yield the same time on the days of a week, and the ends of each package's validity."""
    for days in range(1, 7):
        yield case.booking.starts_at + days * _DAY
    for package in case.packages:
        for end in (package.valid_from, package.valid_until):
            if end is not None:
                yield from (end + step for step in _BESIDE)


@law("a client's cancellation does what the schedule told")
def as_told(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The schedule is right at, before and after each step, from the moment of booking (D33)."""
    decision = decided(policy, case)
    booked = decision.redemption
    if booked is not None:
        at_once = [credit for _, credit, _ in booked.schedule][:1]
        if decision.refund_on_cancel is not (at_once == [p.CreditOutcome.RETURN]):
            return f"refund on cancel is {decision.refund_on_cancel}, the schedule tells {at_once}"
    for redemption in (booked, case.existing):
        if redemption is None:
            continue
        start, steps = redemption.starts_at, redemption.schedule
        edges = {redemption.booked_at, start, *(until for until, _, _ in steps)}
        for now in sorted(edge + step for edge in edges for step in _BESIDE):
            if now >= redemption.booked_at:
                told = next((s[1:] for s in steps if now < s[0] or now == s[0] < start), None)
                settled = policy.cancel(redemption, by=p.Actor.CLIENT, now=now)
                done = (settled.outcome, settled.late) if settled.allowed else None
                if done != told:
                    return f"cancelled at {now}: {done}, where the schedule tells {told}"
    return None


@law("renaming ids in their order changes nothing", is_shipped)
def same_by_other_ids(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Under the shipped rulebooks, only the order of ids counts, and which ones are the same."""
    other = decided(policy, renamed(case, _other_id))
    found = difference(renamed(decided(policy, case), _other_id), other)
    return None if found is None else f"with other ids: {found}"


def _other_id(name: str) -> str:
    return f"id-{name}"
