"""Scenario files: cases and what is expected of them, to be read by whoever owns the business.

A file `*.redeem.toml` has the facts that its scenarios share under `[given]`, and one
`[[scenario]]` each with what differs. Facts have the words of the case documents: `now`, `account`,
`client`, `packages`, `booking`, and perhaps `existing`, `by`, `note` and `only`.

- A table of a scenario is laid over the shared one key by key; anything else, a list among them,
  takes the place of what is shared. `package = {...}` is laid over the only shared package.
- Instants may be written as TOML's own, with their offset, or as text. The text "null" stands for
  what is null in a case document, and `client = "guest"` for a guest.
- `existing` is the booking that is exchanged: it was booked before with the same facts, but for
  those that it tells itself. A redemption as it was written, with its `format`, is taken as it is.
- `rulebook` asks another rulebook of the library than the chosen one, `without` lifts rules.
- `expect` holds one or more of `eligible`, `reasons` and `notes` (all codes in their order),
  `deposit`, `card_capture`, `draws` (tables of one or more of `line`, `package_id`,
  `entitlement_id`, `service_id`, `credits` and `free_until`; keys that are left out are not looked
  at), `free_until`, `prompt` and `replaces`, the id of the booking that it takes the place of.
- Each `[[scenario.then]]` is an act on the redemption that the one before it left: `cancel`,
  `reschedule` (with `to`), `no_show`, `complete` or `forgive` (with `note`) at an instant; the
  first two `by` "client" or "business"; perhaps of single `lines`. It expects one or more of
  `allowed`, `outcome`, `late`, `window` and `findings`.

Nothing else may stand there: a key or a code that is not known is an error with its file and line.
"""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Final, cast

import pkgredeem as p
from pkgredeem._engine.policy import checked_policy
from pkgredeem.documents import settlement_document
from pkgredeem.testing.scenarios._reader import ScenarioReader
from pkgredeem.testing.scenarios._values import (
    DRAW_KEYS,
    DrawValues,
    Expected,
    Mismatch,
    Scenario,
    ScenarioFileError,
    ScenarioResult,
    Step,
    Value,
)

__all__ = [
    "Mismatch",
    "Scenario",
    "ScenarioFileError",
    "ScenarioResult",
    "Step",
    "load_scenarios",
    "run_scenario",
]

PATTERN: Final = "*.redeem.toml"


def load_scenarios(
    path: str | PathLike[str],
    *,
    policy: p.RedemptionPolicy | None = None,
) -> tuple[Scenario, ...]:
    """Return the scenarios of a file, or of all files of a folder and the folders in it.

    Args:
        path: a file of any name, or a folder.
        policy: the policy that is asked where a scenario names no rulebook itself; None for the
            default one.

    Returns:
        The scenarios in the order of the files' names and of the files; none for an empty folder.

    Raises:
        ScenarioFileError: a file is not a scenario file; it holds every problem of all files.
        OSError: a file can't be read; a missing one is a FileNotFoundError.
        InvalidValueError: *policy* is no `RedemptionPolicy`.

    Example:
        >>> import tempfile
        >>> text = '''
        ... [[scenario]]
        ... name = "a guest holds no package"
        ... now = 2026-05-01T09:00:00+12:00
        ... account = { online_redemption = true, client_login = "optional" }
        ... client = "guest"
        ... packages = []
        ... booking.id = "b1"
        ... booking.starts_at = 2026-05-05T10:00:00+12:00
        ... booking.lines = [{ service.id = "facial" }]
        ... expect.reasons = ["client_not_logged_in", "no_package"]
        ... '''
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "guests.redeem.toml").write_text(text, encoding="utf-8")
        ...     [run_scenario(scenario).passed for scenario in load_scenarios(folder)]
        [True]
    """
    default = p.RedemptionPolicy() if policy is None else checked_policy("policy", policy)
    root = Path(path)
    files = sorted(root.rglob(PATTERN)) if root.is_dir() else [root]
    readers = [ScenarioReader(file, default) for file in files]
    problems = [problem for reader in readers for problem in reader.problems]
    if problems:
        raise ScenarioFileError(problems)
    return tuple(scenario for reader in readers for scenario in reader.scenarios)


def run_scenario(scenario: Scenario) -> ScenarioResult:
    """Decide the case of a scenario, do its steps, and return what is not as expected."""
    decision = scenario.policy.decide_case(scenario.case)
    mismatches = list(_mismatches(scenario.expect, _of_decision(decision), ""))
    settled: list[str] = []
    case = scenario.case
    redemption = case.existing if case.is_own else decision.redemption
    for number, step in enumerate(scenario.steps, 1):
        where = f"then {number}: "
        if redemption is None:
            mismatches.append(
                Mismatch(what=f"{where}{step.title}", expected="a redemption", actual="refused")
            )
            break
        try:
            settlement = _done(scenario, redemption, step)
        except p.PkgRedeemError as error:
            message = f"{type(error).__name__}: {error}"
            mismatches.append(
                Mismatch(what=f"{where}{step.title}", expected="done", actual=message)
            )
            break
        settled.append(f"{where}{step.title}\n{settlement.explain(p.Audience.STAFF)}")
        mismatches += _mismatches(step.expect, _of_settlement(settlement), where)
        redemption = redemption if settlement.change is None else settlement.change.after
    return ScenarioResult(
        scenario=scenario,
        decision=decision,
        mismatches=tuple(mismatches),
        settled=tuple(settled),
    )


def _done(scenario: Scenario, redemption: p.Redemption, step: Step) -> p.Settlement:
    """Do the act of a step, for the account and the client of the case."""
    case = scenario.case
    given: dict[str, Any] = {"now": step.at, "note": step.note}
    if step.act is p.Act.RESCHEDULE:
        given |= {"account": case.account, "client": case.client, "starts_at": step.starts_at}
    else:
        given["lines"] = step.lines
    if step.act in {p.Act.CANCEL, p.Act.RESCHEDULE}:
        given["by"] = step.by
    if step.act is not p.Act.COMPLETE:
        given["packages"] = case.packages
    settlement: p.Settlement = getattr(scenario.policy, step.act.value)(redemption, **given)
    return settlement


def _of_decision(decision: p.Decision) -> dict[str, Value]:
    redemption = decision.redemption
    return {
        "eligible": decision.eligible,
        "reasons": tuple(reason.code for reason in decision.reasons),
        "notes": tuple(note.code for note in decision.notes),
        "deposit": decision.deposit.value,
        "card_capture": decision.card_capture.value,
        "draws": () if redemption is None else _draw_values(redemption),
        "free_until": None if redemption is None else redemption.free_until,
        "prompt": decision.prompt,
        "replaces": None if redemption is None else redemption.replaces,
    }


def _draw_values(redemption: p.Redemption) -> tuple[DrawValues, ...]:
    """Return what may be expected of each draw; it is free until then by the terms of its line."""
    return tuple(
        tuple(
            (
                key,
                redemption.free_until_of(draw.line) if key == "free_until" else getattr(draw, key),
            )
            for key in DRAW_KEYS
        )
        for draw in redemption.draws
    )


def _of_settlement(settlement: p.Settlement) -> dict[str, Value]:
    return {
        "allowed": settlement.allowed,
        "outcome": None if settlement.outcome is None else settlement.outcome.value,
        "late": settlement.late,
        "window": cast("str | None", settlement_document(settlement, p.Audience.STAFF)["window"]),
        "findings": tuple(finding.code for finding in settlement.findings),
    }


def _mismatches(expected: Expected, actual: dict[str, Value], where: str) -> Iterator[Mismatch]:
    for key, wanted in expected:
        found = actual[key]
        if key == "draws":
            found = _with_expected_keys(wanted, found)
        if wanted != found:
            words = _draw_words if key == "draws" else _words
            yield Mismatch(what=where + key, expected=words(wanted), actual=words(found))


def _with_expected_keys(wanted: Value, found: Value) -> Value:
    """Return draws with only the keys that are asked for, where there are as many as expected."""
    expected, drawn = cast("tuple[DrawValues, ...]", wanted), cast("tuple[DrawValues, ...]", found)
    if len(expected) != len(drawn):
        return drawn
    return tuple(
        tuple(pair for pair in draw if pair[0] in dict(keys))
        for keys, draw in zip(expected, drawn, strict=True)
    )


def _draw_words(value: Value) -> str:
    draws = cast("tuple[DrawValues, ...]", value)
    return (
        "; ".join(", ".join(f"{key} {_words(value)}" for key, value in draw) for draw in draws)
        or "none"
    )


def _words(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(cast("tuple[str, ...]", value)) or "none"
    return str(value)
