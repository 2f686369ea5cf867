"""The commands of the verification kit: test, diff and review."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pkgredeem import RedemptionPolicy
from pkgredeem.cli import _review
from pkgredeem.documents import read_case
from pkgredeem.testing import Review
from tests.helpers import odd_rules
from tests.helpers.cli_support import run

SCENARIOS = Path(__file__).parents[1] / "scenarios"

FILE = """\
[given]
now = 2026-05-01T09:00:00+12:00
account = { online_redemption = true, client_login = "optional", time_zone = "Pacific/Auckland" }
client = { id = "ana", logged_in = true }
packages = [
    { id = "p1", client_id = "ana", entitlements = [{ services = ["facial"], remaining = 1 }] },
]
booking = { id = "b1", starts_at = 2026-05-09T10:00:00+12:00, lines = [{ service.id = "facial" }] }

[[scenario]]
name = "a facial on a Saturday"
expect.eligible = true

[[scenario]]
name = "in three parts"
booking.lines = [{ service.id = "facial" }, { service.id = "mask" }, { service.id = "mask" }]
expect.reasons = ["service_not_in_package", "mixed_booking"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one scenario file."""
    (tmp_path / "salon.redeem.toml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_the_scenarios_of_the_article_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says how many, and the status is 0."""
    result = run(monkeypatch, "test", SCENARIOS / "01-how-to-enable.redeem.toml", SCENARIOS)

    assert (0, "") == (result.status, result.err)
    assert "330 passed, 0 failed\n" == result.out


def test_a_failure_is_shown_and_the_status_is_1(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Expected beside actual, the explanation and the document, then the count."""
    result = run(monkeypatch, "test", "--policy", "tests.helpers.odd_rules:policy", folder)
    lines = result.out.split("\n")

    assert 1 == result.status
    assert [
        f"{folder / 'salon.redeem.toml'}:10: a facial on a Saturday",
        "  eligible",
        "    expected: true",
        "    actual:   false",
        "",
        "refused under timely-2026-03 +booked_on_saturday: 1 reason",
    ] == lines[:6]
    assert "0 passed, 2 failed" == lines[-2]


def test_results_as_json(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """One document a scenario, on a line of its own."""
    result = run(monkeypatch, "test", "--without", "mixed_booking", "--format", "json", folder)
    good, bad = map(json.loads, result.out.splitlines())

    assert 1 == result.status
    assert {
        "file": str(folder / "salon.redeem.toml"),
        "line": 10,
        "name": "a facial on a Saturday",
        "passed": True,
        "mismatches": [],
    } == good
    assert [
        {
            "what": "reasons",
            "expected": "service_not_in_package, mixed_booking",
            "actual": "none",
        }
    ] == bad["mismatches"]


def test_what_a_rule_raises_is_a_failure(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The exception is told in a line, and the other scenarios run all the same."""
    named = ("test", "--policy", "tests.helpers.odd_rules:breaking", folder)
    text, plain = run(monkeypatch, *named), run(monkeypatch, *named, "--format", "json")
    place = folder / "salon.redeem.toml"

    assert (1, 1) == (text.status, plain.status)
    assert (
        f"{place}:14: in three parts\n  raised KeyError: 'duration'\n\n1 passed, 1 failed\n"
        == text.out
    )
    assert {
        "file": str(place),
        "line": 14,
        "name": "in three parts",
        "passed": False,
        "raised": "KeyError: 'duration'",
    } == json.loads(plain.out.splitlines()[1])


def test_a_broken_file_is_bad_input(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Its problems stand on standard error with their lines, and nothing on standard output."""
    path = folder / "salon.redeem.toml"
    path.write_text(FILE.replace("mixed_booking", "mixed_bookings"), encoding="utf-8")
    result = run(monkeypatch, "test", folder)

    assert (2, "") == (result.status, result.out)
    assert f"{path}:17: reasons holds 'mixed_bookings': give mixed_booking\n" == result.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["test", "nowhere"], "pkgredeem: 'nowhere' can't be read: no such file or directory\n"),
        (
            ["test", "src"],
            "pkgredeem: 'src' holds no scenario: give a folder of *.redeem.toml\n",
        ),
        (
            ["diff", "instore", "timely-2026-03"],
            "pkgredeem: 'instore' is not a rulebook: did you mean in-store?\n",
        ),
        (
            ["review", "--rulebook", "in-store", "--policy", "tests.helpers.odd_rules:policy"],
            "pkgredeem: give either --rulebook or --policy\n",
        ),
        (
            ["review", "--policy", "tests/odd_rules.py:policy"],
            (
                "pkgredeem: No module named 'tests/odd_rules': "
                "give the name of a module, not its path, such as salon.rules:policy\n"
            ),
        ),
        (["review", "--policy", "no_such:policy"], "pkgredeem: No module named 'no_such'\n"),
        (["diff", "timely-2026-03", "a:b:c"], "pkgredeem: No module named 'a'\n"),
        (
            ["review", "--scenarios", "nowhere"],
            "pkgredeem: 'nowhere' can't be read: no such file or directory\n",
        ),
    ],
)
def test_bad_usage_is_told(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    """What is wrong stands on standard error, and the status is 2."""
    result = run(monkeypatch, *arguments)

    assert (2, "", told) == (result.status, result.out, result.err)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import sys\nsys.exit(0)\n", "SystemExit: 0"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("this is no Python\n", "SyntaxError: invalid syntax (broken_policy.py, line 1)"),
    ],
)
def test_a_module_that_can_not_be_imported_is_bad_usage(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, told: str
) -> None:
    """Whatever it does instead of being imported: it never looks as if all had passed."""
    (tmp_path / "broken_policy.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = run(monkeypatch, "test", "--policy", "broken_policy:policy", str(SCENARIOS))

    assert (2, "") == (result.status, result.out)
    assert f"pkgredeem: broken_policy:policy can't be imported: {told}\n" == result.err


@pytest.mark.parametrize("name", [".zz:P", "..:P"])
def test_a_relative_name_is_bad_usage(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """There is nothing that it could be relative to."""
    result = run(monkeypatch, "diff", "in-store", name)

    assert (2, "") == (result.status, result.out)
    assert result.err.startswith(f"pkgredeem: {name} can't be imported: TypeError: ")


PAGE = Review(
    rulebook="mine",
    tried=3,
    never_found=("a",),
    always_found=(),
    never_alone=(),
    always_together=(),
    without_scenario=None,
)


def reviewed(page: Review) -> Callable[..., Review]:
    """Return what stands in for a review, and takes no time."""
    return lambda *_, **__: page


def test_a_page_has_three_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text, Markdown, and JSON; 1 when something is odd."""
    monkeypatch.setattr(_review, "review", reviewed(PAGE))
    text = run(monkeypatch, "review")
    markdown = run(monkeypatch, "review", "--format", "markdown")
    plain = run(monkeypatch, "review", "--format", "json")

    assert [1, 1, 1] == [page.status for page in (text, markdown, plain)]
    assert f"{PAGE.to_text()}\n" == text.out
    assert f"{PAGE.to_markdown()}\n" == markdown.out
    assert PAGE.to_dict() == json.loads(plain.out)


def test_diff_says_what_changes_in_april(monkeypatch: pytest.MonkeyPatch) -> None:
    """The date of the automatic start, 29 days later, and an account that shows it; status 1."""
    result = run(monkeypatch, "diff", "timely-2026-03", "timely-2026-04", "--format", "json")
    document = json.loads(result.out)
    (place,) = document["differences"]

    assert (1, "", False, True) == (
        result.status,
        result.err,
        document["same_text"],
        document["difference_found"],
    )
    assert "starts_enabled_after: 2026-03-31 and 2026-04-29, 29 days apart" == place["what"]
    assert RedemptionPolicy().decide_case(read_case(place["witness"]["case"])).eligible


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("timely-2026-03", "tests.helpers.odd_rules:never_found"),
        ("tests.helpers.odd_rules:never_found", "timely-2026-03"),
    ],
)
def test_diff_never_calls_texts_alike_that_differ(
    monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    """Where no case shows the rule that only one holds, it says so, names the rule, and ends 3."""
    result = run(monkeypatch, "diff", first, second)

    assert (3, "") == (result.status, result.err)
    assert "rule card_too_many: only in timely-2026-03 +card_too_many" in result.out
    assert re.search(r"\n  no difference found in 4,[0-9]{3} cases\n", result.out)
    assert result.out.endswith(" cases: card_too_many\n")


def test_diff_of_the_same_text_is_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rulebook beside itself: the same rules and parameters, and no case is tried."""
    result = run(monkeypatch, "diff", "in-store", "in-store")

    assert (0, "") == (result.status, result.err)
    assert "in-store (first) and in-store (second): the same rules and parameters\n" == result.out


def test_review_is_given_the_scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder reaches the review, and the codes that it leaves out are told."""
    asked: list[object] = []

    def reviewing(policy: RedemptionPolicy, *, scenarios: str) -> Review:
        asked.extend((policy, scenarios))
        return replace(PAGE, never_found=(), without_scenario=("booked_on_saturday",))

    monkeypatch.setattr(_review, "review", reviewing)
    named = ("--policy", "tests.helpers.odd_rules:policy", "--scenarios", SCENARIOS)
    result = run(monkeypatch, "review", *named)

    assert [odd_rules.policy, str(SCENARIOS)] == asked
    assert 1 == result.status
    assert result.out.endswith("\ncodes without a scenario: booked_on_saturday\n")


def test_review_is_0_when_nothing_is_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clean review ends well."""
    monkeypatch.setattr(_review, "review", reviewed(replace(PAGE, never_found=())))

    assert 0 == run(monkeypatch, "review").status


def test_a_module_of_the_current_folder_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A policy of one's own need not be installed; equal policies end with 0."""
    (tmp_path / "my_salon.py").write_text("from pkgredeem.rules import IN_STORE as book", "utf-8")
    monkeypatch.chdir(tmp_path)
    before = list(sys.path)
    result = run(monkeypatch, "diff", "my_salon:book", "in-store")

    assert 0 == result.status
    assert result.out.endswith(": the same rules and parameters\n")
    assert before == sys.path
