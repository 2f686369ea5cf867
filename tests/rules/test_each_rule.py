"""Every rule of the rulebook: where it alone refuses, where it is silent, and what it says."""

from datetime import date

import pytest

from pkgredeem import (
    AccountSettings,
    Client,
    ClientLogin,
    PackageKind,
    Rule,
    Rulebook,
    Scope,
    rules,
)
from tests.helpers.rule_examples import EXAMPLES, TWO, Found, told
from tests.helpers.support import SHIPPED, account, case, decide

CODES = [
    "account_on_legacy_packages",
    "online_redemption_off",
    "client_login_disabled",
    "client_not_logged_in",
    "several_active_packages",
    "package_of_another_client",
    "package_not_sold_yet",
    "legacy_package",
    "package_archived",
    "package_not_started",
    "package_over",
    "package_over_by_then",
    "package_used_up",
    "package_void",
    "package_suspended",
    "package_booking_over",
    "package_paused",
    "outside_first_use_term",
    "package_not_chosen",
    "service_not_in_package",
    "not_enough_credits",
    "cost_unknown",
    "credit_not_started",
    "credit_over",
    "trait_not_allowed",
    "outside_hours",
    "blacked_out",
    "booked_too_late",
    "booked_too_early",
    "quota_reached",
    "appointment_started",
    "nothing_to_pay",
    "no_package",
    "mixed_booking",
    "no_card_on_file",
]
ONLINE_ONLY = [
    "account_on_legacy_packages",
    "online_redemption_off",
    "client_login_disabled",
    "client_not_logged_in",
    "legacy_package",
    "package_archived",
    "booked_too_late",
    "booked_too_early",
    "appointment_started",
    "several_active_packages",
    "mixed_booking",
]
STAY = [
    "package_of_another_client",
    "package_used_up",
    "service_not_in_package",
    "not_enough_credits",
    "cost_unknown",
    "nothing_to_pay",
    "no_package",
]


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_rule_alone_refuses(code: str) -> None:
    """One fact, and nothing else, refuses this case, and the finding carries what it saw."""
    example = EXAMPLES[code]
    expected: list[Found] = [
        *example.beside,
        (code, example.subject, example.facts),
        *example.after,
    ]

    assert expected == told(decide(example.found).reasons)


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_rule_is_silent_next_to_it(code: str) -> None:
    """The same case with that one fact changed is eligible."""
    assert [] == told(decide(EXAMPLES[code].silent).reasons)


def test_every_refusing_rule_has_its_example() -> None:
    """No rule of a shipped rulebook is left out above but the one that only notes."""
    assert set(CODES) - {"no_card_on_file"} == set(EXAMPLES)


@pytest.mark.parametrize("saved", [True, False])
@pytest.mark.parametrize("asked", [True, False])
def test_a_bypassed_card_page_without_a_card_is_noted(saved: bool, asked: bool) -> None:
    """Staff are told only where the page was bypassed and no card was saved earlier (T21, D28)."""
    client = Client(id="ana", logged_in=True, has_saved_card=saved)
    decision = decide(case(client=client, account=account(card_capture=asked)))
    expected: list[Found] = [("no_card_on_file", "", {})] if asked and not saved else []

    assert decision.eligible
    assert expected == told(decision.notes)


@pytest.mark.parametrize("rulebook", SHIPPED[:2], ids=lambda book: book.name)
def test_both_editions_hold_every_rule_in_order(rulebook: Rulebook) -> None:
    """The rulebooks of the article hold all rules, in the article's order."""
    assert CODES == [each.code for each in rulebook.rules]


def test_the_desk_holds_what_is_not_of_online_booking_alone() -> None:
    """In store count whose it is, its sale and validity, what is left, what it asks (D34, D48)."""
    expected = [code for code in CODES if code not in ONLINE_ONLY]

    assert expected == [each.code for each in rules.IN_STORE.rules]


@pytest.mark.parametrize("code", ONLINE_ONLY)
def test_the_desk_books_what_is_refused_online_only(code: str) -> None:
    """What the article forbids online only is booked at the desk (D34)."""
    assert decide(EXAMPLES[code].found, rules.IN_STORE).eligible


@pytest.mark.parametrize("code", [code for code in EXAMPLES if code not in ONLINE_ONLY])
def test_the_desk_refuses_the_rest_alike(code: str) -> None:
    """What does not depend on booking online is refused at the desk in the same words."""
    online = decide(EXAMPLES[code].found)

    assert online.reasons == decide(EXAMPLES[code].found, rules.IN_STORE).reasons


@pytest.mark.parametrize("code", CODES)
def test_a_rule_tells_what_it_is(code: str) -> None:
    """Each rule's name is its code, and its docstring, words and clauses are there."""
    each = getattr(rules, code)

    assert isinstance(each, Rule)
    assert code == each.code
    assert each.states.endswith(".")
    assert each.message
    assert each.advice
    assert each.clauses
    assert (code not in STAY) is each.can_be_lifted


def test_the_scopes_come_in_the_order_of_a_decision() -> None:
    """Account, client, holdings, package, credit, booking, note: so are rules judged (D22)."""
    order = list(Scope)
    scopes = [order.index(each.scope) for each in rules.TIMELY_2026_03.rules]

    assert sorted(scopes) == scopes


def test_the_editions_differ_by_one_date_only() -> None:
    """The March and April rulebooks hold the same rules; the date of the start differs (T02)."""
    march, april = rules.TIMELY_2026_03, rules.TIMELY_2026_04

    assert march.rules == april.rules
    assert (date(2026, 3, 31), date(2026, 4, 29)) == (
        march.starts_enabled_after,
        april.starts_enabled_after,
    )
    assert rules.IN_STORE.starts_enabled_after is None


def test_the_rulebook_for_booking_online_has_no_limits() -> None:
    """It holds what the April text says but for the two limits, and starts nobody by itself."""
    limits = {"several_active_packages", "mixed_booking"}

    assert [code for code in CODES if code not in limits] == [
        rule.code for rule in rules.ONLINE.rules
    ]
    assert ("online", None) == (rules.ONLINE.name, rules.ONLINE.starts_enabled_after)


WHEN_AND_WHERE = [
    "package_not_started",
    "package_over",
    "package_over_by_then",
    "package_paused",
    "outside_first_use_term",
    "credit_not_started",
    "credit_over",
    "trait_not_allowed",
    "outside_hours",
    "blacked_out",
    "booked_too_late",
    "booked_too_early",
    "quota_reached",
]
ON_RETURN = [
    "legacy_package",
    "package_archived",
    "package_not_started",
    "package_over",
    "package_over_by_then",
    "package_void",
    "package_suspended",
    "package_booking_over",
    "outside_first_use_term",
    "credit_not_started",
    "credit_over",
]


def test_a_move_asks_about_when_and_where() -> None:
    """Of our own rules those about validity at the new start, and none about the sale (D58)."""
    assert WHEN_AND_WHERE == [code for code in CODES if getattr(rules, code).on_move]


def test_a_return_asks_about_kind_status_and_validity() -> None:
    """Of our own rules those tell whether a returned credit can be used again (D13)."""
    assert ON_RETURN == [code for code in CODES if getattr(rules, code).on_return]


def test_nobody_is_told_to_archive_what_a_client_paid_for() -> None:
    """Who has two active packages redeems in store: archiving one would take it away (T10)."""
    (reason,) = decide(EXAMPLES["several_active_packages"].found).reasons

    assert "redeem it in store" == reason.advice_text()


def test_a_legacy_account_is_not_told_of_its_switch() -> None:
    """An account that cannot see the switch is told that it is on legacy packages only (D02)."""
    off = AccountSettings(
        package_kind=PackageKind.LEGACY,
        online_redemption=False,
        client_login=ClientLogin.OPTIONAL,
    )

    assert ["account_on_legacy_packages"] == [
        each.code for each in decide(case(account=off)).reasons
    ]


def test_a_guest_holds_every_package_of_nobody() -> None:
    """To a guest each package is another's, whoever's it is, and none is held (D03, D04)."""
    decision = decide(case(client=Client.guest(), packages=TWO))

    assert [
        ("client_not_logged_in", "", {}),
        ("package_of_another_client", "p1", {}),
        ("package_of_another_client", "p2", {}),
        ("no_package", "", {}),
    ] == told(decision.reasons)
