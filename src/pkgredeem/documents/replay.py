"""Replay: what would have happened to many bookings under a rulebook, and under another.

Counts, never cases: a `Replay` is small however long the file is, is made from a range of bytes of
the file, and is merged with the others'. So a file can be cut into ranges, each counted by another
process or another machine that is given the path and the range, and nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from io import DEFAULT_BUFFER_SIZE
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Final, Self, final

from pkgredeem import ClosedRedemptionError, Decision, InvalidValueError, RedemptionPolicy
from pkgredeem._model import checks as check
from pkgredeem.documents._json import LARGEST_DOCUMENT, parse
from pkgredeem.documents._problems import DocumentError
from pkgredeem.documents._reader import read_case

__all__ = ["Replay", "Tally", "ranges", "replay"]

#: Of so many unreadable lines a replay keeps what is wrong with them; the others it only counts.
MOST_PROBLEMS: Final = 100


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one rulebook decides about many bookings.

    Attributes:
        rulebook: its name.
        eligible: bookings that a package would have paid for.
        refused: the others.
        reasons: pairs of code and count of bookings refused for it, sorted by code; a booking with
            several reasons counts for each.
        deposits_waived: bookings whose deposit would not have been collected.
        cards_bypassed: bookings whose card would not have been captured.
        credits: credits that would have been drawn.

    Example:
        >>> from pkgredeem.documents.replay import Tally
        >>> Tally(rulebook="in-store", eligible=3, refused=1).share_eligible
        0.75
    """

    rulebook: str
    eligible: int = 0
    refused: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    deposits_waived: int = 0
    cards_bypassed: int = 0
    credits: int = 0

    @property
    def decided(self) -> int:
        """How many bookings were decided."""
        return self.eligible + self.refused

    @property
    def share_eligible(self) -> float:
        """The share of eligible bookings, 0 to 1; 0 when none was decided."""
        return self.eligible / self.decided if self.decided else 0.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What one rulebook decides, or two of them side by side.

    Attributes:
        first: what the rulebook decides.
        second: what the other one decides; None without one.
        only_first: bookings that are eligible under the first and refused under the second.
        only_second: the other way round.
        lines: lines that were read, empty ones included.
        unreadable: lines without a case document, or with one that can't be decided: a rule can't
            be asked about it, or what is recorded in it has ended.
        problems: pairs of line number, from 1, and what is wrong there; of the first hundred.

    Example:
        >>> from pkgredeem.documents.replay import Replay, Tally
        >>> one = Replay(first=Tally(rulebook="in-store", eligible=3), lines=3)
        >>> Replay.merged([one, one]).first.eligible
        6
    """

    first: Tally
    second: Tally | None = None
    only_first: int = 0
    only_second: int = 0
    lines: int = 0
    unreadable: int = 0
    problems: tuple[tuple[int, str], ...] = ()

    @classmethod
    def merged(cls, parts: Iterable[Self]) -> Self:
        """Return the sum of the parts, their lines numbered on in this order.

        Raises:
            InvalidValueError: no part is given, or two are about different rulebooks.
        """
        replays = tuple(parts)
        if not replays:
            raise InvalidValueError("parts", replays, "at least one part")
        seconds = [part.second for part in replays if part.second is not None]
        if len(seconds) not in {0, len(replays)}:
            raise InvalidValueError("parts", replays, "parts with the same two rulebooks")
        problems: list[tuple[int, str]] = []
        lines = 0
        for part in replays:
            problems += [(lines + number, problem) for number, problem in part.problems]
            lines += part.lines
        return cls(
            first=_merge_tallies([part.first for part in replays]),
            second=_merge_tallies(seconds) if seconds else None,
            only_first=sum(part.only_first for part in replays),
            only_second=sum(part.only_second for part in replays),
            lines=lines,
            unreadable=sum(part.unreadable for part in replays),
            problems=tuple(problems[:MOST_PROBLEMS]),
        )

    def to_dict(self) -> dict[str, object]:
        """Return it as plain dicts, lists, texts and numbers, for JSON."""
        return {
            "format": "pkgredeem-replay/1",
            "lines": self.lines,
            "unreadable": self.unreadable,
            "rulebooks": [_tally_document(tally) for tally in (self.first, self.second) if tally],
            "only_first": self.only_first,
            "only_second": self.only_second,
        }


def ranges(path: str | Path, parts: int) -> list[tuple[int, int]]:
    """Return that many ranges of bytes, or fewer, that cover the file without a gap.

    A line belongs to the range that holds its first byte, wherever it ends.

    Args:
        path: the file.
        parts: how many, 1 or more.

    Raises:
        InvalidValueError: *parts* is below 1.
        OSError: the file can't be looked at.
    """
    check.whole("parts", parts, least=1)
    size = Path(path).stat().st_size
    edges = sorted({size * part // parts for part in range(parts + 1)})
    return list(pairwise(edges)) or [(0, 0)]


def replay(
    path: str | Path,
    policy: RedemptionPolicy,
    against: RedemptionPolicy | None = None,
    *,
    start: int = 0,
    stop: int | None = None,
) -> Replay:
    """Decide every case of a range of a JSON Lines file, in constant memory, and count.

    Args:
        path: the file, one case document a line.
        policy: who decides.
        against: who decides beside it, or None.
        start: the first byte of the range.
        stop: the byte after its last one; None for the end of the file.

    Raises:
        InvalidValueError: *policy* or *against* is no policy, or *start* or *stop* no byte, 0 or
            more.
        OSError: the file can't be read.
    """
    check.kind_of("policy", policy, RedemptionPolicy)
    _check_byte("start", start)
    check.optional_kind_of("against", against, RedemptionPolicy)
    if stop is not None:
        _check_byte("stop", stop)
    first = _DecisionCounter(policy)
    second = None if against is None else _DecisionCounter(against)
    lines = unreadable = only_first = only_second = 0
    problems: list[tuple[int, str]] = []
    with Path(path).open("rb") as file:
        for line in _lines(file, start, stop):
            lines += 1
            if line.isspace():
                continue
            try:
                case = read_case(parse(line))
                decision = policy.decide_case(case)
                beside = None if against is None else against.decide_case(case)
            except (InvalidValueError, ClosedRedemptionError) as error:
                unreadable += 1
                if len(problems) < MOST_PROBLEMS:
                    problem = error.problems[0] if isinstance(error, DocumentError) else error
                    problems.append((lines, str(problem)))
                continue
            is_eligible = first.add(decision)
            if second is not None and beside is not None:
                other = second.add(beside)
                only_first += is_eligible and not other
                only_second += other and not is_eligible
    return Replay(
        first=first.tally(),
        second=None if second is None else second.tally(),
        only_first=only_first,
        only_second=only_second,
        lines=lines,
        unreadable=unreadable,
        problems=tuple(problems),
    )


@final
class _DecisionCounter:
    """Counts the decisions of one rulebook."""

    def __init__(self, policy: RedemptionPolicy) -> None:
        self._rulebook = policy.rulebook.name
        self._sums: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    def add(self, decision: Decision) -> bool:
        """Count one decision, and return whether it is eligible."""
        redemption = decision.redemption
        self._sums["eligible" if decision.eligible else "refused"] += 1
        self._sums["deposits_waived"] += decision.deposit_waived
        self._sums["cards_bypassed"] += decision.card_capture_bypassed
        self._sums["credits"] += 0 if redemption is None else len(redemption.draws)
        self._reasons.update({reason.code for reason in decision.reasons})
        return decision.eligible

    def tally(self) -> Tally:
        reasons = tuple(sorted(self._reasons.items()))
        return Tally(rulebook=self._rulebook, reasons=reasons, **self._sums)


def _merge_tallies(tallies: list[Tally]) -> Tally:
    names = {tally.rulebook for tally in tallies}
    if len(names) > 1:
        raise InvalidValueError("parts", sorted(names), "parts with the same rulebooks")
    reasons: Counter[str] = Counter()
    for tally in tallies:
        reasons.update(dict(tally.reasons))
    counts = ("eligible", "refused", "deposits_waived", "cards_bypassed", "credits")
    sums = {name: sum(getattr(tally, name) for tally in tallies) for name in counts}
    return Tally(rulebook=names.pop(), reasons=tuple(sorted(reasons.items())), **sums)


def _tally_document(tally: Tally) -> dict[str, object]:
    return {**asdict(tally), "reasons": dict(tally.reasons), "share_eligible": tally.share_eligible}


def _check_byte(name: str, byte: object) -> None:
    if type(byte) is not int or byte < 0:
        raise InvalidValueError(name, byte, "a position in the file of 0 or more")


def _lines(file: BinaryIO, start: int, stop: int | None) -> Iterator[bytes]:
    """Yield each line that begins in the range; one that is too long is cut, and so unreadable."""
    file.seek(max(0, start - 1))
    if start:
        _skip_line(file)
    while (stop is None or file.tell() < stop) and (line := file.readline(LARGEST_DOCUMENT + 1)):
        if len(line) > LARGEST_DOCUMENT and not line.endswith(b"\n"):
            _skip_line(file)
        yield line


def _skip_line(file: BinaryIO) -> None:
    while (part := file.readline(DEFAULT_BUFFER_SIZE)) and not part.endswith(b"\n"):
        pass
