"""Policies with a caller's own rules side by side: found, or said not to be found."""

from collections.abc import Callable
from dataclasses import replace

import pytest

import house_rules
from pkgredeem import (
    UNLIMITED,
    BookingLine,
    CardCaptureOutcome,
    Case,
    Client,
    Cover,
    Entitlement,
    Package,
    PackageStatus,
    RedemptionPolicy,
    Rule,
    Scope,
    rule,
    rules,
)
from pkgredeem.testing import compare
from tests.helpers import odd_rules
from tests.helpers.compare_support import (
    BOOK,
    FEW,
    MARCH,
    SOME,
    only_place,
    only_witness,
    with_rules,
)
from tests.helpers.house_rules import HOUSE
from tests.helpers.own_rules import OWN_RULES
from tests.helpers.support import case, credit, package


@pytest.mark.parametrize("added", OWN_RULES, ids=lambda added: added.scope)
def test_a_rule_of_any_scope_that_only_one_holds_is_found(added: Rule) -> None:
    """One own rule is all that differs, and the smallest case has its finding on one side alone."""
    comparison = compare(MARCH, with_rules(added), examples=SOME)
    what, witness = only_place(comparison)
    assert witness is not None
    found = {item.code for item in with_rules(added).decide_case(witness.case).findings}

    assert f"rule {added.code}: only in timely-2026-03 +{added.code}" == what
    assert added.code in found
    assert () == comparison.silent
    assert len(witness.case.booking.lines) == 1
    assert len(witness.case.packages) <= 1


def test_a_rule_that_another_one_replaces_is_found() -> None:
    """Off by one instant: sold at the moment of booking, which the library's own rule allows."""
    house = replace(odd_rules.off_by_one, name="house")
    comparison = compare(MARCH, RedemptionPolicy(house), examples=SOME)
    what, witness = only_place(comparison)
    assert witness is not None

    assert "rule package_not_sold_yet: another clauses, message, advice, condition" == what
    assert witness.case.now == witness.case.packages[0].sold_at
    assert "refused: package_not_sold_yet" == witness.second


def test_other_words_are_another_text_and_no_other_answer() -> None:
    """The message of a rule is for staff to read: no case is decided differently by it."""
    reworded = replace(rules.package_archived, message="put away")
    listed = tuple(reworded if old.code == reworded.code else old for old in BOOK.rules)
    comparison = compare(MARCH, RedemptionPolicy(replace(BOOK, rules=listed)), examples=FEW)

    assert only_place(comparison) == ("rule package_archived: another message", None)
    assert not comparison.is_same_text
    assert not comparison.is_difference_found


def test_another_sentence_for_the_client_is_another_answer() -> None:
    """What a client is told is part of the answer."""
    reworded = replace(rules.client_not_logged_in, client_text="please log in")
    listed = tuple(reworded if old.code == reworded.code else old for old in BOOK.rules)
    policy = RedemptionPolicy(replace(BOOK, rules=listed))
    witness = only_witness(compare(MARCH, policy, examples=SOME))

    assert witness.first == witness.second == "refused: client_not_logged_in"
    assert "client text log in to use a package became please log in" == witness.changes


def credits_left(case: Case, _: CardCaptureOutcome) -> dict[str, int]:
    """So many credits are left."""
    counted = [e.remaining for held in case.packages for e in held.entitlements]
    return {"left": sum(left for left in counted if left is not UNLIMITED)}


def packages_left(case: Case, _: CardCaptureOutcome) -> dict[str, int]:
    """So many packages are left."""
    return {"left": len(case.packages)}


def noting(condition: Callable[[Case, CardCaptureOutcome], dict[str, int]]) -> Rule:
    """Return a note rule of one code, whatever its condition."""
    made = rule(Scope.NOTE, clauses=[HOUSE], message="{left} left", advice="none")(condition)
    return replace(made, code="left")


def test_the_facts_of_a_note_are_part_of_the_answer() -> None:
    """Two rules of one code find their facts in the same cases, and tell other numbers."""
    first, second = (with_rules(noting(c)) for c in (credits_left, packages_left))
    comparison = compare(first, second, examples=SOME)
    what, witness = only_place(comparison)
    assert witness is not None

    assert "rule left: another condition" == what
    assert witness.first == witness.second
    assert witness.changes.startswith("notes ['left(left=")
    assert f"  what differs: {witness.changes}" in comparison.to_text().split("\n")


def test_a_rule_that_never_finds_anything_is_named_and_the_texts_are_not_called_alike() -> None:
    """A rule of the caller's own that is silent in every case that was tried."""
    comparison = compare(MARCH, with_rules(odd_rules.card_too_many), examples=FEW)
    title, _, what, none_found, _, silent = comparison.to_text().split("\n")

    assert ("card_too_many",) == comparison.silent
    assert not comparison.is_difference_found
    assert 460 == comparison.tried
    assert (
        "timely-2026-03 and timely-2026-03 +card_too_many: the texts differ in 1 place; "
        "no difference found in 460 cases"
    ) == title
    assert "rule card_too_many: only in timely-2026-03 +card_too_many" == what
    assert "  no difference found in 460 cases" == none_found
    assert "rules of your own that found nothing in 460 cases: card_too_many" == silent


def test_a_rule_of_both_that_never_finds_anything_is_named_once() -> None:
    """What both rulebooks hold is no difference, and silent all the same."""
    both = [book.including(odd_rules.card_too_many) for book in (BOOK, rules.TIMELY_2026_04)]
    comparison = compare(*map(RedemptionPolicy, both), examples=FEW)

    assert ("card_too_many",) == comparison.silent
    assert 1 == len(comparison.differences)


def test_a_credit_rule_that_another_credit_hides_is_not_called_silent() -> None:
    """It refused a credit, though no decision shows its finding: another credit paid."""

    @rule(Scope.CREDIT, clauses=[HOUSE], message="none", advice="none")
    def second_credit(_: Case, __: Package, entitlement: Entitlement, ___: BookingLine) -> bool:
        """The entitlement is the second of two."""
        return entitlement.id == "second"

    two = package("p1", credit("facial"), credit("facial", id="second", left=2))
    comparison = compare(MARCH, with_rules(second_credit), cases=[case(packages=[two])], examples=0)

    assert 1 == comparison.tried
    assert () == comparison.silent
    assert not comparison.is_difference_found


def test_own_cases_are_tried_as_well() -> None:
    """A rule about what no variation makes is found by the caller's own case."""

    @rule(Scope.CLIENT, clauses=[HOUSE], message="none", advice="none")
    def backwards(client: Client) -> bool:
        """The client's id read backwards is that of a known one."""
        return (client.id or "")[::-1] == "hteb"

    beth = replace(case(), client=Client(id="beth", logged_in=True))
    theirs = replace(beth, packages=(package(client_id="beth"),))
    without = compare(MARCH, with_rules(backwards), examples=FEW)
    found = compare(MARCH, with_rules(backwards), cases=iter([theirs]), examples=FEW)

    assert (None, 460) == (without.differences[0].witness, without.tried)
    assert ("refused: backwards", 461) == (only_witness(found).second, found.tried)


def test_a_rule_that_asks_for_local_time_is_asked_where_the_account_has_none() -> None:
    """An account without a time zone is no reason to compare nothing: it is asked in UTC."""
    witness = only_witness(compare(MARCH, house_rules.POLICY, examples=SOME))

    assert "refused: on_a_saturday" == witness.second
    assert witness.case.account.time_zone is not None
    assert 6 == witness.case.local(witness.case.booking.starts_at).isoweekday()


def test_several_own_rules_are_several_places() -> None:
    """Each place has a case of its own, in which as few of the others as can be play a part."""
    house = with_rules(odd_rules.booked_on_saturday, odd_rules.put_away)
    first, second = compare(MARCH, house, examples=SOME).differences
    assert first.witness is not None
    assert second.witness is not None

    assert "rule put_away: only in" == first.what.partition(" timely")[0]
    assert "refused: package_archived, put_away" == first.witness.second
    assert "refused: booked_on_saturday" == second.witness.second


def test_the_case_of_a_place_is_never_made_smaller_into_that_of_another() -> None:
    """Without its note the case would be smaller, and show the other of the two rules."""

    @rule(Scope.NOTE, clauses=[HOUSE], message="none", advice="none")
    def told(case: Case, _: CardCaptureOutcome) -> bool:
        """There is a note."""
        return bool(case.note)

    @rule(Scope.NOTE, clauses=[HOUSE], message="none", advice="none")
    def untold(case: Case, _: CardCaptureOutcome) -> bool:
        """There is no note."""
        return not case.note

    asked = replace(case(), note="x")
    comparison = compare(MARCH, with_rules(told, untold), cases=[asked], examples=0)
    first, second = (place.witness for place in comparison.differences)
    assert first is not None

    assert ("x", None) == (first.case.note, second)
    assert "eligible, drawing on facial of p1; noting told" == first.second


def test_the_case_of_a_place_is_never_made_smaller_into_one_of_two_places() -> None:
    """Without its note the case would be smaller, and show the other of the two rules as well."""

    @rule(Scope.NOTE, clauses=[HOUSE], message="none", advice="none")
    def any_case(_: Case, __: CardCaptureOutcome) -> bool:
        """There is a case."""
        return True

    @rule(Scope.NOTE, clauses=[HOUSE], message="none", advice="none")
    def untold(case: Case, _: CardCaptureOutcome) -> bool:
        """There is no note."""
        return not case.note

    asked = replace(case(), note="x")
    comparison = compare(MARCH, with_rules(any_case, untold), cases=[asked], examples=0)
    first, second = (place.witness for place in comparison.differences)
    assert first is not None

    assert ("x", None) == (first.case.note, second)
    assert "eligible, drawing on facial of p1; noting any_case" == first.second


def test_what_raises_only_between_the_two_texts_is_no_answer_of_theirs() -> None:
    """An own rule counts on the rule beside it: neither policy raises, so that none is blamed."""
    ranks = {PackageStatus.ACTIVE: 1}

    @rule(Scope.BOOKING, clauses=[HOUSE], message="none", advice="none")
    def of_active_packages(_: Case, cover: Cover) -> bool:
        """A usable package has a rank above one, which only active ones have at all."""
        return any(ranks[usable.status] > 1 for usable in cover.usable)

    one = with_rules(of_active_packages)
    listed = [odd_rules.put_away if r is rules.package_archived else r for r in BOOK.rules]
    other = RedemptionPolicy(replace(BOOK, rules=tuple(listed)).including(of_active_packages))
    comparison = compare(one, other, examples=SOME)
    witnesses = [place.witness for place in comparison.differences]

    assert [
        "rule package_archived: only in timely-2026-03 +of_active_packages (first)",
        "rule put_away: only in timely-2026-03 +of_active_packages (second)",
    ] == [place.what for place in comparison.differences]
    assert [("refused: package_archived", "refused: put_away")] * 2 == [
        (witness.first, witness.second) for witness in witnesses if witness is not None
    ]


def test_what_a_rule_raises_reaches_the_caller() -> None:
    """An exception in a rule is never an answer."""
    with pytest.raises(KeyError, match="nobody"):
        compare(MARCH, with_rules(odd_rules.breaks), examples=FEW)
