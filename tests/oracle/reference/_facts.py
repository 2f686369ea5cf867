"""What a case says, written out: defaults filled in, instants read, credits put back, orders given.

No rule lives here.
Everything is a plain dict, so that nothing here can be clever.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

Doc = dict[str, Any]

STARTS_ENABLED_AFTER: dict[str, date | None] = {
    "timely-2026-03": date(2026, 3, 31),
    "timely-2026-04": date(2026, 4, 29),
    "in-store": None,
}

_ACCOUNT: Doc = {
    "activated_on": None,
    "online_redemption": None,
    "client_login": "disabled",
    "package_kind": "new",
    "deposit_required": False,
    "card_capture": False,
    "cancellation": None,
    "time_zone": None,
}
_CLIENT: Doc = {"id": None, "logged_in": False, "has_saved_card": False}
_PACKAGE: Doc = {
    "kind": "new",
    "status": "active",
    "sold_at": None,
    "valid_from": None,
    "valid_until": None,
    "priority": 0,
}
_SERVICE: Doc = {"name": "", "deposit_required": None}
_LINE: Doc = {"picked_from": "menu", "payable": True}
_NEVER = datetime.max.replace(tzinfo=UTC)


def instant(text: str | None) -> datetime | None:
    """Read an ISO instant into UTC, or None."""
    return None if text is None else moment(text)


def moment(text: str) -> datetime:
    """Read an ISO instant that is certainly there into UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def written(at: datetime | None) -> str | None:
    """Write an instant as ISO text in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def window(terms: Doc) -> timedelta:
    """Read the cancellation window of terms."""
    return timedelta(microseconds=terms["window_us"])


def filled_account(account: Doc) -> Doc:
    """Write an account out with its defaults."""
    return _ACCOUNT | account


def filled_package(package: Doc) -> Doc:
    """Write a package out with its defaults and its instants read."""
    whole = _PACKAGE | package
    for name in ("sold_at", "valid_from", "valid_until"):
        whole[name] = instant(whole[name])
    whole["entitlements"] = [
        {
            "id": entitlement.get("id") or "+".join(sorted(entitlement["services"])),
            "services": set(entitlement["services"]),
            "remaining": entitlement["remaining"],
        }
        for entitlement in package["entitlements"]
    ]
    return whole


def filled(case: Doc) -> Doc:
    """Write a case out: defaults, instants, and the reserved credits of `existing` back (D21)."""
    whole: Doc = {"existing": None, "by": "client", "note": ""} | case
    whole["now"] = moment(case["now"])
    whole["account"] = filled_account(case.get("account", {}))
    whole["client"] = _CLIENT | case.get("client", {})
    whole["packages"] = [filled_package(package) for package in case.get("packages", [])]
    if case.get("booking") is not None:
        whole["booking"] = case["booking"] | {
            "starts_at": moment(case["booking"]["starts_at"]),
            "lines": [
                _LINE | line | {"service": _SERVICE | line["service"]}
                for line in case["booking"]["lines"]
            ],
        }
    if whole["existing"] is not None:
        put_back(whole["existing"], whole["packages"])
    return whole


def put_back(existing: Doc, packages: list[Doc]) -> None:
    """Add each credit that `existing` still reserves to the entitlement that it came from."""
    for draw in existing["draws"]:
        for package in packages:
            for entitlement in package["entitlements"]:
                same_package = package["id"] == draw["package_id"]
                same_entitlement = entitlement["id"] == draw["entitlement_id"]
                if draw["state"] == "reserved" and same_package and same_entitlement:
                    entitlement["remaining"] += 1


def soonest(at: datetime | None) -> tuple[bool, datetime]:
    """Order instants with the absent one (never-ending, unknown) last."""
    return (at is None, at or _NEVER)


def package_order(package: Doc) -> tuple[object, ...]:
    """Order packages as D22 tells them: priority, end of validity, sale, id."""
    return (
        -package["priority"],
        soonest(package["valid_until"]),
        soonest(package["sold_at"]),
        package["id"],
    )


def credit_order(package: Doc, entitlement: Doc) -> tuple[object, ...]:
    """Order credits as D20 ranks them, best first."""
    return (
        -package["priority"],
        soonest(package["valid_until"]),
        len(entitlement["services"]),
        soonest(package["sold_at"]),
        package["id"],
        entitlement["id"],
    )


def credits_left(package: Doc) -> int:
    """Count the credits left in a package."""
    return sum(entitlement["remaining"] for entitlement in package["entitlements"])


def is_active(package: Doc, client: Doc, now: datetime) -> bool:
    """Judge D05's "active", a fact of the package at the moment of booking."""
    return (
        package["kind"] == "new"
        and client["id"] is not None
        and package["client_id"] == client["id"]
        and package["status"] == "active"
        and (package["sold_at"] is None or package["sold_at"] <= now)
        and (package["valid_from"] is None or package["valid_from"] <= now)
        and (package["valid_until"] is None or now < package["valid_until"])
        and credits_left(package) >= 1
    )


def setting(account: Doc, rulebook: str) -> Doc:
    """Say what the online redemption switch is (T01, T02, T03, D01, D02)."""
    account = filled_account(account)
    chosen = account["online_redemption"] is not None
    visible = account["package_kind"] == "new"
    if not visible:
        enabled = False
    elif chosen:
        enabled = account["online_redemption"]
    else:
        after = STARTS_ENABLED_AFTER[rulebook]
        activated = account["activated_on"]
        enabled = (
            after is not None and activated is not None and date.fromisoformat(activated) > after
        )
    return {"visible": visible, "enabled": enabled, "chosen": chosen}
