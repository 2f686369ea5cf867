"""What importing costs, beside the four standard modules that the core needs anyway; the command.

Imports run under `-I -S`: nothing that a machine has in its site packages, or runs when Python
starts, is in the figure, and none of it has loaded a module before the clock starts.
"""

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.absolute import DOCUMENT
from tests.benchmarks.timing import ROOT, Timed

LIBRARY: Final = "import pkgredeem"
STANDARD: Final = "import dataclasses, enum, datetime, zoneinfo"
COMMAND: Final = "pkgredeem decide one.json"
PYTHON: Final = 'python -c "import pkgredeem"'
PROCESSES: Final = 15
_SOURCE: Final = ROOT / "src"
# The time that the processor spends, since a process that waits for its turn says nothing.
_TIMED: Final = (
    "import sys, time; sys.path.insert(0, sys.argv[1]); began = time.process_time(); {}; "
    "print(time.process_time() - began)"
)


def measured(processes: int) -> dict[str, Timed]:
    """Return the medians of that many new processes each, in turns, with the bytecode there."""
    return _in_turns(
        {name: lambda name=name: _seconds_inside(name) for name in (LIBRARY, STANDARD)},  # type: ignore[misc]  # the name is bound now
        processes,
    )


def command(processes: int) -> dict[str, Timed]:
    """Return the medians of the command for one document, and of Python that imports the library.

    Both are whole processes, from their start to their end.
    """
    with TemporaryDirectory() as folder:
        document = Path(folder) / "one.json"
        document.write_text(DOCUMENT, encoding="ascii")
        return _in_turns(
            {
                COMMAND: lambda: _seconds_of_all("-m", "pkgredeem.cli", "decide", str(document)),
                PYTHON: lambda: _seconds_of_all("-c", LIBRARY),
            },
            processes,
        )


def _in_turns(ways: dict[str, Callable[[], float]], times: int) -> dict[str, Timed]:
    """Return the median of each, and the first one's over it; the first turn writes bytecode."""
    for seconds in ways.values():
        seconds()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(times):
        for name, seconds in ways.items():
            taken[name].append(seconds())
    medians = {name: statistics.median(found) for name, found in taken.items()}
    first = next(iter(medians.values()))
    return {name: Timed(seconds=each, ratio=first / each) for name, each in medians.items()}


def _seconds_inside(statement: str) -> float:
    asked = [sys.executable, "-I", "-S", "-c", _TIMED.format(statement), str(_SOURCE)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _seconds_of_all(*arguments: str) -> float:
    """Return what the processor spends on a whole process, which is the only one that runs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(_SOURCE)},
        capture_output=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
