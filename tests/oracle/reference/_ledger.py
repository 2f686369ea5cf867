"""What a store keeps and when it refuses a commit (D13, D35, D37, D57, D66, D73).

Balances, uses and versions are never kept: each is counted anew from the whole history.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, TypedDict

from ._answers import BUCKET
from ._errors import CONFLICT, INVALID, UNKNOWN_ENTITLEMENT, NamedError
from ._filled import filled_package, filled_redemption, instant
from ._uses import uses_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ._filled import Doc

Movement = tuple[str, str, int, str, str]


class Change(TypedDict):
    """What a commit is given of one booking: `before` is None when it is booked."""

    before: Doc | None
    after: Doc
    movements: list[Movement]
    package_versions: dict[str, int]


def movements(before: Doc | None, after: Doc) -> list[Movement]:
    """Write what the draws say: units of a credit that go from one bucket to another, sorted."""
    moved: dict[tuple[str, str, str, str], int] = {}
    old = {draw["line"]: BUCKET[draw["state"]] for draw in before["draws"]} if before else {}
    for draw in after["draws"]:
        source, target = old.get(draw["line"], "available"), BUCKET[draw["state"]]
        if source != target:
            key = (draw["package_id"], draw["entitlement_id"], source, target)
            moved[key] = moved.get(key, 0) + draw["credits"]
    return [(one, two, units, a, b) for (one, two, a, b), units in sorted(moved.items())]


class Ledger:
    """A store of one account (D39): packages as they were sold, and the whole history."""

    def __init__(self, packages: Iterable[Doc]) -> None:
        """Take packages on as they were sold."""
        self.sold = {package["id"]: package for package in packages}
        self.history: list[tuple[Doc | None, Doc]] = []

    def redemption(self, booking_id: str | None) -> Doc | None:
        """Give the redemption of a booking as it was last committed."""
        found = [after for _, after in self.history if after["booking"]["id"] == booking_id]
        return found[-1] if found else None

    def redemptions(self) -> list[Doc]:
        """Give every redemption as it stands."""
        ids = {after["booking"]["id"] for _, after in self.history}
        return [one for one in map(self.redemption, sorted(ids)) if one is not None]

    def balance(self, package_id: str, entitlement_id: str) -> dict[str, int | str]:
        """Say where the units of an entitlement are: what is not drawn, or returned, is left."""
        sold = next(
            one["remaining"]
            for one in self.sold[package_id]["entitlements"]
            if one.get("id", "main") == entitlement_id
        )
        count: dict[str, int | str] = dict.fromkeys(("reserved", "redeemed", "forfeited"), 0)
        spent = 0
        for redemption in self.redemptions():
            for draw in redemption["draws"]:
                is_of_it = (draw["package_id"], draw["entitlement_id"]) == (
                    package_id,
                    entitlement_id,
                )
                if is_of_it and draw["state"] != "returned":
                    count[draw["state"]] = int(count[draw["state"]]) + draw["credits"]
                    spent += draw["credits"]
        return count | {"available": sold if sold == "unlimited" else sold - spent}

    def version(self, package_id: str) -> int | None:
        """Count the commits to redemptions that draw on a package; None where it is not held."""
        if package_id not in self.sold:
            return None
        return sum(
            package_id in {draw["package_id"] for draw in after["draws"]}
            for _, after in self.history
        )

    def package(self, package_id: str) -> Doc:
        """Give a package as it is now, its uses and its version of one moment with the credits."""
        sold = self.sold[package_id]
        left = [
            one | {"remaining": self.balance(package_id, one.get("id", "main"))["available"]}
            for one in sold["entitlements"]
        ]
        uses = [*sold["uses"]]
        uses += [use for one in self.redemptions() for use in uses_of(one, package_id)]
        return sold | {"entitlements": left, "uses": uses, "version": self.version(package_id)}

    def packages_of(
        self, client_id: str | None, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Doc]:
        """Give the client's packages with a credit that are not over, and those named (D59)."""
        wanted = {*also}
        for name in self.sold:
            package = filled_package(self.package(name))
            ends = package["valid_until"]
            is_holder = client_id in {package["client_id"], *package["shared_with"]}
            has_credit = any(one["remaining"] >= 1 for one in package["entitlements"])
            if is_holder and has_credit and (ends is None or ends > not_over_at):
                wanted.add(name)
        return [self.package(name) for name in sorted(wanted & {*self.sold})]

    def commit(self, *changes: Change) -> None:
        """Commit all changes of a call, or raise what stands against one of them."""
        against = self.against(*changes)
        if against:
            raise NamedError(min(against))
        for change in changes:
            if not self._is_stored(change):
                self.history.append((change["before"], change["after"]))

    def against(self, *changes: Change) -> set[str]:
        """Name what stands against committing these; of several any one may be told."""
        ids = [change["after"]["booking"]["id"] for change in changes]
        told = {movements(one["before"], one["after"]) == one["movements"] for one in changes}
        if len(set(ids)) < len(ids) or False in told:
            return {INVALID}
        new = [change for change in changes if not self._is_stored(change)]
        moved = [movement for change in new for movement in change["movements"]]
        errors = {
            CONFLICT if self._is_outdated(change) else UNKNOWN_ENTITLEMENT
            for change in new
            if self._is_outdated(change) or self._is_unknown(change)
        }
        return errors or ({CONFLICT} if self._overdraws(moved) else set())

    def _is_stored(self, change: Change) -> bool:
        """Judge whether the very same was committed before: then nothing is done."""
        stored = self.redemption(change["after"]["booking"]["id"])
        return stored is not None and _equal(stored, change["after"])

    def _is_outdated(self, change: Change) -> bool:
        """Judge whether what was decided on has changed since: the booking, or a package (D57).

        A package that the store doesn't hold has no version: that is no conflict (D73).
        """
        stored = self.redemption(change["after"]["booking"]["id"])
        before = change["before"]
        if (None if stored is None else stored["version"]) != (
            None if before is None else before["version"]
        ):
            return True
        return any(
            self.version(package_id) not in {version, None}
            for package_id, version in change["package_versions"].items()
        )

    def _is_unknown(self, change: Change) -> bool:
        """Judge whether credits go from or to an entitlement that the store lacks (D73)."""
        return any((one[0], one[1]) not in self._entitlements() for one in change["movements"])

    def _entitlements(self) -> set[tuple[str, str]]:
        """List what credits can go from and to."""
        return self._told()

    def _told(self) -> set[tuple[str, str]]:
        """List what the packages hold."""
        return {
            (package_id, one.get("id", "main"))
            for package_id, package in self.sold.items()
            for one in package["entitlements"]
        }

    def _overdraws(self, moved: list[Movement]) -> bool:
        """Judge whether an entitlement would be left with less than no credit by all together."""
        places = {(one[0], one[1]) for one in moved} & self._told()
        for package_id, entitlement_id in places:
            left = self.balance(package_id, entitlement_id)["available"]
            drawn = 0
            for package, entitlement, units, source, target in moved:
                if (package, entitlement) == (package_id, entitlement_id):
                    drawn += units * ((source == "available") - (target == "available"))
            if drawn > 0 and drawn > (inf if left == "unlimited" else float(left)):
                return True
        return False


def _equal(one: Doc, other: Doc) -> bool:
    """Compare two redemptions in every field, defaults and zones aside."""
    return _whole(one) == _whole(other)


def _whole(redemption: Doc) -> Doc:
    """Write a redemption out, the moves' and the booking's instants too."""
    whole = filled_redemption(redemption)
    whole["booking"] = whole["booking"] | {"starts_at": instant(whole["booking"]["starts_at"])}
    whole["reschedules"] = [one | {"at": instant(one["at"])} for one in whole["reschedules"]]
    return whole
