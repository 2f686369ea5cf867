"""A case at other instants, or in another zone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pkgredeem import Booking, Case, Draw, Ending, Package, Redemption

Moving: TypeAlias = Callable[[datetime], datetime]


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
        packages=tuple(_package(package, move) for package in case.packages),
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
        draws=tuple(_draw(draw, move) for draw in redemption.draws),
        free_until=_optional(redemption.free_until, move),
        booked_at=move(redemption.booked_at),
        time_zone=zone,
        reschedules=tuple(_ending(ending, move) for ending in redemption.reschedules),
    )


def _draw(draw: Draw, move: Moving) -> Draw:
    return draw if draw.ending is None else replace(draw, ending=_ending(draw.ending, move))


def _ending(ending: Ending, move: Moving) -> Ending:
    return replace(ending, at=move(ending.at))


def _optional(moment: datetime | None, move: Moving) -> datetime | None:
    return None if moment is None else move(moment)
