"""The laws of what packages ask, each broken by a fault that it alone tells."""

from dataclasses import replace
from datetime import time

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
    Scope,
    rule,
    rules,
)
from pkgredeem._model import counting
from pkgredeem._model.rule import Answer
from pkgredeem.testing.cases.generator import cases
from pkgredeem.testing.laws import _plans as plans
from pkgredeem.testing.laws._boundaries import boundaries
from tests.helpers import faulty_rules as faulty
from tests.helpers.bent_policies import broken_by, told_by
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    ANA,
    DAY,
    HOUR,
    LONDON,
    NOW,
    account,
    case,
    credit,
    package,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)


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
    owner = RedemptionPolicy(rules.IN_STORE.including(faulty.asks_for_the_owner))
    booked_by = package(book_until=NOW + DAY)
    little = RedemptionPolicy(MARCH.including(faulty.says_too_little))

    assert "says_too_little finds something without pauses" == plans.silent.check(
        little, case(packages=[booked_by])
    )
    assert str(plans.shared.check(owner, case())).startswith(
        "with the packages shared: eligible True became False, "
        "reasons [] became ['asks_for_the_owner(p1)'], "
    )
    assert str(
        plans.asks_for_nothing.check(
            RedemptionPolicy(MARCH.including(faulty.takes_nothing_for_something)), case()
        )
    ).startswith("with restrictions that ask for nothing: eligible True became False, ")


# --- The boundaries of what packages ask ----------------------------------------------------------


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

    assert {boundaries.name} == told_by(POLICY, cases(seed=23, count=20))


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

    assert {boundaries.name} == told_by(policy, cases(seed=23, count=20))
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
