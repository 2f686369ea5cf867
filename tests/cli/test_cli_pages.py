"""How the pages of the kit and the messages about arguments reach a file or a terminal."""

import json
import sys
from pathlib import Path

import pytest

from pkgredeem import RedemptionPolicy, Rulebook, rules
from pkgredeem.cli import _diff, _review, _test, main
from pkgredeem.testing import Review
from tests.helpers.cli_support import CASE, Result, Stream, run, written

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")
PAGE = Review(
    rulebook="Zoë\x1b[31m",
    tried=3,
    never_found=tuple(f"rule_number_{number}" for number in range(9)),
    always_found=(),
    never_alone=(),
    always_together=(),
    without_scenario=None,
)
#: What the scenarios of a file start from: six lines.
GIVEN = """\
[given]
now = 2026-05-01T09:00:00Z
account = { online_redemption = true }
client = "guest"
packages = []
booking = { id = "b", starts_at = 2026-05-05T09:00:00Z, lines = [{ service.id = "facial" }] }
"""


@pytest.fixture(autouse=True)
def a_review_that_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every review comes to that page."""
    monkeypatch.setattr(_review, "review", lambda *_, **__: PAGE)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_page_is_only_text_in_any_encoding(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """What is written into a file has no control character, and is never an error."""
    result = run(monkeypatch, "review", "--format", form, encoding="ascii")

    assert (1, "") == (result.status, result.err)
    assert "Zo\\xeb\\x1b[31m" in result.out
    assert "\x1b" not in result.out


def test_a_page_as_json_is_one_line_of_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it holds."""
    out = run(monkeypatch, "review", "--format", "json").out

    assert (1, True, PAGE.to_dict()) == (out.count("\n"), out.isascii(), json.loads(out))


@pytest.mark.parametrize("of_out", [True, False])
def test_a_page_is_wrapped_for_the_stream_that_it_goes_to(
    monkeypatch: pytest.MonkeyPatch, of_out: bool
) -> None:
    """And a message for standard error: one of them may be a terminal where the other is a file."""
    run(monkeypatch, "rules")  # a plain environment
    out, err = Stream(is_terminal=of_out), Stream(is_terminal=not of_out)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)

    assert [1, 2] == [main(["review"]), main(["decide", "a.json", "--without", "zzz"])]
    assert of_out is (max(map(len, out.text().splitlines())) <= 80)
    assert of_out is (max(map(len, err.text().splitlines())) > 80)


def test_diff_compares_the_first_with_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """In that order, and its status tells which of the three it is."""
    asked: list[str] = []

    class Compared:
        """A comparison of texts that differ, with or without a case that shows it."""

        is_same_text = False
        is_difference_found = False

        def to_text(self) -> str:
            """Return a word."""
            return "compared"

    def comparing(one: RedemptionPolicy, other: RedemptionPolicy) -> Compared:
        asked.extend((one.rulebook.name, other.rulebook.name))
        return Compared()

    monkeypatch.setattr(_diff, "compare", comparing)
    none_found = run(monkeypatch, "diff", "in-store", "online")
    Compared.is_difference_found = True
    found = run(monkeypatch, "diff", "in-store", "online")

    assert ["in-store", "online"] * 2 == asked
    assert [Result(3, "compared\n", ""), Result(1, "compared\n", "")] == [none_found, found]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (
            ["rules", "--policy", "os:path"],
            (
                "pkgredeem: policy must be the name of a RedemptionPolicy or a Rulebook, "
                "not 'os:path'\n"
            ),
        ),
        (
            ["rules", "--policy", "nobody_has_this.py:policy"],
            (
                "pkgredeem: No module named 'nobody_has_this': "
                "give the name of a module, not its path, such as salon.rules:policy\n"
            ),
        ),
    ],
)
def test_what_is_named_and_is_no_policy_is_told(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], told: str
) -> None:
    """Nothing else is; a module's file is no module."""
    assert Result(2, "", told) == run(monkeypatch, *argv)


@pytest.mark.parametrize(
    ("argv", "usage", "told"),
    [
        (
            ["replay", "a.jsonl", "--processes", "²"],
            "usage: pkgredeem replay [-h] ",
            (
                "\npkgredeem replay: argument --processes: must be a whole number of 1 or more, "
                "not '²'\n"
            ),
        ),
        (
            ["replay", "a.jsonl", "--processes", "٣"],
            "usage: pkgredeem replay [-h] ",
            (
                "\npkgredeem replay: argument --processes: must be a whole number of 1 or more, "
                "not '٣'\n"
            ),
        ),
        (
            ["rules", "--format", " json"],
            "usage: pkgredeem rules [-h] ",
            (
                "\npkgredeem rules: argument --format: ' json' is none of the words: "
                "did you mean json?\n"
            ),
        ),
    ],
)
def test_a_wrong_argument_is_told_below_the_usage(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], usage: str, told: str
) -> None:
    """The usage is that of the command that was asked for."""
    result = run(monkeypatch, *argv)

    assert (2, "") == (result.status, result.out)
    assert result.err.startswith(usage)
    assert result.err.endswith(told)


def test_a_rule_that_ends_the_process_is_never_called_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its status is that of the command."""
    source = """
from pkgredeem import Scope, clauses, rule, rules

@rule(Scope.CLIENT, clauses=[clauses.T07], message="m", advice="a")
def ending(client):
    "The process ends."
    raise SystemExit(3)

POLICY = rules.IN_STORE.including(ending)
"""
    Path("rules_that_end.py").write_text(source, encoding="utf-8")
    written(tmp_path, "a.json", CASE)

    assert Result(3, "", "") == run(
        monkeypatch, "decide", "a.json", "--policy", "rules_that_end:POLICY"
    )


def test_the_count_of_a_run_is_green_or_red(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Red as soon as one has failed."""
    text = f'{GIVEN}[[scenario]]\nname = "a guest"\nexpect.eligible = '
    good, bad = tmp_path / "good.redeem.toml", tmp_path / "bad.redeem.toml"
    good.write_text(f"{text}false\n", encoding="utf-8")
    bad.write_text(f"{text}true\n", encoding="utf-8")
    passed = run(monkeypatch, "test", good, good, is_terminal=True)
    failed = run(monkeypatch, "test", bad, good, is_terminal=True)

    assert Result(0, "\x1b[1;32m2 passed, 0 failed\x1b[0m\n", "") == passed
    assert (1, True) == (
        failed.status,
        failed.out.endswith("\n\x1b[1;31m1 passed, 1 failed\x1b[0m\n"),
    )


def test_every_problem_of_a_scenario_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line for each of two."""
    Path("a.redeem.toml").write_text(
        f'{GIVEN}[[scenario]]\nname = "a"\nexpect.reasons = ["no_pack"]\n'
        '[[scenario]]\nname = "b"\nexpect.reasons = ["no_pac"]\n',
        encoding="utf-8",
    )

    assert Result(
        2,
        "",
        "a.redeem.toml:9: reasons holds 'no_pack': give no_package\n"
        "a.redeem.toml:12: reasons holds 'no_pac': give no_package\n",
    ) == run(monkeypatch, "test", "a.redeem.toml")


def test_the_policy_reaches_the_scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name stands in what a scenario expects of it, and each folder is loaded with it."""
    asked: list[tuple[object, str]] = []

    def loading(path: str, *, policy: RedemptionPolicy) -> tuple[()]:
        asked.append((path, policy.rulebook.name))
        return ()

    monkeypatch.setattr(_test, "load_scenarios", loading)
    result = run(monkeypatch, "test", "here", "--rulebook", "online")

    assert [("here", "online")] == asked
    assert Result(
        2, "", "pkgredeem: 'here' holds no scenario: give a folder of *.redeem.toml\n"
    ) == (result)


def test_rules_as_json_hold_what_each_rule_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that a rule lacks is null, and every clause that it cites is there."""
    book: Rulebook = rules.TIMELY_2026_03
    document = json.loads(run(monkeypatch, "rules", "--format", "json").out)
    listed = (*document["rules"], *document["act_rules"])

    assert [
        {
            "code": rule.code,
            "scope": rule.scope.value,
            "finds": rule.states,
            "message": rule.message,
            "advice": rule.advice,
            "client_text": rule.client_text,
            "can_be_lifted": rule.can_be_lifted,
            "on_move": rule.on_move,
            "on_return": rule.on_return,
            "reads": list(rule.reads),
            "clauses": [clause.id for clause in rule.clauses],
        }
        for rule in (*book.rules, *rules.acts.EVERY_RULE)
    ] == [rule | {"clauses": [clause["id"] for clause in rule["clauses"]]} for rule in listed]
    assert document["rules"][4]["client_text"] is None


def test_a_clause_on_a_terminal_has_its_heading_its_text_and_who_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beside its number; what is known of it stands behind the heading, edition by edition."""
    lines = run(
        monkeypatch, "rules", "--clauses", is_terminal=True, environ={"NO_COLOR": "1"}
    ).out.splitlines()
    plain = run(monkeypatch, "rules", "--clauses").out
    start = next(index for index, line in enumerate(lines) if line.startswith("  T07"))

    assert [
        "  T07           FAQ, log in  stated in 2026-03, assumed in 2026-04",
        "                A client has to be logged in to see packages and to redeem them.",
    ] == [line.rstrip() for line in lines[start : start + 2]]
    assert lines[start + 2].startswith("                → rule client_not_logged_in")
    assert "\nT01: " in plain
    assert "(stated in 2026-03 and 2026-04): " in plain
    assert lines[0].startswith("rulebook timely-2026-03: accounts activated after 2026-03-31")
