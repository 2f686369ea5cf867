"""`pkgredeem decide`: may a package pay for each of these bookings, and what follows?

Every document is read and decided before a word is written, so that bad input leaves standard
output empty. A stream is decided line by line as it comes; its bad lines are reported by number.
"""

import argparse
import json
from typing import final

from pkgredeem import Audience, Case, Decision, RedemptionPolicy
from pkgredeem.cli._explanation import decision_rows
from pkgredeem.cli._inputs import STANDARD_INPUT, STREAM, Source, UnreadableError
from pkgredeem.cli._options import Form, add_audience, add_format
from pkgredeem.cli._output import BLANK, Row, Screen
from pkgredeem.cli._policy import add_policy, chosen_policy, decide_case
from pkgredeem.cli._progress import Progress
from pkgredeem.cli._summary import Summary
from pkgredeem.cli._usage import UsageError
from pkgredeem.documents import decision_document


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=f"a case document; one case a line when it ends in {STREAM}; - for standard input",
    )
    parser.add_argument("--lines", action="store_true", help="standard input holds one case a line")
    add_policy(parser)
    add_audience(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Decide every case, and return the exit status."""
    policy = chosen_policy(arguments)
    sources = _sources(arguments.files, lines=arguments.lines)
    screen = Screen.of_process()
    writer = _Writer(
        screen,
        arguments.audience,
        arguments.format,
        are_named=len(sources) > 1 or any(source.is_stream for source in sources),
    )
    prepared = _prepare(screen, policy, sources)
    if prepared is None:
        return 2
    for source, answer in prepared:
        if isinstance(answer, Decision):
            writer.write(source.name, answer)
        else:
            _decide_stream(screen, policy, writer, source, answer)
    writer.close(were_streamed=any(source.is_stream for source in sources))
    return writer.summary.status


def _sources(files: list[str], *, lines: bool) -> list[Source]:
    if files.count(STANDARD_INPUT) > 1:
        raise UsageError("pkgredeem: standard input can be read once: give - only once")
    if lines and STANDARD_INPUT not in files:
        raise UsageError("pkgredeem: --lines is for standard input: give - as a FILE")
    return [
        Source(name, is_stream=lines if name == STANDARD_INPUT else name.endswith(STREAM))
        for name in files
    ]


def _prepare(
    screen: Screen, policy: RedemptionPolicy, sources: list[Source]
) -> list[tuple[Source, Decision | int | None]] | None:
    """Return each document with its decision, each stream with its size; None if one is bad."""
    prepared: list[tuple[Source, Decision | int | None]] = []
    is_good = True
    for source in sources:
        try:
            found = source.size() if source.is_stream else decide_case(policy, source.case())
        except UnreadableError as error:
            is_good = False
            for problem in error.problems:
                screen.problem(source.name, problem)
        else:
            prepared.append((source, found))
    return prepared if is_good else None


def _decide_stream(
    screen: Screen,
    policy: RedemptionPolicy,
    writer: "_Writer",
    source: Source,
    size: int | None,
) -> None:
    try:
        with Progress(screen, source.name, size) as progress:
            for line in source.lines():
                place = f"{source.name}:{line.number}"
                answer = _answer(policy, line.case)
                if isinstance(answer, UnreadableError):
                    writer.report(place, answer)
                else:
                    writer.write(place, answer)
                progress.advance(line.size)
    except UnreadableError as error:
        writer.report(source.name, error)


def _answer(policy: RedemptionPolicy, case: Case | UnreadableError) -> Decision | UnreadableError:
    if isinstance(case, UnreadableError):
        return case
    try:
        return decide_case(policy, case)
    except UnreadableError as error:
        return error


@final
class _Writer:
    """Writes each decision as it comes, and counts them."""

    def __init__(self, screen: Screen, audience: Audience, form: Form, *, are_named: bool) -> None:
        self.summary = Summary()
        self._screen = screen
        self._audience = audience
        self._form = form
        self._are_named = are_named

    def write(self, place: str, decision: Decision) -> None:
        """Write one decision, headed by its place when several may follow."""
        self.summary.add(decision)
        if self._form is Form.JSON:
            # ASCII, so that nothing in it can reach a terminal and any encoding will do.
            self._screen.say_plainly(json.dumps(decision_document(decision, self._audience)))
            return
        rows = decision_rows(decision, self._audience)
        if self._are_named:
            rows = [Row(place, [[(place, "bold underline")]]), *rows, BLANK]
        self._screen.say(*rows)

    def report(self, place: str, error: UnreadableError) -> None:
        """Report on standard error what is wrong with one line."""
        self.summary.unreadable += 1
        for problem in error.problems:
            self._screen.problem(place, problem)

    def close(self, *, were_streamed: bool) -> None:
        """Write the summary; beside JSON on standard error, and only after a stream."""
        if self._form is Form.TEXT and self._are_named:
            self._screen.say(*self.summary.rows())
        elif were_streamed:
            self._screen.warn(*self.summary.rows())
