"""The page `docs/explanation/proof.md`, written by a whole run and never by hand."""

import platform
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from tests.proofs import pool
from tests.proofs.found import Found

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/proof.md"

_BEGINNING = """\
# What was proven

This page is written by `./scripts/prove`, never by hand.
Each part says what was done, how much of it, and what it does not prove.
`./scripts/prove --minutes N` spends more or less time, `--part NAME` runs one part alone.

"""
_FIGURES = "| figure | |\n|---|---|\n"


class Ran(NamedTuple):
    """One part as it ran: its heading, what it found, and the seconds that it took."""

    heading: str
    found: Found
    seconds: float


class Run(NamedTuple):
    """A whole run: its parts by name, when it began, and its budget in minutes."""

    parts: Mapping[str, Ran]
    began: datetime
    minutes: float


def write(run: Run) -> None:
    """Write the page."""
    PAGE.write_text(text(run), encoding="utf-8")


def text(run: Run) -> str:
    """Return the page: the run, each part, and at the end what was not proven."""
    verdict = "Every part holds." if _holds(run) else "Not every part holds: see the failures."
    return "".join(
        (
            _BEGINNING,
            f"{verdict}\n\n",
            _FIGURES,
            f"| when | {run.began:%Y-%m-%d %H:%M} UTC |\n",
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
    rows = (*found.figures, ("time", f"{ran.seconds:,.0f} s"))
    parts = [
        f"## {ran.heading}\n",
        f"`--part {name}`",
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
