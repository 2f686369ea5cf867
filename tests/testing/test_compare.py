"""Two policies side by side: where their texts differ, and a small case that shows each place."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

import house_rules
from pkgredeem import (
    AccountSettings,
    BookingLine,
    CardCaptureOutcome,
    Case,
    Client,
    Cover,
    Entitlement,
    InvalidValueError,
    Package,
    PackageStatus,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Scope,
    rule,
    rules,
)
from pkgredeem.documents import read_case
from pkgredeem.testing import Comparison, compare
from pkgredeem.testing.comparison._comparison import Witness
from tests.helpers import odd_rules
from tests.helpers.house_rules import HOUSE
from tests.helpers.own_rules import OWN_RULES
from tests.helpers.support import case, credit, package

MARCH, APRIL, DESK = map(
    RedemptionPolicy, (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)
)
BOOK = rules.TIMELY_2026_03
FEW = 400


def with_rules(*added: Rule) -> RedemptionPolicy:
    """Return the policy of March with these rules added."""
    return RedemptionPolicy(BOOK.including(*added))


def starting_after(day: date | None) -> RedemptionPolicy:
    """Return the policy of March with another date of the automatic start."""
    return RedemptionPolicy(replace(BOOK, starts_enabled_after=day))


@cache
def editions() -> Comparison:
    """Compare the two texts of the article."""
    return compare(MARCH, APRIL)


@cache
def at_the_desk() -> Comparison:
    """Compare online and in store."""
    return compare(MARCH, DESK)


def only_place(comparison: Comparison) -> tuple[str, Witness | None]:
    """Return the one place in which the texts differ, and its witness."""
    (place,) = comparison.differences
    return place.what, place.witness


def only_witness(comparison: Comparison) -> Witness:
    """Return the witness of the one place in which the texts differ."""
    _, witness = only_place(comparison)
    assert witness is not None
    return witness


# --- Parameters -----------------------------------------------------------------------------------


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


# --- Rules of the library -------------------------------------------------------------------------


def test_in_store_each_rule_that_is_missing_is_a_place_with_a_case() -> None:
    """The rulebook in store lacks nine rules of March (D34); without them no date matters."""
    places = {place.what: place.witness for place in at_the_desk().differences}
    missing = [listed.code for listed in BOOK.rules if listed not in rules.IN_STORE.rules]

    assert 9 == len(missing)
    for code in missing:
        witness = places.pop(f"rule {code}: only in timely-2026-03")
        assert witness is not None
        assert code in witness.first
        assert witness.second.startswith("eligible")
    assert {"starts_enabled_after: 2026-03-31 and never": None} == places


def test_the_other_way_round_the_same_places_are_found() -> None:
    """What only the second rulebook holds is found as what only the first one does."""
    comparison = compare(DESK, MARCH)
    found = {place.what for place in comparison.differences if place.witness is not None}

    assert found == {place.what for place in at_the_desk().differences if place.witness is not None}


def test_a_note_that_is_lifted_is_seen() -> None:
    """A rule that refuses nothing is a difference all the same."""
    witness = only_witness(compare(MARCH, RedemptionPolicy(BOOK.without(rules.no_card_on_file))))

    assert witness.first == f"{witness.second}; noting no_card_on_file"


def test_the_order_of_rules_within_a_scope_is_seen() -> None:
    """Two rules of one scope the other way round give the same reasons in another order."""
    listed = list(BOOK.rules)
    one, other = listed.index(rules.legacy_package), listed.index(rules.package_archived)
    listed[one], listed[other] = listed[other], listed[one]
    comparison = compare(MARCH, RedemptionPolicy(replace(BOOK, rules=tuple(listed))))
    witness = only_witness(comparison)

    assert "the package rules: in another order" == comparison.differences[0].what
    assert "refused: legacy_package, package_archived" == witness.first
    assert "refused: package_archived, legacy_package" == witness.second


def test_the_order_of_scopes_is_no_difference() -> None:
    """Rules of different scopes may stand in any order: they are judged by scope."""
    backwards = sorted(BOOK.rules, key=lambda listed: listed.scope, reverse=True)
    comparison = compare(MARCH, RedemptionPolicy(replace(BOOK, rules=tuple(backwards))))

    assert comparison.is_same_text


# --- Rules of a caller's own ----------------------------------------------------------------------


@pytest.mark.parametrize("added", OWN_RULES, ids=lambda added: added.scope)
def test_a_rule_of_any_scope_that_only_one_holds_is_found(added: Rule) -> None:
    """One own rule is all that differs, and the smallest case has its finding on one side alone."""
    comparison = compare(MARCH, with_rules(added))
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
    comparison = compare(MARCH, RedemptionPolicy(house))
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
    witness = only_witness(compare(MARCH, RedemptionPolicy(replace(BOOK, rules=listed))))

    assert witness.first == witness.second == "refused: client_not_logged_in"
    assert "client text log in to use a package became please log in" == witness.changes


def credits_left(case: Case, _: CardCaptureOutcome) -> dict[str, int]:
    """So many credits are left."""
    return {"left": sum(e.remaining for held in case.packages for e in held.entitlements)}


def packages_left(case: Case, _: CardCaptureOutcome) -> dict[str, int]:
    """So many packages are left."""
    return {"left": len(case.packages)}


def noting(condition: Callable[[Case, CardCaptureOutcome], dict[str, int]]) -> Rule:
    """Return a note rule of one code, whatever its condition."""
    made = rule(Scope.NOTE, clauses=[HOUSE], message="{left} left", advice="none")(condition)
    return replace(made, code="left")


def test_the_facts_of_a_note_are_part_of_the_answer() -> None:
    """Two rules of one code find their facts in the same cases, and tell other numbers."""
    comparison = compare(*(with_rules(noting(c)) for c in (credits_left, packages_left)))
    what, witness = only_place(comparison)
    assert witness is not None

    assert "rule left: another condition" == what
    assert witness.first == witness.second
    assert witness.changes.startswith("notes ['left(left=")
    assert f"  what differs: {witness.changes}" in comparison.to_text().split("\n")


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
    return any(e.remaining > 60 for package in case.packages for e in package.entitlements)


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

    assert "refused: own" == witness.second.partition(";")[0]
    assert condition(witness.case, Cover(usable=(), active=(), draws=(), covered=(), uncovered=()))


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
    witness = only_witness(compare(MARCH, house_rules.POLICY))

    assert "refused: on_a_saturday" == witness.second
    assert witness.case.account.time_zone is not None
    assert 6 == witness.case.local(witness.case.booking.starts_at).isoweekday()


def test_several_own_rules_are_several_places() -> None:
    """Each place has a case of its own, in which as few of the others as can be play a part."""
    house = with_rules(odd_rules.booked_on_saturday, odd_rules.put_away)
    first, second = compare(MARCH, house).differences
    assert first.witness is not None
    assert second.witness is not None

    assert "rule put_away: only in" == first.what.partition(" timely")[0]
    assert "refused: package_archived, put_away" == first.witness.second
    assert "refused: booked_on_saturday" == second.witness.second


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
    comparison = compare(one, other)
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


# --- Pages ----------------------------------------------------------------------------------------


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
        "# timely-2026-03 and in-store: the texts differ in 10 places, "
        f"of which 9 make a difference in {tried} cases"
    ) == lines[0]
    assert 10 == sum(line.startswith("## ") for line in lines)
    assert 9 == lines.count("```json") == lines.count("The smallest case:")
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
