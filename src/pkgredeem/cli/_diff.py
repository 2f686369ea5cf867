"""`pkgredeem diff A B`: every kind of case that two policies decide differently."""

import argparse

from pkgredeem.cli._kit import add_form, write
from pkgredeem.cli._policy import named_policy
from pkgredeem.testing import compare


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    for name in ("A", "B"):
        told = "a rulebook by its name, or MODULE:NAME of a policy or rulebook of your own"
        parser.add_argument(name.lower(), metavar=name, help=told)
    add_form(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show them, and return the exit status: 0 when there is none."""
    comparison = compare(named_policy(arguments.a), named_policy(arguments.b))
    write(comparison, arguments.format)
    return 1 if comparison.differences else 0
