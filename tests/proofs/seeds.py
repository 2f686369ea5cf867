"""The seed of a run: a new one each time, told, so that what a run drew can be drawn again.

Outside a run it is 0, so that tests of the parts try the same every time.
"""

import os
from secrets import randbelow

#: It reaches every process that a part starts.
_VARIABLE = "PKGREDEEM_PROVE_SEED"
_MOST = 1_000_000
#: More than any part adds to its first seed in one run.
_STRIDE = 1_000_000


def begin(seed: int | None) -> int:
    """Begin a run with that seed, or with a new one where none is given; return it."""
    chosen = randbelow(_MOST) if seed is None else seed
    os.environ[_VARIABLE] = str(chosen)
    return chosen


def of_run() -> int:
    """Return the seed of this run."""
    return int(os.environ.get(_VARIABLE, "0"))


def first(number: int) -> int:
    """Return the first seed of a part, which is *number* outside a run; it may count on from it."""
    return number + of_run() * _STRIDE


def figure() -> tuple[str, str]:
    """Return the row of a part's table that says how to draw the same again."""
    return "seed of the run", f"`--seed {of_run()}`"
