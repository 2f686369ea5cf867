"""What the shipped rules should find in a case, worked out by hand: who asks, when, for what.

Written from the clauses; no rule is asked. What packages ask beyond the article is in `_asked`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from pkgredeem import (
    AccountSettings,
    Actor,
    Case,
    ClientLogin,
    Decision,
    DrawState,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    Period,
    Rule,
    rules,
)
from pkgredeem.rules import acts

#: The codes that are worked out here.
CODES: Final = frozenset(
    rule.code
    for rule in (
        rules.account_on_legacy_packages,
        rules.online_redemption_off,
        rules.client_login_disabled,
        rules.client_not_logged_in,
        rules.several_active_packages,
        rules.package_not_sold_yet,
        rules.legacy_package,
        rules.package_archived,
        rules.package_not_started,
        rules.package_over,
        rules.package_over_by_then,
        rules.appointment_started,
        rules.mixed_booking,
        rules.no_card_on_file,
        acts.changes_closed,
        acts.late_change,
    )
)


def findings_by_hand(
    case: Case, decision: Decision, automatic_start: date | None
) -> Iterator[tuple[str, str]]:
    """Yield the code and the subject of each finding that the case should have.

    Of the decision only what is covered counts, which another law looks at.
    """
    for rule in _of_the_account(case.account, automatic_start):
        yield rule.code, ""
    if not case.client.logged_in:
        yield rules.client_not_logged_in.code, ""
    if sum(_counts(package, case) for package in case.packages) > 1:
        yield rules.several_active_packages.code, ""
    for package in case.packages:
        for rule in _of_the_package(package, case):
            yield rule.code, package.id
    for rule in _of_the_booking(case, decision):
        yield rule.code, ""


def _of_the_account(account: AccountSettings, automatic_start: date | None) -> Iterator[Rule]:
    is_on, day = account.online_redemption, account.activated_on
    if is_on is None:
        is_on = automatic_start is not None and day is not None and day > automatic_start
    if account.package_kind is PackageKind.LEGACY:
        yield rules.account_on_legacy_packages
    elif not is_on:
        yield rules.online_redemption_off
    if account.client_login is ClientLogin.DISABLED:
        yield rules.client_login_disabled


def _of_the_package(package: Package, case: Case) -> Iterator[Rule]:
    now, start, until = case.now, case.booking.starts_at, package.valid_until
    if package.sold_at is not None and now < package.sold_at:
        yield rules.package_not_sold_yet
    if package.kind is PackageKind.LEGACY:
        yield rules.legacy_package
    if package.status is PackageStatus.ARCHIVED:
        yield rules.package_archived
    if package.valid_from is not None and start < package.valid_from:
        yield rules.package_not_started
    if until is not None and until <= start:
        yield rules.package_over if until <= now else rules.package_over_by_then


def _of_the_booking(case: Case, decision: Decision) -> Iterator[Rule]:
    now, old = case.now, case.exchanged
    payable = sum(line.payable for line in case.booking.lines)
    if case.booking.starts_at <= now:
        yield rules.appointment_started
    if 0 < len(decision.uncovered) < payable:
        yield rules.mixed_booking
    all_paid = decision.eligible and not decision.uncovered
    if all_paid and case.account.card_capture and not case.client.has_saved_card:
        yield rules.no_card_on_file
    if old is not None and case.by is Actor.CLIENT:
        reserved = [draw.line for draw in old.reserved_draws]
        if old.starts_at <= now or any(old.open_until(line) < now for line in reserved):
            yield acts.changes_closed
        if any(until < now for until in map(old.free_until_of, reserved) if until is not None):
            yield acts.late_change


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
