"""The page `docs/explanation/proof.md`, written by a whole run and never by hand.

Beside it `proof.json` keeps what the run found, and the digests of `src` at that run. When `src`
has changed since, `python -m tests.proofs.page --note` says so at the top of the page, and a test
asks for it. As long as it has not, a part that is run again takes its place on the page.
"""

import json
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from tests.proofs import pool, seeds, state
from tests.proofs.found import Found, Ran
from tests.proofs.parts import PARTS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/proof.md"
#: What the run found that wrote the page, and the digests of `src` at that run.
RECORD = PAGE.with_suffix(".json")

_TITLE = "# What was proven\n\n"
_NOTE = re.compile(r"\*\*Since this run\*\* .*\n\n")
_BEGINNING = """\
This page is written by `./scripts/prove`, never by hand.
Each part says what was done, how much of it, and what it does not prove.
`./scripts/prove --minutes N` spends more or less time, `--part NAME` runs one part alone.
What a part finds alone takes its place here as long as nothing under `src` has changed.

"""
_FIGURES = "| figure | |\n|---|---|\n"


class Run(NamedTuple):
    """A whole run: its parts by name, when it began, its budget in minutes, its commit and seed."""

    parts: Mapping[str, Ran]
    began: datetime
    minutes: float
    commit: str
    seed: int


def write(run: Run) -> None:
    """Write the page, and beside it what was found and the digests of what was proven."""
    PAGE.write_text(text(run), encoding="utf-8")
    parts = {name: ran._asdict() | {"found": asdict(ran.found)} for name, ran in run.parts.items()}
    told = run._asdict() | {"parts": parts, "began": run.began.isoformat()}
    record = {"src": state.digests(), "run": told}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    note()


def put(parts: Mapping[str, Ran], began: datetime, commit: str) -> bool:
    """Put parts that were run again into the page; tell whether it is of the same `src`."""
    if not RECORD.exists():
        return False
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    if state.changed(record["src"]):
        return False
    told = record["run"]
    before = {name: _ran(ran) for name, ran in told["parts"].items()}
    again = f"{began:%Y-%m-%d %H:%M} UTC, commit {commit}, `--seed {seeds.of_run()}`"
    after = {name: ran._replace(again=again) for name, ran in parts.items()}
    whole = told | {"parts": before | after, "began": datetime.fromisoformat(told["began"])}
    write(Run(**whole))
    return True


def _ran(told: dict[str, Any]) -> Ran:
    found: dict[str, Any] = {
        key: value if key == "says" else tuple(value) for key, value in told["found"].items()
    }
    return Ran(**told | {"found": Found(**found)})


def note() -> None:
    """Say at the top of the page what has changed since the run, or take that away."""
    without = _NOTE.sub("", PAGE.read_text(encoding="utf-8"), count=1)
    PAGE.write_text(without.replace(_TITLE, _TITLE + since(), 1), encoding="utf-8")


def since() -> str:
    """Return the paragraph that says what has changed since the run of the page, if anything."""
    page = PAGE.read_text(encoding="utf-8")
    told = []
    if not RECORD.exists():
        told.append("`src` has changed in places that this page does not record")
    elif rooms := state.changed(json.loads(RECORD.read_text(encoding="utf-8"))["src"]):
        told.append(f"`src` has changed, in {_listed(rooms)}")
    if younger := [name for name in PARTS if f"--part {name}`" not in page]:
        told.append(f"more is proven: {_listed(younger)}")
    return f"**Since this run** {'; and '.join(told)}.\n\n" if told else ""


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def text(run: Run) -> str:
    """Return the page: the run, each part, and at the end what was not proven."""
    verdict = "Every part holds." if _holds(run) else "Not every part holds: see the failures."
    return "".join(
        (
            _TITLE,
            _BEGINNING,
            f"{verdict}\n\n",
            _FIGURES,
            f"| when | {run.began:%Y-%m-%d %H:%M} UTC |\n",
            f"| commit | {run.commit} |\n",
            f"| seed | `--seed {run.seed}` draws the same again |\n",
            f"| budget | {run.minutes:g} minutes |\n",
            f"| took | {sum(ran.seconds for ran in run.parts.values()) / 60:.1f} minutes |\n",
            f"| on | {platform.python_implementation()} {platform.python_version()}, ",
            f"{platform.system()} {platform.machine()}, {pool.cores()} cores |\n\n",
            *(_section(name, ran) for name, ran in run.parts.items()),
            "## What was not proven\n\n",
            *(f"- {each}\n" for ran in run.parts.values() for each in ran.found.open),
            "- That the clauses say what the article means: the article was read by people.\n",
            (
                "- Anything about a store, a clock or a network of yours: the core has none, and "
                "your store is for the kit's contract to test.\n"
            ),
        )
    )


def _holds(run: Run) -> bool:
    return not any(ran.found.failures for ran in run.parts.values())


def _section(name: str, ran: Ran) -> str:
    found = ran.found
    rows = [*found.figures, ("time", ran.time)]
    if ran.again:
        rows.append(("run again alone", ran.again))
    parts = [
        f"## {ran.heading}\n",
        f"`./scripts/prove --part {name}` runs it alone.",
        "\n".join(_sentences(found.says)) + "\n",
        _FIGURES + "".join(f"| {what} | {much} |\n" for what, much in rows),
    ]
    if found.failures:
        parts.append("Failures:\n\n" + "".join(f"- {each}\n" for each in found.failures))
    if found.listed:
        parts.append("".join(f"{each}\n" for each in found.listed))
    return "\n".join(parts) + "\n"


def _sentences(says: str) -> list[str]:
    """Return the sentences of a paragraph, for a line each."""
    return [f"{each.removesuffix('.')}." for each in says.split(". ")]


if __name__ == "__main__":
    if sys.argv[1:] != ["--note"]:
        sys.exit("usage: python -m tests.proofs.page --note")
    note()
