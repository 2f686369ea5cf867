"""What a store has to give back: packages and redemptions, whole, and nobody else's."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    Change,
    CreditOutcome,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Redemption,
    Service,
)
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    BEN,
    LATE,
    NOW,
    POLICY,
    START,
    Kit,
    booking,
    committed,
    credit,
    due,
    facials,
    known,
    left,
    proposed,
    same,
)

_RICH = Package(
    id="p1",
    client_id="ana",
    entitlements=(
        credit("manicure", "pedicure", remaining=3, id="hands and feet"),
        credit("facial", remaining=2),
    ),
    sold_at=NOW - timedelta(days=30, microseconds=1),
    valid_from=NOW - timedelta(days=20),
    valid_until=START + timedelta(days=36_500),
    priority=7,
)
_FAR = datetime(2098, 1, 1, tzinfo=UTC)  # to come, whenever the contract is run


class Reads(Kit):
    """Invariants of `packages_of` and `redemption`."""

    def test_an_unknown_booking_has_no_redemption(self) -> None:
        """A booking for which nothing was ever redeemed is None, not an error."""
        same("the redemption of an unknown booking", None, self.store(facials()).redemption("b1"))

    def test_a_package_is_read_back_whole(self) -> None:
        """A package comes back with every fact that a rule may ask for."""
        found = self.store(_RICH).packages_of("ana")

        same("the packages of ana", _in_order([_RICH]), _in_order(found))

    def test_every_package_with_a_credit_comes(self) -> None:
        """What has a credit and is not over comes whole, whatever a rule may say about it."""
        half = (credit("facial", remaining=0), credit("massage", remaining=2))
        with_a_credit = [
            replace(facials("archived"), status=PackageStatus.ARCHIVED),
            replace(facials("half used up"), entitlements=half),
            replace(facials("legacy"), kind=PackageKind.LEGACY),
            replace(facials("of low priority"), priority=-7),
            replace(facials("sold later"), sold_at=_FAR),
            replace(facials("to start"), valid_from=_FAR, valid_until=_FAR + timedelta(days=1)),
        ]
        without = [
            replace(facials("over"), valid_until=NOW - timedelta(days=1)),
            facials("used up", remaining=0),
        ]
        store = self.store(*with_a_credit, *without)
        found = _in_order(store.packages_of("ana"))
        ids = [package.id for package in found]
        optional = [package for package in without if package.id in ids]
        expected = _in_order([*with_a_credit, *optional])

        same("the packages of ana, by id", [package.id for package in expected], ids)
        same("the packages of ana", expected, found)
        expected = _in_order([*with_a_credit, *without])
        named = store.packages_of("nobody", [package.id for package in expected])
        same("all of them, named", expected, _in_order(named))

    def test_a_client_gets_no_package_of_anybody_else(self) -> None:
        """The packages of one client are not shown, nor drawn on, as another's."""
        store = self.store(facials("p1"), facials("p2", client_id="ben"))
        store.commit(proposed([facials("p2", client_id="ben")], booking("b1"), client=BEN))

        same("the packages of ana", ["p1"], [package.id for package in store.packages_of("ana")])
        same("the packages of ben", ["p2"], [package.id for package in store.packages_of("ben")])
        same("the packages of carl", [], list(store.packages_of("carl")))
        same("credits left of ana's", 5, left(store, "p1"))
        same("credits left of ben's", 4, left(store, "p2"))

    def test_packages_named_besides_come_in_any_state(self) -> None:
        """Named packages come whoever's they are and whatever became of them, each once."""
        used_up = facials("p1", remaining=0)
        archived = replace(facials("p2"), status=PackageStatus.ARCHIVED)
        over = replace(facials("p3"), valid_until=NOW - timedelta(days=1))
        legacy = replace(facials("p4", client_id="ben"), kind=PackageKind.LEGACY)
        store = self.store(used_up, archived, over, legacy, facials("p5"))

        found = store.packages_of("ana", ("p4", "p3", "p2", "p1", "p5", "p1", "unknown"))
        same(
            "the packages named",
            [used_up, archived, over, legacy, facials("p5")],
            _in_order(found),
        )

    def test_what_is_left_is_read_with_everything_drawn_taken_off(self) -> None:
        """What is left is what is available: reserved, redeemed and forfeited credits are not."""
        packages = [facials(remaining=3)]
        store = self.store(*packages)
        for booking_id in ("b1", "b2", "b3"):
            store.commit(proposed(packages, booking(booking_id)))
        completed = due(POLICY.complete(known(store, "b1"), now=START))
        late = due(POLICY.cancel(known(store, "b2"), by=Actor.CLIENT, now=LATE))
        committed(store, completed)
        committed(store, late)

        same("credits left", 0, left(store))

    def test_a_redemption_is_read_back_whole(self) -> None:
        """Every field comes back equal through every act: microseconds, notes, zones and all."""
        store = self.store(_RICH)
        account = AccountSettings(
            cancellation=CancellationTerms(
                window=timedelta(hours=36, microseconds=5),
                late=CreditOutcome.FORFEIT,
                no_show=CreditOutcome.RETURN,
            ),
            time_zone=ZoneInfo("Europe/London"),
        )
        wanted = Booking(
            id="b1",
            lines=(
                BookingLine(Service(id="facial", name="Gesichtspflege ✿", deposit_required=True)),
                BookingLine(Service(id="advice"), payable=False),
                BookingLine(Service(id="pedicure"), picked_from=PickedFrom.ADD_ON),
            ),
            starts_at=START + timedelta(microseconds=3),
        )
        decision = POLICY.decide(
            account=account, client=ANA, packages=[_RICH], booking=wanted, now=NOW
        )
        booked = _read_back("the redemption", store, due(decision))
        moved = POLICY.reschedule(
            booked,
            starts_at=START + timedelta(days=1),
            by=Actor.BUSINESS,
            now=NOW,
            packages=[_RICH],
            note='the therapist is ill: O\'Brien "rang"\n😀',
        )
        expected = _read_back("the redemption rescheduled", store, due(moved))
        again = POLICY.reschedule(
            expected, starts_at=START, by=Actor.CLIENT, now=NOW, packages=[_RICH]
        )
        change = due(again)
        first, second = change.after.reschedules
        # The rules let no client be late in this, but a store judges nothing.
        late = replace(change.after, reschedules=(first, replace(second, late=True)))
        expected = _read_back("the redemption rescheduled late", store, replace(change, after=late))
        line = POLICY.cancel(expected, by=Actor.CLIENT, now=LATE, lines=[2], note="no time")
        _read_back("the redemption with one line cancelled", store, due(line))

    def test_a_redemption_without_terms_is_read_back_whole(self) -> None:
        """Without terms every field comes back as well, through the acts of the business."""
        package = facials()
        store = self.store(package)
        decision = POLICY.decide(
            account=replace(ACCOUNT, cancellation=None),
            client=ANA,
            packages=[package],
            booking=booking("b1", "facial", "facial"),
            now=NOW,
        )
        found = _read_back("the redemption", store, due(decision))
        moved = POLICY.reschedule(
            found,
            starts_at=START + timedelta(hours=1),
            by=Actor.CLIENT,
            now=NOW,
            packages=[package],
        )
        found = _read_back("the redemption rescheduled", store, due(moved))
        ended = START + timedelta(hours=2, microseconds=1)
        forfeit = CreditOutcome.FORFEIT
        missed = POLICY.no_show(found, now=ended, outcome=forfeit, lines=[0, 1], note="no answer")
        found = _read_back("the redemption after a no-show", store, due(missed))
        completed = POLICY.complete(found, now=ended, lines=[1], note="came after all")
        found = _read_back("the redemption with one line completed", store, due(completed))
        forgiven = POLICY.forgive(found, now=ended, lines=[0], note="a burst pipe")
        _read_back("the redemption with one line forgiven", store, due(forgiven))

    def test_ids_differ_in_every_character(self) -> None:
        """Ids are compared exactly: case, accents, blanks and quotes tell two apart."""
        ids = ["b1", "B1", "b1 ", "b'1", "bé1", "be\u03011", "b%1", "b_1", "b;--"]
        packages = [facials(name, client_id=name, remaining=1) for name in ids]
        all_ids = tuple(credit(name, remaining=1) for name in ids)
        store = self.store(*packages, replace(facials("p1"), entitlements=all_ids))
        first, *others = packages
        for name in ids:
            found = [package.id for package in store.packages_of(name, (name,))]
            same(f"packages of {name!r}", [name], found)
        store.commit(proposed([first], booking("b1"), client=replace(ANA, id="b1")))

        same("bookings", [None] * len(others), [store.redemption(package.id) for package in others])
        same("credits left", [1] * len(others), [left(store, package.id) for package in others])
        for other in others:
            client = replace(ANA, id=other.client_id)
            store.commit(proposed([other], booking(other.id), client=client))
        same("bookings", ids, [known(store, name).booking.id for name in ids])
        some = replace(facials("p1"), entitlements=all_ids[1:])
        store.commit(proposed([some], booking("all but b1", *ids[1:])))
        named = store.packages_of("nobody", ("p1",))
        unspent = [e.id for package in named for e in package.entitlements if e.remaining]
        same("entitlements with a credit left", ["b1"], unspent)

    def test_what_was_committed_outlives_the_object(self) -> None:
        """Another object on the same data reads what this one has committed, and acts on it."""
        store = self.store(facials())
        booked = committed(store, proposed([facials()], booking("b1")))
        other = self.again(store)
        same("the redemption, read elsewhere", booked, other.redemption("b1"))
        same("credits left, read elsewhere", 4, left(other))
        cancelled = committed(other, due(POLICY.cancel(booked, by=Actor.CLIENT, now=NOW)))

        same("the redemption, changed elsewhere", cancelled, store.redemption("b1"))
        same("credits left, changed elsewhere", 5, left(store))


def _in_order(packages: Iterable[Package]) -> list[Package]:
    """Return packages and their entitlements by id: a store may give them in any order."""
    return [
        replace(package, entitlements=tuple(sorted(package.entitlements, key=_id_of)))
        for package in sorted(packages, key=_id_of)
    ]


def _id_of(value: Package | Entitlement) -> str:
    return value.id


def _read_back(what: str, store: RedemptionStore, change: Change) -> Redemption:
    """Commit a change, expect its redemption to come back equal, and return it."""
    expected = committed(store, change)
    same(what, expected, store.redemption(expected.booking.id))
    return expected
