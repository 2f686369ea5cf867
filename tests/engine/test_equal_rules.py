"""A caller's own rule in place of one of ours: the engine treats it as it treats ours."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from pkgredeem import Case, Finding, RedemptionPolicy, Rule, Rulebook, rules
from tests.helpers.chance import random_case
from tests.helpers.house_rules import HOUSE, more_than_two_packages
from tests.helpers.support import ANA, NOW, account, case, codes, decide, notes, package

MARCH = rules.TIMELY_2026_03
LIFTABLE = [ours for ours in MARCH.rules if ours.can_be_lifted]


@cache
def cases() -> list[Case]:
    """Return cases in which every rule finds its fact now and then."""
    return [random_case(Random(seed)) for seed in range(600)]


def equal_to(ours: Rule) -> Rule:
    """Return a rule of the caller's that asks and says the same under another code."""
    return replace(ours, code=f"own_{ours.code}", clauses=(HOUSE,))


def with_equal(book: Rulebook, ours: Rule) -> Rulebook:
    """Return the rulebook with the equal rule where ours stood, and under the same name."""
    return Rulebook(
        name=book.name,
        starts_enabled_after=book.starts_enabled_after,
        rules=[equal_to(ours) if other == ours else other for other in book.rules],
    )


def told(findings: Iterable[Finding], ours: Rule) -> list[tuple[object, ...]]:
    """Return all that the findings say, the code and the clauses of that rule apart."""
    return [
        (
            finding.code.removeprefix("own_"),
            () if finding.code in {ours.code, f"own_{ours.code}"} else finding.clauses,
            finding.scope,
            finding.subject,
            finding.facts,
            finding.text(),
            finding.client_text,
        )
        for finding in findings
    ]


@pytest.mark.parametrize("ours", LIFTABLE, ids=lambda ours: ours.code)
def test_an_equal_rule_changes_nothing_but_its_code(ours: Rule) -> None:
    """Every reason and note stands where it stood, and everything else is the same."""
    book = with_equal(MARCH, ours)
    pairs = [(decide(asked), decide(asked, book)) for asked in cases()]

    assert 0 < sum(f"own_{ours.code}" in codes(own) + notes(own) for _, own in pairs) < len(pairs)
    assert [] == [
        (before, after)
        for before, after in pairs
        if (told(before.reasons, ours), told(before.notes, ours))
        != (told(after.reasons, ours), told(after.notes, ours))
        or replace(before, reasons=(), notes=()) != replace(after, reasons=(), notes=())
    ]


def test_a_mixed_booking_is_explained_whoever_wrote_the_rule() -> None:
    """Why a line is not covered is a reason, and not a note, under a caller's equal rule (D25)."""
    ours = decide(case("facial", "massage"))
    own = decide(case("facial", "massage"), with_equal(MARCH, rules.mixed_booking))

    assert (["service_not_in_package", "mixed_booking"], []) == (codes(ours), notes(ours))
    assert (["service_not_in_package", "own_mixed_booking"], []) == (codes(own), notes(own))


@pytest.mark.parametrize(("count", "allowed"), [(1, True), (2, True), (3, False), (4, False)])
def test_a_limit_of_two_packages_holds_for_the_notice_too(count: int, allowed: bool) -> None:
    """The how-to's own limit stands in for ours: no notice where the booking is refused."""
    book = MARCH.without(rules.several_active_packages).including(more_than_two_packages)
    packages = [package(f"p{number}") for number in range(count)]
    decision = decide(case(packages=packages), book)
    notice = RedemptionPolicy(book).notice(
        account=account(), client=ANA, packages=packages, now=NOW
    )

    assert (allowed, allowed) == (notice, decision.eligible)
    assert ([] if allowed else ["more_than_two_packages"]) == codes(decision)


def test_a_rule_is_ours_by_what_it_says_and_not_by_where_it_stands() -> None:
    """A rule that is equal to ours in every field is ours, wherever it was made."""
    ours = rules.no_package
    again = replace(ours)
    listed = tuple(again if other is ours else other for other in MARCH.rules)

    assert (True, MARCH) == (again is not ours, replace(MARCH, rules=listed))
