"""What a desk does for a case, given what is stored: an answer, or the name of an error (D70)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _terms as terms
from ._codes import DEFAULT, NOTHING_LIFTED, in_force
from ._decide import decide
from ._errors import CLOSED, INVALID, MISMATCH, UNKNOWN, NamedError
from ._filled import filled, filled_booking, filled_redemption, reserved

if TYPE_CHECKING:
    from ._filled import Doc


def quote(  # noqa: PLR0917 - the parameters of the real question, and what is stored
    case: Doc,
    stored: Doc | None = None,
    replaces: str | None = None,
    replaced: Doc | None = None,
    rulebook: str = DEFAULT,
    lifted: frozenset[str] = NOTHING_LIFTED,
) -> Doc:
    """Answer or raise what redeeming would, or with `replaces` what exchanging would."""
    if replaces == case["booking"]["id"]:
        raise NamedError(INVALID)
    whole = filled(case | {"existing": None})
    if replaces is not None and replaced is None:
        raise NamedError(UNKNOWN)
    if replaced is not None and replaced["client_id"] != whole["client"]["id"]:
        raise NamedError(MISMATCH)
    if stored is not None:
        return _stored(whole, filled_redemption(stored), replaces)
    existing = None if replaces is None else replaced
    answer = decide(case | {"existing": existing}, rulebook, lifted)
    _check_versions(whole["packages"], answer["draws"], in_force(rulebook, lifted))
    return {"recorded": False} | answer


def _check_versions(packages: list[Doc], draws: list[Doc], codes: frozenset[str]) -> None:
    """Refuse to draw on a cap that a race can break (D57)."""
    drawn_on = {draw["package_id"] for draw in draws}
    for package in packages:
        quotas = [
            *package["quotas"],
            *(one for e in package["entitlements"] for one in e["quotas"]),
        ]
        has_cap = (bool(quotas) and "quota_reached" in codes) or (
            package["lasts"] is not None and "outside_first_use_term" in codes
        )
        if package["id"] in drawn_on and has_cap and package["version"] is None:
            raise NamedError(INVALID)


def _stored(case: Doc, stored: Doc, replaces: str | None) -> Doc:
    """Judge a booking id that is stored: other contents, an end, or the same again (D21)."""
    if _contents(case) != _stored_contents(stored):
        raise NamedError(MISMATCH)
    if not reserved(stored):
        raise NamedError(CLOSED)
    if replaces is not None and stored["replaces"] != replaces:
        raise NamedError(MISMATCH)
    return recorded(stored)


def _contents(case: Doc) -> tuple[object, ...]:
    """Write what makes a booking the same booking: client, start, and what every line is."""
    lines = [
        (
            line["service"]["id"],
            line["payable"],
            line["service"]["costs"],
            case["booking"]["traits"] | line["traits"],
        )
        for line in case["booking"]["lines"]
    ]
    return (case["client"]["id"], case["booking"]["starts_at"], lines)


def _stored_contents(stored: Doc) -> tuple[object, ...]:
    """Write the same of a stored redemption, with the start as first booked."""
    booking = filled_booking(stored["booking"])
    return _contents({"client": {"id": stored["client_id"]}, "booking": booking})


def recorded(stored: Doc) -> Doc:
    """Write the answer that was recorded, as its redemption stands now."""
    drawn = {draw["line"] for draw in stored["draws"]}
    lines = filled_booking(stored["booking"])["lines"]
    return {
        "recorded": True,
        "eligible": True,
        "deposit": stored["deposit"],
        "card_capture": stored["card_capture"],
        "draws": stored["draws"],
        "uncovered": [
            index for index, line in enumerate(lines) if line["payable"] and index not in drawn
        ],
        "starts_at": stored["starts_at"],
        "free_until": stored["free_until"],
        "schedule": terms.schedule(stored),
        "time_zone_key": stored["time_zone_key"],
    }
