"""What a quota counts, where it stands, and what is told of a full one (D54, D56)."""

from dataclasses import replace

import pytest

from pkgredeem import (
    Actor,
    CancellationTerms,
    Case,
    CreditOutcome,
    DrawState,
    Package,
    Period,
    Quota,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.support import (
    ANA,
    DAY,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    after,
    booking,
    case,
    codes,
    credit,
    decide,
    draws,
    line,
    notes,
    package,
    rescheduled,
    restricted,
    use,
)

LOCAL = account(time_zone=LONDON)
FORFEITING = CancellationTerms(window=DAY, late=CreditOutcome.FORFEIT)
ONCE_A_WEEK = Quota(1, Period.WEEK)


def capped(*quotas: Quota, uses: int = 0, left: int = 9, **fields: object) -> Package:
    """Return a package of facials with these quotas, and so many uses at START."""
    used = [use(START, booking_id=f"u{number}") for number in range(uses)]
    return package("p1", credit("facial", left=left), quotas=quotas, uses=used, **fields)


def found(asked: Case) -> list[str]:
    """Return the reasons of the rulebook for booking online."""
    return codes(decide(asked, rules.ONLINE))


def booked(*services: str, sold: Package, start: object = START, id: str = "b1") -> Redemption:
    """Return the redemption of a booking that the package pays for."""
    made = case(booking=replace(booking(*services, id=id), starts_at=start), packages=[sold])  # type: ignore[arg-type]
    redemption = decide(replace(made, account=LOCAL), rules.ONLINE).redemption
    assert redemption is not None
    return redemption


@pytest.mark.parametrize(
    ("most", "uses", "expected"),
    [
        (1, 0, []),
        (1, 1, ["quota_reached"]),
        (1, 2, ["quota_reached"]),
        (2, 1, []),
        (0, 0, ["quota_reached"]),
    ],
)
@pytest.mark.parametrize("on_package", [True, False])
def test_a_quota_has_so_many_places(
    most: int, uses: int, expected: list[str], on_package: bool
) -> None:
    """At most as many uses as it says, on the package or the entitlement; no other reason."""
    quota = Quota(most, Period.EVER)
    sold = capped(quota, uses=uses)
    if not on_package:
        limited = replace(sold.entitlements[0], quotas=[quota])  # type: ignore[arg-type]
        sold = replace(sold, quotas=(), entitlements=[limited])  # type: ignore[arg-type]

    assert expected == found(case(packages=[sold]))


@pytest.mark.parametrize("state", [DrawState.RESERVED, DrawState.REDEEMED, DrawState.FORFEITED])
def test_what_did_not_return_counts(state: DrawState) -> None:
    """Reserved, given, and lost to a late cancellation or a no-show (D54)."""
    sold = package("p1", quotas=[Quota(1, Period.EVER)], uses=[use(START, state=state)])

    assert ["quota_reached"] == found(case(packages=[sold]))


def test_what_returned_is_no_use() -> None:
    """A cancelled line is left out of the uses, a forfeited one is not, and forgiving frees it."""
    policy = RedemptionPolicy(rules.ONLINE)
    two = booked("facial", "facial", sold=capped())
    one_back = after(policy.cancel(two, by=Actor.BUSINESS, now=NOW, lines=[0]))
    forfeited = after(
        policy.no_show(one_back, now=START, outcome=CreditOutcome.FORFEIT, note="not there")
    )
    forgiven = after(policy.forgive(forfeited, now=START, note="ill"))

    assert [2, 1, 1, 0] == [
        len(redemption.uses_of("p1")) for redemption in (two, one_back, forfeited, forgiven)
    ]
    assert DrawState.FORFEITED is forfeited.uses_of("p1")[0].state
    assert () == two.uses_of("p2")


def test_an_ended_line_counts_by_the_start_that_it_had() -> None:
    """One line is forfeited, the other moved: they are uses of two weeks (D54)."""
    asked = case("facial", "facial", packages=[capped()], account=account(cancellation=FORFEITING))
    both = decide(asked, rules.ONLINE).redemption
    assert both is not None
    policy = RedemptionPolicy(rules.ONLINE)
    late = after(policy.cancel(both, by=Actor.CLIENT, now=START - DAY + INSTANT, lines=[1]))
    moved = after(rescheduled(late, to=START + 7 * DAY, by=Actor.BUSINESS, now=START - 2 * DAY))
    sold = replace(capped(ONCE_A_WEEK), uses=moved.uses_of("p1"))

    assert [START + 7 * DAY, START] == [used.starts_at for used in sold.uses]
    for start in (START, START + 7 * DAY):
        assert ["quota_reached"] == found(case(starts_at=start, account=LOCAL, packages=[sold]))
    for start in (START - 5 * DAY + 4 * DAY, START + 14 * DAY):
        expected = [] if start > START else ["quota_reached"]
        assert expected == found(case(starts_at=start, account=LOCAL, packages=[sold]))


def test_one_line_is_one_use_whatever_it_costs() -> None:
    """A line of three credits takes one place (D54)."""
    twice = capped(Quota(2, Period.EVER), uses=1, left=6)
    asked = case(line(costs={"credit": 3}), line(costs={"credit": 3}), packages=[twice])
    decision = decide(asked, rules.ONLINE)

    assert [(0, "p1", "facial")] == draws(decision)
    assert (1,) == decision.uncovered


def test_a_quota_of_an_entitlement_counts_its_own_uses() -> None:
    """Open gym is capped, the core class is not; the package's own quota counts both (D54)."""
    gym = restricted("gym", id="gym", remaining=9, quotas=[Quota(1, Period.EVER)])
    core = restricted("core", id="core", remaining=9)
    used = use(START, entitlement_id="gym")

    def with_quota(most: int) -> Package:
        return package("p1", gym, core, quotas=[Quota(most, Period.EVER)], uses=[used])

    assert ["quota_reached"] == found(case("gym", packages=[with_quota(2)]))
    assert [] == found(case("core", packages=[with_quota(2)]))
    assert ["quota_reached"] == found(case("core", packages=[with_quota(1)]))


def test_what_another_entitlement_paid_for_takes_no_place_of_it() -> None:
    """The use of the core class leaves the cap of open gym as it was (D54)."""
    gym = restricted("gym", id="gym", remaining=9, quotas=[Quota(1, Period.EVER)])
    sold = package("p1", gym, restricted("core", id="core"), uses=[use(entitlement_id="core")])

    assert [] == found(case("gym", packages=[sold]))


@pytest.mark.parametrize("most", [(1, 5), (5, 1)])
def test_all_quotas_must_have_a_place(most: tuple[int, int]) -> None:
    """The tightest of them limits, whichever comes first, for one line and for two (D54)."""
    quotas = [Quota(places, Period.EVER) for places in most]
    of_credit = package("p1", restricted(remaining=9, quotas=quotas))
    for sold in (of_credit, capped(*quotas)):
        two = decide(case("facial", "facial", packages=[sold]), rules.ONLINE)
        assert (1,) == two.uncovered
        used = replace(sold, uses=(use(entitlement_id=sold.entitlements[0].id),))
        assert ["quota_reached"] == found(case(packages=[used]))


def test_no_quota_looks_at_the_service() -> None:
    """A use for another service of the same entitlement takes a place all the same (D54)."""
    either = restricted("facial", "mask", quotas=[Quota(1, Period.EVER)])
    used = use(START, entitlement_id="main", service_id="mask")

    assert ["quota_reached"] == found(case(packages=[package("p1", either, uses=[used])]))


def test_who_used_it_is_no_matter() -> None:
    """Of a shared package one quota counts every holder's uses (D59)."""
    sold = capped(Quota(1, Period.EVER), shared_with=["ben"])
    used = replace(sold, uses=(use(START, client_id="ben"),))

    assert ["quota_reached"] == found(case(packages=[used]))


def test_a_booking_never_counts_against_itself() -> None:
    """Its own reserved uses are off; what of it was given already counts (D21, D54)."""
    own = booked("facial", "facial", sold=capped())
    assert [(START, "b1")] * 2 == [(each.starts_at, each.booking_id) for each in own.uses_of("p1")]
    sold = replace(capped(Quota(2, Period.EVER), left=7), uses=own.uses_of("p1"))

    assert [] == found(case("facial", "facial", packages=[sold], existing=own))
    given = after(RedemptionPolicy(rules.ONLINE).complete(own, now=START, lines=[0]))
    sold = replace(sold, uses=given.uses_of("p1"))
    decision = decide(case("facial", "facial", packages=[sold], existing=given), rules.ONLINE)
    assert (1,) == decision.uncovered


@pytest.mark.parametrize(
    ("most", "lines", "expected"),
    [(1, 1, ["quota_reached"]), (2, 1, []), (2, 2, ["quota_reached"]), (3, 2, [])],
)
@pytest.mark.parametrize("by", Actor)
def test_all_lines_of_a_move_count_together(
    most: int, lines: int, expected: list[str], by: Actor
) -> None:
    """At the new start beside what is used there; the business is told and moves it (D54, D58)."""
    own = booked(*["facial"] * lines, sold=capped())
    there = use(START + 8 * DAY, booking_id="b9")
    sold = replace(capped(Quota(most, Period.WEEK), version=1), uses=(*own.uses_of("p1"), there))
    moved = rescheduled(own, to=START + 7 * DAY, by=by, packages=[sold])

    assert expected == [finding.code for finding in moved.findings]
    assert moved.allowed is (not expected or by is Actor.BUSINESS)


def test_a_move_inside_the_week_takes_no_other_place() -> None:
    """The booking that is moved does not count beside itself (D54)."""
    own = booked("facial", sold=capped())
    sold = replace(capped(ONCE_A_WEEK), uses=own.uses_of("p1"))

    assert rescheduled(own, to=START + DAY, packages=[sold]).allowed


def test_an_exchange_frees_the_old_place() -> None:
    """The only place goes from the old booking to the new one (D21, D71)."""
    store = MemoryStore()
    store.add(capped(Quota(1, Period.EVER)))
    desk = RedemptionDesk(RedemptionPolicy(rules.ONLINE), store)
    asked = {"account": account(), "client": ANA, "now": NOW}

    assert desk.redeem(booking=booking(), **asked).eligible  # type: ignore[arg-type]
    assert not desk.redeem(booking=booking(id="b2"), **asked).eligible  # type: ignore[arg-type]
    exchanged = desk.exchange("b1", booking=booking(id="b2"), by=Actor.CLIENT, **asked)  # type: ignore[arg-type]
    assert exchanged.eligible


@pytest.mark.parametrize("lines", [1, 2])
def test_a_quota_that_is_lifted_is_not_looked_at(lines: int) -> None:
    """Staff override as a rulebook: not even the zone is asked for (D56)."""
    sold = capped(ONCE_A_WEEK, Quota(0, Period.EVER), uses=3)
    lifted = rules.ONLINE.without(rules.quota_reached)
    decision = decide(case(*["facial"] * lines, packages=[sold]), lifted)

    assert ([], ()) == (codes(decision), decision.uncovered)


def test_what_is_told_of_a_full_quota() -> None:
    """How many are used, how many there may be, per what, and what people call it."""
    paid_for = Quota(5, Period.EVER, name="paid for")
    (reason,) = decide(case(packages=[capped(paid_for, uses=5)]), rules.ONLINE).reasons

    assert {"used": 5, "most": 5, "per": "ever", "name": "paid for"} == {
        name: value for name, value in reason.facts if name != "quota"
    }
    assert "service facial: the quota is used up: paid for, 5 in all (5 used)" == reason.text()


@pytest.mark.parametrize("of_package", [True, False])
@pytest.mark.parametrize(
    ("uses", "facts"),
    [
        (1, False),
        (2, {"quota": "2 in all", "used": 2, "most": 2, "per": "ever", "name": ""}),
        (3, {"quota": "2 in all", "used": 3, "most": 2, "per": "ever", "name": ""}),
    ],
)
def test_the_rule_can_be_asked_by_itself(uses: int, facts: object, of_package: bool) -> None:
    """As any credit rule, about one line alone, of a quota of the package or of the entitlement."""
    quota = [Quota(2, Period.EVER)]
    sold = capped(*quota, uses=uses)
    if not of_package:
        limited = replace(sold.entitlements[0], quotas=quota)  # type: ignore[arg-type]
        sold = replace(sold, quotas=(), entitlements=[limited])  # type: ignore[arg-type]
    asked = case(packages=[sold])
    answer = rules.quota_reached(asked, sold, sold.entitlements[0], asked.booking.lines[0])

    assert facts == answer


def test_the_first_full_quota_is_told_the_packages_own_before_the_entitlements() -> None:
    """Of those that are full the one that stands first (D56)."""
    ones = restricted(remaining=9, id="facial", quotas=[Quota(1, Period.EVER, name="third")])
    quotas = [Quota(9, Period.EVER, name="first"), Quota(1, Period.UPCOMING, name="second")]
    sold = package("p1", ones, quotas=quotas, uses=[use(START)])

    def told(sold: Package) -> object:
        (reason,) = decide(case(packages=[sold]), rules.ONLINE).reasons
        return dict(reason.facts)["name"]

    assert "second" == told(sold)
    assert "third" == told(replace(sold, quotas=()))


def test_the_lines_of_the_booking_count_as_used() -> None:
    """Two places, one used, two lines: the second is refused, and two are used by then (D56)."""
    asked = case("facial", "facial", packages=[capped(Quota(2, Period.EVER), uses=1)])
    decision = decide(asked)

    assert ["quota_reached", "mixed_booking"] == codes(decision)
    assert (2, 2) == tuple(dict(decision.reasons[0].facts)[name] for name in ("used", "most"))
    online = decide(asked, rules.ONLINE)
    assert ([], ["quota_reached"], (1,)) == (codes(online), notes(online), online.uncovered)


@pytest.mark.parametrize("on_package", [True, False])
def test_a_quota_that_the_booking_itself_fills_is_told(on_package: bool) -> None:
    """Not the first that counts: of the package all its lines count, of a credit its own (D56)."""
    wide, full = Quota(9, Period.EVER, name="wide"), Quota(2, Period.EVER, name="full")
    if on_package:
        sold = package("p1", credit("facial"), credit("mask", left=9), quotas=[wide, full])
        services = ["facial", "mask", "mask"]
    else:
        limited = restricted("mask", id="mask", remaining=9, quotas=[wide, full])
        sold, services = (
            package("p1", credit("facial"), limited),
            ["mask", "facial", "mask", "mask"],
        )
    (note,) = decide(case(*services, packages=[sold]), rules.ONLINE).notes

    assert ("quota_reached", "mask") == (note.code, note.subject)
    assert ("full", 2) == tuple(dict(note.facts)[name] for name in ("name", "used"))


def test_the_quota_that_is_told_is_one_of_what_may_pay_for_the_line() -> None:
    """A better credit has a full quota as well, but pays for facials alone (D56)."""
    full = {"quotas": [Quota(1, Period.EVER, name="facials")], "uses": [use(START)], "priority": 1}
    other = Quota(0, Period.EVER, name="masks")
    packages = [
        package("p1", credit("facial"), **full),
        package("p2", restricted("mask", id="mask", quotas=[other])),
    ]
    told = [
        (reason.subject, dict(reason.facts)["name"])
        for reason in decide(case("facial", "mask", packages=packages), rules.ONLINE).reasons
    ]

    assert [("facial", "facials"), ("mask", "masks")] == told


def test_where_no_quota_of_the_line_itself_is_in_the_way_that_of_another_is_told() -> None:
    """Full for facials, the plan leaves the only pack to the facial and none for the mask (D56)."""
    full = [Quota(0, Period.EVER, name="plan")]
    packages = [
        package("p1", credit("facial"), quotas=full, priority=1),
        package("p2", credit("facial", "mask")),
    ]
    decision = decide(case("facial", "mask", packages=packages), rules.ONLINE)

    assert (1,) == decision.uncovered
    assert [("mask", "plan")] == [
        (note.subject, dict(note.facts)["name"]) for note in decision.notes
    ]


def test_a_quota_whose_period_the_booking_is_not_in_is_not_told() -> None:
    """What starts now is not upcoming, so that the other quota left the line uncovered (D55)."""
    sold = capped(Quota(0, Period.UPCOMING, name="upcoming"), Quota(1, Period.EVER, name="ever"))
    decision = decide(case("facial", "facial", starts_at=NOW, packages=[sold]), rules.IN_STORE)

    (note,) = decision.notes or decision.reasons
    assert ("quota_reached", "ever") == (note.code, dict(note.facts)["name"])


@pytest.mark.parametrize("services", [["facial"], ["facial", "facial"]])
def test_what_lacks_credits_too_is_told_so(services: list[str]) -> None:
    """A line that no credit would pay for without quotas lacks credits, not a place."""
    empty = package(
        "p1",
        credit("facial", left=len(services) - 1),
        credit("mask"),
        quotas=[Quota(len(services) - 1, Period.EVER)],
    )
    decision = decide(case(*services, packages=[empty]))

    assert "not_enough_credits" == codes(decision)[0]
    assert "quota_reached" not in codes(decision)


def test_another_credit_pays_where_a_quota_is_full() -> None:
    """A quota limits what is drawn from it alone, on the path for one line and for two (D56)."""
    full, other = capped(Quota(0, Period.EVER)), package("p2", credit("facial", left=2))

    for services in (["facial"], ["facial", "facial"]):
        drawn = draws(decide(case(*services, packages=[full, other]), rules.ONLINE))
        assert {"p2"} == {package_id for _, package_id, _ in drawn}


def test_who_has_used_up_every_place_has_no_active_package() -> None:
    """Of the quotas only one of the package itself, and for ever, makes it inactive (D05)."""
    ever, upcoming = Quota(1, Period.EVER), Quota(1, Period.UPCOMING)
    second = package("p2", credit("facial"), priority=1)

    def count(first: Package) -> list[str]:
        return codes(decide(case(packages=[first, second])))

    assert [] == count(capped(ever, uses=1))
    assert ["several_active_packages"] == count(capped(ever, uses=0))
    assert ["several_active_packages"] == count(capped(upcoming, uses=1))
    own = capped(uses=1)
    limited = replace(own.entitlements[0], quotas=(ever,))
    assert ["several_active_packages"] == count(replace(own, entitlements=(limited,)))
