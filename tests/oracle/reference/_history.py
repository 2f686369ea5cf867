"""What lines of cases and acts say about a history, carried or not (D69)."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ._decide import decide
from ._desk import Desk
from ._errors import NamedError
from ._filled import instant, moment
from ._ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ._filled import Doc

Counts = Counter[str]


def in_order(lines: Sequence[Doc]) -> list[Doc]:
    """Sort lines by the moment; of one instant bookings before acts, otherwise as they stand."""
    return sorted(lines, key=_place)


def _place(line: Doc) -> tuple[datetime, bool]:
    """Give the moment of booking or act, and which of them it is."""
    return moment(line["now"]), "act" in line


def carried(lines: Sequence[Doc], rulebook: str) -> Counts:
    """Count what one rulebook decides when balances, uses and bookings go on from line to line."""
    counts: Counts = Counter()
    desk = Desk(_Tolerant([]), rulebook)
    asked: dict[str, Doc] = {}
    for line in in_order(lines):
        if "act" in line:
            counts += _act(desk, line, asked.get(line["booking_id"]))
            continue
        _take(desk.ledger, line.get("packages", []))
        existing = line.get("existing")
        if existing is not None and existing["booking"]["id"] not in asked:
            _adopt(desk.ledger, existing)
        count = _booked(desk, line)
        counts += count
        if not count["unreadable"]:
            asked[line["booking"]["id"]] = line
            if existing is not None:
                asked.setdefault(existing["booking"]["id"], line)
    return counts


class _Tolerant(Ledger):
    """A ledger that takes back what no line has told of: a return is never refused (D13)."""

    def _entitlements(self) -> set[tuple[str, str]]:
        """List what lines told, and what was drawn on by bookings of before."""
        drawn = {
            (draw["package_id"], draw["entitlement_id"])
            for redemption in self.redemptions()
            for draw in redemption["draws"]
        }
        return super()._entitlements() | drawn


def _take(ledger: Ledger, packages: Sequence[Doc]) -> None:
    """Take what a line says of packages: of a known one all but what is left and its uses.

    An entitlement that is new starts with what is left in it; one that is left out stays.
    """
    for package in packages:
        known = ledger.sold.get(package["id"], {"entitlements": [], "uses": package["uses"]})
        ids = [one["id"] for one in package["entitlements"]]
        stay = [one for one in known["entitlements"] if one["id"] not in ids]
        sold = {one["id"]: one["remaining"] for one in known["entitlements"]}
        told = [
            one
            | {
                "remaining": sold[one["id"]]
                if one["id"] in sold
                else _and(one["remaining"], ledger.redemptions(), package["id"], one["id"])
            }
            for one in package["entitlements"]
        ]
        ledger.sold[package["id"]] = package | {
            "entitlements": [*told, *stay],
            "uses": _of_others(known["uses"], ledger.redemptions()),
        }


def _and(
    left: int | str, redemptions: list[Doc], package_id: str, entitlement_id: str
) -> int | str:
    """Give what an entitlement was sold with: what is left in it and what was drawn of it."""
    drawn = sum(
        draw["credits"]
        for redemption in redemptions
        for draw in redemption["draws"]
        if (draw["package_id"], draw["entitlement_id"]) == (package_id, entitlement_id)
        and draw["state"] != "returned"
    )
    return left if isinstance(left, str) else left + drawn


def _of_others(uses: list[Doc], redemptions: list[Doc]) -> list[Doc]:
    """Leave out the uses of bookings that are known themselves."""
    known = {redemption["booking"]["id"] for redemption in redemptions}
    return [use for use in uses if use["booking_id"] not in known]


def _adopt(ledger: Ledger, existing: Doc) -> None:
    """Take over what no line before has booked: its credits lie beside those that are left."""
    if ledger.redemption(existing["booking"]["id"]) is not None:
        return
    ledger.history.append((None, existing))
    for name, package in ledger.sold.items():
        held = [
            one | {"remaining": _and(one["remaining"], [existing], name, one["id"])}
            for one in package["entitlements"]
        ]
        uses = _of_others(package["uses"], [existing])
        ledger.sold[name] = package | {"entitlements": held, "uses": uses}


def _is_holder(package: Doc, client: Doc) -> bool:
    """Judge whether a package is the client's, told in this line or left out of it."""
    return client["id"] in {package["client_id"], *package["shared_with"]}


def _is_over(package: Doc, at: datetime) -> bool:
    """Judge whether a package is over by an instant."""
    ends = instant(package["valid_until"])
    return ends is not None and ends <= at


def _booked(desk: Desk, line: Doc) -> Counts:
    """Count a booking: decided, recorded before, or not to be decided."""
    existing = line.get("existing")
    old = None if existing is None else existing["booking"]["id"]
    replaces = None if old == line["booking"]["id"] else old
    if desk.ledger.redemption(replaces) is None:
        replaces = None
    also = [package["id"] for package in line.get("packages", [])]
    at = min(moment(line["now"]), moment(line["booking"]["starts_at"]))
    also += [
        name
        for name, one in desk.ledger.sold.items()
        if _is_holder(one, line["client"]) and not _is_over(one, at)
    ]
    before = desk.ledger.redemption(replaces)
    answer = desk.book(line, replaces, also=also)
    if "error" in answer:
        return Counter({"unreadable": 1})
    if answer["recorded"]:
        return Counter({"repeated": 1})
    counts = decided(answer)
    if before is not None and answer["eligible"]:
        counts["returned"] += sum(
            draw["credits"] for draw in before["draws"] if draw["state"] == "reserved"
        )
    return counts


def _act(desk: Desk, line: Doc, asked: Doc | None) -> Counts:
    """Count an act: unknown, of a booking that nobody paid for, refused, or done."""
    if asked is None:
        return Counter({"unknown": 1})
    if desk.ledger.redemption(line["booking_id"]) is None:
        return Counter()
    name = line["act"]
    arguments = {"now": line["now"], "note": line.get("note", "")}
    if name in {"cancel", "reschedule"}:
        arguments["by"] = line["by"]
    if name == "reschedule":
        arguments |= {"starts_at": line["starts_at"]}
        arguments |= {"account": asked["account"], "client": asked["client"]}
    else:
        arguments["lines"] = line.get("lines")
    if name == "no_show":
        arguments["outcome"] = line.get("outcome")
    answer = desk.act(name, line["booking_id"], arguments)
    if "error" in answer:
        return Counter({"unreadable": 1})
    if not answer["allowed"]:
        return Counter({"acts refused": 1})
    counts: Counts = Counter({name: 1} if answer["changes"] else {})
    counts["returned"] = sum(
        units for _, _, units, _, target in answer["movements"] if target == "available"
    )
    return counts


def decided(answer: Doc) -> Counts:
    """Count what a decision says."""
    if not answer["eligible"]:
        reasons = {finding["code"] for finding in answer["reasons"]}
        return Counter({"refused": 1} | {f"reason {code}": 1 for code in reasons})
    return Counter(
        {
            "eligible": 1,
            "deposits waived": answer["deposit"] == "waived",
            "cards bypassed": answer["card_capture"] == "bypassed",
            "credits": sum(draw["credits"] for draw in answer["draws"]),
        }
    )


def taken_as_they_stand(lines: Sequence[Doc], rulebook: str) -> tuple[Counts, list[Overdrawn]]:
    """Count each line as a question of its own, and tell the credits that can't all be drawn."""
    counts: Counts = Counter()
    told: dict[tuple[str, str], list[tuple[int | str, int, int]]] = {}
    for line in in_order(lines):
        try:
            answer = decide(line, rulebook)
        except NamedError:
            counts["unreadable"] += 1
            continue
        counts += decided(answer)
        existing = line.get("existing") or {"draws": []}
        back = [draw for draw in existing["draws"] if draw["state"] == "reserved"]
        for package in line["packages"]:
            for one in package["entitlements"]:
                place = (package["id"], one["id"])
                drawn, returned = _units(answer["draws"], place), _units(back, place)
                if drawn:
                    told.setdefault(place, []).append((one["remaining"], drawn, returned))
    return counts, [each for place, rows in told.items() for each in _overdrawn(place, rows)]


def _units(draws: list[Doc], place: tuple[str, str]) -> int:
    """Count the units that are drawn of one entitlement."""
    return sum(
        draw["credits"] for draw in draws if (draw["package_id"], draw["entitlement_id"]) == place
    )


class Overdrawn(NamedTuple):
    """A credit of which more is drawn than its first line holds, while its balance never falls."""

    place: tuple[str, str]
    impossible: int
    is_even: bool


def _overdrawn(place: tuple[str, str], rows: list[tuple[int | str, int, int]]) -> list[Overdrawn]:
    """Count the lines that can't be true: as many as possible are, those that draw least.

    What a booking gives back that it takes the place of can be drawn again. The count is even
    where every line draws the same and none gives back: then any way of counting comes to it.
    """
    balances = [left for left, _, _ in rows]
    falls = any(str(one) != str(two) and _less(two, one) for one, two in pairwise(balances))
    first = balances[0]
    if isinstance(first, str) or falls:
        return []
    left, true = first + sum(returned for _, _, returned in rows), 0
    draws = sorted(drawn for _, drawn, _ in rows)
    for units in draws:
        if units <= left:
            left, true = left - units, true + 1
    is_even = len({(drawn, returned) for _, drawn, returned in rows}) == 1 and not rows[0][2]
    return [Overdrawn(place, len(rows) - true, is_even)] if true < len(rows) else []


def _less(one: int | str, other: int | str) -> bool:
    """Compare two balances, of which unlimited is the highest."""
    return float("inf" if isinstance(one, str) else one) < float(
        "inf" if isinstance(other, str) else other
    )
