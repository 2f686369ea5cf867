"""What a page says to do, read from its text: what to install, what to save, what to run.

A page is Markdown. Its reader installs what follows `pip install`, saves the files that a sentence
beginning with "Save" links to, each under the name that the link shows, and then does what the
blocks say, in their order: types Python, and commands of `sh` blocks, and of `console` blocks those
after `$`. All of it happens in one folder, in which `docs` is that of the checkout.
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Commands that are not run, each with what takes its place.
NOT_RUN: Final = {
    "uvicorn --factory": "a server runs until it is stopped: the page's own requests are sent",
    "runserver": "a server runs until it is stopped: the page's own requests are sent",
    "=postgresql": "needs a server of PostgreSQL: tests/stores have one",
    "SALON_HOST=": "needs a server of PostgreSQL: tests/stores have one",
}
_FENCE: Final = re.compile(r"^```(python|sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SAVE: Final = re.compile(r"^Save .*$", re.MULTILINE)
_LINK: Final = re.compile(r"\[`([^`]+)`\]\(([^)#]+)\)")


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind, and what stands in it."""

    kind: str
    text: str


@dataclass(frozen=True)
class Command:
    """A line that one types into a shell, and what the page shows then; None where it says not."""

    line: str
    shown: str | None = None

    @property
    def not_run(self) -> str | None:
        """Say why it is not run; None when it is."""
        return next((why for part, why in NOT_RUN.items() if part in self.line), None)


def blocks(text: str) -> list[Block]:
    """Return what a page says to type, in its order."""
    return [Block(kind, body) for kind, body in _FENCE.findall(text)]


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a block, without comments and without what is installed already."""
    if block.kind == "console":
        for part in ("\n" + block.text).split("\n$ ")[1:]:
            line, _, shown = part.partition("\n")
            yield Command(line, shown.strip())
        return
    for line in block.text.splitlines():
        if line.strip() and not line.startswith(("#", "pip install ")):
            yield Command(line)


def installed(text: str) -> tuple[set[str], set[str]]:
    """Return what a page says to install: extras of the library, and everything else."""
    extras: set[str] = set()
    others: set[str] = set()
    lines = re.findall(r"pip install ([^`\n]+)", text)
    for requirement in [part for line in lines for part in shlex.split(line)]:
        name, _, bracket = requirement.partition("[")
        if name == "pkgredeem":
            extras.update(bracket.rstrip("]").split(","))
        else:
            others.add(requirement)
    if not lines:
        raise ValueError("nothing to install is named")
    return extras - {""}, others


def saved(page: Path) -> dict[str, Path]:
    """Return what a page says to save: where each file is, by the name that it gets."""
    lines = _SAVE.findall(page.read_text(encoding="utf-8"))
    links = [link for line in lines for link in _LINK.findall(line)]
    return {name: page.parent / target for name, target in links}


def save(page: Path, folder: Path) -> None:
    """Put what the page says to save into a folder, in place of what has its name there."""
    for name, source in saved(page).items():
        target = folder / name
        target.unlink(missing_ok=True)  # a link there would lead the copy to another file
        shutil.copyfile(source, target)
