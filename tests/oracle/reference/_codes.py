"""Every code in its fixed order, which rulebooks hold it, and which questions ask it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._filled import Doc

SCOPES: dict[str, tuple[str, ...]] = {
    "account": (
        "account_on_legacy_packages",
        "online_redemption_off",
        "client_login_disabled",
    ),
    "client": ("client_not_logged_in",),
    "holdings": ("several_active_packages",),
    "package": (
        "package_of_another_client",
        "package_not_sold_yet",
        "legacy_package",
        "package_archived",
        "package_not_started",
        "package_over",
        "package_over_by_then",
        "package_used_up",
        "package_void",
        "package_suspended",
        "package_booking_over",
        "package_paused",
        "outside_first_use_term",
        "package_not_chosen",
    ),
    "credit": (
        "service_not_in_package",
        "not_enough_credits",
        "cost_unknown",
        "credit_not_started",
        "credit_over",
        "trait_not_allowed",
        "outside_hours",
        "blacked_out",
        "booked_too_late",
        "booked_too_early",
        "quota_reached",
    ),
    "booking": (
        "appointment_started",
        "nothing_to_pay",
        "no_package",
        "mixed_booking",
    ),
    "note": ("no_card_on_file",),
    "act": (
        "changes_closed",
        "late_change",
        "new_start_passed",
        "appointment_not_started",
        "late_cancellation",
        "booked_inside_the_window",
        "credit_not_usable",
    ),
}
OF_RULEBOOKS = frozenset(
    code for scope, codes in SCOPES.items() if scope != "act" for code in codes
)
ONLINE_ONLY = frozenset(
    {
        "account_on_legacy_packages",
        "online_redemption_off",
        "client_login_disabled",
        "client_not_logged_in",
        "several_active_packages",
        "legacy_package",
        "package_archived",
        "booked_too_late",
        "booked_too_early",
        "appointment_started",
        "mixed_booking",
    }
)
LIMITS = frozenset({"several_active_packages", "mixed_booking"})
NEVER_LIFTED = frozenset(
    {
        "package_of_another_client",
        "package_used_up",
        "service_not_in_package",
        "not_enough_credits",
        "cost_unknown",
        "nothing_to_pay",
        "no_package",
    }
)
RULEBOOKS: dict[str, frozenset[str]] = {
    "timely-2026-03": OF_RULEBOOKS,
    "timely-2026-04": OF_RULEBOOKS,
    "online": OF_RULEBOOKS - LIMITS,
    "in-store": OF_RULEBOOKS - ONLINE_ONLY,
}
DEFAULT = "timely-2026-03"
STARTS_ENABLED_AFTER: dict[str, date | None] = {
    "timely-2026-03": date(2026, 3, 31),
    "timely-2026-04": date(2026, 4, 29),
    "online": None,
    "in-store": None,
}
BEYOND_THE_ARTICLE = frozenset(
    {
        "package_void",
        "package_suspended",
        "package_booking_over",
        "package_paused",
        "outside_first_use_term",
        "package_not_chosen",
    }
)
ON_MOVE = frozenset(
    {
        "package_not_started",
        "package_over",
        "package_over_by_then",
        "package_paused",
        "outside_first_use_term",
        "credit_not_started",
        "credit_over",
        "trait_not_allowed",
        "outside_hours",
        "blacked_out",
        "booked_too_late",
        "booked_too_early",
        "quota_reached",
    }
)
ON_RETURN = frozenset(
    {
        "legacy_package",
        "package_archived",
        "package_not_started",
        "package_over",
        "package_over_by_then",
        "package_void",
        "package_suspended",
        "package_booking_over",
        "outside_first_use_term",
        "credit_not_started",
        "credit_over",
    }
)
NOTHING_LIFTED: frozenset[str] = frozenset()


def in_force(rulebook: str, lifted: frozenset[str]) -> frozenset[str]:
    """Give the codes of a rulebook without the lifted ones."""
    if lifted & NEVER_LIFTED:
        message = f"never lifted: {sorted(lifted & NEVER_LIFTED)}"
        raise ValueError(message)
    return RULEBOOKS[rulebook] - lifted


def rulebook_name(rulebook: str, lifted: frozenset[str]) -> str:
    """Name a rulebook and what was lifted from it."""
    return rulebook + "".join(f" -{code}" for code in sorted(lifted))


def found(
    scope: str,
    codes: Mapping[str, bool],
    facts: Mapping[str, Doc] | None = None,
    *,
    subject: str = "",
    name: str = "",
) -> list[Doc]:
    """Turn `{code: is it so}` into findings in the fixed order; `facts` holds facts by code."""
    return [
        {
            "code": code,
            "scope": scope,
            "subject": subject,
            "subject_name": name,
            "facts": (facts or {}).get(code, {}),
        }
        for code in SCOPES[scope]
        if codes.get(code, False)
    ]


def kept(findings: list[Doc], codes: frozenset[str]) -> list[Doc]:
    """Leave out what none of the codes says."""
    return [finding for finding in findings if finding["code"] in codes]
