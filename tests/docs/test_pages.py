"""Every example in the pages, at the top and in docs, runs and is true.

Python blocks run as they stand, one after the other in one namespace a page; those with `>>>` are
compared with what they show. In `console` blocks the lines after `$` that call `pkgredeem` or
`python` run at the top of the checkout, and what follows them is what a person sees in a terminal
of 80 columns (`...` stands for anything).
JSON and TOML blocks parse. In `sh` blocks the project's own scripts exist. There is no way to skip
a block, and no block of a kind that nobody looks at.
"""

import doctest
import json
import re
import tomllib
from pathlib import Path

import pytest
from sybil import Document, Example
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser
from sybil.typing import Parser

from tests.fresh.blocks import save
from tests.helpers.terminal import seen_in_a_terminal

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(
        page
        for page in (ROOT / "docs").rglob("*.md")
        if "_build" not in page.relative_to(ROOT).parts
    ),
]
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run_console(example: Example) -> str | None:
    """Run each command of a console block and compare what it prints with what is shown."""
    for block in ("\n" + example.parsed).split("\n$ ")[1:]:
        command, _, shown = block.partition("\n")
        if command.split()[0] not in {"pkgredeem", "python"}:
            check_scripts_exist(command)
            continue
        printed = seen_in_a_terminal(command, Path.cwd())
        if not doctest.OutputChecker().check_output(shown.strip(), printed.strip(), OPTIONS):
            return f"$ {command}\nshown:\n{shown}\nprinted:\n{printed}"
    return None


def check_scripts_exist(text: str) -> None:
    """Fail when a command names a script of this repository that is not there."""
    for word in text.split():
        if word.startswith(("./scripts/", "scripts/", ".ci/")):
            assert (ROOT / word).is_file(), f"{word} is not there"


def run_shell(example: Example) -> None:
    """Check what a block of commands names; the reader runs it, not we."""
    check_scripts_exist(example.parsed)


def parse_json(example: Example) -> None:
    """Parse a JSON block."""
    json.loads(example.parsed)


def parse_toml(example: Example) -> None:
    """Parse a TOML block."""
    tomllib.loads(example.parsed)


PARSERS: list[Parser] = [
    PythonCodeBlockParser(doctest_optionflags=OPTIONS),
    CodeBlockParser("console", run_console),
    CodeBlockParser("sh", run_shell),
    CodeBlockParser("json", parse_json),
    CodeBlockParser("toml", parse_toml),
]

# Kinds of block that show something which does not run; a directive's own name stands in braces.
SHOWN = {"text", "mermaid"}
RUN = {"python", "console", "sh", "json", "toml"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of this page run, in order, and do what they say."""
    for entry in ROOT.iterdir():  # what they write stays out of the checkout
        (tmp_path / entry.name).symlink_to(entry)
    monkeypatch.chdir(tmp_path)
    save(page, tmp_path)
    document = Document.parse(str(page), *PARSERS)
    for example in document.examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_block_says_what_it_is(page: Path) -> None:
    """A block of code has a kind that is run here, or one that is known to show something else."""
    fences = re.findall(r"^ *(`{3,})([^`\n]*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kinds = {kind.strip() for _, kind in fences[::2]}

    assert set() == {kind for kind in kinds - RUN - SHOWN if not kind.startswith("{")}


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "how-to").glob("*.md")), ids=lambda page: page.stem
)
def test_each_how_to_says_what_to_install(page: Path) -> None:
    """Who has nothing but this page can begin; `scripts/fresh` tries that it is enough."""
    assert "pip install " in page.read_text(encoding="utf-8")
