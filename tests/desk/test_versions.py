"""Caps that hold: the versions of packages in a change, and stores that give none (D57, D66)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from pkgredeem import (
    Actor,
    Booking,
    Client,
    Decision,
    InvalidValueError,
    Package,
    Period,
    Quota,
    RedemptionDesk,
    RedemptionPolicy,
    Rulebook,
    Term,
    rules,
)
from tests.helpers.desk_support import Interrupted, MakeDesk
from tests.helpers.support import (
    ANA,
    DAY,
    LONDON,
    NOW,
    START,
    account,
    after,
    booking,
    case,
    credit,
    decide,
    package,
    rescheduled,
    restricted,
    use,
)

LOCAL = account(time_zone=LONDON)
ONCE = Quota(1, Period.EVER)


class WithoutVersions(Interrupted):
    """A store that keeps uses and no versions."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages without their versions."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        return [replace(sold, version=None) for sold in found]


class WithoutHistory(Interrupted):
    """A store that keeps neither."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages without versions and uses."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        return [replace(sold, version=None, uses=()) for sold in found]


def facials(id: str = "p1", *, left: int = 9, **fields: object) -> Package:
    """Return a package of facials."""
    return package(id, credit("facial", left=left), **fields)


def redeem(desk: RedemptionDesk, asked: Booking | None = None, *, client: Client = ANA) -> Decision:
    """Redeem a facial for Ana, unless told otherwise."""
    return desk.redeem(account=LOCAL, client=client, booking=asked or booking(), now=NOW)


def test_a_booking_and_a_move_carry_the_versions() -> None:
    """Of the packages that they draw on, where they have one; a cancellation carries none (D57)."""
    masks = package("p2", credit("mask", left=9), version=7)
    spare = package("p0", credit("pedicure"), version=1)
    none = package("p3", credit("nails"))
    sold = [masks, facials(version=3), spare, none]
    change = decide(case("mask", "facial", "nails", "mask", packages=sold), rules.ONLINE).change
    assert change is not None
    moved = rescheduled(change.after, packages=sold).change
    assert moved is not None
    policy = RedemptionPolicy(rules.ONLINE)
    cancelled = policy.cancel(change.after, by=Actor.CLIENT, now=NOW, packages=sold).change
    assert cancelled is not None

    assert (("p1", 3), ("p2", 7)) == change.package_versions
    assert (("p1", 3), ("p2", 7)) == moved.package_versions
    assert () == cancelled.package_versions


def test_a_package_without_a_version_hides_none_of_another() -> None:
    """Also where it ranks before the package that is drawn on (D57)."""
    sold = [package("p1", credit("nails")), facials("p2", version=7)]
    change = decide(case(packages=sold), rules.ONLINE).change
    assert change is not None

    assert (("p2", 7),) == change.package_versions


def test_a_move_carries_those_of_its_reserved_lines() -> None:
    """A line that has ended draws on nothing any more."""
    sold = [facials(version=3), package("p2", credit("mask", left=9), version=7)]
    change = decide(case("mask", "facial", packages=sold), rules.ONLINE).change
    assert change is not None
    policy = RedemptionPolicy(rules.ONLINE)
    rest = after(policy.cancel(change.after, by=Actor.CLIENT, now=NOW, lines=[0]))
    moved = rescheduled(rest, packages=sold).change
    assert moved is not None

    assert (("p1", 3),) == moved.package_versions


def test_each_commit_raises_the_version(make: MakeDesk) -> None:
    """A booking, a move and a cancellation: each makes what was read before stale (D57)."""
    store = Interrupted(facials())
    desk = make(RedemptionPolicy(rules.ONLINE), store)

    def version() -> int | None:
        (sold,) = store.inner.packages_of("ana", not_over_at=NOW)
        return sold.version

    found = [version()]
    redeem(desk)
    found.append(version())
    desk.reschedule(
        "b1", account=LOCAL, client=ANA, starts_at=START + DAY, by=Actor.CLIENT, now=NOW
    )
    found.append(version())
    desk.cancel("b1", by=Actor.CLIENT, now=NOW)
    found.append(version())

    first = found[0]
    assert first is not None
    assert [first, first + 1, first + 2, first + 3] == found


CAPPED = {
    "a quota of the package": facials(quotas=[ONCE]),
    "a quota of an entitlement": package("p1", restricted(quotas=[ONCE])),
    "a term of first use": facials(lasts=Term(days=14)),
}


@pytest.mark.parametrize("name", CAPPED)
@pytest.mark.parametrize("quote", [False, True])
def test_a_store_without_versions_is_refused(make: MakeDesk, name: str, quote: bool) -> None:
    """A cap that a race can break is none: nothing is written, and a quote says the same (D57)."""
    store = WithoutVersions(CAPPED[name])
    desk = make(RedemptionPolicy(rules.ONLINE), store)
    with pytest.raises(InvalidValueError) as raised:
        (desk.quote if quote else desk.redeem)(
            account=LOCAL, client=ANA, booking=booking(), now=NOW
        )

    allowed = "a version of package 'p1', which has quotas or a term"
    assert ("Package.version", None, allowed) == raised.value.args
    assert store.inner.redemption("b1") is None


@pytest.mark.parametrize("name", CAPPED)
def test_so_is_its_new_booking_of_an_exchange(make: MakeDesk, name: str) -> None:
    """What the new booking draws is drawn on a cap that a race can break (D57, D71)."""
    store = WithoutVersions(facials("p0", left=1, priority=1), CAPPED[name])
    desk = make(RedemptionPolicy(rules.ONLINE), store)
    assert redeem(desk).eligible
    with pytest.raises(InvalidValueError) as raised:
        desk.exchange(
            "b1",
            account=LOCAL,
            client=ANA,
            booking=booking("facial", "facial", id="b2"),
            by=Actor.CLIENT,
            now=NOW,
        )

    assert "Package.version" == raised.value.field
    assert store.inner.redemption("b2") is None


@pytest.mark.parametrize("name", CAPPED)
def test_a_store_with_versions_will_do(make: MakeDesk, name: str) -> None:
    """The same packages from a store that keeps them."""
    assert redeem(make(RedemptionPolicy(rules.ONLINE), Interrupted(CAPPED[name]))).eligible


@pytest.mark.parametrize(
    ("name", "book"),
    [
        ("a quota of the package", rules.ONLINE.without(rules.quota_reached)),
        ("a quota of an entitlement", rules.ONLINE.without(rules.quota_reached)),
        ("a term of first use", rules.ONLINE.without(rules.outside_first_use_term)),
    ],
)
def test_a_cap_that_no_rule_reads_needs_no_version(
    make: MakeDesk, name: str, book: Rulebook
) -> None:
    """A rule that is lifted caps nothing (D56, D57)."""
    assert redeem(make(RedemptionPolicy(book), WithoutVersions(CAPPED[name]))).eligible


def test_a_cap_that_is_not_drawn_on_needs_no_version(make: MakeDesk) -> None:
    """The package beside it pays (D57)."""
    store = WithoutVersions(facials(quotas=[ONCE]), facials("p2", priority=1))

    assert redeem(make(RedemptionPolicy(rules.ONLINE), store)).eligible


def test_what_is_refused_needs_no_version(make: MakeDesk) -> None:
    """Nothing is drawn, so nothing can be broken."""
    store = WithoutVersions(facials(quotas=[ONCE]))
    decision = redeem(make(RedemptionPolicy(rules.ONLINE), store), booking("mask"))

    assert not decision.eligible


def test_a_package_without_caps_needs_no_history(make: MakeDesk) -> None:
    """A store that keeps neither uses nor versions serves it, moves included (D66)."""
    desk = make(RedemptionPolicy(rules.ONLINE), WithoutHistory(facials(left=2)))

    assert redeem(desk).eligible
    assert redeem(desk, booking(id="b2")).eligible
    assert not redeem(desk, booking(id="b3")).eligible
    assert desk.reschedule(
        "b1", account=LOCAL, client=ANA, starts_at=START + DAY, by=Actor.CLIENT, now=NOW
    ).allowed


def test_uses_that_nothing_counts_change_nothing() -> None:
    """History beside a package without quotas and `lasts` (D66)."""
    plain, used = facials(), facials(uses=[use(START), use(START - DAY)])
    found = [decide(case(packages=[sold])) for sold in (plain, used)]

    assert found[0] == found[1]


def test_a_race_for_the_last_place_has_one_winner(make: MakeDesk) -> None:
    """What another client drew meanwhile is seen: decided afresh, the place is gone (D57, D35)."""
    store = Interrupted(facials(quotas=[ONCE], shared_with=["beth"]))
    desk = make(RedemptionPolicy(rules.ONLINE), store)
    quick = RedemptionDesk(RedemptionPolicy(rules.ONLINE), store.inner)
    beth = Client(id="beth", logged_in=True)
    store.before[3] = lambda: redeem(quick, booking(id="b2"), client=beth)
    decision = redeem(desk)

    assert ["packages_of", "redemption", "commit 1", "packages_of", "redemption"] == store.calls
    assert ["quota_reached"] == [reason.code for reason in decision.reasons]


def test_a_race_for_the_first_use_has_one_winner(make: MakeDesk) -> None:
    """Two first uses, more than the term apart: the later one finds the term begun (D53, D57)."""
    store = Interrupted(facials(lasts=Term(days=14)))
    desk = make(RedemptionPolicy(rules.ONLINE), store)
    quick = RedemptionDesk(RedemptionPolicy(rules.ONLINE), store.inner)
    store.before[3] = lambda: redeem(quick, booking(id="b2"))
    decision = redeem(desk, booking(starts_at=START + 15 * DAY))

    assert ["outside_first_use_term"] == [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(("left", "booked"), [(3, 3), (2, 0)])
def test_a_series_is_a_loop(make: MakeDesk, left: int, booked: int) -> None:
    """Three weeks or none: where one is refused the business cancels the others (D62)."""
    store = Interrupted(facials(left=left))
    desk = make(RedemptionPolicy(rules.ONLINE), store)
    done: list[str] = []
    for week in range(3):
        name = f"b{week}"
        if not redeem(desk, booking(id=name, starts_at=START + 7 * week * DAY)).eligible:
            for earlier in done:
                assert desk.cancel(earlier, by=Actor.BUSINESS, now=NOW).returned
            break
        done.append(name)
    balance = store.inner.balance("p1", "facial")

    assert (left - booked, booked) == (balance.available, balance.reserved)


@pytest.mark.parametrize("days", [1, -1])
def test_a_capped_booking_is_not_moved_without_a_version(days: int) -> None:
    """Two moves to one day, later or earlier, could both win where nothing is compared (D57)."""
    store = Interrupted(facials(quotas=[Quota(1, Period.DAY)]))
    redeem(RedemptionDesk(RedemptionPolicy(rules.ONLINE), store))
    blind = WithoutVersions(facials())
    blind.inner = store.inner
    desk = RedemptionDesk(RedemptionPolicy(rules.ONLINE), blind)

    with pytest.raises(InvalidValueError, match=r"Package\.version must be a version of package"):
        desk.reschedule(
            "b1", account=LOCAL, client=ANA, starts_at=START + days * DAY, by=Actor.CLIENT, now=NOW
        )
    assert desk.cancel("b1", by=Actor.CLIENT, now=NOW).allowed


def test_a_line_that_has_ended_asks_for_no_version(make: MakeDesk) -> None:
    """What is left is moved: the capped package, whose line was cancelled, pays no more (D57)."""
    masks = package("p2", credit("mask"), quotas=[Quota(1, Period.DAY)])
    store = Interrupted(facials(), masks)
    desk = make(RedemptionPolicy(rules.ONLINE), store)
    redeem(desk, booking("facial", "mask"))
    desk.cancel("b1", by=Actor.CLIENT, now=NOW, lines=[1])
    blind = WithoutVersions()
    blind.inner = store.inner
    moved = make(RedemptionPolicy(rules.ONLINE), blind).reschedule(
        "b1", account=LOCAL, client=ANA, starts_at=START + DAY, by=Actor.CLIENT, now=NOW
    )

    assert moved.allowed
    stored = store.inner.redemption("b1")
    assert stored is not None
    assert START + DAY == stored.starts_at
