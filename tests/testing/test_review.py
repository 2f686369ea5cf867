"""What is odd about a rulebook: planted faults are found, and the shipped rulebooks have none."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

import house_rules
from pkgredeem import (
    BookingLine,
    Case,
    Client,
    Entitlement,
    InvalidValueError,
    Package,
    RedemptionPolicy,
    Rulebook,
    Scope,
    rule,
    rules,
)
from pkgredeem.testing import Review, ScenarioFileError, generator, review
from tests.helpers import odd_rules
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import SHIPPED, case, credit, package

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SOME = 1_000


def test_every_shipped_rule_has_a_scenario() -> None:
    """With the scenarios of the article nothing is odd about the rulebook of March."""
    found = review(RedemptionPolicy(), scenarios=SCENARIOS)

    assert found.is_clean
    assert () == found.without_scenario


@cache
def planted() -> Review:
    """Review a rulebook with five rules of one's own, four of them faulty."""
    own = (
        odd_rules.in_another_century,
        odd_rules.card_too_many,
        odd_rules.nothing_usable,
        odd_rules.put_away,
        odd_rules.booked_on_saturday,
    )
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(*own))
    return review(policy, scenarios=SCENARIOS, examples=SOME)


def test_rules_that_never_find_anything_are_found() -> None:
    """Planted: a note about a card page that is not there; what a rule's code names is tried."""
    assert ("card_too_many",) == planted().never_found
    assert not planted().is_clean


def test_rules_that_say_the_same_are_found() -> None:
    """Planted: the archived rule once more under another name."""
    assert (("package_archived", "put_away"),) == planted().always_together


def test_rules_that_never_decide_are_found() -> None:
    """Planted: a rule in the shadow of others; of two that say the same, neither decides."""
    assert ("package_archived", "put_away", "nothing_usable") == planted().never_alone


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_the_shipped_rulebooks_have_nothing_odd(book: Rulebook) -> None:
    """Every rule of each of them finds its fact, decides alone and says what no other says."""
    assert review(RedemptionPolicy(book), examples=SOME).is_clean


@pytest.mark.parametrize("code", [rules.mixed_booking.code, rules.package_of_another_client.code])
def test_a_rule_that_needs_a_companion_decides_all_the_same(code: str) -> None:
    """Two rules are never the only reason: one can be lifted, the other explains with a third."""
    policy = RedemptionPolicy()
    reasons = [
        {reason.code for reason in policy.decide_case(asked).reasons}
        for asked in generator.cases(seed=0, count=2_000)
    ]

    assert {code} not in reasons
    assert code not in review(policy, examples=SOME).never_alone


def test_a_refusing_rule_that_never_finds_anything_stands_in_one_list() -> None:
    """Of a case that is eligible no rule finds anything: that none decided alone says no more."""
    found = review(RedemptionPolicy(), cases=[case()], examples=0)

    assert len(rules.TIMELY_2026_03.rules) == len(found.never_found)
    assert ((), ()) == (found.never_alone, found.always_together)


def test_codes_without_a_scenario_are_found() -> None:
    """None of the five has a scenario yet, the sound one included, which is not odd otherwise."""
    unseen = {"in_another_century", "card_too_many", "nothing_usable", "put_away"}

    assert unseen | {"booked_on_saturday"} == set(planted().without_scenario or ())


def test_a_rule_that_refuses_everything_is_found() -> None:
    """Planted: a client rule that is true of every client, so that no other rule decides."""
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(odd_rules.any_client))
    found = review(policy, examples=SOME)

    assert ("any_client",) == found.always_found
    assert "package_archived" in found.never_alone
    assert "any_client" not in found.never_alone


def test_further_cases_are_tried() -> None:
    """With a case of long ago the rule about another century does find something."""
    century = RedemptionPolicy(rules.IN_STORE.including(odd_rules.in_another_century))
    old = case(packages=[package("p1")])
    old = replace(
        old,
        now=odd_rules.LONG_AGO - timedelta(days=2),
        booking=replace(old.booking, starts_at=odd_rules.LONG_AGO - timedelta(days=1)),
    )
    found = review(century, cases=[old], examples=0)

    assert 1 == found.tried
    assert ("in_another_century",) == found.always_found


def test_a_credit_rule_that_another_credit_hides_has_found_something() -> None:
    """It refused a credit, though no decision shows its finding: another credit paid."""

    @rule(Scope.CREDIT, clauses=[HOUSE], message="none", advice="none")
    def second_credit(_: Case, __: Package, entitlement: Entitlement, ___: BookingLine) -> bool:
        """The entitlement is the second of two."""
        return entitlement.id == "second"

    policy = RedemptionPolicy(rules.IN_STORE.including(second_credit))
    two = case(packages=[package("p1", credit("facial"), credit("facial", id="second", left=2))])

    assert "second_credit" not in review(policy, cases=[two], examples=0).never_found
    assert "second_credit" in review(policy, cases=[case()], examples=0).never_found


def test_what_all_but_one_case_show_is_not_always_found() -> None:
    """A guest books in two cases, and a client who is logged in books in the third."""
    guest = case(client=Client.guest(), packages=[])
    policy = RedemptionPolicy()
    rare = review(policy, cases=[guest, guest, case()], examples=0)

    assert ("client_not_logged_in", "no_package") == (
        review(policy, cases=[guest, guest], examples=0).always_found
    )
    assert () == rare.always_found
    assert (("client_not_logged_in", "no_package"),) == rare.always_together


def test_codes_stand_in_the_order_of_the_rulebook() -> None:
    """In an eligible case none of them finds anything, and they are not sorted by name."""
    found = review(RedemptionPolicy(), cases=[case()], examples=0)

    assert tuple(each.code for each in rules.TIMELY_2026_03.rules) == found.never_found


def test_what_is_wrong_reaches_the_caller(tmp_path: Path) -> None:
    """An exception in a rule is never an answer, and a broken scenario file is told at once."""
    (tmp_path / "broken.redeem.toml").write_text("x = 1", encoding="utf-8")

    with pytest.raises(KeyError, match="nobody"):
        review(RedemptionPolicy(rules.TIMELY_2026_03.including(odd_rules.breaks)))
    with pytest.raises(ScenarioFileError, match="x is an unknown key"):
        review(RedemptionPolicy(), scenarios=tmp_path)


SHOWN = Review(
    rulebook="mine",
    tried=3,
    never_found=("a", "b"),
    always_found=(),
    never_alone=("c",),
    always_together=(("c", "d"),),
    without_scenario=("e",),
)


CLEAN = replace(
    SHOWN,
    never_found=(),
    always_found=(),
    never_alone=(),
    always_together=(),
    without_scenario=(),
)


@pytest.mark.parametrize(
    ("odd", "is_clean"),
    [
        (CLEAN, True),
        (replace(CLEAN, without_scenario=None), True),
        (replace(CLEAN, never_found=("a",)), False),
        (replace(CLEAN, always_found=("a",)), False),
        (replace(CLEAN, never_alone=("a",)), False),
        (replace(CLEAN, always_together=(("a", "b"),)), False),
        (replace(CLEAN, without_scenario=("a",)), False),
    ],
)
def test_one_odd_thing_is_enough(odd: Review, is_clean: bool) -> None:
    """A review is clean when each of its lists is empty; a folder that nobody gave is no oddity."""
    assert is_clean is odd.is_clean
    assert is_clean is odd.to_dict()["clean"]


def test_a_review_in_text() -> None:
    """One line for each list, which says no more than what the cases have shown."""
    assert [
        "Review of mine, in 3 cases",
        "",
        "rules that never found anything in 3 cases: a, b",
        "rules that always found something in 3 cases: none",
        "rules that were never the only reason in 3 cases: c",
        "rules that always went together in 3 cases: c and d",
        "codes without a scenario: e",
    ] == SHOWN.to_text().split("\n")


def test_a_review_in_markdown() -> None:
    """One heading for each list; scenarios are left out when no folder was given."""
    without = replace(SHOWN, without_scenario=None).to_markdown()

    assert SHOWN.to_markdown().startswith(
        "# Review of mine, in 3 cases\n\n## Rules that never found anything in 3 cases\n\n"
        "- a\n- b\n\n## Rules that always found something in 3 cases\n\n- none\n"
    )
    assert SHOWN.to_markdown().endswith("\n\n## Codes without a scenario\n\n- e")
    assert "scenario" not in without


def test_a_review_as_plain_values() -> None:
    """Lists of codes, JSON-ready; null where no folder was given."""
    assert {
        "rulebook": "mine",
        "tried": 3,
        "clean": False,
        "never_found": ["a", "b"],
        "always_found": [],
        "never_alone": ["c"],
        "always_together": [["c", "d"]],
        "without_scenario": ["e"],
    } == SHOWN.to_dict()
    assert replace(SHOWN, without_scenario=None).to_dict()["without_scenario"] is None


def test_a_rule_that_asks_for_local_time_is_reviewed() -> None:
    """An account without a time zone is asked in UTC, and the rule of the page is in order."""
    assert review(house_rules.POLICY, examples=SOME).is_clean


def test_only_a_policy_is_reviewed() -> None:
    """A rulebook is not a policy, and no number of examples is below 0."""
    with pytest.raises(InvalidValueError, match="policy"):
        review(rules.IN_STORE)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="examples"):
        review(RedemptionPolicy(), examples=-1)
