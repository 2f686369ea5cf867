"""What must be true of the functions that carry the risk, as contracts for a symbolic executor.

Each contract is a function that answers True whatever it is given; `post: _` says so to CrossHair.
What is expected is written here once more, from the clauses, never taken from the library.
"""

from collections import Counter
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace

from pkgredeem import (
    Act,
    Actor,
    CardCaptureOutcome,
    ClosedRedemptionError,
    CreditOutcome,
    DepositOutcome,
    InvalidValueError,
    Movement,
    PackageKind,
    PackageStatus,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
    settlement_rules,
)
from pkgredeem._allocation import allocate
from pkgredeem._draws import BUCKET_OF
from tests.prove import stand_ins as of
from tests.prove.stand_ins import finds
from tests.support import DAY, INSTANT, NOW, package, redemption

_NOBODY = SimpleNamespace(id=None, logged_in=False)
_ANA = SimpleNamespace(id="ana", logged_in=True)


# --- Which package counts -------------------------------------------------------------------------


def usable_at_the_start(now: int, start: int, since: int | None, until: int | None) -> bool:
    """D06: no rule about validity refuses if and only if since <= start < until.

    post: _
    """
    case, package = of.asked(now, start), of.held(valid_from=since, valid_until=until)
    refused = (
        finds(rules.package_not_started.condition(case, package))
        or finds(rules.package_over.condition(case, package))
        or finds(rules.package_over_by_then.condition(case, package))
    )
    inside = (since is None or since <= start) and (until is None or start < until)
    return refused is not inside


def over_in_one_way(now: int, start: int, until: int | None) -> bool:
    """D06: a package over by the start is either over already or over by then, never both.

    post: _
    """
    case, package = of.asked(now, start), of.held(valid_until=until)
    already = finds(rules.package_over.condition(case, package))
    by_then = finds(rules.package_over_by_then.condition(case, package))
    over = until is not None and start >= until
    return not (already and by_then) and (already or by_then) is over


def sold_by_now(now: int, sold_at: int | None) -> bool:
    """D32: a package sold after the moment of booking is not sold yet; that moment itself is fine.

    post: _
    """
    case, package = of.asked(now, now + 1), of.held(sold_at=sold_at)
    refused = finds(rules.package_not_sold_yet.condition(case, package))
    return refused is (sold_at is not None and now < sold_at)


def active(
    legacy: bool, archived: bool, guest: bool, sold_at: int | None, since: int | None, now: int
) -> bool:
    """D05: active means new, not archived, this client's, sold and started by now.

    post: _
    """
    package = _package(legacy, archived, sold_at=sold_at, valid_from=since)
    expected = (
        not legacy
        and not archived
        and not guest
        and (sold_at is None or sold_at <= now)
        and (since is None or since <= now)
    )
    return bool(package.is_active(_NOBODY if guest else _ANA, now)) is expected


def active_until(now: int, until: int | None, left: int) -> bool:
    """D05: active means not over at the moment of booking, and at least one credit left.

    post: _
    """
    package = _package(False, False, valid_until=until, has_credit=left > 0)
    return bool(package.is_active(_ANA, now)) is ((until is None or now < until) and left > 0)


def _package(legacy: bool, archived: bool, **fields: object) -> SimpleNamespace:
    plain: dict[str, object] = {
        "client_id": "ana",
        "kind": PackageKind.LEGACY if legacy else PackageKind.NEW,
        "status": PackageStatus.ARCHIVED if archived else PackageStatus.ACTIVE,
        "has_credit": True,
    }
    made: SimpleNamespace = of.held(**(plain | fields))
    return made


# --- In time, or late -----------------------------------------------------------------------------


def late_after_free_until(now: int, until: int | None) -> bool:
    """D09: exactly on the cut-off is in time; without terms nothing is late.

    post: _
    """
    return of.booked(free_until=until).is_late(now) is (until is not None and until < now)


def late_means_less_than_the_window_left(now: int, start: int, window: int) -> bool:
    """D09: late means that less than the window is left until the start.

    pre: 0 <= window <= 1000 and 2000 <= start <= 900000
    post: _
    """
    until = of.free_until(start, SimpleNamespace(window=window))
    return of.booked(free_until=until).is_late(now) is (start - now < window)


def free_until_stays_in_the_calendar(start: int, window: int) -> bool:
    """D09: free-until is never after the start and never before the calendar begins.

    pre: 0 <= window and 0 <= start <= 1000000
    post: _
    """
    until: int = of.free_until(start, SimpleNamespace(window=window))
    return until == max(0, start - window)


def free_until_after_a_reschedule(start: int, now: int, window: int, by_business: bool) -> bool:
    """D17: it follows the new start; after the business, it leaves the window, up to the start.

    pre: 0 <= window <= 1000 and 2000 <= start <= 900000 and 0 <= now <= 900000
    post: _
    """
    by = Actor.BUSINESS if by_business else Actor.CLIENT
    made = SimpleNamespace(terms=SimpleNamespace(window=window))
    until = of.free_until_rescheduled(made, start, by=by, now=now)
    if not by_business:
        return bool(until == start - window)
    return bool(
        until <= start
        and (until == start - window or until == min(now + window, start))
        and until >= start - window
        and until >= min(now + window, start)
    )


def schedule_in_order(start: int, lead: int, booked_at: int, late_forfeits: bool) -> bool:
    """D33: the steps end after booking, in order, the last with the start; free only until the cut.

    pre: lead >= 0
    post: _
    """
    late = CreditOutcome.FORFEIT if late_forfeits else CreditOutcome.RETURN
    made = of.booked(
        terms=SimpleNamespace(late=late),
        free_until=start - lead,
        starts_at=start,
        booked_at=booked_at,
    )
    steps = [(start - lead, CreditOutcome.RETURN), (start, late)]
    if lead == 0:
        steps = [(start, CreditOutcome.RETURN)]
    return bool(made.schedule == tuple(step for step in steps if step[0] > booked_at))


def client_cancels_before_the_start(now: int, start: int, by_business: bool) -> bool:
    """D09, D12: a client's cancellation is refused at and after the start, the business's never.

    post: _
    """
    act = of.wanted(act=Act.CANCEL, by=_by(by_business), now=now)
    refused = settlement_rules.appointment_started.condition(of.booked(starts_at=start), act)
    return refused is (not by_business and now >= start)


def no_show_from_the_start_on(now: int, start: int) -> bool:
    """D16: a no-show is recorded at or after the start.

    post: _
    """
    act = of.wanted(act=Act.NO_SHOW, by=Actor.BUSINESS, now=now)
    refused = settlement_rules.appointment_not_started.condition(of.booked(starts_at=start), act)
    return refused is (now < start)


def client_reschedules_in_time(
    now: int, start: int, new_start: int, until: int | None, by_business: bool
) -> bool:
    """D17: a client's is refused when late, started, or not to a later instant than now.

    post: _
    """
    made = of.booked(starts_at=start, free_until=until)
    act = of.wanted(act=Act.RESCHEDULE, by=_by(by_business), now=now, starts_at=new_start)
    refused = finds(settlement_rules.appointment_started.condition(made, act)) or finds(
        settlement_rules.late_reschedule.condition(made, act)
    )
    late = until is not None and now > until
    return refused is (not by_business and (now >= start or new_start <= now or late))


def new_start_inside_validity(new_start: int, since: int | None, until: int | None) -> bool:
    """D17, D06: a new start outside a package's validity is found, its end being outside.

    post: _
    """
    package = of.held(valid_from=since, valid_until=until)
    act = of.wanted(starts_at=new_start, package=package)
    found = settlement_rules.outside_validity.condition(of.booked(), act)
    inside = (since is None or since <= new_start) and (until is None or new_start < until)
    return found is not inside


def _by(business: bool) -> Actor:
    return Actor.BUSINESS if business else Actor.CLIENT


# --- What becomes of the credit, and of the money -------------------------------------------------


def credit_after_a_cancellation(
    has_terms: bool, forfeits: bool, by_business: bool, late: bool
) -> bool:
    """T22, T23, D10, D12: only a client's late cancellation under such terms forfeits.

    post: _
    """
    outcome = CreditOutcome.FORFEIT if forfeits else CreditOutcome.RETURN
    terms = SimpleNamespace(late=outcome) if has_terms else None
    found = rules.credit_on_cancel(terms, by=_by(by_business), late=late)  # type: ignore[arg-type]
    lost = has_terms and forfeits and late and not by_business
    return found is (CreditOutcome.FORFEIT if lost else CreditOutcome.RETURN)


def credit_after_a_no_show(
    said: bool, staff_forfeit: bool, has_terms: bool, terms_forfeit: bool
) -> bool:
    """D16: staff's word, else the terms', else the credit returns.

    post: _
    """
    words = (CreditOutcome.RETURN, CreditOutcome.FORFEIT)
    terms = SimpleNamespace(on_no_show=words[terms_forfeit]) if has_terms else None
    staff = words[staff_forfeit] if said else None
    found = rules.credit_on_no_show(terms, staff)  # type: ignore[arg-type]
    lost = staff_forfeit if said else has_terms and terms_forfeit
    return found is words[lost]


def deposit_of_two_lines(
    account: bool,
    first: bool | None,
    second: bool | None,
    payable: tuple[bool, bool],
    covered: tuple[bool, bool],
) -> bool:
    """T19, D18, D19, D31: collected if an uncovered line asks, else waived if a covered one does.

    post: _
    """
    lines = [
        SimpleNamespace(service=SimpleNamespace(deposit_required=own), payable=pays)
        for own, pays in zip((first, second), payable, strict=True)
    ]
    case = SimpleNamespace(
        booking=SimpleNamespace(lines=lines), account=SimpleNamespace(deposit_required=account)
    )
    paid = tuple(index for index in (0, 1) if covered[index])
    asks = [
        pays and (account if own is None else own)
        for own, pays in zip((first, second), payable, strict=True)
    ]
    expected = DepositOutcome.NOT_REQUIRED
    if (asks[0] and covered[0]) or (asks[1] and covered[1]):
        expected = DepositOutcome.WAIVED
    if (asks[0] and not covered[0]) or (asks[1] and not covered[1]):
        expected = DepositOutcome.COLLECT
    return rules.deposit_outcome(case, paid) is expected  # type: ignore[arg-type]


def card_page(asks: bool, all_paid: bool, saved: bool) -> bool:
    """T20, T21, D18, D28: bypassed when all is paid, with a note when no card was saved.

    post: _
    """
    case = SimpleNamespace(
        account=SimpleNamespace(card_capture=asks), client=SimpleNamespace(has_saved_card=saved)
    )
    found = rules.card_capture_outcome(case, all_paid=all_paid)  # type: ignore[arg-type]
    noted = rules.no_card_on_file.condition(case, found)
    words = CardCaptureOutcome
    expected = (words.BYPASSED if all_paid else words.CAPTURE) if asks else words.NOT_REQUIRED
    return found is expected and noted is (asks and all_paid and not saved)


# --- Which credit pays for which line -------------------------------------------------------------


def two_lines_two_entitlements(
    first: tuple[bool, bool], second: tuple[bool, bool], left: tuple[int, int]
) -> bool:
    """D07, D20: the allocation is the best of all ways to pay, by the four criteria.

    pre: 0 <= left[0] <= 2 and 0 <= left[1] <= 2
    post: _
    """
    return _is_best((first, second), left)


def three_lines_two_entitlements(
    first: tuple[bool, bool],
    second: tuple[bool, bool],
    third: tuple[bool, bool],
    left: tuple[int, int],
) -> bool:
    """D07, D20: the same for three lines.

    pre: 0 <= left[0] <= 3 and 0 <= left[1] <= 3
    post: _
    """
    return _is_best((first, second, third), left)


def two_lines_three_entitlements(
    first: tuple[bool, bool, bool], second: tuple[bool, bool, bool], left: tuple[int, int, int]
) -> bool:
    """D07, D20: the same for three entitlements.

    pre: 0 <= left[0] <= 2 and 0 <= left[1] <= 2 and 0 <= left[2] <= 2
    post: _
    """
    return _is_best((first, second), left)


def _is_best(may_pay: tuple[tuple[bool, ...], ...], left: tuple[int, ...]) -> bool:
    choices = [[rank for rank, may in enumerate(line) if may] for line in may_pay]
    found = tuple(allocate(choices, [*left]))
    ways = [
        way
        for way in product(*((*possible, None) for possible in choices))
        if all(way.count(rank) <= left[rank] for rank in range(len(left)))
    ]
    return found == min(ways, key=_preference)


def _preference(way: tuple[int | None, ...]) -> tuple[object, ...]:
    used = [rank for rank in way if rank is not None]
    return (-len(used), [rank is None for rank in way], sorted(used), used)


# --- What moves -----------------------------------------------------------------------------------


def movements_conserve(first: int, second: int, one_line: bool, by_business: bool) -> bool:
    """T16, D13, D16: what an act moves leaves one bucket, reaches another, and nothing is lost.

    pre: 0 <= first <= 7 and 0 <= second <= 7
    post: _
    """
    before, lines = _BOOKED, [0] if one_line else None
    for number in (first, second):
        after, movements = _after(number, before, lines, _by(by_business))
        credits_in = Counter(BUCKET_OF[draw.state] for draw in before.draws)
        for each in movements:
            credits_in[each.source] -= each.credits
            credits_in[each.target] += each.credits
        if +credits_in != Counter(BUCKET_OF[draw.state] for draw in after.draws):
            return False
        before = after
    return True


_BOOKED = redemption("facial", "massage")


def _after(
    number: int, made: Redemption, lines: list[int] | None, by: Actor
) -> tuple[Redemption, tuple[Movement, ...]]:
    """Return what the act of that number makes of the redemption; nothing where it is refused."""
    policy, start = RedemptionPolicy(), made.starts_at
    acts: tuple[Callable[[], Settlement], ...] = (
        lambda: policy.cancel(made, by=by, now=NOW, lines=lines),
        lambda: policy.cancel(made, by=by, now=start - INSTANT, lines=lines),
        lambda: policy.cancel(made, by=by, now=start, lines=lines),
        lambda: policy.no_show(made, now=start, lines=lines),
        lambda: policy.no_show(made, now=start, lines=lines, outcome=CreditOutcome.RETURN),
        lambda: policy.complete(made, now=NOW, lines=lines),
        lambda: policy.forgive(made, now=start, note="why", lines=lines),
        lambda: policy.reschedule(
            made, starts_at=start + DAY, by=by, now=NOW, packages=[package()]
        ),
    )
    try:
        change = acts[number]().change
    except (ClosedRedemptionError, InvalidValueError):
        change = None
    return (made, ()) if change is None else (change.after, change.movements)
