"""The seed of `./scripts/prove`: new each time, told, and handed back it draws the same again."""

import os
import sys

import pytest

from tests.proofs import __main__ as prove
from tests.proofs import cedar, second, seeds


@pytest.fixture(autouse=True)
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be outside a run, and stay so afterwards."""
    monkeypatch.setattr(os, "environ", {k: v for k, v in os.environ.items() if "SEED" not in k})


def test_outside_a_run_the_seed_is_0() -> None:
    """So each part begins with the first seed that stands in it, and the suite is the same."""
    assert (0, 5_000) == (seeds.of_run(), seeds.first(5_000))


def test_a_seed_that_is_handed_in_is_that_of_the_run() -> None:
    """Parts begin a million seeds further for each, so that two runs have none in common."""
    assert 7 == seeds.begin(7)
    assert (7, 7_005_000) == (seeds.of_run(), seeds.first(5_000))
    assert ("seed of the run", "`--seed 7`") == seeds.figure()


def test_each_run_has_a_new_seed() -> None:
    """Of a million, no two of ten are the same, but for a chance of one in twenty thousand."""
    assert len({seeds.begin(None) for _ in range(10)}) > 8


def test_a_run_tells_its_seed_and_takes_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is printed first, new without the option, and the one that is given with it."""
    monkeypatch.setattr(prove, "run", lambda *_: {})
    told = []
    for options in ([], ["--seed", "3"]):
        monkeypatch.setattr(sys, "argv", ["prove", "--part", "face", *options])
        assert 0 == prove.main()
        told.append(capsys.readouterr().out.splitlines()[0])

    assert [f"seed: {told[0].removeprefix('seed: ')}", "seed: 3"] == told
    assert 0 <= int(told[0].removeprefix("seed: ")) < 1_000_000
    assert 3 == seeds.of_run()


def test_another_seed_asks_other_cases_and_the_same_asks_them_again() -> None:
    """Both of the second implementation and of the policy engine."""
    asked = []
    for seed in (1, 2, 1):
        seeds.begin(seed)
        acts = second.random_batch(0, 30)
        small = [repr(case) for case in cedar.small_cases(seeds.first(cedar.SEED), 3)]
        asked.append((acts, small))

    assert asked[0] == asked[2]
    assert asked[0] != asked[1]
