"""The options that several commands share: for whom, and in which form."""

import argparse
from enum import StrEnum

from pkgredeem import Audience
from pkgredeem.cli._usage import one_of


class Form(StrEnum):
    """In which form the answer is written."""

    TEXT = "text"
    JSON = "json"


def add_audience(parser: argparse.ArgumentParser) -> None:
    """Add `--audience staff|client`."""
    parser.add_argument(
        "--audience",
        type=one_of(Audience),
        default=Audience.STAFF,
        metavar="staff|client",
        help="whom to tell: staff everything, a client one careful sentence (default: staff)",
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add `--format text|json`."""
    parser.add_argument(
        "--format",
        type=one_of(Form),
        default=Form.TEXT,
        metavar="text|json",
        help="text to read, or JSON, one document a line (default: text)",
    )
