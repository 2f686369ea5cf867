"""Stores that are wrong on purpose, each in one way that real systems were, and what catches it.

`PlainStore` is right: a store in memory whose commit is cut into steps. Each broken one spoils a
step.
"""

import asyncio
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from pkgredeem import (
    UNLIMITED,
    Act,
    Actor,
    Change,
    ConflictError,
    Draw,
    Ending,
    Movement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    UnknownEntitlementError,
)
from tests.helpers.broken_stores_of_plans import CAUGHT_BY as OF_PLANS_CAUGHT_BY
from tests.helpers.plain_store import A_MOMENT, PlainStore


class LostUpdate(PlainStore):
    """Reads the counters, thinks, and writes its own numbers over those of others."""

    def commit(self, *changes: Change) -> None:
        """Commit without the lock."""
        left = self.left.copy()
        time.sleep(A_MOMENT)
        self.left = left
        self.count(movement for change in changes for movement in change.movements)
        self.redemptions.update({change.after.booking.id: change.after for change in changes})


class CheckThenAct(PlainStore):
    """Looks whether the booking is there, thinks, and then books it."""

    def commit(self, *changes: Change) -> None:
        """Check without the lock, write with it."""
        fresh = [change for change in changes if not self.is_stored(change)]
        for change in fresh:
            self.check_version(change)
        time.sleep(A_MOMENT)
        with self.lock:
            self.count([movement for change in fresh for movement in change.movements])
            self.redemptions.update({change.after.booking.id: change.after for change in fresh})


class HalfACommit(PlainStore):
    """Commits one change after the other, and leaves the first when the second conflicts."""

    def commit(self, *changes: Change) -> None:
        """Commit each change by itself."""
        for change in sorted(changes, key=lambda each: each.before is None):
            super().commit(change)


class HalfADraw(PlainStore):
    """Counts one movement after the other, and keeps those before the one that fails."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count each movement by itself."""
        for movement in movements:
            super().count([movement])


class HalfARefusal(PlainStore):
    """Stores the redemption although its credits are lacking."""

    def commit(self, *changes: Change) -> None:
        """Store first, count later."""
        with self.lock:
            fresh = [change for change in changes if not self.is_stored(change)]
            for change in fresh:
                self.check_version(change)
                self.redemptions[change.after.booking.id] = change.after
            self.count([movement for change in fresh for movement in change.movements])


class JudgedOneByOne(PlainStore):
    """Refuses a draw that another change of the same call would pay for."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Ask for every draw to be there before anything returns."""
        listed = list(movements)
        super().count(each for each in listed if each.available_delta < 0)
        super().count(each for each in listed if each.available_delta >= 0)


class ReturnsElsewhere(PlainStore):
    """Gives a credit back to some entitlement of the package, as good as the other."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Turn every return to the last entitlement."""
        super().count(
            replace(each, entitlement_id=self.packages[each.package_id].entitlements[-1].id)
            if each.available_delta > 0
            else each
            for each in movements
        )


class ReturnsToAnotherPackage(PlainStore):
    """Gives a credit back to the first package of the client."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Turn every return to the last package that was sold."""
        super().count(
            replace(each, package_id=list(self.packages)[-1]) if each.available_delta > 0 else each
            for each in movements
        )


class DoubleReturn(PlainStore):
    """Counts a return again when its acknowledgement was lost."""

    def commit(self, *changes: Change) -> None:
        """Count what returns, whatever is stored."""
        again = [change for change in changes if self.is_stored(change) and change.before]
        super().commit(*changes)
        self.count(movement for change in again for movement in change.movements)


class VersionIgnored(PlainStore):
    """Lets the last act win."""

    def check_version(self, change: Change) -> None:
        """Look at nothing but a booking made twice."""
        if change.before is None:
            super().check_version(change)


class VersionNumberIsEnough(PlainStore):
    """Takes an equal version number for an acknowledgement that was lost."""

    def is_stored(self, change: Change) -> bool:
        """Compare the version number only."""
        stored = self.redemptions.get(change.after.booking.id)
        return stored is not None and stored.version == change.after.version


class AnyLaterVersionWillDo(PlainStore):
    """Takes whatever is newer than what is stored."""

    def check_version(self, change: Change) -> None:
        """Compare with less-than."""
        stored = self.redemptions.get(change.after.booking.id)
        if stored is not None and stored.version >= change.after.version:
            raise ConflictError("an older version")


class SilentDuplicate(PlainStore):
    """Does nothing when the booking is there already, and calls it a success."""

    def is_stored(self, change: Change) -> bool:
        """Insert or ignore."""
        return super().is_stored(change) or (
            change.before is None and change.after.booking.id in self.redemptions
        )


class NoReplay(PlainStore):
    """Refuses a change that it has committed itself."""

    def is_stored(self, change: Change) -> bool:
        """Remember nothing."""
        del change
        return False


class Overdraws(PlainStore):
    """Lets a balance fall below zero, and shows none then."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count without looking."""
        for movement in movements:
            key = (movement.package_id, movement.entitlement_id)
            self.left[key] = max(0, self.left[key] + movement.available_delta)


class BalanceCheckedEarly(PlainStore):
    """Looks whether a credit is left, thinks, and then takes it without another look."""

    def commit(self, *changes: Change) -> None:
        """Check without the lock, write with it."""
        moved = [movement for change in changes for movement in change.movements]
        before = self.left
        self.count(moved)
        self.left = before
        time.sleep(A_MOMENT)
        with self.lock:
            for each in moved:
                self.left[each.package_id, each.entitlement_id] += each.available_delta
            self.redemptions.update({change.after.booking.id: change.after for change in changes})


class RefusesReturns(PlainStore):
    """Gives nothing back into a package that is over by then."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Look at the validity of the package."""
        listed = list(movements)
        for each in listed:
            until = self.packages[each.package_id].valid_until
            if each.available_delta > 0 and until is not None and until <= each.at:
                raise ConflictError("the package is over")
        super().count(listed)


class RefusesReturnsIntoArchived(PlainStore):
    """Gives nothing back into a package that is archived by then."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Look at the status of the package."""
        listed = list(movements)
        for each in listed:
            if each.available_delta <= 0:
                continue
            if self.packages[each.package_id].status is PackageStatus.ARCHIVED:
                raise ConflictError("the package is archived")
        super().count(listed)


class RefusesReturnsToAnotherOwner(PlainStore):
    """Gives nothing back into a package that is not the client's any more."""

    def commit(self, *changes: Change) -> None:
        """Look whose package it is."""
        for change in changes:
            for each in change.movements:
                if each.available_delta <= 0:
                    continue
                if self.packages[each.package_id].client_id != change.after.client_id:
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


class NeedsTerms(PlainStore):
    """Reads the terms of every redemption, also of one that has none."""

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption, its terms read."""
        stored = super().redemption(booking_id)
        if stored is not None and stored.terms is None:
            raise TypeError("'NoneType' object is not subscriptable")
        return stored


class Forgets(PlainStore):
    """Keeps what its columns have room for."""

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return what is kept of the redemption."""
        stored = super().redemption(booking_id)
        return None if stored is None else self.kept(stored)

    def kept(self, stored: Redemption) -> Redemption:
        """Return what is kept of a redemption: all of its draws as far as they are kept."""
        return replace(stored, draws=tuple(map(self.kept_of_draw, stored.draws)))

    def kept_of_draw(self, draw: Draw) -> Draw:
        """Return what is kept of a draw: all of its endings as far as they are kept."""
        endings = [
            self.kept_of_ending(ending, is_last=ending is draw.ending) for ending in draw.endings
        ]
        return replace(draw, endings=tuple(endings))

    def kept_of_ending(self, ending: Ending, *, is_last: bool) -> Ending:
        """Return what is kept of what ended a line."""
        del is_last
        return ending


class ForgetsNotes(Forgets):
    """Has no room for why it was rescheduled."""

    def kept(self, stored: Redemption) -> Redemption:
        """Return it without the notes of its reschedules."""
        kept = tuple(replace(each, note="") for each in stored.reschedules)
        return replace(stored, reschedules=kept)


class ForgetsWhoRescheduled(Forgets):
    """Has no column for who rescheduled, and takes it for the business."""

    def kept(self, stored: Redemption) -> Redemption:
        """Return it as rescheduled by the business."""
        kept = tuple(replace(each, by=Actor.BUSINESS, late=False) for each in stored.reschedules)
        return replace(stored, reschedules=kept)


class ForgetsLateReschedules(Forgets):
    """Has no column for who rescheduled late."""

    def kept(self, stored: Redemption) -> Redemption:
        """Return it as rescheduled in time."""
        kept = tuple(replace(each, late=False) for each in stored.reschedules)
        return replace(stored, reschedules=kept)


class ForgetsWhatItReplaces(Forgets):
    """Has no column for the booking that an exchange gave up."""

    def kept(self, stored: Redemption) -> Redemption:
        """Return it as if it had been booked by itself."""
        return replace(stored, replaces=None)


class ForgetsUnknownZones(Forgets):
    """Keeps a zone only where this machine knows it."""

    def kept(self, stored: Redemption) -> Redemption:
        """Return it in UTC where the zone is unknown."""
        key = stored.time_zone_key
        return replace(stored, time_zone_key=key if key in available_timezones() else None)


class ForgetsWhyOfNoShows(Forgets):
    """Keeps the note of a cancellation only."""

    def kept_of_ending(self, ending: Ending, *, is_last: bool) -> Ending:
        """Return it without the note of a no-show."""
        del is_last
        return replace(ending, note="") if ending.act is Act.NO_SHOW else ending


class ForgetsEarlierEndings(Forgets):
    """Keeps of what ended a line before only that it did."""

    def kept_of_ending(self, ending: Ending, *, is_last: bool) -> Ending:
        """Return it without its note, unless it is the last."""
        return ending if is_last else replace(ending, note="")


class ForgetsEarlierStarts(Forgets):
    """Has one column for the start, also of a line that ended before the rest was moved."""

    def kept_of_ending(self, ending: Ending, *, is_last: bool) -> Ending:
        """Return it without the start that the line had."""
        del is_last
        return replace(ending, starts_at=None)


class ForgetsNamesOfDraws(Forgets):
    """Joins the package for its name, and finds none."""

    def kept_of_draw(self, draw: Draw) -> Draw:
        """Return it without the name of the package."""
        return replace(draw, package_name="")


class ForgetsNamesOfPackages(PlainStore):
    """Has no column for what people call a package."""

    def as_it_is(self, package: Package) -> Package:
        """Return the package without its name."""
        return replace(super().as_it_is(package), name="")


class VersionIgnoredOnMoves(PlainStore):
    """Compares versions only where credits move."""

    def check_version(self, change: Change) -> None:
        """Let another start be written over whatever is there."""
        if change.movements:
            super().check_version(change)


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


class HoldsWhatIsShown(PlainStore):
    """Sets a credit aside for whoever looks, until the next commit."""

    held_for = ""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Show a client one credit less the second time."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        shown = [self._one_less(each) if each.client_id == client_id else each for each in found]
        found, self.held_for = shown if self.held_for == client_id else found, client_id
        return found

    def commit(self, *changes: Change) -> None:
        """Commit, and let go of what was held."""
        self.held_for = ""
        super().commit(*changes)

    @staticmethod
    def _one_less(package: Package) -> Package:
        first, *others = package.entitlements
        if first.remaining is UNLIMITED:
            return package
        less = replace(first, remaining=max(0, first.remaining - 1))
        return replace(package, entitlements=(less, *others))


class CaseBlind(PlainStore):
    """Takes ids for the same that differ in case only."""

    def redemption(self, booking_id: str) -> Redemption | None:
        """Look for the id in lower case."""
        lowered = {name.lower(): stored for name, stored in self.redemptions.items()}
        return lowered.get(booking_id.lower())


class CaseBlindEntitlements(PlainStore):
    """Takes entitlements for the same that differ in case only, and draws on all of them."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count each movement wherever the id fits in lower case."""
        listed = list(movements)
        alike = [
            replace(each, entitlement_id=entitlement_id)
            for each in listed
            for package_id, entitlement_id in self.left
            if package_id == each.package_id
            and entitlement_id.lower() == each.entitlement_id.lower()
        ]
        super().count(alike if len(alike) >= len(listed) else listed)


class LikeClients(PlainStore):
    """Looks for the client with LIKE, and escapes nothing."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of every client whose id is like it."""
        del not_over_at
        like = re.escape(client_id).replace("%", ".*").replace("_", ".")
        named = set(also)
        return [
            self.as_it_is(package)
            for package in self.packages.values()
            if re.fullmatch(like, package.client_id, re.DOTALL) or package.id in named
        ]


class KnowsOwnersOnly(PlainStore):
    """Looks for the owner of a package, and forgets with whom it is shared."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages that were sold to the client, and those named."""
        named = set(also)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        return [each for each in found if each.id in named or each.client_id == client_id]


class LikeSharers(PlainStore):
    """Looks with LIKE, case and all, whether a package is shared with the client."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, those shared with whose id is like it, and named."""
        like = client_id.lower()
        sharing = [
            package.id
            for package in self.packages.values()
            if like in map(str.lower, package.shared_with)
        ]
        return super().packages_of(client_id, not_over_at=not_over_at, also=[*also, *sharing])


class ForgetsWhoShares(PlainStore):
    """Keeps who shares a package where it is looked for, and gives it back as its owner's alone."""

    def as_it_is(self, package: Package) -> Package:
        """Return the package without those who share it."""
        return replace(super().as_it_is(package), shared_with=())


class LeavesOut(PlainStore):
    """Right as it is: what is named comes, and of the client's others those that it gives."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client that are given, and those named."""
        named = set(also)
        return [
            package
            for package in super().packages_of(client_id, not_over_at=not_over_at, also=named)
            if package.id in named or self.gives(package)
        ]

    def gives(self, package: Package) -> bool:
        """Tell whether the package is given without being named."""
        return package.has_credit


class LeavesOutWhatIsOverByTheClock(LeavesOut):
    """Leaves out what is over by the clock of the database, whatever instant is handed in."""

    def gives(self, package: Package) -> bool:
        """Look at the clock."""
        return not package.is_over_by(datetime.now(UTC))


class LeavesOutWhatEndsThatSecond(PlainStore):
    """Keeps the end of a package to the second."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages that are not over in that second, and those named."""
        named = set(also)
        second = not_over_at.replace(microsecond=0) + timedelta(seconds=1)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        return [each for each in found if each.id in named or not each.is_over_by(second)]


class WantsACreditOfEach(LeavesOut):
    """Leaves out a package in which one of two entitlements is used up."""

    def gives(self, package: Package) -> bool:
        """Look at every entitlement."""
        return all(held.remaining for held in package.entitlements)


class LeavesOutWhatHasNotStarted(LeavesOut):
    """Leaves out a package whose validity has not begun."""

    def gives(self, package: Package) -> bool:
        """Look at the beginning."""
        return package.has_started_by(datetime.now(UTC))


class LeavesOutWhatIsSoldLater(LeavesOut):
    """Leaves out a package that is not sold yet, by the clock of the database."""

    def gives(self, package: Package) -> bool:
        """Look at the sale."""
        return package.is_sold_by(datetime.now(UTC))


class OnlyActive(LeavesOut):
    """Leaves out what is archived."""

    def gives(self, package: Package) -> bool:
        """Look at the status."""
        return package.status is PackageStatus.ACTIVE


class OnlyNew(LeavesOut):
    """Leaves out legacy packages."""

    def gives(self, package: Package) -> bool:
        """Look at the kind."""
        return package.kind is PackageKind.NEW


class LeavesOutWhatEnds(LeavesOut):
    """Takes for over whatever ends in this century."""

    def gives(self, package: Package) -> bool:
        """Look at the end."""
        return not package.is_over_by(datetime(2100, 1, 1, tzinfo=UTC))


class AtMostTwo(PlainStore):
    """Gives as many packages as fit on a page."""

    most = 2

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the first packages of the client, and those named."""
        named = set(also)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        own = [each for each in found if each.id not in named and each.has_credit]
        return [*own[: self.most], *(each for each in found if each.id in named)]


class OnlyTheFirst(AtMostTwo):
    """Gives the package that is drawn on first."""

    most = 1


class DropsUsedUpEntitlements(PlainStore):
    """Reads the entitlements that have a credit, with a condition in the wrong place."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client without what is used up in them."""
        named = set(also)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        return [each if each.id in named else self._dropped(each) for each in found]

    @staticmethod
    def _dropped(package: Package) -> Package:
        held = tuple(each for each in package.entitlements if each.remaining)
        return replace(package, entitlements=held or package.entitlements)


class LosesTheSign(PlainStore):
    """Has no room for a priority below zero."""

    def as_it_is(self, package: Package) -> Package:
        """Return the package with a priority of zero or more."""
        return replace(super().as_it_is(package), priority=max(0, package.priority))


class IgnoresAlso(PlainStore):
    """Gives only the client's own packages."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client."""
        del also
        return super().packages_of(client_id, not_over_at=not_over_at)


class NamesTwice(PlainStore):
    """Gives a package twice when it is the client's and named as well."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return both lists, one after the other."""
        named = [self.packages[each] for each in also if each in self.packages]
        return [
            *super().packages_of(client_id, not_over_at=not_over_at),
            *map(self.as_it_is, named),
        ]


class ShowsEverybodys(PlainStore):
    """Gives the packages of all clients."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return all packages."""
        del client_id, not_over_at, also
        return [self.as_it_is(package) for package in self.packages.values()]


class LaggingReplica(PlainStore):
    """Reads from a copy that is one commit behind."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        super().__init__(packages)
        self.behind: dict[str, Redemption] = {}

    def commit(self, *changes: Change) -> None:
        """Commit, and let the copy follow to what was before."""
        self.behind = dict(self.redemptions)
        super().commit(*changes)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Read from the copy."""
        return self.behind.get(booking_id)


class RaisesItsOwn(PlainStore):
    """Lets the database's own error out where somebody else was quicker."""

    def check_version(self, change: Change) -> None:
        """Raise what the database raises."""
        try:
            super().check_version(change)
        except ConflictError as error:
            raise RuntimeError("duplicate key value violates unique constraint") from error


#: What is wrong, and the one invariant of all that says so.
CAUGHT_ALONE_BY = {
    ForgetsNamesOfDraws: "test_a_redemption_is_read_back_whole",
    ForgetsNamesOfPackages: "test_a_package_is_read_back_whole",
    ForgetsUnknownZones: "test_a_redemption_without_terms_is_read_back_whole",
    HalfBeforeTheUnknown: "test_a_movement_of_what_is_not_held_is_refused",
    HoldsWhatIsShown: "test_a_quote_is_what_redeeming_then_does",
    LeavesOutWhatEndsThatSecond: "test_what_is_over_is_asked_of_the_instant_given",
    LeavesOutWhatIsOverByTheClock: "test_what_is_over_is_asked_of_the_instant_given",
    ReturnsToNowhere: "test_a_movement_of_what_is_not_held_is_refused",
    UnknownIsAConflict: "test_a_movement_of_what_is_not_held_is_refused",
    VersionIgnoredOnMoves: "test_every_act_on_an_old_version_is_refused",
}

#: What is wrong, and the invariant that says so.
CAUGHT_BY = {
    **CAUGHT_ALONE_BY,
    **OF_PLANS_CAUGHT_BY,
    ForgetsEarlierEndings: "test_a_redemption_is_read_back_whole",
    ForgetsEarlierStarts: "test_a_redemption_is_read_back_whole",
    ForgetsWhatItReplaces: "test_the_last_credit_is_exchanged",
    AnyLaterVersionWillDo: "test_a_version_from_the_future_is_refused",
    AtMostTwo: "test_every_package_with_a_credit_comes",
    BalanceCheckedEarly: "test_many_threads_on_the_last_credits",
    CaseBlind: "test_ids_differ_in_every_character",
    CaseBlindEntitlements: "test_ids_differ_in_every_character",
    CheckThenAct: "test_many_threads_on_one_booking",
    DoubleReturn: "test_a_credit_returns_only_once",
    DropsUsedUpEntitlements: "test_every_package_with_a_credit_comes",
    ForfeitReturns: "test_sold_is_the_sum_after_every_act",
    ForgetsLateReschedules: "test_a_redemption_is_read_back_whole",
    ForgetsNotes: "test_a_redemption_is_read_back_whole",
    ForgetsWhoRescheduled: "test_a_redemption_is_read_back_whole",
    ForgetsWhoShares: "test_a_package_is_read_back_whole",
    ForgetsWhyOfNoShows: "test_a_redemption_without_terms_is_read_back_whole",
    HalfACommit: "test_several_changes_are_all_or_nothing",
    HalfADraw: "test_draws_on_several_packages_are_all_or_nothing",
    HalfARefusal: "test_the_loser_of_a_race_is_told_why",
    IgnoresAlso: "test_packages_named_besides_come_in_any_state",
    JudgedOneByOne: "test_several_changes_are_judged_together",
    KnowsOwnersOnly: "test_a_shared_package_comes_for_everybody_who_holds_it",
    LaggingReplica: "test_a_redemption_is_read_back_whole",
    LeavesOutWhatEnds: "test_every_package_with_a_credit_comes",
    LeavesOutWhatHasNotStarted: "test_every_package_with_a_credit_comes",
    LeavesOutWhatIsSoldLater: "test_every_package_with_a_credit_comes",
    LikeClients: "test_ids_differ_in_every_character",
    LikeSharers: "test_ids_differ_in_every_character",
    LosesTheSign: "test_every_package_with_a_credit_comes",
    LostUpdate: "test_many_threads_on_the_last_credits",
    NamesTwice: "test_packages_named_besides_come_in_any_state",
    NeedsTerms: "test_a_redemption_without_terms_is_read_back_whole",
    NoReplay: "test_a_lost_acknowledgement_is_a_success",
    OnlyActive: "test_every_package_with_a_credit_comes",
    OnlyNew: "test_every_package_with_a_credit_comes",
    OnlyTheFirst: "test_every_package_with_a_credit_comes",
    Overdraws: "test_no_entitlement_falls_below_zero",
    RaisesItsOwn: "test_a_booking_is_committed_at_most_once",
    RefusesReturns: "test_a_return_is_never_refused",
    RefusesReturnsIntoArchived: "test_a_return_is_never_refused",
    RefusesReturnsToAnotherOwner: "test_a_return_is_never_refused",
    ReturnsElsewhere: "test_a_return_goes_back_where_it_came_from",
    ReturnsToAnotherPackage: "test_a_return_goes_back_where_it_came_from",
    ShowsEverybodys: "test_a_client_gets_no_package_of_anybody_else",
    SilentDuplicate: "test_a_booking_is_committed_at_most_once",
    VersionIgnored: "test_every_act_on_an_old_version_is_refused",
    VersionNumberIsEnough: "test_another_change_to_the_same_version_is_refused",
    WantsACreditOfEach: "test_every_package_with_a_credit_comes",
}


class TornAsync:
    """Counts the credits, lets other tasks run, and only then stores the redemption."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        self.inner = PlainStore(packages)

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, and those named."""
        await asyncio.sleep(0)
        return self.inner.packages_of(client_id, not_over_at=not_over_at, also=also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        await asyncio.sleep(0)
        return self.inner.redemption(booking_id)

    async def commit(self, *changes: Change) -> None:
        """Commit in two halves, with the other tasks in between."""
        fresh = [change for change in changes if not self.inner.is_stored(change)]
        for change in fresh:
            self.inner.check_version(change)
        self.inner.count([movement for change in fresh for movement in change.movements])
        await asyncio.sleep(0)
        for change in fresh:
            self.inner.redemptions[change.after.booking.id] = change.after


class TornTheOtherWay(TornAsync):
    """Stores the redemption, lets other tasks run, and only then counts the credits."""

    async def commit(self, *changes: Change) -> None:
        """Commit in two halves, with the other tasks in between."""
        fresh = [change for change in changes if not self.inner.is_stored(change)]
        for change in fresh:
            self.inner.check_version(change)
        moved = [movement for change in fresh for movement in change.movements]
        left = self.inner.left
        self.inner.count(moved)
        self.inner.left = left
        for change in fresh:
            self.inner.redemptions[change.after.booking.id] = change.after
        await asyncio.sleep(0)
        self.inner.count(moved)
