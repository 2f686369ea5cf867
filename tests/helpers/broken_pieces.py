"""Stores that are wrong on purpose in a piece of what they look at: in one order, or in one act."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pkgredeem import (
    Change,
    ConflictError,
    Movement,
    Package,
    PackageStatus,
    UnknownEntitlementError,
    Use,
)
from tests.helpers.plain_store import PlainStore, think


class TakesOneTwice(PlainStore):
    """Looks at each movement by itself, and not for two that are alike."""

    def check_movements(self, change: Change) -> None:
        """Look at them where they differ."""
        if len(set(change.movements)) == len(change.movements):
            super().check_movements(change)


class ReturnsNothing(PlainStore):
    """Looks at the movements of an act where there are some."""

    def check_movements(self, change: Change) -> None:
        """Let an act pass that moves nothing."""
        if change.before is None or change.movements:
            super().check_movements(change)


class ReturnsTwo(PlainStore):
    """Looks at the movements of a booking, and whether an act has any."""

    def check_movements(self, change: Change) -> None:
        """Let an act pass that moves something."""
        if change.before is None or not change.movements:
            super().check_movements(change)


class LooksAtTheFirst(PlainStore):
    """Looks at the movements of the first change of a call."""

    place = 0

    def commit(self, *changes: Change) -> None:
        """Look at one of them."""
        if changes:
            super().check_movements(changes[self.place])
        super().commit(*changes)

    def check_movements(self, change: Change) -> None:
        """Look at no other."""


class LooksAtTheLast(LooksAtTheFirst):
    """Looks at the movements of the last change of a call."""

    place = -1


class KnowsTheFirst(PlainStore):
    """Counts what an unknown entitlement gives as nothing, but in the first change of a call."""

    place = 0

    def count_all(self, fresh: Sequence[Change]) -> None:
        """Look for the entitlements of one of them."""
        for movement in fresh[self.place].movements if fresh else ():
            if (movement.package_id, movement.entitlement_id) not in self.left:
                raise UnknownEntitlementError("it is not held")
        super().count_all(fresh)

    def count(self, movements: Iterable[Movement]) -> None:
        """Leave out what is not held."""
        super().count(m for m in movements if (m.package_id, m.entitlement_id) in self.left)


class KnowsTheLast(KnowsTheFirst):
    """Does so but in the last change of a call."""

    place = -1


class JudgedFromTheEnd(PlainStore):
    """Refuses a draw that a change before it in the same call would pay for."""

    def count_all(self, fresh: Sequence[Change]) -> None:
        """Count one change after the other, the last first."""
        left = self.left
        try:
            for change in fresh[::-1]:
                self.count(change.movements)
        except BaseException:
            self.left = left
            raise


class HalfACommitFromTheEnd(PlainStore):
    """Counts one change after the other, the last first, and keeps those before one that fails."""

    def count_all(self, fresh: Sequence[Change]) -> None:
        """Keep what was counted."""
        for change in fresh[::-1]:
            self.count(change.movements)


class HalfACommitFromTheBegin(PlainStore):
    """Counts one change after the other, and keeps those before one that fails."""

    def count_all(self, fresh: Sequence[Change]) -> None:
        """Keep what was counted."""
        for change in fresh:
            self.count(change.movements)


class RefusesReturnsIntoSuspended(PlainStore):
    """Gives nothing back into a package that is suspended by then."""

    status = PackageStatus.SUSPENDED

    def count(self, movements: Iterable[Movement]) -> None:
        """Look at the status of the package."""
        listed = list(movements)
        for each in listed:
            package = self.packages.get(each.package_id)
            if package and each.available_delta > 0 and package.status is self.status:
                raise ConflictError(f"the package is {self.status}")
        super().count(listed)


class RefusesToForgiveLater(PlainStore):
    """Gives nothing back a year after it was booked."""

    def commit(self, *changes: Change) -> None:
        """Look at the year of the act."""
        for change in changes:
            for each in change.movements:
                if each.available_delta > 0 and each.at.year > change.after.booked_at.year:
                    raise ConflictError("the books of that year are closed")
        super().commit(*changes)


class RefusesReturnsOfNoShows(PlainStore):
    """Gives nothing back to who did not come."""

    def commit(self, *changes: Change) -> None:
        """Look at the act."""
        for change in changes:
            for each in change.movements:
                if each.available_delta > 0 and each.act.value == "no_show":
                    raise ConflictError("nobody came")
        super().commit(*changes)


class LeavesOutTheVoid(PlainStore):
    """Leaves out what is void, unless it is named."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client that are not void, and those named."""
        named = set(also)
        return [
            package
            for package in super().packages_of(client_id, not_over_at=not_over_at, also=named)
            if package.id in named or package.status is not PackageStatus.VOID
        ]


class NewerVersionsWillDo(PlainStore):
    """Takes whatever was decided on a version of a package that is to come."""

    on_moves = False

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Compare with less-than, of bookings or of moves."""
        for change in fresh:
            for package_id, version in change.package_versions:
                is_newer = version > self.versions[package_id]
                if is_newer and self.on_moves is (change.before is not None):
                    continue
                super().check_package_versions([change])


class NewerVersionsWillDoOnMoves(NewerVersionsWillDo):
    """Does so for moves alone."""

    on_moves = True


class HoldsAllOrOne(PlainStore):
    """Refuses a booking that is sent again when no credit is left, as another one's."""

    def commit(self, *changes: Change) -> None:
        """Commit when all others have decided."""
        think()
        super().commit(*changes)

    def check_version(self, change: Change) -> None:
        """Say that nothing is left, where that is so."""
        is_again = change.before is None and change.after.booking.id in self.redemptions
        if is_again and not any(self.left.values()):
            raise UnknownEntitlementError("no credit is left any more")
        super().check_version(change)


class UsesOfQuotasOnly(PlainStore):
    """Looks for uses where there is a quota, and not where a term begins with the first."""

    def uses_of(self, package_id: str) -> tuple[Use, ...]:
        """Return the uses of a package with a quota."""
        return super().uses_of(package_id) if self.packages[package_id].has_quotas else ()


class CompletesTheUnknown(PlainStore):
    """Stores an act on a booking that it has never seen."""

    def check_version(self, change: Change) -> None:
        """Compare with what is stored, where something is."""
        if change.after.booking.id in self.redemptions:
            super().check_version(change)


class RaisesAtAReplay(PlainStore):
    """Raises the versions of packages when nothing is done, too."""

    def commit(self, *changes: Change) -> None:
        """Raise them for what is stored already."""
        again = [change for change in changes if self.is_stored(change)]
        super().commit(*changes)
        for change in again:
            self.versions.update({draw.package_id for draw in change.after.draws})


class NoReplayBesideANew(PlainStore):
    """Takes a call for a lost acknowledgement as a whole, or not at all."""

    def is_stored(self, change: Change) -> bool:
        """Look for it where it comes alone."""
        return not self.is_beside_others and super().is_stored(change)

    def commit(self, *changes: Change) -> None:
        """Look how many there are."""
        self.is_beside_others = len(changes) > 1
        super().commit(*changes)


class NotesWhatItRefuses(PlainStore):
    """Writes the movements of a call down before it looks whether it was overtaken."""

    def commit(self, *changes: Change) -> None:
        """Write them down, where the call is refused."""
        try:
            super().commit(*changes)
        except ConflictError:
            for change in changes:
                self.note(change)
            raise


class NoReplayOfMoves(PlainStore):
    """Knows an act that it has committed by its movements, of which a move has none."""

    def is_stored(self, change: Change) -> bool:
        """Look for it where something moves."""
        return bool(change.movements) and super().is_stored(change)


class OneVersionOfEach(PlainStore):
    """Compares one version of each package in a call, the last that is named."""

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Collect them by their packages."""
        wanted: dict[str, int] = {}
        for change in self.in_order(fresh):
            wanted.update(change.package_versions)
        if any(self.versions[name] != version for name, version in wanted.items()):
            raise ConflictError("another version of the package")

    def in_order(self, fresh: Sequence[Change]) -> Sequence[Change]:
        """Return the changes as they come."""
        return fresh


class TheFirstVersionOfEach(OneVersionOfEach):
    """Compares the first version of each."""

    def in_order(self, fresh: Sequence[Change]) -> Sequence[Change]:
        """Return the changes from the end."""
        return fresh[::-1]


_COMMITS = "several_changes_are_all_or_nothing"
_DRAWS = "movements_that_the_draws_do_not_say_are_refused"
_UNKNOWN = "a_movement_of_what_is_not_held_is_refused"
_RETURNS = "a_return_is_never_refused"
_VERSIONS = "what_is_decided_on_another_version_is_refused"

_FUTURE = "a_version_from_the_future_is_refused"
_TOGETHER = "versions_are_judged_as_they_were_before_the_call"
_AGAIN = "what_is_stored_is_a_success"

#: What is wrong, the test that says so, and with which words.
CAUGHT_BY = {
    CompletesTheUnknown: (_FUTURE, "completing what was never booked: expected ConflictError"),
    NoReplayBesideANew: (_AGAIN, "ConflictError: another version"),
    NoReplayOfMoves: (_AGAIN, "ConflictError: another version"),
    OneVersionOfEach: (_TOGETHER, "two versions: expected ConflictError"),
    TheFirstVersionOfEach: (_TOGETHER, "two versions: expected ConflictError"),
    NotesWhatItRefuses: ("every_act_on_an_older_version_is_refused", "movements that never were"),
    RaisesAtAReplay: (_AGAIN, "the version when nothing was done"),
    HalfACommitFromTheBegin: (_COMMITS, "a booking, and a credit that is lacking: "),
    HalfACommitFromTheEnd: (_COMMITS, "a booking, and a credit that is lacking: "),
    HoldsAllOrOne: ("many_threads_on_one_booking", "no credit is left any more"),
    JudgedFromTheEnd: ("several_changes_are_judged_together", "ConflictError"),
    KnowsTheFirst: (_UNKNOWN, "it: expected UnknownEntitlementError"),
    KnowsTheLast: (_UNKNOWN, "it: expected UnknownEntitlementError"),
    LeavesOutTheVoid: ("every_package_with_a_credit_comes", "void: expected"),
    LooksAtTheFirst: (_DRAWS, "a booking that takes no credit: expected InvalidValueError"),
    LooksAtTheLast: (_DRAWS, "a booking that takes no credit: expected InvalidValueError"),
    NewerVersionsWillDo: (_VERSIONS, "a booking on a version to come: expected ConflictError"),
    NewerVersionsWillDoOnMoves: (_VERSIONS, "a move on a version to come: expected ConflictError"),
    RefusesReturnsIntoSuspended: (_RETURNS, "the package is suspended"),
    RefusesReturnsOfNoShows: (_RETURNS, "nobody came"),
    RefusesToForgiveLater: (_RETURNS, "the books of that year are closed"),
    ReturnsNothing: (_DRAWS, "a return of nothing: expected InvalidValueError"),
    ReturnsTwo: (_DRAWS, "a return of two: expected InvalidValueError"),
    UsesOfQuotasOnly: ("every_move_is_read_back", "a term of first use: the packages: p1: uses"),
    TakesOneTwice: (_DRAWS, "a booking that takes one twice: expected InvalidValueError"),
}
