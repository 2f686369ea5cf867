"""How many steps the allocation takes: lines of its code that run, counted and not timed."""

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, TypeAlias

from pkgredeem._engine import allocation as _allocation

Question: TypeAlias = tuple[list[list[int]], list[int]]
TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]

#: Steps stay below this many times (lines + entitlements) x (pairs that may pay + both + 1).
FACTOR = 4


def hard_questions(size: int) -> Iterator[tuple[str, Question]]:
    """Yield questions of that many lines that make the allocation search, by name."""
    every = list(range(size))
    yield "every credit may pay for every line", ([every] * size, [1] * size)
    yield "twice as many lines as credits", ([every[: size // 2]] * size, [1] * (size // 2))
    yield "one entitlement holds them all", ([[0]] * size, [size])
    chain = [[max(0, line - 1), line] if line else [0] for line in every]
    yield "a chain that moves on with each line", (chain[::-1], [1] * size)
    yield "a staircase", ([every[: line + 1] for line in every], [1] * size)
    yield "a staircase from the far end", ([every[line:] for line in every], [1] * size)
    yield "nothing left but in the last", ([every] * size, [*[0] * (size - 1), size])
    zigzag = [[line] if line < size // 2 else [line - size // 2, line] for line in every]
    yield "later lines push earlier ones away", (zigzag, [1] * size)


def pairs(question: Question) -> int:
    """Return how many pairs of a line and an entitlement that may pay for it there are."""
    return sum(map(len, question[0]))


def bound(question: Question) -> int:
    """Return what the steps must stay below: one search for each line and entitlement."""
    choices, left = question
    both = len(choices) + len(left)
    return FACTOR * both * (pairs(question) + both + 1)


def steps(question: Question) -> int:
    """Return how many lines of the allocation run for that question."""
    count = 0

    def counted(_frame: FrameType, event: str, _: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return counted

    def called(frame: FrameType, *_: object) -> TraceFunction | None:
        return counted if frame.f_code.co_filename == _allocation.__file__ else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        _allocation.allocate(*question)
    finally:
        sys.settrace(before)
    return count
