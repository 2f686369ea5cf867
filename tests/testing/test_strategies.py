"""The strategies: one for each value handed in, invariants kept, biased to where answers turn."""

import copy
import importlib.metadata
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import find, settings
from hypothesis import strategies as st

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    Days,
    Decision,
    Entitlement,
    Hours,
    Package,
    Pause,
    Quota,
    RedemptionPolicy,
    Restrictions,
    Scope,
    Service,
    Term,
    Use,
    rules,
)
from pkgredeem.testing.cases import _hypothesis, strategies
from tests.helpers.answer_strategies import drawn

MARCH = RedemptionPolicy()
TICK = timedelta(microseconds=1)
VALUES = sorted(_hypothesis.STRATEGY_OF, key=lambda value: value.__name__)


def smallest(wanted: Callable[[Case], bool]) -> Case:
    """Return the smallest case of which that is true."""
    return find(strategies.cases(), wanted, settings=settings(database=None, derandomize=True))


@cache
def asked() -> list[tuple[Case, Decision]]:
    """Return drawn cases and the decisions of March about them."""
    return [(made, MARCH.decide_case(made)) for made in drawn(strategies.cases(), 1_000)]


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
        Days,
        Entitlement,
        Hours,
        Package,
        Pause,
        Quota,
        Restrictions,
        Service,
        Term,
        Use,
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

    assert {value} == {type(made) for made in found}
    assert len({repr(made) for made in found}) >= 3
    assert found == copy.deepcopy(found)


def test_hypothesis_is_told_when_it_is_imported() -> None:
    """The entry point of the group `hypothesis` names the function that registers everything."""
    (entry,) = (
        known
        for known in importlib.metadata.entry_points(group="hypothesis")
        if known.name == "pkgredeem"
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


def test_two_of_five_cases_are_eligible() -> None:
    """Under the rulebook of March, 30 to 50 of a hundred cases are eligible."""
    eligible = sum(decision.eligible for _, decision in asked())

    assert 0.3 * len(asked()) <= eligible <= 0.5 * len(asked())


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
        made.booking.starts_at - made.account.cancellation.window - made.now
        for made, _ in asked()
        if made.account.cancellation is not None
    )
    ends = {
        package.valid_until - made.booking.starts_at
        for made, _ in asked()
        for package in made.packages
        if package.valid_until is not None
    }

    assert min(gaps[0 * TICK], gaps[TICK], gaps[-TICK]) >= 3
    assert {0 * TICK, TICK} <= ends


def test_a_case_is_made_smaller_to_the_plainest() -> None:
    """The smallest case: one service, one package with one credit, no zone, nothing else."""
    found = smallest(lambda made: MARCH.decide_case(made).eligible)

    assert (1, 1, None, None) == (
        len(found.booking.lines),
        len(found.packages),
        found.account.time_zone,
        found.existing,
    )


def test_a_refused_case_is_made_smaller() -> None:
    """Looking for a used-up package finds a booking of one service, and no earlier redemption."""

    def used_up(made: Case) -> bool:
        return rules.package_used_up.code in codes(MARCH.decide_case(made))

    found = smallest(used_up)

    assert (1, None) == (len(found.booking.lines), found.existing)


def test_some_cases_are_put_together_from_unrelated_values() -> None:
    """Among the cases are some of clients that the generator never makes."""
    assert any(made.client.id not in {None, "ana", "zoe"} for made, _ in asked())


def test_instants_lie_where_something_turns() -> None:
    """Midnight in Auckland, both passes of a repeated hour, and instants beside them are drawn."""
    found = {moment.isoformat() for moment in drawn(strategies.instants(), 1_500)}
    local = {text[:19] for text in found}

    assert "2026-05-05T00:00:00" in local
    assert {"2026-04-05T02:30:00+13:00", "2026-04-05T02:30:00+12:00"} <= found
    assert any(text[19:26] == ".000001" for text in found)
    assert any(text[19:26] == ".999999" for text in found)


def test_accounts_were_activated_around_the_automatic_start() -> None:
    """The days of the automatic start, the days before and the days after are drawn."""
    found = {settings_.activated_on for settings_ in drawn(strategies.account_settings(), 300)}

    assert {date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)} <= found
    assert {date(2026, 4, 28), date(2026, 4, 29), date(2026, 4, 30)} <= found


def test_windows_have_both_bounds() -> None:
    """Windows of nothing and of 366 days are drawn."""
    found = {terms.window for terms in drawn(strategies.cancellation_terms(), 200)}

    assert {timedelta(0), timedelta(days=366)} <= found


def test_packages_run_out() -> None:
    """Packages with no credit, with one and with more are drawn, of both clients."""
    found = drawn(strategies.packages(), 80)
    left = {e.remaining for package in found for e in package.entitlements}

    assert {0, 1, 2, UNLIMITED} <= left
    assert {"ana", "kim"} == {package.client_id for package in found}


def test_packages_ask_for_everything() -> None:
    """Each field beyond the article is drawn with its default and with something else."""
    found: list[Package] = drawn(strategies.packages(), 80)
    asked_for = [r for package in found for r in [package.restrictions] if r is not None]

    for name in (
        *("shared_with", "book_until", "pauses", "restrictions", "cancellation", "traits"),
        *("lasts", "quotas", "uses", "version"),
    ):
        assert {True, False} == {bool(getattr(package, name)) for package in found}, name
    assert {"credit", "minute"} == {held.unit for package in found for held in package.entitlements}
    for name in ("traits", "hours", "not_on", "min_notice", "max_notice"):
        assert {True, False} == {getattr(asked, name) not in {None, ()} for asked in asked_for}, (
            name
        )


def test_a_strategy_can_be_mapped() -> None:
    """A field that must be the caller's is set by mapping, as the module's text says."""
    mine = strategies.packages().map(lambda package: replace(package, client_id="me"))
    found: list[Package] = drawn(mine, 5)

    assert {"me"} == {package.client_id for package in found}
