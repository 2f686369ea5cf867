"""The full question of the March rulebook, written by hand for speed and nothing else.

What a good team would write that has one business, one rulebook and no wish to change it: one long
function over the library's values, no rule by itself, nothing that could be lifted or added, no
check of the arguments, constants bound once, findings without a subject made once. It returns a
`Decision` equal to the library's in every field, for every case that the generator makes.

Two things are the library's own, since nobody would write them twice: the exact allocation of
several lines, and the credits of an earlier redemption given back.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from pkgredeem import (
    AccountSettings,
    Act,
    Actor,
    Booking,
    Bucket,
    CardCaptureOutcome,
    Client,
    ClientLogin,
    CreditOutcome,
    Decision,
    DepositOutcome,
    Draw,
    DrawState,
    Entitlement,
    Finding,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    Rule,
    Service,
    rules,
)
from pkgredeem._engine.allocation import allocate
from pkgredeem._model.ranks import credit_rank, package_rank
from pkgredeem.rules import NEUTRAL, PROMPT
from tests.benchmarks.makers import Facts, Makers

_Credit = tuple[Package, Entitlement]

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


def _words(rule: Rule) -> tuple[object, ...]:
    """Return what every finding of the rule has in common, as it would be written out by hand."""
    return (
        rule.code,
        rule.scope,
        tuple(clause.id for clause in rule.clauses),
        rule.message,
        rule.advice,
        rule.client_text,
    )


def hand_written(make: Makers) -> Callable[..., Decision]:  # noqa: C901, PLR0915 - one closure
    """Return the hand-written function, which makes its values in that way.

    It takes what `RedemptionPolicy.decide` takes; packages must be a sequence.
    """
    make_draw, make_finding = make.draw, make.finding
    make_redemption, make_decision = make.redemption, make.decision
    make_movement, make_change = make.movement, make.change

    def whole(rule: Rule) -> Finding:
        return make_finding(*_words(rule), "", (), "")

    def about(rule: Rule) -> Callable[[Package | Service | None, Facts], Finding]:
        code, scope, clauses, message, advice, client_text = _words(rule)

        def made(subject: Package | Service | None, facts: Facts) -> Finding:
            subject_id, name = ("", "") if subject is None else (subject.id, subject.name)
            return make_finding(
                code, scope, clauses, message, advice, client_text, subject_id, facts, name
            )

        return made

    on_legacy_packages = whole(rules.account_on_legacy_packages)
    switched_off = whole(rules.online_redemption_off)
    login_disabled = whole(rules.client_login_disabled)
    not_logged_in = whole(rules.client_not_logged_in)
    started = whole(rules.appointment_started)
    nothing_to_pay = whole(rules.nothing_to_pay)
    no_package = whole(rules.no_package)
    mixed = whole(rules.mixed_booking)
    closed = about(rules.acts.changes_closed)
    late_change = about(rules.acts.late_change)
    not_usable = about(rules.acts.credit_not_usable)
    no_card_on_file = whole(rules.no_card_on_file)
    several_active = about(rules.several_active_packages)
    of_another_client = about(rules.package_of_another_client)
    not_sold_yet = about(rules.package_not_sold_yet)
    legacy = about(rules.legacy_package)
    archived = about(rules.package_archived)
    not_started = about(rules.package_not_started)
    over = about(rules.package_over)
    over_by_then = about(rules.package_over_by_then)
    used_up = about(rules.package_used_up)
    not_in_package = about(rules.service_not_in_package)
    lacking = about(rules.not_enough_credits)

    def covered_lines(
        usable: list[Package], booking: Booking, short: list[Finding]
    ) -> tuple[tuple[Draw, ...], tuple[int, ...]]:
        """Return the draws and the uncovered lines of a booking of several lines."""
        held = sorted(
            [(package, each) for package in usable for each in package.entitlements],
            key=credit_rank,
        )
        lines = booking.lines
        payable = [index for index, line in enumerate(lines) if line.payable]
        named = [
            [rank for rank, credit in enumerate(held) if service in credit[1].services]
            for service in [lines[index].service.id for index in payable]
        ]
        left = [_count(credit[1]) for credit in held]
        paid_by = allocate([[rank for rank in each if left[rank]] for each in named], left)
        draws: list[Draw] = []
        uncovered: list[int] = []
        told: set[str] = set()
        for index, rank, possible in zip(payable, paid_by, named, strict=True):
            service = lines[index].service
            if rank is not None:
                package, credit = held[rank]
                draws.append(
                    make_draw(
                        index,
                        package.id,
                        credit.id,
                        service.id,
                        _RESERVED,
                        (),
                        1,
                        None,
                        None,
                        package.name,
                    )
                )
                continue
            uncovered.append(index)
            if usable and service.id not in told:
                told.add(service.id)
                if possible:
                    available = sum(left[each] for each in possible)
                    wanted = sum(1 for each in named if not set(possible).isdisjoint(each))
                    facts = (("available", available), ("wanted", wanted))
                    short.append(lacking(service, facts))
                else:
                    short.append(not_in_package(service, ()))
        return tuple(draws), tuple(uncovered)

    def decide(  # noqa: C901, PLR0912, PLR0915 - one long function, on purpose
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
        reasons: list[Finding] = []
        if account.package_kind is _LEGACY:
            reasons.append(on_legacy_packages)
        else:
            on = account.online_redemption
            if on is None:
                activated = account.activated_on
                on = activated is not None and activated > _SWITCHED_ON_AFTER
            if not on:
                reasons.append(switched_off)
        if account.client_login is _DISABLED:
            reasons.append(login_disabled)
        logged_in = client.logged_in
        if not logged_in:
            reasons.append(not_logged_in)
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
            spent = {package.id for package in packages if not package.has_credit}
            packages = _returned(packages, existing)
        if len(packages) > 1:
            packages = sorted(packages, key=package_rank)

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
                against.append(of_another_client(package, ()))
            sold_at = package.sold_at
            if sold_at is not None and sold_at > now:
                against.append(not_sold_yet(package, (("sold_at", sold_at),)))
            if package.kind is _LEGACY:
                against.append(legacy(package, ()))
            if package.status is _ARCHIVED:
                against.append(archived(package, ()))
            refused = len(against) > before
            valid_from = package.valid_from
            if valid_from is not None:
                if valid_from > now:
                    counts = False
                if valid_from > starts_at:
                    facts: Facts = (("starts_at", starts_at), ("valid_from", valid_from))
                    against.append(not_started(package, facts))
            until = package.valid_until
            if until is not None:
                if until <= now:
                    counts = False
                    if until <= starts_at:
                        against.append(over(package, (("valid_until", until),)))
                elif until <= starts_at:
                    facts = (("starts_at", starts_at), ("valid_until", until))
                    against.append(over_by_then(package, facts))
            for held in package.entitlements:
                if held.remaining:
                    break
            else:
                counts = False
                against.append(used_up(package, ()))
            if counts and not refused and package.id not in spent:
                active += 1
            if len(against) == before:
                usable.append(package)

        short: list[Finding] = []
        draws: tuple[Draw, ...] = ()
        uncovered: tuple[int, ...] = ()
        if len(booking.lines) > 1:
            draws, uncovered = covered_lines(usable, booking, short)
        elif booking.lines[0].payable:
            service = booking.lines[0].service
            named = False
            best: _Credit | None = None
            for package in usable:
                for held in package.entitlements:
                    if service.id in held.services:
                        named = True
                        if held.remaining and (
                            best is None or credit_rank((package, held)) < credit_rank(best)
                        ):
                            best = package, held
            if best is not None:
                package, held = best
                draws = (
                    make_draw(
                        0,
                        package.id,
                        held.id,
                        service.id,
                        _RESERVED,
                        (),
                        1,
                        None,
                        None,
                        package.name,
                    ),
                )
            else:
                uncovered = (0,)
                if named:
                    short.append(lacking(service, (("available", 0), ("wanted", 1))))
                elif usable:
                    short.append(not_in_package(service, ()))

        if active > 1:
            reasons.append(several_active(None, (("count", active),)))
        if not usable:
            reasons += against
            against = []
        reasons += short
        if now >= starts_at:
            reasons.append(started)
        if not draws and not uncovered:
            reasons.append(nothing_to_pay)
        if not holds_one:
            reasons.append(no_package)
        if draws and uncovered:
            reasons.append(mixed)
        if exchanged is not None and by is _CLIENT:
            if now >= exchanged.starts_at:
                reasons.append(closed(None, (("open_until", exchanged.starts_at),)))
            free_until = exchanged.free_until
            if free_until is not None and now > free_until:
                reasons.append(late_change(None, (("free_until", free_until),)))

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
                    against.append(no_card_on_file)
            if exchanged is not None:
                back = {draw.package_id for draw in exchanged.draws if draw.is_reserved}
                against += [
                    not_usable(package, ())
                    for package in packages
                    if package.id in back and _is_dead(package, now)
                ]
            terms = account.cancellation
            redemption = make_redemption(
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
                (),
                None if exchanged is None else exchanged.booking.id,
            )
            refund = terms is None or now <= starts_at - terms.window or terms.late is _RETURN
            if not recorded:
                drawn = Counter([(draw.package_id, draw.entitlement_id) for draw in draws])
                movements = [
                    make_movement(
                        booking.id, *place, drawn[place], _AVAILABLE, _TO, _BOOK, now, by, note
                    )
                    for place in sorted(drawn)
                ]
                change = make_change(None, redemption, tuple(movements), ())
        elif account.card_capture:
            card = _CAPTURE
        client_text = PROMPT
        if not eligible:
            client_text = NEUTRAL
            for reason in reasons:
                if reason.client_text is not None:
                    client_text = reason.client_text
                    break
        return make_decision(
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

    return decide


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
        (draw.package_id, draw.entitlement_id) for draw in existing.draws if draw.is_reserved
    )
    booking_id = existing.booking.id
    return tuple(package.with_returned(booking_id, back) for package in packages)


def _count(entitlement: Entitlement) -> int:
    """Return what is left where it is counted; the hand-written function knows nothing else."""
    assert isinstance(entitlement.remaining, int)
    return entitlement.remaining
