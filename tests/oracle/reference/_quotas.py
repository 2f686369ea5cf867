"""How many more lines of a booking a quota has room for, counted use by use (D54, D55)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

from ._calendar import local

if TYPE_CHECKING:
    from ._filled import Doc


def used(case: Doc, quota: Doc, uses: list[Doc]) -> int | None:
    """Count the uses in the fullest period that the booking lies in; None if it lies in none."""
    per, start, now = quota["per"], case["booking"]["starts_at"], case["now"]
    if per == "booking":
        return 0
    if per == "ever":
        return len(uses)
    if per == "upcoming":
        upcoming = [use for use in uses if use["state"] == "reserved" and use["starts_at"] > now]
        return len(upcoming) if start > now else None
    day = _day(case, start)
    days = [_day(case, use["starts_at"]) for use in uses]
    if per.endswith(" days"):
        count = int(per.removesuffix(" days"))
        return max(_in_a_row(days, day - timedelta(days=back), count) for back in range(count))
    week_starts = case["account"]["week_starts"]
    return sum(_period(one, per, week_starts) == _period(day, per, week_starts) for one in days)


def _day(case: Doc, at: datetime) -> date:
    """Give the account's own date at an instant."""
    return local(at, case["account"]["time_zone"]).date()


def _in_a_row(days: list[date], first: date, count: int) -> int:
    """Count the days that lie in so many days in a row."""
    return sum(first <= day < first + timedelta(days=count) for day in days)


def _period(day: date, per: str, week_starts: int) -> object:
    """Name the day, week, month or year that a day lies in."""
    if per == "day":
        return day
    if per == "week":
        return day - timedelta(days=(day.isoweekday() - week_starts) % 7)
    return (day.year, day.month) if per == "month" else day.year


def room(case: Doc, quota: Doc, uses: list[Doc]) -> float:
    """Count how many lines of the booking a quota still allows."""
    count = used(case, quota, uses)
    return inf if count is None else max(quota["most"] - count, 0)


def uses_of_entitlement(package: Doc, entitlement: Doc) -> list[Doc]:
    """Give the uses of one entitlement of a package, the booking's own reserved ones off."""
    return [use for use in package["counted"] if use["entitlement_id"] == entitlement["id"]]


def quotas_of(package: Doc, entitlement: Doc) -> list[tuple[str, Doc, list[Doc]]]:
    """List what limits a credit, the package's quotas first: whose, the quota and the uses."""
    return [
        *(("package", quota, package["counted"]) for quota in package["quotas"]),
        *(
            ("entitlement", quota, uses_of_entitlement(package, entitlement))
            for quota in entitlement["quotas"]
        ),
    ]


def first_quota(
    case: Doc,
    package: Doc,
    entitlement: Doc,
    of_package: int,
    of_entitlement: int,
    *,
    is_full: bool = True,
) -> Doc | None:
    """Give the facts of a credit's first quota, without a place when so many lines are drawn."""
    for whose, quota, uses in quotas_of(package, entitlement):
        count = used(case, quota, uses)
        drawn = of_package if whose == "package" else of_entitlement
        if count is not None and (count + drawn >= quota["most"] or not is_full):
            return {
                "used": count + drawn,
                "most": quota["most"],
                "per": quota["per"],
                "name": quota["name"],
            }
    return None
