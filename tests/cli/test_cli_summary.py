"""The summary below many decisions: its counts, its bars, and the progress above it."""

import json
import re
from pathlib import Path

import pytest

from pkgredeem import RedemptionPolicy
from pkgredeem.cli import _progress
from pkgredeem.cli._decide import _Summary
from pkgredeem.documents import read_case
from tests.helpers.cli_support import CASE, NOT_LOGGED_IN, run, written

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


def test_thousands_are_parted_in_every_count_of_a_summary() -> None:
    """In a pipe and on a terminal alike, where the parts of a row are its line."""
    decide = RedemptionPolicy().decide_case
    eligible, guest = decide(read_case({**CASE})), decide(read_case({**NOT_LOGGED_IN}))
    no_login = decide(read_case({**CASE, "account": {"online_redemption": True}}))
    summary = _Summary()
    for decision, times in ((eligible, 1_234), (guest, 2_011), (no_login, 1_000)):
        for _ in range(times):
            summary.add(decision)
    summary.unreadable = 1_016
    rows = summary.rows()

    assert [
        "4,245 decisions: 1,234 eligible (29.1%), 3,011 refused, and 1,016 could not be read",
        f"  client_not_logged_in        {'█' * 30} 2,011",
        f"  client_login_disabled       {'█' * 15} 1,000",
    ] == [row.plain for row in rows]
    assert [row.plain for row in rows] == [
        "".join(part for part, _ in line) for row in rows for line in row.lines
    ]


def test_a_document_beside_a_stream_is_summed_up_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--lines` standard input is a stream, and a file is still a document of many lines."""
    Path("a.json").write_text(json.dumps(CASE, indent=2), encoding="utf-8")
    stdin = f"{json.dumps(NOT_LOGGED_IN)}\n".encode()
    options = ("-", "a.json", "--lines", "--format", "json")
    result = run(monkeypatch, "decide", *options, stdin=stdin)

    assert 1 == result.status
    assert [False, True] == [json.loads(line)["eligible"] for line in result.out.splitlines()]
    assert result.err.startswith("2 decisions: 1 eligible (50.0%), 1 refused\n")


def test_documents_alone_are_not_summed_up_beside_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever reads JSON of two files counts them himself."""
    written(tmp_path, "a.json", CASE)
    written(tmp_path, "b.json", CASE)
    result = run(monkeypatch, "decide", "a.json", "b.json", "--format", "json")

    assert (0, 2, "") == (result.status, result.out.count("\n"), result.err)


def test_each_problem_of_a_line_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two things are wrong with the only line, which is counted once."""
    written(tmp_path, "a.jsonl", {**CASE, "packages": 3, "booking": 4})
    result = run(monkeypatch, "decide", "a.jsonl")

    assert (2, "0 decisions: 0 eligible, 0 refused, and 1 could not be read\n") == (
        result.status,
        result.out,
    )
    assert ["a.jsonl:1: packages", "a.jsonl:1: booking"] == [
        line.partition(" must")[0] for line in result.err.splitlines()
    ]


def test_the_bar_of_a_stream_goes_by_its_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A third of the file is read with each line, also with one that is no case."""
    monkeypatch.setattr(_progress, "_INTERVAL", 0.0)
    good = json.dumps(CASE)
    text = f"{good}\n{'[' + ' ' * (len(good) - 2) + ']'}\n{good}\n"
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    result = run(monkeypatch, "decide", "a.jsonl", is_terminal=True, environ={"NO_COLOR": "1"})
    shown = dict.fromkeys(re.findall(r"[━─]{30}.+?a\.jsonl", result.err))

    assert 2 == result.status
    assert [
        f"{'─' * 30}   0%  0 lines  a.jsonl",
        f"{'━' * 10}{'─' * 20}  33%  1 lines  a.jsonl",
        f"{'━' * 20}{'─' * 10}  67%  2 lines  a.jsonl",
        f"{'━' * 30} 100%  3 lines  a.jsonl",
    ] == list(shown)
