"""What a store of plans has to keep: uses and versions, so that no cap is broken in a race.

A store that keeps none says so: see `Limit.NO_PLANS`.
"""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    DAY,
    NOW,
    START,
    THREADS,
    booking,
    codes,
    committed,
    conflicts,
    credits_left,
    desk,
    facials,
    known,
    owned,
    proposed,
    redeemed,
    same,
    versions,
)
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._steps import ENDINGS, WAYS, move, said

_MOST = 3
_LOCAL = replace(ACCOUNT, time_zone=ZoneInfo("Europe/London"))
_CAPPED = replace(facials(), quotas=(p.Quota(9, p.Period.EVER),))
_CAPPED_DAYS = replace(facials(remaining=THREADS), quotas=(p.Quota(_MOST, p.Period.DAY),))


class Plans(Kit):
    """Invariants of uses, versions and unlimited credits."""

    def test_unlimited_credits_stay_unlimited(self) -> None:
        """What is unlimited is drawn on like anything else, and always says unlimited (D42)."""
        (held,) = facials().entitlements
        package = replace(facials(), entitlements=(replace(held, remaining=p.UNLIMITED),))
        books = self.books(package)

        def act(way: tuple[str, ...]) -> None:
            found = books.done(proposed([package], booking(f"b {said(way)}")))
            for name in way:
                found = books.done(ENDINGS[name](found, None))

        self.each({said(way): way for way in WAYS}, act)

    def test_what_is_decided_on_another_version_is_refused(self) -> None:
        """A booking or a move that was decided on another version of its package is a conflict.

        Older or newer (D57). Credits are left for all: it is the cap that must not be counted
        twice.
        """
        store = self.store(_CAPPED)
        seen = owned(store, "ana")
        late = proposed(seen, booking("b2"))
        same("versions carried", (("p1", seen[0].version),), late.package_versions)
        first = committed(store, proposed(seen, booking("b1")))
        moved = move(first, START + DAY, packages=seen)
        ahead = (("p1", _version(store) + 1),)
        for what, change in (
            ("a booking on an older version", late),
            ("a booking on a version to come", replace(late, package_versions=ahead)),
            ("a move on an older version", moved),
            ("a move on a version to come", replace(moved, package_versions=ahead)),
        ):
            conflicts(what, store, change)

        self.holds(store, left=4, b1=first, b2=None)
        same("uses", first.uses_of("p1"), _read(store).uses)
        committed(store, move(first, START + DAY, packages=owned(store, "ana")))

    def test_a_return_needs_no_version(self) -> None:
        """What ends a line carries no version, and is done whatever happened to the package."""
        books = self.books(_CAPPED)
        bookings = {
            name: books.done(proposed(owned(books, "ana"), booking(f"b {name}")))
            for name in ("cancelled in time", "no-show, returned", "completed")
        }
        for name, booked in bookings.items():
            change = ENDINGS[name](booked, None)
            same("versions carried", (), change.package_versions)
            books.done(change)

    def test_versions_are_judged_as_they_were_before_the_call(self) -> None:
        """What one change of a call raises is no conflict for another, in any order.

        Two versions of one package in a call are one, whichever of them is stored.
        """
        for turned in (False, True):
            store = self.store(_CAPPED)
            old = committed(store, proposed(owned(store, "ana"), booking("b1")))
            seen = owned(store, "ana")
            changes = [
                ENDINGS["cancelled in time"](old, None),
                proposed(seen, booking("b2")),
            ]
            store.commit(*(changes[::-1] if turned else changes))
            self.holds(store, left=4, b1=changes[0].after, b2=changes[1].after)

            seen = owned(store, "ana")
            one, two = (proposed(seen, booking(name)) for name in ("b4", "b5"))
            later = replace(two, package_versions=(("p1", _version(store) + 1),))
            conflicts("two versions", store, *((later, one) if turned else (one, later)))
            self.holds(store, left=4, b4=None, b5=None)

    def test_uses_and_version_are_of_one_moment(self) -> None:
        """Who reads while somebody books never sees a version newer than the uses beside it (D57).

        Nor other credits than those that the uses leave.
        """
        store = self.store(_CAPPED)
        first = _read(store)

        def acted(at: RedemptionStore, place: int) -> list[p.Package]:
            if place:
                return [_read(at) for _ in range(10)]
            found: list[p.Package] = []
            for name in ("b1", "b2", "b3", "b4", "b5"):
                redeemed(at, booking(name))
                found.append(_read(at))  # nobody else books, so this is how it is
            return found

        as_they_were, *others = self.race(store, acted)
        uses = {package.version: {*package.uses} for package in (first, *as_they_were)}
        for package in (package for seen in others for package in seen):
            lacking = uses[package.version] - {*package.uses}
            same(f"uses not there at version {package.version}", set[p.Use](), lacking)
            left = package.entitlements[0].remaining
            same("credits left beside the uses", 5 - len(package.uses), left)

    def test_many_threads_keep_a_quota(self) -> None:
        """Of eight bookings at once on a day for three, three are paid; five hear why not (D57).

        Of eight that are moved there at once three are moved (D58).
        """
        store = self.store(_CAPPED_DAYS)
        answers = self.race(store, lambda at, place: _redeemed(at, booking(f"b{place}")))
        reasons = sorted("".join(codes(answer)) for answer in answers)
        same("the reasons", [""] * _MOST + ["quota_reached"] * (THREADS - _MOST), reasons)
        same("uses", _MOST, len(_read(store).uses))
        same("credits left", THREADS - _MOST, credits_left(store))

        store = self.store(_CAPPED_DAYS)
        names = [f"b{place}" for place in range(THREADS)]
        for place, name in enumerate(names):
            _redeemed(store, booking(name, starts_at=START + (place + 1) * DAY))
        moves = self.race(store, lambda at, place: _moved_to_the_start(at, names[place]))
        same("moved", _MOST, sum(answer.allowed for answer in moves))
        starts = [known(store, name).starts_at for name in names]
        same("starts on that day", _MOST, starts.count(START))
        same("uses on that day", _MOST, [use.starts_at for use in _read(store).uses].count(START))
        self.balanced(store, names, reserved=THREADS)


def _read(store: RedemptionStore, package_id: str = "p1") -> p.Package:
    """Return a package as it is now."""
    (package,) = owned(store, "nobody", package_id)
    return package


def _version(store: RedemptionStore) -> int:
    """Return the version of package p1."""
    return versions(store, [facials()])["p1"]


def _redeemed(store: RedemptionStore, wanted: p.Booking) -> p.Decision:
    """Redeem a booking of Ana's in an account with a time zone."""
    return desk(store).redeem(account=_LOCAL, client=ANA, booking=wanted, now=NOW)


def _moved_to_the_start(store: RedemptionStore, booking_id: str) -> p.Settlement:
    """Move a booking of Ana's, as she asks."""
    return desk(store).reschedule(
        booking_id, account=_LOCAL, client=ANA, starts_at=START, by=p.Actor.CLIENT, now=NOW
    )
