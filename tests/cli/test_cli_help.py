"""The help of the command and of each of its commands, word for word."""

import pytest

from tests.helpers.cli_support import run

HELP = "-h, --help show this help message and exit"
POLICY = (
    "--rulebook NAME one of timely-2026-03, timely-2026-04, online, in-store "
    "(default: timely-2026-03) "
    "--policy MODULE:NAME a RedemptionPolicy or a Rulebook of your own "
    "--without CODE lift the rule of that code; may be given several times"
)
POLICY_USAGE = "[--rulebook NAME] [--policy MODULE:NAME] [--without CODE]"
AUDIENCE = (
    "--audience staff|client whom to tell: staff everything, a client one careful sentence "
    "(default: staff)"
)
FORMAT = "--format text|json text to read, or JSON, one document a line (default: text)"
PAGE_FORMAT = (
    "--format text|markdown|json text to read, Markdown, or JSON on one line (default: text)"
)
A_RULEBOOK = "a rulebook by its name, or MODULE:NAME of a policy or rulebook of your own"

ALL = (
    "usage: pkgredeem [-h] [--version] COMMAND ... "
    "May this client pay for this booking with a package, and what follows? "
    "positional arguments: COMMAND "
    "example write a case document to begin with "
    "decide decide cases: may a package pay, and what follows? "
    "cancel decide one case, and what a cancellation at some instant does "
    "rules show a rulebook, or what implements each clause "
    "test run scenario files: is every case decided as expected? "
    "diff show where the texts of two rulebooks differ, with a case that shows each place "
    "replay count what would have happened to many bookings "
    "review show what is odd about the rules of a policy "
    f"options: {HELP} --version show program's version number and exit "
    "Exit status: 0; 1 when something is refused, fails, differs or is odd; 2 for bad input or "
    "usage; 3 when `diff` found no case. The help of each command says what it is there."
)
EACH = {
    "example": (
        "usage: pkgredeem example [-h] write a case document to begin with "
        f"options: {HELP} Exit status: 0 it is written, 2 bad input or usage."
    ),
    "decide": (
        f"usage: pkgredeem decide [-h] [--lines] {POLICY_USAGE} [--audience staff|client] "
        "[--format text|json] FILE [FILE ...] "
        "decide cases: may a package pay, and what follows? positional arguments: "
        "FILE a case document; one case a line when it ends in .jsonl; - for standard input "
        f"options: {HELP} --lines standard input holds one case a line {POLICY} {AUDIENCE} "
        f"{FORMAT} Exit status: 0 all are eligible, 1 at least one is refused, "
        "2 bad input or usage."
    ),
    "cancel": (
        f"usage: pkgredeem cancel [-h] --at INSTANT --by client|business {POLICY_USAGE} "
        "[--audience staff|client] [--format text|json] FILE "
        "decide one case, and what a cancellation at some instant does positional arguments: "
        f"FILE a case document; - for standard input options: {HELP} "
        "--at INSTANT when it is cancelled, such as 2026-05-04T12:00:00+12:00 "
        f"--by client|business who cancels {POLICY} {AUDIENCE} {FORMAT} "
        "Exit status: 0 it is cancelled, 1 it is refused, or there is nothing to cancel, "
        "2 bad input or usage."
    ),
    "rules": (
        f"usage: pkgredeem rules [-h] {POLICY_USAGE} [--clauses] [--format text|json] "
        f"show a rulebook, or what implements each clause options: {HELP} {POLICY} "
        "--clauses each clause and decision, and the rules and functions that implement it "
        f"{FORMAT} Exit status: 0 it is shown, 2 bad input or usage."
    ),
    "test": (
        f"usage: pkgredeem test [-h] {POLICY_USAGE} [--format text|json] DIR [DIR ...] "
        "run scenario files: is every case decided as expected? positional arguments: "
        f"DIR folders with *.redeem.toml files, or such files options: {HELP} {POLICY} {FORMAT} "
        "Exit status: 0 all are as expected, 1 at least one is not, 2 bad input or usage."
    ),
    "diff": (
        "usage: pkgredeem diff [-h] [--format text|markdown|json] A B "
        "show where the texts of two rulebooks differ, with a case that shows each place "
        f"positional arguments: A {A_RULEBOOK} B {A_RULEBOOK} options: {HELP} {PAGE_FORMAT} "
        "Exit status: 0 the rules and parameters are the same, 1 a case is decided differently, "
        "3 none was found though the texts differ, 2 bad input or usage."
    ),
    "replay": (
        "usage: pkgredeem replay [-h] [--against NAME] [--carry] [--html FILE] [--processes N] "
        f"{POLICY_USAGE} [--format text|json] CASES.jsonl "
        "count what would have happened to many bookings positional arguments: "
        "CASES.jsonl a file with one case document, or one act document, a line "
        f"options: {HELP} "
        "--against NAME another rulebook, or MODULE:NAME of your own, to ask beside the first "
        "--carry carry balances, uses and redemptions from line to line, in order of booking "
        "--html FILE write a page with charts, too "
        f"--processes N how many processes count (default: one for each core) {POLICY} {FORMAT} "
        "Exit status: 0 every line is counted, 1 a recorded decision is not reproduced, "
        "2 bad input or usage."
    ),
    "review": (
        f"usage: pkgredeem review [-h] {POLICY_USAGE} [--scenarios DIR] "
        "[--format text|markdown|json] show what is odd about the rules of a policy "
        f"options: {HELP} {POLICY} "
        "--scenarios DIR also list the codes that no scenario there expects "
        f"{PAGE_FORMAT} Exit status: 0 nothing is odd, 1 something is, 2 bad input or usage."
    ),
}


def words(monkeypatch: pytest.MonkeyPatch, *argv: str) -> str:
    """Return the words of a help, however its lines are broken."""
    result = run(monkeypatch, *argv, "--help", environ={"COLUMNS": "1000"})
    assert (0, "") == (result.status, result.err)
    return " ".join(result.out.split())


def test_the_help_names_each_command_and_every_exit_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What each is for, and what 0 to 3 mean."""
    assert ALL == words(monkeypatch)


@pytest.mark.parametrize("command", EACH)
def test_the_help_of_a_command_says_what_it_takes_and_how_it_ends(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Each argument with its default, and each exit status."""
    assert EACH[command] == words(monkeypatch, command)
