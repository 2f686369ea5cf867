"""An old function beside a policy: where they disagree, for which reason, and the smallest case."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from types import SimpleNamespace

import pytest

import house_rules
from pkgredeem import (
    Case,
    Client,
    Decision,
    InvalidValueError,
    PackageStatus,
    RedemptionPolicy,
    rules,
)
from pkgredeem.documents import read_case
from pkgredeem.testing import Disagreement, Shadow, shadow
from pkgredeem.testing.cases.generator import cases
from tests.helpers.support import case, credit, package

MARCH = RedemptionPolicy()


def old(asked: Case) -> bool:
    """Tell what the old system tells: it knows neither archiving nor limits, breaks on guests."""
    own = [package for package in asked.packages if package.client_id == asked.client.id]
    if asked.client.id is None:
        raise KeyError("guest")
    return asked.client.logged_in and any(package.has_credit for package in own)


def of_the_salon() -> Iterator[Case]:
    """Yield the cases of a day: two that agree, and others that do not."""
    archived = replace(package(), status=PackageStatus.ARCHIVED)
    yield case()
    yield case(packages=[])
    yield case(packages=[archived])
    yield case(packages=[archived], note="once more")
    yield case(packages=[package("p1"), package("p2")])
    yield case(packages=[replace(archived, sold_at=case().booking.starts_at)])
    yield case(client=Client.guest(), packages=[])


def test_disagreements_are_grouped_by_reason() -> None:
    """Each reason of the policy is a group, with how often it was the only one."""
    found = shadow(MARCH, old, of_the_salon())

    assert (7, 2) == (found.tried, found.agreed)
    assert [
        ("eligible", "package_archived", 3, 2),
        ("eligible", "package_not_sold_yet", 1, 0),
        ("eligible", "several_active_packages", 1, 1),
        ("raised KeyError", "client_not_logged_in", 1, 0),
        ("raised KeyError", "no_package", 1, 0),
    ] == [(item.old, item.new, item.cases, item.alone) for item in found.disagreements]


def test_the_smallest_case_of_each_group_is_kept() -> None:
    """Of two archived packages the case without a note is the smaller one."""
    archived = shadow(MARCH, old, of_the_salon()).disagreements[0]

    assert case(packages=[replace(package(), status=PackageStatus.ARCHIVED)]) == archived.smallest


def test_the_order_of_the_cases_does_not_matter_for_the_smallest() -> None:
    """Of three cases of one reason the one without a note is kept, wherever it comes."""
    archived = case(packages=[replace(package(), status=PackageStatus.ARCHIVED)])
    sizes = [replace(archived, note="x" * length) for length in (0, 5, 9)]
    kept = [
        shadow(MARCH, lambda _: True, order).disagreements[0].smallest
        for order in permutations(sizes)
    ]

    assert [archived] * 6 == kept


def test_a_case_with_one_reason_is_kept_before_a_smaller_one_with_more() -> None:
    """What shows the one reason alone is worth more than brevity."""
    several = case(packages=[package("p1", credit("facial", left=0))], client=Client.guest())
    alone = case(
        packages=[package("p1", credit("facial", left=0)), package("p2", credit("facial", left=0))]
    )
    found = shadow(MARCH, lambda _: True, [several, alone])

    assert {"package_used_up": alone} == {
        item.new: item.smallest for item in found.disagreements if item.new == "package_used_up"
    }


def test_a_policy_agrees_with_itself() -> None:
    """A decision is an answer too."""
    found = shadow(MARCH, MARCH.decide_case, cases(seed=5, count=50))

    assert (50, 50, ()) == (found.tried, found.agreed, found.disagreements)


def test_a_no_where_the_policy_says_yes_is_a_disagreement_too() -> None:
    """An old system that refuses too much shows up as "eligible"."""
    (only,) = shadow(MARCH, lambda _: False, [case()]).disagreements

    assert ("refused", "eligible", 1, 1) == (only.old, only.new, only.cases, only.alone)


def test_shadow_in_text() -> None:
    """The title counts; each group has a heading and a document."""
    lines = shadow(MARCH, old, of_the_salon()).to_text().split("\n")

    assert [
        "The old function beside timely-2026-03: 2 of 7 cases alike",
        "",
        "old eligible, new refused, package_archived",
        "  3 cases, in 2 of them for this alone",
        "  the smallest case:",
        "{",
    ] == lines[:6]
    assert "old refused, new eligible" in shadow(MARCH, lambda _: False, [case()]).to_text()


def test_the_numbers_of_a_year_are_told_apart_by_thousands() -> None:
    """In the title as in each group, in text as in Markdown."""
    group = Disagreement(
        old="eligible", new="no_package", cases=3_001, alone=2_002, smallest=case()
    )
    year = Shadow(rulebook="mine", tried=12_003, agreed=9_002, disagreements=(group,))
    told = "3,001 cases, in 2,002 of them for this alone"

    assert [
        "The old function beside mine: 9,002 of 12,003 cases alike",
        f"  {told}",
    ] == year.to_text().split("\n")[:4:3]
    assert f"\n\n{told}.\n\n" in year.to_markdown()


def test_shadow_in_markdown() -> None:
    """Headings and fenced documents."""
    markdown = shadow(MARCH, old, of_the_salon()).to_markdown()

    assert markdown.startswith(
        "# The old function beside timely-2026-03: 2 of 7 cases alike\n\n"
        "## old eligible, new refused, package_archived\n\n"
        "3 cases, in 2 of them for this alone.\n\nThe smallest case:\n\n```json\n{\n"
    )
    assert 5 == markdown.count("```json")


def test_shadow_as_plain_values() -> None:
    """The documents read back, and the policy answers them as it says."""
    written = shadow(MARCH, old, of_the_salon()).to_dict()
    groups = written["disagreements"]
    assert isinstance(groups, list)

    assert ("timely-2026-03", 7, 2) == (written["rulebook"], written["tried"], written["agreed"])
    for group in groups:
        decision = MARCH.decide_case(read_case(group["smallest"]))
        assert group["new"] in {reason.code for reason in decision.reasons}


@pytest.mark.parametrize(
    "answer",
    [None, 1, "yes", rules.IN_STORE, SimpleNamespace(eligible="yes"), SimpleNamespace(eligible=1)],
)
def test_an_answer_that_is_neither_yes_nor_no_is_an_error(answer: object) -> None:
    """What can't be compared is not guessed at."""
    with pytest.raises(InvalidValueError, match="the answer of the old function must be"):
        shadow(MARCH, lambda _: answer, [case()])  # type: ignore[arg-type, return-value]


def test_a_rule_that_asks_for_local_time_can_be_shadowed() -> None:
    """Where the account has no time zone, both are asked about the same case in UTC."""
    asked: list[Case] = []

    def old(case: Case) -> Decision:
        asked.append(case)
        return house_rules.POLICY.decide_case(case)

    found = shadow(house_rules.POLICY, old, cases(seed=0, count=50))

    assert (50, 50) == (found.tried, found.agreed)
    assert [True] * 50 == [made.account.time_zone is not None for made in asked]


def test_wrong_arguments_are_refused() -> None:
    """A policy and a function."""
    with pytest.raises(InvalidValueError, match=r"policy must be a RedemptionPolicy, not .*"):
        shadow(rules.IN_STORE, old, [])  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match=r"function must be a function.*, not 3"):
        shadow(MARCH, 3, [])  # type: ignore[arg-type]
