"""Decisions and settlements in words: all of it for staff, one sentence for the client (D24).

Plain text in English, no terminal codes. A catalogue can translate the parts that vary: the
messages of findings, keyed by code.
"""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pkgredeem._model.escape import escape_control_characters
from pkgredeem._model.finding import Finding
from pkgredeem._model.instants import format_instant
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import CardCaptureOutcome, CreditOutcome, DepositOutcome, DrawState

if TYPE_CHECKING:
    from pkgredeem._model.answers import Decision, Settlement

_DEPOSIT = {
    DepositOutcome.NOT_REQUIRED: "no deposit is due",
    DepositOutcome.COLLECT: "collect the deposit",
    DepositOutcome.WAIVED: "the deposit is waived",
}
_CARD_CAPTURE = {
    CardCaptureOutcome.NOT_REQUIRED: "no card is asked for",
    CardCaptureOutcome.CAPTURE: "show the card capture page",
    CardCaptureOutcome.BYPASSED: "the card capture page is bypassed",
}
_CREDIT = {
    CreditOutcome.RETURN: "the credit returns",
    CreditOutcome.FORFEIT: "the credit is forfeited",
}
_PAID = {
    DrawState.RESERVED: "is paid with",
    DrawState.REDEEMED: "was paid with",
    DrawState.RETURNED: "is no longer paid with",
    DrawState.FORFEITED: "is no longer paid with",
}
_ENDED = {
    DrawState.RESERVED: "",
    DrawState.REDEEMED: "",
    DrawState.RETURNED: ", which is returned",
    DrawState.FORFEITED: ", which is forfeited",
}
_STANDS = "what was redeemed before stands"


def decision_for_staff(decision: "Decision") -> str:
    """Return the answer, every finding with its clause and advice, the money, and the schedule."""
    return "\n".join(decision_lines(decision))


def decision_lines(decision: "Decision") -> list[str]:
    """Return the text for staff, line by line: the answer, each reason, each note, the rest."""
    zone = decision.time_zone
    lines = [_answer_line(decision)]
    lines += [_finding_line("reason", finding, zone) for finding in decision.reasons]
    lines += [_finding_line("note", finding, zone) for finding in decision.notes]
    lines.append(f"deposit: {_DEPOSIT[decision.deposit]}")
    lines.append(f"card capture: {_CARD_CAPTURE[decision.card_capture]}")
    redemption = decision.redemption
    if redemption is not None:
        for draw in redemption.draws:
            lines.append(
                f"credit: {draw.service_id} {_PAID[draw.state]} 1 credit of {draw.entitlement_id} "
                f"in package {draw.package_id}{_ENDED[draw.state]}"
            )
        lines.append(f"cancellation: {schedule_in_words(redemption)}")
    lines.append(_zone_line(zone))
    return [escape_control_characters(line) for line in lines]


def schedule_in_words(redemption: Redemption) -> str:
    """Return what a client's cancellation does to the credit and until when (D33)."""
    is_one = sum(draw.is_reserved for draw in redemption.draws) == 1
    credit = "the credit is" if is_one else "the credits are"
    back = "the credit returns" if is_one else "the credits return"
    steps = redemption.schedule
    if not steps:
        return "the appointment has started, only the business can end it"
    until, outcome = steps[0]
    zone = redemption.time_zone
    local_start = redemption.starts_at if zone is None else redemption.starts_at.astimezone(zone)
    end = format_instant(until, zone, year=local_start.year)
    if len(steps) > 1:
        later = steps[1][1]
        after = f"{credit} forfeited" if later is CreditOutcome.FORFEIT else f"{back} all the same"
        return f"free until {end}, then {after}"
    if redemption.terms is None or redemption.free_until == redemption.starts_at:
        return f"free until {end}"
    if outcome is CreditOutcome.RETURN:
        return f"no free cancellation, but {back} all the same until {end}"
    return f"no free cancellation: {credit} forfeited"


def settlement_for_staff(settlement: "Settlement") -> str:
    """Return what happens to the credits, and every finding with its clause and advice."""
    return "\n".join(settlement_lines(settlement))


def settlement_lines(settlement: "Settlement") -> list[str]:
    """Return the text for staff, line by line: what happens, each finding, the rest."""
    zone = settlement.time_zone
    lines = [_outcome_line(settlement)]
    lines += [
        _finding_line("note" if settlement.allowed else "reason", finding, zone)
        for finding in settlement.findings
    ]
    if settlement.credit_usable is False:
        lines.append("usable: no, a package is over, archived or no longer the client's")
    lines.append(_zone_line(zone))
    return [escape_control_characters(line) for line in lines]


def _answer_line(decision: "Decision") -> str:
    if decision.recorded and not decision.again:
        return f"eligible: redeemed already under {decision.rulebook}"
    count = len(decision.reasons)
    reasons = f"{count} reason{'s' if count > 1 else ''}"
    if decision.eligible:
        reasons = decision.client_text
    answer = "eligible" if decision.eligible else "refused"
    if decision.again:
        return f"{answer}, asked again under {decision.rulebook}: {reasons}; {_STANDS}"
    return f"{answer} under {decision.rulebook}: {reasons}"


def _outcome_line(settlement: "Settlement") -> str:
    if not settlement.allowed:
        return "refused: nothing changes"
    words = "done" if settlement.outcome is None else _CREDIT[settlement.outcome]
    if settlement.change is None:
        return f"nothing changes, it was done before: {words}"
    if settlement.outcome is None:
        moved = "redeemed" if settlement.change.movements else "kept for the new start"
        return f"done: the credits are {moved}"
    return f"done: {words}"


def _finding_line(kind: str, finding: Finding, zone: ZoneInfo | None) -> str:
    cited = " ".join(finding.clauses)
    return (
        f"{kind}: {finding.code} [{cited}] {finding.text(zone)}; "
        f"to change it: {finding.advice_text(zone)}"
    )


def _zone_line(zone: ZoneInfo | None) -> str:
    return f"times: in {'UTC' if zone is None else zone.key}"
