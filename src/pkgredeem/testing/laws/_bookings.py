"""The laws of one booking in two ways: asked again, quoted, moved, cancelled, in the menu."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final

import pkgredeem as p
from pkgredeem import RedemptionDesk
from pkgredeem._model.draws import BUCKET_OF
from pkgredeem.stores.memory import MemoryStore
from pkgredeem.testing.cases._leaves import instants_of
from pkgredeem.testing.cases._rebookings import as_stored
from pkgredeem.testing.laws._differences import codes
from pkgredeem.testing.laws._law import answered, decided, law

_TICK: Final = timedelta(microseconds=1)
_BESIDE: Final = (-_TICK, 0 * _TICK, _TICK)
_DAY: Final = timedelta(days=1)


@law("one's own booking asked again stays eligible")
def asked_again(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """While nothing else changed, a booking never counts against itself (D05, D21, D54).

    What an exchange gives back may make another package active, which is left aside (T10).
    """
    change = decided(policy, case).change
    if change is None:
        return None
    packages = as_stored(case.with_existing_returned().packages, change.after)
    aside: set[p.Scope] = set() if case.exchanged is None else {p.Scope.HOLDINGS}
    for now in sorted({case.now, case.now + _TICK, max(case.booking.starts_at - _TICK, case.now)}):
        again = decided(policy, replace(case, packages=packages, existing=change.after, now=now))
        refused = [reason.code for reason in again.reasons if reason.scope not in aside]
        if refused and decided(policy, replace(case, now=now)).eligible:
            return f"booked, and asked again at {now}: {refused}"
    return None


@law("a quote is what redeeming then does")
def quoted(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """What a desk quotes, answer or error, is what redeeming or exchanging then does (D70)."""
    store = _store_of(case)
    if store is None:
        return None
    desk = RedemptionDesk(policy, store)
    names = ("account", "client", "booking", "now", "by", "note", "only")
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
    taken = () if existing is None else _taken_off(existing)
    drawn: Counter[tuple[str, str]] = Counter()
    for movement in taken:
        drawn[movement.package_id, movement.entitlement_id] += movement.credits
    for package in case.packages:
        store.add(package.with_returned(case.booking.id, drawn))
    places = {(package.id, item.id) for package in case.packages for item in package.entitlements}
    if existing is not None:
        if not {(draw.package_id, draw.entitlement_id) for draw in existing.draws} <= places:
            return None
        before = None
        for version in range(1, existing.version + 1):
            after = replace(existing, version=version)
            store.commit(p.Change(before=before, after=after, movements=taken))
            before, taken = after, ()
    return store


def _taken_off(existing: p.Redemption) -> tuple[p.Movement, ...]:
    """Return the movements that take off what its draws have not given back, at one go."""
    return tuple(
        p.Movement(
            booking_id=existing.booking.id,
            package_id=draw.package_id,
            entitlement_id=draw.entitlement_id,
            credits=draw.credits,
            source=p.Bucket.AVAILABLE,
            target=BUCKET_OF[draw.state],
            act=p.Act.BOOK,
            at=existing.booked_at,
            by=p.Actor.CLIENT,
        )
        for draw in existing.draws
        if draw.state is not p.DrawState.RETURNED
    )


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
    """Yield the same time on the days of a week, and where something turns for a start."""
    start = case.booking.starts_at
    yield from (start + days * _DAY for days in range(1, 7))
    turning = {*instants_of(replace(case, existing=None))}
    for package in case.packages:
        for entitlement in package.entitlements:
            for asked in package.restrictions_on(entitlement):
                notices = (asked.min_notice, asked.max_notice)
                turning.update(case.now + notice for notice in notices if notice is not None)
                turning.update(_local_bounds(case, asked))
    yield from sorted(turn + step for turn in turning for step in _BESIDE)


def _local_bounds(case: p.Case, asked: p.Restrictions) -> Iterator[datetime]:
    """Yield when it opens and closes on the day of the start, and when days left out begin."""
    day, zone = case.booking.starts_at.astimezone(case.account.time_zone), case.account.time_zone
    for hours in asked.hours:
        for bound in (hours.opens, hours.closes or time()):
            yield datetime.combine(day, bound, tzinfo=zone)
    for left_out in asked.not_on:
        yield datetime.combine(left_out, time(), tzinfo=zone)


@law("a client's cancellation does what the schedule told")
def as_told(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The schedule is right at, before and after each step, from the moment of booking (D33).

    That of the whole booking, and that of each line (D60).
    """
    decision = decided(policy, case)
    booked = decision.redemption
    if booked is not None:
        at_once = [credit for _, credit, _ in booked.schedule][:1]
        if decision.refund_on_cancel is not (at_once == [p.CreditOutcome.RETURN]):
            return f"refund on cancel is {decision.refund_on_cancel}, the schedule tells {at_once}"
    for redemption in (booked, case.existing):
        if redemption is None:
            continue
        for line in (None, *(draw.line for draw in redemption.reserved_draws)):
            found = _another_outcome(policy, redemption, line)
            if found is not None:
                return found
    return None


def _another_outcome(
    policy: p.RedemptionPolicy, redemption: p.Redemption, line: int | None
) -> str | None:
    """Return when a client's cancellation of that line, or of all, is not what was told."""
    start, booked_at = redemption.starts_at, redemption.booked_at
    steps = redemption.schedule if line is None else redemption.schedule_of(line)
    lines, of_line = (None, "") if line is None else ([line], f", line {line}")
    edges = {booked_at, start, *(until for until, _, _ in steps)}
    for now in sorted(edge + step for edge in edges for step in _BESIDE):
        if now >= booked_at:
            told = next((s[1:] for s in steps if now < s[0] or now == s[0] < start), None)
            settled = policy.cancel(redemption, by=p.Actor.CLIENT, now=now, lines=lines)
            done = (settled.outcome, settled.late) if settled.allowed else None
            if done != told:
                return f"cancelled at {now}{of_line}: {done}, where the schedule tells {told}"
    return None


@law("the menu shows what a decision about each service alone does")
def menu(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The menu shows a prompt where the service, booked alone, would show it (T08).

    So a package rule that looks at what is booked is found: the menu asks it once for all.
    """
    services = {line.service.id: line.service for line in case.booking.lines}
    start = case.booking.starts_at
    shown = answered(
        policy,
        case,
        lambda: policy.menu(
            account=case.account,
            client=case.client,
            packages=case.packages,
            services=services.values(),
            starts_at=start,
            now=case.now,
            only=case.only,
        ),
    )
    for service in services.values():
        booking = p.Booking.of(service, id="menu", starts_at=start)
        alone = replace(case, booking=booking, existing=None, by=p.Actor.CLIENT, note="")
        prompt = decided(policy, alone).prompt
        if shown[service.id] is not prompt:
            return f"for {service.id} the menu shows {shown[service.id]}, a decision {prompt}"
    return None
