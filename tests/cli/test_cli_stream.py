"""`pkgredeem decide` on a stream: one case a line, decided as it comes, in constant memory."""

import io
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pkgredeem.cli import main
from tests.helpers.cli_support import (
    CASE,
    ELIGIBLE,
    NOT_LOGGED_IN,
    REFUSED,
    Result,
    Stream,
    run,
    written,
)

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")
BAD_LINE = "{\n"
FIVE_FACIALS = [{"services": ["facial"], "remaining": 5}]
BAD_LINE_TOLD = (
    "document must be one JSON value, not a text with an error at line 2, column 1 "
    "(expecting property name enclosed in double quotes)"
)


def test_each_line_is_headed_by_its_number_and_summed_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Reasons are counted once a decision, and their bars are drawn against the longest."""
    also_off = {**NOT_LOGGED_IN, "account": {"online_redemption": False}}
    written(tmp_path, "a.jsonl", CASE, NOT_LOGGED_IN, NOT_LOGGED_IN, also_off)
    result = run(monkeypatch, "decide", "a.jsonl")
    summary = (
        "4 decisions: 1 eligible (25.0%), 3 refused\n"
        f"  client_not_logged_in        {'█' * 30} 3\n"
        f"  client_login_disabled       {'█' * 10} 1\n"
        f"  online_redemption_off       {'█' * 10} 1\n"
    )

    assert (1, "") == (result.status, result.err)
    assert result.out.startswith(f"a.jsonl:1\n{ELIGIBLE}\na.jsonl:2\n{REFUSED}\na.jsonl:3\n")
    assert result.out.endswith(summary)


def test_a_reason_that_a_decision_gives_twice_counts_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two packages of Ana's are archived: one decision is refused for it."""
    archived = [
        {"id": name, "client_id": "ana", "status": "archived", "entitlements": FIVE_FACIALS}
        for name in ("p1", "p2")
    ]
    written(tmp_path, "a.jsonl", {**CASE, "packages": archived})
    result = run(monkeypatch, "decide", "a.jsonl")

    assert 2 == result.out.count("\nreason: package_archived ")
    assert result.out.endswith(
        f"1 decision: 0 eligible (0.0%), 1 refused\n  package_archived            {'█' * 30} 1\n"
    )


def test_the_most_frequent_reason_comes_first_and_the_rarest_has_a_bar(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of two that are as frequent the code decides, and not which was found first."""
    switched_off = {**CASE, "account": {"online_redemption": False, "client_login": "optional"}}
    no_login = {**CASE, "account": {"online_redemption": True}}
    written(tmp_path, "a.jsonl", switched_off, no_login, *[NOT_LOGGED_IN] * 70)
    result = run(monkeypatch, "decide", "a.jsonl")

    assert result.out.endswith(
        "72 decisions: 0 eligible (0.0%), 72 refused\n"
        f"  client_not_logged_in        {'█' * 30} 70\n"
        "  client_login_disabled       █ 1\n"
        "  online_redemption_off       █ 1\n"
    )


def test_a_bad_line_is_told_by_its_number_and_the_others_are_decided(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Empty lines are counted and passed over, and the status is 2."""
    good = json.dumps(CASE)
    (tmp_path / "a.jsonl").write_text(f"\n{good}\n{BAD_LINE} \n{good}", encoding="utf-8")
    out = (
        f"a.jsonl:2\n{ELIGIBLE}\na.jsonl:5\n{ELIGIBLE}\n"
        "2 decisions: 2 eligible (100.0%), 0 refused, and 1 could not be read\n"
    )

    assert Result(2, out, f"a.jsonl:3: {BAD_LINE_TOLD}\n") == run(monkeypatch, "decide", "a.jsonl")


def test_a_line_of_json_is_a_line_of_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Standard output holds documents only; the summary stands on standard error."""
    written(tmp_path, "a.jsonl", CASE, NOT_LOGGED_IN)
    result = run(monkeypatch, "decide", "a.jsonl", "--format", "json")
    summary = (
        f"2 decisions: 1 eligible (50.0%), 1 refused\n  client_not_logged_in        {'█' * 30} 1\n"
    )

    assert (1, summary) == (result.status, result.err)
    assert [True, False] == [json.loads(line)["eligible"] for line in result.out.splitlines()]


def test_a_line_that_is_too_long_is_told_and_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The bound is inclusive and without the end of the line; what follows is decided."""
    good = json.dumps(CASE)
    monkeypatch.setattr("pkgredeem.cli._inputs.LONGEST_LINE", len(good))
    longer = [f"{good} ", "x" * 100_000]
    lines = [good, longer[0], good, longer[1], good, longer[1]]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = run(monkeypatch, "decide", "a.jsonl", "--format", "json")
    told = f"longer than {len(good)} bytes: give one case a line"

    assert 2 == result.status
    assert 3 == len(result.out.splitlines())
    assert [f"a.jsonl:{number}: {told}" for number in (2, 4, 6)] == result.err.splitlines()[:3]


def test_no_lines_are_no_decisions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is refused in an empty stream."""
    (tmp_path / "a.jsonl").write_bytes(b"")

    assert Result(0, "0 decisions: 0 eligible, 0 refused\n", "") == run(
        monkeypatch, "decide", "a.jsonl"
    )


def test_standard_input_may_hold_one_case_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With --lines standard input is a stream."""
    stdin = f"{json.dumps(CASE)}\n".encode()
    out = f"standard input:1\n{ELIGIBLE}\n1 decision: 1 eligible (100.0%), 0 refused\n"

    assert Result(0, out, "") == run(monkeypatch, "decide", "-", "--lines", stdin=stdin)


def test_a_stream_that_cannot_be_opened_any_more_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file that goes away between the look at it and the reading is bad input, not a crash."""
    written(tmp_path, "a.json", CASE)
    written(tmp_path, "b.jsonl", CASE)
    opened = Path.open

    def vanishing(path: Path, mode: str) -> object:
        if path.name == "b.jsonl":
            path.unlink()
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", vanishing)
    out = (
        f"a.json\n{ELIGIBLE}\n1 decision: 1 eligible (100.0%), 0 refused, and 1 could not be read\n"
    )
    told = "b.jsonl: there is no such file: give the path of a file, or - for standard input\n"

    assert Result(2, out, told) == run(monkeypatch, "decide", "a.json", "b.jsonl")


def test_every_document_is_checked_before_a_stream_is_begun(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bad document behind a good stream leaves standard output empty."""
    written(tmp_path, "a.jsonl", CASE)
    written(tmp_path, "b.json", 3)

    assert Result(2, "", "b.json: document must be a case document, not 3\n") == run(
        monkeypatch, "decide", "a.jsonl", "b.json"
    )


class _Watched(io.RawIOBase):
    """Lines that nobody may ask for before the decision on the line before is written."""

    def __init__(self, out: Stream, lines: int) -> None:
        """Begin before the first line."""
        super().__init__()
        self.out = out
        self.left = lines
        self.given = 0
        self.lengths: list[int | None] = []

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next line, and note how much was asked for at most."""
        assert self.given == self.out.text().count("\n")
        self.lengths.append(size)
        if not self.left:
            return b""
        self.left -= 1
        self.given += 1
        return f"{json.dumps(CASE)}\n".encode()


def test_a_stream_is_never_read_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is decided and written out before the next is asked for, in bounded pieces."""
    out, err = Stream(), Stream()
    watched = _Watched(out, lines=50)
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": watched}))

    assert 0 == main(["decide", "-", "--lines", "--format", "json"])
    assert 50 == out.text().count("\n")
    assert {10_000_001} == set(watched.lengths)


def test_a_named_pipe_is_opened_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stream may be a pipe that somebody writes into, which is opened only to be read."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    pipe = tmp_path / "a.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(f"{json.dumps(CASE)}\n",), daemon=True)
    writer.start()
    result = run(monkeypatch, "decide", "a.jsonl", "--format", "json")
    writer.join(60)

    assert (0, 1) == (result.status, len(result.out.splitlines()))


@given(st.binary())
@example(b"\n\n")
@example(b"{}")
@example(b"[" * 1000)
@example(b'"\\ud800"')
@example(b"\xef\xbb\xbf{}")
def test_no_bytes_are_ever_a_traceback(data: bytes) -> None:
    """Whatever is read, as a document or as a stream, is told in words, with status 2."""
    with pytest.MonkeyPatch.context() as patch:
        document = run(patch, "decide", "-", stdin=data)
        stream = run(patch, "decide", "-", "--lines", "--format", "json", stdin=data)
        cancelled = run(
            patch, "cancel", "-", "--at", "2026-05-04T12:00Z", "--by", "client", stdin=data
        )
    is_empty = all(not line.strip() for line in data.split(b"\n"))

    assert [(2, ""), (2, "")] == [(each.status, each.out) for each in (document, cancelled)]
    assert (0 if is_empty else 2, "") == (stream.status, stream.out)
    assert "" not in {document.err, stream.err, cancelled.err}
