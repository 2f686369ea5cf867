"""What each example store does from end to end, in the same words for all of them.

A store of tasks is told of by `Blocking`, as threads see it.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar, cast

import pytest

from pkgredeem import (
    Act,
    Actor,
    Change,
    Client,
    ConflictError,
    Ending,
    Entitlement,
    InvalidValueError,
    Movement,
    Package,
    PackageStatus,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    UnknownEntitlementError,
    rules,
)
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from tests.helpers.desk_support import ACCOUNT, ONLINE, exchange, redeem
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    DAY,
    HOUR,
    INSTANT,
    NOW,
    START,
    booking,
    codes,
    package,
)

if TYPE_CHECKING:
    from tests.helpers.store_audit import ReadyMade

Answer = TypeVar("Answer")

FACIALS = Package(
    id="p1",
    client_id="ana",
    name="Five facials ✿",
    entitlements=[Entitlement(services=["facial"], remaining=5)],
)
IN_STORE = RedemptionPolicy(rules.IN_STORE)


class EndToEnd(ABC):
    """Tests of one kind of store, which is made by `store_with`."""

    @abstractmethod
    def store_with(self, *packages: Package) -> RedemptionStore:
        """Return a store that holds these packages and nothing else."""

    def test_the_name_of_a_package_is_read_back(self) -> None:
        """The name stands in the package and in each draw on it; without one it stays empty."""
        nameless = package("p2", client_id="beth")
        store = self.store_with(FACIALS, nameless)

        assert [FACIALS] == read(store, "ana")
        assert [nameless] == read(store, "beth")
        redeem(RedemptionDesk(ONLINE, store))
        assert "Five facials ✿" == stored(store, "b1").draws[0].package_name

    def test_every_act_that_ended_a_line_is_read_back(self) -> None:
        """A late cancellation that is forgiven keeps both acts: who, when, how late and why."""
        store = self.store_with(FACIALS)
        desk = RedemptionDesk(ONLINE, store)
        redeem(desk)
        late = desk.cancel("b1", by=Actor.CLIENT, now=START - HOUR, note="overslept")
        assert late.change is not None
        assert late.change.after == stored(store, "b1")
        forgiven = desk.forgive("b1", now=START + INSTANT, note="a burst pipe (Mia)")
        assert forgiven.change is not None

        found = stored(store, "b1")
        assert forgiven.change.after == found
        assert (
            Ending(act=Act.CANCEL, at=START - HOUR, by=Actor.CLIENT, late=True, note="overslept"),
            Ending(
                act=Act.FORGIVE,
                at=START + INSTANT,
                by=Actor.BUSINESS,
                late=False,
                note="a burst pipe (Mia)",
            ),
        ) == found.draws[0].endings

    def test_what_a_booking_took_the_place_of_is_read_back(self) -> None:
        """Only the new booking of an exchange says which one it replaces, so a repeat is known."""
        store = self.store_with(FACIALS)
        desk = RedemptionDesk(ONLINE, store)
        redeem(desk)
        exchanged = exchange(desk)
        assert exchanged.change is not None

        assert exchanged.change.after == stored(store, "b2")
        assert (None, "b1") == (stored(store, "b1").replaces, stored(store, "b2").replaces)
        assert exchange(desk).recorded

    def test_a_draw_on_an_unknown_entitlement_is_told_as_such(self) -> None:
        """No second try would help, so it is no conflict, and nothing of the booking is kept."""
        store = self.store_with(FACIALS)
        facial = Entitlement(services=["facial"], remaining=5, id="facial")
        as_it_was = replace(FACIALS, entitlements=(facial,))
        with pytest.raises(
            UnknownEntitlementError, match="no entitlement 'facial' of package 'p1'"
        ):
            store.commit(booked(as_it_was))
        with pytest.raises(UnknownEntitlementError, match="no entitlement 'main' of package 'p9'"):
            store.commit(booked(replace(FACIALS, id="p9")))

        assert store.redemption("b1") is None
        assert [FACIALS] == read(store, "ana")

    def test_texts_that_no_database_takes_are_ids_and_notes(self) -> None:
        """NUL, half of a surrogate pair, a backslash: each comes back as itself."""
        names = ["a\0b", "a\\0000b", "a\ud800b", "a\\d800b", "a\\b"]
        store = self.store_with(
            *(
                replace(
                    FACIALS,
                    id=name,
                    client_id=name,
                    entitlements=(Entitlement(services=["facial"], remaining=5, id=name),),
                    shared_with=(f"{name}*",),
                )
                for name in names
            )
        )
        desk = RedemptionDesk(ONLINE, store)
        for name in names:
            decision = redeem(
                desk, booking(id=name), client=Client(id=name, logged_in=True), note=name
            )
            assert decision.redemption == stored(store, name)
            (found,) = store.packages_of(f"{name}*", not_over_at=NOW)
            assert (name, name, 4) == (
                found.id,
                found.entitlements[0].id,
                found.entitlements[0].remaining,
            )
        assert set(names) == {movement.note for movement in cast("ReadyMade", store).movements()}

    def test_what_is_no_id_and_no_instant_is_refused(self) -> None:
        """A naive instant would be taken for one of some zone or other (D15)."""
        store = self.store_with(FACIALS)
        with pytest.raises(InvalidValueError, match="not_over_at must be a datetime with a time"):
            store.packages_of("ana", not_over_at=NOW.replace(tzinfo=None))
        for client_id in ("", 7):
            with pytest.raises(InvalidValueError, match="client_id must be a text that is not"):
                store.packages_of(client_id, not_over_at=NOW)  # type: ignore[arg-type]

    def test_a_package_is_revised_as_it_was_read(self) -> None:
        """Of two who revise one at once the second must look again; without a version none must."""
        store = self.store_with(FACIALS)
        (read_by_both,) = store.packages_of("ana", not_over_at=NOW)
        cast("ReadyMade", store).revise(replace(read_by_both, status=PackageStatus.ARCHIVED))
        with pytest.raises(ConflictError, match="package 'p1' is no longer at version 0"):
            cast("ReadyMade", store).revise(replace(read_by_both, priority=3))
        (archived,) = store.packages_of("ana", not_over_at=NOW, also=["p1"])
        assert (PackageStatus.ARCHIVED, 0) == (archived.status, archived.priority)

        cast("ReadyMade", store).revise(replace(archived, version=None, priority=3))
        (revised,) = store.packages_of("ana", not_over_at=NOW, also=["p1"])
        assert (PackageStatus.ARCHIVED, 3) == (revised.status, revised.priority)

    def test_the_history_is_in_the_order_that_was_given(self) -> None:
        """One call books y and cancels a: so it stands in the history, whatever pays for what."""
        store = self.store_with(FACIALS)
        first = booked(FACIALS, "a")
        store.commit(first)
        cancelled = ONLINE.cancel(first.after, by=Actor.CLIENT, now=NOW).change
        assert cancelled is not None
        store.commit(booked(FACIALS, "y"), cancelled)

        assert [("a", Act.BOOK), ("y", Act.BOOK), ("a", Act.CANCEL)] == [
            (movement.booking_id, movement.act) for movement in cast("ReadyMade", store).movements()
        ]

    def test_a_version_of_an_unknown_package_is_told_as_such(self) -> None:
        """What is not there has no version that somebody else could have raised (D57, D73)."""
        store = self.store_with(FACIALS)
        gone = booked(replace(FACIALS, id="p9", version=3))
        assert (("p9", 3),) == gone.package_versions
        with pytest.raises(UnknownEntitlementError, match="of package 'p9'"):
            store.commit(gone)

        assert store.redemption("b1") is None

    def test_a_return_to_an_unknown_entitlement_is_told_as_such(self) -> None:
        """A credit goes nowhere else than where it came from: the booking stays as it was."""
        store = self.store_with(FACIALS)
        booking_of_ana = booked(FACIALS)
        store.commit(booking_of_ana)
        (draw,) = booking_of_ana.after.draws
        elsewhere = replace(booking_of_ana.after, draws=(replace(draw, entitlement_id="facial"),))
        cancelled = ONLINE.cancel(elsewhere, by=Actor.CLIENT, now=NOW).change
        assert cancelled is not None
        with pytest.raises(
            UnknownEntitlementError, match="no entitlement 'facial' of package 'p1'"
        ):
            store.commit(cancelled)

        assert booking_of_ana.after == stored(store, "b1")
        assert [4] == [
            entitlement.remaining
            for found in store.packages_of("ana", not_over_at=NOW)
            for entitlement in found.entitlements
        ]

    def test_yesterdays_appointment_is_paid_with_what_was_valid_then(self) -> None:
        """Staff record it today, when the package is over; today's can't be paid with it."""
        over = replace(FACIALS, valid_until=NOW - HOUR)
        store = self.store_with(over)
        desk = RedemptionDesk(IN_STORE, store)
        yesterday = booking(id="b1", starts_at=NOW - DAY)
        recorded = redeem(desk, yesterday, by=Actor.BUSINESS, note="walk-in of yesterday")
        today = redeem(desk, booking(id="b2", starts_at=NOW + HOUR), by=Actor.BUSINESS)

        assert recorded.eligible
        assert recorded.redemption == stored(store, "b1")
        assert ["no_package"] == codes(today)

    @pytest.mark.parametrize(
        "ends_at",
        [
            datetime(2001, 1, 1, tzinfo=UTC),  # over by any clock of today
            datetime(2001, 1, 1, microsecond=1, tzinfo=UTC),
            datetime(2199, 1, 1, tzinfo=UTC),  # over by none
        ],
    )
    def test_what_is_over_is_asked_of_the_instant_that_is_given(self, ends_at: datetime) -> None:
        """To the microsecond and in any zone: the clocks of store and database are never asked."""
        ending = replace(FACIALS, valid_until=ends_at)
        store = self.store_with(ending, package("p2"))
        seen = [
            sorted(each.id for each in store.packages_of("ana", not_over_at=moment))
            for last in (ends_at - INSTANT, ends_at)
            for moment in (last, last.astimezone(AUCKLAND))
        ]

        assert [["p1", "p2"], ["p1", "p2"], ["p2"], ["p2"]] == seen
        assert [ending] == read(store, "beth", "p1", not_over_at=ends_at)


class Blocking:
    """A store of tasks as threads see it: each call is run to its end."""

    def __init__(self, inner: AsyncRedemptionStore, runner: asyncio.Runner) -> None:
        """Stand before that store."""
        self.inner = inner
        self._runner = runner

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages."""
        return self._run(self.inner.packages_of(client_id, not_over_at=not_over_at, also=also))

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        return self._run(self.inner.redemption(booking_id))

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        self._run(self.inner.commit(*changes))

    def revise(self, package: Package) -> None:
        """Take what has become of a package."""
        self._done(self.inner, "revise", package)

    def movements(self) -> Iterable[Movement]:
        """Return the whole history."""
        return cast("Iterable[Movement]", self._done(self.inner, "movements"))

    def _done(self, inner: object, name: str, *given: object) -> object:
        """Return what a method beside the protocol returns: awaited, unless it is in memory."""
        answer = getattr(inner, name)(*given)
        return self._run(answer) if isinstance(answer, Coroutine) else answer

    def _run(self, call: Coroutine[object, object, Answer]) -> Answer:
        return self._runner.run(call)


def booked(held: Package, booking_id: str = "b1") -> Change:
    """Return the change that books a facial with this package."""
    decision = ONLINE.decide(
        account=ACCOUNT, client=ANA, packages=[held], booking=booking(id=booking_id), now=NOW
    )
    assert decision.change is not None
    return decision.change


def read(
    store: RedemptionStore, client_id: str, *named: str, not_over_at: datetime = NOW
) -> list[Package]:
    """Return a client's packages and those named, without uses and versions.

    Those may be left out here, since nothing counts them (D66).
    """
    found = store.packages_of(client_id, not_over_at=not_over_at, also=named)
    return [replace(package, uses=(), version=None) for package in found]


def stored(store: RedemptionStore, booking_id: str) -> Redemption:
    """Return a redemption that has to be there."""
    found = store.redemption(booking_id)
    assert found is not None
    return found
