"""Prints how long the full question and the seven conditions take, as JSON; one process of several.

python -m tests.benchmarks.deciding [ROUNDS]
"""

import gc
import statistics
import sys
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any, Final

from pkgredeem import Case, RedemptionPolicy
from tests.benchmarks import seven
from tests.benchmarks.hand import decide_by_hand
from tests.benchmarks.mixed import cases
from tests.benchmarks.plain import plain
from tests.benchmarks.questions import FULL_QUESTIONS, SEVERAL, arguments
from tests.benchmarks.timing import Timed, as_json, in_turns, rounds_asked

LIBRARY: Final = "pkgredeem"
BY_HAND: Final = "by hand, over own plain values"
SEVERAL_LINES: Final = "eligible: three lines, two packages"
SEVEN_CONDITIONS: Final = "the seven conditions"
STORED: Final = "the 4,000 stored cases"
#: A few calls of everything before the clock starts, so that the interpreter has seen every branch.
_FIRST: Final = 300
_BATCHES: Final = 160  # of 25 stored cases each: about a third of a millisecond

_Decide = Callable[[], object]


def peers(asked: Case) -> dict[str, _Decide]:
    """Return the library and the hand-written function, each with its own values ready."""
    given = arguments(asked)
    return {
        LIBRARY: partial(RedemptionPolicy().decide, **given),
        BY_HAND: partial(decide_by_hand, **as_plain(given)),
    }


def everything(asked: Case) -> dict[str, Any]:
    """Return the whole case as arguments, the earlier redemption and who asks included."""
    return {
        **arguments(asked),
        "existing": asked.existing,
        "by": asked.by,
        "note": asked.note,
    }


def as_plain(given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of the library as those of the hand-written function."""
    return {name: plain(value) for name, value in given.items()}


def stored_cases(rounds: int) -> dict[str, Timed]:
    """Return both on all stored cases: the same batch by the one and by the other, in turns.

    A batch holds cases of every kind, since it takes each so many-th of them.
    """
    asked = [everything(case) for case in cases()]
    decide = RedemptionPolicy().decide
    library = [partial(decide, **given) for given in asked]
    by_hand = [partial(decide_by_hand, **as_plain(given)) for given in asked]
    for of_library, of_hand in zip(library, by_hand, strict=True):
        of_library()
        of_hand()
    gc.collect()
    gc.freeze()  # no collection looks at the cases again, in the midst of a batch
    taken = []
    for turn in range(rounds):
        batch = slice(turn % _BATCHES, None, _BATCHES)
        taken.append((_seconds_each(library[batch]), _seconds_each(by_hand[batch])))
    ratio = statistics.median(first / second for first, second in taken)
    return {
        LIBRARY: Timed(seconds=statistics.median(first for first, _ in taken), ratio=1.0),
        BY_HAND: Timed(seconds=statistics.median(second for _, second in taken), ratio=ratio),
    }


def _seconds_each(asking: Sequence[_Decide]) -> float:
    for ask in asking:  # the caches are those of the other one
        ask()
    began = perf_counter()
    for ask in asking:
        ask()
    return (perf_counter() - began) / len(asking)


def measured(rounds: int) -> dict[str, dict[str, Timed]]:
    """Return all that this process measures."""
    questions = [(name, asked) for name, asked, _ in FULL_QUESTIONS]
    questions.append((SEVERAL_LINES, SEVERAL))
    asked_by: dict[str, dict[str, Callable[[], object]]] = {
        name: peers(asked) for name, asked in questions
    }
    asked_by[SEVEN_CONDITIONS] = seven.askers(FULL_QUESTIONS[0][1])
    for asking in asked_by.values():
        for ask in asking.values():
            for _ in range(min(_FIRST, rounds)):
                ask()
    found = {name: in_turns(asking, rounds) for name, asking in asked_by.items()}
    return found | {STORED: stored_cases(rounds)}


if __name__ == "__main__":
    print(as_json(measured(rounds_asked(sys.argv))))
