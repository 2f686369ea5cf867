"""The decision table: it tells every reason and every outcome, with no row too many."""

import random
import re
from dataclasses import replace
from functools import cache

import pytest

from pkgredeem import Decision, InvalidValueError, RedemptionPolicy, Rulebook, Scope, rules
from pkgredeem.testing import DecisionTable, table
from pkgredeem.testing.comparison._facts import Point
from pkgredeem.testing.comparison._lattice import Lattice
from pkgredeem.testing.comparison._table import Row
from tests.helpers import odd_rules

LIFTED = rules.TIMELY_2026_03.without(
    rules.package_archived, rules.several_active_packages, rules.mixed_booking
)
BOOKS = (rules.TIMELY_2026_04, rules.IN_STORE, LIFTED)


@cache
def table_of(book: Rulebook) -> DecisionTable:
    """Return the table of a rulebook, made once."""
    return table(RedemptionPolicy(book))


def allowed(told: str, values: tuple[str, ...]) -> frozenset[int]:
    """Read a cell back: the indexes of the values that it allows."""
    if told == "-":
        return frozenset(range(len(values)))
    others = told.removeprefix("any but ")
    named = frozenset(values.index(word) for word in others.split(" or "))
    return named if others == told else frozenset(range(len(values))) - named


def boxes(book: Rulebook) -> list[tuple[Row, list[frozenset[int]]]]:
    """Return each row of a table with the values that its cells allow."""
    facts = Lattice(book.starts_enabled_after).facts
    values = [
        tuple(fact.said([index]) for index in range(len(fact.values)))
        if len(fact.values) > 1
        else fact.values
        for fact in facts
    ]
    return [
        (row, [allowed(cell, words) for cell, words in zip(row.when, values, strict=True)])
        for row in table_of(book).rows
    ]


def fits(point: Point, box: list[frozenset[int]]) -> bool:
    """Tell whether the point is in the box."""
    return all(value in values for value, values in zip(point, box, strict=True))


def reasons(decision: Decision) -> set[str]:
    """Return the codes of the reasons."""
    return {each.code for each in decision.reasons}


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_the_rows_tell_every_reason_and_every_outcome(book: Rulebook) -> None:
    """Of any choice of all facts at once: the reasons are the union of the rows that it fits."""
    rows = boxes(book)
    lattice, policy = Lattice(book.starts_enabled_after), RedemptionPolicy(book)
    dice = random.Random(7)
    seen = 0
    # Plain facts half of the time, or hardly anything would be eligible.
    while seen < 600:
        point = Point(
            *(
                dice.randrange(len(fact.values)) if dice.random() < 0.25 else 0
                for fact in lattice.facts
            )
        )
        case = lattice.case(point)
        if case is None:
            continue
        seen += 1
        decision = policy.decide_case(case)
        told = [row for row, box in rows if fits(point, box)]

        assert reasons(decision) == {row.reason for row in told if not row.eligible}
        if decision.eligible:
            assert {
                (
                    decision.deposit,
                    decision.card_capture,
                    tuple(dict.fromkeys(each.code for each in decision.notes)),
                )
            } == {(row.deposit, row.card_capture, row.notes) for row in told}
        else:
            assert not any(row.eligible for row in told)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_no_row_could_be_dropped(book: Rulebook) -> None:
    """Each row fits a case whose answer no other row gives."""
    rows = boxes(book)
    lattice = Lattice(book.starts_enabled_after)
    dice = random.Random(7)

    def is_needed(row: Row, box: list[frozenset[int]]) -> bool:
        others = [each for other, each in rows if other is not row and other.answer == row.answer]
        for _ in range(1_000):
            point = Point(*(dice.choice(sorted(values)) for values in box))
            if lattice.case(point) is not None and not any(fits(point, each) for each in others):
                return True
        return False

    assert [] == [row for row, box in rows if not is_needed(row, box)]


@pytest.mark.parametrize(
    ("book", "rows"),
    [(rules.TIMELY_2026_04, 47), (rules.IN_STORE, 30)],
    ids=lambda each: getattr(each, "name", ""),
)
def test_the_tables_of_the_library_are_short(book: Rulebook, rows: int) -> None:
    """At most 60 rows each, and every reason is there; March has but another date than April."""
    shown = table_of(book)

    assert rows == len(shown.rows) <= 60
    assert {each.code for each in book.rules if each.scope is not Scope.NOTE} == {
        row.reason for row in shown.rows if not row.eligible
    }


def test_the_account_part_reads_as_the_article_does() -> None:
    """Four rows say when an account refuses, and the two dates stand on both sides."""
    shown = table_of(rules.TIMELY_2026_04).to_text().split("\n\n")
    (part,) = [each for each in shown if each.startswith("Refused for the account")]

    head, _, *rows = (re.split("  +", line) for line in part.splitlines()[1:])

    assert "packages of the account/online redemption/activated/Client Login/answer" == "/".join(
        head
    )
    assert [
        ["legacy", "-", "-", "-", "account_on_legacy_packages"],
        ["new", "off or never chosen", "unknown or until 2026-04-29", "-", "online_redemption_off"],
        ["new", "off", "-", "-", "online_redemption_off"],
        ["-", "-", "-", "disabled", "client_login_disabled"],
    ] == rows


def test_what_all_rows_of_a_part_have_in_common_is_said_once() -> None:
    """Columns that say the same in every row stand above the table; a single row has columns."""
    text = table_of(rules.TIMELY_2026_04).to_text()

    assert (
        "Refused for the credit\n"
        "In every row: packages: one or two alike; sold: unknown or by now; package: new; "
        "archived: no; valid from: any but after the start; "
        "valid until: ever or after the start.\n"
        "credits                             services booked" in text
    )
    assert (
        "Refused for the client\n"
        "client                  answer\n"
        "----------------------  --------------------\n"
        "not logged in or guest  client_not_logged_in\n" in text
    )


def test_the_page_says_that_the_rows_add_up() -> None:
    """All reasons of a case are the union of its rows, and the page says so."""
    shown = table_of(rules.TIMELY_2026_04)
    said = "A case is refused for the reasons of every row that it fits: all of them together."

    assert said in shown.to_text()
    assert said in shown.to_markdown()
    assert str(shown.to_dict()["union"]).startswith(said)


def test_the_table_in_markdown() -> None:
    """Headings and tables, with a dash for what makes no difference."""
    lines = table_of(rules.IN_STORE).to_markdown().splitlines()

    assert "# Decision table of in-store, 30 rows" == lines[0]
    assert "| packages | services booked | exchanged for | answer |" in lines
    assert "| - | nothing to pay | - | nothing_to_pay |" in lines
    assert "| - | - | a booking late, by the client | late_reschedule |" in lines


def test_the_table_as_plain_values() -> None:
    """Each row has a value for every fact."""
    rows = table_of(rules.TIMELY_2026_04).to_dict()["rows"]
    assert isinstance(rows, list)
    (login,) = [row for row in rows if row["reason"] == "client_not_logged_in"]

    assert "not logged in or guest" == login["when"].pop("client")
    assert {"-"} == set(login["when"].values())
    assert (False, None, None, []) == (
        login["eligible"],
        login["deposit"],
        login["card_capture"],
        login["notes"],
    )
    assert {"not_required", "waived", None} == {row["deposit"] for row in rows}


def test_a_rule_of_ones_own_is_a_fact_itself() -> None:
    """What nobody else knows is told by the rule's own words; a note has no row."""
    book = rules.TIMELY_2026_04.including(odd_rules.booked_on_saturday, odd_rules.card_too_many)
    shown = table(RedemptionPolicy(book))
    (own,) = [row for row in shown.rows if row.reason == "booked_on_saturday"]

    assert "booked_on_saturday" == shown.facts[-1]
    assert ("yes", {"-"}) == (own.when[-1], set(own.when[:-1]))
    assert {"no"} == {row.when[-1] for row in shown.rows if row.eligible}
    assert 48 == len(shown.rows)
    assert "card_too_many" not in shown.facts
    assert (
        "\nRules of your own, each a fact of this table:\n\n- booked_on_saturday: "
        "The appointment is on a Saturday, by the account's own calendar; not a fault at all.\n"
        in shown.to_text()
    )


def test_only_a_policy_has_a_table() -> None:
    """A rulebook is not a policy."""
    with pytest.raises(InvalidValueError, match=r"policy must be a RedemptionPolicy, not .*"):
        table(rules.IN_STORE)  # type: ignore[arg-type]


def test_a_table_is_a_value() -> None:
    """An equal one is the same, and it can be kept in a set."""
    shown = table_of(rules.IN_STORE)

    assert {shown} == {shown, replace(shown)}
