"""How a booking is moved to another start, and how one is given up for another.

Both are a change of a booking that stays paid. What act rules say of it no rulebook lifts (D71); of
the new start a move asks the rules about when and where, an exchange the whole rulebook (D58).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pkgredeem._engine.acts import (
    check_act,
    end_lines,
    moment_of_act,
    recorded_window,
    refuse,
    settle,
)
from pkgredeem._engine.findings import act_findings
from pkgredeem._engine.returns import return_findings
from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Settlement
from pkgredeem._model.booking import Client
from pkgredeem._model.case import Case
from pkgredeem._model.counting import full_quota
from pkgredeem._model.cover import Cover
from pkgredeem._model.draws import Draw, Ending
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.finding import Finding
from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package
from pkgredeem._model.ranks import package_rank, versions_of
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.rule import Answer
from pkgredeem._model.words import Act, Actor, DrawState, Scope
from pkgredeem.exceptions import (
    BookingMismatchError,
    ClosedRedemptionError,
    InvalidValueError,
    UnknownEntitlementError,
)
from pkgredeem.rules import acts
from pkgredeem.rules._rulebook import Rulebook


def reschedule(
    rulebook: Rulebook,
    redemption: Redemption,
    *,
    account: AccountSettings,
    client: Client,
    starts_at: datetime,
    by: Actor,
    now: datetime,
    packages: Iterable[Package],
    note: str,
) -> Settlement:
    """Return what another start does: the credits stay reserved, free-until follows (D17)."""
    new_start = check.instant("starts_at", starts_at)
    request = Request(act=Act.RESCHEDULE, by=by, now=check.instant("now", now), starts_at=new_start)
    check_act(redemption, request, note)
    case = Case(
        account=account,
        client=client,
        packages=packages,
        booking=replace(redemption.booking, starts_at=new_start),
        now=request.now,
        by=by,
        note=note,
    )
    if client.id != redemption.client_id:
        raise BookingMismatchError(
            f"booking {redemption.booking.id!r} is another client's: move it for that client"
        )
    reserved = redemption.reserved_draws
    drawn_on = _drawn_packages(case, reserved)
    if new_start == redemption.starts_at and (reserved or redemption.reschedules):
        moved_last = redemption.reschedules[-1:]
        windows = [recorded_window(redemption.terms, one) for one in moved_last if one.late]
        return settle(rulebook, redemption, request, windows=windows)
    if not reserved:
        raise ClosedRedemptionError(f"booking {redemption.booking.id!r} has ended already")
    lines = tuple([draw.line for draw in reserved])
    request = replace(request, now=moment_of_act(redemption, request.now), lines=lines)
    at_new_start = replace(case, now=request.now, existing=redemption).with_existing_returned()
    findings = (
        *_findings_at_new_start(rulebook, at_new_start, reserved, drawn_on),
        *act_findings(acts.REFUSALS, redemption, request),
    )
    if findings and by is Actor.CLIENT:
        return refuse(redemption, request, findings)
    change = Change(
        before=redemption,
        after=_moved(redemption, request, new_start, note),
        movements=(),
        package_versions=versions_of(drawn_on, reserved),
    )
    return settle(rulebook, redemption, request, change=change, windows=(), findings=findings)


def _moved(redemption: Redemption, request: Request, starts_at: datetime, note: str) -> Redemption:
    """Return the redemption at its new start, each free-until with it (D17, D60).

    Nothing that nothing refuses is late: a client's late move is refused.
    """
    by, now = request.by, request.now

    def moved(draw: Draw) -> Draw:
        free_until = draw.free_until
        if draw.is_reserved:
            free_until = acts.free_until_rescheduled(draw.terms, starts_at, by=by, now=now)
        kept = draw.keeping_start(redemption.starts_at, starts_at)
        return replace(kept, free_until=free_until)

    return replace(
        redemption,
        starts_at=starts_at,
        free_until=acts.free_until_rescheduled(redemption.terms, starts_at, by=by, now=now),
        draws=tuple(map(moved, redemption.draws)),
        version=redemption.version + 1,
        reschedules=(
            *redemption.reschedules,
            Ending(act=Act.RESCHEDULE, at=now, by=by, late=False, note=note),
        ),
    )


def exchange_refusals(case: Case, old: Redemption) -> tuple[Finding, ...]:
    """Return what act rules find against giving the old booking up for that of the case (D71)."""
    request = _exchange_request(case, old)
    return act_findings(acts.REFUSALS, old, request)


def exchange_notes(rulebook: Rulebook, case: Case, old: Redemption) -> tuple[Finding, ...]:
    """Return what is told of the credits that an exchange gives back (D13)."""
    after = release(case, old).after
    numbers = {draw.line for draw in old.reserved_draws}
    returned = [draw for draw in after.draws if draw.line in numbers]
    request = _exchange_request(case, old)
    notes, _ = return_findings(rulebook, after, request, returned, case.packages)
    return notes


def release(case: Case, old: Redemption) -> Change:
    """Return the change that gives every reserved credit of the old booking back (D71).

    Raises:
        ClosedRedemptionError: no credit of it is reserved any more.
        UnknownEntitlementError: a package of the case no longer holds what a credit came from.
    """
    if not old.is_open:
        raise ClosedRedemptionError(f"booking {old.booking.id!r} has ended already")
    packages = {package.id: package for package in case.packages}
    for draw in old.reserved_draws:
        package = packages.get(draw.package_id)
        if package is not None and package.entitlement(draw.entitlement_id) is None:
            raise UnknownEntitlementError(
                f"package {package.id!r} no longer holds entitlement {draw.entitlement_id!r}"
            )
    request = replace(_exchange_request(case, old), act=Act.CANCEL)
    states = dict.fromkeys(request.lines, DrawState.RETURNED)
    return end_lines(old, request, states, note=case.note)


def _exchange_request(case: Case, old: Redemption) -> Request:
    lines = tuple([draw.line for draw in old.reserved_draws])
    now = moment_of_act(old, case.now)
    return Request(act=Act.RESCHEDULE, by=case.by, now=now, lines=lines)


def _drawn_packages(case: Case, reserved: Iterable[Draw]) -> tuple[Package, ...]:
    """Return the packages that reserved credits come from.

    Raises:
        InvalidValueError: one of them was not handed in.
    """
    by_id = {package.id: package for package in case.packages}
    drawn_on = sorted({draw.package_id for draw in reserved})
    for package_id in drawn_on:
        if package_id not in by_id:
            raise InvalidValueError(
                "packages", sorted(by_id), f"packages that include {package_id!r}"
            )
    return tuple([by_id[package_id] for package_id in drawn_on])


def _findings_at_new_start(
    rulebook: Rulebook, case: Case, reserved: tuple[Draw, ...], drawn_on: tuple[Package, ...]
) -> tuple[Finding, ...]:
    """Return what the rules that are asked on moves find at the new start (D58).

    Args:
        rulebook: the rules in force.
        case: the booking at its new start, its own credits back in their packages.
        reserved: the draws that move.
        drawn_on: the packages that they come from, as they were handed in.
    """
    rules, zone = rulebook.by_scope, case.account.time_zone
    drawn_ids = {package.id for package in drawn_on}
    today = [package.with_end_in(zone) for package in case.packages if package.id in drawn_ids]
    usable = tuple(sorted(today, key=package_rank))
    packages = {package.id: package for package in usable}
    found: list[Finding] = []
    for package in usable:
        for condition, rule in rules.package.every:
            if rule.on_move and (answer := condition(case, package)) is not False:
                found.append(rule.finding_for(answer, package.id, package.name))
    found += _credit_findings(rulebook, case, reserved, packages)
    as_handed_in = {package.id: package for package in drawn_on}
    active = [
        package
        for package in usable
        if as_handed_in[package.id].with_end_of(package).is_active(case.client, case.now)
    ]
    cover = Cover(
        usable=usable,
        active=tuple(active),
        draws=reserved,
        covered=tuple(draw.line for draw in reserved),
        uncovered=(),
    )
    for condition, rule in rules.booking:
        if rule.on_move and (answer := condition(case, cover)) is not False:
            found.append(rule.finding_for(answer))
    return tuple(found)


def _credit_findings(
    rulebook: Rulebook,
    case: Case,
    reserved: tuple[Draw, ...],
    packages: Mapping[str, Package],
) -> list[Finding]:
    """Return what is found of the credits drawn, each service once for each code (D22)."""
    found: dict[tuple[str, str], Finding] = {}
    for draw in reserved:
        line, package = case.booking.lines[draw.line], packages[draw.package_id]
        entitlement = package.entitlement(draw.entitlement_id)
        if entitlement is None:
            continue
        for rule in rulebook.of_scope(Scope.CREDIT):
            if not rule.on_move:
                continue
            if rule is rulebook.by_scope.quota_full:
                answer = _overfilled_quota(case, package, entitlement, reserved)
            else:
                answer = rule.condition(case, package, entitlement, line)
            key = (rule.code, line.service.id)
            if answer is not False and key not in found:
                found[key] = rule.finding_for(answer, line.service.id, line.service.name)
    return list(found.values())


def _overfilled_quota(
    case: Case, package: Package, entitlement: Entitlement, reserved: Iterable[Draw]
) -> Answer:
    """Return the facts of a quota that all reserved lines together overfill at the new start."""
    drawn = [draw.entitlement_id for draw in reserved if draw.package_id == package.id]
    facts = full_quota(
        case,
        package,
        entitlement,
        drawn_of_package=len(drawn) - 1,
        drawn_of_entitlement=drawn.count(entitlement.id) - 1,
    )
    return facts or False
