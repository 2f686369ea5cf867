"""Decisions and settlements as rows: in a pipe the lines of `explain`, on a terminal more room."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from pkgredeem import Audience, Decision, Finding, Settlement
from pkgredeem._model.answers import decision_lines, settlement_lines
from pkgredeem._model.explanation import schedule_in_words
from pkgredeem._model.iso8601 import zone_of
from pkgredeem.cli._rows import SPACE, Row

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
        return _rows(decision_lines(decision), style, findings, zone_of(decision.time_zone_key))
    rows = [_signed(decision.explain(audience), style)]
    if decision.redemption is not None:
        rows += [SPACE, _label_row(f"cancellation: {schedule_in_words(decision.redemption)}")]
    return rows


def settlement_rows(settlement: Settlement, audience: Audience) -> list[Row]:
    """Return what happens to the credits, then each finding; a client gets one sentence."""
    style = _GOOD if settlement.returned else _LOST if settlement.allowed else _BAD
    if audience is Audience.STAFF:
        lines = settlement_lines(settlement)
        return _rows(lines, style, settlement.findings, zone_of(settlement.time_zone_key))
    return [_signed(settlement.explain(audience), style)]


def _rows(
    lines: Sequence[str], style: str, findings: Sequence[Finding], zone: ZoneInfo | None
) -> list[Row]:
    first, *rest = lines
    rows = [_finding(*pair, zone) for pair in zip(rest, findings, strict=False)]
    if rows:
        rows.append(SPACE)
    verdict = _signed(first, style, verdict=first.partition(" ")[0])
    return [verdict, SPACE, *rows, *map(_label_row, rest[len(findings) :])]


def _signed(line: str, style: str, *, verdict: str = "") -> Row:
    """Return a line behind its sign; the verdict that it begins with has the colour of the sign."""
    sign = "✗ " if style == _BAD else "✓ "
    return Row(line, [[(sign, style), (verdict, style), (line.removeprefix(verdict), "")]])


def _finding(line: str, finding: Finding, zone: ZoneInfo | None) -> Row:
    label = line.partition(":")[0]
    style = "red" if label == "reason" else "yellow"
    code = [(finding.code, f"bold {style}"), (f"  {' '.join(finding.clauses)}", "cyan")]
    advice = [("→ ", "green"), (finding.advice_text(zone), "")]
    lines = [code, [(finding.text(zone), "")], advice]
    return Row(line, lines, label, style)


def _label_row(line: str) -> Row:
    label, _, text = line.partition(": ")
    return Row(line, [[(text, "")]], label)
