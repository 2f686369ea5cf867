"""Which packages a store has to give back to whom, and that ids and texts are what they were."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ANA,
    DAY,
    MIDNIGHT,
    NOW,
    POLICY,
    booking,
    committed,
    credit,
    credits_left,
    facials,
    known,
    owned,
    proposed,
    same,
)
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._steps import ENDINGS

_FAR = datetime(2098, 1, 1, tzinfo=UTC)  # to come, whenever the contract is run
_LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MOST = 1_000  # packages in a case (D75)
#: Ids that differ, whatever a collation, a normal form, a pattern or a number says of them.
_IDS = (
    "b1", "B1", "b1 ", " b1", "b'1", "be1", "bé1", "be\u03011", "bß1", "bss1", "b%1", "b_1", "b;--",
    "1", "01", "1.0", "1e0", "null", "b\\1", "b\n1", "b/1", 'b"1', "b\u200b1",
)  # fmt: skip


class Reads(Kit):
    """Invariants of `packages_of` and `redemption`."""

    def test_every_package_with_a_credit_comes(self) -> None:
        """What has a credit and is not over comes whole, whatever a rule may say about it."""
        half = (credit("facial", remaining=0), credit("massage", remaining=2, id="massages"))
        expected = [
            replace(facials("archived"), status=p.PackageStatus.ARCHIVED),
            replace(facials("half used up"), entitlements=half),
            replace(facials("legacy"), kind=p.PackageKind.LEGACY),
            replace(facials("of low priority"), priority=-7),
            facials("one left", remaining=1),
            replace(facials("sold later"), sold_at=_FAR),
            replace(facials("suspended"), status=p.PackageStatus.SUSPENDED),
            replace(facials("to end"), valid_until=_FAR),
            replace(facials("to start"), valid_from=_FAR),
            replace(facials("void"), status=p.PackageStatus.VOID),
        ]
        self._come(expected, [replace(facials("z"), valid_until=MIDNIGHT - 9 * DAY)])

    def test_what_is_over_is_asked_of_the_instant_given(self) -> None:
        """A package comes when it is not over at the instant that is handed in, whatever the clock.

        So staff can record yesterday's appointment with what was valid then. The end itself is
        over, and may be left out; a microsecond before it is not.
        """
        for instant in (_LONG_AGO, _FAR):
            expected = [
                replace(facials("over a day later"), valid_until=instant + DAY),
                replace(facials("over at once"), valid_until=instant + _TICK),
            ]
            over = replace(facials("z"), valid_until=instant)
            self._come(expected, [over], not_over_at=instant)

    def _come(
        self, wanted: list[p.Package], optional: list[p.Package], not_over_at: datetime = NOW
    ) -> None:
        """Expect these packages of Ana's; the others may come or be left out."""
        expected = self.holdable(wanted)
        store = self.store(*expected, *self.holdable([*optional, facials("zz", remaining=0)]))
        found = owned(store, "ana", not_over_at=not_over_at)
        kept = [package for package in found if package.id < "z"]
        same("the packages of ana", [_plain(item) for item in expected], list(map(_plain, kept)))

    def test_a_package_comes_to_whoever_holds_it(self) -> None:
        """A client gets every package that is theirs or shared with them, and nobody else's (D59).

        Nothing follows from naming: Dan gets nothing of Ana's, and she gets nothing of Ben's.
        """
        packages = self.holdable(
            [
                facials("p1"),
                facials("p2", client_id="ben"),
                replace(facials("p3"), shared_with=("ben", "cleo")),
                replace(facials("p4", client_id="ben"), shared_with=("dan",)),
            ]
        )
        store = self.store(*packages)
        for client in ("ana", "ben", "cleo", "dan", "eve"):
            expected = [package for package in packages if package.is_held_by(p.Client(id=client))]
            same(f"the packages of {client}", expected, owned(store, client))

    def test_packages_named_besides_come_in_any_state(self) -> None:
        """Named packages come whoever's they are and whatever became of them, each once."""
        packages = self.holdable(
            [
                facials("p1", remaining=0),
                replace(facials("p2"), status=p.PackageStatus.ARCHIVED),
                replace(facials("p3"), valid_until=MIDNIGHT - 9 * DAY),
                replace(facials("p4", client_id="ben"), kind=p.PackageKind.LEGACY),
                facials("p5"),
                facials("p6", client_id="ben"),
            ]
        )
        names = [package.id for package in packages]
        found = owned(self.store(*packages), "ana", *names[::-1], names[0], "unknown")

        same("the packages named", packages, found)

    def test_as_many_packages_come_as_there_may_be(self) -> None:
        """A thousand packages of a client come, owned or named: as many as a case holds (D75)."""
        packages = [facials(f"p{number:04}") for number in range(_MOST)]
        names = [package.id for package in packages]
        store = self.store(*packages)

        same("the packages of ana", names, [package.id for package in owned(store, "ana")])
        found = owned(store, "nobody", *names)
        same("the packages that were named", names, [package.id for package in found])

    def test_ids_differ_in_every_character(self) -> None:
        """Ids are compared exactly: case, accents, blanks and quotes tell two apart."""
        self._are_told_apart(_IDS)

    def test_texts_are_kept_whole(self) -> None:
        """Ids and notes come back to their last character, NUL and what follows it included."""
        ids = ("x" * 300, "x" * 299 + "y", "x", "x\0", "x\0y")
        store = self._are_told_apart(ids)
        note = "because\0of this " + "and that " * 1_000
        for name in ids:
            answer = POLICY.cancel(known(store, name), by=p.Actor.CLIENT, now=NOW, note=note)
            expected = committed(store, answer)
            same(f"the redemption of {name!r}", expected, store.redemption(name))

    def _are_told_apart(self, ids: tuple[str, ...]) -> RedemptionStore:
        """Expect clients, packages and bookings of these ids to be told apart."""
        packages = [facials(name, client_id=name, remaining=1) for name in sorted(ids)]
        store = self.store(*packages)
        for package in packages:
            name = package.id
            same(f"the packages of {name!r}", [package], owned(store, name))
            same(f"the package {name!r}", [package], owned(store, "nobody", name))
        for number, package in enumerate(packages):
            name = package.id
            same(f"the redemption of {name!r}, not booked", None, store.redemption(name))
            change = proposed([package], booking(name), client=replace(ANA, id=name))
            committed(store, change)
            same(f"the redemption of {name!r}", change.after, store.redemption(name))
            left = [credits_left(store, other.id) for other in packages]
            expected = [0] * (number + 1) + [1] * (len(packages) - number - 1)
            same(f"credits left when {name!r} was booked", expected, left)
        return store

    def test_ids_of_sharers_differ_in_every_character(self) -> None:
        """The same holds of those with whom a package is shared."""
        store = self.store(
            *(replace(facials(f"with {name}"), shared_with=(name,)) for name in _IDS)
        )
        for name in _IDS:
            found = [package.id for package in owned(store, name)]
            same(f"the packages shared with {name!r}", [f"with {name}"], found)

    def test_ids_of_entitlements_differ_in_every_character(self) -> None:
        """The same holds of the entitlements of a package."""
        held = tuple(credit("facial", remaining=1, id=name) for name in sorted(_IDS))
        package = replace(facials(), entitlements=held)
        books = self.books(package)
        for entitlement in held:
            believed = replace(package, entitlements=(entitlement,))
            books.done(proposed([believed], booking(f"b {entitlement.id}")))

    def test_what_another_object_has_committed_is_seen(self) -> None:
        """Whatever was read before, a read shows what another object on the data has committed."""
        store, booked = self.booked()
        other = self.again(store)
        self.holds(store, left=4, b1=booked)
        self.holds(other, left=4, b1=booked)
        cancelled = committed(other, ENDINGS["cancelled in time"](booked, None))

        self.holds(store, left=5, b1=cancelled)


def _plain(package: p.Package) -> p.Package:
    return replace(package, uses=(), version=None)
