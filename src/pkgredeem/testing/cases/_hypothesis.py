"""What hypothesis calls when it is imported, so that `from_type` knows what callers hand in.

Light: nothing but the core is imported here. The strategies are when one is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

import pkgredeem as p

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

#: The strategy of each value that callers hand in, by its name in `strategies`.
STRATEGY_OF: Final[dict[type, str]] = {
    p.AccountSettings: "account_settings",
    p.Booking: "bookings",
    p.BookingLine: "booking_lines",
    p.CancellationTerms: "cancellation_terms",
    p.Case: "cases",
    p.Client: "clients",
    p.Days: "days",
    p.Entitlement: "entitlements",
    p.Hours: "hours",
    p.Package: "packages",
    p.Pause: "pauses",
    p.Quota: "quotas",
    p.Restrictions: "restrictions",
    p.Service: "services",
    p.Term: "terms",
    p.Use: "uses",
}


def register() -> None:
    """Tell hypothesis how these values are made; called through its entry point."""
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415  (see the module's text)

    for value in STRATEGY_OF:
        register_type_strategy(value, _strategy)


def _strategy(value: type[object]) -> "SearchStrategy[object]":
    strategies = import_module("pkgredeem.testing.cases.strategies")
    return cast("SearchStrategy[object]", getattr(strategies, STRATEGY_OF[value])())
