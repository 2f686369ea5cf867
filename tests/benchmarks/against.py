"""Compares what a decision takes now with what it took at another revision, on the mixed cases.

    ./scripts/bench --against REV [--quick]

One process has the library of that revision first on its path, another the present one, changes
that are not committed included. Both read the same documents, each with its own library, and decide
the same batches in strict alternation: then, now, then, now. Whatever slows the machine slows two
neighbours alike, so that each pair gives one ratio, and the median of them is told. Two processes
of one program differ by a few per cent, so that the whole is done with several pairs of them.
"""

import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from tests.benchmarks.mixed import MIXED, documents, places
from tests.benchmarks.table import aligned, shown
from tests.benchmarks.timing import ROOT, Effort

_CASES_IN_A_BATCH: Final = 25  # about a third of a millisecond
_CHILD: Final = "tests.benchmarks.batches"
_COLUMNS: Final = ("cases", "then", "now", "ratio", "quartiles")

#: Decides the cases at these places, and returns the seconds that it took.
Decide: TypeAlias = Callable[[list[int]], float]


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """What cases of one kind took, seconds a case: pair by pair, first then and second now."""

    seconds: tuple[tuple[float, float], ...]

    @property
    def then(self) -> float:
        """The median seconds at the other revision."""
        return statistics.median(then for then, _ in self.seconds)

    @property
    def now(self) -> float:
        """The median seconds at present."""
        return statistics.median(now for _, now in self.seconds)

    def quartiles(self) -> tuple[float, float, float]:
        """Return the lower quartile, the median and the upper quartile of now over then."""
        ratios = [now / then for then, now in self.seconds]
        lower, median, upper = statistics.quantiles(ratios, n=4, method="inclusive")
        return lower, median, upper


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What two libraries took, and how many cases each of them finds eligible."""

    pairs: Mapping[str, Pairs]
    eligible: tuple[int, int]


def commit_of(revision: str) -> str:
    """Return the whole name of the commit; exit when there is none of that name."""
    asked = [
        "git",
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{revision}^{{commit}}",
    ]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"--against is {revision!r}: it must be a revision of this repository")
    return done.stdout.strip()


@contextmanager
def source_at(commit: str) -> Iterator[Path]:
    """Lend a folder with the library as it was at that commit."""
    asked = ["git", "archive", "--format=tar", commit, "src"]
    packed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder) / "src"


def in_batches(kinds: Mapping[str, Sequence[int]]) -> dict[str, list[list[int]]]:
    """Return the places of each kind in batches of equal size; what is left over is left out."""
    size = _CASES_IN_A_BATCH
    return {
        kind: [list(found[begin : begin + size]) for begin in range(0, len(found) - size + 1, size)]
        for kind, found in kinds.items()
    }


def in_alternation(
    then: Decide, now: Decide, batches: Mapping[str, Sequence[list[int]]], rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """Return pairs of seconds: in each round one batch of each kind is decided then and now."""
    pairs: dict[str, list[tuple[float, float]]] = {kind: [] for kind in batches}
    for turn in range(rounds):
        for kind, of_kind in batches.items():
            batch = of_kind[turn % len(of_kind)]
            pairs[kind].append((then(batch), now(batch)))
    return pairs


def compared(then: Path, now: Path, effort: Effort) -> Comparison:
    """Return what the libraries of two source folders take, over several pairs of processes."""
    batches = in_batches(places(documents()))
    pairs: dict[str, list[tuple[float, float]]] = {kind: [] for kind in batches}
    eligible = (0, 0)
    for hash_seed in range(effort.processes):
        with _process(then, hash_seed) as first, _process(now, hash_seed) as second:
            eligible = first.eligible_at_its_source(), second.eligible_at_its_source()
            found = in_alternation(first.seconds, second.seconds, batches, effort.rounds)
        for kind, more in found.items():
            pairs[kind] += [(a / _CASES_IN_A_BATCH, b / _CASES_IN_A_BATCH) for a, b in more]
    return Comparison(
        pairs={kind: Pairs(seconds=tuple(found)) for kind, found in pairs.items()},
        eligible=eligible,
    )


def table(comparison: Comparison, revision: str) -> str:
    """Return the comparison as it is printed."""
    rows = [_COLUMNS]
    for kind, pairs in comparison.pairs.items():
        lower, median, upper = pairs.quartiles()
        spread = f"{lower:.3f} to {upper:.3f}"
        rows.append((kind, shown(pairs.then), shown(pairs.now), f"{median:.3f}", spread))
    then, now = comparison.eligible
    return (
        f"Deciding mixed cases: now it takes so many times as long as at {revision}.\n"
        f"Eligible: {then:,} then, {now:,} now.\n\n{aligned(rows)}\n"
    )


def main(revision: str, effort: Effort, write: Callable[[str], object] = sys.stdout.write) -> None:
    """Compare the present library with that of a revision, and print the table."""
    commit = commit_of(revision)
    with source_at(commit) as then:
        write(table(compared(then, ROOT / "src", effort), f"{revision} ({commit[:12]})"))


@dataclass(frozen=True)
class _Process:
    """A process that decides batches with the library of one source folder."""

    source: Path
    running: subprocess.Popen[str]

    def answer(self) -> str:
        """Return the next line from it; exit when it has ended."""
        assert self.running.stdout is not None
        line = self.running.stdout.readline()
        if not line:
            sys.exit(f"the library in {self.source} can't decide the mixed cases, see above")
        return line

    def eligible_at_its_source(self) -> int:
        """Return how many cases are eligible; exit when another library than this was loaded."""
        found = json.loads(self.answer())
        if Path(found["source"]) != self.source.resolve():
            sys.exit(f"the library must be that in {self.source}; it is in {found['source']}")
        eligible: int = found["eligible"]
        return eligible

    def seconds(self, batch: list[int]) -> float:
        """Let it decide the cases at these places, and return the seconds that it took."""
        assert self.running.stdin is not None
        self.running.stdin.write(f"{batch}\n")
        self.running.stdin.flush()
        return float(self.answer())


@contextmanager
def _process(source: Path, hash_seed: int) -> Iterator[_Process]:
    """Lend a process with that folder first on its path; it is not measured by coverage."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    with subprocess.Popen(
        [sys.executable, "-m", _CHILD, str(MIXED)],
        cwd=ROOT,
        env=kept | {"PYTHONPATH": str(source), "PYTHONHASHSEED": str(hash_seed)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:  # leaving closes its pipes, which ends it, and waits for it
        yield _Process(source, running)
