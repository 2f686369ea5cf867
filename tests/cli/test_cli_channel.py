"""One stream of a process: what it shows, what it writes at once, and what it never passes on."""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pkgredeem.cli import _inputs, main
from pkgredeem.cli._inputs import Source
from pkgredeem.cli._output import Channel, Screen
from pkgredeem.cli._progress import Progress
from pkgredeem.cli._rows import Grid, text_row
from tests.helpers.cli_support import (
    CASE,
    ELIGIBLE,
    Stream,
    opened_by,
    plain,
    run,
    uncoloured,
    written,
)

GRID = Grid(
    ["re\x1bason", "[b]mine[/b]:smile:"],
    ["", "red"],
    [["package_used_up", "1,234"], ["x", "[b]2\n"]],
)


@pytest.fixture(autouse=True)
def of_sixty_columns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal of 60 columns without colours, in an empty folder."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.chdir(tmp_path)


def test_each_sign_of_ours_has_its_own_in_ascii() -> None:
    """A good answer is told from a bad one, and what is read of a file from what is not."""
    assert "+ x -> # = - Zo\\xeb" == Channel(Stream(encoding="ascii")).encodable("✓ ✗ → █ ━ ─ Zoë")
    assert "+ Zoë" == Channel(Stream(encoding="latin-1")).encodable("✓ Zoë")
    assert "✓ Zoë" == Channel(Stream()).encodable("✓ Zoë")


def test_what_is_written_is_there_at_once() -> None:
    """Whoever reads a stream line by line waits for no buffer to be full."""
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, "utf-8")
    Channel(stream).write("{}")

    assert b"{}" == held.getvalue()


@pytest.mark.parametrize(
    ("is_terminal", "environ"),
    [(True, {"TERM": "dumb"}), (False, {"FORCE_COLOR": "1"}), (False, {"TTY_COMPATIBLE": "1"})],
)
def test_no_bar_is_shown_where_a_line_can_not_be_erased(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_terminal: bool, environ: dict[str, str]
) -> None:
    """On a terminal that knows no way back, and in a pipe that is to look like a terminal."""
    written(tmp_path, "a.jsonl", CASE)
    result = run(monkeypatch, "decide", "a.jsonl", is_terminal=is_terminal, environ=environ)

    assert (0, "") == (result.status, result.err)


def test_a_terminal_that_says_that_it_is_none_gets_plain_lines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """TTY_COMPATIBLE=0 keeps the layout away."""
    written(tmp_path, "a.json", CASE)
    environ = {"TTY_COMPATIBLE": "0"}

    assert ELIGIBLE == run(monkeypatch, "decide", "a.json", is_terminal=True, environ=environ).out


def test_a_table_in_a_pipe_has_columns_as_wide_as_their_longest_cell() -> None:
    """Two spaces stand between them, none at the end, and a control character is only text."""
    out = Stream()
    Screen(out, Stream()).say(GRID)

    assert [
        "re\\x1bason       [b]mine[/b]:smile:",
        "package_used_up  1,234",
        "x                [b]2\\n",
        "",
    ] == out.text().split("\n")


def test_a_table_on_a_terminal_is_only_text_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a heading, which may be the name of a rulebook, nor a cell is acted upon."""
    out = Stream(is_terminal=True)
    Screen(out, Stream()).say(GRID)
    monkeypatch.delenv("NO_COLOR")
    coloured = Stream(is_terminal=True)
    Screen(coloured, Stream()).say(Grid(["", "n"], ["", "red"], [["a", "7"]]))

    assert [
        "re\\x1bason       [b]mine[/b]:smile:",
        "package_used_up  1,234",
        "x                [b]2\\n",
    ] == plain(out.text()).splitlines()
    assert "\x1b[31m7" in coloured.text()


def test_the_first_column_of_a_table_is_never_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """However narrow the terminal is: the others are, sign by sign."""
    monkeypatch.setenv("COLUMNS", "24")
    out = Stream(is_terminal=True)
    Screen(out, Stream()).say(Grid(["", "n"], ["", ""], [["package_used_up", "1234567890"]]))

    _, first, second = plain(out.text()).splitlines()
    assert ("package_used_up  12345", "                 67890") == (first, second)


@pytest.mark.parametrize("way", ["row", "json", "problem"])
def test_whatever_is_written_stands_above_the_bar(way: str) -> None:
    """The bar, cut to the width, is erased before and drawn again behind it."""
    out, err = Stream(is_terminal=True), Stream(is_terminal=True)
    screen = Screen(out, err)
    with Progress(screen, "n" * 99, None, clock=lambda: 0.0):
        if way == "row":
            screen.say(text_row("{}"))
        elif way == "json":
            screen.say_plainly("{}")
        else:
            screen.problem("a", "b")
    bar, erased = f"0 lines  {'n' * 47}", f"\r{' ' * 59}\r"
    told = "a: b\n" if way == "problem" else ""

    assert f"{bar}{erased}{told}{bar}{erased}" == uncoloured(err.text())
    assert ("" if way == "problem" else "{}\n") == out.text()


def test_the_bar_is_removed_when_the_stream_breaks_off() -> None:
    """An error leaves nothing behind at the end of the terminal; lines may come in bundles."""
    err = Stream(is_terminal=True)
    screen = Screen(Stream(), err)
    seconds = iter([0.0, 0.0, 9.0, 9.0])
    progress = Progress(screen, "a", None, clock=lambda: next(seconds))

    def breaking_off() -> None:
        with progress:
            progress.advance(10, lines=1_005)
            raise KeyError

    with pytest.raises(KeyError):
        breaking_off()

    assert err.text().endswith(f"1,005 lines  a\r{' ' * 59}\r")


def test_the_name_of_a_file_above_its_answer_is_only_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a pipe as on a terminal."""
    for name in ("\x1b[31m.json", "b.json"):
        written(tmp_path, name, CASE)
    for is_terminal in (False, True):
        out = run(
            monkeypatch,
            "decide",
            "\x1b[31m.json",
            "b.json",
            is_terminal=is_terminal,
            environ={"NO_COLOR": "1"},
        ).out

        assert out.startswith("\\x1b[31m.json\n")
        assert "\x1b" not in out


def test_each_line_of_a_stream_has_its_number_and_its_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ends and spaces included, and all of a line that is too long; the last may have no end."""
    monkeypatch.setattr(_inputs, "LONGEST_LINE", 4)
    (tmp_path / "a.jsonl").write_bytes(b" 1 \n\n   \n" + b"2" * 20_000 + b"\n3456\n7890")
    lines = list(Source("a.jsonl", is_stream=True).lines())

    assert [
        (1, 4, b" 1 \n"),
        (4, 20_001, None),
        (5, 5, b"3456\n"),
        (6, 4, b"7890"),
    ] == [(line.number, line.size, line.raw) for line in lines]


def test_a_stream_that_can_not_be_read_any_further_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the words of the system, with what was decided before it; the status is 2."""

    class Broken(io.BytesIO):
        """A line, and then an error."""

        def readline(self, _: int | None = -1, /) -> bytes:
            """Return the line once."""
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().readline()

    written(tmp_path, "a.jsonl", CASE)
    opened_by(monkeypatch, lambda: Broken(f"{json.dumps(CASE)}\n".encode()), "a.jsonl")
    result = run(monkeypatch, "decide", "a.jsonl")

    assert (2, "a.jsonl: it can't be read: input/output error\n") == (result.status, result.err)
    assert result.out.endswith(
        "1 decision: 1 eligible (100.0%), 0 refused, and 1 could not be read\n"
    )


@contextmanager
def without_a_reader() -> Iterator[io.TextIOWrapper]:
    """Yield a stream into a pipe that nobody reads, which keeps what is written until a flush."""
    reading, writing = os.pipe()
    os.close(reading)
    stream = io.TextIOWrapper(os.fdopen(writing, "wb"), "utf-8")
    yield stream
    stream.close()  # what is left in it must go somewhere, or the exit of the process would fail


@pytest.mark.parametrize("gone", ["stdout", "stderr"])
def test_a_reader_that_has_gone_keeps_the_exit_from_failing(
    monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """What a stream still holds is thrown away, whichever of the two has lost its reader.

    What was opened for that is closed again.
    """
    with without_a_reader() as stream:
        monkeypatch.setattr(sys, "stdout", Stream())
        monkeypatch.setattr(sys, "stderr", Stream())
        monkeypatch.setattr(sys, gone, stream)
        opened: list[int] = []
        open_file = os.open

        def noted(path: str, flags: int, mode: int = 0o777) -> int:
            number = open_file(path, flags, mode)
            if path == os.devnull:
                opened.append(number)
            return number

        monkeypatch.setattr(os, "open", noted)

        assert 141 == main(["--version"] if gone == "stdout" else ["none"])
        monkeypatch.undo()
        for number in opened:
            with pytest.raises(OSError, match="Bad file descriptor"):
                os.fstat(number)
        assert 2 == len(opened)
        assert os.path.samestat(os.fstat(stream.fileno()), Path(os.devnull).stat())


@pytest.mark.parametrize("error", [OSError(9, "Bad file descriptor"), ValueError("closed")])
def test_a_stream_without_a_file_below_it_needs_no_care(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Neither one that is closed nor one that never had a number of its own."""

    class Gone(io.StringIO):
        """A stream whose reader has gone."""

        def write(self, _: str, /) -> int:
            """Refuse."""
            raise BrokenPipeError

        def fileno(self) -> int:
            """Have none."""
            raise error

    monkeypatch.setattr(sys, "stdout", Gone())
    monkeypatch.setattr(sys, "stderr", Stream())
    status = main(["example"])
    monkeypatch.undo()

    assert 141 == status


def test_a_full_disk_keeps_the_exit_from_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written is thrown away once it was told."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    err = Stream()
    with full.open("w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        status = main(["example"])
        monkeypatch.undo()

    assert (2, "pkgredeem: the output can't be written: no space left on device\n") == (
        status,
        err.text(),
    )


class Full(io.StringIO):
    """A stream that takes everything, and fails when it is to pass it on."""

    def flush(self) -> None:
        """Refuse."""
        raise OSError(28, "No space left")


def test_what_can_not_be_passed_on_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help and version stay in a buffer until the end: a full disk is found there, too."""
    err = Stream()
    monkeypatch.setattr(sys, "stdout", Full())
    monkeypatch.setattr(sys, "stderr", err)
    status = main(["--version"])
    monkeypatch.setattr(sys, "stdout", Stream())
    monkeypatch.setattr(sys, "stderr", Full())
    of_errors = main(["none"])
    monkeypatch.undo()

    assert (2, "pkgredeem: the output can't be written: no space left\n") == (status, err.text())
    assert 2 == of_errors


def test_a_disk_that_is_full_for_both_streams_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where not even the message can be written, the status alone tells it."""

    class Closed(io.StringIO):
        """A stream that takes nothing."""

        def write(self, _: str, /) -> int:
            """Refuse."""
            raise OSError(28, "No space left")

    monkeypatch.setattr(sys, "stdout", Closed())
    monkeypatch.setattr(sys, "stderr", Closed())
    status = main(["example"])
    monkeypatch.undo()

    assert 2 == status
