"""Clocks and chance that a rule reads while it is asked are seen, and nothing else is."""

import gc
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from pkgredeem.testing.laws._clock_watch import reads
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    NOW,
)


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("datetime.now", lambda: datetime.now(tz=UTC)),
        ("date.today", lambda: date.today()),  # noqa: DTZ011, PLW0108  (a call in this frame)
        ("time.time", lambda: time.time()),  # noqa: PLW0108  (a call in this frame)
        ("time.monotonic_ns", lambda: time.monotonic_ns()),  # noqa: PLW0108  (see above)
        ("time.localtime", lambda: time.localtime()),  # noqa: PLW0108  (see above)
        ("random.random", lambda: random.random()),  # noqa: PLW0108  (see above)
        ("random.getrandbits", lambda: random.choice("ab")),
        ("os.urandom", lambda: os.urandom(1)),
    ],
)
def test_reading_is_seen(name: str, ask: Callable[[], object]) -> None:
    """Each clock and each source of chance is named, with the function that read it."""
    found = reads(ask)

    assert found is not None
    assert name == found.split(" in ")[0]


def test_computing_is_not_reading() -> None:
    """Computing with instants, or with a generator that has a seed, reads nothing."""
    dice = random.Random(1)

    assert reads(lambda: (NOW + DAY).astimezone(AUCKLAND).isoweekday()) is None
    assert reads(lambda: dice.random() + datetime.fromisoformat("2026-05-05T10:00Z").day) is None


def test_logging_is_not_reading() -> None:
    """What a rule logs may carry the time of day: it decides nothing."""
    assert reads(lambda: logging.getLogger("rules").warning("asked")) is None


def test_only_the_first_is_told() -> None:
    """Of two clocks the first is named."""
    found = reads(lambda: (time.time(), time.monotonic()))

    assert "time.time" == str(found).split(" in ", maxsplit=1)[0]


def test_a_profiler_is_left_alone() -> None:
    """While somebody else profiles, nothing is watched, and the profiler stays."""
    seen: list[str] = []

    def profile(_: object, event: str, __: object) -> None:
        seen.append(event)

    sys.setprofile(profile)
    try:
        found = reads(time.time)
        kept = sys.getprofile()
    finally:
        sys.setprofile(None)

    assert (None, profile) == (found, kept)
    assert seen


def test_the_collector_is_left_as_it_was() -> None:
    """Garbage collection that was on is on afterwards, and off when it was off."""
    reads(time.time)
    on = gc.isenabled()
    gc.disable()
    try:
        reads(time.time)
        off = gc.isenabled()
    finally:
        gc.enable()

    assert (True, False) == (on, off)


def test_watching_ends_with_an_exception() -> None:
    """A rule that raises leaves no watcher behind."""

    def broken() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        reads(broken)
    assert sys.getprofile() is None
