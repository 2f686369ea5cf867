"""Part `breaks`: every rule is broken by itself, and two independent checks or more must see it."""

import contextlib
import io
import time
from collections import Counter
from collections.abc import Callable
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import pytest

from pkgredeem import RedemptionPolicy, rules
from pkgredeem.testing import check_laws
from tests.oracle.corpus import make
from tests.proofs import cedar, lattice, second, seeds
from tests.proofs.breaking import Break, every_break
from tests.proofs.found import Found, number
from tests.proofs.pool import cores

ROOT = Path(__file__).parents[2]
LEAST_RED = 2
_BATCHES, _BATCH = 8, 750
_CORPUS_RECORDS = 600
_CEDAR_CASES = 400
_LATTICE_STEP = 11
_ACTS_STEP = 13


def prove(seconds: float) -> Found:
    """Break each rule in a process of its own; with time to spare put each break to every check."""
    began = time.monotonic()
    broken = every_break()
    _warm()
    red = _judged(range(len(broken)), LEAST_RED)
    spent = time.monotonic() - began
    thorough = spent * len(CHECKS) / LEAST_RED < seconds - spent
    if thorough:
        red = _judged(range(len(broken)), len(CHECKS))
    seen = Counter(chain.from_iterable(red))
    weak = [
        f"{each.name}, {each.how}: seen by {', '.join(found) or 'no check'}"
        for each, found in zip(broken, red, strict=True)
        if len(found) < LEAST_RED
    ]
    names = {each.name for each in broken}
    kinds = Counter("moved" if "`" in each.how else each.how for each in broken)
    scope = "every check" if thorough else f"the checks in turn until {LEAST_RED} are red"
    return Found(
        says=(
            "Every rule is broken by itself: negated, dropped, and each of its boundaries moved by "
            "one; so are the facts of values in which a rule's boundary stands. Each break is put "
            f"to {scope}."
        ),
        figures=(
            seeds.figure(),
            ("rules broken", number(sum(name.startswith("rules.") for name in names))),
            ("facts broken", number(sum(not name.startswith("rules.") for name in names))),
            ("negated", number(kinds["negated"])),
            ("dropped", number(kinds["dropped"])),
            ("boundaries moved by one", number(kinds["moved"])),
            *((f"seen by: {name}", number(seen[name])) for name in CHECKS),
            (f"seen by fewer than {LEAST_RED} checks", number(len(weak))),
        ),
        failures=tuple(weak),
        open=(
            (
                "The checks are independent in what they compare with, but all of them were "
                "written for this library."
            ),
        ),
    )


def _judged(places: range, enough: int) -> list[list[str]]:
    """Return for each break the checks that turned red, up to *enough* of them."""
    jobs = [(place, enough) for place in places]
    with get_context("fork").Pool(cores(), maxtasksperchild=1) as pool:
        return pool.starmap(red_checks, jobs, chunksize=1)


def red_checks(place: int, enough: int) -> list[str]:
    """Break one function in this process, which must end afterwards; return what turns red."""
    each: Break = every_break()[place]
    each.do()
    names, first = list(CHECKS), place % len(CHECKS)
    red: list[str] = []
    for name in names[first:] + names[:first]:  # so that each check comes first in its turn
        if not _still(CHECKS[name]):
            red.append(name)
            if len(red) == enough:
                break
    return red


def _still(holds: Callable[[], bool]) -> bool:
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        try:
            return holds()
        except Exception:  # noqa: BLE001 - whatever a broken rule brings about is seen
            return False


def _second_agrees() -> bool:
    for batch in range(_BATCHES):
        _, differences = second.random_batch(batch, _BATCH)
        if differences:
            return False
    some = islice(lattice.every_case(), 0, None, _LATTICE_STEP)
    _, differences = second.compare_cases(chain(lattice.about_counts(), some))
    if differences:
        return False
    _, differences = second.compare_acts(islice(lattice.every_redemption(), 0, None, _ACTS_STEP))
    return not differences


def _cedar_agrees() -> bool:
    return next(cedar.differences(cedar.SEED, _CEDAR_CASES), None) is None


def _kit_agrees() -> bool:
    check_laws(RedemptionPolicy(rules.ONLINE))
    return True


def _corpus_agrees() -> bool:
    lines = make.CASES.read_text(encoding="ascii").splitlines()[:_CORPUS_RECORDS]
    return all(
        line == made for line, made in zip(lines, make.records(0, _CORPUS_RECORDS), strict=True)
    )


def _tests(*places: str) -> Callable[[], bool]:
    def pass_() -> bool:
        paths = [str(ROOT / "tests" / place) for place in places]
        options = ["-x", "-q", "-p", "no:cacheprovider", "--tb=no", "--assert=plain"]
        options.append("--hypothesis-profile=draw")  # a break that needs more is weak
        options.append(f"--hypothesis-seed={seeds.of_run()}")
        return pytest.main([*options, *paths]) == pytest.ExitCode.OK

    return pass_


#: Checks that compare with different things.
CHECKS: dict[str, Callable[[], bool]] = {
    "tests of the rules": _tests("rules", "engine"),
    "second implementation": _second_agrees,
    "corpus": _corpus_agrees,
    "example cases": _tests("docs/test_example_cases.py"),
    "Cedar policies": _cedar_agrees,
    "scenarios": _tests("testing/test_scenarios.py"),
    "laws of the kit": _kit_agrees,
}


def _warm() -> None:
    """Import in this process what the checks need, so that each break does not import it again."""
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        red = [name for name, holds in CHECKS.items() if not holds()]
    if red:
        raise RuntimeError(f"red before anything was broken: {', '.join(red)}")
