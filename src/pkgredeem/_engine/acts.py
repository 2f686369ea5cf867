"""How an act on a redemption is judged, and what it changes.

Always in this order: broken input and closed lines raise; the same act again changes nothing (D37);
then every refusal is given; then the outcome. No rule text: what refuses an act, and what becomes
of the credit, stands in `rules.acts`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pkgredeem._model import checks as check
from pkgredeem._model.answers import Settlement
from pkgredeem._model.draws import BUCKET_OF, STEPS, Draw, Ending
from pkgredeem._model.finding import Finding
from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.packages import Package, checked_packages, package_rank
from pkgredeem._model.redemption import Redemption, Request
from pkgredeem._model.rule import Rule
from pkgredeem._model.unchecked import unchecked, unchecked_replace
from pkgredeem._model.words import Act, Actor, CreditOutcome, DrawState, PackageStatus
from pkgredeem.exceptions import ClosedRedemptionError, InvalidValueError
from pkgredeem.rules import acts

_unchecked_change = unchecked(Change)
_unchecked_movement = unchecked(Movement)
_unchecked_settlement = unchecked(Settlement)
_replace_draw = unchecked_replace(Draw)
_replace_redemption = unchecked_replace(Redemption)

_POSSIBLE = frozenset((step.act, step.source, step.after) for step in STEPS)

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
    chosen = _drawn_lines(redemption, lines)
    pending = _still_to_end(chosen, request.act)
    if not pending:
        return _settle(redemption, request, draws=chosen, packages=found, late=_any_late(chosen))
    is_late = request.by is Actor.CLIENT and redemption.is_late(request.now)
    refusals = _findings(acts.REFUSALS, redemption, request)
    if refusals:
        return _refuse(redemption, request, refusals, late=is_late)
    state = _state_after(redemption, request, staff_override)
    ending = Ending(act=request.act, at=request.now, by=request.by, late=is_late, note=note)
    change = _end_lines(redemption, pending, ending=ending, state=state)
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
            raise InvalidValueError(
                "packages", sorted(by_id), f"packages that include {package_id!r}"
            )
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
    after = replace(
        redemption,
        starts_at=new_start,
        free_until=acts.free_until_rescheduled(redemption, new_start, by=by, now=request.now),
        version=redemption.version + 1,
        reschedules=(
            *redemption.reschedules,
            Ending(act=Act.RESCHEDULE, at=request.now, by=by, late=is_late, note=note),
        ),
    )
    change = Change(before=redemption, after=after, movements=())
    return _settle(redemption, request, change=change, late=is_late, findings=findings)


def release(redemption: Redemption, *, by: Actor, now: datetime, note: str) -> Change:
    """Return the change that gives every reserved credit back, as an exchange does (D21).

    Raises:
        ClosedRedemptionError: no credit of it is reserved any more.
    """
    draws = tuple(draw for draw in redemption.draws if draw.is_reserved)
    if not draws:
        raise ClosedRedemptionError(f"booking {redemption.booking.id!r} has ended already")
    ending = Ending(act=Act.CANCEL, at=now, by=by, late=False, note=note)
    return _end_lines(redemption, draws, ending=ending, state=DrawState.RETURNED)


def was_released(redemption: Redemption, *, at: datetime) -> bool:
    """Tell whether a credit of it went back at that instant, and none is reserved: an exchange."""
    return not redemption.is_open and any(
        draw.state is DrawState.RETURNED and draw.ending is not None and draw.ending.at == at
        for draw in redemption.draws
    )


def _check(redemption: Redemption, request: Request, note: str) -> None:
    check.kind_of("redemption", redemption, Redemption)
    check.member("by", request.by, Actor)
    check.free_text("note", note)


def _drawn_lines(redemption: Redemption, lines: Iterable[int] | None) -> tuple[Draw, ...]:
    """Return the draws of those lines, of all lines for None.

    Raises:
        InvalidValueError: the lines are empty, out of range, named twice, or without a credit.
    """
    if lines is None:
        return redemption.draws
    by_line = {draw.line: draw for draw in redemption.draws}
    wanted = check.items("lines", lines, int, least=1)
    for line in wanted:
        if isinstance(line, bool) or line not in by_line:
            allowed = ", ".join(map(str, by_line))
            raise InvalidValueError("lines", line, f"lines that a credit pays for ({allowed})")
    if len(set(wanted)) != len(wanted):
        raise InvalidValueError("lines", wanted, "listed only once each")
    return tuple(draw for draw in redemption.draws if draw.line in wanted)


def _still_to_end(draws: Sequence[Draw], act: Act) -> tuple[Draw, ...]:
    """Return those draws that the act has not ended already (D37).

    Raises:
        InvalidValueError: a reserved line was to be forgiven.
        ClosedRedemptionError: another act has ended a line.
    """
    if act is Act.FORGIVE:
        _check_none_reserved(draws)
    pending: list[Draw] = []
    for draw in draws:
        done = None if draw.ending is None else draw.ending.act
        if done is act:
            continue
        if (act, draw.state, None) not in _POSSIBLE and (act, draw.state, done) not in _POSSIBLE:
            raise ClosedRedemptionError(
                f"line {draw.line} is {draw.state} by {done} already: {act} comes too late"
            )
        pending.append(draw)
    return tuple(pending)


def _check_none_reserved(draws: Sequence[Draw]) -> None:
    for draw in draws:
        if draw.is_reserved:
            allowed = "lines whose credit is redeemed or forfeited (cancel a reserved one)"
            raise InvalidValueError("lines", draw.line, allowed)


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


def _end_lines(
    redemption: Redemption, draws: Iterable[Draw], *, ending: Ending, state: DrawState
) -> Change:
    """Return the change that takes these draws to *state* by that ending."""
    chosen = {draw.line for draw in draws}
    after = _replace_redemption(
        redemption,
        draws=tuple(
            [
                _replace_draw(draw, state=state, ending=ending) if draw.line in chosen else draw
                for draw in redemption.draws
            ]
        ),
        version=redemption.version + 1,
    )
    moved = Counter(
        (draw.package_id, draw.entitlement_id, BUCKET_OF[draw.state])
        for draw in redemption.draws
        if draw.line in chosen
    )
    movements = [
        _unchecked_movement(
            redemption.booking.id,
            package_id,
            entitlement_id,
            number,
            source,
            BUCKET_OF[state],
            ending.act,
            ending.at,
            ending.by,
            ending.note,
        )
        for (package_id, entitlement_id, source), number in sorted(moved.items())
    ]
    return _unchecked_change(redemption, after, tuple(movements))


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
