"""`pkgredeem review`: what is odd about the rules of a policy."""

import argparse

from pkgredeem.cli._options import add_page_format, write_page
from pkgredeem.cli._policy import add_policy, chosen_policy
from pkgredeem.cli._test import scenarios_of
from pkgredeem.testing import review


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    add_policy(parser)
    parser.add_argument(
        "--scenarios", metavar="DIR", help="also list the codes that no scenario there expects"
    )
    add_page_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show it, and return the exit status: 0 when nothing is odd."""
    policy = chosen_policy(arguments)
    if arguments.scenarios is not None:
        scenarios_of(arguments.scenarios, policy)
    found = review(policy, scenarios=arguments.scenarios)
    write_page(found, arguments.format)
    return 0 if found.is_clean else 1
