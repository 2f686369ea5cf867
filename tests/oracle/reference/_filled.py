"""What is handed in, written out: defaults filled in, instants read, broken input refused."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING, Any

from ._errors import INVALID, NamedError

if TYPE_CHECKING:
    from collections.abc import Sequence

Doc = dict[str, Any]

_ACCOUNT: Doc = {
    "activated_on": None,
    "online_redemption": None,
    "client_login": "disabled",
    "package_kind": "new",
    "deposit_required": False,
    "card_capture": False,
    "cancellation": None,
    "time_zone": None,
    "week_starts": 1,
}
_TERMS: Doc = {"no_show": None, "tiers": [], "changes_close_us": 0}
_CLIENT: Doc = {"id": None, "logged_in": False, "has_saved_card": False, "traits": {}}
_PACKAGE: Doc = {
    "name": "",
    "kind": "new",
    "status": "active",
    "sold_at": None,
    "valid_from": None,
    "valid_until": None,
    "priority": 0,
    "shared_with": [],
    "book_until": None,
    "pauses": [],
    "restrictions": None,
    "cancellation": None,
    "traits": {},
    "lasts": None,
    "quotas": [],
    "uses": [],
    "version": None,
}
_ENTITLEMENT: Doc = {
    "id": "main",
    "unit": "credit",
    "valid_from": None,
    "valid_until": None,
    "restrictions": None,
    "quotas": [],
}
_QUOTA: Doc = {"name": ""}
_USE: Doc = {"entitlement_id": "main", "state": "reserved"}
_RESTRICTIONS: Doc = {
    "traits": {},
    "hours": [],
    "not_on": [],
    "min_notice_us": None,
    "max_notice_us": None,
}
_SERVICE: Doc = {"name": "", "deposit_required": None, "costs": {}}
_LINE: Doc = {"picked_from": "menu", "payable": True, "traits": {}}
_REDEMPTION: Doc = {
    "terms": None,
    "free_until": None,
    "deposit": "not_required",
    "card_capture": "not_required",
    "rulebook": "",
    "time_zone_key": None,
    "version": 1,
    "reschedules": [],
    "replaces": None,
}
_DRAW: Doc = {
    "state": "reserved",
    "endings": [],
    "credits": 1,
    "terms": None,
    "free_until": None,
    "package_name": "",
}
_ENDING: Doc = {"late": False, "note": "", "starts_at": None, "window_us": None}
_NAMELESS_ZONES = {"localtime", "posixrules", "Factory"}
MOST_LINES, MOST_PACKAGES, MOST_ENTITLEMENTS = 100, 1000, 1000


def instant(text: str | None) -> datetime | None:
    """Read an ISO instant into UTC, or None."""
    return None if text is None else moment(text)


def moment(text: str) -> datetime:
    """Read an ISO instant that is certainly there into UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def written(at: datetime | None) -> str | None:
    """Write an instant as ISO text in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def filled_terms(terms: Doc | None) -> Doc | None:
    """Write cancellation terms out with their defaults."""
    return None if terms is None else _TERMS | terms


def filled_account(account: Doc) -> Doc:
    """Write an account out with its defaults (D76)."""
    whole = _ACCOUNT | account
    if whole["time_zone"] in _NAMELESS_ZONES:
        raise NamedError(INVALID)
    return whole | {"cancellation": filled_terms(whole["cancellation"])}


def filled_client(client: Doc) -> Doc:
    """Write a client out with its defaults."""
    return _CLIENT | client


def filled_package(package: Doc) -> Doc:
    """Write a package out with its defaults and its instants read."""
    whole = _PACKAGE | package
    for name in ("sold_at", "valid_from", "valid_until", "book_until"):
        whole[name] = instant(whole[name])
    whole["pauses"] = [
        {"starts_at": moment(pause["starts_at"]), "ends_at": instant(pause.get("ends_at"))}
        for pause in whole["pauses"]
    ]
    whole["restrictions"] = _RESTRICTIONS | (whole["restrictions"] or {})
    whole["cancellation"] = filled_terms(whole["cancellation"])
    whole["quotas"] = [_QUOTA | quota for quota in whole["quotas"]]
    whole["uses"] = [_USE | use | {"starts_at": moment(use["starts_at"])} for use in whole["uses"]]
    whole["entitlements"] = [_filled_entitlement(one) for one in package["entitlements"]]
    return whole


def _filled_entitlement(entitlement: Doc) -> Doc:
    """Write an entitlement out with its defaults and its instants read."""
    whole = _ENTITLEMENT | entitlement
    return whole | {
        "services": set(whole["services"]),
        "remaining": inf if whole["remaining"] == "unlimited" else whole["remaining"],
        "quotas": [_QUOTA | quota for quota in whole["quotas"]],
        "valid_from": instant(whole["valid_from"]),
        "valid_until": instant(whole["valid_until"]),
        "restrictions": _RESTRICTIONS | (whole["restrictions"] or {}),
    }


def filled_packages(packages: Sequence[Doc]) -> list[Doc]:
    """Write packages out, none of them twice (D27) and every entitlement with its own id (D73)."""
    whole = [filled_package(package) for package in packages]
    entitlements = [
        (package["id"], entitlement["id"])
        for package in whole
        for entitlement in package["entitlements"]
    ]
    ids = [package["id"] for package in whole]
    too_many = len(ids) > MOST_PACKAGES or len(entitlements) > MOST_ENTITLEMENTS
    if too_many or len(set(ids)) < len(ids) or len(set(entitlements)) < len(entitlements):
        raise NamedError(INVALID)
    return whole


def filled(case: Doc) -> Doc:
    """Write a case out with its defaults and its instants read, and refuse a broken one."""
    whole: Doc = {"existing": None, "by": "client", "note": "", "only": None} | case
    whole["now"] = moment(case["now"])
    whole["account"] = filled_account(case.get("account", {}))
    whole["client"] = filled_client(case.get("client", {}))
    whole["packages"] = filled_packages(case.get("packages", []))
    if case.get("booking") is not None:
        whole["booking"] = filled_booking(case["booking"])
    if whole["existing"] is not None:
        whole["existing"] = filled_redemption(whole["existing"])
    return whole


def filled_booking(booking: Doc) -> Doc:
    """Write a booking out with its defaults and its start read (D75)."""
    if len(booking["lines"]) > MOST_LINES:
        raise NamedError(INVALID)
    lines = [_LINE | line | {"service": _SERVICE | line["service"]} for line in booking["lines"]]
    start = moment(booking["starts_at"])
    return {"traits": {}} | booking | {"starts_at": start, "lines": lines}


def filled_redemption(redemption: Doc) -> Doc:
    """Write a redemption out with its defaults; its instants stay texts, in UTC."""
    whole = _REDEMPTION | redemption
    whole["draws"] = [_DRAW | draw for draw in whole["draws"]]
    draws = []
    for draw in whole["draws"]:
        endings = [_in_utc(_ENDING | ending, "at", "starts_at") for ending in draw["endings"]]
        terms = filled_terms(draw["terms"])
        draws.append(_in_utc(draw | {"endings": endings, "terms": terms}, "free_until"))
    whole |= {"draws": draws, "terms": filled_terms(whole["terms"])}
    return _in_utc(whole, "starts_at", "free_until", "booked_at")


def _in_utc(whole: Doc, *names: str) -> Doc:
    """Write instants that stay texts in UTC."""
    return whole | {name: written(instant(whole[name])) for name in names}


def reserved(redemption: Doc) -> list[Doc]:
    """Give the draws of a redemption that have not ended."""
    return [draw for draw in redemption["draws"] if draw["state"] == "reserved"]
