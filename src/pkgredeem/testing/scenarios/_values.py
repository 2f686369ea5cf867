"""What a scenario holds and what running it gives: values only, read and run elsewhere."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias, cast, final

from pkgredeem import Act, Actor, Audience, Case, Decision, InvalidValueError, RedemptionPolicy
from pkgredeem.rules._by_name import RULEBOOKS
from pkgredeem.testing.cases._minimise import as_json

DRAW_KEYS: Final = (
    *("line", "package_id", "entitlement_id", "service_id", "credits"),
    "free_until",
)
#: A credit that is drawn, as pairs of key and value.
DrawValues: TypeAlias = tuple[tuple[str, str | int | datetime | None], ...]
#: What is expected of one key: a word, an instant, True, False or None, codes in order, or draws.
Value: TypeAlias = str | bool | datetime | tuple[str, ...] | tuple[DrawValues, ...] | None
#: All that is expected, by the keys of the file.
Expected: TypeAlias = tuple[tuple[str, Value], ...]


@final
class ScenarioFileError(InvalidValueError):
    """Scenario files that can't be read: every problem, each with its file and line.

    Attributes:
        problems: the problems, one or more, each as `file:line: what to give`.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems; there must be one or more."""
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("scenarios", self.problems[0], "what a scenario file may hold")
        self.args: tuple[object, ...] = (self.problems,)  # for pickle and copy

    def __str__(self) -> str:
        """Show all problems, one a line."""
        return "\n".join(self.problems)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act on the redemption of a scenario, and what it is to come to.

    Attributes:
        act: the act.
        at: the instant of the act.
        by: who acts.
        starts_at: the new start; None but for a reschedule.
        lines: indexes of booking lines; None for all.
        note: why; required to forgive.
        expect: what is expected, by key.
    """

    act: Act
    at: datetime
    by: Actor
    starts_at: datetime | None = None
    lines: tuple[int, ...] | None = None
    note: str = ""
    expect: Expected = ()

    @property
    def title(self) -> str:
        """The act in words."""
        return f"{self.act} at {self.at.isoformat()} by {self.by}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario of a file: a case, the policy that is asked, and what is expected.

    Attributes:
        path: the file.
        line: the line on which it begins, 1 or more.
        name: its name, once in a file.
        case: the case, the shared facts and its own put together.
        policy: the policy that it is asked of.
        expect: what is expected of the decision, by key.
        steps: what is done then, in order.
    """

    path: Path
    line: int
    name: str
    case: Case
    policy: RedemptionPolicy
    expect: Expected
    steps: tuple[Step, ...] = ()

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.path}:{self.line}"

    @property
    def expected_codes(self) -> frozenset[str]:
        """The codes that it expects of the decision, as reasons and as notes."""
        expected = (codes for key, codes in self.expect if key in {"reasons", "notes"})
        return frozenset(code for codes in expected for code in cast("tuple[str, ...]", codes))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One thing that is not as a scenario expects it.

    Attributes:
        what: what it is, such as "reasons", or "then 1: late".
        expected: what is expected, in words.
        actual: what it is, in words.
    """

    what: str
    expected: str
    actual: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """What running a scenario gave.

    Attributes:
        scenario: the scenario.
        decision: what the policy answered.
        mismatches: what is not as expected; empty when it passed.
        settled: what the steps came to, in words for staff, as far as they were done.
    """

    scenario: Scenario
    decision: Decision
    mismatches: tuple[Mismatch, ...]
    settled: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.mismatches

    def to_text(self) -> str:
        """Return expected beside actual, the explanation, and a case document to paste."""
        lines = [f"{self.scenario.place}: {self.scenario.name}"]
        for mismatch in self.mismatches:
            lines += [
                f"  {mismatch.what}",
                f"    expected: {mismatch.expected}",
                f"    actual:   {mismatch.actual}",
            ]
        lines += ["", self.decision.explain(Audience.STAFF)]
        for settled in self.settled:
            lines += ["", settled]
        lines += ["", f"to ask again, paste this into {self._command}:"]
        return "\n".join([*lines, as_json(self.scenario.case)])

    def to_dict(self) -> dict[str, object]:
        """Return the result as plain values, JSON-ready."""
        return {
            "file": str(self.scenario.path),
            "line": self.scenario.line,
            "name": self.scenario.name,
            "passed": self.passed,
            "mismatches": [asdict(mismatch) for mismatch in self.mismatches],
        }

    @property
    def _command(self) -> str:
        name, *lifted = self.scenario.policy.rulebook.name.split(" -")
        if name not in RULEBOOKS:
            return f"`pkgredeem decide --policy MODULE:NAME -`, with the module of {name!r}"
        options = "".join(f" --without {code}" for code in lifted)
        return f"`pkgredeem decide --rulebook {name}{options} -`"
