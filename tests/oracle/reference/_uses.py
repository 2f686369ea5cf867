"""The uses that a redemption makes of a package (D54)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._filled import filled_redemption

if TYPE_CHECKING:
    from ._filled import Doc


def line_start(redemption: Doc, draw: Doc) -> str:
    """Give the start of a line: of an ended one the start that it had when it ended (D54)."""
    kept = [ending["starts_at"] for ending in draw["endings"] if ending["starts_at"] is not None]
    start: str = kept[0] if kept else redemption["starts_at"]
    return start


def uses_of(redemption: Doc, package_id: str) -> list[Doc]:
    """List a redemption's uses of a package: its draws that did not return."""
    redemption = filled_redemption(redemption)
    return [
        {
            "booking_id": redemption["booking"]["id"],
            "line": draw["line"],
            "entitlement_id": draw["entitlement_id"],
            "service_id": draw["service_id"],
            "client_id": redemption["client_id"],
            "starts_at": line_start(redemption, draw),
            "state": draw["state"],
        }
        for draw in redemption["draws"]
        if draw["package_id"] == package_id and draw["state"] != "returned"
    ]
