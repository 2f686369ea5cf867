"""The command as a process: pipes that close, Ctrl-C, a terminal, and nothing installed."""

import errno
import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.cli_support import CASE, NOT_LOGGED_IN, ROOT, written

COMMAND = [sys.executable, "-m", "pkgredeem.cli"]
ONE_CASE = f"{json.dumps(CASE)}\n".encode()
SECONDS = 60

#: Where the parent ignores Ctrl-C, as under nohup, a child would ignore it too.
INTERRUPTIBLE = [
    sys.executable,
    "-c",
    (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from pkgredeem.cli import main; sys.exit(main())"
    ),
]


@contextmanager
def started(*argv: str, stdout: int = subprocess.PIPE) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command, and end it if the test did not."""
    process = subprocess.Popen(
        [*INTERRUPTIBLE, *argv], stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[bytes]) -> bytes:
    """Return the next line of the output, which must come while the command still runs."""
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], SECONDS)[0], "nothing was written"
    return process.stdout.readline()


def test_the_first_decision_is_written_before_the_last_line_is_read() -> None:
    """A stream is answered line by line, while whoever writes it waits for the answer."""
    with started("decide", "-", "--lines", "--format", "json") as process:
        assert process.stdin is not None
        for _ in range(3):
            process.stdin.write(ONE_CASE)
            process.stdin.flush()
            assert json.loads(first_line(process))["eligible"]
        process.stdin.close()
        process.stdin = None

        assert 0 == process.wait(SECONDS)


def test_ctrl_c_ends_a_stream_without_a_word() -> None:
    """The status is that of any command that Ctrl-C ends."""
    with started("decide", "-", "--lines", "--format", "json") as process:
        assert process.stdin is not None
        process.stdin.write(ONE_CASE)
        process.stdin.flush()
        first_line(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)

    assert (130, b"", b"") == (process.returncode, out, err)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, form: str) -> None:
    """With `| head -1` the command ends early and quietly."""
    cases = written(tmp_path, "a.jsonl", *[CASE] * 2000)
    with started("decide", str(cases), "--format", form) as process:
        assert process.stdout is not None
        first = first_line(process)
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=SECONDS)

    assert first.endswith(b"\n")
    assert (141, b"") == (process.returncode, err)


def test_a_full_disk_is_told() -> None:
    """What can't be written is bad luck, told in a line."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("wb") as out, started("rules", stdout=out.fileno()) as process:
        _, err = process.communicate(timeout=SECONDS)

    assert (2, b"pkgredeem: the output can't be written: no space left on device\n") == (
        process.returncode,
        err,
    )


def test_nothing_of_the_extra_is_needed_to_be_told_what_to_install() -> None:
    """Without site-packages the command names what is missing, and the line that installs it."""
    code = "import sys; sys.path.insert(0, 'src'); from pkgredeem.cli import main; sys.exit(main())"
    plain = [sys.executable, "-I", "-S", "-c", code]
    told = {
        command: subprocess.run(
            [*plain, command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        for command in ("--help", "decide", "cancel", "rules")
    }

    assert [0, 2, 2, 2] == [each.returncode for each in told.values()]
    assert ["", "", ""] == [told[each].stdout for each in ("decide", "cancel", "rules")]
    assert [True, True, True] == [
        "\n    pip install 'pkgredeem[cli]'\n" in told[each].stderr
        for each in ("decide", "cancel", "rules")
    ]


def on_a_terminal(*argv: str, **environ: str) -> tuple[int, str]:
    """Run the command on a terminal of 80 columns; return its status and what it shows."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "CI"}}
    process = subprocess.Popen(
        [*COMMAND, *argv],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**kept, "TERM": "xterm-256color", "COLUMNS": "80", **environ},
    )
    os.close(theirs)
    shown = b""
    try:
        while select.select([ours], [], [], SECONDS)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError as error:  # how Linux says that the other end is closed
                if error.errno != errno.EIO:
                    raise
                break
            if not part:
                break
            shown += part
        return process.wait(SECONDS), shown.decode()
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_a_terminal_shows_colours_the_bar_and_the_summary(tmp_path: Path) -> None:
    """Everything that a person sees of a stream is there, in colour."""
    cases = written(tmp_path, "a.jsonl", CASE, NOT_LOGGED_IN)
    status, shown = on_a_terminal("decide", str(cases))

    assert 1 == status
    assert "\x1b[1;31mrefused\x1b[0m under timely-2026-03" in shown
    assert f"\r{'─' * 30}   0%  0 lines  " in f"\r{shown}"
    assert f"\x1b[31m{'█' * 30}\x1b[0m" in shown


def test_no_color_keeps_every_escape_away(tmp_path: Path) -> None:
    """With NO_COLOR the same is shown without one escape."""
    cases = written(tmp_path, "a.jsonl", CASE, NOT_LOGGED_IN)
    status, shown = on_a_terminal("decide", str(cases), NO_COLOR="1")

    assert 1 == status
    assert "✗ refused under timely-2026-03" in shown
    assert "\x1b" not in shown


def test_an_encoding_of_the_process_is_respected(tmp_path: Path) -> None:
    """Where Python writes ASCII, what is not ASCII is escaped."""
    package = {
        "id": "Zoë",
        "client_id": "ana",
        "entitlements": [{"services": ["facial"], "remaining": 1}],
    }
    case = written(tmp_path, "a.json", {**CASE, "packages": [package]})
    run = subprocess.run(
        [*COMMAND, "decide", str(case)],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )

    assert (0, b"") == (run.returncode, run.stderr)
    assert b"1 credit of package Zo\\xeb\n" in run.stdout


def test_importing_the_command_is_light() -> None:
    """Importing `pkgredeem.cli` loads nothing from outside the standard library."""
    code = (
        "import sys; sys.path.insert(0, 'src'); import pkgredeem.cli;"
        "print(*{name.partition('.')[0] for name in sys.modules} - {*sys.stdlib_module_names})"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert ["__main__", "pkgredeem"] == sorted(
        name for name in loaded if not name.startswith("_sysconfigdata")
    )
