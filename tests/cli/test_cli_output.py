"""What reaches a terminal, a pipe and a file: colours, width, encodings, and text from outside."""

import io
import re
from pathlib import Path

import pytest

from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli import main
from pkgredeem.cli._output import Screen
from pkgredeem.cli._progress import Progress
from pkgredeem.cli._rows import Row
from tests.helpers.cli_support import (
    CASE,
    ELIGIBLE,
    NOT_LOGGED_IN,
    REFUSED,
    Result,
    Stream,
    plain,
    run,
    uncoloured,
    written,
)

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")
HOSTILE = "[red]:smile:\x1b]0;owned\x07\n\rcredit: all\u202e"
HOSTILE_SHOWN = "[red]:smile:\\x1b]0;owned\\x07\\n\\rcredit: all\\u202e"

ON_A_TERMINAL = """\
✗ refused under timely-2026-03: 1 reason

  reason        client_not_logged_in  T07 D03
                the client is not logged in
                → ask the client to log in, then book

  deposit       no deposit is due
  card capture  no card is asked for
  times         in Pacific/Auckland
"""


def named(package: str) -> dict[str, object]:
    """Return a case that is paid from a package of that id."""
    held = {
        "id": package,
        "client_id": "ana",
        "entitlements": [{"services": ["facial"], "remaining": 1}],
    }
    return {**CASE, "packages": [held]}


def test_a_terminal_gets_colours_and_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Labels stand in a column, and each reason with its advice on lines of their own."""
    written(tmp_path, "a.json", NOT_LOGGED_IN)
    result = run(monkeypatch, "decide", "a.json", is_terminal=True)

    assert (1, "") == (result.status, result.err)
    assert "\x1b[1;31m✗ \x1b[0m\x1b[1;31mrefused\x1b[0m under" in result.out
    assert ON_A_TERMINAL == plain(result.out)


def test_a_terminal_shows_each_finding_under_its_own_label(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The reason comes first, then the note: nothing that refuses is called a note."""
    facials = [{"services": ["facial"], "remaining": 1}]
    paying = {"id": "p1", "client_id": "ana", "entitlements": facials}
    archived = {**paying, "id": "p0", "status": "archived"}
    written(tmp_path, "a.json", {**NOT_LOGGED_IN, "packages": [archived, paying]})
    result = run(monkeypatch, "decide", "a.json", is_terminal=True, environ={"NO_COLOR": "1"})

    assert [
        "  reason        client_not_logged_in  T07 D03",
        "                the client is not logged in",
        "                → ask the client to log in, then book",
        "  note          package_archived  T24",
        "                package p0 is archived",
        "                → restore the package, or redeem it in store",
    ] == [line.rstrip() for line in result.out.splitlines()[2:8]]


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_can_be_kept_plain(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: dict[str, str]
) -> None:
    """With NO_COLOR, or on a terminal that knows no colours, not one escape is written."""
    written(tmp_path, "a.json", NOT_LOGGED_IN)
    result = run(monkeypatch, "decide", "a.json", is_terminal=True, environ=setting)

    assert ON_A_TERMINAL == "".join(f"{line.rstrip()}\n" for line in result.out.splitlines())


def test_an_empty_no_color_says_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NO_COLOR counts only when something stands in it."""
    written(tmp_path, "a.json", NOT_LOGGED_IN)

    assert (
        "\x1b["
        in run(monkeypatch, "decide", "a.json", is_terminal=True, environ={"NO_COLOR": ""}).out
    )


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_lines_are_wrapped_to_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, columns: int
) -> None:
    """No line is wider than the terminal, down to a width where nothing fits any more."""
    written(tmp_path, "a.json", named("a-package-with-a-name-that-is-very-long-" * 4))
    result = run(
        monkeypatch,
        "decide",
        "a.json",
        is_terminal=True,
        environ={"NO_COLOR": "1", "COLUMNS": str(columns)},
    )

    assert max(columns, 36) >= max(map(len, result.out.splitlines()))
    assert f"{'a-package-with-a-name-that-is-very-long-' * 4}" in re.sub(r"\n? +", "", result.out)


@pytest.mark.parametrize("columns", [9, 20, 36])
def test_a_narrow_terminal_keeps_room_beside_the_labels(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, columns: int
) -> None:
    """Twenty signs stand beside a label, however few columns there are: no word is cut."""
    written(tmp_path, "a.json", NOT_LOGGED_IN)
    environ = {"NO_COLOR": "1", "COLUMNS": str(columns)}
    result = run(monkeypatch, "decide", "a.json", is_terminal=True, environ=environ)
    beside = [line[16:].rstrip() for line in result.out.partition("  reason")[2].splitlines()]

    assert [
        "the client is not",
        "logged in",
        "→ ask the client to",
        "log in, then book",
        "",
        "no deposit is due",
        "no card is asked for",
        "in Pacific/Auckland",
    ] == beside[-8:]


def test_a_pipe_gets_whole_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is not a terminal has no width: a line is never cut or wrapped."""
    long = "p" * 500
    written(tmp_path, "a.json", named(long))
    result = run(monkeypatch, "decide", "a.json", environ={"COLUMNS": "20"})

    assert ELIGIBLE.replace("p1", long) == result.out


def test_colours_can_be_forced_into_a_pipe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """FORCE_COLOR lays a pipe out like a terminal, and still wraps nothing."""
    long = "p" * 500
    written(tmp_path, "a.json", named(long))
    result = run(monkeypatch, "decide", "a.json", environ={"FORCE_COLOR": "1"})

    assert "\x1b[1;32m✓" in result.out
    assert f"package {long}\n" in result.out


@pytest.mark.parametrize("is_terminal", [True, False])
def test_text_from_outside_is_only_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_terminal: bool
) -> None:
    """No markup, no emoji code, no line break and no escape of an id is acted upon."""
    written(tmp_path, "a.json", named(HOSTILE))
    result = run(
        monkeypatch,
        "decide",
        "a.json",
        is_terminal=is_terminal,
        environ={"COLUMNS": "200", "NO_COLOR": "1"},
    )

    assert 0 == result.status
    assert f"package {HOSTILE_SHOWN}\n" in result.out
    assert not set("\x1b\x07\r\u202e") & set(result.out)


def test_the_name_of_a_file_is_only_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a file's name that is no text can act on the terminal or stop the command."""
    result = run(
        monkeypatch, "decide", "\x1b[31m\udcff.json", is_terminal=True, environ={"NO_COLOR": "1"}
    )

    assert (2, "") == (result.status, result.out)
    assert result.err.startswith("\\x1b[31m\\udcff.json: there is no such file")


def test_the_problems_of_a_document_are_only_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A key from outside is shown escaped."""
    written(tmp_path, "a.json", {**CASE, "\x1b[31m": 1})
    result = run(monkeypatch, "decide", "a.json")

    assert (2, "", False) == (result.status, result.out, "\x1b" in result.err)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë's 美容 [b]😀", "Zoë's 美容 [b]😀"),
        ("two\u00a0three\u3000four", "two\u00a0three\u3000four"),
        ("\t\n\x7f\x9b\u2028\u200b\ud800", "\\t\\n\\x7f\\x9b\\u2028\\u200b\\ud800"),
    ],
)
def test_what_people_write_stays(text: str, shown: str) -> None:
    """Letters, signs and spaces stay as they are; only what a terminal might act on is escaped."""
    assert shown == escape_control_characters(text)


@pytest.mark.parametrize(
    ("encoding", "shown"), [("utf-8", "Zoë→"), ("latin-1", "Zoë->"), ("ascii", "Zo\\xeb->")]
)
@pytest.mark.parametrize("is_terminal", [True, False])
def test_any_encoding_will_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str, shown: str, is_terminal: bool
) -> None:
    """What an encoding lacks is put in another way, and never an error."""
    written(tmp_path, "a.json", named("Zoë→"))
    written(tmp_path, "b.json", NOT_LOGGED_IN)
    result = run(
        monkeypatch, "decide", "a.json", "b.json", encoding=encoding, is_terminal=is_terminal
    )
    table = run(monkeypatch, "rules", encoding=encoding, is_terminal=is_terminal)

    assert (1, 0) == (result.status, table.status)
    assert f"package {shown}" in uncoloured(result.out)


def test_a_closed_stream_swallows_what_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without standard streams the command still decides, and returns its status."""
    written(tmp_path, "a.json", NOT_LOGGED_IN)
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)

    assert [1, 2, 2] == [main(["decide", "a.json"]), main(["decide", "no.json"]), main(["x"])]


class Refusing(io.StringIO):
    """A stream that can't be written to."""

    def __init__(self, error: OSError) -> None:
        """Keep what to raise."""
        super().__init__()
        self.error = error

    def write(self, _: str, /) -> int:
        """Refuse."""
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (BrokenPipeError(), 141, ""),
        (
            OSError(28, "No space left"),
            2,
            "pkgredeem: the output can't be written: no space left\n",
        ),
        (OSError("odd"), 2, "pkgredeem: the output can't be written: odd\n"),
    ],
)
def test_output_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: OSError, status: int, told: str
) -> None:
    """A reader that has gone is no error worth a word; a full disk is one."""
    written(tmp_path, "a.json", CASE)
    err = Stream()
    monkeypatch.setattr("sys.stdout", Refusing(error))
    monkeypatch.setattr("sys.stderr", err)

    assert (status, told) == (main(["decide", "a.json"]), err.text())


def test_a_reader_that_has_gone_is_no_error_without_standard_error_either(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A stream that was never there needs no care at the end."""
    written(tmp_path, "a.json", CASE)
    monkeypatch.setattr("sys.stdout", Refusing(BrokenPipeError()))
    monkeypatch.setattr("sys.stderr", None)

    assert 141 == main(["decide", "a.json"])


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever interrupts the command knows it: the status is 130."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    written(tmp_path, "a.json", CASE)
    monkeypatch.setattr("pkgredeem.cli._output.Screen.say", interrupted)

    assert Result(130, "", "") == run(monkeypatch, "decide", "a.json")


def screen(*, is_terminal: bool = True, encoding: str = "utf-8") -> tuple[Screen, Stream, Stream]:
    """Return a screen and its two streams."""
    out = Stream(is_terminal=is_terminal, encoding=encoding)
    err = Stream(is_terminal=is_terminal, encoding=encoding)
    return Screen(out, err), out, err


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 60 columns without colours."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")


@pytest.mark.usefixtures("narrow")
def test_the_bar_fills_as_bytes_are_read() -> None:
    """It is drawn ten times a second at most, erased for other lines, and gone at the end."""
    shown, out, err = screen()
    seconds = iter([0.0, 0.0, 0.05, 0.2, 0.2])
    erased = f"\r{' ' * 59}\r"
    empty = f"{'─' * 30}   0%  0 lines  a.jsonl"
    half = f"{'━' * 15}{'─' * 15}  50%  2 lines  a.jsonl"

    with Progress(shown, "a.jsonl", 200, clock=lambda: next(seconds)) as progress:
        progress.advance(50)
        shown.say(Row("x", [[("x", "")]]))
        progress.advance(50)

    assert "x\n" == out.text()
    assert f"{empty}{erased}{empty}{erased}{half}{erased}" == err.text()


@pytest.mark.usefixtures("narrow")
def test_without_a_size_lines_are_counted() -> None:
    """Nobody knows how long standard input will be; a long name is cut, with room for a ^C."""
    shown, _, err = screen(encoding="ascii")
    seconds = iter([0.0, 0.0, 9.0, 9.0])

    with Progress(shown, "ü" * 99, None, clock=lambda: next(seconds)) as progress:
        progress.advance(10)

    name = "\\xfc" * 11 + "\\xf"
    erased = f"\r{' ' * 59}\r"
    assert f"0 lines  {name}{erased}1 lines  {name}{erased}" == err.text()


@pytest.mark.usefixtures("narrow")
def test_more_than_the_whole_is_never_shown() -> None:
    """A file that grows while it is read is shown as read whole, and not beyond."""
    shown, _, err = screen(encoding="ascii")
    seconds = iter([0.0, 0.0, 9.0, 9.0])

    with Progress(shown, "a", 10, clock=lambda: next(seconds)) as progress:
        progress.advance(30)

    assert f"{'=' * 30} 100%  1 lines  a" in err.text()


@pytest.mark.usefixtures("narrow")
def test_the_name_beside_the_bar_is_only_text() -> None:
    """No control character in the name of a file is acted upon."""
    shown, _, err = screen()

    with Progress(shown, "\x1b[2J", None, clock=lambda: 0.0):
        pass

    assert err.text().startswith("0 lines  \\x1b[2J\r")


@pytest.mark.usefixtures("narrow")
def test_no_bar_is_shown_where_nobody_looks() -> None:
    """Into a file or a pipe, no progress is written."""
    shown, _, err = screen(is_terminal=False)

    with Progress(shown, "a", 10) as progress:
        progress.advance(5)

    assert "" == err.text()


def test_a_stream_on_a_terminal_shows_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Decisions stand above the bar, and the summary takes its place."""
    written(tmp_path, "a.jsonl", CASE, NOT_LOGGED_IN)
    result = run(monkeypatch, "decide", "a.jsonl", is_terminal=True, environ={"NO_COLOR": "1"})

    assert 1 == result.status
    assert "✗ refused under timely-2026-03" in result.out
    assert "2 decisions: 1 eligible (50.0%), 1 refused" in result.out
    assert f"{'─' * 30}   0%  0 lines  a.jsonl" in result.err
    assert result.err.endswith(f"{' ' * 79}\r")
    assert REFUSED not in result.out
