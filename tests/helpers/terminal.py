"""A terminal of 80 columns, and what a person sees in it when a command has ended."""

import os
import pty
import re
import subprocess
import sys
import termios
import threading
from pathlib import Path
from typing import Final

_ROWS_AND_COLUMNS: Final = (50, 80)
_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")
_SECONDS: Final = 120


def seen_in_a_terminal(command: str, folder: Path) -> str:
    """Run a command line as one types it into a shell there; return what stands on the screen."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, _ROWS_AND_COLUMNS)
    told = bytearray()
    reading = threading.Thread(target=_read, args=(ours, told))
    reading.start()
    on_path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    try:
        subprocess.run(  # noqa: S602 - what a reader types into a shell
            command,
            shell=True,
            cwd=folder,
            env=os.environ | {"PATH": on_path, "TERM": "xterm", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            check=False,
            timeout=_SECONDS,
        )
    finally:
        os.close(theirs)
        reading.join()
        os.close(ours)
    text = _STYLE.sub("", told.decode("utf-8")).replace("\r\n", "\n")
    return "\n".join(_left_standing(line) for line in text.split("\n"))


def _read(terminal: int, told: bytearray) -> None:
    """Collect what is written until nobody can write any more."""
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # Linux says so in place of an end
            return
        if not part:
            return
        told.extend(part)


def _left_standing(line: str) -> str:
    """Return what is left of a line that was written over from its beginning."""
    return next((part for part in reversed(line.split("\r")) if part.strip()), "")
