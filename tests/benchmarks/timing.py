"""How two things are measured side by side: short batches in turns, in several processes.

A busy machine slows everything that runs at that moment. So the peers take turns in batches of a
third of a millisecond, shorter than the scheduler's, each round gives one ratio, and the median of
the rounds is kept. Two processes of the same program differ by a few per cent, since memory lies
differently, so that the whole is done in several and the median of them is told.
"""

import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[2]
_BATCH = 0.000_3
_WARM_UP = 200


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much is spent: `THOROUGH` for the table, `QUICK` for a test that all of it runs."""

    rounds: int
    processes: int
    share: float  # of what a size in the table stands for: packages in memory, for one


THOROUGH = Effort(rounds=400, processes=5, share=1.0)
QUICK = Effort(rounds=3, processes=1, share=0.001)


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What one peer took: seconds a call, and how many times as long as the first peer."""

    seconds: float
    ratio: float


def in_turns(peers: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timed]:
    """Return for each peer the median seconds a call, and the first peer's time over its own."""
    calls = {name: _warmed_up(ask) for name, ask in peers.items()}
    taken: dict[str, list[float]] = {name: [] for name in peers}
    gc.collect()
    for _ in range(rounds):
        for name, ask in peers.items():
            taken[name].append(_seconds(ask, calls[name]))
    first = next(iter(taken.values()))
    return {
        name: Timed(
            seconds=statistics.median(each),
            ratio=statistics.median(a / b for a, b in zip(first, each, strict=True)),
        )
        for name, each in taken.items()
    }


def in_processes(module: str, effort: Effort) -> dict[str, dict[str, Timed]]:
    """Run a module that prints its measures as JSON, several times; return the medians."""
    runs: list[dict[str, dict[str, dict[str, float]]]] = []
    for _ in range(effort.processes):
        command = [sys.executable, "-m", module, str(effort.rounds)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    return {
        question: {
            peer: Timed(
                seconds=statistics.median(run[question][peer]["seconds"] for run in runs),
                ratio=statistics.median(run[question][peer]["ratio"] for run in runs),
            )
            for peer in peers
        }
        for question, peers in runs[0].items()
    }


def as_json(measured: Mapping[str, Mapping[str, Timed]]) -> str:
    """Return what `in_processes` reads."""
    return json.dumps(
        {
            question: {
                peer: {"seconds": timed.seconds, "ratio": timed.ratio}
                for peer, timed in peers.items()
            }
            for question, peers in measured.items()
        }
    )


def seconds_of(act: Callable[[], object], times: int) -> float:
    """Return the median seconds of something that takes long enough to be timed by itself."""
    return statistics.median(_seconds(act, 1) for _ in range(times))


def rounds_asked(arguments: Sequence[str]) -> int:
    """Return the number of rounds that a command line asks for."""
    return int(arguments[1]) if len(arguments) > 1 else THOROUGH.rounds


def _warmed_up(ask: Callable[[], object]) -> int:
    """Return how many calls make a batch, after the interpreter has had time to adapt."""
    _seconds(ask, _WARM_UP)
    return max(1, round(_BATCH / _seconds(ask, _WARM_UP)))


def _seconds(ask: Callable[[], object], calls: int) -> float:
    began = perf_counter()
    for _ in range(calls):
        ask()
    return (perf_counter() - began) / calls
