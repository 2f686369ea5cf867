"""What a store has to give back: packages and redemptions, whole, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    BEN,
    DAY,
    LATE,
    NOW,
    POLICY,
    START,
    TWO,
    Kit,
    booking,
    committed,
    credit,
    credits_left,
    due,
    facials,
    known,
    moved,
    owned,
    proposed,
    same,
)

_RICH = p.Package(
    id="p1",
    client_id="ana",
    entitlements=(
        credit("facial", remaining=2, id="face"),
        credit("manicure", "pedicure", remaining=3, id="hands and feet"),
    ),
    sold_at=NOW - timedelta(days=30, microseconds=1),
    valid_from=NOW - 20 * DAY,
    valid_until=START + 36_500 * DAY,
    priority=7,
    name='From "head" to toe ✿',
    shared_with=("ben", "cléo"),
)
_FAR = datetime(2098, 1, 1, tzinfo=UTC)  # to come, whenever the contract is run
_LONG_AGO = datetime(2001, 1, 1, 9, 0, 0, 250_001, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Reads(Kit):
    """Invariants of `packages_of` and `redemption`."""

    def test_an_unknown_booking_has_no_redemption(self) -> None:
        """A booking for which nothing was ever redeemed is None, not an error."""
        same("the redemption of an unknown booking", None, self.store(facials()).redemption("b1"))

    def test_a_package_is_read_back_whole(self) -> None:
        """A package comes back with every fact that a rule may ask for."""
        same("the packages of ana", [_RICH], owned(self.store(_RICH), "ana"))

    def test_every_package_with_a_credit_comes(self) -> None:
        """What has a credit and is not over comes whole, whatever a rule may say about it."""
        half = (credit("facial", remaining=0), credit("massage", remaining=2, id="massages"))
        expected = [
            replace(facials("archived"), status=p.PackageStatus.ARCHIVED),
            replace(facials("half used up"), entitlements=half),
            replace(facials("legacy"), kind=p.PackageKind.LEGACY),
            replace(facials("of low priority"), priority=-7),
            replace(facials("sold later"), sold_at=_FAR),
            replace(facials("to start"), valid_from=_FAR, valid_until=_FAR + DAY),
        ]
        self._come(expected, [replace(facials("z"), valid_until=NOW), facials("zz", remaining=0)])

    def test_what_is_over_is_asked_of_the_instant_given(self) -> None:
        """A package comes when it is not over at the instant that is handed in, whatever the clock.

        So staff can record yesterday's appointment with what was valid then.
        """
        expected = [
            replace(facials("over a day later"), valid_until=_LONG_AGO + DAY),
            replace(facials("over at once"), valid_until=_LONG_AGO + _TICK),
        ]
        over = replace(facials("z"), valid_until=_LONG_AGO)
        self._come(expected, [over], not_over_at=_LONG_AGO)
        later = [replace(facials("over later"), valid_until=_FAR + _TICK)]
        self._come(later, [replace(facials("z"), valid_until=_FAR)], not_over_at=_FAR)

    def _come(
        self, expected: list[p.Package], optional: list[p.Package], not_over_at: datetime = NOW
    ) -> None:
        """Expect these packages of Ana's; the others may come or be left out, unless named."""
        store = self.store(*expected, *optional)
        found = owned(store, "ana", not_over_at=not_over_at)
        kept = [package for package in found if package not in optional]

        ids = [package.id for package in expected]
        same("the packages of ana, by id", ids, [package.id for package in kept])
        same("the packages of ana", expected, kept)
        every = [*expected, *optional]
        named = owned(store, "nobody", *(package.id for package in every), not_over_at=not_over_at)
        same("all of them, named", every, named)

    def test_a_client_gets_no_package_of_anybody_else(self) -> None:
        """The packages of one client are not shown, nor drawn on, as another's."""
        store = self.store(facials("p1"), facials("p2", client_id="ben"))
        store.commit(proposed([facials("p2", client_id="ben")], booking("b1"), client=BEN))

        for client, expected in (("ana", ["p1"]), ("ben", ["p2"]), ("carl", [])):
            found = [package.id for package in owned(store, client)]
            same(f"the packages of {client}", expected, found)
        left = [credits_left(store, name) for name in ("p1", "p2")]
        same("credits left of ana's and of ben's", [5, 4], left)

    def test_a_shared_package_comes_for_everybody_who_holds_it(self) -> None:
        """Whoever a package is shared with gets it as its owner does, and nobody else (D59).

        Nothing follows from naming: Dan gets nothing of Ana's, and she gets nothing of Ben's.
        """
        of_ana = replace(facials("p1"), shared_with=("ben", "cleo"))
        of_ben = replace(facials("p2", client_id="ben"), shared_with=("dan",))
        store = self.store(of_ana, of_ben)

        for client, expected in (
            ("ana", [of_ana]),
            ("ben", [of_ana, of_ben]),
            ("cleo", [of_ana]),
            ("dan", [of_ben]),
        ):
            same(f"the packages of {client}", expected, owned(store, client))

    def test_packages_named_besides_come_in_any_state(self) -> None:
        """Named packages come whoever's they are and whatever became of them, each once."""
        packages = [
            facials("p1", remaining=0),
            replace(facials("p2"), status=p.PackageStatus.ARCHIVED),
            replace(facials("p3"), valid_until=NOW - DAY),
            replace(facials("p4", client_id="ben"), kind=p.PackageKind.LEGACY),
            facials("p5"),
        ]
        store = self.store(*packages)
        found = owned(store, "ana", "p4", "p3", "p2", "p1", "p5", "p1", "unknown")

        same("the packages named", packages, found)

    def test_a_redemption_is_read_back_whole(self) -> None:
        """Every field comes back equal through every act: microseconds, notes, zones and all."""
        store = self.store(_RICH)
        account = p.AccountSettings(
            cancellation=p.CancellationTerms(
                window=timedelta(hours=36, microseconds=5),
                late=p.CreditOutcome.FORFEIT,
                no_show=p.CreditOutcome.RETURN,
            ),
            time_zone=ZoneInfo("Europe/London"),
        )
        lines = (
            p.BookingLine(p.Service(id="facial", name="Gesichtspflege ✿", deposit_required=True)),
            p.BookingLine(p.Service(id="advice"), payable=False),
            p.BookingLine(p.Service(id="pedicure"), picked_from=p.PickedFrom.ADD_ON),
        )
        wanted = p.Booking(id="b1", lines=lines, starts_at=START + timedelta(microseconds=3))
        booked = due(
            POLICY.decide(account=account, client=ANA, packages=[_RICH], booking=wanted, now=NOW)
        )
        to = partial(POLICY.reschedule, account=account, client=ANA, now=NOW, packages=[_RICH])
        said = 'the therapist is ill: O\'Brien "rang"\n😀'
        _read_back(
            store,
            replace(booked, after=replace(booked.after, replaces="b'0")),
            partial(to, starts_at=START + DAY, by=p.Actor.BUSINESS, note=said),
            lambda found: _late(to(found, starts_at=START, by=p.Actor.CLIENT)),
            partial(POLICY.cancel, by=p.Actor.CLIENT, now=LATE, lines=[2], note="no time"),
            partial(POLICY.forgive, now=LATE, lines=[2], note="a burst pipe"),
            partial(to, starts_at=START + 2 * DAY, by=p.Actor.BUSINESS),
            partial(POLICY.cancel, by=p.Actor.BUSINESS, now=LATE),
        )

    def test_a_redemption_without_terms_is_read_back_whole(self) -> None:
        """Without terms every field comes back as well, through the acts of the business.

        Also in a zone that this machine does not know (D76).
        """
        store = self.store(facials())
        wanted = booking("b1", *TWO)
        booked = due(
            POLICY.decide(
                account=replace(ACCOUNT, cancellation=None),
                client=ANA,
                packages=[facials()],
                booking=wanted,
                now=NOW,
            )
        )
        ended = START + timedelta(hours=2, microseconds=1)
        _read_back(
            store,
            replace(booked, after=replace(booked.after, time_zone_key="Mars/Phobos")),
            partial(moved, starts_at=START + timedelta(hours=1), by=p.Actor.CLIENT),
            partial(POLICY.no_show, now=ended, outcome=p.CreditOutcome.FORFEIT, note="no answer"),
            partial(POLICY.complete, now=ended, lines=[1], note="came after all"),
            partial(POLICY.forgive, now=ended, lines=[0], note="a burst pipe"),
        )

    def test_ids_differ_in_every_character(self) -> None:
        """Ids are compared exactly: case, accents, blanks and quotes tell two apart."""
        ids = ["b1", "B1", "b1 ", "b'1", "bé1", "be\u03011", "b%1", "b_1", "b;--"]
        packages = [facials(name, client_id=name, remaining=1) for name in ids]
        all_ids = tuple(credit(name, remaining=1, id=name) for name in ids)
        store = self.store(
            *packages,
            replace(facials("p1"), entitlements=all_ids),
            *(replace(facials(f"with {name}"), shared_with=(name,)) for name in ids),
        )
        first, *others = packages
        for name in ids:
            found = [package.id for package in owned(store, name, name)]
            same(f"packages of {name!r}", [name, f"with {name}"], found)
        store.commit(proposed([first], booking("b1"), client=replace(ANA, id="b1")))

        same("bookings", [None] * len(others), [store.redemption(package.id) for package in others])
        left = [credits_left(store, package.id) for package in others]
        same("credits left", [1] * len(others), left)
        for other in others:
            client = replace(ANA, id=other.client_id)
            store.commit(proposed([other], booking(other.id), client=client))
        same("bookings", ids, [known(store, name).booking.id for name in ids])
        some = replace(facials("p1"), entitlements=all_ids[1:])
        store.commit(proposed([some], booking("all but b1", *ids[1:])))
        (named,) = owned(store, "nobody", "p1")
        unspent = [item.id for item in named.entitlements if item.remaining]
        same("entitlements with a credit left", ["b1"], unspent)

    def test_what_was_committed_outlives_the_object(self) -> None:
        """Another object on the same data reads what this one has committed, and acts on it."""
        store, booked = self.booked()
        other = self.again(store)
        self.holds(other, left=4, b1=booked)
        cancelled = committed(other, POLICY.cancel(booked, by=p.Actor.CLIENT, now=NOW))

        self.holds(store, left=5, b1=cancelled)


def _read_back(
    store: RedemptionStore,
    booked: p.Change,
    *acts: Callable[[p.Redemption], p.Change | p.Settlement],
) -> None:
    """Commit a booking and then acts on it; expect its redemption to come back equal each time."""
    expected = committed(store, booked)
    same("the redemption", expected, store.redemption("b1"))
    for number, act in enumerate(acts, 1):
        expected = committed(store, act(expected))
        same(f"the redemption after act {number}", expected, store.redemption("b1"))


def _late(moved: p.Settlement) -> p.Change:
    """Return the move as a late one: the rules let no client be late in this, no store judges."""
    change = due(moved)
    *earlier, last = change.after.reschedules
    reschedules = (*earlier, replace(last, late=True))
    return replace(change, after=replace(change.after, reschedules=reschedules))
