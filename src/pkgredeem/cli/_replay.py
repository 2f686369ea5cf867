"""`pkgredeem replay CASES.jsonl`: what would have happened to last year's bookings.

The file is cut into ranges, each counted by a process of its own; a range is all that is handed to
it, and a count is all that comes back.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from pickle import PicklingError
from typing import Final

from pkgredeem import RedemptionPolicy
from pkgredeem._model.explanation import clean
from pkgredeem.cli._chosen import add_policy, chosen_policy, named_policy
from pkgredeem.cli._inputs import Source, UnreadableError
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import BLANK, Grid, Row, Screen
from pkgredeem.cli._progress import Progress
from pkgredeem.cli._replay_page import page
from pkgredeem.cli._usage import UsageError
from pkgredeem.documents.replay import Replay, Tally, ranges, replay

#: Bytes of a range: enough to be worth a process's while, few enough for the bar to move.
RANGE: Final = 4_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("file", metavar="CASES.jsonl", help="a file with one case document a line")
    parser.add_argument(
        "--against",
        metavar="NAME",
        help="another rulebook, or MODULE:NAME of your own, to ask beside the first",
    )
    parser.add_argument("--html", metavar="FILE", help="write a page with charts, too")
    parser.add_argument(
        "--processes",
        type=_processes,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many processes count (default: one for each core)",
    )
    add_policy(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Count, show what it comes to, and return the exit status: 2 when a line was unreadable."""
    policy = chosen_policy(arguments)
    against = None if arguments.against is None else named_policy(arguments.against)
    screen = Screen.of_process()
    source = Source(arguments.file, is_stream=True)
    try:
        size = source.size()
        if size is None:
            raise UsageError(f"pkgredeem: {source.name} can't be cut into ranges: give a file")
        found = _counted(screen, source, size, policy, against, arguments.processes)
    except UnreadableError as error:
        for problem in error.problems:
            screen.problem(source.name, problem)
        return 2
    except PicklingError as error:
        told = f"{error}: or give --processes 1"
        raise UsageError(f"pkgredeem: {clean(told)}") from None
    for number, told in found.problems:
        screen.problem(f"{source.name}:{number}", told)
    if found.unreadable > len(found.problems):
        rest = found.unreadable - len(found.problems)
        screen.problem(source.name, f"{rest:,} lines more could not be read")
    if found.unreadable and not found.first.decided:
        screen.problem(source.name, "no line of it is a case document: give one document a line")
    if arguments.html is not None:
        _write_page(arguments.html, page(found, Path(source.name).name))
    if arguments.format is Form.JSON:
        screen.say_plainly(json.dumps(found.to_dict()))
    else:
        screen.say(*_shown(found))
    return 2 if found.unreadable else 0


def _counted(  # noqa: PLR0917 - one call, a line above
    screen: Screen,
    source: Source,
    size: int,
    policy: RedemptionPolicy,
    against: RedemptionPolicy | None,
    processes: int,
) -> Replay:
    cut = ranges(source.argument, max(1, -(-size // RANGE)))
    parts: list[Replay] = []
    with Progress(screen, source.name, size) as progress:
        for (start, stop), part in zip(
            cut, _parts(source.argument, cut, policy, against, processes), strict=True
        ):
            parts.append(part)
            progress.advance(stop - start, lines=part.lines)
    return Replay.merged(parts)


def _parts(
    path: str,
    cut: list[tuple[int, int]],
    policy: RedemptionPolicy,
    against: RedemptionPolicy | None,
    processes: int,
) -> Iterator[Replay]:
    """Yield the count of each range, in order; one process counts by itself."""
    if processes == 1 or len(cut) == 1:
        for start, stop in cut:
            yield replay(path, policy, against, start=start, stop=stop)
        return
    # A rule is handed over by its module's name, which may be one of this folder.
    here = os.getcwd()  # noqa: PTH109  (sys.path holds texts)
    with ProcessPoolExecutor(
        min(processes, len(cut)), initializer=_import_from, initargs=(here,)
    ) as pool:
        asked = [_asked(pool, path, each, policy, against) for each in cut]
        for future in asked:
            yield future.result()


def _import_from(folder: str) -> None:
    sys.path.insert(0, folder)


def _asked(
    pool: Executor,
    path: str,
    span: tuple[int, int],
    policy: RedemptionPolicy,
    against: RedemptionPolicy | None,
) -> Future[Replay]:
    return pool.submit(replay, path, policy, against, start=span[0], stop=span[1])


def _write_page(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"pkgredeem: the page can't be written: {error}") from None


def _shown(found: Replay) -> list[Row | Grid]:
    tallies = [each for each in (found.first, found.second) if each is not None]
    rows: list[Row | Grid] = [
        Grid(
            headings=["", *(each.rulebook for each in tallies)],
            styles=["", *("bold" for _ in tallies)],
            rows=[[label, *(_told(label, each) for each in tallies)] for label in _LABELS],
            grouped=0,
            narrow=1,
        ),
        BLANK,
    ]
    codes = sorted({code for each in tallies for code, _ in each.reasons})
    if codes:
        counts = [dict(each.reasons) for each in tallies]
        reasons = [[code, *(f"{each.get(code, 0):,}" for each in counts)] for code in codes]
        headings = ["reason", *(each.rulebook for each in tallies)]
        rows += [Grid(headings, ["", *("red" for _ in tallies)], reasons, 0, 1), BLANK]
    if found.second is not None:
        for told, count in (
            (f"eligible under {found.first.rulebook} only", found.only_first),
            (f"eligible under {found.second.rulebook} only", found.only_second),
        ):
            rows.append(Row(f"{told}: {count:,}", [((f"{told}: ", ""), (f"{count:,}", "bold"))]))
    return rows


_LABELS: Final[dict[str, Callable[[Tally], str]]] = {
    "bookings": lambda tally: f"{tally.decided:,}",
    "eligible": lambda tally: f"{tally.eligible:,} ({tally.share_eligible:.1%})",
    "refused": lambda tally: f"{tally.refused:,}",
    "deposits not collected": lambda tally: f"{tally.deposits_waived:,}",
    "cards not captured": lambda tally: f"{tally.cards_bypassed:,}",
    "credits drawn": lambda tally: f"{tally.credits:,}",
}


def _told(label: str, tally: Tally) -> str:
    return _LABELS[label](tally)


def _processes(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be a whole number of 1 or more, not {text!r}")
