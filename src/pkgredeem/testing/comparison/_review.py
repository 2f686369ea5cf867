"""What is odd about a rulebook: rules that never find anything, never decide, or say the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from os import PathLike
from typing import cast, final

from pkgredeem import Case, RedemptionPolicy, Rule, Scope
from pkgredeem._engine.policy import checked_policy
from pkgredeem._model.checks import whole
from pkgredeem.testing.cases._own_rules import answerable
from pkgredeem.testing.comparison._page import plain_values, pluralised
from pkgredeem.testing.comparison._trials import EXAMPLES, recording, trials
from pkgredeem.testing.scenarios._run import load_scenarios


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What is odd about the rules of a rulebook, in the cases tried; codes are in its order.

    Attributes:
        rulebook: its name.
        tried: how many cases were tried.
        never_found: rules that found their fact in none of them.
        always_found: rules that found it in every one.
        never_alone: refusing rules that were never the only reason, and without which no case that
            was tried would be eligible. Rules that can't be lifted explain the allocation together
            and count as one.
        always_together: pairs of rules that found their facts in exactly the same cases.
        without_scenario: codes that no scenario expects; None when no folder was given.
    """

    rulebook: str
    tried: int
    never_found: tuple[str, ...]
    always_found: tuple[str, ...]
    never_alone: tuple[str, ...]
    always_together: tuple[tuple[str, str], ...]
    without_scenario: tuple[str, ...] | None

    @property
    def is_clean(self) -> bool:
        """Whether nothing odd was found."""
        return not any(codes for _, codes in self._lists())

    def to_text(self) -> str:
        """Return the review in plain text."""
        lines = [self._title, ""]
        for title, codes in self._lists():
            lines += [f"{title}: {', '.join(codes) or 'none'}"]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the review in Markdown."""
        lines = [f"# {self._title}"]
        for title, codes in self._lists():
            listed = (f"- {code}" for code in codes or ["none"])
            lines += ["", f"## {title.capitalize()}", "", *listed]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the review as plain values, JSON-ready."""
        return cast("dict[str, object]", plain_values(self)) | {"clean": self.is_clean}

    @property
    def _title(self) -> str:
        return f"Review of {self.rulebook}, in {self._tried}"

    @property
    def _tried(self) -> str:
        return pluralised(self.tried, "case")

    def _lists(self) -> list[tuple[str, list[str]]]:
        within = f"in {self._tried}"
        lists = [
            (f"rules that never found anything {within}", [*self.never_found]),
            (f"rules that always found something {within}", [*self.always_found]),
            (f"rules that were never the only reason {within}", [*self.never_alone]),
            (
                f"rules that always went together {within}",
                [" and ".join(pair) for pair in self.always_together],
            ),
        ]
        if self.without_scenario is not None:
            lists.append(("codes without a scenario", [*self.without_scenario]))
        return lists


def review(
    policy: RedemptionPolicy,
    *,
    scenarios: str | PathLike[str] | None = None,
    cases: Iterable[Case] = (),
    examples: int = EXAMPLES,
) -> Review:
    """Return what is odd about the rules of a policy.

    Tried are generated cases, every second one varied by what the code of the caller's own rules
    names, accounts activated around the date of the automatic start, and *cases*. "Never" and
    "always" are said of these cases alone. Where a rule asks for local time and the account has no
    time zone, it is asked in UTC.

    Args:
        policy: the policy.
        scenarios: a folder of scenario files, or one; None leaves `without_scenario` out.
        cases: further cases to try, such as your own.
        examples: how many cases are generated, 0 or more; the same ones every time.

    Raises:
        InvalidValueError: an argument has the wrong type, or a scenario file is broken.
        OSError: a scenario file can't be read.

    Example:
        >>> review(RedemptionPolicy()).is_clean
        True
    """
    checked_policy("policy", policy)
    whole("examples", examples, least=0)
    expected = None if scenarios is None else _expected_codes(scenarios, policy)
    codes = [rule.code for rule in policy.rulebook.rules]
    places: dict[str, set[int]] = {code: set() for code in codes}
    refusals: dict[frozenset[str], Case] = {}
    found: set[Rule] = set()
    watched = RedemptionPolicy(recording(policy.rulebook, found))
    tried = 0
    for asked in chain(trials([policy.rulebook], examples), cases):
        case = answerable(policy, asked)
        found.clear()
        decision = watched.decide_case(case)
        reported = {finding.code for finding in decision.findings} & places.keys()
        for code in reported | {rule.code for rule in found}:
            places[code].add(tried)
        refusals.setdefault(frozenset(reason.code for reason in decision.reasons), case)
        tried += 1
    finding = [code for code in codes if places[code]]
    needless = _needless(policy, refusals)
    return Review(
        rulebook=policy.rulebook.name,
        tried=tried,
        never_found=tuple(code for code in codes if not places[code]),
        always_found=tuple(code for code in finding if len(places[code]) == tried),
        never_alone=tuple(code for code in finding if code in needless),
        always_together=tuple(
            pair for pair in combinations(finding, 2) if places[pair[0]] == places[pair[1]]
        ),
        without_scenario=None
        if expected is None
        else tuple(code for code in codes if code not in expected),
    )


def _needless(policy: RedemptionPolicy, refusals: Mapping[frozenset[str], Case]) -> set[str]:
    """Return the refusing rules that no refusal hangs on, in one case of each set of reasons."""
    refusing = [rule for rule in policy.rulebook.rules if rule.scope is not Scope.NOTE]
    needless = {
        rule.code
        for rule in refusing
        if rule.can_be_lifted and not _is_needed(rule, policy, refusals)
    }
    required = {rule.code for rule in refusing if not rule.can_be_lifted}
    explained = [reasons for reasons in refusals if reasons <= required | needless]
    return needless | (required - set().union(*explained))


def _is_needed(
    rule: Rule, policy: RedemptionPolicy, refusals: Mapping[frozenset[str], Case]
) -> bool:
    """Return whether the rule is the only reason of a case, or a case is eligible without it."""
    without = RedemptionPolicy(policy.rulebook.without(rule))
    return frozenset({rule.code}) in refusals or any(
        rule.code in reasons and without.decide_case(case).eligible
        for reasons, case in refusals.items()
    )


def _expected_codes(folder: str | PathLike[str], policy: RedemptionPolicy) -> frozenset[str]:
    scenarios = load_scenarios(folder, policy=policy)
    return frozenset(code for scenario in scenarios for code in scenario.expected_codes)
