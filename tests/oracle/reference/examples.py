"""The small cases from which the hand-computed examples start."""

from __future__ import annotations

from typing import Any

from ._decide import proposal

NOW = "2026-05-01T08:00:00Z"
START = "2026-05-05T10:00:00Z"
DAY_US = 24 * 60 * 60 * 1_000_000
TERMS = {"window_us": DAY_US, "late": "forfeit", "no_show": None}


def package(id_: str = "p1", *entitlements: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Make a package of client c1; without entitlements it holds one facial."""
    held = list(entitlements) or [credit("facial")]
    return {"id": id_, "client_id": "c1", "entitlements": held} | fields


def credit(*services: str, left: int = 1, id_: str = "") -> dict[str, Any]:
    """Make an entitlement."""
    return {"id": id_ or "+".join(sorted(services)), "services": [*services], "remaining": left}


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


def booked(**fields: object) -> dict[str, Any]:
    """Give the redemption of a facial and a massage, each from its own entitlement of p1."""
    redemption = proposal(
        case(
            package("p1", credit("facial"), credit("massage")), services="facial massage", **fields
        )
    )
    assert redemption is not None
    return redemption
