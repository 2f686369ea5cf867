"""The options that several commands share: for whom, and in which form."""

import argparse
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from pkgredeem import Audience
from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli._output import Screen
from pkgredeem.cli._usage import add_word
from pkgredeem.cli._wrapping import wrapped

if TYPE_CHECKING:
    from pkgredeem.testing import Comparison, Review


class Form(StrEnum):
    """In which form the answer is written."""

    TEXT = "text"
    JSON = "json"


class PageForm(StrEnum):
    """In which form a page of the verification kit is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


def add_audience(parser: argparse.ArgumentParser) -> None:
    """Add `--audience staff|client`."""
    text = "whom to tell: staff everything, a client one careful sentence (default: staff)"
    add_word(parser, "--audience", Audience, text, default=Audience.STAFF)


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add `--format text|json`."""
    text = "text to read, or JSON, one document a line (default: text)"
    add_word(parser, "--format", Form, text, default=Form.TEXT)


def add_page_format(parser: argparse.ArgumentParser) -> None:
    """Add `--format text|markdown|json`, for `write_page`."""
    text = "text to read, Markdown, or JSON on one line (default: text)"
    add_word(parser, "--format", PageForm, text, default=PageForm.TEXT)


def write_page(page: "Comparison | Review", form: PageForm) -> None:
    """Write a page to standard output; on a terminal its text is wrapped, Markdown never."""
    screen = Screen.of_process()
    if form is PageForm.JSON:
        screen.say_plainly(json.dumps(page.to_dict()))
        return
    text = page.to_markdown() if form is PageForm.MARKDOWN else page.to_text()
    text = "\n".join(map(escape_control_characters, text.split("\n")))
    if form is PageForm.TEXT:
        text = wrapped(text, sys.stdout)
    screen.out.write(screen.out.encodable(f"{text}\n"))
