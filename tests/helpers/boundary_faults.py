"""Faults at the boundaries of what packages ask: each is wrong on one side of one of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from pkgredeem import (
    Case,
    Days,
    DrawState,
    Entitlement,
    Hours,
    Package,
    Pause,
    Period,
    Quota,
    RedemptionPolicy,
    Restrictions,
    Rule,
    Use,
    rules,
)
from pkgredeem._model.rule import Answer
from tests.helpers import faulty_rules as faulty
from tests.helpers.support import DAY, INSTANT, LONDON, account, case

MARCH: Final = rules.TIMELY_2026_03
#: A line at eleven on a Tuesday, paid for by one package that asks for nothing.
PLAIN: Final = case(account=account(time_zone=LONDON))
START: Final = PLAIN.booking.starts_at
NOW: Final = PLAIN.now
LAST: Final = timedelta(days=1) - INSTANT

_Item = TypeVar("_Item", Package, Entitlement)
Fault: TypeAlias = tuple[Rule, Callable[..., Answer]]


def misled(sound: Rule, change: Callable[[Package], Package]) -> Fault:
    """Return a rule that sees another package, and other entitlements of it, than there are."""

    def condition(asked: Case, sold: Package, *rest: Any) -> Answer:  # noqa: ANN401 - an entitlement and a line, or nothing
        seen = change(sold)
        if not rest:
            return sound(asked, seen)
        entitlement = seen.entitlement(rest[0].id)
        return sound(asked, seen, entitlement, *rest[1:])

    return sound, condition


def misread(sound: Rule, change: Callable[[Restrictions], Restrictions]) -> Iterator[Fault]:
    """Yield a rule that misreads the restrictions of packages, and one those of entitlements."""

    def of(item: _Item) -> _Item:
        return (
            item
            if item.restrictions is None
            else replace(item, restrictions=change(item.restrictions))
        )

    yield misled(sound, of)
    yield misled(sound, lambda sold: replace(sold, entitlements=tuple(map(of, sold.entitlements))))


def miscounted(
    change: Callable[[Quota, tuple[Use, ...]], tuple[Quota | None, Any]],
) -> Iterator[Fault]:
    """Yield a rule that miscounts quotas of packages, and one those of entitlements."""

    def of_package(sold: Package) -> Package:
        for quota in sold.quotas:
            seen, uses = change(quota, sold.uses)
            return replace(sold, quotas=() if seen is None else (seen,), uses=tuple(uses))
        return sold

    def of_entitlements(sold: Package) -> Package:
        for quota in sold.entitlements[0].quotas:
            seen, uses = change(quota, sold.uses)
            held = replace(sold.entitlements[0], quotas=() if seen is None else (seen,))
            return replace(sold, entitlements=(held,), uses=tuple(uses))
        return sold

    for change_package in (of_package, of_entitlements):
        yield misled(rules.quota_reached, change_package)


def moved(uses: tuple[Use, ...], step: timedelta, *, early: bool) -> list[Use]:
    """Return the uses with those before the start, or those after it, moved."""
    return [
        replace(use, starts_at=use.starts_at + step) if (use.starts_at < START) is early else use
        for use in uses
    ]


def of_packages() -> Iterator[Fault]:
    """Yield faults in what a package asks: off by a moment, on either side, or silent."""
    yield rules.package_void, faulty.never
    yield rules.package_suspended, faulty.never
    yield rules.package_not_chosen, faulty.never
    yield rules.package_not_chosen, lambda asked, _: asked.only is not None
    for step in (INSTANT, -INSTANT):

        def until(sold: Package, step: timedelta = step) -> Package:
            end = sold.book_until
            return sold if end is None else replace(sold, book_until=end + step)

        def begins(sold: Package, step: timedelta = step) -> Package:
            return replace(
                sold,
                pauses=tuple(Pause(at.starts_at + step, at.ends_at) for at in sold.pauses),
            )

        def ends(sold: Package, step: timedelta = step) -> Package:
            return replace(
                sold,
                pauses=tuple(
                    Pause(at.starts_at, None if at.ends_at is None else at.ends_at + step)
                    for at in sold.pauses
                ),
            )

        yield misled(rules.package_booking_over, until)
        yield misled(rules.package_paused, begins)
        yield misled(rules.package_paused, ends)
        for field, sound in (
            ("valid_from", rules.credit_not_started),
            ("valid_until", rules.credit_over),
        ):

            def beside(sold: Package, field: str = field, step: timedelta = step) -> Package:
                held = sold.entitlements[0]
                at = getattr(held, field)
                if at is None:
                    return sold
                return replace(sold, entitlements=(replace(held, **{field: at + step}),))

            yield misled(sound, beside)
    for step in (DAY, -DAY):
        for early in (True, False):
            yield misled(
                rules.outside_first_use_term,
                lambda sold, step=step, early=early: replace(  # type: ignore[misc]
                    sold, uses=moved(sold.uses, step, early=early)
                ),
            )


def traits(change: Callable[[str, tuple[str, ...]], tuple[str, ...]]) -> Iterator[Fault]:
    """Yield faults in what a trait may be; what may be nothing is not asked for."""

    def other(asked: Restrictions) -> Restrictions:
        seen = ((name, change(name, allowed)) for name, allowed in asked.traits)
        return replace(asked, traits=tuple((name, allowed) for name, allowed in seen if allowed))

    return misread(rules.trait_not_allowed, other)


def hours(change: Callable[[Hours], Hours]) -> Iterator[Fault]:
    """Yield faults in when a package can be used."""
    return misread(
        rules.outside_hours,
        lambda asked: replace(asked, hours=tuple(map(change, asked.hours))),
    )


def beside(clock: time, step: timedelta) -> time:
    """Return the time of day a moment earlier or later."""
    return (datetime.combine(START, clock) + step).time()


def of_restrictions() -> Iterator[Fault]:
    """Yield faults in what is asked of the start and of traits."""
    for step in (INSTANT, -INSTANT):
        for field, sound in (
            ("min_notice", rules.booked_too_late),
            ("max_notice", rules.booked_too_early),
        ):

            def notice(
                asked: Restrictions, field: str = field, step: timedelta = step
            ) -> Restrictions:
                found = getattr(asked, field)
                return asked if found is None else replace(asked, **{field: found + step})

            yield from misread(sound, notice)
    for text in ("booking", "client"):
        yield from traits(
            lambda _, allowed, text=text: (*allowed, *(["line"] if text in allowed else []))  # type: ignore[misc]
        )
    yield from traits(lambda name, allowed: () if name == "kit too" else allowed)
    yield from traits(lambda _, allowed: allowed[:1])
    for days in (1, -1):
        yield from hours(
            lambda asked, days=days: replace(  # type: ignore[misc]
                asked, days={*asked.days, *((day + days - 1) % 7 + 1 for day in asked.days)}
            )
        )
        yield from misread(
            rules.blacked_out,
            lambda asked, days=days: replace(  # type: ignore[misc]
                asked, not_on={*asked.not_on, *(day + days * DAY for day in asked.not_on)}
            ),
        )
    yield from misread(rules.blacked_out, lambda asked: replace(asked, not_on=()))
    whole_day = (time(), None)
    yield from hours(
        lambda asked: (
            replace(asked, opens=time(23)) if (asked.opens, asked.closes) == whole_day else asked
        )
    )
    for step in (INSTANT, -INSTANT):
        yield from hours(
            lambda asked, step=step: (  # type: ignore[misc]
                replace(asked, opens=beside(asked.opens, step)) if asked.opens > time() else asked
            )
        )
        yield from hours(
            lambda asked, step=step: (  # type: ignore[misc]
                replace(asked, closes=beside(asked.closes, step)) if asked.closes else asked
            )
        )


def of_quotas() -> Iterator[Fault]:
    """Yield faults in what a quota counts."""

    def when(per: object, change: Callable[[Quota, tuple[Use, ...]], Any]) -> Iterator[Fault]:
        return miscounted(
            lambda quota, uses: change(quota, uses) if quota.per == per else (quota, uses)
        )

    yield from when(Period.BOOKING, lambda quota, uses: (replace(quota, most=0), uses))
    yield from when(Period.BOOKING, lambda quota, uses: (quota if quota.most else None, uses))
    yield from when(
        Period.EVER, lambda quota, uses: (quota if uses else replace(quota, most=0), uses)
    )
    for state in DrawState:
        if state is not DrawState.RETURNED:
            yield from when(
                Period.EVER,
                lambda quota, uses, state=state: (  # type: ignore[misc]
                    quota,
                    [use for use in uses if use.state is not state],
                ),
            )
    for state in (DrawState.REDEEMED, DrawState.FORFEITED):
        yield from when(
            Period.UPCOMING,
            lambda quota, uses, state=state: (  # type: ignore[misc]
                quota,
                [
                    replace(use, state=DrawState.RESERVED) if use.state is state else use
                    for use in uses
                ],
            ),
        )
    for at in (START, NOW + INSTANT):
        yield from when(
            Period.UPCOMING,
            lambda quota, uses, at=at: (  # type: ignore[misc]
                quota,
                [use for use in uses if use.starts_at != at or use.state is not DrawState.RESERVED],
            ),
        )
    yield from when(
        Period.UPCOMING,
        lambda quota, uses: (
            quota,
            [replace(use, starts_at=START) if use.starts_at == NOW else use for use in uses],
        ),
    )
    for per in (Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR, Days(14)):
        for early in (True, False):
            for step in (INSTANT, -INSTANT):
                yield from when(
                    per,
                    lambda quota, uses, step=step, early=early: (  # type: ignore[misc]
                        quota,
                        moved(uses, step, early=early),
                    ),
                )


def of_uses_on_both_sides() -> Iterator[Fault]:
    """Yield faults in what counts together of a fortnight: later uses missed, or a day longer."""

    def counted(change: Callable[[Use], list[Use]]) -> Iterator[Fault]:
        def seen(quota: Quota, uses: tuple[Use, ...]) -> tuple[Quota, Any]:
            earlier = [use for use in uses if use.starts_at <= START]
            later = [use for use in uses if use.starts_at > START]
            if quota.per != Days(14) or not earlier or not later:
                return quota, uses
            return quota, [*earlier, *(other for use in later for other in change(use))]

        return miscounted(seen)

    yield from counted(lambda _: [])
    yield from counted(lambda use: [replace(use, starts_at=use.starts_at - DAY)])


def with_fault(sound: Rule, condition: Callable[..., Answer]) -> RedemptionPolicy:
    """Return the policy of March with another condition of that rule."""
    return RedemptionPolicy(faulty.replaced(MARCH, replace(sound, condition=condition, reads=())))
