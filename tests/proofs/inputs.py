"""Part `inputs`: hostile inputs are answered within limits, and the allocation stays polynomial."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.proofs import hostile, operations, pool
from tests.proofs.found import Found, number

ROOT = Path(__file__).parents[2]
SIZES = (10, 20, 40, 80)
#: Doubling lines and entitlements: pairs grow fourfold, searches twofold.
_MOST_GROWTH = 9.0
_SHORT = 2_000
_MOST_TOLD = 300
# What an error shows at most for one problem, and the problems that it lists at most.
_LONGEST_LINE = 1_000
_MOST_LINES = 10_001


def prove(seconds: float) -> Found:  # noqa: ARG001 - the inputs take what they take
    """Hand over each input in a process of its own, then count the allocation's steps."""
    names = [*hostile.INPUTS, *hostile.LARGEST]
    results = dict(zip(names, pool.each(came_of, names), strict=True))
    failures = [
        f"{name}: {result['wrong']}" for name, result in results.items() if "wrong" in result
    ]
    whole = {name: result for name, result in results.items() if "wrong" not in result}
    counted, too_many = _counted()
    slowest = max(whole.values(), key=lambda each: each["seconds"], default={"seconds": 0})
    largest = max(whole.values(), key=lambda each: each["mebibytes"], default={"mebibytes": 0})
    return Found(
        says=(
            "Each input is handed over in a process of its own, which may use "
            f"{hostile.MOST_MEMORY // hostile.MEBIBYTE:,} MiB and {hostile.MOST_SECONDS} seconds; "
            "it must be answered, or refused with one error of the library. The largest cases "
            f"within the bounds must be answered in {hostile.MOST_SECONDS_INSIDE} seconds. The "
            "allocation is "
            "asked questions that make it search; the lines of its code that run are counted."
        ),
        figures=(
            ("inputs", number(len(results))),
            ("refused", number(sum(each["came"] == "refused" for each in whole.values()))),
            ("accepted", number(sum(each["came"] == "accepted" for each in whole.values()))),
            ("slowest, seconds on a core", f"{slowest['seconds']:.1f}"),
            ("largest, MiB with the input itself", number(largest["mebibytes"])),
            ("questions to the allocation", number(len(counted) * len(SIZES))),
            (
                f"steps stay below, times {operations.FACTOR}",
                "(lines + entitlements) x (pairs + lines + entitlements + 1)",
            ),
        ),
        failures=(*failures, *too_many),
        listed=(
            *(
                f"- {name}: {each['came']}, {each['seconds']:.1f} s, {each['mebibytes']} MiB"
                for name, each in whole.items()
            ),
            *(
                f"- allocation, {name}: {', '.join(map(number, steps))} steps for "
                f"{', '.join(map(str, SIZES))} lines"
                for name, steps in counted.items()
            ),
        ),
        open=(
            (
                "That the bound holds for every question was argued from the code, and measured "
                "for these."
            ),
        ),
    )


def came_of(name: str) -> dict[str, Any]:
    """Return what came of one input: what the process told, or under `wrong` how it failed."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.proofs.hostile", name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        return {"wrong": f"ended with {told.returncode}: {told.stderr[-_MOST_TOLD:]}"}
    result: dict[str, Any] = json.loads(told.stdout)
    if name in hostile.LARGEST and result["came"] != "accepted":
        return {"wrong": f"is within the bounds, and was refused: {result['told']}"}
    if name in hostile.LARGEST and result["seconds"] > hostile.MOST_SECONDS_INSIDE:
        return {"wrong": f"is within the bounds, and took {result['seconds']:.1f} seconds"}
    if result["lines"] > _MOST_LINES or result["length"] > _LONGEST_LINE * result["lines"]:
        return {"wrong": f"an error of {result['length']} characters"}
    return result


def _counted() -> tuple[dict[str, list[int]], list[str]]:
    """Return the steps for each kind of question at each size, and where they are too many."""
    counted: dict[str, list[int]] = {}
    too_many: list[str] = []
    for size in SIZES:
        for name, question in operations.hard_questions(size):
            steps, most = operations.steps(question), operations.bound(question)
            counted.setdefault(name, []).append(steps)
            if steps >= most:
                too_many.append(f"allocation, {name}, {size} lines: {steps} steps, {most} allowed")
    too_many += [
        f"allocation, {name}: {before} steps became {after} when everything was doubled"
        for name, steps in counted.items()
        for before, after in pairwise(steps)
        if before > _SHORT and after > _MOST_GROWTH * before
    ]
    return counted, too_many
