"""Strategies for hypothesis: one for each value, invariants kept, biased to where answers turn.

A whole question comes from `cases`: about half of them are eligible under the rulebook of March.
`policies` lifts rules and adds some. Answers are real ones: decided, and acted on.

Each is a function without arguments, named for what it makes. For a field that must be yours, map:
`packages().map(lambda found: replace(found, client_id="ana"))` with `dataclasses.replace`.
With this library installed, `hypothesis.strategies.from_type(Package)` and the like find them.

>>> from hypothesis import given
>>> from pkgredeem import RedemptionPolicy
>>> @given(cases())
... def a_refusal_has_reasons(case):
...     decision = RedemptionPolicy().decide_case(case)
...     assert decision.eligible is not bool(decision.reasons)
>>> a_refusal_has_reasons()
"""

from pkgredeem.testing.cases._answers import (
    balances,
    changes,
    clauses,
    covers,
    decisions,
    draws,
    endings,
    findings,
    movements,
    online_redemption_settings,
    policies,
    redemptions,
    rulebooks,
    rules,
    settlements,
)
from pkgredeem.testing.cases._questions import (
    account_settings,
    booking_lines,
    bookings,
    cancellation_terms,
    cases,
    clients,
    entitlements,
    instants,
    packages,
    services,
    time_zones,
)

__all__ = [
    "account_settings",
    "balances",
    "booking_lines",
    "bookings",
    "cancellation_terms",
    "cases",
    "changes",
    "clauses",
    "clients",
    "covers",
    "decisions",
    "draws",
    "endings",
    "entitlements",
    "findings",
    "instants",
    "movements",
    "online_redemption_settings",
    "packages",
    "policies",
    "redemptions",
    "rulebooks",
    "rules",
    "services",
    "settlements",
    "time_zones",
]
