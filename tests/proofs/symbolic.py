"""Part `symbolic`: CrossHair looks for inputs that break a contract, or shows there are none."""

import inspect
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from tests.proofs import contracts, contracts_of_credits, contracts_of_plans, pool, wrong
from tests.proofs.found import Found, number

ROOT = Path(__file__).parents[2]
STATED = (contracts, contracts_of_credits, contracts_of_plans)
CONFIRMED = "confirmed over all paths"
UNDECIDED = "no counterexample in the budget"
NOT_REACHED = "not reached in the budget"
_LEAST_SECONDS = 5
_LEAST_IN_ALL = 150
_GRACE = 120


class Contract(NamedTuple):
    """One contract, how many seconds of a core may be spent on it, and when all must end."""

    name: str
    says: str
    seconds: float
    end: float


def prove(seconds: float) -> Found:
    """Check each contract for its share of the time, and that wrong contracts are refuted."""
    stated = [made for module in STATED for made in _functions(module)]
    refutable = _functions(wrong)
    each = max(_LEAST_SECONDS, seconds * pool.cores() / len(stated) / 2)
    end = time.monotonic() + max(seconds, _LEAST_IN_ALL)
    jobs = [
        Contract(
            f"{made.__module__}.{made.__name__}", (made.__doc__ or "").split("\n")[0], each, end
        )
        for made in (*refutable, *stated)
    ]
    verdicts = dict(zip(jobs, pool.each(checked, jobs), strict=True))
    right = dict(list(verdicts.items())[len(refutable) :])
    good = {CONFIRMED, UNDECIDED, NOT_REACHED}
    failures = [f"{job.name}: {told}" for job, told in right.items() if told not in good]
    failures += [
        f"{job.name} is wrong, and was not refuted: {told}"
        for job, told in verdicts.items()
        if job not in right and told in good
    ]
    return Found(
        says=(
            "CrossHair runs the library's own code objects symbolically and looks for inputs that "
            "break a contract. Rules compare instants and add elapsed time, so that whole numbers "
            "stand in for instants; the code is the same. Contracts that are wrong by one show "
            "that it would find a mistake."
        ),
        figures=(
            ("contracts", number(len(right))),
            (CONFIRMED, number(sum(told == CONFIRMED for told in right.values()))),
            (UNDECIDED, number(sum(told == UNDECIDED for told in right.values()))),
            (NOT_REACHED, number(sum(told == NOT_REACHED for told in right.values()))),
            ("seconds for a contract, at most", number(each)),
            ("wrong contracts, all refuted", number(len(refutable))),
        ),
        failures=tuple(failures),
        listed=tuple(f"- `{_short(job)}`: {told}. {job.says}" for job, told in right.items()),
        open=(
            "A contract with no counterexample in the budget is searched, not proven.",
            (
                "Whole numbers stand in for instants: that `datetime` compares and adds as they do "
                "is taken from Python."
            ),
        ),
    )


def checked(contract: Contract) -> str:
    """Return what CrossHair says of one contract."""
    command = [
        sys.executable,
        "-m",
        "crosshair",
        "check",
        "--analysis_kind=PEP316",
        "--report_all",
        f"--per_condition_timeout={contract.seconds}",
        contract.name,
    ]
    left = contract.end - time.monotonic()
    if left < _LEAST_SECONDS:
        return NOT_REACHED
    # CrossHair counts the time on a core, not the clock's.
    limit = min(left, contract.seconds * 10 + _GRACE)
    try:
        told = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return UNDECIDED
    if "Confirmed over all paths" in told.stdout:
        return CONFIRMED
    if "Not confirmed" in told.stdout:
        return UNDECIDED
    return " ".join((told.stdout + told.stderr).split()) or "CrossHair found no contract"


def _functions(module: ModuleType) -> list[Callable[..., bool]]:
    """Return the contracts of a module in their order."""
    return [
        made
        for made in vars(module).values()
        if inspect.isfunction(made)
        and made.__module__ == module.__name__
        and "post: _" in (made.__doc__ or "")
    ]


def _short(job: Contract) -> str:
    return job.name.rpartition(".")[2]
