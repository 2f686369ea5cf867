"""`pkgredeem example`: whoever has just installed the library gets a case to begin with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import pkgredeem
from pkgredeem import CardCaptureOutcome, DepositOutcome, RedemptionPolicy
from pkgredeem.documents import parse_json, read_case
from tests.helpers.cli_support import run


def test_the_example_is_a_case_that_a_package_pays_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has what most want to try: a deposit, a card page, a window, and credits that are left."""
    told = run(monkeypatch, "example")
    decision = RedemptionPolicy().decide_case(read_case(parse_json(told.out)))

    assert (0, "") == (told.status, told.err)
    assert decision.eligible
    assert DepositOutcome.WAIVED is decision.deposit
    assert CardCaptureOutcome.BYPASSED is decision.card_capture
    assert decision.redemption is not None
    assert decision.redemption.free_until is not None


def test_the_example_is_the_same_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is coloured or wrapped: it is a file."""
    plain, seen = run(monkeypatch, "example"), run(monkeypatch, "example", is_terminal=True)

    assert plain.out == seen.out
    assert "pkgredeem/1" == json.loads(plain.out)["format"]
    assert plain.out.endswith("}\n")
    assert not plain.out.endswith("\n\n")


def test_the_example_needs_no_extra() -> None:
    """It works with the library alone, so that the first command of a newcomer does."""
    code = "import sys; from pkgredeem.cli import main; sys.exit(main(['example']))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(Path(pkgredeem.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith('{\n  "format": "pkgredeem/1",\n')
