"""How an act on a redemption is judged: which lines, what refuses it, what becomes of the credits.

Always in this order: broken input and closed lines raise; the same act again changes nothing (D37);
then every refusal is given; then the outcome.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pkgredeem._engine import changes
from pkgredeem._model import checks as check
from pkgredeem._model.answers import Settlement
from pkgredeem._model.draws import Draw, Ending
from pkgredeem._model.finding import Finding
from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package, checked_packages, package_rank
from pkgredeem._model.redemption import Redemption, Request
from pkgredeem._model.rule import Rule
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import Act, Actor, CreditOutcome, DrawState, PackageStatus
from pkgredeem.exceptions import ClosedRedemptionError, InvalidValueError
from pkgredeem.rules import acts

_unchecked_settlement = unchecked(Settlement)

_STATE_AFTER = {
    CreditOutcome.RETURN: DrawState.RETURNED,
    CreditOutcome.FORFEIT: DrawState.FORFEITED,
}


def end(
    redemption: Redemption,
    request: Request,
    *,
    lines: Iterable[int] | None,
    note: str,
    staff_override: CreditOutcome | None = None,
    packages: Iterable[Package] = (),
) -> Settlement:
    """Return what cancelling, a no-show, completing or forgiving does to those lines."""
    _check(redemption, request, note)
    found = checked_packages("packages", packages)
    chosen = changes.drawn_lines(redemption, lines)
    pending = changes.still_to_end(chosen, request.act)
    if not pending:
        return _settle(redemption, request, draws=chosen, packages=found, late=_any_late(chosen))
    is_late = request.by is Actor.CLIENT and redemption.is_late(request.now)
    refusals = _findings(acts.REFUSALS, redemption, request)
    if refusals:
        return _refuse(redemption, request, refusals, late=is_late)
    state = _state_after(redemption, request, staff_override)
    ending = Ending(act=request.act, at=request.now, by=request.by, late=is_late, note=note)
    change = changes.end_lines(redemption, pending, ending=ending, state=state)
    numbers = {draw.line for draw in chosen}
    return _settle(
        redemption,
        request,
        change=change,
        draws=[draw for draw in change.after.draws if draw.line in numbers],
        packages=found,
        late=is_late,
        findings=_findings(acts.NOTES, redemption, request),
    )


def reschedule(
    redemption: Redemption,
    *,
    starts_at: datetime,
    by: Actor,
    now: datetime,
    packages: Iterable[Package],
    note: str,
) -> Settlement:
    """Return what another start does: the credits stay reserved, free-until follows (D17)."""
    new_start = check.instant("starts_at", starts_at)
    request = Request(act=Act.RESCHEDULE, by=by, now=check.instant("now", now), starts_at=new_start)
    _check(redemption, request, note)
    by_id = {package.id: package for package in checked_packages("packages", packages)}
    drawn_on = sorted({draw.package_id for draw in redemption.draws if draw.is_reserved})
    for package_id in drawn_on:
        if package_id not in by_id:
            raise InvalidValueError("packages", sorted(by_id), f"with package {package_id!r}")
    if new_start == redemption.starts_at and (drawn_on or redemption.reschedules):
        was_late = bool(redemption.reschedules) and redemption.reschedules[-1].late
        return _settle(redemption, request, late=was_late)
    if not drawn_on:
        raise ClosedRedemptionError(f"booking {redemption.booking.id!r} has ended already")
    findings = _findings(acts.REFUSALS, redemption, request)
    for package in sorted((by_id[package_id] for package_id in drawn_on), key=package_rank):
        about_package = Request(
            act=request.act, by=by, now=request.now, starts_at=new_start, package=package
        )
        findings += _findings(acts.REFUSALS_BY_PACKAGE, redemption, about_package, package.id)
    is_late = by is Actor.CLIENT and redemption.is_late(request.now)
    if findings and by is Actor.CLIENT:
        return _refuse(redemption, request, findings, late=is_late)
    change = changes.reschedule(
        redemption,
        starts_at=new_start,
        free_until=acts.free_until_rescheduled(redemption, new_start, by=by, now=request.now),
        record=Ending(act=Act.RESCHEDULE, at=request.now, by=by, late=is_late, note=note),
    )
    return _settle(redemption, request, change=change, late=is_late, findings=findings)


def _check(redemption: Redemption, request: Request, note: str) -> None:
    check.kind_of("redemption", redemption, Redemption)
    check.member("by", request.by, Actor)
    check.free_text("note", note)


def _findings(
    rules: Iterable[Rule], redemption: Redemption, request: Request, subject: str = ""
) -> tuple[Finding, ...]:
    answers = ((rule, rule.condition(redemption, request)) for rule in rules)
    return tuple(
        [rule.finding_for(answer, subject) for rule, answer in answers if answer is not False]
    )


def _state_after(
    redemption: Redemption, request: Request, staff_override: CreditOutcome | None
) -> DrawState:
    if request.act is Act.COMPLETE:
        return DrawState.REDEEMED
    if request.act is Act.FORGIVE:
        return DrawState.RETURNED
    if request.act is Act.NO_SHOW:
        return _STATE_AFTER[acts.credit_on_no_show(redemption.terms, staff_override)]
    is_late = redemption.is_late(request.now)
    outcome = acts.credit_on_cancel(redemption.terms, by=request.by, late=is_late)
    return _STATE_AFTER[outcome]


def _settle(
    redemption: Redemption,
    request: Request,
    *,
    late: bool,
    change: Change | None = None,
    draws: Sequence[Draw] = (),
    packages: tuple[Package, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Settlement:
    """Return what an act that is allowed does to these draws, as they stand after it."""
    outcome = _outcome(draws)
    return _unchecked_settlement(
        allowed=True,
        change=change,
        outcome=outcome,
        late=late,
        findings=findings,
        credit_usable=_usable_again(redemption, draws, packages, request.now),
        time_zone=redemption.time_zone,
        client_text=acts.text_for_client(request.act, outcome, allowed=True, findings=findings),
    )


def _refuse(
    redemption: Redemption, request: Request, findings: tuple[Finding, ...], *, late: bool
) -> Settlement:
    return _unchecked_settlement(
        allowed=False,
        change=None,
        outcome=None,
        late=late,
        findings=findings,
        credit_usable=None,
        time_zone=redemption.time_zone,
        client_text=acts.text_for_client(request.act, None, allowed=False, findings=findings),
    )


def _outcome(draws: Iterable[Draw]) -> CreditOutcome | None:
    states = {draw.state for draw in draws}
    if DrawState.FORFEITED in states:
        return CreditOutcome.FORFEIT
    return CreditOutcome.RETURN if DrawState.RETURNED in states else None


def _any_late(draws: Iterable[Draw]) -> bool:
    return any(draw.ending is not None and draw.ending.late for draw in draws)


def _usable_again(
    redemption: Redemption, draws: Iterable[Draw], packages: tuple[Package, ...], now: datetime
) -> bool | None:
    """Tell whether all returned credits can be used again; None where that can't be known (D13)."""
    by_id = {package.id: package for package in packages}
    returned = {draw.package_id for draw in draws if draw.state is DrawState.RETURNED}
    if not returned or not returned <= set(by_id):
        return None
    return all(
        package.client_id == redemption.client_id
        and package.status is PackageStatus.ACTIVE
        and not package.is_over_by(now)
        for package in (by_id[package_id] for package_id in returned)
    )
