"""The rules once more, in their fixed order: each finding is stated as a plain comparison.

Every function tells all that it finds; which rules are in force is asked afterwards, by code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _facts as facts

if TYPE_CHECKING:
    from datetime import datetime

    from ._facts import Doc

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
    ),
    "credit": ("service_not_in_package", "not_enough_credits"),
    "booking": (
        "appointment_started",
        "nothing_to_pay",
        "no_package",
        "mixed_booking",
        "late_reschedule",
    ),
    "note": ("no_card_on_file",),
}
ALL = frozenset(code for codes in SCOPES.values() for code in codes)
ONLINE_ONLY = frozenset(
    {
        "account_on_legacy_packages",
        "online_redemption_off",
        "client_login_disabled",
        "client_not_logged_in",
        "legacy_package",
        "package_archived",
        "appointment_started",
        "several_active_packages",
        "mixed_booking",
    }
)
NEVER_LIFTED = frozenset(
    {
        "package_of_another_client",
        "package_used_up",
        "service_not_in_package",
        "not_enough_credits",
        "nothing_to_pay",
        "no_package",
    }
)
RULEBOOKS: dict[str, frozenset[str]] = {
    "timely-2026-03": ALL,
    "timely-2026-04": ALL,
    "in-store": ALL - ONLINE_ONLY,
}


def in_force(rulebook: str, lifted: frozenset[str]) -> frozenset[str]:
    """Give the codes of a rulebook without the lifted ones."""
    if lifted & NEVER_LIFTED:
        message = f"never lifted: {sorted(lifted & NEVER_LIFTED)}"
        raise ValueError(message)
    return RULEBOOKS[rulebook] - lifted


def found(scope: str, subject: str, codes: dict[str, bool], told: Doc | None = None) -> list[Doc]:
    """Turn `{code: is it so}` into findings, in the fixed order; `told` holds facts by code."""
    return [
        {"code": code, "scope": scope, "subject": subject, "facts": (told or {}).get(code, {})}
        for code in SCOPES[scope]
        if codes[code]
    ]


def account_findings(account: Doc, rulebook: str) -> list[Doc]:
    """Tell what the account says against online redemption (T01 to T05, D02)."""
    legacy = account["package_kind"] == "legacy"
    return found(
        "account",
        "",
        {
            "account_on_legacy_packages": legacy,
            "online_redemption_off": not legacy and not facts.setting(account, rulebook)["enabled"],
            "client_login_disabled": account["client_login"] == "disabled",
        },
    )


def client_findings(client: Doc) -> list[Doc]:
    """Tell what the client's login says against it (T07, D03)."""
    return found("client", "", {"client_not_logged_in": not client["logged_in"]})


def holdings_findings(active: list[Doc]) -> list[Doc]:
    """Tell what the client's active packages say against it (T10, D05)."""
    return found(
        "holdings",
        "",
        {"several_active_packages": len(active) > 1},
        {"several_active_packages": {"count": len(active)}},
    )


def package_findings(case: Doc, package: Doc) -> list[Doc]:
    """Tell what stands against one package (T04, T12, T24, D04, D06, D32)."""
    now, start = case["now"], case["booking"]["starts_at"]
    client_id = case["client"]["id"]
    sold, begins, ends = package["sold_at"], package["valid_from"], package["valid_until"]
    over_by_start = ends is not None and start >= ends
    return found(
        "package",
        package["id"],
        {
            "package_of_another_client": client_id is None or package["client_id"] != client_id,
            "package_not_sold_yet": sold is not None and sold > now,
            "legacy_package": package["kind"] == "legacy",
            "package_archived": package["status"] == "archived",
            "package_not_started": begins is not None and start < begins,
            "package_over": over_by_start and now >= ends,
            "package_over_by_then": over_by_start and now < ends,
            "package_used_up": facts.credits_left(package) == 0,
        },
        {
            "package_not_sold_yet": {"sold_at": facts.written(sold)},
            "package_not_started": {
                "starts_at": facts.written(start),
                "valid_from": facts.written(begins),
            },
            "package_over": {"valid_until": facts.written(ends)},
            "package_over_by_then": {
                "starts_at": facts.written(start),
                "valid_until": facts.written(ends),
            },
        },
    )


def credit_findings(case: Doc, usable: list[Doc], uncovered: list[int]) -> list[Doc]:
    """Tell why each uncovered line got no credit, each service once."""
    findings: list[Doc] = []
    if not usable:
        return findings
    for index in uncovered:
        service = case["booking"]["lines"][index]["service"]["id"]
        for finding in _why_uncovered(case, usable, service):
            if finding not in findings:
                findings.append(finding)
    return findings


def _why_uncovered(case: Doc, usable: list[Doc], service: str) -> list[Doc]:
    """Tell whether nothing names a service, or too few credits are left for it (D08)."""
    naming = [
        entitlement
        for package in usable
        for entitlement in package["entitlements"]
        if service in entitlement["services"]
    ]
    wanted = [
        line
        for line in case["booking"]["lines"]
        if line["payable"] and any(line["service"]["id"] in one["services"] for one in naming)
    ]
    available = sum(one["remaining"] for one in naming)
    return found(
        "credit",
        service,
        {"service_not_in_package": not naming, "not_enough_credits": bool(naming)},
        {"not_enough_credits": {"available": available, "wanted": len(wanted)}},
    )


def booking_findings(case: Doc, covered: list[int], uncovered: list[int]) -> list[Doc]:
    """Tell what stands against the booking as a whole (T17, D09, D21, D31)."""
    now: datetime = case["now"]
    client_id, existing = case["client"]["id"], case["existing"]
    own = [
        package
        for package in case["packages"]
        if client_id is not None and package["client_id"] == client_id
    ]
    started = case["booking"]["starts_at"] <= now
    late = False
    if existing is not None and case["by"] == "client":
        exchanged = existing["booking"]["id"] != case["booking"]["id"]
        started = started or (exchanged and facts.moment(existing["starts_at"]) <= now)
        free_until = facts.instant(existing["free_until"])
        late = exchanged and free_until is not None and now > free_until
    return found(
        "booking",
        "",
        {
            "appointment_started": started,
            "nothing_to_pay": not any(line["payable"] for line in case["booking"]["lines"]),
            "no_package": not own,
            "mixed_booking": bool(covered) and bool(uncovered),
            "late_reschedule": late,
        },
    )
