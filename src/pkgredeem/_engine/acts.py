"""How an act that ends lines of a redemption is judged, and what it changes.

Always in this order (D37): broken input and closed lines raise; the same act again changes nothing;
an act before the booking was made raises (D74); then every refusal is given; then the outcome. No
rule text: what refuses an act, and what becomes of the credit, stands in `rules.acts`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pkgredeem._engine.findings import act_findings
from pkgredeem._engine.lines import concerned_lines
from pkgredeem._engine.returns import return_findings
from pkgredeem._model import checks as check
from pkgredeem._model.account import CancellationTerms
from pkgredeem._model.answers import Settlement
from pkgredeem._model.draws import BUCKET_OF, Draw, Ending
from pkgredeem._model.finding import Finding
from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.packages import Package, checked_packages
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import Act, Actor, Bucket, CreditOutcome, DrawState
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
        windows = [
            recorded_window(redemption.terms_of(draw.line), ending)
            for draw in chosen
            for ending in draw.endings
            if ending.act is request.act and ending.late
        ]
        return settle(rulebook, redemption, request, draws=chosen, packages=found, windows=windows)
    request = replace(
        request,
        now=moment_of_act(redemption, request.now),
        lines=tuple([draw.line for draw in pending]),
    )
    refusals = act_findings(acts.REFUSALS, redemption, request)
    if refusals:
        return refuse(redemption, request, refusals)
    states = {
        draw.line: _state_after(redemption, request, draw.line, staff_override) for draw in pending
    }
    change = end_lines(redemption, request, states, note=note)
    numbers = {draw.line for draw in chosen}
    return settle(
        rulebook,
        redemption,
        request,
        change=change,
        draws=[draw for draw in change.after.draws if draw.line in numbers],
        packages=found,
        windows=late_windows(redemption, request),
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


def _state_after(
    redemption: Redemption, request: Request, line: int, staff_override: CreditOutcome | None
) -> DrawState:
    if request.act is Act.COMPLETE:
        return DrawState.REDEEMED
    if request.act is Act.FORGIVE:
        return DrawState.RETURNED
    if request.act is Act.NO_SHOW:
        return _STATE_AFTER[acts.credit_on_no_show(redemption.terms_of(line), staff_override)]
    by, now = request.by, request.now
    return _STATE_AFTER[acts.credit_on_cancel(redemption, line, by=by, now=now)]


def late_windows(redemption: Redemption, request: Request) -> list[timedelta]:
    """Return the window of each line that a client ends or moves late (D61)."""
    if request.by is not Actor.CLIENT:
        return []
    tiers = [redemption.tier_at(line, request.now) for line in request.lines]
    return [tier[0] for tier in tiers if tier is not None]


def recorded_window(terms: CancellationTerms | None, ending: Ending) -> timedelta:
    """Return the window that a late act fell inside: the one kept with it, else the only one."""
    if ending.window is not None:
        return ending.window
    return timedelta(0) if terms is None else terms.window


def end_lines(
    redemption: Redemption, request: Request, states: Mapping[int, DrawState], *, note: str
) -> Change:
    """Return the change by which the act takes the draws of these lines to their states."""
    after = replace(
        redemption,
        draws=tuple(
            [
                replace(
                    draw,
                    state=states[draw.line],
                    endings=(*draw.endings, _ending_of(redemption, request, draw, note)),
                )
                if draw.line in states
                else draw
                for draw in redemption.draws
            ]
        ),
        version=redemption.version + 1,
    )
    moved: Counter[tuple[str, str, Bucket, Bucket]] = Counter()
    for draw in redemption.draws:
        if draw.line in states:
            source, target = BUCKET_OF[draw.state], BUCKET_OF[states[draw.line]]
            moved[draw.package_id, draw.entitlement_id, source, target] += draw.credits
    movements = [
        _unchecked_movement(
            redemption.booking.id,
            package_id,
            entitlement_id,
            number,
            source,
            target,
            request.act,
            request.now,
            request.by,
            note,
        )
        for (package_id, entitlement_id, source, target), number in sorted(moved.items())
    ]
    return _unchecked_change(redemption, after, tuple(movements), ())


def _ending_of(redemption: Redemption, request: Request, draw: Draw, note: str) -> Ending:
    """Return what ends a line: with the start that it had, and the window of terms with tiers.

    Each is kept only where it says more than the redemption does (D54, D61).
    """
    terms = redemption.terms_of(draw.line)
    late = late_windows(redemption, replace(request, lines=(draw.line,)))
    return Ending(
        act=request.act,
        at=request.now,
        by=request.by,
        late=bool(late),
        note=note,
        starts_at=None if draw.ending is None else draw.ending.starts_at,
        window=late[0] if late and terms is not None and terms.tiers else None,
    )


def settle(
    rulebook: Rulebook,
    redemption: Redemption,
    request: Request,
    *,
    windows: Sequence[timedelta],
    change: Change | None = None,
    draws: Sequence[Draw] = (),
    packages: tuple[Package, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Settlement:
    """Return what an act that is allowed does to these draws, as they stand after it.

    It is late where some line fell inside a window; *windows* holds that of each such line.
    """
    states = {draw.state for draw in draws}
    outcome = None
    if DrawState.FORFEITED in states:
        outcome = CreditOutcome.FORFEIT
    elif states == {DrawState.RETURNED}:
        outcome = CreditOutcome.RETURN
    after = redemption if change is None else change.after
    notes, usable = return_findings(rulebook, after, request, draws, packages)
    return _unchecked_settlement(
        allowed=True,
        change=change,
        outcome=outcome,
        late=bool(windows),
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
        window=min(windows, default=None),
    )


def refuse(redemption: Redemption, request: Request, findings: tuple[Finding, ...]) -> Settlement:
    """Return the settlement of an act that is refused: nothing changes."""
    windows = late_windows(redemption, request)
    return _unchecked_settlement(
        allowed=False,
        change=None,
        outcome=None,
        late=bool(windows),
        findings=findings,
        credit_usable=None,
        time_zone_key=redemption.time_zone_key,
        client_text=acts.text_for_client(
            request.act, None, allowed=False, usable=None, findings=findings
        ),
        window=min(windows, default=None),
    )
