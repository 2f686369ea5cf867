"""What must be true of the rules about packages and about time, as contracts for CrossHair.

Each contract is a function that answers True whatever it is given; `post: _` says so to CrossHair.
What is expected is written here once more, from the clauses, never taken from the library.
"""

from types import SimpleNamespace

from pkgredeem import Act, Actor, CreditOutcome, PackageKind, PackageStatus, rules
from tests.proofs import stand_ins as of
from tests.proofs.stand_ins import by, finds

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
    kind: tuple[bool, bool], guest: bool, sold_at: int | None, since: int | None, now: int
) -> bool:
    """D05: active means new, not archived, this client's, sold and started by now.

    post: _
    """
    legacy, archived = kind
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

    pre: left >= 0
    post: _
    """
    package = _package(False, False, valid_until=until, entitlements=[of.credit(left)])
    return bool(package.is_active(_ANA, now)) is ((until is None or now < until) and left > 0)


def _package(legacy: bool, archived: bool, **fields: object) -> SimpleNamespace:
    plain: dict[str, object] = {
        "client_id": "ana",
        "kind": PackageKind.LEGACY if legacy else PackageKind.NEW,
        "status": PackageStatus.ARCHIVED if archived else PackageStatus.ACTIVE,
        "entitlements": [of.credit()],
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
    until = of.free_until(start, of.terms(window))
    return of.booked(free_until=until).is_late(now) is (start - now < window)


def free_until_stays_in_the_calendar(start: int, window: int) -> bool:
    """D09: free-until is never after the start and never before the calendar begins.

    pre: 0 <= window and 0 <= start <= 1000000
    post: _
    """
    until: int = of.free_until(start, of.terms(window))
    return until == max(0, start - window)


def free_until_after_a_reschedule(start: int, now: int, window: int, by_business: bool) -> bool:
    """D17: it follows the new start; after the business, it leaves the window, up to the start.

    pre: 0 <= window <= 1000 and 2000 <= start <= 900000 and 0 <= now <= 900000
    post: _
    """
    until = of.free_until_rescheduled(of.terms(window), start, by=by(by_business), now=now)
    if not by_business:
        return bool(until == start - window)
    return bool(
        until <= start
        and (until == start - window or until == min(now + window, start))
        and until >= start - window
        and until >= min(now + window, start)
    )


def schedule_in_order(start: int, lead: int, booked_at: int, late_forfeits: bool) -> bool:
    """D33: free until the cut-off, late until the start, what can still be used when it is booked.

    pre: 0 <= lead <= 1000 and 2000 <= start <= 900000
    post: _
    """
    late = CreditOutcome.FORFEIT if late_forfeits else CreditOutcome.RETURN
    cut_off = start - lead
    made = of.booked(cut_off, terms=of.terms(lead, late), starts_at=start, booked_at=booked_at)
    expected = []
    if lead > 0 and booked_at <= cut_off:
        expected.append((cut_off, CreditOutcome.RETURN, False))
    if booked_at < start:
        last = late if lead > 0 else CreditOutcome.RETURN
        expected.append((start, last, lead > 0))
    return bool(made.schedule == tuple(expected))


def schedule_says_what_a_cancellation_does(
    start: int, windows: tuple[int, int], booked_at: int, now: int, late_forfeits: bool
) -> bool:
    """D09, D33, D61: the first step that has not ended says what a client's cancellation now does.

    pre: 0 < windows[1] < windows[0] <= 1000 and 2000 <= start <= 900000
    pre: booked_at <= now < start
    post: _
    """
    window, inner = windows
    late = CreditOutcome.FORFEIT if late_forfeits else CreditOutcome.RETURN
    terms = of.terms(window, late, tiers=((inner, CreditOutcome.FORFEIT),))
    made = of.booked(start - window, terms=terms, starts_at=start, booked_at=booked_at)
    found = of.credit_on_cancel(made, 0, by=Actor.CLIENT, now=now)
    told = next(outcome for until, outcome, _ in made.schedule if now <= until)
    return told is found


def changes_closed_from_the_start_on(now: int, start: int, act: int, by_business: bool) -> bool:
    """D09, D12, D71: a client cancels and moves before the start only, the business whenever.

    pre: 0 <= act <= 3
    post: _
    """
    asked_for = (Act.CANCEL, Act.RESCHEDULE, Act.NO_SHOW, Act.COMPLETE)[act]
    request = of.wanted(act=asked_for, by=by(by_business), now=now)
    refused = finds(rules.acts.changes_closed.condition(of.booked(starts_at=start), request))
    return refused is (act <= 1 and not by_business and now >= start)


def no_show_from_the_start_on(now: int, start: int) -> bool:
    """D16: a no-show is recorded at or after the start.

    post: _
    """
    act = of.wanted(act=Act.NO_SHOW, by=Actor.BUSINESS, now=now)
    refused = rules.acts.appointment_not_started.condition(of.booked(starts_at=start), act)
    return refused is (now < start)


def client_moves_in_time(
    now: int, start: int, new_start: int, until: int | None, by_business: bool
) -> bool:
    """D17, D71: a client's is refused when late, started, or not to a later instant than now.

    post: _
    """
    made = of.booked(starts_at=start, free_until=until)
    act = of.wanted(act=Act.RESCHEDULE, by=by(by_business), now=now, starts_at=new_start)
    closed = finds(rules.acts.changes_closed.condition(made, act))
    late = finds(rules.acts.late_change.condition(made, act))
    passed = finds(rules.acts.new_start_passed.condition(made, act))
    return (closed, late, passed) == (
        not by_business and now >= start,
        not by_business and until is not None and now > until,
        not by_business and new_start <= now,
    )


def late_is_told_in_one_way(
    now: int, until: int | None, booked_at: int, moved: bool, by_business: bool
) -> bool:
    """D33, D61: a client's late cancellation is late, or never was free, never both.

    post: _
    """
    reschedules = (object(),) if moved else ()
    made = of.booked(free_until=until, booked_at=booked_at, reschedules=reschedules)
    act = of.wanted(act=Act.CANCEL, by=by(by_business), now=now)
    late = finds(rules.acts.late_cancellation.condition(made, act))
    inside = finds(rules.acts.booked_inside_the_window.condition(made, act))
    is_late = not by_business and until is not None and now > until
    never_free = until is not None and booked_at > until and not moved
    return (late, inside) == (is_late and not never_free, is_late and never_free)


def a_dead_credit_is_told(usable: bool | None) -> bool:
    """D13: a returned credit is told when it can't be used again, not when nothing is known.

    post: _
    """
    told = rules.acts.credit_not_usable.condition(of.booked(), of.wanted(usable=usable))
    return finds(told) is (usable is False)
