"""Replaying a file of bookings: whole commands, with all that they start.

Every client has eight bookings in one month and a package of ten, so that with carry there is a
history to carry. The file is no history in order: the first bookings of all clients stand first.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.absolute import DOCUMENT
from tests.benchmarks.against import source_at
from tests.benchmarks.timing import ROOT, THOROUGH, Effort

BOOKINGS: Final = 40_000
MANY_BOOKINGS: Final = 400_000
CORES: Final = os.cpu_count() or 1
#: The last commit before reading was made fast, and before balances were carried.
BEFORE: Final = "fb889c02ccd7fba0591f410dbe4dcf01421a4a6d"
_BOOKINGS_OF_A_CLIENT: Final = 8
_TIMES: Final = 3


@dataclass(frozen=True, kw_only=True)
class Replays:
    """How many bookings were replayed, and the median seconds of each way to do it."""

    bookings: int
    many: int
    before: float | None  # None where the clone does not hold that commit
    plain: float
    carried: float
    many_by_one: float
    many_by_two: float


def measured(effort: Effort) -> Replays:
    """Replay two files, each way in turns."""
    bookings = max(1, round(BOOKINGS * effort.share))
    many = max(1, round(MANY_BOOKINGS * effort.share))
    times = _TIMES if effort is THOROUGH else 1
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        file = write_histories(folder / "bookings.jsonl", bookings)
        large = write_histories(folder / "many.jsonl", many)
        here = ROOT / "src"
        ways: list[tuple[Path, Path, list[str]]] = [
            (here, file, ["--processes", "1"]),
            (here, file, ["--processes", "1", "--carry"]),
            (here, large, ["--processes", "1"]),
            (here, large, ["--processes", "2"]),
        ]
        if _is_in_this_clone(BEFORE):
            then = stack.enter_context(source_at(BEFORE))
            ways.append((then, file, ["--processes", "1"]))
        taken = [[_seconds(*way) for way in ways] for _ in range(times)]
    plain, carried, one, two, *before = map(statistics.median, zip(*taken, strict=True))
    return Replays(
        bookings=bookings,
        many=many,
        before=before[0] if before else None,
        plain=plain,
        carried=carried,
        many_by_one=one,
        many_by_two=two,
    )


def write_histories(path: Path, bookings: int) -> Path:
    """Write a file of so many bookings, eight to a client, and return its path."""
    clients = -(-bookings // _BOOKINGS_OF_A_CLIENT)
    template = json.loads(DOCUMENT)
    now, start = (
        datetime.fromisoformat(text) for text in (template["now"], template["booking"]["starts_at"])
    )
    package = template["packages"][0]
    with path.open("w", encoding="ascii") as file:
        for number in range(bookings):
            visit, client = divmod(number, clients)
            later = timedelta(days=3 * visit, seconds=client % 86_400)
            template["now"] = (now + later).isoformat()
            template["client"]["id"] = package["client_id"] = f"client-{client}"
            template["booking"] |= {
                "id": f"booking-{number}",
                "starts_at": (start + later).isoformat(),
            }
            package["id"] = f"package-{client}"
            package["entitlements"][0]["remaining"] = 10
            file.write(f"{json.dumps(template)}\n")
    return path


def _is_in_this_clone(commit: str) -> bool:
    asked = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    return not subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode


def _seconds(source: Path, file: Path, arguments: list[str]) -> float:
    command = [sys.executable, "-m", "pkgredeem.cli", "replay", str(file), "--format", "json"]
    began = time.perf_counter()
    subprocess.run(
        [*command, *arguments],
        cwd=file.parent,
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - began
