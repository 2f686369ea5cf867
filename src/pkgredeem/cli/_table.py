"""`pkgredeem table`: the decision table of a policy."""

import argparse

from pkgredeem.cli._kit import add_form, write
from pkgredeem.cli._policy import add_policy, chosen_policy
from pkgredeem.testing import table


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_policy(parser)
    add_form(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show it, and return the exit status."""
    write(table(chosen_policy(arguments)), arguments.format)
    return 0
