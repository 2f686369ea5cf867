"""The pytest plugin: scenario files are tests, wherever pkgredeem is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

FILE = """
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
name = "a guest holds nothing"
client = "guest"
packages = []
booking.starts_at = 2026-05-08T10:00:00+12:00
expect.reasons = ["client_not_logged_in", "no_package"]
"""

OWN_RULE = """
from pkgredeem import Clause, Scope, rule, rules

HOUSE = Clause(id="HOUSE-1", heading="house", says="no packages on Saturdays")


@rule(Scope.BOOKING, clauses=[HOUSE], message="a Saturday", advice="another day")
def booked_on_saturday(case, cover):
    "The appointment is on a Saturday, by the account's own calendar."
    return case.local(case.booking.starts_at).isoweekday() == 6


@rule(Scope.CLIENT, clauses=[HOUSE], message="no", advice="no")
def breaks_on_guests(client):
    "It breaks."
    return not client.id.strip()


salon = rules.TIMELY_2026_03.including(booked_on_saturday)
broken = rules.TIMELY_2026_03.including(breaks_on_guests)
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:
    """Return a folder with a scenario file and a module with rules of one's own."""
    pytester.makefile(".redeem.toml", salon=FILE)
    pytester.makepyfile(salon_rules=OWN_RULE)
    return pytester


def outcomes(folder: pytest.Pytester, *arguments: str) -> dict[str, int]:
    """Run pytest in this process and return how many of each outcome there were."""
    return folder.runpytest_inprocess(*arguments).parseoutcomes()


def test_each_scenario_is_a_test(folder: pytest.Pytester) -> None:
    """A file has as many tests as scenarios, by their names; other files are not touched."""
    folder.makefile(".toml", other="x = 1")
    folder.makefile(".redeem.old.toml", salon="x = 1")
    result = folder.runpytest_inprocess("--verbose")

    assert {"passed": 2} == result.parseoutcomes()
    result.stdout.fnmatch_lines(
        [
            "salon.redeem.toml::a facial on a Saturday PASSED*",
            "salon.redeem.toml::a guest holds nothing PASSED*",
        ]
    )


def test_each_scenario_says_where_it_stands(folder: pytest.Pytester) -> None:
    """By its file and its line, which pytest counts from 0: the first stands in line 10."""
    found, _ = folder.inline_genitems()

    assert [
        ("salon.redeem.toml", 9, "a facial on a Saturday"),
        ("salon.redeem.toml", 13, "a guest holds nothing"),
    ] == [item.location for item in found]


def test_a_failure_is_shown_in_words(folder: pytest.Pytester) -> None:
    """Expected stands beside actual, with the explanation and a case to paste; no traceback."""
    folder.makefile(
        ".redeem.toml", salon=FILE.replace("expect.eligible = true", "expect.prompt = false")
    )
    result = folder.runpytest_inprocess()

    assert {"passed": 1, "failed": 1} == result.parseoutcomes()
    result.stdout.fnmatch_lines(
        [
            "*a facial on a Saturday*",
            "*salon.redeem.toml:10: a facial on a Saturday",
            "  prompt",
            "    expected: false",
            "    actual:   true",
            "eligible under timely-2026-03: a package can be used for this booking",
            "to ask again, paste this into `pkgredeem decide --rulebook timely-2026-03 -`:",
            '  "format": "pkgredeem/1",',
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*runtest*")


def test_another_rulebook_is_chosen_by_the_option(folder: pytest.Pytester) -> None:
    """In store nobody has to be logged in, so the guest's scenario fails there."""
    assert {"passed": 1, "failed": 1} == outcomes(folder, "--redeem-rulebook", "in-store")


def test_a_policy_of_ones_own_is_chosen_by_the_option(folder: pytest.Pytester) -> None:
    """With "no packages on Saturdays" the facial is refused."""
    folder.syspathinsert()

    assert {"passed": 1, "failed": 1} == outcomes(folder, "--redeem-policy", "salon_rules:salon")


def test_the_configuration_chooses_too_and_the_option_comes_first(
    folder: pytest.Pytester,
) -> None:
    """What pytest.ini chooses holds, unless an option says otherwise."""
    folder.makeini("[pytest]\nredeem_policy = salon_rules:salon\npythonpath = .\n")

    assert {"passed": 1, "failed": 1} == outcomes(folder)
    assert {"passed": 2} == outcomes(folder, "--redeem-rulebook", "timely-2026-04")


def test_the_configuration_chooses_a_rulebook_too(folder: pytest.Pytester) -> None:
    """One of the library, by its name."""
    folder.makeini("[pytest]\nredeem_rulebook = in-store\n")

    assert {"passed": 1, "failed": 1} == outcomes(folder)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--redeem-rulebook", "instore"], "rulebook must be in-store, not 'instore'"),
        (["--redeem-policy", "no_such_module:policy"], "No module named 'no_such_module'"),
    ],
)
def test_a_wrong_choice_is_told(folder: pytest.Pytester, arguments: list[str], told: str) -> None:
    """A policy that can't be found is an error of the file, in one line."""
    result = folder.runpytest_inprocess(*arguments)

    assert {"errors": 1} == result.parseoutcomes()
    result.stdout.fnmatch_lines([told])


def test_a_broken_file_is_told_with_its_line(folder: pytest.Pytester) -> None:
    """A misspelt code is an error at collection, with the nearest right one."""
    folder.makefile(".redeem.toml", salon=FILE.replace("no_package", "no_pakage"))
    result = folder.runpytest_inprocess()

    assert {"errors": 1} == result.parseoutcomes()
    result.stdout.fnmatch_lines(["*:19: reasons holds 'no_pakage': give no_package"])


def test_what_a_rule_raises_is_shown_with_its_traceback(folder: pytest.Pytester) -> None:
    """An exception in a rule is never an answer: the test fails and shows the rule."""
    folder.syspathinsert()
    result = folder.runpytest_inprocess("--redeem-policy", "salon_rules:broken")

    assert {"passed": 1, "failed": 1} == result.parseoutcomes()
    result.stdout.fnmatch_lines(["*return not client.id.strip()*", "*AttributeError*"])


def test_what_is_missing_is_told(folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, a scenario file says what to install."""
    for name in ("_run", "_reader", "_values", "_expectations"):
        monkeypatch.delitem(sys.modules, f"pkgredeem.testing.scenarios.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "pkgredeem.documents", None)
    result = folder.runpytest_inprocess()

    assert {"errors": 1} == result.parseoutcomes()
    result.stdout.fnmatch_lines(
        ["salon.redeem.toml needs pkgredeem.documents: pip install 'pkgredeem[[]testing]'"]
    )


def test_xdist_shares_the_scenarios_out(
    folder: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another process the same scenarios run, each once, of the rulebook that is chosen."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # these two are enough, and quicker
    named = ("-p", "xdist", "-p", "pkgredeem.testing.scenarios.plugin", "--numprocesses", "1")
    result = folder.runpytest_subprocess(*named, "--redeem-rulebook", "in-store")

    assert {"passed": 1, "failed": 1} == result.parseoutcomes()


def test_the_plugin_is_light(tmp_path: Path) -> None:
    """Where there is no scenario file, pytest loads the plugin and nothing that it could need."""
    code = (
        "import sys, pytest\n"
        "pytest.main(['-q', '-p', 'pkgredeem.testing.scenarios.plugin', sys.argv[1]])\n"
        "print(*sorted({n.partition('.')[0] for n in sys.modules}"
        " & {'attr', 'hypothesis', 'rich'}))\n"
        "edges = ('pkgredeem.testing.', 'pkgredeem.documents', 'pkgredeem.cli')\n"
        "print(*sorted(n for n in sys.modules if n.startswith(edges)))"
    )
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = [
        f"pkgredeem.testing.{name}"
        for name in ("contract", "contract._summary", "scenarios", "scenarios.plugin")
    ]
    assert ["", " ".join(loaded)] == run.stdout.splitlines()[-2:]


def test_coverage_sees_the_core_in_this_project(pytestconfig: pytest.Config) -> None:
    """Here the plugin is named by the tests and not found by pytest, which would import too early.

    pytest imports the plugins that it finds before coverage begins, and the core with them.
    """
    manager = pytestconfig.pluginmanager

    assert manager.is_blocked("pkgredeem")
    assert manager.hasplugin("pkgredeem.testing.scenarios.plugin")
