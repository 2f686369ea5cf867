"""`pkgredeem decide`: may a package pay for each of these bookings, and what follows?

Every document is read and decided before a word is written, so that bad input leaves standard
output empty. A stream is decided line by line as it comes; its bad lines are reported by number.
"""

import argparse
import json
from collections import Counter
from typing import Final, final

from pkgredeem import Audience, Decision, RedemptionPolicy
from pkgredeem.cli._explanation import decision_rows
from pkgredeem.cli._inputs import STANDARD_INPUT, STREAM, Source, UnreadableError
from pkgredeem.cli._options import Form, add_audience, add_format
from pkgredeem.cli._output import Screen
from pkgredeem.cli._policy import add_policy, chosen_policy, decide_case
from pkgredeem.cli._progress import Progress
from pkgredeem.cli._rows import BLANK, Row, text_row
from pkgredeem.cli._usage import UsageError
from pkgredeem.documents import decision_document

_BAR: Final = 30
_CODE: Final = 28


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
            screen.problem(source.name, *error.problems)
        else:
            prepared.append((source, found))
    return prepared if is_good else None


def _decide_stream(
    screen: Screen, policy: RedemptionPolicy, writer: "_Writer", source: Source, size: int | None
) -> None:
    try:
        with Progress(screen, source.name, size) as progress:
            for line in source.lines():
                place = f"{source.name}:{line.number}"
                try:
                    decision = decide_case(policy, line.case())
                except UnreadableError as error:
                    writer.report(place, error)
                else:
                    writer.write(place, decision)
                progress.advance(line.size)
    except UnreadableError as error:
        writer.report(source.name, error)


@final
class _Writer:
    """Writes each decision as it comes, and counts them."""

    def __init__(self, screen: Screen, audience: Audience, form: Form, *, are_named: bool) -> None:
        self.summary = _Summary()
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
            rows = [text_row(place, "bold underline"), *rows, BLANK]
        self._screen.say(*rows)

    def report(self, place: str, error: UnreadableError) -> None:
        """Report on standard error what is wrong with one line."""
        self.summary.unreadable += 1
        self._screen.problem(place, *error.problems)

    def close(self, *, were_streamed: bool) -> None:
        """Write the summary; beside JSON on standard error, and only after a stream."""
        if self._form is Form.TEXT and self._are_named:
            self._screen.say(*self.summary.rows())
        elif were_streamed:
            self._screen.warn(*self.summary.rows())


@final
class _Summary:
    """Counts decisions; its size grows with the number of codes, never with that of decisions."""

    def __init__(self) -> None:
        self.unreadable = 0
        self._decided = 0
        self._eligible = 0
        self._reasons: Counter[str] = Counter()

    def add(self, decision: Decision) -> None:
        """Count one decision; a reason that it gives twice counts once."""
        self._decided += 1
        self._eligible += decision.eligible
        self._reasons.update({reason.code for reason in decision.reasons})

    @property
    def status(self) -> int:
        """The exit status: 2 when something could not be read, else 1 when one was refused."""
        if self.unreadable:
            return 2
        return 1 if self._decided > self._eligible else 0

    def rows(self) -> list[Row]:
        """Return the counts, and a bar for each reason, the most frequent first."""
        in_order = sorted(self._reasons.items(), key=lambda reason: (-reason[1], reason[0]))
        return [self._counts(), *(self._bar(*reason) for reason in in_order)]

    def _counts(self) -> Row:
        decided, eligible = self._decided, self._eligible
        head = f"{decided:,} decision{'' if decided == 1 else 's'}"
        counts = f": {eligible:,} eligible"
        counts += f" ({eligible / decided:.1%})" if decided else ""
        counts += f", {decided - eligible:,} refused"
        if self.unreadable:
            counts += f", and {self.unreadable:,} could not be read"
        return Row(head + counts, [[(head, "bold"), (counts, "")]])

    def _bar(self, code: str, count: int) -> Row:
        most = max(self._reasons.values())
        bar = "█" * max(1, round(_BAR * count / most))
        label, number = f"  {code:<{_CODE}}", f" {count:,}"
        return Row(label + bar + number, [[(label, ""), (bar, "red"), (number, "bold")]])
