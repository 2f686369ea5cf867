"""What the commands of the verification kit share: how a page is written."""

import argparse
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli._output import Screen
from pkgredeem.cli._usage import one_of


class Form(StrEnum):
    """In which form a page is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class Page(Protocol):
    """What the kit answers with."""

    def to_text(self) -> str:
        """Return it in plain text."""
        ...

    def to_markdown(self) -> str:
        """Return it in Markdown."""
        ...

    def to_dict(self) -> Mapping[str, object]:
        """Return it as plain values."""
        ...


def add_form(parser: argparse.ArgumentParser) -> None:
    """Add `--format text|markdown|json`."""
    parser.add_argument(
        "--format",
        type=one_of(Form),
        default=Form.TEXT,
        metavar="text|markdown|json",
        help="text to read, Markdown, or JSON on one line (default: text)",
    )


def write(page: Page, form: Form) -> None:
    """Write a page to standard output; long lines stay whole."""
    screen = Screen.of_process()
    if form is Form.JSON:
        screen.say_plainly(json.dumps(page.to_dict()))
        return
    lines = (page.to_markdown() if form is Form.MARKDOWN else page.to_text()).split("\n")
    screen.out.write(screen.out.encodable("\n".join(map(escape_control_characters, lines)) + "\n"))
