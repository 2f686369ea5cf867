"""The decision table of a policy: which facts refuse, and what an eligible booking comes to.

Worked out from answers, never from the text of the rules: every group of facts is asked whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple, TypeAlias, final

from pkgredeem import (
    CardCaptureOutcome,
    Decision,
    DepositOutcome,
    InvalidValueError,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Scope,
)
from pkgredeem.testing._boxes import Box, Grid, bits
from pkgredeem.testing._facts import GROUPS, Lattice, Point
from pkgredeem.testing._pages import counted, markdown_table, text_table
from pkgredeem.testing._shipped import own_rules, shipped_part

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
        >>> from pkgredeem import RedemptionPolicy
        >>> from pkgredeem.testing import table
        >>> table(RedemptionPolicy()).rows[0].reason
        'account_on_legacy_packages'
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
        told = [f"deposit {self.deposit}", f"card capture {self.card_capture}", *self.notes]
        return "eligible: " + ", ".join(told).replace("_", " ")


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
        >>> from pkgredeem import RedemptionPolicy, rules
        >>> from pkgredeem.testing import table
        >>> shown = table(RedemptionPolicy(rules.IN_STORE))
        >>> [row.answer for row in shown.rows if row.eligible][0]
        'eligible: deposit not required, card capture not required'
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
    common = [
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
