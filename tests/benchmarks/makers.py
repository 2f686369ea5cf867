"""Three ways in which a hand-written function can make the values that it returns.

The values are frozen and check their fields, and making them is most of what a decision costs. So
the same hand-written function is measured with each of these:

- `CHECKED`: the public constructors, as anyone would write it first;
- `STORED`: every field stored by `object.__setattr__` on a value that nothing has checked, which is
  what somebody does whose only aim is speed, and who knows the public names only;
- `BORROWED`: the library's own private constructor, so that what is left between the two is the
  rules, the checks of the arguments and the generality.
"""

# ruff: noqa: PLR0917 - constructors by position, so that each of the three is as fast as it can be

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import (
    Actor,
    Booking,
    CancellationTerms,
    CardCaptureOutcome,
    Decision,
    DepositOutcome,
    Draw,
    DrawState,
    Ending,
    Finding,
    Redemption,
    Scope,
)
from pkgredeem._model.unchecked import unchecked

Facts = tuple[tuple[str, str | int | datetime], ...]


@dataclass(frozen=True, kw_only=True)
class Makers:
    """One constructor for each kind of value, with its fields by position, in their order."""

    name: str
    draw: Callable[..., Draw]
    finding: Callable[..., Finding]
    redemption: Callable[..., Redemption]
    decision: Callable[..., Decision]


def _checked_draw(
    line: int,
    package_id: str,
    entitlement_id: str,
    service_id: str,
    state: DrawState,
    ending: Ending | None,
) -> Draw:
    return Draw(
        line=line,
        package_id=package_id,
        entitlement_id=entitlement_id,
        service_id=service_id,
        state=state,
        ending=ending,
    )


def _checked_finding(
    code: str,
    scope: Scope,
    clauses: tuple[str, ...],
    message: str,
    advice: str,
    client_text: str | None,
    subject: str,
    facts: Facts,
) -> Finding:
    return Finding(
        code=code,
        scope=scope,
        clauses=clauses,
        message=message,
        advice=advice,
        client_text=client_text,
        subject=subject,
        facts=facts,
    )


def _checked_redemption(
    booking: Booking,
    client_id: str,
    starts_at: datetime,
    draws: tuple[Draw, ...],
    terms: CancellationTerms | None,
    free_until: datetime | None,
    deposit: DepositOutcome,
    card_capture: CardCaptureOutcome,
    rulebook: str,
    booked_at: datetime,
    time_zone: ZoneInfo | None,
    version: int,
    reschedules: tuple[Ending, ...],
) -> Redemption:
    return Redemption(
        booking=booking,
        client_id=client_id,
        starts_at=starts_at,
        draws=draws,
        terms=terms,
        free_until=free_until,
        deposit=deposit,
        card_capture=card_capture,
        rulebook=rulebook,
        booked_at=booked_at,
        time_zone=time_zone,
        version=version,
        reschedules=reschedules,
    )


def _checked_decision(
    booking: Booking,
    eligible: bool,
    reasons: tuple[Finding, ...],
    notes: tuple[Finding, ...],
    deposit: DepositOutcome,
    card_capture: CardCaptureOutcome,
    redemption: Redemption | None,
    uncovered: tuple[int, ...],
    rulebook: str,
    time_zone: ZoneInfo | None,
    decided_at: datetime,
    prompt: bool,
    recorded: bool,
    again: bool,
    by: Actor,
    note: str,
) -> Decision:
    return Decision(
        booking=booking,
        eligible=eligible,
        reasons=reasons,
        notes=notes,
        deposit=deposit,
        card_capture=card_capture,
        redemption=redemption,
        uncovered=uncovered,
        rulebook=rulebook,
        time_zone=time_zone,
        decided_at=decided_at,
        prompt=prompt,
        recorded=recorded,
        again=again,
        by=by,
        note=note,
    )


_new = object.__new__
_put = object.__setattr__


def _stored_draw(
    line: int,
    package_id: str,
    entitlement_id: str,
    service_id: str,
    state: DrawState,
    ending: Ending | None,
) -> Draw:
    made = _new(Draw)
    _put(made, "line", line)
    _put(made, "package_id", package_id)
    _put(made, "entitlement_id", entitlement_id)
    _put(made, "service_id", service_id)
    _put(made, "state", state)
    _put(made, "ending", ending)
    return made


def _stored_finding(
    code: str,
    scope: Scope,
    clauses: tuple[str, ...],
    message: str,
    advice: str,
    client_text: str | None,
    subject: str,
    facts: Facts,
) -> Finding:
    made = _new(Finding)
    _put(made, "code", code)
    _put(made, "scope", scope)
    _put(made, "clauses", clauses)
    _put(made, "message", message)
    _put(made, "advice", advice)
    _put(made, "client_text", client_text)
    _put(made, "subject", subject)
    _put(made, "facts", facts)
    return made


def _stored_redemption(
    booking: Booking,
    client_id: str,
    starts_at: datetime,
    draws: tuple[Draw, ...],
    terms: CancellationTerms | None,
    free_until: datetime | None,
    deposit: DepositOutcome,
    card_capture: CardCaptureOutcome,
    rulebook: str,
    booked_at: datetime,
    time_zone: ZoneInfo | None,
    version: int,
    reschedules: tuple[Ending, ...],
) -> Redemption:
    made = _new(Redemption)
    _put(made, "booking", booking)
    _put(made, "client_id", client_id)
    _put(made, "starts_at", starts_at)
    _put(made, "draws", draws)
    _put(made, "terms", terms)
    _put(made, "free_until", free_until)
    _put(made, "deposit", deposit)
    _put(made, "card_capture", card_capture)
    _put(made, "rulebook", rulebook)
    _put(made, "booked_at", booked_at)
    _put(made, "time_zone", time_zone)
    _put(made, "version", version)
    _put(made, "reschedules", reschedules)
    return made


def _stored_decision(
    booking: Booking,
    eligible: bool,
    reasons: tuple[Finding, ...],
    notes: tuple[Finding, ...],
    deposit: DepositOutcome,
    card_capture: CardCaptureOutcome,
    redemption: Redemption | None,
    uncovered: tuple[int, ...],
    rulebook: str,
    time_zone: ZoneInfo | None,
    decided_at: datetime,
    prompt: bool,
    recorded: bool,
    again: bool,
    by: Actor,
    note: str,
) -> Decision:
    made = _new(Decision)
    _put(made, "booking", booking)
    _put(made, "eligible", eligible)
    _put(made, "reasons", reasons)
    _put(made, "notes", notes)
    _put(made, "deposit", deposit)
    _put(made, "card_capture", card_capture)
    _put(made, "redemption", redemption)
    _put(made, "uncovered", uncovered)
    _put(made, "rulebook", rulebook)
    _put(made, "time_zone", time_zone)
    _put(made, "decided_at", decided_at)
    _put(made, "prompt", prompt)
    _put(made, "recorded", recorded)
    _put(made, "again", again)
    _put(made, "by", by)
    _put(made, "note", note)
    return made


CHECKED: Final = Makers(
    name="public constructors",
    draw=_checked_draw,
    finding=_checked_finding,
    redemption=_checked_redemption,
    decision=_checked_decision,
)
STORED: Final = Makers(
    name="unchecked, by object.__setattr__",
    draw=_stored_draw,
    finding=_stored_finding,
    redemption=_stored_redemption,
    decision=_stored_decision,
)
BORROWED: Final = Makers(
    name="the library's private constructor",
    draw=unchecked(Draw),
    finding=unchecked(Finding),
    redemption=unchecked(Redemption),
    decision=unchecked(Decision),
)
EVERY_WAY: Final = (CHECKED, STORED, BORROWED)
