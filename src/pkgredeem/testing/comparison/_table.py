"""The decision table of a policy: which facts refuse, and what an eligible booking comes to.

Worked out from answers, never from the text of the rules: every group of facts is asked whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Final, NamedTuple, TypeAlias, final

from pkgredeem import (
    CardCaptureOutcome,
    DepositOutcome,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Scope,
)
from pkgredeem._engine.policy import checked_policy
from pkgredeem.testing.cases._shipped import own_rules, shipped_part
from pkgredeem.testing.comparison._boxes import Box, bits, covered
from pkgredeem.testing.comparison._facts import GROUPS, Point
from pkgredeem.testing.comparison._lattice import Lattice
from pkgredeem.testing.comparison._pages import counted, markdown_table, text_table

#: Which group of facts a rule of that scope looks at; the first one in which it finds anything.
_GROUPS_OF: Final = {
    Scope.ACCOUNT: ("account",),
    Scope.CLIENT: ("client",),
    Scope.PACKAGE: ("package",),
    Scope.CREDIT: ("package",),
    Scope.BOOKING: ("package", "start"),
}
_START: Final = ("start", "exchange")
_MONEY: Final = ("deposit", "card_capture", "saved_card")
_DEPOSIT: Final = {
    DepositOutcome.NOT_REQUIRED: "no deposit",
    DepositOutcome.COLLECT: "collect the deposit",
    DepositOutcome.WAIVED: "deposit waived",
}
_CARD: Final = {
    CardCaptureOutcome.NOT_REQUIRED: "no card",
    CardCaptureOutcome.CAPTURE: "ask for a card",
    CardCaptureOutcome.BYPASSED: "card page bypassed",
}
_INTRODUCTION: Final = (
    "A case is refused for the reasons of every row that it fits: all of them together.",
    "A case that fits none of those fits a row of the last part, which tells what follows.",
    "A dash stands for any value, and so does a fact that a part does not name.",
    'What is "by" an instant includes it, what is "after" it or "later" does not.',
)

_Outcome: TypeAlias = tuple[DepositOutcome, CardCaptureOutcome, tuple[str, ...]]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a decision table.

    Attributes:
        when: for each fact of the table, its values in words; a dash where it makes no difference.
        scope: the scope of the rule that refuses; None for an eligible outcome.
        reason: the code of the reason; empty for an eligible outcome.
        deposit: what happens to the deposit; None for a refusal.
        card_capture: what happens to the card page; None for a refusal.
        notes: the codes of the notes of an eligible outcome.

    Example:
        >>> Row(when=("guest", "-"), scope=Scope.CLIENT, reason="client_not_logged_in").answer
        'client_not_logged_in'
    """

    when: tuple[str, ...]
    scope: Scope | None
    reason: str = ""
    deposit: DepositOutcome | None = None
    card_capture: CardCaptureOutcome | None = None
    notes: tuple[str, ...] = ()

    @property
    def eligible(self) -> bool:
        """Whether the row tells of an eligible outcome."""
        return self.scope is None

    @property
    def answer(self) -> str:
        """The answer in words."""
        if self.deposit is None or self.card_capture is None:
            return self.reason
        noting = f"; noting {', '.join(self.notes)}" if self.notes else ""
        return f"eligible: {_DEPOSIT[self.deposit]}, {_CARD[self.card_capture]}{noting}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """What a rulebook does, as rows of facts and answers.

    All reasons of a case are the union of the rows that it fits.

    Attributes:
        rulebook: its name.
        facts: the facts, in words; the caller's own rules come last, by their codes.
        rows: the rows, in the order of D22, the eligible outcomes last. None could be dropped.
        own: the codes of the caller's own refusing rules with the facts that they find.

    Example:
        >>> guests = Row(when=("guest",), scope=Scope.CLIENT, reason="client_not_logged_in")
        >>> shown = DecisionTable(rulebook="mine", facts=("client",), rows=(guests,))
        >>> shown.to_text().splitlines()[-1]
        'guest   client_not_logged_in'
    """

    rulebook: str
    facts: tuple[str, ...]
    rows: tuple[Row, ...]
    own: tuple[tuple[str, str], ...] = ()

    def to_text(self) -> str:
        """Return the table in plain text, one part for each scope."""
        lines = [self._title, "", *_INTRODUCTION, *self._own_lines]
        for part in self._parts():
            lines += ["", part.title, *part.common, *text_table(part.heads, part.cells)]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the table in Markdown, one part for each scope."""
        lines = [f"# {self._title}", "", *_INTRODUCTION, *self._own_lines]
        for part in self._parts():
            common = [*part.common, ""] if part.common else []
            lines += ["", f"## {part.title}", "", *common, *markdown_table(part.heads, part.cells)]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the table as plain values, JSON-ready."""
        return {
            "rulebook": self.rulebook,
            "union": " ".join(_INTRODUCTION[:2]),
            "own_rules": dict(self.own),
            "rows": [
                {
                    "when": dict(zip(self.facts, row.when, strict=True)),
                    "eligible": row.eligible,
                    "reason": row.reason or None,
                    "deposit": row.deposit and row.deposit.value,
                    "card_capture": row.card_capture and row.card_capture.value,
                    "notes": list(row.notes),
                }
                for row in self.rows
            ],
        }

    @property
    def _title(self) -> str:
        return f"Decision table of {self.rulebook}, {counted(len(self.rows), 'row')}"

    @property
    def _own_lines(self) -> list[str]:
        told = [f"- {code}: {states}" for code, states in self.own]
        return ["", "Rules of your own, each a fact of this table:", "", *told] if told else []

    def _parts(self) -> Iterator["_Part"]:
        for scope in (*_GROUPS_OF, None):
            rows = [row for row in self.rows if row.scope is scope]
            if rows:
                yield _part(scope, rows, self.facts)


class _Part(NamedTuple):
    title: str
    common: list[str]
    heads: list[str]
    cells: list[list[str]]


def _part(scope: Scope | None, rows: Sequence[Row], names: Sequence[str]) -> _Part:
    """Return the rows of one scope: what they have in common once, and a column for the rest."""
    columns = list(zip(*(row.when for row in rows), strict=True))
    varying = [place for place, cells in enumerate(columns) if len(set(cells)) > 1]
    common: list[str] = [
        f"{name}: {cells[0]}"
        for place, (name, cells) in enumerate(zip(names, columns, strict=True))
        if place not in varying and cells[0] != "-"
    ]
    if len(rows) == 1:
        varying = [place for place, cells in enumerate(columns) if cells[0] != "-"]
        common = []
    return _Part(
        title=f"Refused for the {scope}" if scope else "Eligible",
        common=[f"In every row: {'; '.join(common)}."] if common else [],
        heads=[*(names[place] for place in varying), "answer"],
        cells=[[*(row.when[place] for place in varying), row.answer] for row in rows],
    )


def table(policy: RedemptionPolicy) -> DecisionTable:
    """Return the decision table of a policy, over every fact that the shipped rules look at.

    Each rule's condition is asked at both sides of its boundary. Rows are merged as far as they say
    the same, and none could be dropped. A rule of the caller's own, whose facts nobody else knows,
    is a fact itself; one of the scope NOTE refuses nothing and has no row.

    Raises:
        InvalidValueError: *policy* is no `RedemptionPolicy`.

    Example:
        >>> from pkgredeem import RedemptionPolicy
        >>> shown = table(RedemptionPolicy())
        >>> sorted({row.reason for row in shown.rows})[1:3]
        ['account_on_legacy_packages', 'appointment_started']
    """
    checked_policy("policy", policy)
    own = [each for each in own_rules(policy.rulebook) if each.scope is not Scope.NOTE]
    asked = _Asked(shipped_part(policy.rulebook))
    no_own = tuple("-" for _ in own)
    rows = [
        Row(when=(*asked.said(box), *no_own), scope=each.scope, reason=each.code)
        for each in asked.rulebook.rules
        for box in asked.refused_by(each)
    ]
    dashes = tuple("-" for _ in asked.lattice.facts)
    for each in own:
        found = ("yes" if each is other else "-" for other in own)
        rows.append(Row(when=(*dashes, *found), scope=each.scope, reason=each.code))
    rows.sort(key=_place_of)
    silent = tuple("no" for _ in own)
    rows += [
        Row(
            when=(*asked.said(box), *silent),
            scope=None,
            deposit=deposit,
            card_capture=card_capture,
            notes=notes,
        )
        for box, (deposit, card_capture, notes) in asked.eligible()
    ]
    return DecisionTable(
        rulebook=policy.rulebook.name,
        facts=(*(fact.name for fact in asked.lattice.facts), *(each.code for each in own)),
        rows=tuple(rows),
        own=tuple((each.code, each.states) for each in own),
    )


def _both(box: Box, other: Box) -> Box:
    return tuple(values & others for values, others in zip(box, other, strict=True))


def _place_of(row: Row) -> int:
    return [*_GROUPS_OF].index(row.scope) if row.scope else len(_GROUPS_OF)


@final
class _Asked:
    """A rulebook of shipped rules, and its answers to each group of facts."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.lattice = Lattice(rulebook.starts_enabled_after)
        self._policy = RedemptionPolicy(rulebook)
        self._reasons = {
            name: self._reasons_at(names) for name, names in GROUPS.items() if name != "money"
        }

    def said(self, box: Box) -> tuple[str, ...]:
        """Return the values of each fact in words."""
        return tuple(
            fact.said(values) for fact, values in zip(self.lattice.facts, box, strict=True)
        )

    def refused_by(self, asked: Rule) -> tuple[Box, ...]:
        """Return the boxes in which a rule gives a reason; none when it refuses nothing."""
        for name in _GROUPS_OF.get(asked.scope, ()):
            reasons = self._reasons[name]
            flags = [codes is not None and asked.code in codes for codes in reasons]
            if any(flags):
                return self._cover(GROUPS[name], flags, _impossible(reasons))
        return ()

    def eligible(self) -> Iterator[tuple[Box, _Outcome]]:
        """Yield the boxes of each eligible outcome.

        Scopes look at facts of their own, so what is eligible is what each of them lets pass.
        """
        others = [self._passing(names) for names in (GROUPS["account"], ("client",), _START)]
        for packages, outcomes in self._followed():
            for outcome in dict.fromkeys(outcomes):
                money = self._cover(_MONEY, [each == outcome for each in outcomes])
                for boxes in product(*others, [packages], money):
                    yield reduce(_both, boxes), outcome

    def _passing(self, names: Sequence[str]) -> tuple[Box, ...]:
        reasons = self._reasons_at(names)
        flags = [codes is not None and not codes for codes in reasons]
        return self._cover(names, flags, _impossible(reasons))

    def _followed(self) -> Iterator[tuple[Box, tuple[_Outcome, ...]]]:
        """Yield the boxes of the package facts that pass, with what follows for all the money."""
        names = GROUPS["package"]
        reasons = self._reasons["package"]
        followed = [
            None if codes is None or codes else tuple(self._outcomes(point))
            for point, codes in zip(self.lattice.points(names), reasons, strict=True)
        ]
        free = _impossible(reasons)
        for outcomes in dict.fromkeys(followed):
            if outcomes is not None:
                for box in self._cover(names, [each == outcomes for each in followed], free):
                    yield box, outcomes

    def _outcomes(self, base: Point) -> Iterator[_Outcome]:
        cases = map(self.lattice.case, self.lattice.points(_MONEY, base))
        for case in filter(None, cases):
            decided = self._policy.decide_case(case)
            notes = tuple(dict.fromkeys(note.code for note in decided.notes))
            yield decided.deposit, decided.card_capture, notes

    def _reasons_at(self, names: Iterable[str]) -> list[frozenset[str] | None]:
        """Return the codes that refuse at each point; None where the facts can't be together."""
        cases = map(self.lattice.case, self.lattice.points(names))
        return [
            None
            if case is None
            else frozenset([each.code for each in self._policy.decide_case(case).reasons])
            for case in cases
        ]

    def _cover(
        self, names: Iterable[str], flags: Sequence[bool], free: Sequence[bool] = ()
    ) -> tuple[Box, ...]:
        return covered(self.lattice, names, bits(flags), bits(free))


def _impossible(reasons: Sequence[frozenset[str] | None]) -> list[bool]:
    return [codes is None for codes in reasons]
