"""What a comparison shows: text, Markdown, plain values, and that its cases are what they say."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import house_rules
from pkgredeem import (
    InvalidValueError,
    RedemptionPolicy,
    Rulebook,
    rules,
)
from pkgredeem.documents import read_case
from pkgredeem.testing import Comparison, compare
from pkgredeem.testing.cases._minimise import as_json
from pkgredeem.testing.comparison._comparison import Difference, Witness
from tests.helpers import odd_rules
from tests.helpers.compare_support import (
    APRIL,
    DESK,
    FEW,
    MARCH,
    at_the_desk,
    editions,
    only_witness,
    starting_after,
    with_rules,
)
from tests.helpers.support import case


@pytest.mark.parametrize("make", [editions, at_the_desk])
def test_every_witness_shows_what_it_says(make: Callable[[], Comparison]) -> None:
    """The two policies answer the witness as it says, also when it is read from its document."""
    comparison = make()
    policies = {policy.rulebook.name: policy for policy in (MARCH, APRIL, DESK)}
    document: Any = json.loads(json.dumps(comparison.to_dict()))
    for place in document["differences"]:
        if place["witness"] is None:
            continue
        for name, answer in (
            (comparison.first, place["witness"]["first"]),
            (comparison.second, place["witness"]["second"]),
        ):
            decision = policies[name].decide_case(read_case(place["witness"]["case"]))
            codes = ", ".join(reason.code for reason in decision.reasons)

            assert decision.eligible is answer.startswith("eligible, drawing on ")
            assert decision.eligible or answer.partition(";")[0] == f"refused: {codes}"


def test_the_text_of_a_comparison() -> None:
    """The places, how many of them make a difference and in how many cases; answers and case."""
    lines = str(editions()).split("\n")
    witness = only_witness(editions())

    assert [
        (
            "timely-2026-03 and timely-2026-04: the texts differ in 1 place, "
            f"of which 1 makes a difference in {editions().tried:,} cases"
        ),
        "",
        "starts_enabled_after: 2026-03-31 and 2026-04-29, 29 days apart",
        f"  timely-2026-03: {witness.first}",
        "  timely-2026-04: refused: online_redemption_off",
        "  the smallest case:",
        "{",
        '  "format": "pkgredeem/1",',
    ] == lines[:8]
    assert str(editions()) == editions().to_text()
    assert 4_000 < editions().tried


def test_the_comparison_in_markdown() -> None:
    """A heading for each place, and under it a fenced document or that none was found."""
    lines = at_the_desk().to_markdown().split("\n")
    tried = f"{at_the_desk().tried:,}"

    assert (
        "# timely-2026-03 and in-store: the texts differ in 12 places, "
        f"of which 11 make a difference in {tried} cases"
    ) == lines[0]
    assert 12 == sum(line.startswith("## ") for line in lines)
    assert 11 == lines.count("```json") == lines.count("The smallest case:")
    assert 1 == lines.count(f"No difference found in {tried} cases.")
    assert "- in-store: eligible" in at_the_desk().to_markdown()


def test_silent_rules_in_markdown() -> None:
    """Under a heading of their own."""
    comparison = compare(MARCH, with_rules(odd_rules.card_too_many), examples=FEW)

    assert comparison.to_markdown().endswith(
        "\n\n## Rules of your own that found nothing in 460 cases\n\n- card_too_many"
    )


def test_the_same_text_is_not_tried() -> None:
    """The name is no part of the text, and equal rulebooks can't differ in a case."""
    named = RedemptionPolicy(
        Rulebook(name="mine", starts_enabled_after=None, rules=DESK.rulebook.rules)
    )
    comparison = compare(DESK, named)

    assert comparison.is_same_text
    assert not comparison.is_difference_found
    assert "in-store and mine: the same rules and parameters" == str(comparison)
    assert {
        "first": "in-store",
        "second": "mine",
        "same_text": True,
        "difference_found": False,
        "tried": 0,
        "differences": [],
        "silent": [],
    } == comparison.to_dict()


def test_where_nothing_is_tried_no_rule_is_called_silent() -> None:
    """Equal texts with a rule of one's own that never finds anything: no case was asked for it."""
    comparison = compare(with_rules(odd_rules.card_too_many), with_rules(odd_rules.card_too_many))

    assert (0, ()) == (comparison.tried, comparison.silent)


def test_no_case_at_all_has_shown_nothing() -> None:
    """Texts that differ, and 0 cases to try: a rule of one's own is not blamed."""
    comparison = compare(MARCH, with_rules(odd_rules.card_too_many), examples=0)
    title, *_, last = str(comparison).split("\n")

    assert title.endswith(": the texts differ in 1 place; no difference found in 0 cases")
    assert "  no difference found in 0 cases" == last


def test_rulebooks_of_one_name_are_told_apart() -> None:
    """Two of one name are the first and the second."""
    comparison = compare(MARCH, starting_after(None), examples=0)

    assert ("timely-2026-03 (first)", "timely-2026-03 (second)") == (
        comparison.first,
        comparison.second,
    )


def test_the_same_cases_are_tried_every_time() -> None:
    """Nothing is left to chance: two comparisons are equal."""
    assert compare(MARCH, house_rules.POLICY, examples=FEW) == compare(
        MARCH, house_rules.POLICY, examples=FEW
    )


def test_only_policies_are_compared() -> None:
    """A rulebook is not a policy, on either side, and no number of examples is below 0."""
    with pytest.raises(InvalidValueError, match="policy_a"):
        compare(rules.IN_STORE, MARCH)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="policy_b"):
        compare(MARCH, rules.IN_STORE)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="examples"):
        compare(MARCH, APRIL, examples=-1)


FIRST, SECOND = case(), case(note="front desk")
SHOWN = Comparison(
    first="old",
    second="new",
    differences=(
        Difference(what="rule a: only in old", witness=None),
        Difference(
            what="rule b: another condition",
            witness=Witness(
                case=FIRST,
                first="refused: b",
                second="refused: b",
                changes="reasons ['b(left=1)'] became ['b(left=2)']",
            ),
        ),
        Difference(
            what="rule c: only in new",
            witness=Witness(
                case=SECOND,
                first="eligible, drawing on e of p",
                second="refused: c",
                changes="eligible True became False",
            ),
        ),
    ),
    tried=1_234,
    silent=("d", "e"),
)


def test_every_place_is_shown_in_text() -> None:
    """Both answers of each witness in their order; only where they read alike, what differs."""
    assert [
        "old and new: the texts differ in 3 places, of which 2 make a difference in 1,234 cases",
        "",
        "rule a: only in old",
        "  no difference found in 1,234 cases",
        "",
        "rule b: another condition",
        "  old: refused: b",
        "  new: refused: b",
        "  what differs: reasons ['b(left=1)'] became ['b(left=2)']",
        "  the smallest case:",
        *as_json(FIRST).split("\n"),
        "",
        "rule c: only in new",
        "  old: eligible, drawing on e of p",
        "  new: refused: c",
        "  the smallest case:",
        *as_json(SECOND).split("\n"),
        "",
        "rules of your own that found nothing in 1,234 cases: d, e",
    ] == str(SHOWN).split("\n")


def test_every_place_is_shown_in_markdown() -> None:
    """The same under headings, with each case in a fence of its own."""
    assert [
        "# old and new: the texts differ in 3 places, of which 2 make a difference in 1,234 cases",
        "",
        "## rule a: only in old",
        "",
        "No difference found in 1,234 cases.",
        "",
        "## rule b: another condition",
        "",
        "- old: refused: b",
        "- new: refused: b",
        "- what differs: reasons ['b(left=1)'] became ['b(left=2)']",
        "",
        "The smallest case:",
        "",
        "```json",
        *as_json(FIRST).split("\n"),
        "```",
        "",
        "## rule c: only in new",
        "",
        "- old: eligible, drawing on e of p",
        "- new: refused: c",
        "",
        "The smallest case:",
        "",
        "```json",
        *as_json(SECOND).split("\n"),
        "```",
        "",
        "## Rules of your own that found nothing in 1,234 cases",
        "",
        "- d",
        "- e",
    ] == SHOWN.to_markdown().split("\n")


def test_every_part_of_a_comparison_is_a_plain_value() -> None:
    """Each place with its witness or null, and the cases as documents that read back."""
    written: Any = json.loads(json.dumps(SHOWN.to_dict()))
    none, alike, other = written.pop("differences")

    assert {
        "first": "old",
        "second": "new",
        "same_text": False,
        "difference_found": True,
        "tried": 1_234,
        "silent": ["d", "e"],
    } == written
    assert {"what": "rule a: only in old", "witness": None} == none
    assert ("rule b: another condition", "rule c: only in new") == (alike["what"], other["what"])
    assert [FIRST, SECOND] == [read_case(each["witness"].pop("case")) for each in (alike, other)]
    assert {
        "first": "refused: b",
        "second": "refused: b",
        "changes": "reasons ['b(left=1)'] became ['b(left=2)']",
    } == alike["witness"]


def test_one_and_no_witness_are_told_in_the_title() -> None:
    """It counts the places that make a difference, not those in which the texts differ."""
    none, alike, other = SHOWN.differences
    titles = [
        str(Comparison(first="old", second="new", differences=places, tried=tried, silent=()))
        for places, tried in (((none, alike), 1), ((none,), 2_000), ((alike, other), 2))
    ]

    assert [
        "old and new: the texts differ in 2 places, of which 1 makes a difference in 1 case",
        "old and new: the texts differ in 1 place; no difference found in 2,000 cases",
        "old and new: the texts differ in 2 places, of which 2 make a difference in 2 cases",
    ] == [title.split("\n")[0] for title in titles]
