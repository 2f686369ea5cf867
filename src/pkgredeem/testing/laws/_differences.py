"""Two decisions side by side, and a case at other instants or in another zone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pkgredeem import Booking, Case, Decision, Draw, Ending, Finding, Package, Redemption

Moving: TypeAlias = Callable[[datetime], datetime]


def difference(before: Decision, after: Decision, back: timedelta = timedelta(0)) -> str | None:
    """Return in words where two decisions differ, the second with its instants taken back.

    The zone in which times are told is no part of the answer. None when they do not differ.
    """
    parts = zip(_told(before, timedelta(0)), _told(after, back), strict=True)
    found = [f"{name} {one} became {other}" for (name, one), (_, other) in parts if one != other]
    return ", ".join(found) or None


def _told(decision: Decision, back: timedelta) -> Iterator[tuple[str, object]]:
    redemption = decision.redemption
    yield "eligible", decision.eligible
    yield "reasons", [_finding(each, back) for each in decision.reasons]
    yield "notes", [_finding(each, back) for each in decision.notes]
    yield "draws", drawn(decision)
    yield "uncovered", decision.uncovered
    yield "deposit", decision.deposit.value
    yield "card capture", decision.card_capture.value
    yield "prompt", decision.prompt
    yield "refund on cancel", decision.refund_on_cancel
    schedule = () if redemption is None else redemption.schedule
    yield "schedule", [f"{until - back}: {what}" for until, what in schedule]
    free_until = None if redemption is None else redemption.free_until
    yield "free until", None if free_until is None else str(free_until - back)


def _finding(finding: Finding, back: timedelta) -> str:
    facts = ", ".join(
        f"{name}={value - back if isinstance(value, datetime) else value}"
        for name, value in finding.facts
    )
    return f"{finding.code}({', '.join(part for part in (finding.subject, facts) if part)})"


def drawn(decision: Decision) -> list[tuple[int, str, str]]:
    """Return for each line that is paid with a credit: line, package and entitlement."""
    if decision.redemption is None:
        return []
    return [(each.line, each.package_id, each.entitlement_id) for each in decision.redemption.draws]


def codes(decision: Decision) -> list[str]:
    """Return the codes of the reasons."""
    return [reason.code for reason in decision.reasons]


def instants_of(case: Case) -> list[datetime]:
    """Return every instant of the case."""
    seen: list[datetime] = []

    def noted(moment: datetime) -> datetime:
        seen.append(moment)
        return moment

    with_instants(case, noted, case.account.time_zone)
    return seen


def with_instants(case: Case, move: Moving, zone: ZoneInfo | None) -> Case:
    """Return the case with every instant moved, in an account of that zone."""
    existing = case.existing
    return replace(
        case,
        account=replace(case.account, time_zone=zone),
        packages=tuple(_package(each, move) for each in case.packages),
        booking=_booking(case.booking, move),
        now=move(case.now),
        existing=None if existing is None else _redemption(existing, move, zone),
    )


def _booking(booking: Booking, move: Moving) -> Booking:
    return replace(booking, starts_at=move(booking.starts_at))


def _package(package: Package, move: Moving) -> Package:
    return replace(
        package,
        sold_at=_optional(package.sold_at, move),
        valid_from=_optional(package.valid_from, move),
        valid_until=_optional(package.valid_until, move),
    )


def _redemption(redemption: Redemption, move: Moving, zone: ZoneInfo | None) -> Redemption:
    return replace(
        redemption,
        booking=_booking(redemption.booking, move),
        starts_at=move(redemption.starts_at),
        draws=tuple(_draw(each, move) for each in redemption.draws),
        free_until=_optional(redemption.free_until, move),
        booked_at=move(redemption.booked_at),
        time_zone=zone,
        reschedules=tuple(_ending(each, move) for each in redemption.reschedules),
    )


def _draw(draw: Draw, move: Moving) -> Draw:
    return draw if draw.ending is None else replace(draw, ending=_ending(draw.ending, move))


def _ending(ending: Ending, move: Moving) -> Ending:
    return replace(ending, at=move(ending.at))


def _optional(moment: datetime | None, move: Moving) -> datetime | None:
    return None if moment is None else move(moment)
