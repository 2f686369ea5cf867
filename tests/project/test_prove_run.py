"""How `./scripts/prove` runs: rules are broken one by one, time is shared, a page is written."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pkgredeem import Rule, rules
from tests.proofs import __main__ as prove
from tests.proofs import breaking, page
from tests.proofs.found import Found

ROOT = Path(__file__).parents[2]


def test_every_rule_is_broken_in_two_ways_or_more() -> None:
    """Each rule is negated and dropped, and every boundary in it is moved."""
    listed = breaking.every_break()
    ways = {
        (name, how): [each.how for each in listed if each.name == name].count(how)
        for name in (
            f"{module.__name__.removeprefix('pkgredeem.')}.{rule.code}"
            for module in (rules.article, rules.plans, rules.acts)
            for rule in vars(module).values()
            if isinstance(rule, Rule) and rule is not breaking.NEVER_ASKED
        )
        for how in ("negated", "dropped")
    }

    assert {1} == set(ways.values())
    assert 82 == len(ways)
    assert "`case.now >= case.booking.starts_at` made `case.now > case.booking.starts_at`" in {
        each.how for each in listed if each.name == "rules.article.appointment_started"
    }


def test_a_broken_rule_turns_two_checks_red() -> None:
    """A boundary that is moved is seen by the tests and by the second implementation."""
    listed = breaking.every_break()
    place = next(
        n for n, each in enumerate(listed) if "starts_at made" in each.how.replace("`", "")
    )
    asked = (
        "from tests.proofs.breaks import CHECKS, red_checks;"
        "[CHECKS.pop(name) for name in list(CHECKS)[2:]];"
        f"print(*sorted(red_checks({place}, 2)), sep=', ')"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "second implementation, tests of the rules" == told.stdout.strip().splitlines()[-1]


RUN = page.Run(
    parts={
        "cedar": page.Ran(
            "A third opinion",
            Found(
                says="It was asked. It answered.",
                figures=(("cases", "50,000"),),
                failures=("one difference",),
                open=("Much is open.",),
                listed=("- a line of a list",),
            ),
            seconds=61.4,
        )
    },
    began=datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
    minutes=10,
)


def test_the_page_tells_what_a_part_found_and_what_is_open() -> None:
    """The page holds the figures, the failures, the time, and what was not proven."""
    text = page.text(RUN)

    assert "Not every part holds: see the failures." in text
    assert "| when | 2026-05-01 09:30 UTC |\n| budget | 10 minutes |\n" in text
    assert (
        "## A third opinion\n\n`--part cedar`\nIt was asked.\nIt answered.\n\n"
        "| figure | |\n|---|---|\n| cases | 50,000 |\n| time | 61 s |\n\n"
        "Failures:\n\n- one difference\n\n- a line of a list\n"
    ) in text
    assert "## What was not proven\n\n- Much is open.\n" in text


#: Parts that are younger than the last whole run: the next one writes them into the page.
YOUNGER = ["reading", "quotas", "stores"]


def test_the_committed_page_was_written_by_a_whole_run() -> None:
    """`docs/explanation/proof.md` has every part of that day, and every part held."""
    text = page.PAGE.read_text(encoding="utf-8")

    assert YOUNGER == [name for name in prove.PARTS if f"`--part {name}`" not in text]
    assert "Every part holds." in text


def test_time_that_a_part_leaves_over_is_shared_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A part gets its share of what is left, and one that breaks does not stop the others."""
    given: list[float] = []

    def at_once(seconds: float) -> Found:
        given.append(seconds)
        if len(given) == 1:
            raise RuntimeError("it broke")
        return Found(says="", figures=(("asked", "1"),))

    monkeypatch.setattr(prove, "_prover", lambda _: at_once)
    ran = prove.run(["face", "inputs"], 100)

    assert [50, 100] == [round(seconds) for seconds in given]
    assert ("RuntimeError: it broke",) == ran["face"].found.failures
    assert () == ran["inputs"].found.failures
    assert "== face: FAILED, 0 s" in capsys.readouterr().out
