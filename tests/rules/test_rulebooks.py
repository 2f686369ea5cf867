"""Rulebooks: rules lifted and added, and rules of a caller's own in every scope."""

import pickle
from dataclasses import replace
from typing import Any

import pytest

from pkgredeem import (
    Case,
    Client,
    Cover,
    InvalidValueError,
    Package,
    Rule,
    Rulebook,
    Scope,
    rule,
    rules,
)
from pkgredeem.clauses import T17
from tests.helpers.house_rules import (
    HOUSE,
    few_left,
    kept_for_later,
    more_than_two_packages,
    no_add_on,
    no_card_page,
    no_saved_card,
    of_an_act,
    two_at_most,
)
from tests.helpers.support import case, decide, package

BOOK = rules.TIMELY_2026_04
OURS = (
    no_card_page,
    no_saved_card,
    more_than_two_packages,
    kept_for_later,
    no_add_on,
    two_at_most,
    few_left,
)
#: What any rule is made of, but for its scope.
FIELDS: dict[str, Any] = {
    "code": "any_rule",
    "clauses": (HOUSE,),
    "message": "never said",
    "advice": "mend the rule",
    "client_text": None,
    "condition": lambda *_: False,
}
NO_SUCH_RULE = "rules of in-store"
EXPLAINS = "rules that can be lifted (this one explains the allocation itself)"
STARRED = [
    "package_of_another_client",
    "package_used_up",
    "service_not_in_package",
    "not_enough_credits",
    "nothing_to_pay",
    "no_package",
]


def refusal(error: InvalidValueError) -> tuple[str, object, str]:
    """Return the three parts of an error."""
    return error.field, error.value, error.allowed


def test_lifting_rules_makes_a_new_rulebook_that_says_so() -> None:
    """The name tells what was lifted, in the order asked for; the old rulebook is as it was."""
    lifted = BOOK.without(rules.mixed_booking, rules.several_active_packages)

    assert "timely-2026-04 -mixed_booking -several_active_packages" == lifted.name
    assert {"mixed_booking", "several_active_packages"} == {
        each.code for each in set(BOOK.rules) - set(lifted.rules)
    }
    assert (BOOK.starts_enabled_after, 35, 33) == (
        lifted.starts_enabled_after,
        len(BOOK.rules),
        len(lifted.rules),
    )
    assert BOOK == BOOK.without()


def test_adding_rules_makes_a_new_rulebook_that_says_so() -> None:
    """Each added rule comes last in its scope, whatever the order in which they are given."""
    added = BOOK.including(*reversed(OURS))
    last = {each.scope: each.code for each in added.rules}

    assert (
        "timely-2026-04 +few_left +two_at_most +no_add_on +kept_for_later"
        " +more_than_two_packages +no_saved_card +no_card_page" == added.name
    )
    assert {each.scope: each.code for each in OURS} == last
    assert [each.code for each in BOOK.rules] == [
        each.code for each in added.rules if each not in OURS
    ]
    assert "in-store -no_card_on_file +few_left" == (
        rules.IN_STORE.without(rules.no_card_on_file).including(few_left).name
    )


@pytest.mark.parametrize(
    ("lifted", "value", "allowed"),
    [
        ([rules.mixed_booking], "mixed_booking", NO_SUCH_RULE),
        ([rules.no_card_on_file, rules.no_card_on_file], "no_card_on_file", NO_SUCH_RULE),
        ([few_left], "few_left", NO_SUCH_RULE),
        *(([BOOK.rule(code)], code, EXPLAINS) for code in STARRED),
    ],
)
def test_what_cannot_be_lifted(lifted: list[Rule], value: str, allowed: str) -> None:
    """A rule that is not there, and one that explains the allocation, can't be lifted."""
    with pytest.raises(InvalidValueError) as caught:
        rules.IN_STORE.without(*lifted)

    assert ("rules", value, allowed) == refusal(caught.value)


def test_a_code_is_there_once() -> None:
    """A rule whose code is in the rulebook can't be added again, not even another one."""
    with pytest.raises(InvalidValueError) as caught:
        BOOK.including(rules.mixed_booking)
    assert ("Rulebook.rules", "mixed_booking", "listed only once") == refusal(caught.value)

    with pytest.raises(InvalidValueError, match="listed only once"):
        BOOK.including(replace(few_left, code="mixed_booking"))


@pytest.mark.parametrize("wrong", ["mixed_booking", None, [rules.mixed_booking]])
def test_only_rules_are_lifted_and_added(wrong: object) -> None:
    """A code, or a list, is no rule."""
    for change in (BOOK.without, BOOK.including):
        with pytest.raises(InvalidValueError) as caught:
            change(wrong)  # type: ignore[arg-type]  # that is the point
        assert ("rules[0]", wrong, "a Rule") == refusal(caught.value)


def test_a_rulebook_holds_no_rule_of_acts() -> None:
    """What nothing changes after booking is no matter of a rulebook (D11)."""
    with pytest.raises(InvalidValueError) as caught:
        BOOK.including(of_an_act)

    allowed = "rules about decisions, since no rulebook judges acts (D11)"
    assert ("Rulebook.rules", "of_an_act", allowed) == refusal(caught.value)


def test_a_rulebook_holds_what_explains_the_allocation() -> None:
    """Without these seven a refusal could be without a reason."""
    with pytest.raises(InvalidValueError) as caught:
        Rulebook(name="bare", starts_enabled_after=None, rules=[])

    assert ("Rulebook.rules", []) == refusal(caught.value)[:2]
    assert (
        "rules that include the library's own package_of_another_client, package_used_up,"
        " service_not_in_package, not_enough_credits, nothing_to_pay, no_package, cost_unknown"
        == caught.value.allowed
    )


@pytest.mark.parametrize("code", STARRED)
@pytest.mark.parametrize("scope", [None, Scope.NOTE])
def test_what_explains_the_allocation_is_not_replaced(code: str, scope: Scope | None) -> None:
    """Another rule of that code, in its own scope or another, would answer for the library."""
    ours = BOOK.rule(code)
    own = Rule(
        code=code,
        scope=scope or ours.scope,
        clauses=(HOUSE,),
        message=ours.message,
        advice=ours.advice,
        client_text=None,
        condition=ours.condition,
        can_be_lifted=False,
    )
    replaced = [own if rule == ours else rule for rule in BOOK.rules]
    with pytest.raises(InvalidValueError) as caught:
        Rulebook(name="odd", starts_enabled_after=None, rules=replaced)

    assert ("Rulebook.rules", f"rules that include the library's own {code}") == (
        caught.value.field,
        caught.value.allowed,
    )
    with pytest.raises(InvalidValueError, match="listed only once"):
        BOOK.including(own)


def test_nobody_elses_package_pays_whatever_rule_has_that_code() -> None:
    """Eva's package never pays for Ana: no rulebook is made in which it would (T12, D04)."""

    def package_of_another_client(case: Case, package: Package) -> bool:  # noqa: ARG001 - see below
        """Find nothing: whose the package is would not matter."""
        return False

    ours = rules.package_of_another_client
    lax = made(package_of_another_client, Scope.PACKAGE)
    with pytest.raises(InvalidValueError) as caught:
        replace(BOOK, rules=tuple(lax if rule == ours else rule for rule in BOOK.rules))

    assert "rules that include the library's own package_of_another_client" == caught.value.allowed
    assert not decide(case(packages=[package(client_id="eva")]), BOOK).eligible


def test_a_rule_is_found_by_its_code() -> None:
    """A rulebook gives its rules by code and by scope."""
    assert rules.mixed_booking is BOOK.rule("mixed_booking")
    assert (rules.client_not_logged_in,) == BOOK.of_scope(Scope.CLIENT)
    assert () == BOOK.of_scope(Scope.ACT)
    with pytest.raises(InvalidValueError) as caught:
        BOOK.rule("late")
    assert ("code", "late") == refusal(caught.value)[:2]
    assert caught.value.allowed.startswith(
        "one of account_on_legacy_packages, online_redemption_off, client_login_disabled, client_"
    )


def test_a_rule_is_pickled_by_its_module_and_name() -> None:
    """What comes back is the rule itself, alone and in a rulebook; a local one can't be pickled."""
    assert few_left is pickle.loads(pickle.dumps(few_left))  # noqa: S301 (our own bytes)
    book = BOOK.including(*OURS)
    assert book == pickle.loads(pickle.dumps(book))  # noqa: S301 (our own bytes)

    def local(_: Case, __: Cover) -> bool:
        """A rule inside a function."""
        return False

    with pytest.raises(pickle.PicklingError, match=r"local is not the .*local of its module"):
        pickle.dumps(made(local, Scope.BOOKING))


def test_a_rule_can_be_asked_like_the_function_that_it_is() -> None:
    """Calling a rule asks its condition, and its docstring is what it states."""
    assert [True, False] == [no_saved_card(Client.guest()), not no_saved_card(Client.guest())]
    assert "The client has saved no card." == no_saved_card.states


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "NotLower"),
        ("code", "not a name"),
        ("message", "a {0} by number"),
        ("message", "an {unclosed"),
        ("message", "{fact.attribute}"),
        ("message", "{fact:>8}"),
        ("advice", "{fact!r}"),
        ("advice", "{}"),
        ("client_text", "2 left"),
        ("client_text", "{subject}"),
        ("client_text", "an } alone"),
    ],
)
def test_the_words_of_a_rule_are_checked_when_it_is_made(field: str, value: str) -> None:
    """Codes are lower-case names, fields are plain names, a client text holds no digit (D24)."""
    with pytest.raises(InvalidValueError) as caught:
        replace(few_left, **{field: value})  # type: ignore[arg-type]  # wrong words on purpose

    assert (f"Rule.{field}", value) == refusal(caught.value)[:2]


@pytest.mark.parametrize("scope", Scope)
def test_a_move_asks_a_callers_rule_about_what_is_drawn(scope: Scope) -> None:
    """Unless it says otherwise, where its scope is package, credit or booking (D58)."""
    of_draws = scope in {Scope.PACKAGE, Scope.CREDIT, Scope.BOOKING}
    plain = Rule(**(FIELDS | {"scope": scope}))
    silent = Rule(**(FIELDS | {"scope": scope, "on_move": False}))

    assert (of_draws, False, False) == (plain.on_move, silent.on_move, plain.on_return)
    if of_draws:
        assert plain == Rule(**(FIELDS | {"scope": scope, "on_move": True}))
    else:
        with pytest.raises(InvalidValueError) as caught:
            Rule(**(FIELDS | {"scope": scope, "on_move": True}))
        assert ("Rule.on_move", True, f"False for a rule of {scope}") == refusal(caught.value)


@pytest.mark.parametrize("scope", Scope)
def test_only_a_package_or_credit_rule_is_asked_of_a_return(scope: Scope) -> None:
    """Nothing else is known of a credit that came back (D13)."""
    if scope in {Scope.PACKAGE, Scope.CREDIT}:
        assert Rule(**(FIELDS | {"scope": scope, "on_return": True})).on_return
    else:
        with pytest.raises(InvalidValueError) as caught:
            Rule(**(FIELDS | {"scope": scope, "on_return": True}))
        assert ("Rule.on_return", True, f"False for a rule of {scope}") == refusal(caught.value)


@pytest.mark.parametrize("cited", [T17, "T17", (), ("T17",), None])
def test_a_rule_cites_clauses(cited: object) -> None:
    """One clause without its comma, its id, or none at all are mistakes that are told."""

    def broken(_: Case, __: Cover) -> bool:
        """A rule without a source."""
        return False

    with pytest.raises(InvalidValueError, match=r"^Rule.clauses(\[0\])? must be "):
        rule(Scope.BOOKING, clauses=cited, message="no", advice="no")(broken)  # type: ignore[call-overload]  # that is the point


def made(condition: object, scope: Scope) -> Rule:
    """Return a rule of that condition, which may be a wrong one."""
    name = getattr(condition, "__name__", "")
    return Rule(
        code=name,
        scope=scope,
        clauses=(HOUSE,),
        message="never said",
        advice="mend the rule",
        client_text=None,
        condition=condition,  # type: ignore[arg-type]  # a wrong one on purpose
    )
