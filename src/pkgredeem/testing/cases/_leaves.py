"""A value with each of its leaves changed: a case at other instants, or with other ids."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from operator import is_
from typing import Any, Final, TypeAlias, TypeVar, cast
from zoneinfo import ZoneInfo

from pkgredeem import Case, Period

#: What takes the place of a leaf, given the name of its field.
_Change: TypeAlias = Callable[[str, object], object]
_Value = TypeVar("_Value")

_IDS: Final = {
    *("id", "booking_id", "client_id", "package_id", "entitlement_id", "service_id"),
    *("only", "replaces", "services", "shared_with", "subject"),
}
#: Periods of quotas that are counted without the account's calendar.
_WITHOUT_CALENDAR: Final = frozenset((Period.EVER, Period.UPCOMING, Period.BOOKING))


def changed(value: _Value, change: _Change, name: str = "") -> _Value:
    """Return a case, an answer or a part of one with each leaf as *change* makes it.

    What stays as it is is not made anew, and what a value computes of itself is no leaf.
    """
    whole = cast("Any", value)
    if is_dataclass(whole) and not isinstance(whole, type):
        parts: dict[str, object] = {}
        for name_of_part in (field.name for field in fields(whole) if field.init):
            part = getattr(whole, name_of_part)
            new = changed(part, change, name_of_part)
            if new is not part:
                parts[name_of_part] = new
        return cast("_Value", replace(whole, **parts)) if parts else value
    if isinstance(whole, tuple | frozenset):
        # sets by what they hold, since the hashes of texts differ from run to run
        is_set, inner = isinstance(whole, frozenset), cast("tuple[object, ...]", whole)
        inner = tuple(sorted(inner, key=repr)) if is_set else inner
        members = [changed(member, change, name) for member in inner]
        if all(map(is_, members, inner)):
            return value
        return cast("_Value", frozenset(members) if is_set else tuple(members))
    return cast("_Value", change(name, whole))


def moved(value: _Value, move: Callable[[datetime], datetime]) -> _Value:
    """Return a case or an answer with every instant of it moved."""
    return changed(value, lambda _, leaf: move(leaf) if isinstance(leaf, datetime) else leaf)


def renamed(value: _Value, rename: Callable[[str], str]) -> _Value:
    """Return a case or an answer with every id of it renamed."""

    def other_id(name: str, leaf: object) -> object:
        return rename(leaf) if name in _IDS and isinstance(leaf, str) and leaf else leaf

    return changed(value, other_id)


def in_zone(case: Case, zone: ZoneInfo | None) -> Case:
    """Return the case in an account of that zone."""
    key = None if zone is None else zone.key
    return changed(case, {"time_zone": zone, "time_zone_key": key}.get)


def reads_the_calendar(case: Case) -> bool:
    """Return whether a package asks for an hour or a day, or counts them: it needs a zone (D46)."""
    return any(
        package.lasts is not None
        or any(quota.per not in _WITHOUT_CALENDAR for quota in (*package.quotas, *held.quotas))
        or any(asked.hours or asked.not_on for asked in package.restrictions_on(held))
        for package in case.packages
        for held in package.entitlements
    )


def instants_of(case: Case) -> list[datetime]:
    """Return every instant of the case."""
    found: list[datetime] = []

    def noted(moment: datetime) -> datetime:
        found.append(moment)
        return moment

    moved(case, noted)
    return found


def ids_of(case: Case) -> list[str]:
    """Return every id of the case, each once."""
    found: dict[str, str] = {}
    renamed(case, lambda name: found.setdefault(name, name))
    return list(found)
