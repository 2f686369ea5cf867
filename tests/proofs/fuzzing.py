"""Part `fuzzing`: atheris looks for bytes that bring about any error but the library's own."""

import base64
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from tests.proofs import pool, seeds
from tests.proofs.found import Found, number
from tests.proofs.fuzz import kept
from tests.proofs.fuzz.targets import TARGETS

#: libFuzzer draws a seed of its own where it is told 0.
SEED = 1
_LEAST_SECONDS = 10
_RUNS = re.compile(r"number_of_executed_units:\s+(\d+)")
_REACHED = re.compile(r"DONE\s+cov: (\d+)")
_MOST_TOLD = 400


class Job(NamedTuple):
    """One target, and how long it is fuzzed."""

    target: str
    seconds: int


class Fuzzed(NamedTuple):
    """How many inputs were run, how many edges of the code they reached, and what broke."""

    runs: int
    reached: int
    broken: str


def prove(seconds: float) -> Found:
    """Fuzz each target for its share of the time."""
    if find_spec("atheris") is None:
        missing = "There is no atheris for this Python: nothing was fuzzed, only replayed."
        return Found(says="Nothing was fuzzed.", figures=(), open=(missing,))
    each = max(_LEAST_SECONDS, int(seconds * pool.cores() / len(TARGETS)))
    results = pool.each(fuzzed, [Job(target, each) for target in TARGETS])
    found = dict(zip(TARGETS, results, strict=True))
    replayed = {target: len(kept.inputs(target)) for target in TARGETS}
    return Found(
        says=(
            "atheris changes bytes, guided by the code that they reach, and hands them to four "
            "targets: case documents, stored redemptions, decisions of cases grown from bytes, and "
            "chains of acts on what was booked, each with values that can't be among them. "
            "Nothing but a `PkgRedeemError` may come out, what is read must be written equal, and "
            "a refusal must have reasons. The inputs that reach the most code are kept, and the "
            "suite replays them."
        ),
        figures=(
            *((f"`{target}`: inputs run", number(result.runs)) for target, result in found.items()),
            *(
                (f"`{target}`: edges reached", number(result.reached))
                for target, result in found.items()
            ),
            ("seconds for a target", number(each)),
            seeds.figure(),
            ("inputs kept and replayed", number(sum(replayed.values()))),
        ),
        failures=tuple(
            f"{target}: {result.broken}" for target, result in found.items() if result.broken
        ),
        open=("Fuzzing finds mistakes; that it found none is no proof that there are none.",),
    )


def fuzzed(job: Job) -> Fuzzed:
    """Fuzz one target in a process of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "inputs"
        kept.fill(job.target, folder)
        told = kept.fuzz(
            job.target,
            folder,
            f"-max_total_time={job.seconds}",
            f"-seed={SEED + seeds.of_run()}",
            f"-max_len={kept.LONGEST}",
            f"-artifact_prefix={temporary}/broken-",
        )
        broken = [
            f"{base64.b64encode(each.read_bytes()).decode()} (Base64)"
            for each in Path(temporary).glob("broken-*")
        ]
    if told.returncode or broken:
        broken.append(" ".join(told.stderr.split())[-_MOST_TOLD:])
    return Fuzzed(_last(_RUNS, told.stderr), _last(_REACHED, told.stderr), " ".join(broken))


def _last(pattern: re.Pattern[str], text: str) -> int:
    numbers = pattern.findall(text)
    return int(numbers[-1]) if numbers else 0
