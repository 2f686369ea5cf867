"""What is odd about a rulebook: planted faults are found, and the shipped rulebooks have none."""

from functools import cache
from pathlib import Path

import pytest

from pkgredeem import InvalidValueError, RedemptionPolicy, Rule, Rulebook, rules
from pkgredeem.testing import Review, ScenarioFileError, review
from tests import odd_rules
from tests.support import case

SCENARIOS = Path(__file__).parent / "scenarios"


def of(*own: Rule) -> Review:
    """Review the March rulebook with these rules of one's own."""
    return review(RedemptionPolicy(rules.TIMELY_2026_03.including(*own)))


IN_STORE = RedemptionPolicy(rules.IN_STORE)


@cache
def reviewed(policy: RedemptionPolicy) -> Review:
    """Return a review without scenarios, made once."""
    return review(policy)


@pytest.mark.parametrize("book", [rules.TIMELY_2026_03, rules.TIMELY_2026_04], ids=lambda b: b.name)
def test_the_shipped_rulebooks_have_nothing_odd(book: Rulebook) -> None:
    """Every rule finds its fact, decides alone, and says what no other says."""
    found = review(RedemptionPolicy(book), scenarios=SCENARIOS)

    assert reviewed(IN_STORE).is_clean

    assert found.is_clean
    assert () == found.without_scenario


def test_rules_that_never_find_anything_or_never_decide_are_found() -> None:
    """Planted: another century, a card page that is not there, and a rule in others' shadow."""
    found = of(odd_rules.in_another_century, odd_rules.card_too_many, odd_rules.nothing_usable)

    assert ("in_another_century", "card_too_many") == found.never_found
    assert ("nothing_usable",) == found.never_alone
    assert not found.is_clean


def test_a_rule_that_refuses_everything_is_found() -> None:
    """Planted: a client rule that is true of every client, so that no other rule decides alone."""
    found = of(odd_rules.any_client)

    assert ("any_client",) == found.always_found
    assert "package_archived" in found.never_alone


def test_rules_that_say_the_same_are_found() -> None:
    """Planted: the archived rule once more under another name."""
    found = of(odd_rules.put_away)

    assert (("package_archived", "put_away"),) == found.always_together
    assert ("package_archived", "put_away") == found.never_alone


def test_a_code_without_a_scenario_is_found(tmp_path: Path) -> None:
    """A sound new rule has no scenario yet, and nothing else about it is odd."""
    saturdays = odd_rules.policy
    found = review(saturdays, scenarios=SCENARIOS)
    (tmp_path / "broken.redeem.toml").write_text("x = 1", encoding="utf-8")

    assert ("booked_on_saturday",) == found.without_scenario
    assert () == (*found.never_found, *found.never_alone, *found.always_together)
    with pytest.raises(ScenarioFileError):
        review(saturdays, scenarios=tmp_path)


def test_further_cases_are_tried() -> None:
    """The caller's own cases count as well."""
    more = review(IN_STORE, cases=[case(), case()])

    assert 2 == more.tried - reviewed(IN_STORE).tried


def test_what_a_rule_raises_reaches_the_caller() -> None:
    """An exception in a rule is never an answer."""
    with pytest.raises(KeyError, match="duration"):
        review(RedemptionPolicy(odd_rules.breaking))


SHOWN = Review(
    rulebook="mine",
    tried=3,
    never_found=("a", "b"),
    always_found=(),
    never_alone=("c",),
    always_together=(("c", "d"),),
    without_scenario=("e",),
)


def test_a_review_in_text() -> None:
    """One line for each list."""
    assert [
        "Review of mine, by 3 cases",
        "",
        "rules that never find anything: a, b",
        "rules that always find something: none",
        "rules that are never the only reason: c",
        "rules that always go together: c and d",
        "codes without a scenario: e",
    ] == SHOWN.to_text().split("\n")


def test_a_review_in_markdown() -> None:
    """One heading for each list; scenarios are left out when no folder was given."""
    without = reviewed(IN_STORE).to_markdown()

    assert SHOWN.to_markdown().startswith(
        "# Review of mine, by 3 cases\n\n## Rules that never find anything\n\n- a\n- b\n\n"
        "## Rules that always find something\n\n- none\n"
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
    assert reviewed(IN_STORE).to_dict()["without_scenario"] is None


def test_only_a_policy_is_reviewed() -> None:
    """A rulebook is not a policy."""
    with pytest.raises(InvalidValueError, match=r"policy is .*: give a RedemptionPolicy"):
        review(rules.IN_STORE)  # type: ignore[arg-type]
