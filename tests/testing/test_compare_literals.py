"""A rule about what no generated case has is found, since its code names what to try."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pkgredeem import (
    UNLIMITED,
    Case,
    Cover,
    Rule,
    Scope,
    rule,
)
from pkgredeem.testing import compare
from tests.helpers import odd_rules
from tests.helpers.compare_support import (
    MARCH,
    only_witness,
    with_rules,
)
from tests.helpers.house_rules import HOUSE

BRANDS = ("balayage", "keratin")
OPENING = date(2031, 5, 6)
FORTNIGHT = timedelta(days=14)


def booking_rule(condition: Callable[[Case, Cover], bool]) -> Rule:
    """Return a booking rule with that condition."""
    return rule(Scope.BOOKING, clauses=[HOUSE], message="none", advice="none")(condition)


def books_a_brand(case: Case, _: Cover) -> bool:
    """A service of a brand is booked."""
    return any(line.service.id in BRANDS for line in case.booking.lines)


def named_for_the_dead_sea(case: Case, _: Cover) -> bool:
    """A service's name begins with the name of a sea."""
    return any(line.service.name.startswith("Dead Sea") for line in case.booking.lines)


def staff_client(case: Case, _: Cover) -> bool:
    """The client's id begins as those of employees do."""
    return case.client.id is not None and case.client.id.startswith("staff-")


def gift_package(case: Case, _: Cover) -> bool:
    """A package is a gift, by the end of its id."""
    return any(package.id.endswith("-gift") for package in case.packages)


def special_credit(case: Case, _: Cover) -> bool:
    """An entitlement has a certain id."""
    return any(e.id == "special" for package in case.packages for e in package.entitlements)


def noted_as_a_test(case: Case, _: Cover) -> bool:
    """The note says that the booking is a test."""
    return "just a test" in case.note


def books_a_probe(case: Case, _: Cover) -> bool:
    """The booking's id is that of a test."""
    return case.booking.id == "probe"


def more_than_sixty_credits(case: Case, _: Cover) -> bool:
    """More than sixty credits are left in an entitlement."""
    return any(
        e.remaining is not UNLIMITED and e.remaining > 60
        for package in case.packages
        for e in package.entitlements
    )


def high_priority(case: Case, _: Cover) -> bool:
    """A package has a priority far above all others."""
    return any(package.priority >= 777 for package in case.packages)


def seven_lines(case: Case, _: Cover) -> bool:
    """Seven lines are booked, or more."""
    return len(case.booking.lines) >= 7


def after_the_opening(case: Case, _: Cover) -> bool:
    """The appointment is on the day of the opening, or later."""
    return case.booking.starts_at.date() >= OPENING


def opened_on_that_day(case: Case, _: Cover) -> bool:
    """The account was activated on the very day of the opening."""
    return case.account.activated_on == OPENING


def exactly_a_fortnight_ahead(case: Case, _: Cover) -> bool:
    """The appointment is booked exactly a fortnight before."""
    return case.booking.starts_at - case.now == FORTNIGHT


def before_nine(case: Case, _: Cover) -> bool:
    """The appointment starts before nine, by the account's own clock."""
    return case.local(case.booking.starts_at).hour < 9


def in_kathmandu(case: Case, _: Cover) -> bool:
    """The account is in a zone that the generator never makes."""
    zone = case.account.time_zone
    return zone is not None and zone.key == "Asia/Kathmandu"


@pytest.mark.parametrize(
    "condition",
    [
        books_a_brand,
        named_for_the_dead_sea,
        staff_client,
        gift_package,
        special_credit,
        noted_as_a_test,
        books_a_probe,
        more_than_sixty_credits,
        high_priority,
        seven_lines,
        after_the_opening,
        opened_on_that_day,
        exactly_a_fortnight_ahead,
        before_nine,
        in_kathmandu,
        lambda case, _: (case.now - odd_rules.LONG_AGO).days < 0,
    ],
    ids=lambda condition: condition.__name__.strip("<>"),
)
def test_what_the_code_of_an_own_rule_names_is_tried(
    condition: Callable[[Case, Cover], bool],
) -> None:
    """A rule about a word, a number or a day that no generated case has is found by its code."""
    added = replace(booking_rule(before_nine), code="own", condition=condition)
    witness = only_witness(compare(MARCH, with_rules(added)))

    assert "own" == witness.second.partition(";")[0].removeprefix("refused: ").split(", ")[-1]
    assert condition(witness.case, Cover(usable=(), active=(), draws=(), covered=(), uncovered=()))
