"""Whole numbers in place of instants, so that the library's own code can be run symbolically.

A solver knows whole numbers well and datetimes badly. The rules only compare instants and add
elapsed time, which whole numbers do alike, so the very same code objects are run over them.
"""

from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Any

from pkgredeem import Actor, Package, Redemption, rules

#: The calendar in whole numbers: its first and its last instant.
FIRST, LAST = 0, 1_000_000


def over_numbers(function: Callable[..., Any], **replaced: object) -> Callable[..., Any]:
    """Return the function with some of the global names that it uses replaced."""
    assert isinstance(function, FunctionType)
    made = FunctionType(function.__code__, {**function.__globals__, **replaced})
    made.__kwdefaults__ = function.__kwdefaults__
    return made


earlier = over_numbers(rules.acts._earlier, EARLIEST=FIRST)
later = over_numbers(rules.acts._later, LATEST=LAST)
free_until = over_numbers(rules.acts.free_until, _earlier=earlier)
free_until_rescheduled = over_numbers(
    rules.acts.free_until_rescheduled, _earlier=earlier, _later=later
)


class _Held(SimpleNamespace):
    has_started_by = Package.has_started_by
    is_over_by = Package.is_over_by
    is_valid_at = Package.is_valid_at
    is_active = Package.is_active
    is_held_by = Package.is_held_by
    is_sold_by = Package.is_sold_by
    has_credit = Package.has_credit


class _Booked(SimpleNamespace):
    is_late = Redemption.is_late
    has_started_by = Redemption.has_started_by
    schedule = Redemption.schedule
    was_booked_late = Redemption.was_booked_late


def held(**fields: object) -> Any:  # noqa: ANN401 - it stands in for a Package
    """Return what stands in for a package: the same methods over these fields."""
    plain: dict[str, object] = {"sold_at": None, "valid_from": None, "valid_until": None}
    return _Held(**(plain | fields))


def booked(**fields: object) -> Any:  # noqa: ANN401 - it stands in for a Redemption
    """Return what stands in for a redemption: the same methods over these fields."""
    plain: dict[str, object] = {"is_open": True, "reschedules": (), "free_until": None}
    return _Booked(**(plain | fields))


def asked(now: int, starts_at: int, **fields: object) -> Any:  # noqa: ANN401 - it stands in for a Case
    """Return what stands in for a case: a start, the present, and these fields."""
    plain: dict[str, object] = {"by": Actor.CLIENT, "exchanged": None}
    booking = SimpleNamespace(starts_at=starts_at)
    return SimpleNamespace(**(plain | {"now": now, "booking": booking} | fields))


def wanted(**fields: object) -> Any:  # noqa: ANN401 - it stands in for a Request
    """Return what stands in for an act that somebody wants to do."""
    plain: dict[str, object] = {"starts_at": None, "usable": None}
    return SimpleNamespace(**(plain | fields))


def finds(found: object) -> bool:
    """Tell whether a rule's answer says that its fact is there."""
    return found is not False


def by(business: bool) -> Actor:
    """Return who acts."""
    return Actor.BUSINESS if business else Actor.CLIENT
