"""Replaying a file of bookings: one process beside two, whole commands with all that they start."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.absolute import DOCUMENT
from tests.benchmarks.timing import ROOT, THOROUGH, Effort

BOOKINGS: Final = 40_000
CORES: Final = os.cpu_count() or 1
_TIMES: Final = 3


def measured(effort: Effort) -> tuple[int, float, float]:
    """Return how many bookings were replayed, and the seconds of one process and of two."""
    bookings = max(1, round(BOOKINGS * effort.share))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cases.jsonl"
        file.write_text(f"{DOCUMENT}\n" * bookings, encoding="utf-8")
        times = _TIMES if effort is THOROUGH else 1
        taken = [[_seconds(file, processes) for processes in (1, 2)] for _ in range(times)]
    one, two = (statistics.median(each) for each in zip(*taken, strict=True))
    return bookings, one, two


def _seconds(file: Path, processes: int) -> float:
    command = [sys.executable, "-m", "pkgredeem.cli", "replay", str(file)]
    command += ["--processes", str(processes), "--format", "json"]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - began
