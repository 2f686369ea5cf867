"""The acts after booking, one function each, in the order of judging.

Exceptions come first, then "nothing changes", then the refusals, then what the act does.
An answer holds what the act tells and, under "redemption", the redemption after it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from . import _facts as facts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ._facts import Doc

INVALID: Doc = {"error": "InvalidValueError"}
CLOSED: Doc = {"error": "ClosedRedemptionError"}
BUCKET = {
    "reserved": "reserved",
    "redeemed": "redeemed",
    "returned": "available",
    "forfeited": "forfeited",
}
STATE_OF = {"return": "returned", "forfeit": "forfeited"}


def cancel(  # noqa: PLR0917 - the parameters of the real act
    redemption: Doc,
    by: str,
    now: str,
    lines: Sequence[int] | None = None,
    packages: list[Doc] | None = None,
    note: str = "",
) -> Doc:
    """Cancel some lines or all of them (T22, T23, D09 to D13, D30, D33)."""
    chosen = _chosen(redemption, lines)
    if chosen is None:
        return INVALID
    open_ = [draw for draw in chosen if draw["state"] == "reserved"]
    if any(draw["state"] != "reserved" and _act(draw) != "cancel" for draw in chosen):
        return CLOSED
    at = facts.moment(now)
    if not open_:
        usable = _usable_again(redemption, chosen, packages or [], at)
        return _again(redemption, chosen, _worst(chosen), credit_usable=usable)
    late = by == "client" and _is_late(redemption, at)
    if by == "client" and at >= facts.moment(redemption["starts_at"]):
        return _refused(redemption, [("appointment_started", "")], late=late)
    outcome = redemption["terms"]["late"] if late else "return"
    findings: list[tuple[str, str]] = []
    if late:
        findings.append(("late", ""))
        never_free = facts.moment(redemption["free_until"]) < facts.moment(redemption["booked_at"])
        if never_free and not redemption["reschedules"]:
            findings.append(("booked_inside_the_window", ""))
    ending = {"act": "cancel", "at": now, "by": by, "late": late, "note": note}
    after = _ended(redemption, open_, STATE_OF[outcome], ending)
    ended = _same_lines(after, chosen)
    return _done(
        redemption,
        after,
        outcome=_worst(ended),
        late=late,
        findings=findings,
        credit_usable=_usable_again(redemption, ended, packages or [], at),
    )


def no_show(
    redemption: Doc,
    now: str,
    outcome: str | None = None,
    lines: Sequence[int] | None = None,
    note: str = "",
) -> Doc:
    """Record that the client did not come (D16)."""
    chosen = _chosen(redemption, lines)
    if chosen is None:
        return INVALID
    open_ = [draw for draw in chosen if draw["state"] == "reserved"]
    if any(draw["state"] != "reserved" and _act(draw) != "no_show" for draw in chosen):
        return CLOSED
    if not open_:
        return _again(redemption, chosen, _worst(chosen))
    if facts.moment(now) < facts.moment(redemption["starts_at"]):
        return _refused(redemption, [("appointment_not_started", "")])
    terms: Doc = redemption["terms"] or {"late": "return"}
    said: str = outcome or terms.get("no_show") or terms["late"]
    ending = {"act": "no_show", "at": now, "by": "business", "late": False, "note": note}
    after = _ended(redemption, open_, STATE_OF[said], ending)
    return _done(redemption, after, outcome=_worst(_same_lines(after, chosen)))


def complete(redemption: Doc, now: str, lines: Sequence[int] | None = None, note: str = "") -> Doc:
    """Record that the client came, also after a no-show that cost the credit (D16, D38)."""
    chosen = _chosen(redemption, lines)
    if chosen is None:
        return INVALID
    open_ = [
        draw
        for draw in chosen
        if draw["state"] == "reserved" or (draw["state"] == "forfeited" and _act(draw) == "no_show")
    ]
    if any(draw not in open_ and _act(draw) != "complete" for draw in chosen):
        return CLOSED
    if not open_:
        return _again(redemption, chosen, None)
    ending = {"act": "complete", "at": now, "by": "business", "late": False, "note": note}
    return _done(redemption, _ended(redemption, open_, "redeemed", ending), outcome=None)


def forgive(redemption: Doc, now: str, note: str, lines: Sequence[int] | None = None) -> Doc:
    """Give a forfeited or redeemed credit back, with a note that is kept (D16, D36)."""
    chosen = _chosen(redemption, lines)
    if chosen is None or not note.strip():
        return INVALID
    if any(draw["state"] == "reserved" for draw in chosen):
        return INVALID
    open_ = [draw for draw in chosen if draw["state"] in {"forfeited", "redeemed"}]
    if any(draw["state"] == "returned" and _act(draw) != "forgive" for draw in chosen):
        return CLOSED
    if not open_:
        return _again(redemption, chosen, _worst(chosen))
    ending = {"act": "forgive", "at": now, "by": "business", "late": False, "note": note}
    return _done(redemption, _ended(redemption, open_, "returned", ending), outcome="return")


def reschedule(redemption: Doc, starts_at: str, by: str, now: str, packages: list[Doc]) -> Doc:
    """Give the appointment another start, keeping its credits reserved (D17)."""
    at, old, new = facts.moment(now), facts.moment(redemption["starts_at"]), facts.moment(starts_at)
    reserved = [draw for draw in redemption["draws"] if draw["state"] == "reserved"]
    handed = {package["id"]: facts.filled_package(package) for package in packages}
    if any(draw["package_id"] not in handed for draw in reserved):
        return INVALID
    if not reserved and not (new == old and redemption["reschedules"]):
        return CLOSED
    if new == old:
        return _again(redemption, [], None)
    drawn_on = {draw["package_id"] for draw in reserved}
    outside = [
        ("outside_validity", package["id"])
        for package in sorted(handed.values(), key=facts.package_order)
        if package["id"] in drawn_on and not _valid_at(package, new)
    ]
    if by == "client":
        late = _is_late(redemption, at)
        refusals = [
            *([("appointment_started", "")] if at >= old or new <= at else []),
            *([("late_reschedule", "")] if late else []),
            *outside,
        ]
        if refusals:
            return _refused(redemption, refusals, late=late)
    after = redemption | {
        "starts_at": facts.written(new),
        "version": redemption["version"] + 1,
        "reschedules": [*redemption["reschedules"], {"at": now, "by": by}],
    }
    if redemption["terms"] is not None:
        length = facts.window(redemption["terms"])
        free_until = new - length
        if by == "business":
            free_until = max(free_until, min(at + length, new))
        after["free_until"] = facts.written(free_until)
    return _done(redemption, after, outcome=None, findings=outside)


def _chosen(redemption: Doc, lines: Sequence[int] | None) -> list[Doc] | None:
    """Give the draws of the lines asked for, or None where the lines can't be meant."""
    draws: list[Doc] = redemption["draws"]
    if lines is None:
        return draws
    wanted = list(lines)
    drawn = [draw["line"] for draw in draws]
    if not wanted or len(set(wanted)) != len(wanted) or not set(wanted) <= set(drawn):
        return None
    return [draw for draw in draws if draw["line"] in wanted]


def _same_lines(redemption: Doc, draws: list[Doc]) -> list[Doc]:
    """Give the draws of another state of the redemption that pay for the same lines."""
    lines = [draw["line"] for draw in draws]
    return [draw for draw in redemption["draws"] if draw["line"] in lines]


def _act(draw: Doc) -> str | None:
    """Name the act that ended a draw."""
    return None if draw["ending"] is None else draw["ending"]["act"]


def _worst(draws: list[Doc]) -> str:
    """Say "forfeit" if any of the draws was forfeited, else "return"."""
    return "forfeit" if any(draw["state"] == "forfeited" for draw in draws) else "return"


def _is_late(redemption: Doc, at: datetime) -> bool:
    """Judge whether a client's act comes after the free-until instant (D09)."""
    return redemption["terms"] is not None and at > facts.moment(redemption["free_until"])


def _valid_at(package: Doc, start: datetime) -> bool:
    """Judge D06's validity."""
    begins, ends = package["valid_from"], package["valid_until"]
    return (begins is None or begins <= start) and (ends is None or start < ends)


def _was_late(draws: list[Doc]) -> bool:
    """Say whether any of the draws was ended late."""
    return any(draw["ending"]["late"] for draw in draws)


def _usable_again(
    redemption: Doc, draws: list[Doc], packages: list[Doc], now: datetime
) -> bool | None:
    """Judge whether all returned credits can be used again (D13); None if not all are known."""
    returned = [draw for draw in draws if draw["state"] == "returned"]
    if not returned:
        return None
    handed = {package["id"]: facts.filled_package(package) for package in packages}
    if any(draw["package_id"] not in handed for draw in returned):
        return None
    return all(
        package["client_id"] == redemption["client_id"]
        and package["status"] == "active"
        and (package["valid_until"] is None or now < package["valid_until"])
        for package in (handed[draw["package_id"]] for draw in returned)
    )


def _ended(redemption: Doc, draws: list[Doc], state: str, ending: Doc) -> Doc:
    """Write the redemption with those draws ended so."""
    return redemption | {
        "draws": [
            draw | {"state": state, "ending": ending} if draw in draws else draw
            for draw in redemption["draws"]
        ],
        "version": redemption["version"] + 1,
    }


def _movements(before: Doc, after: Doc) -> list[tuple[str, str, int, str, str]]:
    """Count the credits that went from one bucket to another."""
    moved = Counter(
        (old["package_id"], old["entitlement_id"], BUCKET[old["state"]], BUCKET[new["state"]])
        for old, new in zip(before["draws"], after["draws"], strict=True)
        if BUCKET[old["state"]] != BUCKET[new["state"]]
    )
    return [
        (package, entitlement, credits_, source, target)
        for (package, entitlement, source, target), credits_ in sorted(moved.items())
    ]


def _answer(before: Doc, after: Doc, told: Doc) -> Doc:
    """Write an answer: what is told, and the redemption before and after."""
    return told | {
        "states": [draw["state"] for draw in after["draws"]],
        "free_until": facts.written(facts.instant(after["free_until"])),
        "starts_at": facts.written(facts.instant(after["starts_at"])),
        "version": after["version"],
        "movements": _movements(before, after),
        "redemption": after,
    }


def _done(
    before: Doc,
    after: Doc,
    *,
    outcome: str | None,
    late: bool = False,
    findings: list[tuple[str, str]] | None = None,
    credit_usable: bool | None = None,
) -> Doc:
    """Tell an act that was allowed and changed something."""
    return _answer(
        before,
        after,
        {
            "allowed": True,
            "changes": True,
            "outcome": outcome,
            "late": late,
            "findings": findings or [],
            "credit_usable": credit_usable,
        },
    )


def _again(
    redemption: Doc, chosen: list[Doc], outcome: str | None, *, credit_usable: bool | None = None
) -> Doc:
    """Tell the same act on the same lines again (D37)."""
    return _answer(
        redemption,
        redemption,
        {
            "allowed": True,
            "changes": False,
            "outcome": outcome,
            "late": _was_late(chosen),
            "findings": [],
            "credit_usable": credit_usable,
        },
    )


def _refused(redemption: Doc, refusals: list[tuple[str, str]], *, late: bool = False) -> Doc:
    """Tell an act that is not possible, with every refusal."""
    return _answer(
        redemption,
        redemption,
        {
            "allowed": False,
            "changes": False,
            "outcome": None,
            "late": late,
            "findings": refusals,
            "credit_usable": None,
        },
    )


ACTS: dict[str, Callable[..., Doc]] = {
    "cancel": cancel,
    "no_show": no_show,
    "complete": complete,
    "forgive": forgive,
    "reschedule": reschedule,
}
