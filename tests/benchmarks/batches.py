"""Decides batches of mixed cases whenever a pipe asks; one of the two processes of `against`.

    python -m tests.benchmarks.batches FILE

The library is whatever stands first on the path, of this revision or of another one: nothing but
its public names is used here, and nothing that stands beside this file. FILE holds case documents.
The first line out says which library this is and how many cases it finds eligible. Then every line
in is a batch, the places of its cases, and the line out is the seconds that it took.
"""

import gc
import json
import lzma
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter

import pkgredeem
from pkgredeem import RedemptionPolicy
from pkgredeem.documents import read_case

_WARM_UP = 3


def serve(file: str, asked: Iterable[str], write: Callable[[str], object]) -> None:
    """Say which library this is and how many cases it finds eligible, then time what is asked."""
    with lzma.open(file, "rt", encoding="ascii") as documents:
        cases = [read_case(json.loads(line)) for line in documents]
    decide = RedemptionPolicy().decide_case
    for _ in range(_WARM_UP):
        eligible = sum(decide(case).eligible for case in cases)
    gc.collect()
    gc.freeze()  # no collection looks at the cases again, in the midst of a batch
    source = str(Path(pkgredeem.__file__).resolve().parents[1])
    write(json.dumps({"source": source, "eligible": eligible}) + "\n")
    for line in asked:
        batch = [cases[place] for place in json.loads(line)]
        for case in batch:  # the other process has run meanwhile, and the caches are its own
            decide(case)
        began = perf_counter()
        for case in batch:
            decide(case)
        write(f"{perf_counter() - began!r}\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin, _write)
