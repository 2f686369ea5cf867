"""The commands: a table of them, and how one is found and its arguments are read.

To add a command, write a module here that has `configure(parser)` and `run(arguments) -> int`, and
add its line to `COMMANDS`. Only the module of the command that is asked for is imported, so that it
may import what the extra brings and the help stays quick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final, final

from pkgredeem import __version__
from pkgredeem.cli._usage import Help, Parser, did_you_mean


@final
@dataclass(frozen=True, slots=True)
class Command:
    """One command: its module here, and which exit status says what besides 2."""

    name: str
    summary: str
    module: str
    status: str


COMMANDS: Final = (
    Command("example", "write a case document to begin with", "_example", "0 it is written"),
    Command(
        "decide",
        "decide cases: may a package pay, and what follows?",
        "_decide",
        "0 all are eligible, 1 at least one is refused",
    ),
    Command(
        "cancel",
        "decide one case, and what a cancellation at some instant does",
        "_cancel",
        "0 it is cancelled, 1 it is refused, or there is nothing to cancel",
    ),
    Command("rules", "show a rulebook, or what implements each clause", "_rules", "0 it is shown"),
    Command(
        "test",
        "run scenario files: is every case decided as expected?",
        "_test",
        "0 all are as expected, 1 at least one is not",
    ),
    Command(
        "diff",
        "show where the texts of two rulebooks differ, with a case that shows each place",
        "_diff",
        "0 the rules and parameters are the same, 1 a case is decided differently, "
        "3 none was found though the texts differ",
    ),
    Command(
        "replay",
        "count what would have happened to many bookings",
        "_replay",
        "0 every line is counted, 1 a recorded decision is not reproduced",
    ),
    Command(
        "review",
        "show what is odd about the rules of a policy",
        "_review",
        "0 nothing is odd, 1 something is",
    ),
)


def run(argv: Sequence[str]) -> int:
    """Run the command that the arguments ask for, and return its exit status.

    Raises:
        UsageError: the command does not exist, or its arguments are wrong.
        ModuleNotFoundError: what the command needs is not installed.
        SystemExit: the help or the version was asked for, and is printed.
    """
    parser = Parser(
        prog="pkgredeem",
        description="May this client pay for this booking with a package, and what follows?",
        epilog="Exit status: 0; 1 when something is refused, fails, differs or is odd; 2 for bad "
        "input or usage; 3 when `diff` found no case. The help of each command says what it is "
        "there.",
        formatter_class=Help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"pkgredeem {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    name = next((word for word in argv if not word.startswith("-")), None)
    for command in COMMANDS:
        subparser = subparsers.add_parser(
            command.name,
            help=command.summary,
            description=command.summary,
            epilog=f"Exit status: {command.status}, 2 bad input or usage.",
            formatter_class=Help,
            allow_abbrev=False,
        )
        if command.name == name:
            module = import_module(f"{__package__}.{command.module}")
            module.configure(subparser)
            subparser.set_defaults(run=module.run)
    known = [command.name for command in COMMANDS]
    if name is not None and name not in known:
        parser.error(f"{name!r} is not a command: {did_you_mean(name, known)}")
    arguments = parser.parse_args(argv)
    status: int = arguments.run(arguments)
    return status
