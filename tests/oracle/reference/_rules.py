"""The rules once more, in their fixed order: each finding is stated as a plain comparison.

Every function tells all that it finds; which rules are in force is asked afterwards, by code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _facts as facts
from ._codes import BEYOND_THE_ARTICLE, found, kept
from ._filled import written

if TYPE_CHECKING:
    from datetime import datetime

    from ._filled import Doc


def account_findings(account: Doc, rulebook: str) -> list[Doc]:
    """Tell what the account says against online redemption (T01 to T05, D02)."""
    legacy = account["package_kind"] == "legacy"
    return found(
        "account",
        {
            "account_on_legacy_packages": legacy,
            "online_redemption_off": not legacy and not facts.setting(account, rulebook)["enabled"],
            "client_login_disabled": account["client_login"] == "disabled",
        },
    )


def client_findings(client: Doc) -> list[Doc]:
    """Tell what the client's login says against it (T07, D03)."""
    return found("client", {"client_not_logged_in": not client["logged_in"]})


def holdings_findings(active: list[Doc]) -> list[Doc]:
    """Tell what the client's active packages say against it, whatever is booked (T10)."""
    return found(
        "holdings",
        {"several_active_packages": len(active) > 1},
        {"several_active_packages": {"count": len(active)}},
    )


def package_findings(
    client: Doc,
    package: Doc,
    now: datetime,
    start: datetime,
    *,
    term: Doc | None,
    only: list[str] | None = None,
) -> list[Doc]:
    """Tell what stands against one package (T04, T12, T24, D04, D06, D32, D49 to D53, D68)."""
    sold, begins, ends = package["sold_at"], package["valid_from"], package["valid_until"]
    book_until, pause = package["book_until"], facts.pause_at(package, start)
    over_by_start = ends is not None and start >= ends
    starts_at = {"starts_at": written(start)}
    return found(
        "package",
        {
            "package_of_another_client": not facts.is_holder(package, client),
            "package_not_sold_yet": sold is not None and sold > now,
            "legacy_package": package["kind"] == "legacy",
            "package_archived": package["status"] == "archived",
            "package_not_started": begins is not None and start < begins,
            "package_over": over_by_start and now >= ends,
            "package_over_by_then": over_by_start and now < ends,
            "package_used_up": facts.credits_left(package) == 0,
            "package_void": package["status"] == "void",
            "package_suspended": package["status"] == "suspended",
            "package_booking_over": book_until is not None and now >= book_until,
            "package_paused": pause is not None,
            "outside_first_use_term": term is not None,
            "package_not_chosen": only is not None and package["id"] not in only,
        },
        {
            "package_not_sold_yet": {"sold_at": written(sold)},
            "package_not_started": starts_at | {"valid_from": written(begins)},
            "package_over": {"valid_until": written(ends)},
            "package_over_by_then": starts_at | {"valid_until": written(ends)},
            "outside_first_use_term": term or {},
            "package_booking_over": {"book_until": written(book_until)},
            "package_paused": starts_at
            | {
                "paused_from": written(None if pause is None else pause["starts_at"]),
                "paused_until": written(None if pause is None else pause["ends_at"]),
            },
        },
        subject=package["id"],
        name=package["name"],
    )


def findings_in_a_decision(case: Doc, package: Doc, codes: frozenset[str]) -> list[Doc]:
    """Tell what the rules in force say, without D40's of what the client doesn't hold."""
    if not facts.is_holder(package, case["client"]):
        codes -= BEYOND_THE_ARTICLE
    start = case["booking"]["starts_at"]
    term = facts.first_use_term(package, start, case["account"]["time_zone"])
    findings = package_findings(
        case["client"], package, case["now"], start, term=term, only=case["only"]
    )
    return kept(findings, codes)


def booking_findings(case: Doc, covered: list[int], uncovered: list[int]) -> list[Doc]:
    """Tell what stands against the booking as a whole (T17, D09, D31)."""
    own = [package for package in case["packages"] if facts.is_holder(package, case["client"])]
    return found(
        "booking",
        {
            "appointment_started": case["booking"]["starts_at"] <= case["now"],
            "nothing_to_pay": not any(line["payable"] for line in case["booking"]["lines"]),
            "no_package": not own,
            "mixed_booking": bool(covered) and bool(uncovered),
        },
    )
