"""Rules of a caller's own, in every scope: what they see, and what they may answer."""

from functools import partial

import pytest

from pkgredeem import (
    Audience,
    Case,
    Client,
    Cover,
    InvalidValueError,
    PickedFrom,
    Rule,
    Scope,
    rule,
    rules,
)
from tests.helpers.house_rules import (
    HOUSE,
    few_left,
    kept_for_later,
    no_add_on,
    no_card_page,
    no_saturday,
    no_saved_card,
    two_at_most,
)
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    line,
    notes,
    package,
    redemption,
)

BOOK = rules.TIMELY_2026_04


def refusal(error: InvalidValueError) -> tuple[str, object, str]:
    """Return the three parts of an error."""
    return error.field, error.value, error.allowed


def test_an_account_rule_looks_at_account_and_rulebook() -> None:
    """A rule of the caller's may ask under which rulebook it is asked."""
    assert ["no_card_page"] == codes(decide(case(), BOOK.including(no_card_page)))
    assert [] == codes(decide(case(), rules.TIMELY_2026_03.including(no_card_page)))


def test_a_client_rule_may_speak_to_the_client() -> None:
    """The client text of the first reason that has one is what the client is told."""
    decision = decide(case(), BOOK.including(no_saved_card))

    assert ["no_saved_card"] == codes(decision)
    assert "save a card" == decision.explain(Audience.CLIENT)
    assert decide(
        case(client=Client(id="ana", logged_in=True, has_saved_card=True)),
        BOOK.including(no_saved_card),
    ).eligible


def test_a_package_rule_makes_a_package_unusable() -> None:
    """The kept package is left alone; where it is the only one, that is the reason."""
    book = BOOK.including(kept_for_later).without(rules.several_active_packages)
    kept = package("kept", priority=-1)

    assert ["kept_for_later"] == codes(decide(case(packages=[kept]), book))
    both = decide(case(packages=[kept, package("p1")]), book)
    assert [(0, "p1", "facial")] == draws(both)
    assert ["kept_for_later"] == notes(both)


def test_a_credit_rule_restricts_one_line() -> None:
    """The add-on takes the narrow credit, and the menu line the wide one, whatever their rank."""
    book = BOOK.including(no_add_on)
    held = package("p1", credit("facial", "massage"), credit("facial", id="narrow"))
    add_on = line("facial", picked_from=PickedFrom.ADD_ON)

    assert [(0, "p1", "facial+massage"), (1, "p1", "narrow")] == draws(
        decide(case(line("facial"), add_on, packages=[held]), book)
    )
    wide_only = case(add_on, packages=[package("p1", credit("facial", "massage", left=3))])
    (reason,) = decide(wide_only, book).reasons
    assert ("no_add_on", "facial", (("left", 3),)) == (reason.code, reason.subject, reason.facts)
    assert "facial was an add-on, 3 left" == reason.text()


def test_a_credit_rule_that_refuses_a_spare_credit_says_nothing() -> None:
    """Where another credit pays for the line there is nothing to explain."""
    held = package("p1", credit("facial", "massage"), credit("facial"))
    add_on = line("facial", picked_from=PickedFrom.ADD_ON)
    decision = decide(case(add_on, packages=[held]), BOOK.including(no_add_on))

    assert (True, []) == (decision.eligible, notes(decision))


def test_credit_rules_explain_in_their_own_order() -> None:
    """Two rules that refuse are told in the rulebook's order, not in that of the credits (D22)."""
    add_on = line("facial", picked_from=PickedFrom.ADD_ON)
    saturday = case(
        add_on,
        account=account(time_zone=AUCKLAND),
        starts_at=START + 3 * DAY + 2 * HOUR,  # Friday noon in UTC, Saturday in Auckland
        packages=[package("p1", credit("facial"), credit("facial", "massage"))],
    )

    first = BOOK.including(no_saturday, no_add_on)
    assert ["no_saturday", "no_add_on"] == codes(decide(saturday, first))
    second = BOOK.including(no_add_on, no_saturday)
    assert ["no_add_on", "no_saturday"] == codes(decide(saturday, second))


def test_local_time_needs_a_zone() -> None:
    """A rule that asks for local time of an account without a zone is told so, loudly."""
    with pytest.raises(InvalidValueError) as caught:
        decide(case(), BOOK.including(no_saturday))

    assert (
        "AccountSettings.time_zone",
        None,
        "a ZoneInfo where a rule asks for local time",
    ) == refusal(caught.value)


def test_a_booking_rule_sees_what_was_drawn_and_tells_facts() -> None:
    """Facts come sorted by name, and fill in the message in the account's zone."""
    asked = case(
        "facial",
        "facial",
        "facial",
        account=account(time_zone=AUCKLAND),
        packages=[package("p1", credit("facial", left=5))],
    )
    (reason,) = decide(asked, BOOK.including(two_at_most)).reasons

    assert (("drawn", 3), ("first", "p1"), ("starts_at", START)) == reason.facts
    assert "3 credits of p1 at Tue 5 May 2026 22:00" == reason.text(AUCKLAND)
    assert "3 credits of p1 at Tue 5 May 2026 10:00 UTC" == reason.text()


def test_a_note_rule_never_refuses() -> None:
    """What a note rule finds stands beside a yes and beside a no."""
    book = BOOK.including(few_left)
    yes, no = decide(case(), book), decide(case("massage"), book)

    assert (True, ["few_left"]) == (yes.eligible, notes(yes))
    assert (False, ["few_left"]) == (no.eligible, notes(no))
    assert [("left", 1)] == list(yes.notes[0].facts)


def test_a_note_rule_sees_the_credits_of_the_booking_itself_back() -> None:
    """The booking's own reserved credit counts as left, before every rule (D21)."""
    spent = case(packages=[package("p1", credit("facial", left=0))], existing=redemption())

    assert (("left", 1),) == decide(spent, BOOK.including(few_left)).notes[0].facts


@pytest.mark.parametrize("answer", [None, {}, 0, 1, "yes", [("left", 1)]])
@pytest.mark.parametrize("scope", [each for each in Scope if each is not Scope.ACT])
def test_an_answer_that_is_none_is_refused(scope: Scope, answer: object) -> None:
    """A rule answers True, False or facts; anything else is a mistake, and never a silent no."""

    def broken(*_: object) -> object:
        """A rule that answers nonsense."""
        return answer

    asked = case(packages=[package("p1", credit("facial"), credit("massage"))])
    with pytest.raises(InvalidValueError) as caught:
        decide(asked, BOOK.including(made(broken, scope)))
    assert (
        "the answer of broken",
        answer,
        "True, False, or a mapping of at least one fact",
    ) == refusal(caught.value)


def test_a_credit_rule_that_answers_nonsense_is_refused_beside_a_good_credit() -> None:
    """Nonsense about one credit is told even where another credit pays."""

    def broken(_: Case, __: object, held: object, ___: object) -> object:
        """Answer nothing about the first credit, and let the second one pay."""
        return None if held == credit("facial") else False

    asked = case(packages=[package("p1", credit("facial"), credit("facial", id="spare"))])
    with pytest.raises(InvalidValueError, match=r"the answer of broken must be .*, not None"):
        decide(asked, BOOK.including(made(broken, Scope.CREDIT)))


@pytest.mark.parametrize("scope", [each for each in Scope if each is not Scope.ACT])
def test_an_exception_in_a_rule_reaches_the_caller(scope: Scope) -> None:
    """An error in a rule is never an answer."""

    def broken(*_: object) -> bool:
        """A rule that fails."""
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        decide(case(), BOOK.including(made(broken, scope)))


@pytest.mark.parametrize(
    ("facts", "field", "value"),
    [
        ({"": 1}, "facts of broken", ""),
        ({"left": True}, "facts of broken: left", True),
        ({"left": 1.5}, "facts of broken: left", 1.5),
        ({"left": 10**600}, "facts of broken: left", 10**600),
        ({"left": -(10**600)}, "facts of broken: left", -(10**600)),
        ({"at": START.replace(tzinfo=None)}, "facts of broken: at", START.replace(tzinfo=None)),
    ],
)
def test_a_fact_is_a_text_a_number_or_an_instant(
    facts: dict[str, object], field: str, value: object
) -> None:
    """Facts can be stored, compared and translated: nothing else is a fact."""

    def broken(_: Case, __: Cover) -> dict[str, object]:
        """A rule with a fact that is none."""
        return facts

    with pytest.raises(InvalidValueError) as caught:
        decide(case(), BOOK.including(made(broken, Scope.BOOKING)))
    assert (field, value) == refusal(caught.value)[:2]


def test_the_largest_number_that_is_a_fact_can_be_told() -> None:
    """At 600 digits a whole number is still written out, whatever Python is set to."""

    def broken(_: Case, __: Cover) -> dict[str, int]:
        """A rule with two large facts."""
        return {"least": 1 - 10**600, "most": 10**600 - 1}

    found = decide(case(), BOOK.including(made(broken, Scope.BOOKING))).reasons[-1]

    assert (("least", 1 - 10**600), ("most", 10**600 - 1)) == found.facts


def test_a_rule_is_a_function_with_a_name() -> None:
    """What has none would be a rule without a code."""
    condition = partial(bool, 1)
    decorate = rule(Scope.CLIENT, clauses=[HOUSE], message="a rule", advice="another")
    with pytest.raises(InvalidValueError) as refused:
        decorate(condition)

    assert ("Rule.condition", condition, "a function with a name") == refusal(refused.value)


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
