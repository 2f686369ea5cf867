"""The exit statuses that the help and the pages tell are those with which the command ends."""

import re
from functools import partial
from pathlib import Path

import pytest

from pkgredeem import Actor, Audience, RedemptionPolicy
from pkgredeem.cli import _diff, _review
from pkgredeem.cli._commands import COMMANDS, Command
from pkgredeem.documents import decision_document, read_case, read_instant
from pkgredeem.testing import Review, compare, review
from tests.helpers.cli_support import CASE, NOT_LOGGED_IN, ROOT, run, written

IN_TIME = ("--at", "2026-05-04T10:00:00+12:00", "--by", "client")
AT_THE_START = ("--at", "2026-05-05T10:00:00+12:00", "--by", "client")
SCENARIO = """\
[given]
now = 2026-05-01T09:00:00+12:00
account = { online_redemption = true, client_login = "optional" }
client = "guest"
packages = []
booking = { id = "b1", starts_at = 2026-05-05T10:00:00+12:00, lines = [{ service.id = "facial" }] }
[[scenario]]
name = "a guest pays as usual"
expect.eligible = """
CLEAN = Review(
    rulebook="mine",
    tried=1,
    never_found=(),
    always_found=(),
    never_alone=(),
    always_together=(),
    without_scenario=None,
)


def ended() -> dict[str, object]:
    """Return a case whose booking was redeemed, and cancelled since."""
    redemption = RedemptionPolicy().decide_case(read_case({**CASE})).redemption
    assert redemption is not None
    now = read_instant("2026-05-02T09:00:00+12:00")
    change = RedemptionPolicy().cancel(redemption, by=Actor.CLIENT, now=now).change
    assert change is not None
    return {**CASE, "existing": change.after.to_document()}


def recorded(**changed: object) -> dict[str, object]:
    """Return a case with the decision of the time, some of it changed."""
    decision = RedemptionPolicy().decide_case(read_case({**CASE}))
    return {**CASE, "recorded": decision_document(decision, Audience.STAFF) | changed}


ACT = {
    "format": "pkgredeem-act/1",
    "act": "cancel",
    "booking_id": "unknown",
    "by": "client",
    "now": "2026-05-02T09:00:00+12:00",
}
#: What the arguments name, each in a file of its own.
FILES: dict[str, tuple[object, ...]] = {
    "eligible.json": (CASE,),
    "refused.json": (NOT_LOGGED_IN,),
    "ended.json": (ended(),),
    "broken.json": ({},),
    "both.jsonl": (CASE, NOT_LOGGED_IN),
    "broken.jsonl": (CASE, {}),
    "same.jsonl": (recorded(),),
    "another.jsonl": (recorded(deposit="waived"),),
    "another_and_broken.jsonl": (recorded(deposit="waived"), {}),
    "act.jsonl": (CASE, ACT),
}
ODD = "tests.helpers.odd_rules:never_found"

#: What each command ends with, and after what.
ENDS = [
    (0, ["decide", "eligible.json"]),
    (1, ["decide", "refused.json"]),
    (1, ["decide", "both.jsonl"]),
    (2, ["decide", "broken.json"]),
    (2, ["decide", "ended.json"]),
    (2, ["decide", "eligible.json", "--without", "no_such_code"]),
    (0, ["cancel", "eligible.json", *IN_TIME]),
    (1, ["cancel", "eligible.json", *AT_THE_START]),
    (1, ["cancel", "refused.json", *IN_TIME]),
    (2, ["cancel", "ended.json", *IN_TIME]),
    (2, ["cancel", "eligible.json", "--at", "2026-05-01T08:58:59+12:00", "--by", "client"]),
    (2, ["cancel", "eligible.json", "--by", "client"]),
    (0, ["example"]),
    (2, ["example", "eligible.json"]),
    (0, ["rules"]),
    (0, ["rules", "--clauses"]),
    (2, ["rules", "--rulebook", "instore"]),
    (0, ["test", "good.redeem.toml"]),
    (1, ["test", "bad.redeem.toml"]),
    (1, ["test", "good.redeem.toml", "bad.redeem.toml"]),
    (2, ["test", "broken.redeem.toml"]),
    (2, ["test", "empty"]),
    (0, ["diff", "timely-2026-03", "timely-2026-03"]),
    (1, ["diff", "timely-2026-03", "timely-2026-04"]),
    (3, ["diff", "timely-2026-03", ODD]),
    (2, ["diff", "timely-2026-03"]),
    (0, ["replay", "both.jsonl"]),
    (0, ["replay", "same.jsonl"]),
    (1, ["replay", "another.jsonl"]),
    (2, ["replay", "broken.jsonl"]),
    (2, ["replay", "act.jsonl"]),
    (2, ["replay", "act.jsonl", "--carry"]),
    (2, ["replay", "another_and_broken.jsonl"]),
    (0, ["review", "--rulebook", "in-store"]),
    (1, ["review", "--policy", ODD]),
    (2, ["review", "--policy", ODD, "--scenarios", "broken.redeem.toml"]),
]
STATUSES = {
    command.name: {status for status, (name, *_) in ENDS if name == command.name}
    for command in COMMANDS
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with the files that the arguments name."""
    for name, documents in FILES.items():
        written(tmp_path, name, *documents)
    for name, expected in (("good", "false"), ("bad", "true"), ("broken", "maybe")):
        (tmp_path / f"{name}.redeem.toml").write_text(f"{SCENARIO}{expected}\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("status", "argv"), ENDS, ids=str)
def test_a_command_ends_with(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,  # noqa: ARG001 - it is the current one
    status: int,
    argv: list[str],
) -> None:
    """The commands themselves are run; of the two that try thousands of cases, on fewer of them."""
    monkeypatch.setattr(_diff, "compare", partial(compare, examples=60))
    monkeypatch.setattr(
        _review,
        "review",
        (lambda *_, **__: CLEAN) if status == 0 else partial(review, examples=20),
    )

    assert status == run(monkeypatch, *argv).status


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_help_of_a_command_tells_each_of_its_statuses(
    monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    """Those, and no other one."""
    told = " ".join(run(monkeypatch, command.name, "--help").out.split())
    statuses = re.findall(r"(?:: |, )(\d) ", told.partition("Exit status")[2])

    assert STATUSES[command.name] == {int(status) for status in statuses}
    assert len(set(statuses)) == len(statuses)


def test_the_help_of_all_tells_what_some_command_ends_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers of the help without a command are those of all of them."""
    told = " ".join(run(monkeypatch, "--help").out.split()).partition("Exit status")[2]

    assert set().union(*STATUSES.values()) == {int(status) for status in re.findall(r"\d", told)}


def commands_in(sentence: str) -> set[str]:
    """Return the commands that a sentence of a page names."""
    return set(re.findall(r"`(\w+)`", sentence))


def test_the_page_tells_of_each_command_what_it_ends_with() -> None:
    """Who ends with 1 and who with 3 is named, and the rest is 0, and 2 for all of them."""
    page = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8").splitlines()
    (with_two,) = (line for line in page if line == "It ends with 2 for bad input or usage.")
    (with_one,) = (line for line in page if " end with 1 when " in line)
    (with_three,) = (line for line in page if " ends with 3 when " in line)

    assert all(2 in statuses for statuses in STATUSES.values()), with_two
    assert {name for name, found in STATUSES.items() if 1 in found} == commands_in(with_one)
    assert {name for name, found in STATUSES.items() if 3 in found} == commands_in(with_three)
    assert with_three.endswith("; all else ends with 0.")
    assert all(0 in statuses for statuses in STATUSES.values())


#: Every other sentence of a page about an exit status, and what shows it: arguments, or a test.
STATED = {
    "A line that is no case document is reported by its number": (2, ["replay", "broken.jsonl"]),
    "Without `--carry` acts are left out, which is reported": (2, ["replay", "act.jsonl"]),
    "Whatever differs is counted, key by key": (1, ["replay", "another.jsonl"]),
    "It ends with 2 when a line is left out": (2, ["replay", "act.jsonl", "--carry"]),
    "A case that holds a redemption which has ended can't be decided": (
        2,
        ["decide", "ended.json"],
    ),
    "`pkgredeem test` ends with 1 when a scenario fails": (1, ["test", "bad.redeem.toml"]),
    "For pytest that is an error while it collects": (2, ["test", "broken.redeem.toml"]),
    "The command prints them to standard error": (
        2,
        "docs/test_import_csv.py::test_bad_rows_end_the_command_with_two",
    ),
    "It may be run again, goes on after a failure": (
        1,
        "helpers/salon_with_tables.py::test_completing_goes_on_after_a_failure",
    ),
    "Ctrl-C ends each with 130, and a reader of its output": (
        130,
        "cli/test_cli_output.py::test_ctrl_c_is_quiet",
    ),
    "It ends with 2 for bad input or usage": (2, ["rules", "--rulebook", "instore"]),
    "`decide` and `cancel` end with 1 when": (1, ["decide", "refused.json"]),
    "`diff` ends with 3 when": (3, ["diff", "timely-2026-03", ODD]),
}


def test_every_sentence_about_an_exit_status_is_shown_to_be_true() -> None:
    """A page tells no status that nothing here shows."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    told = re.compile(
        r"\b(?:ends?|exits?)\b[^.;]*? with (\d+)\b(?! [A-Z])|exit status is (\d+)|input, with (\d)"
    )
    sentences = {
        line: next(number for number in found.groups() if number)
        for page in pages
        for line in page.read_text(encoding="utf-8").splitlines()
        if (found := told.search(line))
    }
    begun = {
        line: next((start for start in STATED if line.startswith(start)), None)
        for line in sentences
    }

    assert [] == [line for line, start in begun.items() if start is None]
    assert set(STATED) == set(begun.values())
    for line, start in begun.items():
        status, shown_by = STATED[start or ""]
        assert status == int(sentences[line])
        if isinstance(shown_by, str):
            file, _, name = shown_by.partition("::")
            assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")
        else:
            assert (status, shown_by) in ENDS
