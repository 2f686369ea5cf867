"""The strategies: one for each value handed in, invariants kept, biased to where answers turn."""

import copy
import importlib.metadata
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    Decision,
    DrawState,
    Entitlement,
    Package,
    RedemptionPolicy,
    Scope,
    Service,
    rules,
)
from pkgredeem.testing.cases import _hypothesis, strategies
from tests.helpers import answer_strategies
from tests.helpers.own_rules import OWN_RULES, booked_on_a_saturday
from tests.helpers.support import AUCKLAND, account, case, package

_Value = TypeVar("_Value")

MARCH = RedemptionPolicy()
TICK = timedelta(microseconds=1)
VALUES = sorted(_hypothesis.STRATEGY_OF, key=lambda value: value.__name__)


def drawn(strategy: SearchStrategy[_Value], count: int) -> list[_Value]:
    """Return values that the strategy gives, the same ones every time."""
    found: list[_Value] = []

    @seed(2)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategy)
    def collect(value: _Value) -> None:
        found.append(value)

    collect()
    return found


def smallest(wanted: Callable[[Case], bool]) -> Case:
    """Return the smallest case of which that is true."""
    return find(strategies.cases(), wanted, settings=settings(database=None, derandomize=True))


@cache
def asked() -> list[tuple[Case, Decision]]:
    """Return drawn cases and the decisions of March about them."""
    return [(each, MARCH.decide_case(each)) for each in drawn(strategies.cases(), 500)]


def codes(decision: Decision) -> set[str]:
    """Return the codes of the reasons."""
    return {reason.code for reason in decision.reasons}


def test_every_value_that_callers_hand_in_is_registered() -> None:
    """What `decide` takes, and the parts of it, are registered, and nothing else."""
    taken = {
        AccountSettings,
        Booking,
        BookingLine,
        CancellationTerms,
        Case,
        Client,
        Entitlement,
        Package,
        Service,
    }

    assert taken == set(_hypothesis.STRATEGY_OF)


def test_every_strategy_is_public() -> None:
    """The names of the strategies are sorted; they are those of the values, and two more."""
    assert sorted(strategies.__all__) == strategies.__all__
    assert {"instants", "time_zones", *_hypothesis.STRATEGY_OF.values()} == {*strategies.__all__}


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_from_type_finds(value: type) -> None:
    """`from_type` gives values of that very class, several of them, each equal to its copy."""
    _hypothesis.register()
    found: list[object] = drawn(st.from_type(value), 12)

    assert {value} == {type(each) for each in found}
    assert len({repr(each) for each in found}) >= 3
    assert found == copy.deepcopy(found)


def test_hypothesis_is_told_when_it_is_imported() -> None:
    """The entry point of the group `hypothesis` names the function that registers everything."""
    (entry,) = (
        each
        for each in importlib.metadata.entry_points(group="hypothesis")
        if each.name == "pkgredeem"
    )

    assert _hypothesis.register == entry.load()


def test_being_told_is_light() -> None:
    """Registering imports the core alone: no documents, no strategy."""
    asked_for = (
        "import sys, hypothesis.strategies as st; from pkgredeem.testing.cases import _hypothesis;"
        "_hypothesis.register(); before = set(sys.modules);"
        "from pkgredeem import Package; st.from_type(Package).validate();"
        "print('pkgredeem.documents' in before, 'pkgredeem.testing.cases.strategies' in before,"
        "'pkgredeem.testing.cases.strategies' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", asked_for], capture_output=True, text=True, check=True
    )

    assert "False False True" == found.stdout.strip()


def test_half_of_the_cases_are_eligible() -> None:
    """Under the rulebook of March, 40 to 60 of a hundred cases are eligible."""
    eligible = sum(decision.eligible for _, decision in asked())

    assert 0.4 * len(asked()) <= eligible <= 0.6 * len(asked())


def test_every_code_refuses_some_case() -> None:
    """Every refusing rule is a reason in some case, and all that can be alone are in some."""
    seen = Counter(code for _, decision in asked() for code in codes(decision))
    alone = {next(iter(codes(d))) for _, d in asked() if len(codes(d)) == 1}
    refusing = {rule.code for rule in MARCH.rulebook.rules if rule.scope is not Scope.NOTE}

    assert set() == refusing - set(seen)
    never = {rules.package_of_another_client.code, rules.mixed_booking.code}
    assert never == refusing - alone


def test_cases_meet_their_boundaries() -> None:
    """Cases lie on the cut-off and a microsecond to either side, and validity ends at the start."""
    gaps = Counter(
        each.booking.starts_at - each.account.cancellation.window - each.now
        for each, _ in asked()
        if each.account.cancellation is not None
    )
    ends = {
        package.valid_until - each.booking.starts_at
        for each, _ in asked()
        for package in each.packages
        if package.valid_until is not None
    }

    assert min(gaps[0 * TICK], gaps[TICK], gaps[-TICK]) >= 3
    assert {0 * TICK, TICK} <= ends


def test_a_case_is_made_smaller_to_the_plainest() -> None:
    """The smallest case: one service, one package with one credit, no zone, nothing else."""
    found = smallest(lambda each: MARCH.decide_case(each).eligible)

    assert (1, 1, None, None) == (
        len(found.booking.lines),
        len(found.packages),
        found.account.time_zone,
        found.existing,
    )


def test_a_refused_case_is_made_smaller() -> None:
    """Looking for a used-up package finds a booking of one service, and no earlier redemption."""

    def used_up(each: Case) -> bool:
        return rules.package_used_up.code in codes(MARCH.decide_case(each))

    found = smallest(used_up)

    assert (1, None) == (len(found.booking.lines), found.existing)


def test_some_cases_are_put_together_from_unrelated_values() -> None:
    """Among the cases are some of clients that the generator never makes."""
    assert any(each.client.id not in {None, "ana"} for each, _ in asked())


def test_instants_lie_where_something_turns() -> None:
    """Midnight in Auckland, both passes of a repeated hour, and instants beside them are drawn."""
    found = {each.isoformat() for each in drawn(strategies.instants(), 400)}
    local = {text[:19] for text in found}

    assert "2026-05-05T00:00:00" in local
    assert {"2026-04-05T02:30:00+13:00", "2026-04-05T02:30:00+12:00"} <= found
    assert any(text[19:26] == ".000001" for text in found)
    assert any(text[19:26] == ".999999" for text in found)


def test_accounts_were_activated_around_the_automatic_start() -> None:
    """The days of the automatic start, the days before and the days after are drawn."""
    found = {each.activated_on for each in drawn(strategies.account_settings(), 300)}

    assert {date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)} <= found
    assert {date(2026, 4, 28), date(2026, 4, 29), date(2026, 4, 30)} <= found


def test_windows_have_both_bounds() -> None:
    """Windows of nothing and of 366 days are drawn."""
    found = {each.window for each in drawn(strategies.cancellation_terms(), 200)}

    assert {timedelta(0), timedelta(days=366)} <= found


def test_packages_run_out() -> None:
    """Packages with no credit, with one and with more are drawn, of both clients."""
    found = drawn(strategies.packages(), 80)
    left = {held.remaining for each in found for held in each.entitlements}

    assert {0, 1, 2} <= left
    assert {"ana", "kim"} == {each.client_id for each in found}


def test_policies_lift_and_add_rules() -> None:
    """Policies have every shipped base; some lack a rule, some have a rule of a caller's own."""
    books = [each.rulebook for each in drawn(answer_strategies.policies(), 120)]
    own = {rule.code for rule in OWN_RULES}

    assert {"timely-2026-03", "timely-2026-04", "in-store"} == {
        each.name.split(" ")[0] for each in books
    }
    assert any(" -" in each.name and " +" not in each.name for each in books)
    assert own == {rule.code for each in books for rule in each.rules} & own


def test_own_rules_are_one_of_each_scope() -> None:
    """The sample rules of a caller cover every scope that a rulebook has."""
    assert set(Scope) - {Scope.ACT} == {rule.scope for rule in OWN_RULES}


def test_own_rules_do_what_they_say() -> None:
    """Each sample rule of a caller finds its fact in a case that has it."""
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(*OWN_RULES))
    plain = policy.decide_case(case())
    below_zero = policy.decide_case(case(packages=[package(priority=-1)]))

    assert {
        "account_without_terms",
        "active_package_without_end",
        "client_without_card",
    } == codes(plain)
    assert {"package_set_aside"} == codes(below_zero) - codes(plain)


def test_what_follows_is_varied() -> None:
    """Draws in every state are drawn, and settlements allowed and refused, by both."""
    states = {each.state for each in drawn(answer_strategies.draws(), 100)}
    settled = drawn(answer_strategies.settlements(), 60)

    assert set(DrawState) == states
    assert {True, False} == {each.allowed for each in settled}
    assert {Actor.CLIENT, Actor.BUSINESS} == {
        each.change.after.draws[0].ending.by
        for each in settled
        if each.change is not None and each.change.after.draws[0].ending is not None
    }


def test_redemptions_write_themselves_whole() -> None:
    """A drawn redemption of any state reads back equal from its document."""
    for made in drawn(answer_strategies.redemptions(), 30):
        assert made == type(made).from_document(made.to_document())


def test_only_clients_are_late() -> None:
    """No drawn ending says that the business was late, and some say that a client was."""
    late = {each.by for each in drawn(answer_strategies.endings(), 100) if each.late}

    assert {Actor.CLIENT} == late


def test_what_is_hidden_is_not_enabled() -> None:
    """Drawn settings keep the rule that what is not visible is not enabled."""
    found = drawn(answer_strategies.online_redemption_settings(), 50)

    assert {(True, True), (True, False), (False, False)} == {
        (each.visible, each.enabled) for each in found
    }


def test_a_strategy_can_be_mapped() -> None:
    """A field that must be the caller's is set by mapping, as the module's text says."""
    mine = strategies.packages().map(lambda each: replace(each, client_id="me"))
    found: list[Package] = drawn(mine, 5)

    assert {"me"} == {each.client_id for each in found}


def test_saturday_is_local() -> None:
    """The sample rule of Saturdays asks the account's clock, and is silent without one."""
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(booked_on_a_saturday))
    friday_in_utc = datetime(2026, 5, 8, 22, tzinfo=UTC)  # Saturday 10:00 in Auckland
    here = case(starts_at=friday_in_utc, account=account(time_zone=AUCKLAND))
    nowhere = case(starts_at=friday_in_utc)

    assert {booked_on_a_saturday.code} == codes(policy.decide_case(here))
    assert set() == codes(policy.decide_case(nowhere))
