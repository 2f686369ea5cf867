"""Clocks and chance that a rule reads while it is asked are seen, and nothing else is."""

import gc
import io
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from pkgredeem.testing.laws._clock_watch import reads
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    NOW,
)


class Day(date):
    """A day of somebody's own, such as a library of calendars has."""


class Moment(datetime):
    """An instant of somebody's own."""


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
        ("os.urandom", lambda: uuid4()),  # noqa: PLW0108  (see above)
        ("os.urandom", lambda: random.SystemRandom().random()),
        ("datetime.utcnow", lambda: datetime.utcnow()),  # noqa: DTZ003, PLW0108  (see above)
        ("Day.today", lambda: Day.today()),  # noqa: PLW0108  (see above)
        ("Moment.now", lambda: Moment.now(UTC)),
        ("Moment.today", lambda: Moment.today()),  # noqa: PLW0108  (see above)
    ],
)
@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
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
    assert reads(lambda: (f"{NOW:%d %B}", NOW.strftime("%A"), NOW.timetuple())) is None
    assert reads(lambda: Day.fromordinal(NOW.toordinal()) + DAY) is None


def test_a_text_is_read_without_a_clock() -> None:
    """A day that stands in a text is no other tomorrow."""

    def parsed() -> float:
        day = time.strptime("5 May 2026", "%d %b %Y")
        return time.mktime(day) + datetime.strptime("2026-05-05 +1200", "%Y-%m-%d %z").timestamp()

    parsed()  # what reads texts looks at the language once in a process, with a clock's functions

    assert reads(parsed) is None


def test_logging_is_not_reading() -> None:
    """What a rule logs may carry the time of day: it decides nothing."""
    assert reads(lambda: logging.getLogger("rules").warning("asked")) is None


class _Stamping(logging.StreamHandler[io.StringIO]):
    """A handler of somebody's own that reads the clock by itself, wherever it can."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let it pass."""
        return time.time() > 0 and bool(super().filter(record))

    def format(self, record: logging.LogRecord) -> str:
        """Begin with the time of day."""
        return f"{self._now()} {super().format(record)}"

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, and when that was."""
        super().emit(record)
        self.stream.write(self._now())

    @staticmethod
    def _now() -> str:
        return str(time.monotonic())


def test_whoever_takes_a_record_may_read_the_clock() -> None:
    """A filter, a formatter or a handler of one's own decides nothing either, at any depth."""
    handler = _Stamping(io.StringIO())

    assert reads(lambda: handler.handle(logging.makeLogRecord({"msg": "asked"}))) is None
    assert " asked\n" in handler.stream.getvalue()


def test_what_is_logged_is_read_by_the_rule() -> None:
    """A clock that is read for the message is read by the rule, and not by who takes it."""
    handler = _Stamping(io.StringIO())
    found = reads(lambda: handler.handle(logging.makeLogRecord({"msg": time.time()})))

    assert "time.time" == str(found).split(" in ", maxsplit=1)[0]


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
