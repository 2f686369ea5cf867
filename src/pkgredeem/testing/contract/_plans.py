"""What a store of plans has to keep: uses and versions, so that no cap is broken in a race.

A store that keeps none says so: see `keeps_plans` of the contract.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    DAY,
    LATE,
    NOW,
    POLICY,
    START,
    THREADS,
    TWO,
    Kit,
    booking,
    codes,
    committed,
    conflicts,
    credit,
    credits_left,
    desk,
    due,
    facials,
    known,
    moved,
    owned,
    proposed,
    redeemed,
    same,
)

_Acts: TypeAlias = tuple[Callable[[], object], ...]

_MOST = 3
_LOCAL = replace(ACCOUNT, time_zone=ZoneInfo("Europe/London"))
_CAPPED = replace(facials(), quotas=(p.Quota(9, p.Period.EVER),))
_CAPPED_DAYS = replace(facials(remaining=THREADS), quotas=(p.Quota(_MOST, p.Period.DAY),))
_OFF_PEAK = p.Restrictions(
    traits={"room": ["blue", "O'Brien's"]},
    hours=[
        p.Hours(days=[1, 5], opens=time(9, 30), closes=time(17)),
        p.Hours(days=[6], opens=time(0)),
    ],
    not_on=[date(2026, 12, 24)],
    min_notice=timedelta(hours=1, microseconds=1),
    max_notice=timedelta(days=90),
)
_PLAN = p.Package(
    id="p1",
    client_id="ana",
    entitlements=(
        replace(
            credit("facial", remaining=300, id="minutes"),
            unit="minute",
            valid_from=NOW - DAY,
            valid_until=START + 90 * DAY,
            restrictions=_OFF_PEAK,
            quotas=(p.Quota(2, p.Period.WEEK), p.Quota(1, p.Days(14), name="with a pause ✿")),
        ),
        replace(credit("sauna", "steam bath", remaining=0, id="wellness"), remaining=p.UNLIMITED),
    ),
    status=p.PackageStatus.SUSPENDED,
    shared_with=("ben",),
    book_until=START + timedelta(microseconds=7),
    pauses=(p.Pause(START - DAY, START), p.Pause(START + DAY)),
    lasts=p.Term(months=6),
    restrictions=p.Restrictions(max_notice=timedelta(days=7)),
    quotas=(p.Quota(5, p.Period.EVER, name="paid for"), p.Quota(1, p.Period.UPCOMING)),
    cancellation=p.CancellationTerms(
        window=timedelta(hours=6),
        late=p.CreditOutcome.RETURN,
        no_show=p.CreditOutcome.FORFEIT,
        tiers=[(timedelta(hours=2), p.CreditOutcome.FORFEIT)],
        changes_close=timedelta(minutes=30),
    ),
    traits={"tier": "gold", "by": 'the "house"'},
)


class Plans(Kit):
    """Invariants of uses, versions, unlimited credits, and every fact of a plan."""

    def test_a_plan_is_read_back_whole(self) -> None:
        """Every fact of a plan comes back, with a version and no uses before the first."""
        store = self.store_of_plans(_PLAN)

        same("the packages of ben", [replace(_PLAN, version=_version(store))], owned(store, "ben"))

    def test_unlimited_credits_stay_unlimited(self) -> None:
        """What is unlimited is drawn on like anything else, and always says unlimited (D42)."""
        package = replace(
            facials(), entitlements=(replace(credit("facial", remaining=0), remaining=p.UNLIMITED),)
        )
        store = self.store_of_plans(package)
        for place in range(3):
            redeemed(store, booking(f"b{place}", *TWO))
        desk(store).cancel("b0", by=p.Actor.CLIENT, now=NOW)
        desk(store).complete("b1", now=START, lines=[0])
        desk(store).no_show("b1", now=START)

        same("the packages of ana", [package], owned(store, "ana"))
        names = ["b0", "b1", "b2"]
        self.balanced(store, names, available=p.UNLIMITED, reserved=2, redeemed=1, forfeited=1)

    def test_uses_are_what_did_not_return(self) -> None:
        """The uses of a package are its draws that did not return, as the last act left them (D54).

        So they follow a move, but for what ended before, and an exchange; and none is another's.
        """
        other = replace(
            facials("p2"), quotas=_CAPPED.quotas, entitlements=(credit("mask", remaining=5),)
        )
        store = self.store_of_plans(_CAPPED, other)
        at = desk(store)
        now = START + timedelta(hours=1)
        acts: _Acts = (
            lambda: redeemed(store, booking("b1", "facial", "mask", "facial")),
            lambda: redeemed(store, booking("b2", *TWO)),
            lambda: at.cancel("b1", by=p.Actor.CLIENT, now=LATE, lines=[0]),
            lambda: _rescheduled(store, "b1", START + DAY),
            lambda: at.cancel("b1", by=p.Actor.BUSINESS, now=NOW, lines=[2]),
            lambda: _exchanged(store, "b2", booking("b3", "facial", "mask")),
            lambda: at.no_show("b3", now=now, lines=[0]),
            lambda: at.complete("b3", now=now, note="came after all"),
            lambda: at.forgive("b1", now=now, note="a burst pipe", lines=[0]),
        )
        for number, act in enumerate(acts):
            act()
            stored = [store.redemption(name) for name in ("b1", "b2", "b3")]
            for found in owned(store, "ana"):
                expected = [use for one in stored if one for use in one.uses_of(found.id)]
                same(f"uses of {found.id} after act {number}", expected, [*found.uses])

    def test_every_act_raises_the_versions(self) -> None:
        """Each act raises the version of every package that the booking draws on (D57).

        Also an act that moves none of its credits, or none at all.
        """
        other = replace(
            facials("p2"), quotas=_CAPPED.quotas, entitlements=(credit("mask", remaining=5),)
        )
        store = self.store_of_plans(_CAPPED, other)
        at = desk(store)
        acts: _Acts = (
            lambda: redeemed(store, booking("b1", "facial", "mask", "mask", "mask")),
            lambda: _rescheduled(store, "b1", START + DAY),
            lambda: _rescheduled(store, "b1", START),
            lambda: at.cancel("b1", by=p.Actor.BUSINESS, now=NOW, lines=[0]),
            lambda: at.cancel("b1", by=p.Actor.CLIENT, now=LATE, lines=[1]),
            lambda: at.no_show("b1", now=START, lines=[2]),
            lambda: at.complete("b1", now=START, lines=[3]),
            lambda: at.forgive("b1", now=START, note="a burst pipe", lines=[1]),
        )
        for number, act in enumerate(acts):
            before = [_version(store, name) for name in ("p1", "p2")]
            act()
            after = [_version(store, name) for name in ("p1", "p2")]
            raised = [old < new for old, new in zip(before, after, strict=True)]
            same(f"versions raised by act {number}", [True, True], raised)

    def test_a_booking_on_another_version_is_a_conflict(self) -> None:
        """A booking that was decided on another version than the stored one is refused (D57).

        Credits are left for both: it is the cap that must not be counted twice.
        """
        store = self.store_of_plans(_CAPPED)
        seen = owned(store, "ana")
        late = proposed(seen, booking("b2"))
        same("versions carried", (("p1", seen[0].version),), late.package_versions)
        first = committed(store, proposed(seen, booking("b1")))
        conflicts("a booking on an older version", store, late)
        ahead = replace(late, package_versions=(("p1", _version(store) + 1),))
        conflicts("a booking on a version to come", store, ahead)

        self.holds(store, left=4, b1=first, b2=None)
        same("uses", first.uses_of("p1"), _read(store).uses)

    def test_a_move_on_another_version_is_a_conflict(self) -> None:
        """A move that was decided on another version is refused, though it moves no credit."""
        store = self.store_of_plans(_CAPPED)
        booked = committed(store, proposed(owned(store, "ana"), booking("b1")))
        move = moved(booked, START + DAY, packages=owned(store, "ana"))
        other = committed(store, proposed(owned(store, "ana"), booking("b2")))
        conflicts("a move on an older version", store, move)

        self.holds(store, left=3, b1=booked, b2=other)
        committed(store, moved(booked, START + DAY, packages=owned(store, "ana")))

    def test_what_is_stored_is_a_success_on_any_version(self) -> None:
        """The same change again is a lost acknowledgement: looked for before versions are."""
        store = self.store_of_plans(_CAPPED)
        one = proposed(owned(store, "ana"), booking("b1"))
        store.commit(one)
        store.commit(one)
        two = proposed(owned(store, "ana"), booking("b2"))
        store.commit(one, two)
        version = _version(store)
        store.commit(two, one)

        self.holds(store, left=3, b1=one.after, b2=two.after)
        same("the version when nothing was done", version, _version(store))

    def test_versions_are_judged_as_they_were_before_the_call(self) -> None:
        """What one change of a call raises is no conflict for another, in any order.

        Two versions of one package in a call are one, whichever of them is stored.
        """
        for turned in (False, True):
            store = self.store_of_plans(_CAPPED)
            old = committed(store, proposed(owned(store, "ana"), booking("b1")))
            seen = owned(store, "ana")
            changes = [
                due(POLICY.cancel(old, by=p.Actor.BUSINESS, now=NOW)),
                proposed(seen, booking("b2")),
                proposed(seen, booking("b3")),
            ]
            store.commit(*(changes[::-1] if turned else changes))
            self.holds(store, left=3, b2=changes[1].after, b3=changes[2].after)

            seen = owned(store, "ana")
            one, two = (proposed(seen, booking(name)) for name in ("b4", "b5"))
            later = replace(two, package_versions=(("p1", _version(store) + 1),))
            conflicts("two versions", store, *((later, one) if turned else (one, later)))
            self.holds(store, left=3, b4=None, b5=None)

    def test_a_return_needs_no_version(self) -> None:
        """A cancellation carries no version, and is done whatever happened to the package (D57)."""
        store = self.store_of_plans(_CAPPED)
        booked = committed(store, proposed(owned(store, "ana"), booking("b1")))
        back = due(POLICY.cancel(booked, by=p.Actor.CLIENT, now=NOW))
        same("versions carried", (), back.package_versions)
        for name in ("b2", "b3"):
            redeemed(store, booking(name))
        store.commit(back)

        self.holds(store, left=3, b1=back.after)
        same("bookings that use it", ["b2", "b3"], [use.booking_id for use in _read(store).uses])

    def test_uses_and_version_are_of_one_moment(self) -> None:
        """Who reads while somebody books never sees a version newer than the uses beside it (D57).

        Nor other credits than those that the uses leave.
        """
        store = self.store_of_plans(_CAPPED)
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
        """Of eight bookings at once on a day for three, three are paid; five hear why not (D57)."""
        store = self.store_of_plans(_CAPPED_DAYS)
        answers = self.race(store, lambda at, place: _redeemed(at, booking(f"b{place}")))

        reasons = sorted("".join(codes(answer)) for answer in answers)
        same("the reasons", [""] * _MOST + ["quota_reached"] * (THREADS - _MOST), reasons)
        same("uses", _MOST, len(_read(store).uses))
        same("credits left", THREADS - _MOST, credits_left(store))

    def test_many_threads_that_move_keep_a_quota(self) -> None:
        """Of eight bookings that are moved at once to a day for three, three are moved (D58)."""
        store = self.store_of_plans(_CAPPED_DAYS)
        names = [f"b{place}" for place in range(THREADS)]
        for place, name in enumerate(names):
            _redeemed(store, booking(name, starts_at=START + (place + 1) * DAY))
        move = partial(_rescheduled, starts_at=START, by=p.Actor.CLIENT)
        answers = self.race(store, lambda at, place: move(at, names[place]))

        same("moved", _MOST, sum(answer.allowed for answer in answers))
        starts = [known(store, name).starts_at for name in names]
        same("starts on that day", _MOST, starts.count(START))
        same("uses on that day", _MOST, [use.starts_at for use in _read(store).uses].count(START))
        self.balanced(store, names, reserved=THREADS)


def _read(store: RedemptionStore, package_id: str = "p1") -> p.Package:
    """Return a package as it is now."""
    (package,) = owned(store, "nobody", package_id)
    return package


def _version(store: RedemptionStore, package_id: str = "p1") -> int:
    """Return the version of a package that has to have one."""
    version = _read(store, package_id).version
    if version is None:
        raise AssertionError(f"version of {package_id!r}: it has quotas or lasts, and has none")
    return version


def _redeemed(store: RedemptionStore, wanted: p.Booking) -> p.Decision:
    """Redeem a booking of Ana's in an account with a time zone."""
    return desk(store).redeem(account=_LOCAL, client=ANA, booking=wanted, now=NOW)


def _rescheduled(
    store: RedemptionStore,
    booking_id: str,
    starts_at: datetime,
    *,
    by: p.Actor = p.Actor.BUSINESS,
) -> p.Settlement:
    """Move a booking of Ana's."""
    return desk(store).reschedule(
        booking_id, account=_LOCAL, client=ANA, starts_at=starts_at, by=by, now=NOW
    )


def _exchanged(store: RedemptionStore, booking_id: str, wanted: p.Booking) -> p.Decision:
    """Give a booking of Ana's up for another."""
    return desk(store).exchange(
        booking_id, account=_LOCAL, client=ANA, booking=wanted, by=p.Actor.BUSINESS, now=NOW
    )
