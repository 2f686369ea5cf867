"""`pkgredeem replay CASES.jsonl`: what would have happened to last year's bookings."""

import argparse
import json
import os
from datetime import date
from functools import partial
from pathlib import Path
from pickle import PicklingError

from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli._inputs import Source, UnreadableError
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import Screen
from pkgredeem.cli._policy import add_policy, chosen_policy, named_policy
from pkgredeem.cli._replay_parts import count_in_parts
from pkgredeem.cli._replay_rows import in_words, rows
from pkgredeem.cli._usage import UsageError
from pkgredeem.documents.replay import Replay, replay


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    text = "a file with one case document, or one act document, a line"
    parser.add_argument("file", metavar="CASES.jsonl", help=text)
    text = "another rulebook, or MODULE:NAME of your own, to ask beside the first"
    parser.add_argument("--against", metavar="NAME", help=text)
    text = "carry balances, uses and redemptions from line to line, in order of booking"
    parser.add_argument("--carry", action="store_true", help=text)
    parser.add_argument("--html", metavar="FILE", help="write a page with charts, too")
    parser.add_argument(
        "--processes",
        type=_process_count,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many processes count (default: one for each core)",
    )
    add_policy(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Count, show the counts, and return the exit status.

    It is 2 when a line was left out, and 1 when a recorded decision is not reproduced.
    """
    policy = chosen_policy(arguments)
    against = None if arguments.against is None else named_policy(arguments.against)
    screen = Screen.of_process()
    source = Source(arguments.file, is_stream=True)
    try:
        size = source.size()
        if size is None:
            raise UsageError(f"pkgredeem: {source.name} can't be cut into ranges: give a file")
        result = count_in_parts(
            screen,
            source,
            size,
            partial(replay, source.argument, policy, against),
            carry=arguments.carry,
            processes=arguments.processes,
        )
    except UnreadableError as error:
        screen.problem(source.name, *error.problems)
        return 2
    except PicklingError as error:
        problem = escape_control_characters(str(error))
        raise UsageError(f"pkgredeem: {problem}: or give --processes 1") from None
    _tell_what_is_left_out(screen, source.name, result)
    if arguments.html is not None:
        from pkgredeem.cli._replay_page import page  # noqa: PLC0415 - few ask for one

        today = date.today()  # noqa: DTZ011 - the reader's own day
        _write_page(arguments.html, page(result, Path(source.name).name, today))
    if arguments.format is Form.JSON:
        screen.say_plainly(json.dumps(result.to_dict()))
    else:
        screen.say(*rows(result))
    differs = any(tally.reproduction.differences for tally in result.tallies)
    return 2 if result.left_out else int(differs)


def _tell_what_is_left_out(screen: Screen, name: str, result: Replay) -> None:
    for number, problem in result.problems:
        screen.problem(f"{name}:{number}", problem)
    rest = result.unreadable + result.unknown - len(result.problems)
    if rest > 0:
        screen.problem(name, f"{in_words(rest, 'line')} more could not be counted")
    if result.needs_carry:
        is_one = result.needs_carry == 1
        told = f"{in_words(result.needs_carry, 'line')} {'holds' if is_one else 'hold'} an act"
        screen.problem(name, f"{told}, and {'is' if is_one else 'are'} left out: give --carry")
    if result.unreadable and not result.first.decided:
        screen.problem(name, "no line of it is a case document: give one document a line")


def _write_page(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"pkgredeem: the page can't be written: {error}") from None


def _process_count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be a whole number of 1 or more, not {text!r}")
