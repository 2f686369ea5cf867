"""What the tables of a store can't hold: limits that a contract declares, and what each leaves out.

A limit is a question about a package or a change, never a list of tests: whatever a test hands to
the store is asked, so that a new test needs no bookkeeping.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Final, Self, cast
from unittest import SkipTest

from pkgredeem import (
    UNLIMITED,
    Change,
    InvalidValueError,
    Package,
    PackageKind,
    PackageStatus,
)

LONGEST_TEXT: Final = 255
_ONLY: Final = "main"  # what an entitlement is called that has no row of its own


class Limit(StrEnum):
    """What the tables of a store can't hold, so that its contract need not try it.

    A limit that is declared although the store holds the thing does no harm: less is tried. The
    attribute `reason` says in words what can't be held.

    Example:
        >>> Limit.NO_LEGACY.reason
        'no legacy packages (T04)'
    """

    ONE_ENTITLEMENT = "one_entitlement", "one entitlement in a package, of any services"
    ONE_SERVICE = "one_service", "one entitlement in a package, of one service"
    NO_LEGACY = "no_legacy", "no legacy packages (T04)"
    NO_ARCHIVED = "no_archived", "no archived packages (T24)"
    NO_SHARING = "no_sharing", "nobody but the owner of a package (D59)"
    NO_PRIORITY = "no_priority", "no priority of packages (D20)"
    NO_SALE_DATE = "no_sale_date", "no instant at which a package was sold (D32)"
    NO_START = "no_start", "no beginning of validity (D06)"
    NO_END = "no_end", "no end of validity (D06)"
    WHOLE_DAYS = "whole_days", "beginnings and ends at midnight in UTC only"
    NO_NAMES = "no_names", "no names of packages (D72)"
    NO_PLANS = (
        "no_plans",
        (
            "no uses and versions (D57, D66), no unlimited credits (D42), and no quotas or other "
            "facts of plans (D40)"
        ),
    )
    NO_HISTORY = "no_history", "no history of movements"
    ONE_LINE = "one_line", "bookings of one line only"
    NO_EXCHANGE = "no_exchange", "not which booking another took the place of (D71)"
    PLAIN_TEXTS = "plain_texts", f"ids and notes of at most {LONGEST_TEXT} characters, none NUL"

    reason: str

    def __new__(cls, word: str, reason: str) -> Self:
        """Make the member that is equal to its word."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.reason = reason
        return member

    @property
    def told(self) -> str:
        """The limit with its reason."""
        return f"{self}: {self.reason}"


class NotTried(SkipTest):
    """What a test wants can't be held by the tables of the store."""

    def __init__(self, limit: Limit) -> None:
        """Say which limit stands against it, and what that means."""
        super().__init__(f"not tried: {limit.told}")
        self.told = limit.told


def limits_of(declared: object) -> frozenset[Limit]:
    """Return the limits that a contract declares.

    Raises:
        InvalidValueError: it is not a list of limits.
    """
    allowed = f"limits, of {', '.join(sorted(Limit))}"
    if isinstance(declared, str) or not isinstance(declared, Iterable):
        raise InvalidValueError("limits", declared, f"a list of {allowed}")
    listed = list(cast("Iterable[object]", declared))
    unknown = [word for word in listed if word not in set(Limit)]
    if unknown:
        raise InvalidValueError("limits", unknown[0], allowed)
    return frozenset(Limit[cast("str", word).upper()] for word in listed)


def check_package(limits: frozenset[Limit], package: Package) -> None:
    """Raise `NotTried` where one of these limits keeps a store from holding the package."""
    for limit in sorted(limits):
        if limit in _OF_PACKAGES and _OF_PACKAGES[limit](package):
            raise NotTried(limit)


def check_change(limits: frozenset[Limit], change: Change) -> None:
    """Raise `NotTried` where one of these limits keeps a store from holding the change."""
    for limit in sorted(limits):
        if limit in _OF_CHANGES and _OF_CHANGES[limit](change):
            raise NotTried(limit)


def _has_other_entitlements(package: Package) -> bool:
    return any(entitlement.id != _ONLY for entitlement in package.entitlements)


def _draws_on_another_entitlement(change: Change) -> bool:
    return any(draw.entitlement_id != _ONLY for draw in change.after.draws)


def _is_a_plan(package: Package) -> bool:
    return bool(
        package.beyond - {"shared_with", "status"}
        or package.status in {PackageStatus.SUSPENDED, PackageStatus.VOID}
        or any(entitlement.remaining is UNLIMITED for entitlement in package.entitlements)
    )


def _has_an_instant_in_a_day(package: Package) -> bool:
    instants = (package.valid_from, package.valid_until)
    return any(at is not None and at.timestamp() % 86_400 for at in instants)


def _has_an_odd_text(value: Package | Change) -> bool:
    return any(len(text) > LONGEST_TEXT or "\0" in text for text in _texts_in(value))


def _texts_in(value: object) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | frozenset):
        for part in cast("Iterable[object]", value):
            yield from _texts_in(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts_in(getattr(value, field.name))


_OF_PACKAGES: Final[dict[Limit, Callable[[Package], object]]] = {
    Limit.ONE_ENTITLEMENT: _has_other_entitlements,
    Limit.ONE_SERVICE: lambda package: (
        _has_other_entitlements(package) or len(package.entitlements[0].services) > 1
    ),
    Limit.NO_LEGACY: lambda package: package.kind is PackageKind.LEGACY,
    Limit.NO_ARCHIVED: lambda package: package.status is PackageStatus.ARCHIVED,
    Limit.NO_SHARING: lambda package: package.shared_with,
    Limit.NO_PRIORITY: lambda package: package.priority,
    Limit.NO_SALE_DATE: lambda package: package.sold_at,
    Limit.NO_START: lambda package: package.valid_from,
    Limit.NO_END: lambda package: package.valid_until,
    Limit.WHOLE_DAYS: _has_an_instant_in_a_day,
    Limit.NO_NAMES: lambda package: package.name,
    Limit.NO_PLANS: _is_a_plan,
    Limit.PLAIN_TEXTS: _has_an_odd_text,
}
_OF_CHANGES: Final[dict[Limit, Callable[[Change], object]]] = {
    Limit.ONE_ENTITLEMENT: _draws_on_another_entitlement,
    Limit.ONE_SERVICE: _draws_on_another_entitlement,
    Limit.ONE_LINE: lambda change: len(change.after.booking.lines) > 1,
    Limit.NO_EXCHANGE: lambda change: change.after.replaces,
    Limit.PLAIN_TEXTS: _has_an_odd_text,
}
