"""Whole numbers in place of instants, so that the library's own code can be run symbolically.

A solver knows whole numbers well and datetimes badly. The rules only compare instants and add
elapsed time, which whole numbers do alike, so the very same code objects are run over them.
"""

from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Any

from pkgredeem import (
    Actor,
    CancellationTerms,
    CreditOutcome,
    DrawState,
    Entitlement,
    Package,
    Pause,
    Redemption,
    rules,
)
from pkgredeem._model import counting, instants

#: The calendar in whole numbers: its first and its last instant.
FIRST, LAST = 0, 1_000_000


def over_numbers(function: Callable[..., Any], **replaced: object) -> Callable[..., Any]:
    """Return the function with some of the global names that it uses replaced."""
    assert isinstance(function, FunctionType)
    made = FunctionType(function.__code__, {**function.__globals__, **replaced})
    made.__kwdefaults__ = function.__kwdefaults__
    return made


earlier = over_numbers(instants.earlier, EARLIEST=FIRST)
later = over_numbers(instants.later, LATEST=LAST)
free_until = over_numbers(rules.acts.free_until, earlier=earlier)
free_until_rescheduled = over_numbers(
    rules.acts.free_until_rescheduled, earlier=earlier, later=later
)
credit_on_cancel = over_numbers(rules.acts.credit_on_cancel)
uses_counted = over_numbers(counting.uses_counted)
#: The facts of the first full quota are texts; that there is one is enough.
full_quota = over_numbers(counting.full_quota, quota_facts=lambda *_: True)


class _Held(SimpleNamespace):
    has_started_by = Package.has_started_by
    is_over_by = Package.is_over_by
    is_active = Package.is_active
    is_held_by = Package.is_held_by
    is_sold_by = Package.is_sold_by
    has_credit = Package.has_credit
    is_closed_for_booking = Package.is_closed_for_booking
    pause_at = Package.pause_at
    restrictions_on = Package.restrictions_on
    _can_be_used = Package._can_be_used


class _Credit(SimpleNamespace):
    has_started_by = Entitlement.has_started_by
    is_over_by = Entitlement.is_over_by
    has_credit = Entitlement.has_credit
    has = Entitlement.has


class _Paused(SimpleNamespace):
    includes = Pause.includes


class _Terms(SimpleNamespace):
    windows = CancellationTerms.windows
    tier_at = CancellationTerms.tier_at


class _Booked(SimpleNamespace):
    is_late = Redemption.is_late
    has_started_by = Redemption.has_started_by
    reserved_draws = Redemption.reserved_draws
    schedule = Redemption.schedule
    free_until_of = Redemption.free_until_of
    open_until = over_numbers(Redemption.open_until, earlier=earlier)
    tier_at = Redemption.tier_at
    was_booked_late = Redemption.was_booked_late
    _schedule_of_lines = Redemption._schedule_of_lines
    _changes_of_outcome = over_numbers(Redemption._changes_of_outcome, earlier=earlier)
    _judged_by = Redemption._judged_by
    _draw_of = Redemption._draw_of


def held(**fields: object) -> Any:  # noqa: ANN401 - it stands in for a Package
    """Return what stands in for a package: the same methods over these fields."""
    plain: dict[str, object] = {
        "sold_at": None,
        "valid_from": None,
        "valid_until": None,
        "shared_with": (),
        "book_until": None,
        "pauses": (),
        "restrictions": None,
        "quotas": (),
        "uses": (),
        "beyond": (),
        "end": fields.get("valid_until"),
    }
    return _Held(**(plain | fields))


def credit(remaining: object = 1, **fields: object) -> Any:  # noqa: ANN401 - an Entitlement
    """Return what stands in for an entitlement: the same methods over these fields."""
    plain: dict[str, object] = {
        "id": "main",
        "unit": "credit",
        "remaining": remaining,
        "valid_from": None,
        "valid_until": None,
        "restrictions": None,
        "quotas": (),
    }
    return _Credit(**(plain | fields))


def pause(starts_at: int, ends_at: int | None) -> Any:  # noqa: ANN401 - it stands in for a Pause
    """Return what stands in for a pause."""
    return _Paused(starts_at=starts_at, ends_at=ends_at)


def terms(window: int, late: CreditOutcome = CreditOutcome.FORFEIT, **fields: object) -> Any:  # noqa: ANN401 - CancellationTerms
    """Return what stands in for cancellation terms: the same methods over these fields."""
    plain: dict[str, object] = {"window": window, "late": late, "tiers": (), "changes_close": 0}
    return _Terms(**(plain | fields))


def booked(free_until: int | None = None, **fields: object) -> Any:  # noqa: ANN401 - a Redemption
    """Return what stands in for a redemption of one line: the same methods over these fields."""
    plain: dict[str, object] = {
        "draws": (SimpleNamespace(line=0, state=DrawState.RESERVED, is_reserved=True, terms=None),),
        "reschedules": (),
        "free_until": free_until,
        "terms": None if free_until is None else terms(0),
        "starts_at": 0,
    }
    return _Booked(**(plain | fields))


def asked(now: int, starts_at: int, **fields: object) -> Any:  # noqa: ANN401 - it stands in for a Case
    """Return what stands in for a case: a start, the present, and these fields."""
    plain: dict[str, object] = {"by": Actor.CLIENT, "exchanged": None}
    booking = SimpleNamespace(starts_at=starts_at)
    return SimpleNamespace(**(plain | {"now": now, "booking": booking} | fields))


def wanted(**fields: object) -> Any:  # noqa: ANN401 - it stands in for a Request
    """Return what stands in for an act that somebody wants to do."""
    plain: dict[str, object] = {"starts_at": None, "usable": None, "lines": (0,)}
    return SimpleNamespace(**(plain | fields))


def finds(found: object) -> bool:
    """Tell whether a rule's answer says that its fact is there."""
    return found is not False


def by(business: bool) -> Actor:
    """Return who acts."""
    return Actor.BUSINESS if business else Actor.CLIENT
