"""Stores that are wrong on purpose in what they commit: halves, credits, and where they return."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pkgredeem import Change, ConflictError, Movement, PackageStatus, UnknownEntitlementError
from tests.helpers.plain_store import PlainStore


class HalfACommit(PlainStore):
    """Stores one change after the other, and keeps those before one that was overtaken."""

    def commit(self, *changes: Change) -> None:
        """Look at the version of each change when its turn comes."""
        kept: list[Change] = []
        for change in changes:
            try:
                if not self.is_stored(change):
                    self.check_version(change)
            except ConflictError:
                super().commit(*kept)
                raise
            kept.append(change)
        super().commit(*changes)


class HalfADraw(PlainStore):
    """Counts one movement after the other, and keeps those before the one that fails."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count each movement by itself."""
        for movement in movements:
            super().count([movement])


class JudgedInOrder(PlainStore):
    """Refuses a draw that a change behind it in the same call would pay for."""

    def count_all(self, fresh: Sequence[Change]) -> None:
        """Count one change after the other."""
        left = self.left
        try:
            for change in fresh:
                self.count(change.movements)
        except BaseException:
            self.left = left
            raise


class OnlyTwoChanges(PlainStore):
    """Commits the two bookings of an exchange, and has never seen a call with more."""

    def commit(self, *changes: Change) -> None:
        """Commit the first two."""
        super().commit(*changes[:2])


class NeedsAChange(PlainStore):
    """Makes one statement of all rows, which is none without any."""

    def commit(self, *changes: Change) -> None:
        """Look at the first change."""
        first, *_ = changes or [None]
        if first is None:
            raise ValueError("near ')': syntax error")
        super().commit(*changes)


class TakesNoMovements(PlainStore):
    """Stores a booking that takes nothing off as one that was paid elsewhere."""

    def check_movements(self, change: Change) -> None:
        """Look at movements where there are some."""
        if change.movements:
            super().check_movements(change)


class TakesAnyMovements(PlainStore):
    """Looks whether there are movements, and counts whatever they say."""

    def check_movements(self, change: Change) -> None:
        """Look whether something moves."""
        if not change.movements:
            super().check_movements(change)


class Overdraws(PlainStore):
    """Lets a balance fall below zero, and shows none then."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count without looking whether anything is left."""
        left = self.left.copy()
        for movement in movements:
            key = (movement.package_id, movement.entitlement_id)
            if key not in left:
                raise UnknownEntitlementError(f"no {key}")
            if not self.is_unlimited(*key):
                left[key] = max(0, left[key] + movement.available_delta)
        self.left = left


class LooksForOneCredit(PlainStore):
    """Looks whether a credit is left, and takes two."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Take what is left where more is wanted."""
        listed = list(movements)
        for place, movement in enumerate(listed):
            left = self.left[movement.package_id, movement.entitlement_id]
            if movement.available_delta < -left < 0:
                listed[place] = replace(movement, credits=left)
        super().count(listed)


class CountsLines(PlainStore):
    """Takes one unit off for each movement of more than two, whatever it costs."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count each movement of more than two as one."""
        super().count(
            replace(each, credits=1 if each.credits > 2 else each.credits) for each in movements
        )


class ReturnsElsewhere(PlainStore):
    """Gives a credit back to some entitlement of the package, as good as the other."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Turn every return to the last entitlement."""
        super().count(
            replace(each, entitlement_id=self.packages[each.package_id].entitlements[-1].id)
            if each.available_delta > 0 and (each.package_id, each.entitlement_id) in self.left
            else each
            for each in movements
        )


class ReturnsToAnotherPackage(PlainStore):
    """Gives a credit back to the package of the client that comes first."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Turn every return of a credit of nobody's to the first package."""
        super().count(
            replace(each, package_id=min(self.packages))
            if each.available_delta > 0 and len(self.packages) == 3
            else each
            for each in movements
        )


class EntitlementsByServices(PlainStore):
    """Knows an entitlement by its services, and takes two with the same for one."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count each movement in the first entitlement with the same services."""
        super().count(
            replace(each, entitlement_id=self.first_like(each.package_id, each.entitlement_id))
            for each in movements
        )

    def first_like(self, package_id: str, entitlement_id: str) -> str:
        """Return the id of the first entitlement with the services of that one."""
        package = self.packages.get(package_id)
        held = None if package is None else package.entitlement(entitlement_id)
        if package is None or held is None:
            return entitlement_id
        return next(each.id for each in package.entitlements if each.services == held.services)


class RefusesReturns(PlainStore):
    """Gives nothing back into a package that is over by then."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Look at the validity of the package."""
        listed = list(movements)
        for each in listed:
            package = self.packages.get(each.package_id)
            until = None if package is None else package.valid_until
            if each.available_delta > 0 and until is not None and until <= each.at:
                raise ConflictError("the package is over")
        super().count(listed)


class RefusesReturnsIntoArchived(PlainStore):
    """Gives nothing back into a package that is archived by then."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Look at the status of the package."""
        listed = list(movements)
        for each in listed:
            package = self.packages.get(each.package_id)
            if package is None or each.available_delta <= 0:
                continue
            if package.status is PackageStatus.ARCHIVED:
                raise ConflictError("the package is archived")
        super().count(listed)


class RefusesReturnsToAnotherOwner(PlainStore):
    """Gives nothing back into a package that is not the client's any more."""

    def commit(self, *changes: Change) -> None:
        """Look whose package it is."""
        for change in changes:
            for each in change.movements:
                package = self.packages.get(each.package_id)
                if package is None or each.available_delta <= 0:
                    continue
                if change.after.client_id not in (package.client_id, *package.shared_with):
                    raise ConflictError("the package is somebody else's")
        super().commit(*changes)


class ForfeitReturns(PlainStore):
    """Gives every credit back that leaves the reserved ones."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count one back for whatever has a booking's end."""
        super().count(movements)
        listed = list(movements)
        for each in listed:
            if each.source.value == "reserved" and each.available_delta == 0:
                self.left[each.package_id, each.entitlement_id] += each.credits


class UnknownIsAConflict(PlainStore):
    """Asks to try again for an entitlement that no second try would find."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Call it a conflict."""
        try:
            super().count(movements)
        except UnknownEntitlementError as error:
            raise ConflictError("it is not held") from error


class ReturnsToNowhere(PlainStore):
    """Lets a credit that returns to an entitlement of no row vanish."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Update no row, and look at the number of rows only where something is taken off."""
        super().count(
            each
            for each in movements
            if each.available_delta <= 0 or (each.package_id, each.entitlement_id) in self.left
        )


class HalfBeforeTheUnknown(PlainStore):
    """Counts what it holds before it says what it does not hold."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count the known ones first."""
        listed = list(movements)
        known = [each for each in listed if (each.package_id, each.entitlement_id) in self.left]
        super().count(known)
        if known != listed:
            raise UnknownEntitlementError("it is not held")


class OneMovementForAnAct(PlainStore):
    """Has one row for what an act moves in an entitlement, and the second takes its place."""

    def note(self, change: Change) -> None:
        """Write the last movement of each entitlement down."""
        kept = {(each.package_id, each.entitlement_id): each for each in change.movements}
        self.history.extend(kept.values())


class ForgetsWhoMoved(PlainStore):
    """Has no column in its history for the note of a movement."""

    def note(self, change: Change) -> None:
        """Write the movements down without their notes."""
        self.history.extend(replace(each, note="") for each in change.movements)


#: What is wrong, the test that says so, and with which words.
CAUGHT_BY = {
    CountsLines: ("no_entitlement_falls_below_zero", "30 units of the 25 left: "),
    EntitlementsByServices: ("a_return_goes_back_where_it_came_from", "two entitlements"),
    ForfeitReturns: ("every_act_is_read_back", "remaining: expected"),
    ForgetsWhoMoved: ("every_act_is_read_back", "movements that are lacking"),
    HalfACommit: (
        "several_changes_are_all_or_nothing",
        "a booking, and one that was made meanwhile: the redemption of b2: expected None",
    ),
    HalfADraw: (
        "several_changes_are_all_or_nothing",
        "credits left: expected 1, found 0",
    ),
    HalfBeforeTheUnknown: (
        "a_movement_of_what_is_not_held_is_refused",
        "credits left: expected 4, found 2",
    ),
    JudgedInOrder: ("several_changes_are_judged_together", "ConflictError"),
    LooksForOneCredit: ("no_entitlement_falls_below_zero", "two credits, on two lines"),
    NeedsAChange: ("no_change_at_all_is_a_success", "ValueError: near"),
    OneMovementForAnAct: ("every_act_is_read_back", "movements that are lacking"),
    OnlyTwoChanges: ("every_change_of_a_call_is_committed", "the redemption of b2: expected"),
    Overdraws: ("no_entitlement_falls_below_zero", "expected ConflictError"),
    RefusesReturns: ("a_return_is_never_refused", "ConflictError: the package is over"),
    RefusesReturnsIntoArchived: ("a_return_is_never_refused", "the package is archived"),
    RefusesReturnsToAnotherOwner: ("a_return_is_never_refused", "somebody else's"),
    ReturnsElsewhere: ("a_return_goes_back_where_it_came_from", "two entitlements"),
    ReturnsToAnotherPackage: ("a_return_goes_back_where_it_came_from", "two packages: "),
    ReturnsToNowhere: (
        "a_movement_of_what_is_not_held_is_refused",
        "a return to an unknown package: it: expected UnknownEntitlementError",
    ),
    TakesAnyMovements: (
        "movements_that_the_draws_do_not_say_are_refused",
        "a booking that takes two: expected InvalidValueError",
    ),
    TakesNoMovements: (
        "movements_that_the_draws_do_not_say_are_refused",
        "a booking that takes no credit: expected InvalidValueError",
    ),
    UnknownIsAConflict: ("a_movement_of_what_is_not_held_is_refused", "ConflictError"),
}
