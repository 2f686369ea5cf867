"""The full question of the March rulebook, written by hand for speed and nothing else.

What a good team would write that has one business, one rulebook and no wish to change it: one long
function over its own plain values, no rule by itself, nothing that could be lifted or added, no
check of the arguments, constants bound once, findings without a subject made once. Its answer is
that of the library in every field that the plain values have: reasons with their facts, draws,
outcomes, until when cancelling is free, the redemption to store and its movements.

One thing is the library's own, since nobody would write it twice: the exact allocation of several
lines, which takes and gives numbers only.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from pkgredeem import (
    Act,
    Actor,
    Bucket,
    CardCaptureOutcome,
    ClientLogin,
    CreditOutcome,
    DepositOutcome,
    DrawState,
    PackageKind,
    PackageStatus,
    Rule,
    rules,
)
from pkgredeem._engine.allocation import allocate
from pkgredeem.rules import NEUTRAL, PROMPT
from tests.benchmarks.plain import (
    AccountSettings,
    Booking,
    Change,
    Client,
    Decision,
    Draw,
    Entitlement,
    Finding,
    Movement,
    Package,
    Redemption,
    Service,
)

_Credit = tuple[Package, Entitlement]
_Facts = tuple[tuple[str, str | int | datetime], ...]

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_SWITCHED_ON_AFTER: Final = date(2026, 3, 31)
_RULEBOOK: Final = "timely-2026-03"
_LEGACY: Final = PackageKind.LEGACY
_ARCHIVED: Final = PackageStatus.ARCHIVED
_DISABLED: Final = ClientLogin.DISABLED
_CLIENT: Final = Actor.CLIENT
_RESERVED: Final = DrawState.RESERVED
_NO_DEPOSIT: Final = DepositOutcome.NOT_REQUIRED
_COLLECT: Final = DepositOutcome.COLLECT
_WAIVED: Final = DepositOutcome.WAIVED
_NO_CARD: Final = CardCaptureOutcome.NOT_REQUIRED
_CAPTURE: Final = CardCaptureOutcome.CAPTURE
_BYPASSED: Final = CardCaptureOutcome.BYPASSED
_RETURN: Final = CreditOutcome.RETURN
_AVAILABLE: Final = Bucket.AVAILABLE
_TO: Final = Bucket.RESERVED
_BOOK: Final = Act.BOOK


def _whole(rule: Rule) -> Finding:
    return Finding(
        rule.code,
        rule.scope,
        tuple(clause.id for clause in rule.clauses),
        rule.message,
        rule.advice,
        rule.client_text,
        "",
        (),
        "",
    )


def _about(rule: Rule) -> Callable[[Package | Service | None, _Facts], Finding]:
    """Return what makes the findings of a rule that has a subject or facts."""
    said = _whole(rule)
    code, scope, clauses = said.code, said.scope, said.clauses
    message, advice, client_text = said.message, said.advice, said.client_text

    def made(subject: Package | Service | None, facts: _Facts) -> Finding:
        subject_id, name = ("", "") if subject is None else (subject.id, subject.name)
        return Finding(code, scope, clauses, message, advice, client_text, subject_id, facts, name)

    return made


_ON_LEGACY_PACKAGES: Final = _whole(rules.account_on_legacy_packages)
_SWITCHED_OFF: Final = _whole(rules.online_redemption_off)
_LOGIN_DISABLED: Final = _whole(rules.client_login_disabled)
_NOT_LOGGED_IN: Final = _whole(rules.client_not_logged_in)
_STARTED: Final = _whole(rules.appointment_started)
_NOTHING_TO_PAY: Final = _whole(rules.nothing_to_pay)
_NO_PACKAGE: Final = _whole(rules.no_package)
_MIXED: Final = _whole(rules.mixed_booking)
_CLOSED: Final = _about(rules.acts.changes_closed)
_LATE_CHANGE: Final = _about(rules.acts.late_change)
_NOT_USABLE: Final = _about(rules.acts.credit_not_usable)
_NO_CARD_ON_FILE: Final = _whole(rules.no_card_on_file)
_SEVERAL_ACTIVE: Final = _about(rules.several_active_packages)
_OF_ANOTHER_CLIENT: Final = _about(rules.package_of_another_client)
_NOT_SOLD_YET: Final = _about(rules.package_not_sold_yet)
_OF_LEGACY: Final = _about(rules.legacy_package)
_IS_ARCHIVED: Final = _about(rules.package_archived)
_NOT_STARTED: Final = _about(rules.package_not_started)
_OVER: Final = _about(rules.package_over)
_OVER_BY_THEN: Final = _about(rules.package_over_by_then)
_USED_UP: Final = _about(rules.package_used_up)
_NOT_IN_PACKAGE: Final = _about(rules.service_not_in_package)
_LACKING: Final = _about(rules.not_enough_credits)


def _covered_lines(
    usable: list[Package], booking: Booking, short: list[Finding]
) -> tuple[tuple[Draw, ...], tuple[int, ...]]:
    """Return the draws and the uncovered lines of a booking of several lines."""
    held = sorted(
        [(package, each) for package in usable for each in package.entitlements],
        key=_credit_rank,
    )
    lines = booking.lines
    payable = [index for index, line in enumerate(lines) if line.payable]
    named = [
        [rank for rank, credit in enumerate(held) if service in credit[1].services]
        for service in [lines[index].service.id for index in payable]
    ]
    left = [credit.remaining for _, credit in held]
    paid_by = allocate([[rank for rank in each if left[rank]] for each in named], left)
    draws: list[Draw] = []
    uncovered: list[int] = []
    told: set[str] = set()
    for index, rank, possible in zip(payable, paid_by, named, strict=True):
        service = lines[index].service
        if rank is not None:
            package, credit = held[rank]
            draws.append(Draw(index, package.id, credit.id, service.id, package.name))
            continue
        uncovered.append(index)
        if usable and service.id not in told:
            told.add(service.id)
            if possible:
                available = sum(left[each] for each in possible)
                wanted = sum(1 for each in named if not set(possible).isdisjoint(each))
                facts = (("available", available), ("wanted", wanted))
                short.append(_LACKING(service, facts))
            else:
                short.append(_NOT_IN_PACKAGE(service, ()))
    return tuple(draws), tuple(uncovered)


def decide_by_hand(  # noqa: C901, PLR0912, PLR0915 - one long function, on purpose
    *,
    account: AccountSettings,
    client: Client,
    packages: Sequence[Package],
    booking: Booking,
    now: datetime,
    existing: Redemption | None = None,
    by: Actor = _CLIENT,
    note: str = "",
) -> Decision:
    """Return the whole decision; it takes what `RedemptionPolicy.decide` takes, as plain values."""
    reasons: list[Finding] = []
    if account.package_kind is _LEGACY:
        reasons.append(_ON_LEGACY_PACKAGES)
    else:
        on = account.online_redemption
        if on is None:
            activated = account.activated_on
            on = activated is not None and activated > _SWITCHED_ON_AFTER
        if not on:
            reasons.append(_SWITCHED_OFF)
    if account.client_login is _DISABLED:
        reasons.append(_LOGIN_DISABLED)
    logged_in = client.logged_in
    if not logged_in:
        reasons.append(_NOT_LOGGED_IN)
    client_id = client.id
    starts_at = booking.starts_at

    recorded = False
    exchanged = None
    spent: set[str] = set()
    if existing is not None:
        if existing.booking.id == booking.id:
            recorded = True
        else:
            exchanged = existing
        # what is held back makes no package active
        spent = {package.id for package in packages if not _has_credit(package)}
        packages = _returned(packages, existing)
    if len(packages) > 1:
        packages = sorted(packages, key=_package_rank)

    holds_one = False
    active = 0
    usable: list[Package] = []
    against: list[Finding] = []
    for package in packages:
        before = len(against)
        counts = True
        if package.client_id == client_id:
            holds_one = True
        else:
            against.append(_OF_ANOTHER_CLIENT(package, ()))
        sold_at = package.sold_at
        if sold_at is not None and sold_at > now:
            against.append(_NOT_SOLD_YET(package, (("sold_at", sold_at),)))
        if package.kind is _LEGACY:
            against.append(_OF_LEGACY(package, ()))
        if package.status is _ARCHIVED:
            against.append(_IS_ARCHIVED(package, ()))
        refused = len(against) > before
        valid_from = package.valid_from
        if valid_from is not None:
            if valid_from > now:
                counts = False
            if valid_from > starts_at:
                facts: _Facts = (("starts_at", starts_at), ("valid_from", valid_from))
                against.append(_NOT_STARTED(package, facts))
        until = package.valid_until
        if until is not None:
            if until <= now:
                counts = False
                if until <= starts_at:
                    against.append(_OVER(package, (("valid_until", until),)))
            elif until <= starts_at:
                facts = (("starts_at", starts_at), ("valid_until", until))
                against.append(_OVER_BY_THEN(package, facts))
        for held in package.entitlements:
            if held.remaining:
                break
        else:
            counts = False
            against.append(_USED_UP(package, ()))
        if counts and not refused and package.id not in spent:
            active += 1
        if len(against) == before:
            usable.append(package)

    short: list[Finding] = []
    draws: tuple[Draw, ...] = ()
    uncovered: tuple[int, ...] = ()
    if len(booking.lines) > 1:
        draws, uncovered = _covered_lines(usable, booking, short)
    elif booking.lines[0].payable:
        service = booking.lines[0].service
        named = False
        best: _Credit | None = None
        for package in usable:
            for held in package.entitlements:
                if service.id in held.services:
                    named = True
                    if held.remaining and (
                        best is None or _credit_rank((package, held)) < _credit_rank(best)
                    ):
                        best = package, held
        if best is not None:
            package, held = best
            draws = (Draw(0, package.id, held.id, service.id, package.name),)
        else:
            uncovered = (0,)
            if named:
                short.append(_LACKING(service, (("available", 0), ("wanted", 1))))
            elif usable:
                short.append(_NOT_IN_PACKAGE(service, ()))

    if active > 1:
        reasons.append(_SEVERAL_ACTIVE(None, (("count", active),)))
    if not usable:
        reasons += against
        against = []
    reasons += short
    if now >= starts_at:
        reasons.append(_STARTED)
    if not draws and not uncovered:
        reasons.append(_NOTHING_TO_PAY)
    if not holds_one:
        reasons.append(_NO_PACKAGE)
    if draws and uncovered:
        reasons.append(_MIXED)
    if exchanged is not None and by is _CLIENT:
        if now >= exchanged.starts_at:
            reasons.append(_CLOSED(None, (("open_until", exchanged.starts_at),)))
        free_until = exchanged.free_until
        if free_until is not None and now > free_until:
            reasons.append(_LATE_CHANGE(None, (("free_until", free_until),)))

    eligible = not reasons
    deposit = _NO_DEPOSIT
    for line in booking.lines:
        asks = line.service.deposit_required
        if line.payable and (account.deposit_required if asks is None else asks):
            # the rulebook has no mixed bookings: eligible covers every line that is payable
            deposit = _WAIVED if eligible else _COLLECT
            break
    card = _NO_CARD
    redemption = change = None
    refund = False
    time_zone = None if account.time_zone is None else account.time_zone.key
    if eligible:
        if account.card_capture:
            card = _BYPASSED
            if not client.has_saved_card:
                against.append(_NO_CARD_ON_FILE)
        if exchanged is not None:
            back = {draw.package_id for draw in exchanged.draws if draw.state is _RESERVED}
            against += [
                _NOT_USABLE(package, ())
                for package in packages
                if package.id in back and _is_dead(package, now)
            ]
        terms = account.cancellation
        redemption = Redemption(
            booking,
            client_id,
            starts_at,
            draws,
            terms,
            None if terms is None else starts_at - terms.window,
            deposit,
            card,
            _RULEBOOK,
            now,
            time_zone,
            1,
            None if exchanged is None else exchanged.booking.id,
        )
        refund = terms is None or now <= starts_at - terms.window or terms.late is _RETURN
        if not recorded:
            drawn = Counter([(draw.package_id, draw.entitlement_id) for draw in draws])
            movements = [
                Movement(booking.id, *place, drawn[place], _AVAILABLE, _TO, _BOOK, now, by, note)
                for place in sorted(drawn)
            ]
            change = Change(None, redemption, tuple(movements))
    elif account.card_capture:
        card = _CAPTURE
    client_text = PROMPT
    if not eligible:
        client_text = NEUTRAL
        for reason in reasons:
            if reason.client_text is not None:
                client_text = reason.client_text
                break
    return Decision(
        booking,
        eligible,
        tuple(reasons),
        tuple(against),
        deposit,
        card,
        redemption,
        uncovered,
        _RULEBOOK,
        time_zone,
        now,
        client_text,
        change,
        refund,
        eligible,
        recorded,
        recorded,  # asked again, too: it looks at no store
        by,
        note,
    )


def _is_dead(package: Package, now: datetime) -> bool:
    """Tell whether a credit that goes back to the package can't be used again."""
    until = package.valid_until
    return (
        package.kind is _LEGACY
        or package.status is _ARCHIVED
        or (until is not None and until <= now)
    )


def _returned(packages: Sequence[Package], existing: Redemption) -> tuple[Package, ...]:
    """Return the packages with the reserved credits of the earlier redemption back in them."""
    back = Counter(
        (draw.package_id, draw.entitlement_id) for draw in existing.draws if draw.state is _RESERVED
    )
    returned = []
    for package in packages:
        held = tuple(
            [
                Entitlement(each.services, each.remaining + back[package.id, each.id], each.id)
                for each in package.entitlements
            ]
        )
        returned.append(replace(package, entitlements=held))
    return tuple(returned)


def _has_credit(package: Package) -> bool:
    return any(each.remaining for each in package.entitlements)


def _package_rank(package: Package) -> tuple[int, datetime, datetime, str]:
    """Return the sort key of packages: the first in order is drawn on first."""
    return (
        -package.priority,
        package.valid_until or _NEVER,
        package.sold_at or _NEVER,
        package.id,
    )


def _credit_rank(credit: _Credit) -> tuple[int, datetime, int, datetime, str, str]:
    """Return the sort key of credits: the first in order is drawn first."""
    package, entitlement = credit
    return (
        -package.priority,
        package.valid_until or _NEVER,
        len(entitlement.services),
        package.sold_at or _NEVER,
        package.id,
        entitlement.id,
    )
