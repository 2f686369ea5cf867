"""Where two texts differ, place by place, and the text that stands after each change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pkgredeem import Rule, Rulebook, Scope, rules
from pkgredeem.testing.comparison._texts import labels, text_changes
from tests.helpers import odd_rules
from tests.helpers.compare_support import BOOK
from tests.helpers.house_rules import HOUSE

APRIL = rules.TIMELY_2026_04.starts_enabled_after
REWORDED = replace(rules.legacy_package, message="an old one")


def swapped(listed: tuple[Rule, ...], one: Rule, other: Rule) -> tuple[Rule, ...]:
    """Return rules in which two have changed places."""
    turned = {one: other, other: one}
    return tuple(turned.get(each, each) for each in listed)


def exchanged(listed: tuple[Rule, ...], old: Rule, new: Rule) -> tuple[Rule, ...]:
    """Return rules in which one has taken the place of another."""
    return tuple(new if each is old else each for each in listed)


def by_scope(book: Rulebook) -> dict[Scope, tuple[Rule, ...]]:
    """Return the rules of each scope in their order, which is all that counts."""
    return {scope: tuple(rule for rule in book.rules if rule.scope is scope) for scope in Scope}


def test_each_kind_of_change_is_a_place_and_the_texts_lead_from_the_first_to_the_second() -> None:
    """What only the first holds goes, then date, words and order change; what is new comes last."""
    first = replace(BOOK, name="old", rules=(*BOOK.rules, odd_rules.put_away))
    reworded = exchanged(BOOK.rules, rules.legacy_package, REWORDED)
    in_order = swapped(
        swapped(reworded, rules.package_not_sold_yet, rules.package_archived),
        rules.appointment_started,
        rules.mixed_booking,
    )
    own = (odd_rules.any_client, odd_rules.nothing_usable)
    second = replace(BOOK, name="new", starts_enabled_after=APRIL, rules=(*in_order, *own))
    only_packages = swapped(reworded, rules.package_not_sold_yet, rules.package_archived)
    march = BOOK.starts_enabled_after
    steps = list(text_changes(first, second))

    assert [
        "rule put_away: only in old",
        "starts_enabled_after: 2026-03-31 and 2026-04-29, 29 days apart",
        "rule legacy_package: another message",
        "the package rules: in another order",
        "the booking rules: in another order",
        "rule any_client: only in new",
        "rule nothing_usable: only in new",
    ] == [what for what, _ in steps]
    assert [
        ("old", march, by_scope(BOOK)),
        ("old", APRIL, by_scope(BOOK)),
        ("old", APRIL, by_scope(replace(BOOK, rules=reworded))),
        ("old", APRIL, by_scope(replace(BOOK, rules=only_packages))),
        ("old", APRIL, by_scope(replace(BOOK, rules=in_order))),
        ("old", APRIL, by_scope(replace(BOOK, rules=(*in_order, own[0])))),
        ("old", APRIL, by_scope(second)),
    ] == [(book.name, book.starts_enabled_after, by_scope(book)) for _, book in steps]


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("clauses", lambda old: replace(old, clauses=(HOUSE,))),
        ("message", lambda old: replace(old, message="another")),
        ("advice", lambda old: replace(old, advice="another")),
        ("client_text", lambda old: replace(old, client_text="another")),
        ("condition", lambda old: replace(old, condition=lambda *_: False)),
        ("on_move", lambda old: replace(old, on_move=not old.on_move)),
        ("on_return", lambda old: replace(old, on_return=not old.on_return)),
        ("reads", lambda old: replace(old, reads=("pauses",))),
        ("scope, on_move", lambda old: replace(old, scope=Scope.CLIENT, on_move=None)),
    ],
)
def test_each_field_of_a_rule_may_be_the_difference(
    field: str, changed: Callable[[Rule], Rule]
) -> None:
    """Two rules of one code that differ in one field are a place, and that field is named."""
    first, second = (
        BOOK.including(own) for own in (odd_rules.put_away, changed(odd_rules.put_away))
    )
    ((what, last),) = text_changes(first, second)

    assert f"rule put_away: another {field}" == what
    assert by_scope(second) == by_scope(last)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (None, date(2026, 3, 31), "never and 2026-03-31"),
        (date(2026, 3, 31), None, "2026-03-31 and never"),
        (date(2026, 3, 31), date(2026, 3, 30), "2026-03-31 and 2026-03-30, 1 day apart"),
        (date(2026, 3, 31), date(2026, 4, 2), "2026-03-31 and 2026-04-02, 2 days apart"),
    ],
)
def test_both_dates_are_told_in_their_order(
    first: date | None, second: date | None, told: str
) -> None:
    """The date of the first text comes first, whichever is earlier."""
    books = (replace(BOOK, starts_enabled_after=day) for day in (first, second))

    assert [f"starts_enabled_after: {told}"] == [what for what, _ in text_changes(*books)]


def test_equal_texts_have_no_places() -> None:
    """The name of a rulebook is no part of its text."""
    assert [] == list(text_changes(BOOK, replace(BOOK, name="another")))


def test_what_is_only_in_one_of_two_with_one_name_is_told_by_its_place() -> None:
    """Two rulebooks of one name are the first and the second, in each place too."""
    with_own = replace(BOOK, rules=(*BOOK.rules, odd_rules.put_away))

    assert ("timely-2026-03 (first)", "timely-2026-03 (second)") == labels(BOOK, with_own)
    assert ("timely-2026-03", "in-store") == labels(BOOK, rules.IN_STORE)
    assert ["rule put_away: only in timely-2026-03 (second)"] == [
        what for what, _ in text_changes(BOOK, with_own)
    ]
    assert ["rule put_away: only in timely-2026-03 (first)"] == [
        what for what, _ in text_changes(with_own, BOOK)
    ]
