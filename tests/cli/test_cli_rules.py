"""`pkgredeem rules`: the rulebooks as tables and as documents."""

import json
import re
from pathlib import Path

import pytest

from pkgredeem import rules
from tests.helpers.cli_support import run

IN_STORE_HEAD = """\
rulebook in-store: no account starts switched on by itself

package: package_of_another_client [T12 D03 D04] The package was not sold to this client.
package: package_not_sold_yet [T12 D32] The package is sold only after the moment of booking.
"""
#: A rule of one's own, in a module that the command imports from the current folder.
HOUSE_RULES = """
from pkgredeem import Clause, Scope, rule, rules

@rule(
    Scope.BOOKING,
    clauses=[Clause(id="HOUSE-1", heading="house rules", says="No packages on Sundays.")],
    message="it is a Sunday",
    advice="pick another day",
)
def on_a_sunday(case, cover):
    "The appointment is on a Sunday."
    return case.local(case.booking.starts_at).isoweekday() == 7

BOOK = rules.ONLINE.including(on_a_sunday)
"""


def codes_in(text: str) -> list[str]:
    """Return the codes of the rules that were listed in a pipe."""
    return [line.split()[1] for line in text.splitlines()[2:]]


def test_each_rule_has_a_line_that_says_what_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe every line holds scope, code, clauses and the sentence: it can be searched for."""
    result = run(monkeypatch, "rules", "--rulebook", "in-store")
    cited = [
        f"{each.scope.value}: {each.code} [{' '.join(clause.id for clause in each.clauses)}] "
        f"{' '.join(each.states.split())}"
        for each in (*rules.IN_STORE.rules, *rules.acts.EVERY_RULE)
    ]

    assert (0, "") == (result.status, result.err)
    assert result.out.startswith(IN_STORE_HEAD)
    assert cited == result.out.splitlines()[2:]


def test_a_rule_of_ones_own_is_shown_with_its_clause(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`--policy` shows the rules in force, and `--without` leaves one out."""
    (tmp_path / "salon_house_rules.py").write_text(HOUSE_RULES)
    monkeypatch.chdir(tmp_path)
    chosen = ("rules", "--policy", "salon_house_rules:BOOK", "--without", "outside_hours")
    listed, clauses = run(monkeypatch, *chosen), run(monkeypatch, *chosen, "--clauses")
    document = json.loads(run(monkeypatch, *chosen, "--clauses", "--format", "json").out)

    assert "booking: on_a_sunday [HOUSE-1] The appointment is on a Sunday." in listed.out
    assert "outside_hours" not in codes_in(listed.out)
    assert clauses.out.splitlines()[-1] == (
        "HOUSE-1: house rules (your own): No packages on Sundays. Kept by: rule on_a_sunday"
    )
    assert {
        "id": "HOUSE-1",
        "heading": "house rules",
        "says": "No packages on Sundays.",
        "stated_in": [],
        "inferred_in": [],
        "assumed_in": [],
        "implemented_by": [{"kind": "rule", "name": "on_a_sunday"}],
        "kept_by_design": False,
    } == document["clauses"][-1]


@pytest.mark.parametrize(
    ("rulebook", "after"), [("timely-2026-03", "2026-03-31"), ("timely-2026-04", "2026-04-29")]
)
def test_the_date_of_the_automatic_start_is_told(
    monkeypatch: pytest.MonkeyPatch, rulebook: str, after: str
) -> None:
    """The one thing in which the editions differ stands at the head."""
    head = f"rulebook {rulebook}: accounts activated after {after} start switched on"

    assert head == run(monkeypatch, "rules", "--rulebook", rulebook).out.partition("\n")[0]


@pytest.mark.parametrize("argument", ["--format=text", "--clauses"])
def test_a_terminal_shows_every_word(monkeypatch: pytest.MonkeyPatch, argument: str) -> None:
    """Nothing is left out at 80 columns, and no word is broken."""
    seen = run(monkeypatch, "rules", argument, is_terminal=True, environ={"NO_COLOR": "1"}).out
    plain = run(monkeypatch, "rules", argument).out
    words = re.sub(r"Kept by:|[→():\[\],]", " ", plain).split()

    assert 80 >= max(map(len, seen.splitlines()))
    assert [] == [word for word in words if word not in re.sub(r"[→():,]", " ", seen).split()]


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

    assert codes == codes_in(text)[-7:]
    assert codes == [rule["code"] for rule in document["act_rules"]]
    assert ["D09", "D67", "D71"] == [clause["id"] for clause in document["act_rules"][0]["clauses"]]


def test_online_has_neither_of_the_two_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is April without them, and no account starts switched on by itself."""
    text = run(monkeypatch, "rules", "--rulebook", "online").out
    shown = {*codes_in(text)}

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


def test_rules_takes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument too many is a usage error."""
    result = run(monkeypatch, "rules", "a.json")

    assert (2, "") == (result.status, result.out)
    assert result.err.endswith("pkgredeem: unrecognized arguments: a.json\n")
