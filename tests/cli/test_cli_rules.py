"""`pkgredeem rules`: the rulebooks as tables, and each clause with what implements it."""

import json
import re

import pytest

from pkgredeem import rules
from pkgredeem.clauses import ARTICLE, DECISIONS
from tests.helpers.cli_support import run

IN_STORE_HEAD = """\
rulebook in-store: no account starts switched on by itself

code                       scope    clause  2026-03   2026-04  heading
package_of_another_client  package  T12     stated    assumed  FAQ, sell online
package_of_another_client  package  D03     ours      ours     a guest where login is optional
package_of_another_client  package  D04     ours      ours     someone else's package
"""


def test_the_rulebook_is_a_table_with_a_line_for_each_clause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a pipe every line says its rule again, so that it can be searched for."""
    result = run(monkeypatch, "rules", "--rulebook", "in-store")
    cited = [
        (each.code, clause.id)
        for each in (*rules.IN_STORE.rules, *rules.acts.EVERY_RULE)
        for clause in each.clauses
    ]

    assert (0, "") == (result.status, result.err)
    assert result.out.startswith(IN_STORE_HEAD)
    assert cited == [(line.split()[0], line.split()[2]) for line in result.out.splitlines()[3:]]


@pytest.mark.parametrize(
    "line",
    [
        "client_not_logged_in        client    T07     stated    assumed  FAQ, log in",
        "package_archived            package   T24     assumed   stated   how to enable",
        "mixed_booking               booking   T17     inferred  stated   booking limitations",
    ],
)
def test_what_is_known_of_a_clause_stands_under_each_edition(
    monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Stated, inferred and assumed are told apart, edition by edition."""
    assert line in run(monkeypatch, "rules").out.splitlines()


@pytest.mark.parametrize(
    ("rulebook", "after"), [("timely-2026-03", "2026-03-31"), ("timely-2026-04", "2026-04-29")]
)
def test_the_date_of_the_automatic_start_is_told(
    monkeypatch: pytest.MonkeyPatch, rulebook: str, after: str
) -> None:
    """The one thing in which the editions differ stands at the head."""
    head = f"rulebook {rulebook}: accounts activated after {after} start switched on"

    assert head == run(monkeypatch, "rules", "--rulebook", rulebook).out.partition("\n")[0]


def test_a_terminal_shows_each_rule_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the line before has said already is left out, and codes are never broken."""
    result = run(monkeypatch, "rules", is_terminal=True, environ={"NO_COLOR": "1"})

    assert 1 == result.out.count("account_on_legacy_packages")
    assert all(each.code in result.out for each in rules.TIMELY_2026_03.rules)
    assert 80 >= max(map(len, result.out.splitlines()))


def test_the_rulebook_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """One document with everything that is known of each rule."""
    result = run(monkeypatch, "rules", "--format", "json")
    document = json.loads(result.out)
    rule = next(each for each in document["rules"] if each["code"] == "client_not_logged_in")
    clauses = rule.pop("clauses")

    assert ("pkgredeem-rules/1", "timely-2026-03", "2026-03-31") == (
        document["format"],
        document["rulebook"],
        document["starts_enabled_after"],
    )
    assert [each.code for each in rules.TIMELY_2026_03.rules] == [
        each["code"] for each in document["rules"]
    ]
    assert {
        "code": "client_not_logged_in",
        "scope": "client",
        "finds": "The client books as a guest, or has not logged in.",
        "message": "the client is not logged in",
        "advice": "ask the client to log in, then book",
        "client_text": "log in to use a package",
        "can_be_lifted": True,
        "on_move": False,
        "on_return": False,
        "reads": [],
    } == rule
    assert {
        "id": "T07",
        "heading": "FAQ, log in",
        "says": "A client has to be logged in to see packages and to redeem them.",
        "stated_in": ["2026-03"],
        "inferred_in": [],
        "assumed_in": ["2026-04"],
    } == clauses[0]


def test_the_rules_of_acts_stand_after_those_of_the_rulebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are in no rulebook, and hold under each; in JSON they have a list of their own."""
    text = run(monkeypatch, "rules", "--rulebook", "online").out
    document = json.loads(run(monkeypatch, "rules", "--format", "json").out)
    codes = [
        "changes_closed",
        "late_change",
        "new_start_passed",
        "appointment_not_started",
        "late_cancellation",
        "booked_inside_the_window",
        "credit_not_usable",
    ]
    shown = dict.fromkeys(line.split()[0] for line in text.splitlines()[3:])

    assert codes == list(shown)[-7:]
    assert codes == [rule["code"] for rule in document["act_rules"]]
    assert ["D09", "D67", "D71"] == [clause["id"] for clause in document["act_rules"][0]["clauses"]]


def test_online_has_neither_of_the_two_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is April without them, and no account starts switched on by itself."""
    text = run(monkeypatch, "rules", "--rulebook", "online").out
    shown = {line.split()[0] for line in text.splitlines()[3:]}

    assert text.startswith("rulebook online: no account starts switched on by itself\n")
    assert {rule.code for rule in rules.TIMELY_2026_04.rules} - shown == {
        "several_active_packages",
        "mixed_booking",
    }


def test_what_a_move_asks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ours the rules about when and where are asked on moves (D58), those of use on returns."""
    document = json.loads(run(monkeypatch, "rules", "--format", "json").out)
    told = {
        key: [rule["code"] for rule in document["rules"] if rule[key]]
        for key in ("on_move", "on_return")
    }

    assert [
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
    ] == told["on_move"]
    assert [
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
    ] == told["on_return"]


@pytest.mark.parametrize(
    "line",
    [
        "outside_hours              credit   D46     ours      ours     weekdays and hours",
        "package_void               package  D52     ours      ours     debt and refunds",
    ],
)
def test_the_rules_beyond_the_article_are_listed(
    monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """What the plans ask stands in every rulebook, each rule with its decision (D40)."""
    found = run(monkeypatch, "rules", "--rulebook", "in-store").out.splitlines()

    assert line in found


def test_each_rule_of_a_plan_tells_what_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fields without which it is silent."""
    document = json.loads(run(monkeypatch, "rules", "--format", "json").out)
    reads = {rule["code"]: rule["reads"] for rule in document["rules"]}

    assert (["restrictions"], ["pauses"], []) == (
        reads["outside_hours"],
        reads["package_paused"],
        reads["mixed_booking"],
    )


def test_a_rulebook_that_never_starts_by_itself_has_no_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The desk's rulebook has null in place of a date."""
    result = run(monkeypatch, "rules", "--rulebook", "in-store", "--format", "json")

    assert json.loads(result.out)["starts_enabled_after"] is None


def test_each_clause_is_shown_with_what_implements_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules come first, then rules of acts, then functions."""
    result = run(monkeypatch, "rules", "--clauses")
    lines = [line.split(maxsplit=1) for line in result.out.splitlines()[3:]]
    t23 = [rest.partition("window")[2].split() for clause, rest in lines if clause == "T23"]

    assert 0 == result.status
    assert [each.id for each in (*ARTICLE, *DECISIONS)] == list(
        dict.fromkeys(clause for clause, _ in lines)
    )
    assert [
        ["act", "rule", "late_cancellation"],
        ["function", "free_until"],
        ["function", "credit_on_cancel"],
        ["function", "refund_on_cancel"],
    ] == t23


def test_clauses_as_json_name_everything_that_implements_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every clause is implemented by something in the rulebooks of the article, or by design."""
    result = run(monkeypatch, "rules", "--clauses", "--format", "json")
    document = json.loads(result.out)
    clauses = {clause["id"]: clause for clause in document["clauses"]}

    assert "pkgredeem-clauses/1" == document["format"]
    assert [clause.id for clause in (*ARTICLE, *DECISIONS)] == list(clauses)
    assert [
        {"kind": "rule", "name": "several_active_packages"},
        {"kind": "function", "name": "shows_notice"},
    ] == clauses["T10"]["implemented_by"]
    assert [] == [
        name
        for name, clause in clauses.items()
        if clause["kept_by_design"] is bool(clause["implemented_by"])
    ]


def test_a_clause_that_no_rule_implements_is_kept_by_design(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the library may never do, or how all of it behaves, is in no single rule."""
    text = run(monkeypatch, "rules", "--clauses")

    assert [["design", "by no single rule"]] == [
        re.split(" {2,}", line)[2:] for line in text.out.splitlines() if line.startswith("T06")
    ]


def test_the_desk_says_which_clauses_it_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the article forbids online only is in no rule of the desk (D34)."""
    text = run(monkeypatch, "rules", "--clauses", "--rulebook", "in-store")

    assert [["what you need to know; FAQ, log in", "-", "not in in-store"]] == [
        re.split(" {2,}", line)[1:] for line in text.out.splitlines() if line.startswith("T05")
    ]


def test_rules_takes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument too many is a usage error."""
    result = run(monkeypatch, "rules", "a.json")

    assert (2, "") == (result.status, result.out)
    assert result.err.endswith("pkgredeem: unrecognized arguments: a.json\n")
