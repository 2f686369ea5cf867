"""How lines are counted: a range of them one by one, or shards of them group by group.

Lines are read in batches and then decided. Each of the two runs through so much code that to take
turns line by line costs a quarter of the time: measured, by a processor that has to load it again.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, TypeAlias, final

from pkgredeem import Decision, PkgRedeemError, RedemptionPolicy, UnknownBookingError
from pkgredeem.documents._acts import BookingAct
from pkgredeem.documents._problems import DocumentError
from pkgredeem.documents.replay._counter import DecisionCounter, is_repeat
from pkgredeem.documents.replay._counts import MOST_PROBLEMS, Replay
from pkgredeem.documents.replay._first import First
from pkgredeem.documents.replay._group import Group
from pkgredeem.documents.replay._lines import Line, Recorded, lines_of, read_line
from pkgredeem.documents.replay._survey import BEGINS_GROUP, ENDS_BOOKING, Shard, rows_of

#: A batch ends with so many lines, or with so many bytes, since a line may be long.
_LINES_OF_A_BATCH: Final = 50
_BYTES_OF_A_BATCH: Final = 1_000_000

#: The number of a line, what is said of its place, and its text.
_Text: TypeAlias = tuple[int, int, bytes]
#: The same with what stands in it; None where that is left out.
_Read: TypeAlias = tuple[int, int, Line | None]


@final
class LineCounter:
    """Counts lines under one rulebook, or under two."""

    def __init__(self, policies: Iterable[RedemptionPolicy]) -> None:
        """Count nothing yet."""
        self._counters = [DecisionCounter(policy) for policy in policies]
        self._problems = First(MOST_PROBLEMS)
        self._lines = self._unreadable = self._needs_carry = self._unknown = 0
        self._only_first = self._only_second = 0

    def count_range(self, path: str | Path, start: int, stop: int | None) -> None:
        """Count the lines of a range, each of which stands for itself."""
        with Path(path).open("rb") as file:
            numbered = enumerate(lines_of(file, start, stop), 1)
            for lines in self._read((number, 0, text) for number, (_, text) in numbered):
                for number, _, line in lines:
                    self._decide(number, line)

    def count_shards(self, path: str | Path, shards: Iterable[Shard]) -> None:
        """Count the lines of shards, each of which goes on from those before it."""
        group = Group(self._counters)
        with Path(path).open("rb", buffering=0) as file:

            def text_at(row: tuple[int, int, int, int]) -> _Text:
                offset, length, number, says = row
                file.seek(offset)
                return number, says, file.read(length)

            for lines in self._read(map(text_at, chain.from_iterable(map(rows_of, shards)))):
                for number, says, line in lines:
                    if says & BEGINS_GROUP:
                        group = Group(self._counters)
                    if line is not None:
                        self._carry(group, number, line, ends=bool(says & ENDS_BOOKING))

    def result(self, *, carried: bool) -> Replay:
        """Return the counts."""
        first, *others = [counter.tally() for counter in self._counters]
        return Replay(
            first=first,
            second=others[0] if others else None,
            only_first=self._only_first,
            only_second=self._only_second,
            lines=self._lines,
            unreadable=self._unreadable,
            needs_carry=self._needs_carry,
            unknown=self._unknown,
            problems=self._problems.result(),
            carried=carried,
        )

    def _read(self, texts: Iterable[_Text]) -> Iterator[list[_Read]]:
        """Yield what stands in lines, batch by batch; what can't be read is told."""
        batch: list[_Read] = []
        size = 0
        for number, says, text in texts:
            self._lines += 1
            line = None
            if not text.isspace():
                try:
                    line = read_line(text)
                except DocumentError as error:
                    self._leave_out(number, error)
            batch.append((number, says, line))
            size += len(text)
            if len(batch) == _LINES_OF_A_BATCH or size > _BYTES_OF_A_BATCH:
                yield batch
                batch, size = [], 0
        yield batch

    def _decide(self, number: int, line: Line | None) -> None:
        """Count a line that stands for itself."""
        if line is None:
            return
        if isinstance(line, BookingAct):
            self._needs_carry += 1
            return
        case, recorded = line
        try:
            decisions = [counter.policy.decide_case(case) for counter in self._counters]
        except PkgRedeemError as error:
            self._leave_out(number, error)
            return
        for counter, decision in zip(self._counters, decisions, strict=True):
            counter.add(decision)
            counter.watch(case, decision)
        self._compare(number, decisions, recorded)

    def _carry(self, group: Group, number: int, line: Line, *, ends: bool) -> None:
        """Count a line that goes on from those before it; *ends*: the last to name its booking."""
        try:
            if isinstance(line, BookingAct):
                booking_id = line.booking_id
                group.settle(line)
            else:
                case, recorded = line
                booking_id = case.booking.id
                self._compare(number, group.decide(case), recorded)
        except UnknownBookingError as error:
            self._unknown += 1
            self._problems.add(number, str(error))
        except PkgRedeemError as error:
            self._leave_out(number, error)
        else:
            if ends:
                group.forget(booking_id)

    def _compare(
        self, number: int, decisions: Sequence[Decision], recorded: Recorded | None
    ) -> None:
        """Compare decisions with each other, and with what was decided at the time."""
        if recorded is not None:
            for counter, decision in zip(self._counters, decisions, strict=True):
                counter.compare(number, recorded, decision)
        if len(decisions) > 1 and not any(is_repeat(decision) for decision in decisions):
            first, second = decisions
            self._only_first += first.eligible and not second.eligible
            self._only_second += second.eligible and not first.eligible

    def _leave_out(self, number: int, error: PkgRedeemError) -> None:
        self._unreadable += 1
        problem = error.problems[0] if isinstance(error, DocumentError) else error
        self._problems.add(number, str(problem))
