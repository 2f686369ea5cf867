"""Every clause and decision is kept by a rule, a function or a test that is there."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pkgredeem.cli._keepers import KEEPERS

from pkgredeem import (
    Actor,
    Clause,
    ClientLogin,
    ClosedRedemptionError,
    CreditOutcome,
    Package,
    PackageStatus,
    RedemptionPolicy,
    Rule,
    Rulebook,
    rules,
)
from pkgredeem.clauses import ARTICLE, DECISIONS
from pkgredeem.cli._rules import keepers
from pkgredeem.documents import load_case
from tests.helpers.support import (
    DAY,
    NOW,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    notes,
    package,
    redemption,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples" / "cases").glob("*.json"))
EVERY_CLAUSE = {each.id: each for each in (*ARTICLE, *DECISIONS)}
POLICY = RedemptionPolicy()


@pytest.mark.parametrize("rulebook", [rules.TIMELY_2026_03, rules.TIMELY_2026_04])
@pytest.mark.parametrize("clause", EVERY_CLAUSE.values(), ids=EVERY_CLAUSE)
def test_a_clause_is_kept(clause: Clause, rulebook: Rulebook) -> None:
    """Both editions keep all 25 clauses and every decision."""
    assert [] != keepers(clause, rulebook)


def test_a_clause_that_nothing_cites_is_kept_by_nothing() -> None:
    """The check can fail: a clause of nobody has no keeper."""
    assert [] == keepers(Clause(id="X1", heading="x", says="x"), rules.TIMELY_2026_03)


def test_keepers_are_of_clauses_in_their_order() -> None:
    """The table names clauses that there are, each where a reader looks for it."""
    assert [each for each in EVERY_CLAUSE if each in KEEPERS] == list(KEEPERS)


@pytest.mark.parametrize("test", sorted(set(KEEPERS.values())))
def test_a_keeper_is_there(test: str) -> None:
    """The file of each named test holds a test of that name."""
    path, _, name = test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(
    "better",
    [
        package("z", priority=1),
        package("z", valid_until=START + DAY),
        package("z", credit("facial", id="z")),
        package("z", credit("facial", "massage"), sold_at=NOW),
        package("a", credit("facial", "massage")),
    ],
    ids=["priority", "ends earlier", "for fewer services", "sold earlier", "id"],
)
def test_the_credit_of_the_highest_rank_is_drawn(better: Package) -> None:
    """Each part of the rank decides when those before it are alike (D20)."""
    other = package("b", credit("facial", "massage"))
    no_limit = rules.TIMELY_2026_03.without(rules.several_active_packages)

    assert [(0, better.id)] == [
        each[:2] for each in draws(decide(case(packages=[other, better]), no_limit))
    ]


def test_all_reasons_come_in_one_order() -> None:
    """Account, client, packages by their rank, credits, booking: all are given (D22)."""
    held = [
        package("p3", client_id="beth"),
        package("p2", credit("facial", left=0), status=PackageStatus.ARCHIVED),
        package("p1", valid_until=START, priority=1),
    ]
    refused = case(
        account=account(online_redemption=False, client_login=ClientLogin.DISABLED),
        packages=held,
        starts_at=START,
    )
    refused = replace(refused, client=replace(refused.client, logged_in=False))

    assert [
        ("online_redemption_off", ""),
        ("client_login_disabled", ""),
        ("client_not_logged_in", ""),
        ("package_over_by_then", "p1"),
        ("package_archived", "p2"),
        ("package_used_up", "p2"),
        ("package_of_another_client", "p3"),
    ] == [(each.code, each.subject) for each in decide(refused).reasons]


@pytest.mark.parametrize(
    "lifted",
    [each for each in rules.TIMELY_2026_03.rules if each.can_be_lifted],
    ids=lambda each: each.code,
)
def test_lifting_a_rule_refuses_no_more(lifted: Rule) -> None:
    """No example that is eligible is refused once a rule is lifted (D23)."""
    cases = [load_case(path) for path in EXAMPLES]
    without = rules.TIMELY_2026_03.without(lifted)
    eligible = [each for each in cases if decide(each).eligible]

    assert len(eligible) > 20
    assert [] == [each.booking.id for each in eligible if not decide(each, without).eligible]


def test_a_package_beside_a_good_one_is_only_noted() -> None:
    """A used-up package is a reason alone, and a note beside one that can be used (D25)."""
    used_up = package("p2", credit("facial", left=0))
    alone, beside = decide(case(packages=[used_up])), decide(case(packages=[used_up, package()]))

    assert (["package_used_up"], []) == (codes(alone), notes(alone))
    assert ([], ["package_used_up"]) == (codes(beside), notes(beside))


def test_an_act_comes_twice_and_changes_nothing_more() -> None:
    """The same act again returns what was recorded; its opposite comes too late (D37)."""
    first = POLICY.cancel(redemption(), by=Actor.CLIENT, now=NOW).change
    assert first is not None
    again = POLICY.cancel(first.after, by=Actor.BUSINESS, now=START + timedelta(days=9))

    assert (True, None, CreditOutcome.RETURN) == (again.allowed, again.change, again.outcome)
    with pytest.raises(ClosedRedemptionError):
        POLICY.complete(first.after, now=NOW)
