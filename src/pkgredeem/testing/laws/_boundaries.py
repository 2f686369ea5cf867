"""The law of boundaries: what is decided at, before and after each of them, worked out by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from pkgredeem import (
    Actor,
    CancellationTerms,
    Case,
    CreditOutcome,
    DrawState,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    Period,
    RedemptionPolicy,
    rules,
)
from pkgredeem.rules import acts
from pkgredeem.testing.cases._leaves import instants_of
from pkgredeem.testing.laws._asked import asked_by_hand, asking
from pkgredeem.testing.laws._differences import codes
from pkgredeem.testing.laws._law import decided, law

_TICK: Final = timedelta(microseconds=1)
_BESIDE: Final = (-_TICK, 0 * _TICK, _TICK)
_NOTHING: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
#: Those of acts are in no rulebook, and always in force.
_OF_ACTS: Final = frozenset((acts.changes_closed.code, acts.late_change.code))
_TIMELY: Final = _OF_ACTS | {
    rule.code
    for rule in (
        rules.appointment_started,
        rules.package_not_sold_yet,
        rules.package_not_started,
        rules.package_over,
        rules.package_over_by_then,
        rules.several_active_packages,
    )
}
#: By which rule what packages ask is refused.
_ASKED: Final = {
    "void": rules.package_void,
    "suspended": rules.package_suspended,
    "pick": rules.package_not_chosen,
    "end of booking": rules.package_booking_over,
    "pause": rules.package_paused,
    "term of first use": rules.outside_first_use_term,
    "begin": rules.credit_not_started,
    "end": rules.credit_over,
    "unit": rules.cost_unknown,
    "trait": rules.trait_not_allowed,
    "hours": rules.outside_hours,
    "days": rules.blacked_out,
    "least notice": rules.booked_too_late,
    "most notice": rules.booked_too_early,
    "quota": rules.quota_reached,
}


@law("each boundary is decided at, just before and just after it")
def boundaries(policy: RedemptionPolicy, case: Case) -> str | None:
    """The codes mean what they say at their boundaries (D01, D05, D06, D09, D32, D45 to D71).

    Asked of those shipped codes that are in force, at every instant of the case, on the day of the
    automatic start, of all that packages may ask, and of a cancellation at the end of each window.
    """
    listed = {rule.code for rule in policy.rulebook.rules}
    in_force = _OF_ACTS | (_TIMELY & listed)
    for asked in _around_every_instant(case):
        findings = decided(policy, asked).findings
        found = {(finding.code, finding.subject) for finding in findings}
        found = {finding for finding in found if finding[0] in in_force}
        wanted = {finding for finding in _by_hand(asked) if finding[0] in in_force}
        if found != wanted:
            missing, more = sorted(wanted - found), sorted(found - wanted)
            return f"at {asked.now}: missing {missing}, unexpected {more}"
    return (
        _around_the_automatic_start(policy, case)
        or _around_what_packages_ask(policy, case, listed)
        or _around_the_windows(policy, case)
    )


def _around_every_instant(case: Case) -> Iterator[Case]:
    """Yield the case with the present, then a package's validity, moved to where things turn."""
    start, old = case.booking.starts_at, case.existing
    edges = set(instants_of(replace(case, existing=None)))
    if old is not None:
        reserved = [draw.line for draw in old.reserved_draws]
        edges.update(old.free_until_of(line) or start for line in reserved)
        edges.update(map(old.open_until, reserved))
    for now in sorted(edge + step for edge in edges for step in _BESIDE):
        if old is None or now >= old.booked_at:  # no act lies before the booking was made (D74)
            yield replace(case, now=now)
    for first in case.packages[:1]:
        for now in (case.now, max(start, case.now)):
            for step in _BESIDE:
                for ends in ((start + step, None), (None, start + step)):
                    moved = replace(first, valid_from=ends[0], valid_until=ends[1])
                    yield replace(case, now=now, packages=(moved, *case.packages[1:]))


def _by_hand(asked: Case) -> Iterator[tuple[str, str]]:
    """Yield the findings about time that the case should have."""
    now, start, old = asked.now, asked.booking.starts_at, asked.exchanged
    if start <= now:
        yield rules.appointment_started.code, ""
    if old is not None and asked.by is Actor.CLIENT:
        reserved = [draw.line for draw in old.reserved_draws]
        if old.starts_at <= now or any(old.open_until(line) < now for line in reserved):
            yield acts.changes_closed.code, ""
        if any(until < now for until in map(old.free_until_of, reserved) if until is not None):
            yield acts.late_change.code, ""
    for package in asked.packages:
        until = package.valid_until
        if package.sold_at is not None and now < package.sold_at:
            yield rules.package_not_sold_yet.code, package.id
        if package.valid_from is not None and start < package.valid_from:
            yield rules.package_not_started.code, package.id
        if until is not None and until <= start:
            over = rules.package_over if until <= now else rules.package_over_by_then
            yield over.code, package.id
    if sum(_counts(package, asked) for package in asked.packages) > 1:
        yield rules.several_active_packages.code, ""


def _counts(package: Package, case: Case) -> bool:
    """Return whether the package, as it was handed in, counts as active (D05)."""
    now, book_until, old = case.now, package.book_until, case.existing
    uses = tuple(
        use
        for use in package.uses
        if old is None or use.booking_id != old.booking.id or use.state is not DrawState.RESERVED
    )
    end = replace(package, uses=uses).with_end_in(case.account.time_zone).end
    caps = [quota.most for quota in package.quotas if quota.per is Period.EVER]

    def is_valid(item: Package | Entitlement, end: datetime | None) -> bool:
        return _lies_in(now, item.valid_from if book_until is None else None, end)

    return (
        (package.kind, package.status) == (PackageKind.NEW, PackageStatus.ACTIVE)
        and case.client.id in {package.client_id, *package.shared_with}
        and (package.sold_at is None or package.sold_at <= now)
        and _lies_in(now, None, book_until)
        and not any(_lies_in(now, pause.starts_at, pause.ends_at) for pause in package.pauses)
        and all(len(package.uses) < most for most in caps)
        and is_valid(package, end)
        and any(is_valid(item, item.valid_until) and item.has(1) for item in package.entitlements)
    )


def _lies_in(moment: datetime, begins: datetime | None, ends: datetime | None) -> bool:
    return (begins is None or begins <= moment) and (ends is None or moment < ends)


def _around_the_automatic_start(policy: RedemptionPolicy, case: Case) -> str | None:
    after, code = policy.rulebook.starts_enabled_after, rules.online_redemption_off.code
    if after is None or code not in {rule.code for rule in policy.rulebook.rules}:
        return None
    for days, wanted in ((-1, "off"), (0, "off"), (1, "on")):
        if after == (date.min, None, date.max)[days + 1]:
            continue
        day = after + days * _DAY
        account = replace(
            case.account, package_kind=PackageKind.NEW, online_redemption=None, activated_on=day
        )
        refused = code in codes(decided(policy, replace(case, account=account)))
        if refused is not (wanted == "off"):
            return f"activated on {day}, the switch should be {wanted}"
    return None


def _around_what_packages_ask(policy: RedemptionPolicy, case: Case, listed: set[str]) -> str | None:
    """Of an eligible case, let the packages ask for what it just fulfils, or just fails to."""
    before = decided(policy, case)
    noted = {note.code for note in before.notes}
    for kind, asked, refuses in asked_by_hand(case) if before.eligible else ():
        code = _ASKED[kind].code
        if code in listed:
            after = decided(policy, asking(case, asked))
            found = code in {finding.code for finding in after.findings}
            if found is not refuses and (refuses or code not in noted):
                return f"{'missing' if refuses else 'unexpected'} {code}, asked for {asked}"
    return None


def _around_the_windows(policy: RedemptionPolicy, case: Case) -> str | None:
    """Late means less than a window left, by the package's terms, else the account's (D09, D60).

    From the start on, or with less than `changes_close` left, a client can't cancel (D67).
    """
    made = decided(policy, case).redemption
    if made is None:
        return None
    own = {package.id: package.cancellation for package in case.packages}
    judging = [own[draw.package_id] or case.account.cancellation for draw in made.draws]
    terms = [item for item in judging if item is not None]
    ends = {end for item in terms for end in (item.changes_close, *dict(item.windows))}
    for left in sorted((end + step for end in {_NOTHING, *ends} for step in _BESIDE), reverse=True):
        now = made.starts_at - left
        if now >= made.booked_at:
            settled = policy.cancel(made, by=Actor.CLIENT, now=now)
            found = (settled.outcome, settled.late, settled.window) if settled.allowed else None
            wanted = _cancelled_by_hand(terms, left)
            if found != wanted:
                return f"cancelled at {now}: {found}, where the terms say {wanted}"
    return None


def _cancelled_by_hand(
    terms: Sequence[CancellationTerms], left: timedelta
) -> tuple[CreditOutcome, bool, timedelta | None] | None:
    """Return what a client's cancellation does with that much left: outcome, late and window."""
    if left <= _NOTHING or any(left < item.changes_close for item in terms):
        return None
    inside = [
        tier
        for item in terms
        for tier in [window for window in item.windows if left < window[0]][-1:]  # the smallest
    ]
    forfeits = any(outcome is CreditOutcome.FORFEIT for _, outcome in inside)
    outcome = CreditOutcome.FORFEIT if forfeits else CreditOutcome.RETURN
    return outcome, bool(inside), min((window for window, _ in inside), default=None)
