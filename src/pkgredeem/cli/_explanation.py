"""Decisions and settlements as rows: in a pipe the lines of `explain`, on a terminal more room."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import Audience, Decision, Finding, Settlement
from pkgredeem._model.answers import decision_lines, settlement_lines
from pkgredeem._model.explanation import schedule_in_words
from pkgredeem.cli._output import SPACE, Row

_GOOD: Final = "bold green"
_BAD: Final = "bold red"
_LOST: Final = "bold yellow"


def decision_rows(decision: Decision, audience: Audience) -> list[Row]:
    """Return the answer first, then each reason and note, then what follows.

    A client gets one sentence, and the schedule, which holds the booking's own times (D24).
    """
    style = _GOOD if decision.eligible else _BAD
    if audience is Audience.STAFF:
        findings = (*decision.reasons, *decision.notes)
        return _rows(decision_lines(decision), style, findings, decision.time_zone)
    rows = [_answer(decision.explain(audience), style)]
    if decision.redemption is not None:
        line = f"cancellation: {schedule_in_words(decision.redemption)}"
        rows += [SPACE, _label_row(line)]
    return rows


def settlement_rows(settlement: Settlement, audience: Audience) -> list[Row]:
    """Return what happens to the credits, then each finding; a client gets one sentence."""
    style = _GOOD if settlement.returned else _LOST if settlement.allowed else _BAD
    if audience is Audience.STAFF:
        lines = settlement_lines(settlement)
        return _rows(lines, style, settlement.findings, settlement.time_zone)
    return [_answer(settlement.explain(audience), style)]


def _rows(
    lines: Sequence[str], style: str, findings: Sequence[Finding], zone: ZoneInfo | None
) -> list[Row]:
    first, rest = lines[0], lines[1:]
    finding_rows = [_finding(*pair, zone) for pair in zip(rest, findings, strict=False)]
    return [
        _answer(first, style),
        SPACE,
        *finding_rows,
        *([SPACE] if finding_rows else []),
        *map(_label_row, rest[len(findings) :]),
    ]


def _answer(line: str, style: str) -> Row:
    word, mark, rest = line.partition(" ")
    sign = "✗ " if style == _BAD else "✓ "
    return Row(line, [[(sign, style), (word, style), (mark + rest, "")]])


def _finding(line: str, finding: Finding, zone: ZoneInfo | None) -> Row:
    label = line.partition(":")[0]
    style = "red" if label == "reason" else "yellow"
    lines = [
        [(finding.code, f"bold {style}"), (f"  {' '.join(finding.clauses)}", "cyan")],
        [(finding.text(zone), "")],
        [("→ ", "green"), (finding.advice_text(zone), "")],
    ]
    return Row(line, lines, label, style)


def _label_row(line: str) -> Row:
    label, _, text = line.partition(": ")
    return Row(line, [[(text, "")]], label)
