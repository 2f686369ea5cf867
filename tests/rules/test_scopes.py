"""Rules of a caller's own, scope by scope: what they are handed, and what follows."""

from dataclasses import replace
from functools import partial

import pytest

from pkgredeem import (
    Audience,
    BookingLine,
    Case,
    Client,
    Cover,
    Draw,
    Entitlement,
    InvalidValueError,
    Package,
    PickedFrom,
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
    INSTANT,
    NOW,
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

FACIALS = package("p1", credit("facial", left=2))


MARCH = rules.TIMELY_2026_03


Question = tuple[Case, Package, Entitlement, BookingLine]


DRAWN = Draw(line=0, package_id="p1", entitlement_id="facial", service_id="facial")


OVER = package("p2", valid_until=NOW)


def _cover_of(asked: Case) -> Cover:
    """Return the cover that a booking rule is handed."""
    seen: list[Cover] = []

    def noting(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - every booking rule takes both
        seen.append(cover)
        return False

    noted = rule(Scope.BOOKING, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    decide(asked, MARCH.including(noted))
    (cover,) = seen
    return cover


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


def test_a_holdings_rule_is_handed_the_client_and_the_active_packages() -> None:
    """It is handed the client of the case, and of the packages those that are not over."""
    seen: list[tuple[Client, tuple[Package, ...]]] = []

    def noting(client: Client, active: tuple[Package, ...]) -> bool:
        seen.append((client, active))
        return False

    noted = rule(Scope.HOLDINGS, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    asked = case(packages=(FACIALS, OVER))
    decide(asked, MARCH.including(noted))

    assert [(asked.client, (FACIALS,))] == seen


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


def test_a_rule_is_a_function_with_a_name() -> None:
    """What has none would be a rule without a code."""
    condition = partial(bool, 1)
    decorate = rule(Scope.CLIENT, clauses=[HOUSE], message="a rule", advice="another")
    with pytest.raises(InvalidValueError) as refused:
        decorate(condition)

    assert ("Rule.condition", condition, "a function with a name") == refusal(refused.value)


@pytest.mark.parametrize(
    "services", [("facial",), ("massage",), ("facial", "facial"), ("facial", "massage")]
)
def test_a_credit_rule_is_handed_the_whole_question(services: tuple[str, ...]) -> None:
    """The case, a package, one of its entitlements that names the service, and a line of it."""
    seen: list[Question] = []

    def noting(case: Case, package: Package, entitlement: Entitlement, line: BookingLine) -> bool:
        seen.append((case, package, entitlement, line))
        return False

    noted = rule(Scope.CREDIT, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    asked = case(*services, packages=[FACIALS])
    decide(asked, MARCH.including(noted))
    (facials,) = FACIALS.entitlements

    assert [
        (asked, FACIALS, facials, line)
        for line in asked.booking.lines
        if line.service.id == "facial"
    ] == seen


@pytest.mark.parametrize(
    ("lines", "draws", "covered", "uncovered"),
    [
        ([line()], (DRAWN,), (0,), ()),
        ([line("massage")], (), (), (0,)),
        ([line(payable=False)], (), (), ()),
        ([line(), line("massage")], (DRAWN,), (0,), (1,)),
        ([line("massage"), line("massage")], (), (), (0, 1)),
        ([line(), line()], (DRAWN, replace(DRAWN, line=1)), (0, 1), ()),
    ],
)
def test_a_booking_rule_is_handed_the_whole_cover(
    lines: list[BookingLine],
    draws: tuple[Draw, ...],
    covered: tuple[int, ...],
    uncovered: tuple[int, ...],
) -> None:
    """Usable and active packages, draws, and the lines with and without a credit."""
    assert Cover(
        usable=(FACIALS,), active=(FACIALS,), draws=draws, covered=covered, uncovered=uncovered
    ) == _cover_of(case(*lines, packages=[OVER, FACIALS]))


def test_the_only_package_is_active_or_not_for_a_booking_rule() -> None:
    """A package that starts before the appointment, but not by now, is usable and not active."""
    by_then = package("p1", credit("facial", left=2), valid_from=NOW + INSTANT)
    active, started_later = (_cover_of(case(packages=[each])) for each in (FACIALS, by_then))

    assert ((FACIALS,), (FACIALS,)) == (active.usable, active.active)
    assert ((by_then,), ()) == (started_later.usable, started_later.active)
