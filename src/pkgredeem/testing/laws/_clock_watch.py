"""Whether a rule reads a clock or draws a random number while it is asked.

The interpreter tells of every call of a built-in function (`sys.setprofile`), and every clock and
every source of chance is one in the end. What the logging module reads for its own records decides
nothing and is let pass.
"""

import gc
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Final

_TODAY: Final = frozenset({"now", "today", "utcnow"})
_CLOCK: Final = frozenset(vars(time)) - {"mktime", "sleep", "strptime", "struct_time", "tzset"}
_CHANCE: Final = random.random.__self__  # type: ignore[attr-defined]  # the one that all share


def reads(ask: Callable[[], object]) -> str | None:
    """Ask, and return the first clock or source of chance that was read, and where; else None.

    While a profiler runs, nothing is watched.
    """
    if sys.getprofile() is not None:  # somebody else watches: a profiler can't be put back
        ask()
        return None
    calls: list[tuple[FrameType, str, object]] = []
    collects = gc.isenabled()
    gc.disable()  # whoever watches the collector may read a clock in the middle of a rule
    sys.setprofile(lambda frame, event, called: calls.append((frame, event, called)))
    try:
        ask()
    finally:
        sys.setprofile(None)
        if collects:
            gc.enable()
    for frame, event, called in calls:
        name = _source(called) if event == "c_call" else None
        if name is not None and not _is_logging(frame):
            return f"{name} in {frame.f_code.co_qualname}"
    return None


def _source(called: object) -> str | None:
    owner = getattr(called, "__self__", None)
    name: str = getattr(called, "__name__", "")
    if isinstance(owner, type) and issubclass(owner, date) and name in _TODAY:
        return f"{owner.__name__}.{name}"
    if owner is time and name in _CLOCK:
        return f"time.{name}"
    if owner is _CHANCE:
        return f"random.{name}"
    return "os.urandom" if called is os.urandom else None


def _is_logging(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_globals.get("__name__") == logging.__name__:
            return True
        frame = frame.f_back
    return False
