"""What must be true of what goes beyond the article, as contracts for CrossHair.

As in `contracts`: each answers True whatever it is given, and states anew what is expected.
"""

from itertools import product
from types import SimpleNamespace

from pkgredeem import (
    UNLIMITED,
    Act,
    Actor,
    CreditOutcome,
    DrawState,
    PackageKind,
    PackageStatus,
    Period,
    Service,
    rules,
)
from pkgredeem._engine.exact import allocate_exactly
from tests.proofs import stand_ins as of
from tests.proofs.stand_ins import by, finds

# --- When a package, and a credit of it, can be used ----------------------------------------------


def active_while_it_can_be_booked_with(now: int, since: int | None, book_until: int | None) -> bool:
    """D05, D49: with an end of booking it counts from the sale until that end, exclusive.

    post: _
    """
    package = of.held(
        client_id="ana",
        kind=PackageKind.NEW,
        status=PackageStatus.ACTIVE,
        valid_from=since,
        book_until=book_until,
        beyond=() if book_until is None else ("book_until",),
        entitlements=[of.credit()],
    )
    started = since is None or since <= now
    expected = started if book_until is None else now < book_until
    return bool(package.is_active(SimpleNamespace(id="ana"), now)) is expected


def paused_for_a_start_inside(now: int, start: int, since: int, until: int | None) -> bool:
    """D51: refused if and only if since <= start < until, whenever it is booked.

    post: _
    """
    package = of.held(pauses=(of.pause(since, until),))
    refused = finds(rules.package_paused.condition(of.asked(now, start), package))
    return refused is (since <= start and (until is None or start < until))


def credit_usable_at_the_start(start: int, since: int | None, until: int | None) -> bool:
    """D50: of its own validity too, the first instant is inside and the end is not.

    post: _
    """
    case, package, line = of.asked(start, start), of.held(), SimpleNamespace()
    entitlement = of.credit(valid_from=since, valid_until=until)
    refused = finds(rules.credit_not_started.condition(case, package, entitlement, line)) or finds(
        rules.credit_over.condition(case, package, entitlement, line)
    )
    inside = (since is None or since <= start) and (until is None or start < until)
    return refused is not inside


def notice_within_both_ends(now: int, start: int, least: int | None, most: int | None) -> bool:
    """D48: exactly the least and exactly the most notice are allowed.

    post: _
    """
    case, line = of.asked(now, start), SimpleNamespace()
    package = of.held(restrictions=SimpleNamespace(min_notice=least, max_notice=most))
    late = finds(rules.booked_too_late.condition(case, package, of.credit(), line))
    early = finds(rules.booked_too_early.condition(case, package, of.credit(), line))
    notice = start - now
    return (late, early) == (
        least is not None and notice < least,
        most is not None and most < notice,
    )


# --- Terms in tiers, and when changes close -------------------------------------------------------


def smallest_window_longer_than_what_is_left(
    left: int, first: int, second: int, third: int
) -> bool:
    """D61: that window decides, and exactly on it the next longer one; else the longest.

    pre: 0 < third < second < first
    post: _
    """
    forfeit = CreditOutcome.FORFEIT
    decides, _ = of.terms(first, tiers=((second, forfeit), (third, forfeit))).tier_at(left)
    longer = [window for window in (first, second, third) if left < window]
    return bool(decides == (min(longer) if longer else first))


def never_milder_towards_the_start(
    windows: tuple[int, int], forfeits: tuple[bool, bool], extended: int, before: int, after: int
) -> bool:
    """D61: what a client's cancellation forfeits, every later one does, also where it was moved.

    pre: 0 < windows[1] < windows[0] <= 1000 and forfeits[0] <= forfeits[1] and before <= after
    pre: 0 <= extended <= windows[0]
    post: _
    """
    words = (CreditOutcome.RETURN, CreditOutcome.FORFEIT)
    terms = of.terms(windows[0], words[forfeits[0]], tiers=((windows[1], words[forfeits[1]]),))
    made = of.booked(2000 - windows[0] + extended, terms=terms, starts_at=2000)
    sooner, later = (
        of.credit_on_cancel(made, 0, by=Actor.CLIENT, now=now) for now in (before, after)
    )
    return sooner is CreditOutcome.RETURN or later is CreditOutcome.FORFEIT


def changes_close_before_the_start(
    now: int, start: int, terms: tuple[int, int], extended: int, by_business: bool
) -> bool:
    """D67: refused with less than that left, but not while the business has left it free.

    pre: 0 <= terms[0] <= 1000 and 0 <= terms[1] <= 1000 and 2000 <= start <= 900000
    pre: 0 <= extended <= terms[0]
    post: _
    """
    window, close = terms
    free_until = start - window + extended
    made = of.booked(free_until, terms=of.terms(window, changes_close=close), starts_at=start)
    act = of.wanted(act=Act.CANCEL, by=by(by_business), now=now)
    refused = finds(rules.acts.changes_closed.condition(made, act))
    too_close = start - now < close and not (extended > 0 and now <= free_until)
    return refused is (not by_business and (now >= start or too_close))


def open_until_is_the_last_instant(now: int, start: int, window: int, close: int) -> bool:
    """D67: before the start, until the instant that it tells, inclusive, at least that is left.

    pre: 0 <= window <= 1000 and 0 <= close <= 1000 and 2000 <= start <= 900000 and now < start
    post: _
    """
    terms = of.terms(window, changes_close=close)
    made = of.booked(start - window, terms=terms, starts_at=start)
    return bool(now <= made.open_until(0)) is (start - now >= close)


# --- What quotas count, and what things cost ------------------------------------------------------


def quota_counts_uses(
    now: int, start: int, per: int, first: tuple[int, bool], second: tuple[int, bool]
) -> bool:
    """D54, D55: of the booking none, ever all, upcoming those reserved that start after now.

    pre: 0 <= per <= 2
    post: _
    """
    quota = SimpleNamespace(per=_PERIODS[per])
    counted = of.uses_counted(of.asked(now, start), quota, [_use(*first), _use(*second)])
    ahead = [reserved and at > now for at, reserved in (first, second)]
    upcoming = ahead[0] + ahead[1] if start > now else None
    return bool(counted == (0, 2, upcoming)[per])


def quota_of_an_entitlement_counts_its_own(
    most: int, drawn: int, of_package: bool, first_is_other: bool, second_is_other: bool
) -> bool:
    """D54, D56: full when what it counts, and the other lines that it pays for, reach the most.

    pre: 0 <= most and 0 <= drawn
    post: _
    """
    quotas = (SimpleNamespace(per=Period.EVER, most=most),)
    others = (first_is_other, second_is_other)
    package = of.held(
        quotas=quotas if of_package else (),
        uses=[_use(0, reserved=True, entitlement_id=("main", "other")[each]) for each in others],
    )
    full = of.full_quota(
        of.asked(0, 1),
        package,
        of.credit(quotas=() if of_package else quotas),
        drawn_of_package=drawn,
        drawn_of_entitlement=drawn,
    )
    uses = 2 if of_package else 2 - first_is_other - second_is_other
    return bool(full) is (uses + drawn >= most)


def costs_what_the_service_says(units: int | None, minutes: int | None, in_minutes: bool) -> bool:
    """D41: what it says of the unit; where it says nothing 1 credit, and of no other unit a guess.

    pre: (units is None or units >= 1) and (minutes is None or minutes >= 1)
    post: _
    """
    said = (("credit", units), ("minute", minutes))
    service = SimpleNamespace(costs=tuple(pair for pair in said if pair[1] is not None))
    service.cost = lambda unit: Service.cost(service, unit)  # type: ignore[arg-type]
    entitlement = of.credit(unit="minute" if in_minutes else "credit")
    line = SimpleNamespace(service=service)
    refused = finds(rules.cost_unknown.condition(_NOTHING, _NOTHING, entitlement, line))
    credits_asked = 1 if units is None else units
    expected = minutes if in_minutes else credits_asked
    return bool(service.cost(entitlement.unit) == expected) and refused is (expected is None)


def paid_whole_or_not_at_all(cost: int, left: int | None) -> bool:
    """D42, D43: one entitlement pays the whole cost, or nothing; without a count it always can.

    pre: cost >= 1 and (left is None or left >= 0)
    post: _
    """
    line = SimpleNamespace(service=SimpleNamespace(cost=lambda _: cost))
    entitlement = of.credit(UNLIMITED if left is None else left)
    refused = rules.not_enough_credits.condition(_NOTHING, _NOTHING, entitlement, line)
    return finds(refused) is (left is not None and left < cost)


def two_lines_of_mixed_costs(
    first: tuple[int, int], second: tuple[int, int], left: tuple[int, int], room: int
) -> bool:
    """D63, D64: the exact search is the best of all ways to pay, under a quota of the package.

    pre: 0 <= min(first) and max(first) <= 2 and 0 <= min(second) and max(second) <= 2
    pre: 0 <= min(left) and max(left) <= 3 and 0 <= room <= 2
    post: _
    """
    costs = [{rank: line[rank] for rank in (0, 1) if line[rank]} for line in (first, second)]
    found = tuple(allocate_exactly(costs, left, {}, [([0, 1], room)]))
    ways = [
        way
        for way in product(*((*each, None) for each in costs))
        if all(
            sum(cost[rank] for cost, paid_by in zip(costs, way, strict=True) if paid_by == rank)
            <= left[rank]
            for rank in (0, 1)
        )
        and len(way) - way.count(None) <= room
    ]
    return found == min(ways, key=_preference)


def _preference(way: tuple[int | None, ...]) -> tuple[object, ...]:
    """Earlier lines first, then the highest-ranked credits, then the best for each line in turn."""
    used = [rank for rank in way if rank is not None]
    return ([rank is None for rank in way], sorted(used), used)


def _use(starts_at: int, reserved: bool, entitlement_id: str = "main") -> SimpleNamespace:
    state = DrawState.RESERVED if reserved else DrawState.REDEEMED
    return SimpleNamespace(starts_at=starts_at, state=state, entitlement_id=entitlement_id)


_PERIODS = (Period.BOOKING, Period.EVER, Period.UPCOMING)
_NOTHING = SimpleNamespace()
