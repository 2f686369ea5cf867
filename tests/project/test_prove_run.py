"""How `./scripts/prove` runs: rules are broken one by one, and a page is written."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pkgredeem import Rule, rules
from tests.proofs import breaking, page, state
from tests.proofs.found import Found, Ran
from tests.proofs.parts import PARTS

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
        "cedar": Ran(
            "A third opinion",
            Found(
                says="It was asked. It answered.",
                figures=(("cases", "50,000"),),
                failures=("one difference",),
                open=("Much is open.",),
                listed=("- a line of a list",),
            ),
            seconds=61.4,
            share=1_040,
        )
    },
    began=datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
    minutes=10,
    commit="`abc1234`",
    seed=7,
)


def test_the_page_tells_what_a_part_found_and_what_is_open() -> None:
    """The page holds the figures, the failures, the time, and what was not proven."""
    text = page.text(RUN)

    assert "Not every part holds: see the failures." in text
    assert (
        "| when | 2026-05-01 09:30 UTC |\n| commit | `abc1234` |\n"
        "| seed | `--seed 7` draws the same again |\n| budget | 10 minutes |\n"
    ) in text
    assert (
        "## A third opinion\n\n`./scripts/prove --part cedar` runs it alone.\n"
        "It was asked.\nIt answered.\n\n"
        "| figure | |\n|---|---|\n| cases | 50,000 |\n| time | 61 s, of a share of 1,040 s |\n\n"
        "Failures:\n\n- one difference\n\n- a line of a list\n"
    ) in text
    assert "## What was not proven\n\n- Much is open.\n" in text


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the page of a whole run, written elsewhere."""
    monkeypatch.setattr(page, "PAGE", tmp_path / "proof.md")
    monkeypatch.setattr(page, "RECORD", tmp_path / "proof.json")
    page.write(RUN)
    return page.PAGE


def test_a_part_that_is_run_again_takes_its_place(written: Path) -> None:
    """The page tells what it found then, and when that was; the rest is that of the whole run."""
    whole = written.read_text(encoding="utf-8")
    again = Ran("A third opinion", Found(says="It was asked.", figures=()), seconds=2, share=3)
    is_put = page.put({"cedar": again}, datetime(2026, 5, 2, 8, tzinfo=UTC), "`def5678`")

    before, _, after = whole.partition("## A third opinion")
    _, _, open_ = after.partition("## What was not proven\n\n- Much is open.\n")
    assert is_put
    assert (
        before.replace("Not every part holds: see the failures.", "Every part holds.").replace(
            "| took | 1.0 minutes |", "| took | 0.0 minutes |"
        )
        + "## A third opinion\n\n`./scripts/prove --part cedar` runs it alone.\nIt was asked.\n\n"
        "| figure | |\n|---|---|\n| time | 2 s, of a share of 3 s |\n"
        "| run again alone | 2026-05-02 08:00 UTC, commit `def5678`, `--seed 0` |\n\n"
        f"## What was not proven\n\n{open_}"
    ) == written.read_text(encoding="utf-8")


def test_a_part_of_another_state_is_not_put_into_the_page(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found of a changed `src` does not stand beside what was found before."""
    whole = written.read_text(encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(state, "changed", lambda _: ["rules"])
        is_put_of_another = page.put(RUN.parts, RUN.began, "`def5678`")
    page.RECORD.unlink()

    assert not is_put_of_another
    assert not page.put(RUN.parts, RUN.began, "`def5678`")
    assert whole == written.read_text(encoding="utf-8")


def test_the_committed_page_was_written_by_a_whole_run() -> None:
    """`docs/explanation/proof.md` says that every part held."""
    assert "Every part holds." in page.PAGE.read_text(encoding="utf-8")


def test_the_committed_page_says_what_has_changed_since_its_run() -> None:
    """What differs from what was proven, and what more is proven, stands at the top of the page.

    `python -m tests.proofs.page --note` writes it.
    """
    title, blank, *rest = page.PAGE.read_text(encoding="utf-8").splitlines(keepends=True)

    assert ["# What was proven\n", "\n"] == [title, blank]
    assert "".join(rest).startswith(page.since() or "This page is written by")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a folder like `src/pkgredeem`."""
    for name in ("__init__.py", "_model/words.py", "rules/plans.py", "rules/acts.py"):
        path = tmp_path / "pkgredeem" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n", encoding="utf-8")
    return tmp_path / "pkgredeem"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, []),
        ({"__pycache__/a.pyc": "", "rules/__pycache__/b.pyc": ""}, []),
        ({"__init__.py": "# another\n"}, ["pkgredeem"]),
        ({"rules/acts.py": "# another\n"}, ["rules"]),
        ({"rules/more.py": ""}, ["rules"]),
        ({"stores/memory.py": "", "_model/words.py": ""}, ["_model", "stores"]),
    ],
)
def test_a_digest_tells_which_folder_has_changed(
    house: Path, changed: dict[str, str], told: list[str]
) -> None:
    """A file that is changed or added changes the digest of its folder; what Python leaves none."""
    before = state.digests(house)
    assert ["_model", "pkgredeem", "rules"] == list(before)

    for name, text in changed.items():
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text, encoding="utf-8")

    assert told == state.changed(before, house)


def test_a_folder_that_is_gone_has_changed(house: Path) -> None:
    """What was moved changes both folders, and a folder that is gone is named."""
    before = state.digests(house)
    (house / "_model" / "words.py").rename(house / "rules" / "words.py")

    assert ["_model", "rules"] == state.changed(before, house)


@pytest.mark.parametrize(
    ("is_changed", "beginning"),
    [
        (False, "This page is written by"),
        (True, "**Since this run** `src` has changed, in `_engine`.\n\nThis page is written by"),
    ],
)
def test_a_page_is_written_with_what_was_proven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beginning: str, *, is_changed: bool
) -> None:
    """The digests of the run stand beside the page; what differs from them is said at its top."""
    monkeypatch.setattr(page, "PAGE", tmp_path / "proof.md")
    monkeypatch.setattr(page, "RECORD", tmp_path / "proof.json")
    ran = Ran("", Found(says="Done.", figures=()), seconds=1, share=1)
    page.write(RUN._replace(parts=dict.fromkeys(PARTS, ran)))
    if is_changed:
        known = page.RECORD.read_text(encoding="utf-8")
        page.RECORD.write_text(known.replace('"_engine": "', '"_engine": "x'), encoding="utf-8")

    for _ in range(2):
        page.note()

    text = page.PAGE.read_text(encoding="utf-8")
    assert text.startswith("# What was proven\n\n" + beginning)
    assert int(is_changed) == text.count("**Since this run**")


def test_a_page_tells_of_parts_that_are_younger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that was not there at the run is named at the top."""
    monkeypatch.setattr(page, "PAGE", tmp_path / "proof.md")
    monkeypatch.setattr(page, "RECORD", tmp_path / "proof.json")
    ran = Ran("", Found(says="Done.", figures=()), seconds=1, share=1)
    older = {name: ran for name in PARTS if name not in {"quotas", "stores"}}
    page.write(RUN._replace(parts=older))

    assert "**Since this run** more is proven: `quotas`, `stores`.\n\n" == page.since()


def test_the_commit_of_a_run_is_named() -> None:
    """It is the short name that git gives it, and says whether there was more."""
    named = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    wanted = f"`{named}`" if named else "unknown: this is no checkout"

    assert state.commit() in {wanted, f"{wanted}, with changes that were not committed"}
