"""How a booking is moved to another start, and how one is given up for another.

Both are a change of a booking that stays paid. What act rules say of it no rulebook lifts (D71); of
the new start a move asks the rules about when and where, an exchange the whole rulebook (D58).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pkgredeem._engine.acts import (
    act_findings,
    check_act,
    end_lines,
    moment_of_act,
    refuse,
    return_findings,
    settle,
)
from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Settlement
from pkgredeem._model.booking import Client
from pkgredeem._model.case import Case
from pkgredeem._model.cover import Cover
from pkgredeem._model.draws import Draw, Ending
from pkgredeem._model.finding import Finding
from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package, package_rank
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.words import Act, Actor, DrawState
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
        was_late = bool(redemption.reschedules) and redemption.reschedules[-1].late
        return settle(rulebook, redemption, request, late=was_late)
    if not reserved:
        raise ClosedRedemptionError(f"booking {redemption.booking.id!r} has ended already")
    request = replace(request, now=moment_of_act(redemption, request.now))
    at_new_start = replace(case, now=request.now, existing=redemption).with_existing_returned()
    findings = (
        *_findings_at_new_start(rulebook, at_new_start, reserved, drawn_on),
        *act_findings(acts.REFUSALS, redemption, request),
    )
    is_late = by is Actor.CLIENT and redemption.is_late(request.now)
    if findings and by is Actor.CLIENT:
        return refuse(redemption, request, findings, late=is_late)
    moved = Ending(act=Act.RESCHEDULE, at=request.now, by=by, late=is_late, note=note)
    after = replace(
        redemption,
        starts_at=new_start,
        free_until=acts.free_until_rescheduled(redemption, new_start, by=by, now=request.now),
        draws=tuple(
            draw.keeping_start(redemption.starts_at, new_start) for draw in redemption.draws
        ),
        version=redemption.version + 1,
        reschedules=(*redemption.reschedules, moved),
    )
    change = Change(before=redemption, after=after, movements=())
    return settle(rulebook, redemption, request, change=change, late=is_late, findings=findings)


def exchange_refusals(case: Case, old: Redemption) -> tuple[Finding, ...]:
    """Return what act rules find against giving the old booking up for that of the case (D71)."""
    request = _exchange_request(case, old)
    return act_findings(acts.REFUSALS, old, request)


def exchange_notes(rulebook: Rulebook, case: Case, old: Redemption) -> tuple[Finding, ...]:
    """Return what is told of the credits that an exchange gives back (D13)."""
    returned = release(case, old).after.draws
    numbers = {draw.line for draw in old.reserved_draws}
    notes, _ = return_findings(
        rulebook,
        old,
        _exchange_request(case, old),
        [draw for draw in returned if draw.line in numbers],
        case.packages,
    )
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
    at = moment_of_act(old, case.now)
    ending = Ending(act=Act.CANCEL, at=at, by=case.by, late=False, note=case.note)
    return end_lines(old, old.reserved_draws, ending=ending, state=DrawState.RETURNED)


def _exchange_request(case: Case, old: Redemption) -> Request:
    return Request(act=Act.RESCHEDULE, by=case.by, now=moment_of_act(old, case.now))


def _drawn_packages(case: Case, reserved: Iterable[Draw]) -> tuple[Package, ...]:
    """Return the packages that reserved credits come from, ranked.

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
    return tuple(sorted((by_id[package_id] for package_id in drawn_on), key=package_rank))


def _findings_at_new_start(
    rulebook: Rulebook, case: Case, reserved: tuple[Draw, ...], drawn_on: tuple[Package, ...]
) -> tuple[Finding, ...]:
    """Return what the rules that are asked on moves find at the new start (D58).

    Args:
        rulebook: the rules in force.
        case: the booking at its new start, its own credits back in their packages.
        reserved: the draws that move.
        drawn_on: the packages that they come from, ranked, as they were handed in.
    """
    rules = rulebook.by_scope
    packages = {package.id: package for package in case.packages}
    usable = tuple(packages[package.id] for package in drawn_on)
    found: list[Finding] = []
    for package in usable:
        for condition, rule in rules.package:
            if rule.on_move and (answer := condition(case, package)) is not False:
                found.append(rule.finding_for(answer, package.id, package.name))
    seen: set[tuple[str, str]] = set()
    for draw in reserved:
        line, package = case.booking.lines[draw.line], packages[draw.package_id]
        entitlement = package.entitlement(draw.entitlement_id)
        for condition, rule in rules.credit if entitlement is not None else ():
            if not rule.on_move or (rule.code, line.service.id) in seen:
                continue
            if (answer := condition(case, package, entitlement, line)) is not False:
                seen.add((rule.code, line.service.id))
                found.append(rule.finding_for(answer, line.service.id, line.service.name))
    active = [package for package in drawn_on if package.is_active(case.client, case.now)]
    cover = Cover(
        usable=usable,
        active=tuple(packages[package.id] for package in active),
        draws=reserved,
        covered=tuple(draw.line for draw in reserved),
        uncovered=(),
    )
    for condition, rule in rules.booking:
        if rule.on_move and (answer := condition(case, cover)) is not False:
            found.append(rule.finding_for(answer))
    return tuple(found)
