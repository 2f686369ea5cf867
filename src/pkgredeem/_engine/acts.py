"""How an act that ends lines of a redemption is judged, and what it changes.

Always in this order (D37): broken input and closed lines raise; the same act again changes nothing;
an act before the booking was made raises (D74); then every refusal is given; then the outcome. No
rule text: what refuses an act, and what becomes of the credit, stands in `rules.acts`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pkgredeem._engine.lines import concerned_lines
from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Settlement
from pkgredeem._model.booking import Booking, Client
from pkgredeem._model.case import Case
from pkgredeem._model.draws import BUCKET_OF, Draw, Ending
from pkgredeem._model.finding import Finding
from pkgredeem._model.iso8601 import zone_of
from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.packages import Package, checked_packages, package_rank
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.rule import Rule
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import Act, Actor, CreditOutcome, DrawState
from pkgredeem.exceptions import InvalidValueError
from pkgredeem.rules import acts
from pkgredeem.rules._rulebook import Rulebook

_CLOCK_DIFFERENCE = timedelta(minutes=1)
_STATE_AFTER = {
    CreditOutcome.RETURN: DrawState.RETURNED,
    CreditOutcome.FORFEIT: DrawState.FORFEITED,
}

_unchecked_change = unchecked(Change)
_unchecked_movement = unchecked(Movement)
_unchecked_settlement = unchecked(Settlement)


def end(
    rulebook: Rulebook,
    redemption: Redemption,
    request: Request,
    *,
    lines: Iterable[int] | None,
    note: str,
    staff_override: CreditOutcome | None = None,
    packages: Iterable[Package] = (),
) -> Settlement:
    """Return what cancelling, a no-show, completing or forgiving does to those lines."""
    check_act(redemption, request, note)
    found = checked_packages("packages", packages)
    chosen, pending = concerned_lines(redemption, request.act, lines, staff_override)
    if not pending:
        was_late = any(draw.was_late_by(request.act) for draw in chosen)
        return settle(rulebook, redemption, request, draws=chosen, packages=found, late=was_late)
    request = replace(request, now=moment_of_act(redemption, request.now))
    is_late = request.by is Actor.CLIENT and redemption.is_late(request.now)
    refusals = act_findings(acts.REFUSALS, redemption, request)
    if refusals:
        return refuse(redemption, request, refusals, late=is_late)
    state = _state_after(redemption, request, staff_override, late=is_late)
    ending = Ending(act=request.act, at=request.now, by=request.by, late=is_late, note=note)
    change = end_lines(redemption, pending, ending=ending, state=state)
    numbers = {draw.line for draw in chosen}
    return settle(
        rulebook,
        redemption,
        request,
        change=change,
        draws=[draw for draw in change.after.draws if draw.line in numbers],
        packages=found,
        late=is_late,
        findings=act_findings(acts.NOTES, redemption, request),
    )


def check_act(redemption: Redemption, request: Request, note: str) -> None:
    """Refuse what every act is given in the same way."""
    check.kind_of("redemption", redemption, Redemption)
    check.member("by", request.by, Actor)
    check.free_text("note", note)


def moment_of_act(redemption: Redemption, now: datetime) -> datetime:
    """Return the instant that counts for the act: never before the booking was made (D74).

    Raises:
        InvalidValueError: it lies more than a minute before the booking (less is two
            servers' clocks).
    """
    if now < redemption.booked_at - _CLOCK_DIFFERENCE:
        allowed = f"an instant at or after {redemption.booked_at}, when the booking was made"
        raise InvalidValueError("now", now, allowed)
    return max(now, redemption.booked_at)


def act_findings(
    rules: Iterable[Rule],
    redemption: Redemption,
    request: Request,
    package: Package | None = None,
) -> tuple[Finding, ...]:
    """Return what these rules find about an act, about a package where one is given."""
    subject, name = ("", "") if package is None else (package.id, package.name)
    answers = ((rule, rule.condition(redemption, request)) for rule in rules)
    return tuple(
        [rule.finding_for(answer, subject, name) for rule, answer in answers if answer is not False]
    )


def return_findings(
    rulebook: Rulebook,
    redemption: Redemption,
    request: Request,
    draws: Iterable[Draw],
    packages: tuple[Package, ...],
) -> tuple[tuple[Finding, ...], bool | None]:
    """Return what is told of each package that a credit returned to, and whether all can be used.

    Returns:
        The findings, in the order of the packages' ranks; and False where something that returned
        can't be used again, None where nothing returned, or where nothing is known of a package
        that was not handed in (D13).
    """
    returned = [draw for draw in draws if draw.state is DrawState.RETURNED]
    found: tuple[Finding, ...] = ()
    usable_in: dict[str, bool] = {}
    for package in sorted(packages, key=package_rank):
        here = [draw for draw in returned if draw.package_id == package.id]
        if here:
            usable = all(
                _is_usable(rulebook, redemption, draw, package, request.now) for draw in here
            )
            usable_in[package.id] = usable
            about_package = replace(request, usable=usable)
            found += act_findings(acts.NOTES_OF_RETURNS, redemption, about_package, package)
    if not all(usable_in.values()):
        return found, False
    known = bool(returned) and all(draw.package_id in usable_in for draw in returned)
    return found, True if known else None


def _is_usable(
    rulebook: Rulebook, redemption: Redemption, draw: Draw, package: Package, now: datetime
) -> bool:
    """Tell whether a booking of that line would be refused by no rule that says `on_return`.

    It is asked of a start at the later of the act and the beginning of the package's validity; a
    rule that asks for local time is told UTC where no zone is known, since nothing stops a return.
    """
    entitlement = package.entitlement(draw.entitlement_id)
    if entitlement is None:
        return False
    line = redemption.booking.lines[draw.line]
    starts_at = now if package.valid_from is None else max(now, package.valid_from)
    case = Case(
        account=AccountSettings(time_zone=zone_of(redemption.time_zone_key) or zone_of("UTC")),
        client=Client(id=redemption.client_id),
        packages=(package,),
        booking=Booking(id=redemption.booking.id, lines=(line,), starts_at=starts_at),
        now=now,
    )
    rules = rulebook.by_scope
    return not any(
        rule.on_return and rule.finds(condition(case, package)) for condition, rule in rules.package
    ) and not any(
        rule.on_return and rule.finds(condition(case, package, entitlement, line))
        for condition, rule in rules.credit
    )


def _state_after(
    redemption: Redemption, request: Request, staff_override: CreditOutcome | None, *, late: bool
) -> DrawState:
    if request.act is Act.COMPLETE:
        return DrawState.REDEEMED
    if request.act is Act.FORGIVE:
        return DrawState.RETURNED
    if request.act is Act.NO_SHOW:
        return _STATE_AFTER[acts.credit_on_no_show(redemption.terms, staff_override)]
    return _STATE_AFTER[acts.credit_on_cancel(redemption.terms, by=request.by, late=late)]


def end_lines(
    redemption: Redemption, draws: Iterable[Draw], *, ending: Ending, state: DrawState
) -> Change:
    """Return the change that takes these draws to *state* by that ending."""
    chosen = {draw.line for draw in draws}
    after = replace(
        redemption,
        draws=tuple(
            [
                replace(draw, state=state, endings=(*draw.endings, _dated(ending, draw)))
                if draw.line in chosen
                else draw
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


def _dated(ending: Ending, draw: Draw) -> Ending:
    """Return the ending with the start that the line had when it first ended, if that differs."""
    return ending if draw.ending is None else replace(ending, starts_at=draw.ending.starts_at)


def settle(
    rulebook: Rulebook,
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
    states = {draw.state for draw in draws}
    outcome = None
    if DrawState.FORFEITED in states:
        outcome = CreditOutcome.FORFEIT
    elif states == {DrawState.RETURNED}:
        outcome = CreditOutcome.RETURN
    notes, usable = return_findings(rulebook, redemption, request, draws, packages)
    return _unchecked_settlement(
        allowed=True,
        change=change,
        outcome=outcome,
        late=late,
        findings=findings + notes,
        credit_usable=usable,
        time_zone_key=redemption.time_zone_key,
        client_text=acts.text_for_client(
            request.act,
            outcome,
            allowed=True,
            usable=usable,
            findings=findings,
        ),
    )


def refuse(
    redemption: Redemption, request: Request, findings: tuple[Finding, ...], *, late: bool
) -> Settlement:
    """Return the settlement of an act that is refused: nothing changes."""
    return _unchecked_settlement(
        allowed=False,
        change=None,
        outcome=None,
        late=late,
        findings=findings,
        credit_usable=None,
        time_zone_key=redemption.time_zone_key,
        client_text=acts.text_for_client(
            request.act, None, allowed=False, usable=None, findings=findings
        ),
    )
