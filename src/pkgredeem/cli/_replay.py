"""`pkgredeem replay CASES.jsonl`: what would have happened to last year's bookings.

The file is cut into ranges, each counted by a process of its own; a range is all that is handed to
it, and a count is all that comes back.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from pickle import PicklingError
from typing import Final

from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli._inputs import Source, UnreadableError
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import BLANK, Grid, Row, Screen
from pkgredeem.cli._policy import add_policy, chosen_policy, named_policy
from pkgredeem.cli._progress import Progress
from pkgredeem.cli._replay_page import page
from pkgredeem.cli._usage import UsageError
from pkgredeem.documents.replay import Replay, Tally, ranges, replay

#: Bytes of a range: enough to be worth a process's while, few enough for the bar to move.
RANGE: Final = 4_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("file", metavar="CASES.jsonl", help="a file with one case document a line")
    text = "another rulebook, or MODULE:NAME of your own, to ask beside the first"
    parser.add_argument("--against", metavar="NAME", help=text)
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
    """Count, show the counts, and return the exit status: 2 when a line was unreadable."""
    policy = chosen_policy(arguments)
    against = None if arguments.against is None else named_policy(arguments.against)
    screen = Screen.of_process()
    source = Source(arguments.file, is_stream=True)
    try:
        size = source.size()
        if size is None:
            raise UsageError(f"pkgredeem: {source.name} can't be cut into ranges: give a file")
        count = partial(replay, source.argument, policy, against)
        result = _count(screen, source, size, count, arguments.processes)
    except UnreadableError as error:
        screen.problem(source.name, *error.problems)
        return 2
    except PicklingError as error:
        problem = escape_control_characters(str(error))
        raise UsageError(f"pkgredeem: {problem}: or give --processes 1") from None
    for number, problem in result.problems:
        screen.problem(f"{source.name}:{number}", problem)
    rest = result.unreadable - len(result.problems)
    if rest > 0:
        screen.problem(source.name, f"{rest:,} lines more could not be read")
    if result.unreadable and not result.first.decided:
        screen.problem(source.name, "no line of it is a case document: give one document a line")
    if arguments.html is not None:
        _write_page(arguments.html, page(result, Path(source.name).name))
    if arguments.format is Form.JSON:
        screen.say_plainly(json.dumps(result.to_dict()))
    else:
        screen.say(*_rows(result))
    return 2 if result.unreadable else 0


def _count(
    screen: Screen, source: Source, size: int, count: Callable[..., Replay], processes: int
) -> Replay:
    cut = ranges(source.argument, max(1, -(-size // RANGE)))
    parts: list[Replay] = []
    with Progress(screen, source.name, size) as progress:
        for (start, stop), part in zip(cut, _counts(count, cut, processes), strict=True):
            parts.append(part)
            progress.advance(stop - start, lines=part.lines)
    return Replay.merged(parts)


def _counts(
    count: Callable[..., Replay], cut: list[tuple[int, int]], processes: int
) -> Iterator[Replay]:
    """Yield the count of each range, in order; a single process starts no other."""
    if processes == 1 or len(cut) == 1:
        for start, stop in cut:
            yield count(start=start, stop=stop)
        return
    # A rule is handed over by its module's name, which may be one of this folder.
    here = os.getcwd()  # noqa: PTH109  (sys.path holds texts)
    workers = min(processes, len(cut))
    with ProcessPoolExecutor(workers, initializer=_import_from, initargs=(here,)) as pool:
        futures = [pool.submit(count, start=start, stop=stop) for start, stop in cut]
        for future in futures:
            yield future.result()


def _import_from(folder: str) -> None:
    sys.path.insert(0, folder)


def _write_page(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"pkgredeem: the page can't be written: {error}") from None


def _rows(result: Replay) -> list[Row | Grid]:
    tallies = [tally for tally in (result.first, result.second) if tally is not None]
    names = [tally.rulebook for tally in tallies]
    cells = [[label, *map(cell, tallies)] for label, cell in _CELLS.items()]
    rows: list[Row | Grid] = [_grid("", names, "bold", cells), BLANK]
    codes = sorted({code for tally in tallies for code, _ in tally.reasons})
    if codes:
        counts = [dict(tally.reasons) for tally in tallies]
        reasons = [[code, *(f"{count.get(code, 0):,}" for count in counts)] for code in codes]
        rows += [_grid("reason", names, "red", reasons), BLANK]
    if result.second is not None:
        for label, count in (
            (f"eligible under {result.first.rulebook} only: ", result.only_first),
            (f"eligible under {result.second.rulebook} only: ", result.only_second),
        ):
            rows.append(Row(f"{label}{count:,}", [((label, ""), (f"{count:,}", "bold"))]))
    return rows


def _grid(heading: str, names: list[str], style: str, rows: list[list[str]]) -> Grid:
    styles = ["", *(style for _ in names)]
    return Grid([heading, *names], styles, rows, grouped=0, narrow=1)


_CELLS: Final[dict[str, Callable[[Tally], str]]] = {
    "bookings": lambda tally: f"{tally.decided:,}",
    "eligible": lambda tally: f"{tally.eligible:,} ({tally.share_eligible:.1%})",
    "refused": lambda tally: f"{tally.refused:,}",
    "deposits not collected": lambda tally: f"{tally.deposits_waived:,}",
    "cards not captured": lambda tally: f"{tally.cards_bypassed:,}",
    "credits drawn": lambda tally: f"{tally.credits:,}",
}


def _process_count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be a whole number of 1 or more, not {text!r}")
