"""What the tests of the command share: a case document, and ways to run the command on it."""

import io
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from pkgredeem.cli import main

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "cases"

#: Ana books one of five facials, four days ahead; a day before is free, later the credit is lost.
CASE: Mapping[str, object] = {
    "format": "pkgredeem/1",
    "now": "2026-05-01T09:00:00+12:00",
    "account": {
        "online_redemption": True,
        "client_login": "optional",
        "cancellation": {"window": "24 hours", "late": "forfeit"},
        "time_zone": "Pacific/Auckland",
    },
    "client": {"id": "ana", "logged_in": True},
    "packages": [
        {
            "id": "p1",
            "client_id": "ana",
            "entitlements": [{"services": ["facial"], "remaining": 5}],
        }
    ],
    "booking": {
        "id": "b1",
        "starts_at": "2026-05-05T10:00:00+12:00",
        "lines": [{"service": {"id": "facial"}}],
    },
}

ELIGIBLE = """\
eligible under timely-2026-03: a package can be used for this booking
deposit: no deposit is due
card capture: no card is asked for
credit: facial is paid with 1 credit of package p1
cancellation: free until Mon 4 May 10:00, then the credit is forfeited
times: in Pacific/Auckland
"""

NOT_LOGGED_IN: Mapping[str, object] = {**CASE, "client": {"id": "ana"}}

REFUSED = """\
refused under timely-2026-03: 1 reason
reason: client_not_logged_in [T07 D03] the client is not logged in; \
to change it: ask the client to log in, then book
deposit: no deposit is due
card capture: no card is asked for
times: in Pacific/Auckland
"""


@dataclass(frozen=True)
class Result:
    """What a run of the command came to."""

    status: int
    out: str
    err: str


class Stream(io.TextIOWrapper):
    """A stream in memory that may say that it is a terminal, and in any encoding."""

    def __init__(self, *, encoding: str = "utf-8", is_terminal: bool = False) -> None:
        """Begin empty."""
        self.held = io.BytesIO()
        super().__init__(self.held, encoding=encoding, newline="", write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """Say what the test wants."""
        return self._is_terminal

    def text(self) -> str:
        """Return what was written."""
        return self.held.getvalue().decode(self.encoding)


def run(
    monkeypatch: pytest.MonkeyPatch,
    *argv: str | Path,
    stdin: bytes = b"",
    encoding: str = "utf-8",
    is_terminal: bool = False,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> Result:
    """Run the command in this process, with streams of its own and a plain environment."""
    plain = {"TERM": "xterm-256color", "COLUMNS": "80"}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**plain, **environ}.items():
        monkeypatch.setenv(name, value)
    out = Stream(encoding=encoding, is_terminal=is_terminal)
    err = Stream(encoding=encoding, is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    status = main([str(each) for each in argv])
    return Result(status, out.text(), err.text())


def uncoloured(text: str) -> str:
    """Return what is written on a terminal without its colours."""
    return _STYLE.sub("", text)


def plain(text: str) -> str:
    """Return it without its colours, and without what can't be seen at the end of a line."""
    return "".join(f"{line.rstrip()}\n" for line in uncoloured(text).splitlines())


def opened_by(monkeypatch: pytest.MonkeyPatch, opening: Callable[[], object], *names: str) -> None:
    """Let files of these names be opened in that way.

    All others are as ever, since a command that has not run before is imported when it is called.
    """
    as_ever = Path.open

    def chosen(path: Path, mode: str = "r", **options: object) -> object:
        if path.name in names:
            return opening()
        return as_ever(path, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", chosen)


def written(folder: Path, name: str, *documents: object) -> Path:
    """Write a case document, or several as one case a line, and return the path."""
    path = folder / name
    text = "".join(f"{json.dumps(each)}\n" for each in documents)
    path.write_text(text, encoding="utf-8")
    return path
