"""The lines of an explanation for staff that are about one thing: a finding, a draw, a schedule.

Plain text in English, no terminal codes. A catalogue can translate the parts that vary: the
messages of findings, keyed by code. What an answer says as a whole stands with it, in `answers`.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from pkgredeem._model.draws import Draw
from pkgredeem._model.finding import Finding
from pkgredeem._model.instants import format_instant, with_name
from pkgredeem._model.iso8601 import zone_of
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import CreditOutcome, DrawState

_RETURN = CreditOutcome.RETURN
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


def draw_line(draw: Draw, redemption: Redemption) -> str:
    """Return which service is paid with which credit, and what has become of it."""
    service = redemption.booking.lines[draw.line].service
    package = f"package {draw.package_id}"
    if draw.package_name:
        package = with_name(draw.package_id, draw.package_name)
    credit = package if draw.entitlement_id == "main" else f"{draw.entitlement_id} in {package}"
    units = "1 credit" if draw.credits == 1 else f"{draw.credits} units"
    return (
        f"credit: {with_name(service.id, service.name)} {_PAID[draw.state]} {units} of {credit}"
        f"{_ENDED[draw.state]}"
    )


def schedule_in_words(redemption: Redemption) -> str:
    """Return what a client's cancellation does to the credit and until when (D33)."""
    is_one = sum(draw.is_reserved for draw in redemption.draws) == 1
    credit = "the credit is" if is_one else "the credits are"
    if len(redemption.lines_by_terms) > 1:  # of one package perhaps, and of the other not
        credit = "by the terms of each package credits are"
    back = "the credit returns" if is_one else "the credits return"
    steps = redemption.schedule
    if not steps:
        if redemption.has_started_by(redemption.booked_at):
            return "the appointment has started, only the business can end it"
        return "only the business can change it"
    zone = zone_of(redemption.time_zone_key)
    booked_at = redemption.booked_at if zone is None else redemption.booked_at.astimezone(zone)

    def told(step: tuple[datetime, CreditOutcome, bool]) -> tuple[str, CreditOutcome, bool]:
        return format_instant(step[0], zone, year=booked_at.year), step[1], step[2]

    # Of several windows that do the same the end of the last one is told.
    ends = {(outcome, late): step_end for step_end, outcome, late in map(told, steps)}
    free, returned = ends.get((_RETURN, False)), ends.get((_RETURN, True))
    forfeits = steps[-1][1] is not _RETURN
    text = "no free cancellation" if free is None else f"free until {free}"
    if returned is not None:
        text += f", {'but' if free is None else 'then'} {back} all the same"
        if forfeits or free is None:
            text += f" until {returned}"
    if forfeits:
        text += f"{':' if free is None and returned is None else ', then'} {credit} forfeited"
    if steps[-1][0] < redemption.starts_at:
        text += f"; after {told(steps[-1])[0]} only the business can change it"
    return text


def finding_line(kind: str, finding: Finding, zone: ZoneInfo | None) -> str:
    """Return a finding with its clauses and what would change it; *kind* is reason or note."""
    cited = " ".join(finding.clauses)
    return (
        f"{kind}: {finding.code} [{cited}] {finding.text(zone)}; "
        f"to change it: {finding.advice_text(zone)}"
    )


def zone_line(key: str | None) -> str:
    """Return in which zone the times are told, and whether this machine knows the one wanted."""
    if key is not None and zone_of(key) is None:
        return f"times: in UTC, since this machine does not know {key}"
    return f"times: in {key or 'UTC'}"
