"""What importing costs, beside the four standard modules that the core needs anyway."""

import statistics
import subprocess
import sys
from typing import Final

from tests.benchmarks.timing import ROOT, Timed

LIBRARY: Final = "import pkgredeem"
STANDARD: Final = "import dataclasses, enum, datetime, zoneinfo"
PROCESSES: Final = 15
# The time that the processor spends, since a process that waits for its turn says nothing.
_TIMED: Final = "import time; began = time.process_time(); {}; print(time.process_time() - began)"


def measured(processes: int) -> dict[str, Timed]:
    """Return the medians of that many new processes each, in turns, with the bytecode there."""
    taken: dict[str, list[float]] = {LIBRARY: [], STANDARD: []}
    for statement in taken:
        _seconds(statement)
    for _ in range(processes):
        for statement, found in taken.items():
            found.append(_seconds(statement))
    library = statistics.median(taken[LIBRARY])
    return {
        name: Timed(seconds=statistics.median(found), ratio=library / statistics.median(found))
        for name, found in taken.items()
    }


def _seconds(statement: str) -> float:
    command = [sys.executable, "-c", _TIMED.format(statement)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)
