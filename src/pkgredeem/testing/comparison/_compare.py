"""What changes between two policies: every kind of case that they decide differently."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias, final

from pkgredeem import Case, Decision, RedemptionPolicy, Scope
from pkgredeem._engine.policy import checked_policy
from pkgredeem.testing.cases._minimise import as_json, shrunk, small_document, weight
from pkgredeem.testing.cases._shipped import own_rules
from pkgredeem.testing.cases.generator import cases as generated
from pkgredeem.testing.comparison._boxes import Box, bits, covered
from pkgredeem.testing.comparison._facts import GROUPS
from pkgredeem.testing.comparison._lattice import Lattice
from pkgredeem.testing.comparison._pages import counted
from pkgredeem.testing.laws._law import answerable

_GENERATED: Final = 1_000

#: A finding that one of two answers lacks: which one has it, "reason" or "note", and the code.
_Found: TypeAlias = tuple[int, str, str]
_Delta: TypeAlias = frozenset[_Found]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One kind of case that two policies decide differently.

    Attributes:
        first: what the first policy answers to the witness, in words.
        second: what the second one answers to it.
        only_first: what only the first one finds, such as "reason online_redemption_off".
        only_second: what only the second one finds. Both are empty where the two find the same, but
            in another order, or draw on other credits.
        when: the facts in which all cases of this kind agree, as pairs of fact and values; one
            tuple for each way in which it comes about; empty when the comparison is not exact, or
            where it takes a second package that differs from the first.
        cases: how many of the cases tried were of this kind, 1 or more.
        witness: the smallest such case.

    Example:
        >>> from pkgredeem.testing.cases.generator import case
        >>> Difference(
        ...     first="eligible, drawing on facial of p1",
        ...     second="refused: online_redemption_off",
        ...     only_first=(),
        ...     only_second=("reason online_redemption_off",),
        ...     when=(),
        ...     cases=1,
        ...     witness=case(seed=1, index=0),
        ... ).cases
        1
    """

    first: str
    second: str
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    when: tuple[tuple[tuple[str, str], ...], ...]
    cases: int
    witness: Case


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Every kind of case that two policies decide differently.

    Attributes:
        first: the name of the first rulebook.
        second: the name of the second rulebook.
        differences: the kinds, in the order of the facts; empty when there is none.
        exact: whether this is all that can differ for one package, for two alike, and for one with
            a plain one beside it: both hold rules of the library alone, and every fact that those
            look at was tried. Otherwise it is what the cases tried have shown. Of several packages
            that differ in more ways, further findings may move between reasons and notes.
        tried: how many cases were tried.

    Example:
        >>> print(Comparison(first="a", second="b", differences=(), exact=True, tried=9).to_text())
        a and b: every case is decided alike
        <BLANKLINE>
        Exact for one package, two alike, and one beside a plain one: 9 cases, for every \
fact that the rules look at, at each boundary.
    """

    first: str
    second: str
    differences: tuple[Difference, ...]
    exact: bool
    tried: int

    def to_text(self) -> str:
        """Return the comparison in plain text."""
        lines = [self._title, "", self._scope]
        for each in self.differences:
            told = ("  " + line for line in self._told(each))
            lines += ["", self._heading(each), *told, "  the smallest case:", as_json(each.witness)]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the comparison in Markdown."""
        lines = [f"# {self._title}", "", self._scope]
        for each in self.differences:
            told = (f"- {line}" for line in self._told(each))
            lines += ["", f"## {self._heading(each)}", "", *told]
            lines += ["", "The smallest case:", "", "```json", as_json(each.witness), "```"]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the comparison as plain values, JSON-ready."""
        return {
            "first": self.first,
            "second": self.second,
            "exact": self.exact,
            "tried": self.tried,
            "differences": [
                {
                    "first": each.first,
                    "second": each.second,
                    "only_first": list(each.only_first),
                    "only_second": list(each.only_second),
                    "when": [dict(way) for way in each.when],
                    "cases": each.cases,
                    "witness": small_document(each.witness),
                }
                for each in self.differences
            ],
        }

    @property
    def _title(self) -> str:
        return f"{self.first} and {self.second}: {_kinds(len(self.differences))}"

    @property
    def _scope(self) -> str:
        tried = counted(self.tried, "case")
        if self.exact:
            return (
                f"Exact for one package, two alike, and one beside a plain one: {tried}, "
                f"for every fact that the rules look at, at each boundary."
            )
        return (
            f"Not exact, since a rule is your own and its facts are not known: "
            f"what {tried} have shown."
        )

    def _heading(self, each: Difference) -> str:
        sides = ((self.first, each.only_first), (self.second, each.only_second))
        parts = [f"only {name}: {', '.join(found)}" for name, found in sides if found]
        return "; ".join(parts) or "the same findings, but not the same answer"

    def _told(self, each: Difference) -> Iterator[str]:
        yield f"{self.first}: {each.first}"
        yield f"{self.second}: {each.second}"
        for way in each.when:
            yield "when " + "; ".join(f"{fact}: {values}" for fact, values in way)
        yield f"{counted(each.cases, 'case')} of those tried"


def _kinds(count: int) -> str:
    kinds = {0: "every case is decided alike", 1: "1 kind of case is decided differently"}
    return kinds.get(count, f"{count} kinds of case are decided differently")


def compare(
    policy_a: RedemptionPolicy, policy_b: RedemptionPolicy, *, cases: Iterable[Case] = ()
) -> Comparison:
    """Return every kind of case that two policies decide differently, each with its smallest case.

    A kind is what one of the two finds and the other does not; kinds that are only several others
    at once are not told. Exact where both hold rules of the library alone (see `Comparison.exact`):
    every fact that those look at is tried on both sides of its boundary, the days between two dates
    of the automatic start one by one. For rules of the caller's own it is what the cases tried have
    shown: those, a plain booking at every hour of a week, 1,000 generated ones, and *cases*. Where
    a rule asks for local time and the account has no time zone, it is asked in UTC.

    Args:
        policy_a: the one policy, such as today's.
        policy_b: the other one.
        cases: further cases to try, such as your own.

    Raises:
        InvalidValueError: an argument has the wrong type.

    Example:
        >>> from pkgredeem import rules
        >>> in_march, in_april = map(RedemptionPolicy, (rules.TIMELY_2026_03, rules.TIMELY_2026_04))
        >>> (only,) = compare(in_march, in_april).differences
        >>> for fact in only.when[0]:
        ...     print(*fact, sep=": ")
        packages of the account: new
        online redemption: never chosen
        activated: from 2026-04-01 to 2026-04-29
    """
    first, second = checked_policy("policy_a", policy_a), checked_policy("policy_b", policy_b)
    return _Compared(first, second).told(cases)


@final
@dataclass(slots=True)
class _Seen:
    """How often cases of one delta were seen, and the plainest of them."""

    count: int
    rank: tuple[bool, int, int]
    case: Case


@final
class _Compared:
    """Two policies, and what they answered so far."""

    def __init__(self, first: RedemptionPolicy, second: RedemptionPolicy) -> None:
        books = (first.rulebook, second.rulebook)
        self.first, self.second = first, second
        self.exact = not any(own_rules(book) for book in books)
        self.lattice = Lattice(*(book.starts_enabled_after for book in books))
        self.tried = 0
        self.seen: dict[_Delta, _Seen] = {}
        self.groups: dict[str, tuple[list[_Delta | None], list[bool]]] = {}

    def told(self, further: Iterable[Case]) -> Comparison:
        """Try all cases and return the comparison."""
        for name, names in GROUPS.items():
            asked = [self.lattice.case(point) for point in self.lattice.points(names)]
            deltas = [None if case is None else self._try(case) for case in asked]
            self.groups[name] = (deltas, [case is None for case in asked])
        for case in self.lattice.cases_beside_a_plain_one():
            self._try(case)
        if not self.exact:
            for case in chain(self.lattice.calendar_cases(), generated(seed=0, count=_GENERATED)):
                self._try(case)
        for case in further:
            self._try(case)
        return Comparison(
            first=self.first.rulebook.name,
            second=self.second.rulebook.name,
            differences=tuple(self._kind(atom) for atom in self._atoms()),
            exact=self.exact,
            tried=self.tried,
        )

    def _try(self, case: Case) -> _Delta | None:
        self.tried += 1
        case = self._answerable(case)
        first, second = self._decided(case)
        delta = _delta(first, second)
        if delta is None:
            return None
        rank = (first.eligible is second.eligible, len(delta), weight(case))
        seen = self.seen.setdefault(delta, _Seen(0, rank, case))
        seen.count += 1
        if rank < seen.rank:
            seen.rank, seen.case = rank, case
        return delta

    def _decided(self, case: Case) -> tuple[Decision, Decision]:
        return self.first.decide_case(case), self.second.decide_case(case)

    def _answerable(self, case: Case) -> Case:
        return answerable(self.second, answerable(self.first, case))

    def _atoms(self) -> list[_Delta]:
        """Return the deltas that are not several others at once."""
        return [
            delta
            for delta in self.seen
            if not delta or delta != frozenset[_Found]().union(*(d for d in self.seen if d < delta))
        ]

    def _kind(self, atom: _Delta) -> Difference:
        seen = [each for delta, each in self.seen.items() if _is_of(delta, atom)]
        plainest = min(seen, key=lambda each: each.rank)
        shown = _shown(self._decided(plainest.case))

        def still_shows(case: Case) -> bool:
            return self._answerable(case) is case and _shown(self._decided(case)) == shown

        witness = shrunk(plainest.case, still_shows)
        first, second = self._decided(witness)
        return Difference(
            first=_answer(first),
            second=_answer(second),
            only_first=_side(atom, 0),
            only_second=_side(atom, 1),
            when=self._ways(atom) if self.exact else (),
            cases=sum(each.count for each in seen),
            witness=witness,
        )

    def _ways(self, atom: _Delta) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Return in which facts all cases of the kind agree, by the first group that shows it."""
        shown = [
            (name, [_is_of(delta, atom) for delta in deltas], free)
            for name, (deltas, free) in self.groups.items()
            if any(_is_of(delta, atom) for delta in set(deltas))
        ]
        return tuple(
            self._way(box)
            for name, flags, free in shown[:1]
            for box in covered(self.lattice, GROUPS[name], bits(flags), bits(free))
        )

    def _way(self, box: Box) -> tuple[tuple[str, str], ...]:
        told = ((f.name, f.said(values)) for f, values in zip(self.lattice.facts, box, strict=True))
        return tuple((name, values) for name, values in told if values != "-")


def _delta(first: Decision, second: Decision) -> _Delta | None:
    """Return what only one of two answers holds; None when they are the same answer."""
    if first.reasons == second.reasons and not first.eligible and first.notes == second.notes:
        return None  # most cases: nothing follows from a refusal but what the account asks for
    if _comparable(first) == _comparable(second):
        return None
    alike = first.eligible is second.eligible
    codes, others = _findings(first, notes=alike), _findings(second, notes=alike)
    return frozenset(
        {(0, *each) for each in codes - others} | {(1, *each) for each in others - codes}
    )


def _shown(answers: tuple[Decision, Decision]) -> tuple[object, ...]:
    """Return what a smaller case has to show as well: no finding more or less."""
    return (_delta(*answers), *(_findings(each, notes=True) for each in answers))


def _comparable(decision: Decision) -> tuple[object, ...]:
    """Return what an answer says, its words and the rulebook's name left out."""
    redemption = decision.redemption
    return (
        decision.eligible,
        [(each.code, each.subject, each.facts) for each in decision.reasons],
        [(each.code, each.subject, each.facts) for each in decision.notes],
        (decision.deposit, decision.card_capture, decision.prompt, decision.refund_on_cancel),
        None if redemption is None else (redemption.draws, redemption.free_until),
    )


def _findings(decision: Decision, *, notes: bool) -> set[tuple[str, str]]:
    """Return reasons and notes; those of scope NOTE only follow from the answer, so not always."""
    told = (each for each in decision.notes if notes or each.scope is not Scope.NOTE)
    return {("reason", each.code) for each in decision.reasons} | {
        ("note", each.code) for each in told
    }


def _is_of(delta: _Delta | None, atom: _Delta) -> bool:
    return delta is not None and (delta >= atom if atom else delta == atom)


def _side(atom: _Delta, side: int) -> tuple[str, ...]:
    return tuple(sorted(f"{role} {code}" for where, role, code in atom if where == side))


def _answer(decision: Decision) -> str:
    if not decision.eligible:
        return f"refused: {', '.join(each.code for each in decision.reasons)}"
    draws = () if decision.redemption is None else decision.redemption.draws
    drawn = ", ".join(f"{draw.entitlement_id} of {draw.package_id}" for draw in draws)
    noting = f"; noting {', '.join(each.code for each in decision.notes)}" if decision.notes else ""
    return f"eligible, drawing on {drawn}{noting}"
