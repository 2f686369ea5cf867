"""`pkgredeem replay`: how it ends, what it says beside its counts, and its bar."""

import re
from dataclasses import replace
from pathlib import Path
from pickle import PicklingError

import pytest

from pkgredeem.cli import _replay
from pkgredeem.documents.replay import Replay, Reproduction, Tally
from tests.helpers.cli_support import CASE, NOT_LOGGED_IN, Result, run, uncoloured, written
from tests.helpers.histories import visit, write_lines

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


class Counted:
    """Stands in for the counting of a file, and keeps what it is asked."""

    def __init__(self, result: Replay | Exception) -> None:
        """Take what to answer."""
        self.result = result
        self.asked: list[dict[str, object]] = []

    def __call__(self, *_: object, **options: object) -> Replay:
        """Answer."""
        self.asked.append(options)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.mark.parametrize(("cores", "processes"), [(7, 7), (None, 1)])
def test_a_replay_uses_every_core(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cores: int | None, processes: int
) -> None:
    """Where nobody knows how many there are it uses one."""
    counted = Counted(Replay(first=Tally(rulebook="mine")))
    monkeypatch.setattr(_replay, "count_in_parts", counted)
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    written(tmp_path, "a.jsonl", CASE)

    assert 0 == run(monkeypatch, "replay", "a.jsonl", "--carry").status
    assert [{"carry": True, "processes": processes}] == counted.asked


def test_a_replay_that_left_lines_out_ends_with_2_whatever_differs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where a recorded decision is not reproduced, and by a single line of any kind."""
    tally = Tally(rulebook="mine", eligible=1)
    differs = replace(tally, reproduction=Reproduction(compared=1, differences=(("deposit", 1),)))
    written(tmp_path, "a.jsonl", CASE)
    ends: list[int] = []
    for first in (differs, tally):
        found = Replay(first=first)
        for result in (
            replace(found, unreadable=1),
            replace(found, needs_carry=1),
            replace(found, unknown=1),
            replace(found, lines=1),
        ):
            monkeypatch.setattr(_replay, "count_in_parts", Counted(result))
            ends.append(run(monkeypatch, "replay", "a.jsonl").status)

    assert [2, 2, 2, 1, 2, 2, 2, 0] == ends


def test_what_is_left_out_is_told_in_words_for_one_and_for_many(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Those without a number of their own, of both kinds; nothing where each has one."""
    tally = Tally(rulebook="mine", eligible=1)
    written(tmp_path, "a.jsonl", CASE)
    told = []
    for unreadable, unknown in ((2, 0), (1, 1), (2_001, 3), (1, 0)):
        found = Replay(
            first=tally, unreadable=unreadable, unknown=unknown, problems=((7, "\x1bbad"),)
        )
        monkeypatch.setattr(_replay, "count_in_parts", Counted(found))
        told.append(run(monkeypatch, "replay", "a.jsonl").err.splitlines())

    numbered = "a.jsonl:7: \\x1bbad"
    assert [
        [numbered, "a.jsonl: 1 line more could not be counted"],
        [numbered, "a.jsonl: 1 line more could not be counted"],
        [numbered, "a.jsonl: 2,003 lines more could not be counted"],
        [numbered],
    ] == told


def test_a_replay_as_json_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The document, and nothing else."""
    written(tmp_path, "a.jsonl", CASE, NOT_LOGGED_IN)
    result = run(monkeypatch, "replay", "a.jsonl", "--format", "json", "--processes", "1")

    assert (0, 1, "") == (result.status, result.out.count("\n"), result.err)


def test_what_a_process_can_not_be_handed_is_only_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The name of what it was is escaped."""
    written(tmp_path, "a.jsonl", CASE)
    monkeypatch.setattr(_replay, "count_in_parts", Counted(PicklingError("no \x1b[31m")))

    assert Result(2, "", "pkgredeem: no \\x1b[31m: or give --processes 1\n") == run(
        monkeypatch, "replay", "a.jsonl"
    )


def test_the_page_is_written_in_utf_8(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It says so itself; a name that no file can have is told."""
    (tmp_path / "in").mkdir()
    written(tmp_path / "in", "Zoë.jsonl", CASE)
    replay = ("replay", "in/Zoë.jsonl", "--processes", "1", "--html")
    status = run(monkeypatch, *replay, "page.html").status
    refused = run(monkeypatch, *replay, "\0.html")

    assert 0 == status
    assert "<p>1 booking from Zoë.jsonl, " in Path("page.html").read_text(encoding="utf-8")
    assert Result(2, "", "pkgredeem: the page can't be written: embedded null byte\n") == refused


def test_the_bar_of_a_replay_goes_by_bytes_and_is_full_at_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With carry the file is read twice: half the bar each, and lines are counted once."""
    monkeypatch.setattr("pkgredeem.cli._progress._INTERVAL", 0.0)
    lines = [visit(number, client=f"client{number}") for number in range(4)]
    file = write_lines(tmp_path / "a.jsonl", lines)
    monkeypatch.setattr("pkgredeem.cli._replay_parts.RANGE", -(-file.stat().st_size // 2))
    shares = {}
    for carry in ((), ("--carry",)):
        shown = run(monkeypatch, "replay", file.name, "--processes", "1", *carry, is_terminal=True)
        found = re.findall(r"(\d+)%  (\d) lines", uncoloured(shown.err))
        shares[carry] = list(dict.fromkeys(found))

    assert ("0", "0") == shares[()][0]
    assert [("50", "2"), ("100", "4")] == shares[()][1:]
    assert [("0", "0"), ("25", "0"), ("50", "0"), ("75", "2"), ("100", "4")] == (shares["--carry",])
