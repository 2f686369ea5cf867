"""Sizes: work grows at most with the square of lines and packages (D75). Steps count, not time."""

import sys
from collections.abc import Callable
from itertools import pairwise
from types import CodeType, FrameType

import pytest

from pkgredeem import Package, Period, Quota
from pkgredeem._engine.allocation import allocate
from tests.helpers.support import NO_LIMITS, case, credit, decide, package, restricted, use

#: As many packages for each line as there are at most.
PACKAGES_FOR_A_LINE = 10


def alike(lines: int, packages: int) -> tuple[list[str], list[Package]]:
    """Every package holds one credit for the one service that every line books."""
    return ["facial"] * lines, [package(f"p{number:04}") for number in range(packages)]


def too_few(lines: int, packages: int) -> tuple[list[str], list[Package]]:
    """Half of the lines find no credit, and every package holds two entitlements."""
    return ["facial"] * lines, [
        package(f"p{number:04}", credit("facial", left=int(number < lines // 2)), credit("mask"))
        for number in range(packages // 2)
    ]


def too_few_of_each(lines: int, packages: int) -> tuple[list[str], list[Package]]:
    """Every line books a service of its own, and the half that pays for it is empty."""
    services = [f"s{number:04}" for number in range(lines)]
    return services, [
        package(
            f"p{number:04}", credit(*services[number % 2 :: 2], left=0, id="main"), credit("mask")
        )
        for number in range(packages)
    ]


def capped(lines: int, packages: int) -> tuple[list[str], list[Package]]:
    """Every credit has a quota that is full, or has one place left."""
    quotas = [Quota(1, Period.EVER)]
    return ["facial"] * lines, [
        package(
            f"p{number:04}",
            restricted(remaining=9, quotas=quotas),
            uses=[use(entitlement_id="main")] * (number >= lines // 2),
        )
        for number in range(packages)
    ]


def chained(lines: int, packages: int) -> tuple[list[str], list[Package]]:
    """Each credit pays for a service and the next one, the best of them for the last lines."""
    services = [f"s{number:04}" for number in range(lines)]
    pairs = [
        package(f"p{number:04}", credit(*services[number : number + 2]), priority=number)
        for number in range(lines)
    ]
    spare = [package(f"q{number:04}", credit(services[-1])) for number in range(packages - lines)]
    return services, pairs + spare


def staircase(lines: int, packages: int) -> tuple[list[str], list[Package]]:
    """Each credit pays for one service more than the one before it."""
    services = [f"s{number:04}" for number in range(lines)]
    steps = [
        package(f"p{number:04}", credit(*services[: number + 1], id="main"))
        for number in range(lines)
    ]
    spare = [package(f"q{number:04}", credit(services[0])) for number in range(packages - lines)]
    return services, steps + spare


def steps_of(call: Callable[[], object]) -> int:
    """Count the lines of code that the library runs for a call."""
    counted = 0
    inside: dict[CodeType, bool] = {}

    def trace(frame: FrameType, event: str, _value: object) -> object:
        nonlocal counted
        code = frame.f_code
        if code not in inside:
            inside[code] = "/pkgredeem/" in code.co_filename
        if not inside[code]:
            return None
        counted += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # what a trace function may return
    try:
        call()
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("question", [alike, too_few, too_few_of_each, capped, chained, staircase])
def test_twice_as_much_takes_at_most_four_times_as_many_steps(
    question: Callable[[int, int], tuple[list[str], list[Package]]],
) -> None:
    """Twice as many lines and packages: at most four times the steps, whatever the credits are."""
    counts = []
    for lines in (10, 20, 40):
        services, packages = question(lines, lines * PACKAGES_FOR_A_LINE)
        asked = case(*services, packages=packages)
        counts.append(steps_of(lambda asked=asked: decide(asked, NO_LIMITS)))  # type: ignore[misc]

    assert [] == more_than_four_times(counts)


def more_than_four_times(counts: list[int]) -> list[tuple[int, int]]:
    """Return the counts that are more than four times the one before, each with it."""
    assert counts[0] > 100
    return [(smaller, larger) for smaller, larger in pairwise(counts) if larger > 4 * smaller]


def large(size: int) -> tuple[list[list[int]], list[int]]:
    """Every line may be paid by each of four times as many credits."""
    return [list(range(4 * size)) for _ in range(size)], [1] * (4 * size)


def chain(size: int) -> tuple[list[list[int]], list[int]]:
    """Each new line pushes all earlier ones on by one credit, and two lines want the first."""
    best = [max(line - 1, 0) for line in range(size - 1, -1, -1)]
    return [list(range(rank, size)) for rank in best], [1] * size


def chain_without_an_end(size: int) -> tuple[list[list[int]], list[int]]:
    """One line too many for a chain of credits: every search looks at all of it."""
    left = [1] * (size + 1)
    left[size // 2] = 0
    return [[rank, rank + 1] for rank in range(size)] + [[0, size]], left


def many_too_many(size: int) -> tuple[list[list[int]], list[int]]:
    """Ten lines for each credit: nearly every search is in vain."""
    return [list(range(size)) for _ in range(10 * size)], [1] * size


def apart(size: int) -> tuple[list[list[int]], list[int]]:
    """A line that only the last credit pays for, beside lines that none below it may help."""
    last = 4 * size
    return [list(range(last)) for _ in range(size)] + [[last]], [1] * (last + 1)


@pytest.mark.parametrize("question", [large, chain, chain_without_an_end, many_too_many, apart])
def test_an_allocation_of_twice_the_size_takes_at_most_four_times_as_many_steps(
    question: Callable[[int], tuple[list[list[int]], list[int]]],
) -> None:
    """However lines and credits hang together, no search is made twice in vain."""
    counts = []
    for size in (10, 20, 40):
        choices, left = question(size)
        counts.append(steps_of(lambda choices=choices, left=left: allocate(choices, left)))  # type: ignore[misc]

    assert [] == more_than_four_times(counts)
