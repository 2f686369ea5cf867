"""What a store has to give back: packages and redemptions, whole, and nobody else's."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    CreditOutcome,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Service,
)
from pkgredeem.testing._contract_kit import (
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


class Reads(Kit):
    """Invariants of `packages_of` and `redemption`."""

    def test_an_unknown_booking_has_no_redemption(self) -> None:
        """A booking for which nothing was ever redeemed is None, not an error."""
        same("the redemption of an unknown booking", None, self.store(facials()).redemption("b1"))

    def test_a_package_is_read_back_whole(self) -> None:
        """A package comes back with every fact that a rule may ask for."""
        found = list(self.store(_RICH).packages_of("ana"))

        same("the packages of ana", [_RICH], [_in_order(each) for each in found])

    def test_a_client_gets_no_package_of_anybody_else(self) -> None:
        """The packages of one client are not shown, nor drawn on, as another's."""
        store = self.store(facials("p1"), facials("p2", client_id="ben"))
        store.commit(proposed([facials("p2", client_id="ben")], booking("b1"), client=BEN))

        same("the packages of ana", ["p1"], [each.id for each in store.packages_of("ana")])
        same("the packages of ben", ["p2"], [each.id for each in store.packages_of("ben")])
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

        found = list(store.packages_of("ana", ("p4", "p3", "p2", "p1", "p5", "p1", "unknown")))
        same(
            "the packages named",
            [used_up, archived, over, legacy, facials("p5")],
            sorted(found, key=lambda each: each.id),
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
        asked = Booking(
            id="b1",
            lines=(
                BookingLine(Service(id="facial", name="Gesichtspflege ✿", deposit_required=True)),
                BookingLine(Service(id="advice"), payable=False),
                BookingLine(Service(id="pedicure"), picked_from=PickedFrom.ADD_ON),
            ),
            starts_at=START + timedelta(microseconds=3),
        )
        decision = POLICY.decide(
            account=account, client=ANA, packages=[_RICH], booking=asked, now=NOW
        )
        expected = committed(store, due(decision))
        same("the redemption", expected, store.redemption("b1"))
        moved = POLICY.reschedule(
            expected,
            starts_at=START + timedelta(days=1),
            by=Actor.BUSINESS,
            now=NOW,
            packages=[_RICH],
            note='the therapist is ill: O\'Brien "rang"\n😀',
        )
        expected = committed(store, due(moved))
        same("the redemption rescheduled", expected, store.redemption("b1"))
        line = POLICY.cancel(expected, by=Actor.CLIENT, now=LATE, lines=[2], note="no time")
        expected = committed(store, due(line))
        same("the redemption with one line cancelled", expected, store.redemption("b1"))

    def test_ids_differ_in_every_character(self) -> None:
        """Ids are compared exactly: case, accents, blanks and quotes tell two apart."""
        ids = ["b1", "B1", "b1 ", "b'1", "bé1", "be\u03011", "b%1", "b_1", "b;--"]
        packages = [facials(each, client_id=each, remaining=1) for each in ids]
        store = self.store(*packages)
        first, *others = packages
        store.commit(proposed([first], booking("b1"), client=replace(ANA, id="b1")))

        same("packages of 'b1'", ["b1"], [each.id for each in store.packages_of("b1", ("b1",))])
        same("bookings", [None] * len(others), [store.redemption(each.id) for each in others])
        same("credits left", [1] * len(others), [left(store, each.id) for each in others])
        for each in others:
            client = replace(ANA, id=each.client_id)
            store.commit(proposed([each], booking(each.id), client=client))
        same("bookings", ids, [known(store, each).booking.id for each in ids])

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


def _in_order(package: Package) -> Package:
    """Return the package with its entitlements as in `_RICH`: a store may order them."""
    held = tuple(sorted(package.entitlements, key=lambda each: each.id, reverse=True))
    return replace(package, entitlements=held)
