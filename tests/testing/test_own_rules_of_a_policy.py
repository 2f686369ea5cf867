"""Which rules of a policy are the caller's own, and the time zone that some of them need."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import RedemptionPolicy, Rule, rules
from pkgredeem.testing.cases._own_rules import answerable, own_rules
from tests.helpers import house_rules, odd_rules
from tests.helpers.support import AUCKLAND, SHIPPED, account, case

SATURDAYS = RedemptionPolicy(rules.IN_STORE.including(house_rules.no_saturday))


def test_a_shipped_rulebook_has_no_own_rules() -> None:
    """All rules of the shipped rulebooks are the library's, also of those with some lifted."""
    lifted = rules.TIMELY_2026_03.without(rules.mixed_booking)

    assert [()] * 5 == [own_rules(book) for book in (*SHIPPED, lifted)]


def test_added_and_replaced_rules_are_ones_own() -> None:
    """A rule that was added is one's own, and so is one that replaces a rule of the library."""
    assert (odd_rules.booked_on_saturday,) == own_rules(odd_rules.no_saturdays)
    assert (odd_rules.package_not_sold_yet,) == own_rules(odd_rules.off_by_one)


def test_a_rule_that_asks_for_local_time_gets_utc() -> None:
    """Where the account has no zone and a rule asks for local time, the case is one in UTC."""
    nowhere = case()
    there = replace(nowhere, account=account(time_zone=ZoneInfo("UTC")))

    assert there == answerable(SATURDAYS, nowhere)


def test_other_cases_stay_as_they_are() -> None:
    """With a zone, or under rules that ask for no local time, nothing is changed."""
    nowhere, auckland = case(), case(account=account(time_zone=AUCKLAND))

    assert auckland is answerable(SATURDAYS, auckland)
    assert nowhere is answerable(RedemptionPolicy(), nowhere)
    assert nowhere is answerable(RedemptionPolicy(odd_rules.no_saturdays), nowhere)


@pytest.mark.parametrize("added", [odd_rules.breaks, odd_rules.asks_for_nonsense])
def test_what_else_a_rule_raises_is_for_the_next_who_asks(added: Rule) -> None:
    """Another error is no reason to change the case."""
    policy = RedemptionPolicy(rules.IN_STORE.including(added))
    nowhere = case()

    assert nowhere is answerable(policy, nowhere)
