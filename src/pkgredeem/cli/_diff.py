"""`pkgredeem diff A B`: where the texts of two rulebooks differ, with cases that show it."""

import argparse

from pkgredeem.cli._options import add_page_format, write_page
from pkgredeem.cli._policy import named_policy
from pkgredeem.testing import compare


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    for name in ("A", "B"):
        text = "a rulebook by its name, or MODULE:NAME of a policy or rulebook of your own"
        parser.add_argument(name.lower(), metavar=name, help=text)
    add_page_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show them, and return the exit status.

    Returns:
        0 when the rules and parameters are the same, 1 when a case is decided differently, and 3
        when none was found though the texts differ.
    """
    comparison = compare(named_policy(arguments.a), named_policy(arguments.b))
    write_page(comparison, arguments.format)
    if comparison.is_same_text:
        return 0
    return 1 if comparison.is_difference_found else 3
