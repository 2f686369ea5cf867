"""Two policies side by side: where their texts differ, and a small case that shows each place."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pkgredeem import (
    AccountSettings,
    PackageKind,
    PackageStatus,
    RedemptionPolicy,
    rules,
)
from pkgredeem.testing import compare
from tests.helpers.compare_support import (
    BOOK,
    DESK,
    FEW,
    MARCH,
    SOME,
    at_the_desk,
    editions,
    only_place,
    only_witness,
    starting_after,
)
from tests.helpers.support import case, package


def test_april_differs_in_the_date_of_the_automatic_start() -> None:
    """The place names both dates and the days between them; one small account shows it."""
    what, witness = only_place(editions())
    assert witness is not None
    account = witness.case.account

    assert "starts_enabled_after: 2026-03-31 and 2026-04-29, 29 days apart" == what
    assert "refused: online_redemption_off" == witness.second
    assert witness.first.startswith("eligible, drawing on ")
    assert account == AccountSettings(
        activated_on=account.activated_on, client_login=account.client_login
    )
    assert account.activated_on is not None
    assert date(2026, 4, 1) <= account.activated_on <= date(2026, 4, 29)


@pytest.mark.parametrize(
    ("first", "second", "shown_by"),
    [
        (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 1)),
        (date(2030, 1, 1), date(2030, 1, 2), date(2030, 1, 2)),
        (date(1, 1, 1), date(1, 1, 2), date(1, 1, 2)),
        (date.max - timedelta(days=1), date.max, date.max),
        (None, date.max - timedelta(days=1), date.max),
    ],
)
def test_a_difference_of_one_day_is_found(first: date | None, second: date, shown_by: date) -> None:
    """One day of activation is all that differs, and an account of that day shows it."""
    for pair in ((first, second), (second, first)):
        witness = only_witness(compare(*map(starting_after, pair), examples=FEW))

        assert shown_by == witness.case.account.activated_on
        assert witness.case.account.online_redemption is None


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (date(2026, 4, 1), "starts_enabled_after: 2026-03-31 and 2026-04-01, 1 day apart"),
        (date(2026, 3, 29), "starts_enabled_after: 2026-03-31 and 2026-03-29, 2 days apart"),
        (date(2036, 3, 31), "starts_enabled_after: 2026-03-31 and 2036-03-31, 3,653 days apart"),
        (None, "starts_enabled_after: 2026-03-31 and never"),
    ],
)
def test_the_dates_are_told_with_the_days_between_them(second: date | None, what: str) -> None:
    """The distance has no direction; without a date no account starts switched on."""
    assert what == only_place(compare(MARCH, starting_after(second), examples=FEW))[0]


def test_a_start_after_the_last_day_of_the_calendar_makes_no_difference() -> None:
    """No account is activated after the last day: as without a date, though the texts differ."""
    comparison = compare(starting_after(date.max), starting_after(None), examples=FEW)

    assert only_place(comparison) == ("starts_enabled_after: 9999-12-31 and never", None)
    assert not comparison.is_difference_found


def test_in_store_each_rule_that_is_missing_is_a_place_with_a_case() -> None:
    """The rulebook in store lacks eleven rules of March (D34); without them no date matters."""
    places = {place.what: place.witness for place in at_the_desk().differences}
    missing = [listed.code for listed in BOOK.rules if listed not in rules.IN_STORE.rules]

    assert 11 == len(missing)
    for code in missing:
        witness = places.pop(f"rule {code}: only in timely-2026-03")
        assert witness is not None
        assert code in witness.first
        assert witness.second.startswith("eligible")
    assert {"starts_enabled_after: 2026-03-31 and never": None} == places


def test_the_other_way_round_the_same_places_are_found() -> None:
    """What only the second rulebook holds is found as what only the first one does."""
    comparison = compare(DESK, MARCH, examples=SOME)
    found = {place.what for place in comparison.differences if place.witness is not None}

    assert found == {place.what for place in at_the_desk().differences if place.witness is not None}


def test_a_note_that_is_lifted_is_seen() -> None:
    """A rule that refuses nothing is a difference all the same."""
    without = RedemptionPolicy(BOOK.without(rules.no_card_on_file))
    witness = only_witness(compare(MARCH, without, examples=SOME))

    assert witness.first == f"{witness.second}; noting no_card_on_file"


def test_the_order_of_rules_within_a_scope_is_seen() -> None:
    """Two rules of one scope the other way round give the same reasons in another order."""
    listed = list(BOOK.rules)
    one, other = listed.index(rules.legacy_package), listed.index(rules.package_archived)
    listed[one], listed[other] = listed[other], listed[one]
    reordered = RedemptionPolicy(replace(BOOK, rules=tuple(listed)))
    old = package(kind=PackageKind.LEGACY, status=PackageStatus.ARCHIVED)
    comparison = compare(MARCH, reordered, examples=0, cases=[case(packages=[old])])
    witness = only_witness(comparison)

    assert "the package rules: in another order" == comparison.differences[0].what
    assert "legacy_package, package_archived" in witness.first
    assert "package_archived, legacy_package" in witness.second


def test_the_order_of_scopes_is_no_difference() -> None:
    """Rules of different scopes may stand in any order: they are judged by scope."""
    backwards = sorted(BOOK.rules, key=lambda listed: listed.scope, reverse=True)
    comparison = compare(MARCH, RedemptionPolicy(replace(BOOK, rules=tuple(backwards))))

    assert comparison.is_same_text
