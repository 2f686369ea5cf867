"""The laws of what packages ask, each broken by a fault that it alone tells."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import cast

import pytest

from pkgredeem import (
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    CreditOutcome,
    Decision,
    Entitlement,
    Hours,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Restrictions,
    Rule,
    Scope,
    rule,
    rules,
)
from pkgredeem._model import counting
from pkgredeem._model.rule import Answer
from pkgredeem.testing import LAWS, Law
from pkgredeem.testing.cases.generator import cases
from pkgredeem.testing.laws import _bookings as bookings
from pkgredeem.testing.laws import _plans as plans
from pkgredeem.testing.laws._boundaries import boundaries
from tests.helpers import faulty_rules as faulty
from tests.helpers.bent_policies import Bent, broken_by, unchanged_settlement
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    ANA,
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    account,
    case,
    credit,
    package,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)
CASES = tuple(cases(seed=23, count=100))


def told_by(policy: RedemptionPolicy, laws: Iterable[Law] = LAWS) -> set[str]:
    """Return the names of the laws that one of many cases breaks."""
    return {
        law.name
        for law in laws
        if law.concerns(policy) and any(law.check(policy, made) for made in CASES)
    }


@rule(
    Scope.PACKAGE,
    clauses=[HOUSE],
    message="frozen",
    advice="wait",
    reads=("pauses",),
)
def says_too_little(_case: Case, package: Package) -> bool:
    """The package is paused, or can be booked with for some time only, which it doesn't say."""
    return package.book_until is not None


@rule(
    Scope.CREDIT,
    clauses=[HOUSE],
    message="no reason",
    advice="none",
    reads=("pauses",),
)
def says_too_little_of_credits(
    _case: Case, _package: Package, entitlement: Entitlement, _line: BookingLine
) -> bool:
    """The credit is valid for some time only, which it doesn't say that it reads."""
    return entitlement.valid_until is not None


@rule(Scope.CREDIT, clauses=[HOUSE], message="restricted", advice="lift the restrictions")
def takes_nothing_for_something(
    _case: Case, package: Package, _entitlement: Entitlement, _line: BookingLine
) -> bool:
    """The package has restrictions, even if they ask for nothing."""
    return package.restrictions == Restrictions()


@rule(Scope.PACKAGE, clauses=[HOUSE], message="not yours", advice="ask the owner")
def asks_for_the_owner(case: Case, package: Package) -> bool:
    """Somebody else bought the package, who may have shared it."""
    return package.client_id != case.client.id


@pytest.mark.parametrize(
    ("fault", "law"),
    [
        (says_too_little, plans.silent),
        (says_too_little_of_credits, plans.silent),
        (takes_nothing_for_something, plans.asks_for_nothing),
        (asks_for_the_owner, plans.shared),
    ],
    ids=lambda part: part.code if isinstance(part, Rule) else "",
)
def test_a_faulty_rule_is_told_by_its_law_alone(fault: Rule, law: Law) -> None:
    """Of all laws only the one that the rule breaks says so."""
    assert {law.name} == told_by(RedemptionPolicy(MARCH.including(fault)))


def test_a_refusal_for_one_trait_more_is_told_by_its_law_alone() -> None:
    """Who may use a package at one place more may use it all the same."""

    def fewer(decision: Decision, asked: Case) -> Decision:
        is_more = any(
            "one more" in allowed
            for package in asked.packages
            for entitlement in package.entitlements
            for restrictions in package.restrictions_on(entitlement)
            for _, allowed in restrictions.traits
        )
        return POLICY.decide_case(replace(asked, packages=())) if is_more else decision

    bent = Bent(decision=fewer, settlement=unchanged_settlement)

    others = [known for known in LAWS if known is not bookings.quoted]  # no desk takes it

    assert {plans.one_more.name} == told_by(cast("RedemptionPolicy", bent), others)


def test_what_more_would_refuse_is_named() -> None:
    """An hour more at both ends and an allowed trait more, of a package or of a credit."""

    @rule(Scope.PACKAGE, clauses=[HOUSE], message="too open", advice="close")
    def too_open(_case: Case, package: Package) -> bool:
        """The package, or its first credit, has more than one hour, trait or place."""
        asked = package.restrictions or package.entitlements[0].restrictions or Restrictions()
        roomy = any(quota.most > 1 for quota in package.quotas or package.entitlements[0].quotas)
        longer = any(hours.opens < time(9) or hours.closes != time(17) for hours in asked.hours)
        return roomy or longer or any(len(allowed) > 1 for _, allowed in asked.traits)

    policy = RedemptionPolicy(MARCH.including(too_open))
    here = account(time_zone=LONDON)
    office = Restrictions(hours=[Hours(days=range(1, 8), opens=time(9), closes=time(17))])
    north = Restrictions(traits={"place": ["north"]})
    first = replace(package().entitlements[0], restrictions=office)

    week = Quota(1, Period.WEEK)
    once = replace(package().entitlements[0], quotas=(week,))

    for asked, what in (
        (package(quotas=[week]), "place"),
        (package("p1", once), "place"),
        (package(restrictions=office), "hour"),
        (package("p1", first), "hour"),
        (package(restrictions=north), "allowed trait"),
    ):
        told = case(
            account=here, packages=[asked], client=replace(ANA, traits=(("place", "north"),))
        )
        assert f"with one {what} more in p1: ['too_open']" == plans.one_more.check(policy, told)
        assert plans.one_more.check(POLICY, told) is None


@pytest.mark.parametrize(
    ("opens", "closes", "wider"),
    [
        (time(9), time(17), (time(8), time(18))),
        (time(0, 30), time(23, 15), (time(0, 30), None)),
        (time(10), None, (time(9), None)),
    ],
)
def test_an_hour_more_stays_within_the_day(
    opens: time, closes: time | None, wider: tuple[time, time | None]
) -> None:
    """Before the first hour of a day there is none, and after the last comes midnight."""
    office = Restrictions(hours=[Hours(days=[2], opens=opens, closes=closes)])
    # it starts at 11 on a Tuesday in London
    seen: list[Hours] = []

    def noted(decision: Decision, asked: Case) -> Decision:
        restrictions = asked.packages[0].restrictions
        seen.extend(() if restrictions is None else restrictions.hours)
        return decision

    asked = case(account=account(time_zone=LONDON), packages=[package(restrictions=office)])
    broken_by(plans.one_more, asked, decision=noted)

    assert wider == (seen[-1].opens, seen[-1].closes)


def test_guests_share_nothing() -> None:
    """Nobody who is not known is asked about as an owner, and no hours without a zone."""
    guest = case(client=Client.guest())

    assert plans.shared.check(POLICY, guest) is None
    assert plans.asks_for_nothing.check(POLICY, guest) is None


def test_what_is_found_is_told_in_words() -> None:
    """Each law says which rule finds something, or what differs."""
    owner = RedemptionPolicy(rules.IN_STORE.including(asks_for_the_owner))
    booked_by = package(book_until=NOW + DAY)
    little = RedemptionPolicy(MARCH.including(says_too_little))

    assert "says_too_little finds something without pauses" == plans.silent.check(
        little, case(packages=[booked_by])
    )
    assert str(plans.shared.check(owner, case())).startswith(
        "with the packages shared: eligible True became False, "
        "reasons [] became ['asks_for_the_owner(p1)'], "
    )
    assert str(
        plans.asks_for_nothing.check(
            RedemptionPolicy(MARCH.including(takes_nothing_for_something)), case()
        )
    ).startswith("with restrictions that ask for nothing: eligible True became False, ")


# --- The boundaries of what packages ask ----------------------------------------------------------


def starting(step: timedelta) -> Callable[[Case], Case]:
    """Return what moves the start, for a rule that is off by as much."""
    return lambda asked: replace(
        asked, booking=replace(asked.booking, starts_at=asked.booking.starts_at + step)
    )


def a_moment_earlier(asked: Case) -> Case:
    """Return the case asked a microsecond earlier."""
    return replace(asked, now=asked.now - INSTANT)


OFF_BY_ONE: Mapping[Rule, Callable[[Case], Case] | None] = {
    rules.package_void: None,
    rules.package_suspended: None,
    rules.package_not_chosen: None,
    rules.package_booking_over: a_moment_earlier,
    rules.package_paused: starting(-INSTANT),
    rules.outside_first_use_term: starting(-DAY),
    rules.credit_not_started: starting(INSTANT),
    rules.credit_over: starting(-INSTANT),
    rules.outside_hours: starting(INSTANT),
    rules.blacked_out: starting(DAY),
    rules.booked_too_late: starting(INSTANT),
    rules.booked_too_early: starting(-INSTANT),
}


@pytest.mark.parametrize("sound", OFF_BY_ONE, ids=lambda sound: sound.code)
def test_a_rule_that_is_off_by_one_is_told_by_the_law_of_boundaries_alone(sound: Rule) -> None:
    """Rules that miss their boundary by a microsecond or a day, and those that find nothing."""
    shift = OFF_BY_ONE[sound]

    def off_by_one(asked: Case, *rest: object) -> Answer:
        return False if shift is None else sound(shift(asked), *rest)

    policy = RedemptionPolicy(faulty.replaced(MARCH, replace(sound, condition=off_by_one)))

    assert {boundaries.name} == told_by(policy)


@pytest.mark.parametrize("name", ["_most_in_a_row", "_period_of"])
def test_a_quota_that_counts_otherwise_is_told_by_the_law_of_boundaries_alone(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A row of days that is a day too short, and weeks that start on a Monday everywhere."""
    sound = getattr(counting, name)

    def a_day_too_short(days: object, day: object, count: int) -> object:
        return sound(days, day, count - 1)

    def from_monday(day: object, per: object, _week_starts: int) -> object:
        return sound(day, per, 1)

    wrong = {"_most_in_a_row": a_day_too_short, "_period_of": from_monday}[name]
    monkeypatch.setattr(counting, name, wrong)

    assert {boundaries.name} == told_by(POLICY)


def test_a_trait_that_is_read_at_the_wrong_place_is_told() -> None:
    """What a line tells wins over what the booking does: the law tells where it doesn't."""

    def booking_wins(
        asked: Case, sold: Package, entitlement: Entitlement, line: BookingLine
    ) -> Answer:
        untold = replace(line, traits=())
        return rules.trait_not_allowed(asked, sold, entitlement, untold)

    sound = rules.trait_not_allowed
    policy = RedemptionPolicy(faulty.replaced(MARCH, replace(sound, condition=booking_wins)))
    told = str(boundaries.check(policy, case()))

    assert {boundaries.name} == told_by(policy)
    assert told.startswith("missing trait_not_allowed, asked for {'restrictions': Restrictions(")


def test_the_ninth_line_is_asked_for_no_quota() -> None:
    """With more than eight lines a quota that binds may have no answer (D64): none is asked for."""
    asked = case(*["facial"] * 9, packages=[package("p1", credit("facial", left=9))])

    assert boundaries.check(POLICY, asked) is None


def test_what_costs_more_is_never_allowed_for_it() -> None:
    """One unit more of each cost, and a decision that is eligible then, is told."""
    refused = case(packages=[package("p1", credit("facial", left=0))])

    def dearer_is_eligible(decision: Decision, asked: Case) -> Decision:
        return replace(decision, eligible=any(x.service.costs for x in asked.booking.lines))

    assert "eligible with one unit more of each cost" == broken_by(
        plans.one_more, refused, decision=dearer_is_eligible
    )
    assert plans.one_more.check(POLICY, refused) is None


def test_a_window_that_is_missed_is_told() -> None:
    """By tiers and by the end of changes, of the account's terms or of the package's own."""
    terms = CancellationTerms(
        window=DAY,
        late=CreditOutcome.RETURN,
        tiers=[(3 * HOUR, CreditOutcome.FORFEIT)],
        changes_close=HOUR,
    )
    returned = "<CreditOutcome.RETURN: 'return'>"
    by_account = case(account=account(cancellation=terms))
    by_package = case(packages=[package(cancellation=terms)])

    for asked in (by_account, by_package):
        assert boundaries.check(POLICY, asked) is None
        assert (
            f"cancelled at 2026-05-04 10:00:00.000001+00:00: ({returned}, True, None), "
            f"where the terms say ({returned}, True, datetime.timedelta(days=1))"
        ) == broken_by(boundaries, asked, settlement=lambda settled: replace(settled, window=None))
        assert (
            "cancelled at 2026-05-05 09:00:00.000001+00:00: "
            "(None, True, datetime.timedelta(seconds=10800)), where the terms say None"
        ) == broken_by(boundaries, asked, settlement=lambda settled: replace(settled, allowed=True))
