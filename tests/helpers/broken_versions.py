"""Stores that are wrong on purpose about versions of redemptions, and about what they have read."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pkgredeem import Act, Change, ConflictError, Movement, Package, Redemption
from tests.helpers.plain_store import PlainStore


class VersionIgnored(PlainStore):
    """Lets the last act win."""

    def check_version(self, change: Change) -> None:
        """Look at nothing but a booking made twice."""
        if change.before is None:
            super().check_version(change)


class VersionIgnoredOnMoves(PlainStore):
    """Compares versions only where credits move."""

    def check_version(self, change: Change) -> None:
        """Let another start be written over whatever is there."""
        if change.movements:
            super().check_version(change)


class VersionIgnoredBy(PlainStore):
    """Compares versions, but not where one act ends a line."""

    act: Act

    def check_version(self, change: Change) -> None:
        """Let the act be written over whatever is there."""
        last = [draw.endings[-1].act for draw in change.after.draws if draw.endings]
        if self.act not in last:
            super().check_version(change)


class VersionIgnoredOnNoShows(VersionIgnoredBy):
    """Takes it that nobody else records a no-show."""

    act = Act.NO_SHOW


class VersionIgnoredOnForgiving(VersionIgnoredBy):
    """Takes it that only the owner forgives."""

    act = Act.FORGIVE


class StaleMovesLaidOver(PlainStore):
    """Lays another start over whatever has become of the booking since."""

    def commit(self, *changes: Change) -> None:
        """Turn a stale move into one of what is stored."""
        super().commit(*map(self.on_top, changes))

    def on_top(self, change: Change) -> Change:
        """Return the same move of what is stored."""
        stored = self.redemptions.get(change.after.booking.id)
        if stored is None or change.movements or change.before in (None, stored):
            return change
        after = replace(
            stored,
            starts_at=max(change.after.starts_at, stored.starts_at),
            version=stored.version + 1,
        )
        return replace(change, before=stored, after=after)


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


class RemembersEveryCommit(PlainStore):
    """Knows every change that it ever committed, and takes each for an echo from then on."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        super().__init__(packages)
        self.committed: list[Redemption] = []

    def is_stored(self, change: Change) -> bool:
        """Look for it among all."""
        return change.after in self.committed

    def keep(self, change: Change) -> None:
        """Store the redemption, and remember it."""
        super().keep(change)
        self.committed.append(change.after)


class NoReplay(PlainStore):
    """Refuses a change that it has committed itself."""

    def is_stored(self, change: Change) -> bool:
        """Remember nothing."""
        del change
        return False


class DoubleReturn(PlainStore):
    """Counts a return again when its acknowledgement was lost."""

    def commit(self, *changes: Change) -> None:
        """Count what returns, whatever is stored."""
        again = [change for change in changes if self.is_stored(change) and change.before]
        super().commit(*changes)
        self.count(movement for change in again for movement in change.movements)


class RaisesItsOwn(PlainStore):
    """Lets the database's own error out where somebody else was quicker."""

    def check_version(self, change: Change) -> None:
        """Raise what the database raises."""
        try:
            super().check_version(change)
        except ConflictError as error:
            raise RuntimeError("duplicate key value violates unique constraint") from error


class StaleAfterAConflict(PlainStore):
    """Reads from a copy once after a conflict, as inside a transaction that has not ended."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        super().__init__(packages)
        self.before = self.left
        self.is_stale = False

    def count(self, movements: Iterable[Movement]) -> None:
        """Keep what was left before."""
        left = self.left
        super().count(movements)
        self.before = left

    def commit(self, *changes: Change) -> None:
        """Commit, and go on with the old copy after a conflict."""
        try:
            super().commit(*changes)
        except ConflictError:
            self.is_stale = threading.active_count() < 6
            raise

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Read what a client has from the copy, the first time after a conflict."""
        named = [*also]
        left = self.left
        if self.is_stale and not named:
            self.is_stale, self.left = False, self.before
        try:
            return super().packages_of(client_id, not_over_at=not_over_at, also=named)
        finally:
            self.left = left


class CachesReads:
    """Keeps what it has read until it commits itself, or hears of a conflict."""

    def __init__(self, packages: Iterable[Package] = (), inner: PlainStore | None = None) -> None:
        """Hold these packages, or share the data of another."""
        self.inner = PlainStore(packages) if inner is None else inner
        self.cache: dict[str, Redemption] = {}

    @property
    def history(self) -> list[Movement]:
        """The history."""
        return self.inner.history

    def reopened(self) -> "CachesReads":
        """Return another object on the same data."""
        return type(self)(inner=self.inner)

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, and those named."""
        return self.inner.packages_of(client_id, not_over_at=not_over_at, also=also)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return what was read before, or read it."""
        if booking_id not in self.cache:
            found = self.inner.redemption(booking_id)
            if found is None:
                return None
            self.cache[booking_id] = found
        return self.cache[booking_id]

    def commit(self, *changes: Change) -> None:
        """Commit, and forget what was read."""
        self.cache.clear()
        self.inner.commit(*changes)


#: What is wrong, the test that says so, and with which words.
CAUGHT_BY = {
    AnyLaterVersionWillDo: (
        "a_version_from_the_future_is_refused",
        "an act on what was never committed: expected ConflictError",
    ),
    CachesReads: ("what_another_object_has_committed_is_seen", "the redemption of b1: draws"),
    DoubleReturn: ("what_is_stored_is_a_success", "remaining: expected"),
    NoReplay: ("what_is_stored_is_a_success", "ConflictError: another version"),
    RaisesItsOwn: ("every_act_on_an_older_version_is_refused", "RuntimeError: duplicate key"),
    RemembersEveryCommit: (
        "an_old_change_is_not_taken_for_a_lost_acknowledgement",
        "booking again what is cancelled: expected ConflictError",
    ),
    SilentDuplicate: ("every_act_on_an_older_version_is_refused", "booked again, when it was"),
    StaleAfterAConflict: ("who_comes_second_is_told_at_the_second_try", "ConflictError"),
    StaleMovesLaidOver: (
        "every_act_on_an_older_version_is_refused",
        "moved by the client, when it was",
    ),
    VersionIgnored: ("every_act_on_an_older_version_is_refused", "expected ConflictError"),
    VersionIgnoredOnForgiving: (
        "every_act_on_an_older_version_is_refused",
        "when it was forgiven meanwhile",
    ),
    VersionIgnoredOnMoves: (
        "every_act_on_an_older_version_is_refused",
        "moved by the client, when it was",
    ),
    VersionIgnoredOnNoShows: (
        "every_act_on_an_older_version_is_refused",
        "no-show, returned, when it was",
    ),
    VersionNumberIsEnough: (
        "every_act_on_an_older_version_is_refused",
        "it: expected ConflictError",
    ),
}
