"""`pkgredeem example`: a case document to begin with, on standard output.

It needs no extra: who has just installed the library puts it into a file and changes what is his.
"""

import argparse
from pathlib import Path
from typing import Final

_CASE: Final = Path(__file__).with_name("example.json")


def configure(_: argparse.ArgumentParser) -> None:
    """Add no arguments: there is one example."""


def run(_: argparse.Namespace) -> int:
    """Write the document, and return the exit status."""
    print(_CASE.read_text(encoding="utf-8"), end="")  # noqa: T201 - as it stands, for a file
    return 0
