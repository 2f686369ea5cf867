"""The law of boundaries: what is decided at, before and after each of them, worked out by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pkgredeem import Actor, Case, Package, PackageKind, PackageStatus, RedemptionPolicy, rules
from pkgredeem.rules import acts
from pkgredeem.testing.laws._differences import codes
from pkgredeem.testing.laws._law import decided, law

_TICK: Final = timedelta(microseconds=1)
_BESIDE: Final = (-_TICK, 0 * _TICK, _TICK)
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


@law("each boundary is decided at, just before and just after it")
def boundaries(policy: RedemptionPolicy, case: Case) -> str | None:
    """The codes mean what they say at their boundaries (D01, D05, D06, D09, D32, D71).

    Asked of those shipped codes that are in force, at the start, at every end of a validity and at
    every sale, on the day of the automatic start, and of a cancellation at the cut-off.
    """
    in_force = _OF_ACTS | (_TIMELY & {rule.code for rule in policy.rulebook.rules})
    for asked in _around_every_instant(case):
        findings = decided(policy, asked).findings
        found = {(finding.code, finding.subject) for finding in findings}
        found = {finding for finding in found if finding[0] in in_force}
        wanted = {finding for finding in _by_hand(asked) if finding[0] in in_force}
        if found != wanted:
            missing, more = sorted(wanted - found), sorted(found - wanted)
            return f"at {asked.now}: missing {missing}, unexpected {more}"
    return _around_the_automatic_start(policy, case) or _around_the_cut_off(policy, case)


def _around_every_instant(case: Case) -> Iterator[Case]:
    """Yield the case with the present, then a package's validity, moved to where things turn."""
    start, old = case.booking.starts_at, case.existing
    edges = {case.now, start}
    for package in case.packages:
        edges.update(at for at in (package.sold_at, package.valid_from, package.valid_until) if at)
    if old is not None:
        edges.update(at for at in (old.starts_at, old.free_until) if at)
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
        if old.starts_at <= now:
            yield acts.changes_closed.code, ""
        if old.free_until is not None and old.free_until < now:
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
    return (
        (package.kind, package.status) == (PackageKind.NEW, PackageStatus.ACTIVE)
        and package.client_id == case.client.id
        and any(entitlement.remaining > 0 for entitlement in package.entitlements)
        and (package.sold_at is None or package.sold_at <= case.now)
        and (package.valid_from is None or package.valid_from <= case.now)
        and (package.valid_until is None or case.now < package.valid_until)
    )


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


def _around_the_cut_off(policy: RedemptionPolicy, case: Case) -> str | None:
    """Late means that less than the window is left; from the start on, a client can't cancel."""
    made = decided(policy, case).redemption
    if made is None:
        return None
    start, window = made.starts_at, 0 * _TICK if made.terms is None else made.terms.window
    for now in sorted(edge + step for edge in (start - window, start) for step in _BESIDE):
        if now >= made.booked_at:
            settled = policy.cancel(made, by=Actor.CLIENT, now=now)
            late = made.terms is not None and start - now < window
            if settled.allowed is not (now < start) or (
                settled.allowed and settled.late is not late
            ):
                return f"cancelled at {now}: allowed {settled.allowed}, late {settled.late}"
    return None
