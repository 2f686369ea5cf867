"""Prints how long the full question and the seven conditions take, as JSON; one process of several.

python -m tests.benchmarks.deciding [ROUNDS]
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Final

from pkgredeem import Case, RedemptionPolicy
from tests.benchmarks import seven
from tests.benchmarks.hand import hand_written
from tests.benchmarks.makers import EVERY_WAY
from tests.benchmarks.questions import FULL_QUESTIONS, SEVERAL, arguments
from tests.benchmarks.timing import Timed, as_json, in_turns, rounds_asked

LIBRARY: Final = "pkgredeem"
SEVERAL_LINES: Final = "eligible: three lines, two packages"
SEVEN_CONDITIONS: Final = "the seven conditions"
#: A few calls of everything before the clock starts, so that the interpreter has seen every branch.
_FIRST: Final = 300


def peers(asked: Case) -> dict[str, Callable[[], object]]:
    """Return the library and the hand-written function in each of its ways."""
    given = arguments(asked)
    found: dict[str, Callable[[], object]] = {LIBRARY: partial(RedemptionPolicy().decide, **given)}
    for make in EVERY_WAY:
        found[make.name] = partial(hand_written(make), **given)
    return found


def measured(rounds: int) -> dict[str, dict[str, Timed]]:
    """Return all that this process measures."""
    questions = [(name, asked) for name, asked, _ in FULL_QUESTIONS]
    questions.append((SEVERAL_LINES, SEVERAL))
    asked_by = {name: peers(asked) for name, asked in questions}
    asked_by[SEVEN_CONDITIONS] = seven.askers(FULL_QUESTIONS[0][1])
    for asking in asked_by.values():
        for ask in asking.values():
            for _ in range(min(_FIRST, rounds)):
                ask()
    return {name: in_turns(asking, rounds) for name, asking in asked_by.items()}


if __name__ == "__main__":
    print(as_json(measured(rounds_asked(sys.argv))))
