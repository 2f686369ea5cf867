"""What a replay comes to: counts, and the sum of the counts of its parts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Final, TypeAlias, final

from pkgredeem import InvalidValueError
from pkgredeem.documents.replay._first import First, Told
from pkgredeem.documents.replay._overdrawn import Overdrawn, Watched, merge_watched, overdrawn

#: Of so many lines that are left out a replay keeps why; the others it only counts.
MOST_PROBLEMS: Final = 100
#: Of so many lines that are not reproduced it keeps how; the others it only counts.
MOST_EXAMPLES: Final = 20
#: Of the entitlements that more is drawn from than there is, so many of the worst are told.
MOST_OVERDRAWN: Final = 10

#: Pairs of a word and how often it was counted, sorted by word.
Counts: TypeAlias = tuple[tuple[str, int], ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """How decisions of the time compare with those of the replay.

    Attributes:
        compared: lines that hold a decision of this rulebook, or one for a client, which doesn't
            say by which rulebook it was made.
        reproduced: those of them that are decided again as they were, in every key that is there.
        other_rulebook: lines that hold a decision of another rulebook, which is not compared.
        differences: pairs of key and count of lines that differ in it, sorted by key. A line with
            several differences counts for each.
        examples: pairs of line number and how it differs; of the first twenty differences.

    Example:
        >>> from pkgredeem.documents.replay import Reproduction
        >>> Reproduction(compared=3, reproduced=2, differences=[("deposit", 1)]).differences
        [('deposit', 1)]
    """

    compared: int = 0
    reproduced: int = 0
    other_rulebook: int = 0
    differences: Counts = ()
    examples: Told = ()


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
        impossible: of the eligible bookings, so many at least can't all be true: they draw more
            from a package than each of its lines says that it holds. 0 with carry.
        repeated: with carry, lines that ask about a booking that is redeemed already; they get the
            recorded answer, and are not counted again.
        acts: with carry, pairs of act and how often one of its kind changed something, sorted.
        acts_refused: with carry, acts that would have been refused.
        credits_returned: with carry, credits that would have come back.
        reproduction: how decisions that lines hold compare with these.
        watched: what is known of each entitlement drawn on, so that parts can be merged.

    Example:
        >>> from pkgredeem.documents.replay import Tally
        >>> Tally(rulebook="in-store", eligible=3, refused=1).share_eligible
        0.75
    """

    rulebook: str
    eligible: int = 0
    refused: int = 0
    reasons: Counts = ()
    deposits_waived: int = 0
    cards_bypassed: int = 0
    credits: int = 0
    impossible: int = 0
    repeated: int = 0
    acts: Counts = ()
    acts_refused: int = 0
    credits_returned: int = 0
    reproduction: Reproduction = Reproduction()
    watched: Mapping[tuple[str, str], Watched] = field(
        default_factory=dict[tuple[str, str], Watched], repr=False, compare=False
    )

    @property
    def decided(self) -> int:
        """How many bookings were decided."""
        return self.eligible + self.refused

    @property
    def share_eligible(self) -> float:
        """The share of eligible bookings, 0 to 1; 0 when none was decided."""
        return self.eligible / self.decided if self.decided else 0.0

    @property
    def overdrawn(self) -> tuple[Overdrawn, ...]:
        """The entitlements that more is drawn from than there is, the worst first."""
        return overdrawn(self.watched)

    def to_dict(self) -> dict[str, object]:
        """Return it as plain dicts, lists, texts and numbers, for JSON."""
        reproduction = self.reproduction
        return {
            "rulebook": self.rulebook,
            "eligible": self.eligible,
            "refused": self.refused,
            "reasons": dict(self.reasons),
            "deposits_waived": self.deposits_waived,
            "cards_bypassed": self.cards_bypassed,
            "credits": self.credits,
            "share_eligible": self.share_eligible,
            "impossible": self.impossible,
            "overdrawn": [asdict(entry) for entry in self.overdrawn[:MOST_OVERDRAWN]],
            "repeated": self.repeated,
            "acts": dict(self.acts),
            "acts_refused": self.acts_refused,
            "credits_returned": self.credits_returned,
            "recorded": {
                "compared": reproduction.compared,
                "reproduced": reproduction.reproduced,
                "other_rulebook": reproduction.other_rulebook,
                "differences": dict(reproduction.differences),
                "examples": [list(example) for example in reproduction.examples],
            },
        }


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
        unreadable: lines without a case or an act, or with one that can't be decided: a rule can't
            be asked about it, or what is recorded of its booking has ended.
        needs_carry: without carry, lines that hold an act, which are left out.
        unknown: with carry, acts on a booking that no line before them holds, which are left out.
        problems: pairs of line number, from 1, and what is wrong there; of the first hundred.
        carried: whether balances, uses and redemptions were carried from line to line.

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
    needs_carry: int = 0
    unknown: int = 0
    problems: Told = ()
    carried: bool = False

    @classmethod
    def merged(cls, parts: Iterable["Replay"]) -> "Replay":
        """Return the sum of the parts, of which no more than one is held at a time.

        Parts of a replay without carry are ranges, and their lines are numbered on in this order;
        shards, in any order, know the numbers of their lines.

        Raises:
            InvalidValueError: no part is given, two are about different rulebooks, or some are
                carried and some are not.
        """
        total = _Sum()
        for part in parts:
            total.add(part)
        return total.replay()

    @property
    def tallies(self) -> list[Tally]:
        """The counts of each rulebook, of which there are one or two."""
        return [self.first] if self.second is None else [self.first, self.second]

    @property
    def left_out(self) -> int:
        """How many lines are unreadable, an act without carry or one without a booking."""
        return self.unreadable + self.needs_carry + self.unknown

    def to_dict(self) -> dict[str, object]:
        """Return it as plain dicts, lists, texts and numbers, for JSON."""
        return {
            "format": "pkgredeem-replay/1",
            "carried": self.carried,
            "lines": self.lines,
            "unreadable": self.unreadable,
            "needs_carry": self.needs_carry,
            "unknown": self.unknown,
            "rulebooks": [tally.to_dict() for tally in self.tallies],
            "only_first": self.only_first,
            "only_second": self.only_second,
        }


@final
class _Sum:
    """The sum of parts, each of which is added and forgotten."""

    def __init__(self) -> None:
        self._parts = 0
        self._carried = False
        self._tallies: list[_TallySum] = []
        self._counts: Counter[str] = Counter()
        self._problems = First(MOST_PROBLEMS)

    def add(self, part: Replay) -> None:
        if not self._parts:
            self._carried = part.carried
            self._tallies = [_TallySum(tally.rulebook) for tally in part.tallies]
        if len(part.tallies) != len(self._tallies):
            raise InvalidValueError("parts", part, "parts with the same two rulebooks")
        if part.carried is not self._carried:
            raise InvalidValueError("parts", part, "parts that are all carried, or none")
        before = 0 if part.carried else self._counts["lines"]
        for total, tally in zip(self._tallies, part.tallies, strict=True):
            total.add(tally, before)
        self._problems.take(part.problems, before)
        self._counts.update({name: getattr(part, name) for name in _COUNTS_OF_A_REPLAY})
        self._parts += 1

    def replay(self) -> Replay:
        if not self._parts:
            raise InvalidValueError("parts", (), "at least one part")
        first, *others = [total.tally() for total in self._tallies]
        return Replay(
            first=first,
            second=others[0] if others else None,
            problems=self._problems.result(),
            carried=self._carried,
            **self._counts,
        )


@final
class _TallySum:
    """The sum of the tallies of one rulebook."""

    def __init__(self, rulebook: str) -> None:
        self._rulebook = rulebook
        self._counts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._acts: Counter[str] = Counter()
        self._compared: Counter[str] = Counter()
        self._differences: Counter[str] = Counter()
        self._examples = First(MOST_EXAMPLES)
        self._watched: dict[tuple[str, str], Watched] = {}

    def add(self, tally: Tally, before: int) -> None:
        if tally.rulebook != self._rulebook:
            names = sorted({tally.rulebook, self._rulebook})
            raise InvalidValueError("parts", names, "parts with the same rulebooks")
        self._counts.update({name: getattr(tally, name) for name in _COUNTS_OF_A_TALLY})
        self._reasons.update(dict(tally.reasons))
        self._acts.update(dict(tally.acts))
        found = tally.reproduction
        self._compared.update({name: getattr(found, name) for name in _COUNTS_OF_A_REPRODUCTION})
        self._differences.update(dict(found.differences))
        self._examples.take(found.examples, before)
        merge_watched(self._watched, tally.watched)

    def tally(self) -> Tally:
        return Tally(
            rulebook=self._rulebook,
            reasons=tuple(sorted(self._reasons.items())),
            acts=tuple(sorted(self._acts.items())),
            impossible=sum(entry.lines for entry in overdrawn(self._watched)),
            reproduction=Reproduction(
                differences=tuple(sorted(self._differences.items())),
                examples=self._examples.result(),
                **self._compared,
            ),
            watched=self._watched,
            **self._counts,
        )


def _names_of_counts(kind: type[Reproduction | Tally | Replay]) -> list[str]:
    return [field.name for field in fields(kind) if field.type is int]


_COUNTS_OF_A_REPRODUCTION: Final = _names_of_counts(Reproduction)
_COUNTS_OF_A_TALLY: Final = [name for name in _names_of_counts(Tally) if name != "impossible"]
_COUNTS_OF_A_REPLAY: Final = _names_of_counts(Replay)
