"""The small cases from which the hand-computed examples start."""

from __future__ import annotations

from typing import Any

from . import proposal
from ._codes import DEFAULT

NOW = "2026-05-01T08:00:00Z"
START = "2026-05-05T10:00:00Z"
HOUR_US = 60 * 60 * 1_000_000
DAY_US = 24 * HOUR_US
TERMS = {"window_us": DAY_US, "late": "forfeit", "no_show": None}


def package(id_: str = "p1", *entitlements: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Make a package of client c1; without entitlements it holds one facial."""
    contents = list(entitlements) or [credit("facial")]
    return {"id": id_, "client_id": "c1", "entitlements": contents} | fields


def credit(*services: str, left: int = 1, id_: str = "", **fields: object) -> dict[str, Any]:
    """Make an entitlement, named by its services if by nothing else."""
    id_ = id_ or "+".join(sorted(services))
    return {"id": id_, "services": [*services], "remaining": left} | fields


def case(*packages: dict[str, Any], services: str = "facial", **fields: object) -> dict[str, Any]:
    """Make a case that is eligible unless something is changed."""
    whole: dict[str, Any] = {
        "now": NOW,
        "account": {
            "online_redemption": True,
            "client_login": "optional",
            "cancellation": TERMS,
        },
        "client": {"id": "c1", "logged_in": True},
        "packages": list(packages),
        "booking": {
            "id": "b1",
            "starts_at": START,
            "lines": [{"service": {"id": service}} for service in services.split()],
        },
    }
    for name, value in fields.items():
        whole[name] = whole.get(name, {}) | value if isinstance(value, dict) else value
    return whole


def line(service: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a line has
    """Make a line; `costs` are the service's, all else is the line's."""
    whole = {"id": service, "costs": fields.pop("costs", {})}
    return {"service": whole} | fields


def use(starts_at: str, entitlement: str = "main", **fields: object) -> dict[str, Any]:
    """Make a use by another booking."""
    return {"booking_id": "b0", "entitlement_id": entitlement, "starts_at": starts_at} | fields


def quota(most: int, per: str, name: str = "") -> dict[str, Any]:
    """Make a quota."""
    return {"most": most, "per": per, "name": name}


def codes(answer: dict[str, Any]) -> list[str]:
    """List the codes of all that a decision or an act tells."""
    return [
        finding["code"] if isinstance(finding, dict) else finding[0]
        for finding in answer["findings"]
    ]


def paid(answer: dict[str, Any]) -> list[tuple[int, str, str]]:
    """List which line is paid from which package and entitlement."""
    return [(draw["line"], draw["package_id"], draw["entitlement_id"]) for draw in answer["draws"]]


def redeemed(whole: dict[str, Any], rulebook: str = DEFAULT) -> dict[str, Any]:
    """Give the redemption that a case leads to, which must be eligible."""
    redemption = proposal(whole, rulebook)
    assert redemption is not None
    return redemption


def booked(rulebook: str = DEFAULT, **fields: object) -> dict[str, Any]:
    """Give the redemption of a facial and a massage, each from its own entitlement of p1."""
    both = package("p1", credit("facial"), credit("massage"))
    return redeemed(case(both, services="facial massage", **fields), rulebook)
