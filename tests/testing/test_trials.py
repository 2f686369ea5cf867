"""The cases that rulebooks are tried with, and how it is noted which own rules find anything."""

from dataclasses import replace
from datetime import date

from pkgredeem import Case, Client, Cover, Package, RedemptionPolicy, Rule, Scope, rule, rules
from pkgredeem.testing.cases._choices import SeededChoices
from pkgredeem.testing.cases._literals import literals_of
from pkgredeem.testing.cases._variations import around_automatic_starts, varied
from pkgredeem.testing.cases.generator import cases
from pkgredeem.testing.comparison._trials import recording, trials
from tests.helpers import odd_rules
from tests.helpers.compare_support import BOOK
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import account, case, package

NEVER = replace(BOOK, starts_enabled_after=None)


@rule(Scope.BOOKING, clauses=[HOUSE], message="balayage", advice="none")
def balayage(asked: Case, _: Cover) -> bool:
    """Balayage is booked."""
    return any(line.service.id == "balayage" for line in asked.booking.lines)


@rule(Scope.PACKAGE, clauses=[HOUSE], message="keratin", advice="none")
def keratin(_: Case, sold: Package) -> bool:
    """The package is of keratin."""
    return sold.id == "keratin"


def test_every_second_case_is_varied_by_what_the_rules_of_both_books_name() -> None:
    """The others are the generator's own; each variation has its own seed, its place."""
    books = [NEVER.including(keratin), NEVER.including(balayage)]
    literals = literals_of([keratin, balayage])
    made = list(cases(seed=0, count=30))

    assert {"keratin", "balayage"} <= set(literals.texts)
    assert [
        varied(SeededChoices(place), asked, literals) if place % 2 else asked
        for place, asked in enumerate(made)
    ] == list(trials(books, 30))


def test_accounts_are_activated_around_the_dates_of_both_books() -> None:
    """After each of the first twenty cases, varied or not, comes what it varies around all dates.

    Nothing follows the two after them.
    """
    first, second = date(2026, 3, 31), date(2031, 5, 6)
    books = [replace(BOOK, starts_enabled_after=day) for day in (first, second)]
    nothing = literals_of([])
    expected: list[Case] = []
    for place, asked in enumerate(cases(seed=0, count=22)):
        expected.append(varied(SeededChoices(place), asked, nothing) if place % 2 else asked)
        if place < 20:
            expected += around_automatic_starts(asked, [first, second])
    tried = list(trials(books, 22))

    assert expected == tried
    assert {first, second} <= {asked.account.activated_on for asked in tried}


def asked_of(*own: Rule, asked: Case) -> set[Rule]:
    """Return which of these rules of one's own are noted to find something in the case."""
    found: set[Rule] = set()
    book = BOOK.including(*own)
    noting = RedemptionPolicy(recording(book, found))

    assert RedemptionPolicy(book).decide_case(asked) == noting.decide_case(asked)
    assert [each.code for each in book.rules] == [each.code for each in noting.rulebook.rules]
    return found


@rule(Scope.BOOKING, clauses=[HOUSE], message="{lines} lines", advice="none")
def counted(asked: Case, _: Cover) -> dict[str, int]:
    """So many lines are booked."""
    return {"lines": len(asked.booking.lines)}


def test_each_own_rule_that_finds_something_is_noted() -> None:
    """With a plain yes or with facts; one that finds nothing is not, nor is the library's own."""
    own = (odd_rules.any_client, balayage, counted)
    asked = case(account=account(online_redemption=False))

    assert {odd_rules.any_client, counted} == asked_of(*own, asked=asked)
    assert rules.online_redemption_off in BOOK.rules


def test_what_is_found_for_one_package_of_several_is_noted() -> None:
    """A rule finds something in a case when it does so once."""
    several = [package("keratin"), package("p1")]

    assert {keratin} == asked_of(keratin, asked=case(packages=several))
    assert set() == asked_of(keratin, asked=case(packages=several[1:], client=Client.guest()))
