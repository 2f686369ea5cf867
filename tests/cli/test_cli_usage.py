"""What is said of arguments that are wrong, of a missing extra, and how a command is added."""

import argparse
import sys
from importlib import metadata
from types import ModuleType

import pytest

import pkgredeem
from pkgredeem.cli import _commands, main
from pkgredeem.cli._commands import Command
from tests.helpers.cli_support import EXAMPLES, Result, run

CASE_FILE = EXAMPLES / "last-credit-is-enough.json"
COMMANDS = [each.name for each in _commands.COMMANDS]
AT_AND_BY = ("--at", "2026-05-04T12:00:00+12:00", "--by", "client")
LIFTABLE = (
    "account_on_legacy_packages, online_redemption_off, client_login_disabled, "
    "client_not_logged_in, several_active_packages, package_not_sold_yet, legacy_package, "
    "package_archived, package_not_started, package_over, package_over_by_then, package_void, "
    "package_suspended, package_booking_over, package_paused, outside_first_use_term, "
    "package_not_chosen, credit_not_started, credit_over, trait_not_allowed, outside_hours, "
    "blacked_out, booked_too_late, booked_too_early, quota_reached, appointment_started, "
    "mixed_booking, no_card_on_file"
)


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["decid"], "pkgredeem: 'decid' is not a command: did you mean decide?"),
        (["x"], f"pkgredeem: 'x' is not a command: give one of {', '.join(COMMANDS)}"),
        ([], "pkgredeem: the following arguments are required: COMMAND"),
        (["decide"], "pkgredeem decide: the following arguments are required: FILE"),
        (["decide", "--colour", CASE_FILE], "pkgredeem: unrecognized arguments: --colour"),
        (["decide", "-", "-"], "pkgredeem: standard input can be read once: give - only once"),
        (
            ["decide", CASE_FILE, "--lines"],
            "pkgredeem: --lines is for standard input: give - as a FILE",
        ),
        (
            ["decide", CASE_FILE, "--rulebook", "timely-2026-3"],
            (
                "pkgredeem decide: argument --rulebook: 'timely-2026-3' is not a rulebook: "
                "did you mean timely-2026-03?"
            ),
        ),
        (
            ["decide", CASE_FILE, "--rulebook", ""],
            (
                "pkgredeem decide: argument --rulebook: '' is not a rulebook: "
                "give one of timely-2026-03, timely-2026-04, online, in-store"
            ),
        ),
        (
            ["decide", CASE_FILE, "--without", "mixed_bookings"],
            (
                "pkgredeem: argument --without: 'mixed_bookings' is not a rule of timely-2026-03: "
                "did you mean mixed_booking?"
            ),
        ),
        (
            ["decide", CASE_FILE, "--without", "mixed_booking", "--without", "zzz"],
            (
                "pkgredeem: argument --without: 'zzz' is not a rule of timely-2026-03: "
                f"give one of {LIFTABLE}"
            ),
        ),
        (
            ["decide", CASE_FILE, "--without", "no_package"],
            (
                "pkgredeem: argument --without: 'no_package' can't be lifted: "
                "it explains the allocation itself"
            ),
        ),
        (
            ["cancel", CASE_FILE, *AT_AND_BY, "--rulebook", "in-store", "--without", "package_ove"],
            (
                "pkgredeem: argument --without: 'package_ove' is not a rule of in-store: "
                "did you mean package_over?"
            ),
        ),
        (
            ["decide", CASE_FILE, "--audience", "Clients"],
            (
                "pkgredeem decide: argument --audience: 'Clients' is none of the words: "
                "did you mean client?"
            ),
        ),
        (
            ["decide", CASE_FILE, "--format", "yaml"],
            (
                "pkgredeem decide: argument --format: 'yaml' is none of the words: "
                "give one of text, json"
            ),
        ),
        (
            ["cancel", CASE_FILE, "--at", "2026-05-04T12:00:00", "--by", "client"],
            (
                "pkgredeem cancel: argument --at: must be an instant with its offset, such as "
                "2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z, not '2026-05-04T12:00:00'"
            ),
        ),
        (
            ["cancel", CASE_FILE, "--at", "2026-05-04T12:00:00Z", "--by", "staff"],
            (
                "pkgredeem cancel: argument --by: 'staff' is none of the words: "
                "give one of client, business"
            ),
        ),
        (
            ["cancel", CASE_FILE],
            "pkgredeem cancel: the following arguments are required: --at, --by",
        ),
        (
            ["cancel", "a.jsonl", *AT_AND_BY],
            "pkgredeem: cancel takes one case, and 'a.jsonl' holds one a line: give a .json file",
        ),
    ],
)
def test_a_wrong_argument_is_told_with_the_nearest_right_one(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], told: str
) -> None:
    """The status is 2, and standard output stays empty."""
    result = run(monkeypatch, *argv)

    assert (2, "", told) == (result.status, result.out, result.err.splitlines()[-1])


def test_an_option_is_never_abbreviated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later option can't change what a shorter word means."""
    result = run(monkeypatch, "decide", CASE_FILE, "--rule", "in-store")

    assert (2, "") == (result.status, result.out)


def test_an_argument_reaches_the_terminal_as_text_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control signs of an argument are escaped where it is shown."""
    result = run(monkeypatch, "rules", "\x1b[31m\u202e")

    assert result.err.endswith("unrecognized arguments: \\x1b[31m\\u202e\n")


def test_the_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is that of the library itself, whether it is installed or not."""
    told = f"pkgredeem {pkgredeem.__version__}\n"

    assert Result(0, told, "") == run(monkeypatch, "--version")


def test_the_help_lists_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The help is printed on standard output, with status 0."""
    result = run(monkeypatch, "--help")

    assert (0, "") == (result.status, result.err)
    assert ["example", "decide", "cancel", "rules"] == COMMANDS[:4]
    assert [] == [name for name in COMMANDS if f"    {name} " not in result.out]


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_breaks_no_name(
    monkeypatch: pytest.MonkeyPatch, command: str, columns: int
) -> None:
    """No line of it ends inside a name such as `in-store`, however wide the terminal is."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run(monkeypatch, *filter(None, [command]), "--help").out.splitlines()

    assert [] == [line for line in lines if line.endswith("-") or len(line) > columns]


@pytest.mark.parametrize("command", ["decide", "cancel", "rules"])
def test_each_command_has_its_help(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Every command says which rulebooks there are."""
    result = run(monkeypatch, command, "--help")

    assert (0, "") == (result.status, result.err)
    assert result.out.startswith(f"usage: pkgredeem {command} ")
    assert "timely-2026-04" in result.out


def test_without_arguments_those_of_the_process_are_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The installed command calls `main` with nothing."""
    monkeypatch.setattr(sys, "argv", ["pkgredeem", "--version"])

    assert 0 == main()
    assert capsys.readouterr().out.startswith("pkgredeem ")


def test_the_command_is_installed() -> None:
    """The entry point of the command is `main`."""
    (entry,) = metadata.entry_points(group="console_scripts", name="pkgredeem")

    assert main is entry.load()


@pytest.mark.parametrize("missing", ["rich", "attrs"])
def test_a_missing_extra_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """Each command needs the extra; the help and the version do not."""
    for name in [each for each in sys.modules if _is_of_the_edges(each)]:
        monkeypatch.delitem(sys.modules, name)
    for name in [each for each in sys.modules if each.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    told = f"pkgredeem: {missing} is not installed: run\n\n    pip install 'pkgredeem[cli]'\n\n"

    assert Result(2, "", told) == run(monkeypatch, "decide", CASE_FILE)
    assert 0 == run(monkeypatch, "--help").status


def _is_of_the_edges(module: str) -> bool:
    return module.startswith(("pkgredeem.documents", "pkgredeem.cli._"))


def test_a_module_of_ours_that_is_missing_is_no_missing_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A broken installation is not hidden behind the advice to install the extra."""
    monkeypatch.setattr(_commands, "COMMANDS", (Command("gone", "is gone", "_gone", "0 never"),))

    with pytest.raises(ModuleNotFoundError, match=r"pkgredeem\.cli\._gone"):
        main(["gone"])


def test_a_command_is_one_module_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a module with `configure` and `run` returns is the exit status."""

    class Added(ModuleType):
        """A command in a module of its own."""

        @staticmethod
        def configure(parser: argparse.ArgumentParser) -> None:
            """Take one number."""
            parser.add_argument("number", type=int)

        @staticmethod
        def run(arguments: argparse.Namespace) -> int:
            """Return it."""
            return int(arguments.number)

    monkeypatch.setitem(sys.modules, "pkgredeem.cli._added", Added("added"))
    added = Command("added", "return a number", "_added", "0 the number is 0")
    monkeypatch.setattr(_commands, "COMMANDS", (*_commands.COMMANDS, added))

    assert Result(1, "", "") == run(monkeypatch, "added", "1")
    assert "added" in run(monkeypatch, "--help").out
    told = run(monkeypatch, "added", "--help").out.splitlines()[-1]
    assert "Exit status: 0 the number is 0, 2 bad input or usage." == told
