"""How an act on a redemption is judged: which lines, what refuses it, what becomes of the credits.

Always in this order: broken input and closed lines raise; the same act again changes nothing (D37);
then every refusal is given; then the outcome.
"""

from collections.abc import Iterable
from datetime import datetime

from pkgredeem import _acts as acts
from pkgredeem import _checks as check
from pkgredeem import rules, settlement_rules
from pkgredeem._case import checked_packages
from pkgredeem._decision import Settlement
from pkgredeem._draws import Draw, Ending
from pkgredeem._finding import Finding
from pkgredeem._packages import Package, package_rank
from pkgredeem._redemption import Redemption, Request
from pkgredeem._rule import Rule
from pkgredeem._words import Act, Actor, CreditOutcome, DrawState, PackageStatus
from pkgredeem.exceptions import ClosedRedemptionError, InvalidValueError


def end(
    redemption: Redemption,
    request: Request,
    *,
    lines: Iterable[int] | None,
    note: str,
    said_by_staff: CreditOutcome | None = None,
    packages: Iterable[Package] = (),
) -> Settlement:
    """Return what cancelling, a no-show, completing or forgiving does to those lines."""
    _check(redemption, request, note)
    held = checked_packages("packages", packages)
    chosen = acts.drawn_lines(redemption, lines)
    pending = acts.still_to_end(chosen, request.act)
    if not pending:
        return _recorded(redemption, chosen, held, request.now)
    refusals = _heard(settlement_rules.REFUSING, redemption, request)
    is_late = request.by is Actor.CLIENT and redemption.is_late(request.now)
    if refusals:
        return _refused(redemption, refusals, late=is_late)
    state = _state_after(redemption, request, said_by_staff)
    ending = Ending(act=request.act, at=request.now, by=request.by, late=is_late, note=note)
    change = acts.ended(redemption, pending, ending=ending, state=state)
    numbers = {draw.line for draw in chosen}
    after = tuple(draw for draw in change.after.draws if draw.line in numbers)
    return Settlement(
        allowed=True,
        change=change,
        outcome=_outcome(after),
        late=is_late,
        findings=_heard(settlement_rules.TELLING, redemption, request),
        credit_usable=_usable_again(redemption, after, held, request.now),
        time_zone=redemption.time_zone,
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
    held = {each.id: each for each in checked_packages("packages", packages)}
    drawn_on = sorted({draw.package_id for draw in redemption.draws if draw.is_reserved})
    for package_id in drawn_on:
        if package_id not in held:
            raise InvalidValueError("packages", sorted(held), f"also package {package_id!r}")
    if new_start == redemption.starts_at and (drawn_on or redemption.reschedules):
        return _settled(redemption, late=_any_reschedule_late(redemption))
    if not drawn_on:
        raise ClosedRedemptionError(f"booking {redemption.booking.id!r} has ended already")
    outside: list[Finding] = []
    for package in sorted((held[each] for each in drawn_on), key=package_rank):
        asked = Request(
            act=request.act, by=by, now=request.now, starts_at=new_start, package=package
        )
        answer = settlement_rules.outside_validity.condition(redemption, asked)
        if answer is not False:
            outside.append(settlement_rules.outside_validity.found(answer, package.id))
    findings = (*_heard(settlement_rules.REFUSING, redemption, request), *outside)
    is_late = by is Actor.CLIENT and redemption.is_late(request.now)
    if findings and by is Actor.CLIENT:
        return _refused(redemption, findings, late=is_late)
    change = acts.rescheduled(
        redemption,
        starts_at=new_start,
        free_until=rules.free_until_rescheduled(redemption, new_start, by=by, now=request.now),
        record=Ending(act=Act.RESCHEDULE, at=request.now, by=by, late=is_late, note=note),
    )
    return Settlement(
        allowed=True,
        change=change,
        outcome=None,
        late=is_late,
        findings=findings,
        credit_usable=None,
        time_zone=redemption.time_zone,
    )


def _check(redemption: Redemption, request: Request, note: str) -> None:
    check.kind_of("redemption", redemption, Redemption)
    check.member("by", request.by, Actor)
    check.free_text("note", note)


def _heard(scoped: Iterable[Rule], redemption: Redemption, request: Request) -> tuple[Finding, ...]:
    answers = ((each, each.condition(redemption, request)) for each in scoped)
    return tuple(each.found(answer) for each, answer in answers if answer is not False)


def _state_after(
    redemption: Redemption, request: Request, said_by_staff: CreditOutcome | None
) -> DrawState:
    if request.act is Act.COMPLETE:
        return DrawState.REDEEMED
    if request.act is Act.FORGIVE:
        return DrawState.RETURNED
    if request.act is Act.NO_SHOW:
        return acts.STATE_AFTER[rules.credit_on_no_show(redemption.terms, said_by_staff)]
    is_late = redemption.is_late(request.now)
    outcome = rules.credit_on_cancel(redemption.terms, by=request.by, late=is_late)
    return acts.STATE_AFTER[outcome]


def _settled(redemption: Redemption, *, late: bool) -> Settlement:
    return Settlement(
        allowed=True,
        change=None,
        outcome=None,
        late=late,
        findings=(),
        credit_usable=None,
        time_zone=redemption.time_zone,
    )


def _recorded(
    redemption: Redemption, draws: tuple[Draw, ...], held: tuple[Package, ...], now: datetime
) -> Settlement:
    """Return the recorded outcome of an act that was done before (D37)."""
    return Settlement(
        allowed=True,
        change=None,
        outcome=_outcome(draws),
        late=_any_late(draws),
        findings=(),
        credit_usable=_usable_again(redemption, draws, held, now),
        time_zone=redemption.time_zone,
    )


def _refused(redemption: Redemption, findings: tuple[Finding, ...], *, late: bool) -> Settlement:
    return Settlement(
        allowed=False,
        change=None,
        outcome=None,
        late=late,
        findings=findings,
        credit_usable=None,
        time_zone=redemption.time_zone,
    )


def _outcome(draws: tuple[Draw, ...]) -> CreditOutcome | None:
    states = {draw.state for draw in draws}
    if DrawState.FORFEITED in states:
        return CreditOutcome.FORFEIT
    return CreditOutcome.RETURN if DrawState.RETURNED in states else None


def _any_late(draws: tuple[Draw, ...]) -> bool:
    return any(draw.ending is not None and draw.ending.late for draw in draws)


def _any_reschedule_late(redemption: Redemption) -> bool:
    return bool(redemption.reschedules) and redemption.reschedules[-1].late


def _usable_again(
    redemption: Redemption, draws: tuple[Draw, ...], held: tuple[Package, ...], now: datetime
) -> bool | None:
    """Tell whether all returned credits can be used again; None where that can't be known (D13)."""
    by_id = {package.id: package for package in held}
    returned = {draw.package_id for draw in draws if draw.state is DrawState.RETURNED}
    if not returned or not returned <= set(by_id):
        return None
    return all(
        package.client_id == redemption.client_id
        and package.status is PackageStatus.ACTIVE
        and not package.is_over_by(now)
        for package in (by_id[each] for each in returned)
    )
