"""The budget of `./scripts/prove` is a bound: parts share it, and are ended when it is spent."""

import math
import os
import select
import subprocess
import sys
import time

import pytest

from tests.proofs import __main__ as prove
from tests.proofs import running
from tests.proofs.found import Found, Part
from tests.proofs.parts import LEAST_MINUTES, Planned

DONE = Found(says="", figures=(("asked", "1"),))
PLANNED = {
    "face": Planned("", 2, least=10),
    "inputs": Planned("", 4, least=20),
    "stores": Planned("", 4, least=30),
}


class Clock:
    """A clock that goes on only when a part works."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.now = 1_000.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now


@pytest.mark.parametrize(
    ("budget", "works", "shares", "took"),
    [
        # Each takes what it is given.
        (100, [100, 100, 100], [20, 40, 40], [20, 40, 40]),
        # The first leaves 20 seconds over, which the others share.
        (100, [0, 100, 100], [20, 50, 50], [0, 50, 50]),
        # None stops by itself: each is ended after its share and its least work.
        (100, [math.inf, math.inf, math.inf], [20, 35, 15], [30, 55, 45]),
        # The first takes all that there is: the others do their least work.
        (10, [math.inf, math.inf, math.inf], [2, 0, 0], [12, 20, 30]),
    ],
)
def test_the_budget_is_a_bound(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    budget: int,
    works: list[float],
    shares: list[float],
    took: list[float],
) -> None:
    """No part runs over its share by more than its least work, nor all by more than all of that."""
    clock = Clock()
    work_of = dict(zip(PLANNED, works, strict=True))
    given = []

    def found_within(name: str, share: float, most: float) -> Found:
        given.append(share)
        clock.now += most if math.isinf(work_of[name]) else min(work_of[name], share)
        return DONE

    monkeypatch.setattr(running, "time", clock)
    monkeypatch.setattr(running, "found_within", found_within)
    ran = running.run(PLANNED, budget)

    assert shares == given == [part.share for part in ran.values()]
    assert took == [part.seconds for part in ran.values()]
    assert sum(took) <= budget + 10 + 20 + 30
    assert f"== face: ok, {took[0]} s, of a share of {shares[0]} s" in capsys.readouterr().out


def found_by(monkeypatch: pytest.MonkeyPatch, part: Part, most: float = 60) -> Found:
    """Return what is found by a part that may take so long."""
    monkeypatch.setattr(running, "prover", lambda _: part)
    return running.found_within("face", 1, most)


def test_what_a_part_finds_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part runs in a process of its own, with its share, and its result is what is told."""
    parent = os.getpid()

    def part(seconds: float) -> Found:
        return Found(
            says="", figures=(("share", str(seconds)), ("own", str(os.getpid() != parent)))
        )

    assert (("share", "1"), ("own", "True")) == found_by(monkeypatch, part).figures


def test_a_part_that_breaks_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it raises is its failure."""

    def part(_seconds: float) -> Found:
        raise RuntimeError("it broke")

    assert ("RuntimeError: it broke",) == found_by(monkeypatch, part).failures


def test_a_part_whose_process_ends_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is killed finds nothing."""

    def part(_seconds: float) -> Found:
        os._exit(3)

    assert ("its process ended before it found anything",) == found_by(monkeypatch, part).failures


def test_a_part_that_goes_on_is_ended_with_all_that_it_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked to end, may put things right, and is killed with what it started."""
    monkeypatch.setattr(running, "TO_END", 2.0)
    alive, kept_open = os.pipe()

    def part(_seconds: float) -> Found:
        sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
        subprocess.Popen(sleeping, pass_fds=[kept_open])
        try:
            time.sleep(60)
        finally:
            os.write(kept_open, b"put right")
        return DONE

    found = found_by(monkeypatch, part, most=4)
    os.close(kept_open)

    assert ("ended: 4 s are its share and its least work",) == found.failures
    assert b"put right" == os.read(alive, 100)
    assert [alive] == select.select([alive], [], [], 10)[0]
    assert b"" == os.read(alive, 100)  # nobody holds the other end any more
    os.close(alive)


def test_the_help_tells_the_least_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` says by how much all parts may run over the budget."""
    monkeypatch.setattr(sys, "argv", ["prove", "--help"])
    with pytest.raises(SystemExit):
        prove.main()

    told = " ".join(capsys.readouterr().out.split())
    assert f"all parts end within the budget and {LEAST_MINUTES:.0f} minutes" in told
