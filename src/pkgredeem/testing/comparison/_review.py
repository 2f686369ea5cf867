"""What is odd about a rulebook: rules that never find anything, never decide, or say the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from os import PathLike
from typing import Final, final

from pkgredeem import Case, RedemptionPolicy, Rule, Scope
from pkgredeem._engine.policy import checked_policy
from pkgredeem.testing.cases.generator import cases as generated
from pkgredeem.testing.comparison._lattice import Lattice
from pkgredeem.testing.comparison._pages import counted
from pkgredeem.testing.laws._law import answerable
from pkgredeem.testing.scenarios._run import load_scenarios

_GENERATED: Final = 1_000
# What says the same of the whole booking as this reason does of a package.
_COMPANIONS: Final = {"package_of_another_client": frozenset({"no_package"})}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What is odd about the rules of a rulebook; codes are in the order of the rulebook.

    Attributes:
        rulebook: its name.
        tried: how many cases were asked.
        never_found: rules that found their fact in none of them.
        always_found: rules that found it in every one.
        never_alone: refusing rules that were never the only reason, and without which nothing more
            would be eligible. (`no_package` beside `package_of_another_client` says the same from
            another side and does not count.)
        always_together: pairs of rules that found their facts in exactly the same cases.
        without_scenario: codes that no scenario expects; None when no folder was given.

    Example:
        >>> Review(
        ...     rulebook="mine",
        ...     tried=9,
        ...     never_found=("booked_on_saturday",),
        ...     always_found=(),
        ...     never_alone=(),
        ...     always_together=(),
        ...     without_scenario=None,
        ... ).is_clean
        False
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
        """Whether nothing is odd."""
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
            lines += [
                "",
                f"## {title.capitalize()}",
                "",
                *(f"- {code}" for code in codes or ["none"]),
            ]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the review as plain values, JSON-ready."""
        unseen = self.without_scenario
        return {
            "rulebook": self.rulebook,
            "tried": self.tried,
            "clean": self.is_clean,
            "never_found": list(self.never_found),
            "always_found": list(self.always_found),
            "never_alone": list(self.never_alone),
            "always_together": [list(pair) for pair in self.always_together],
            "without_scenario": None if unseen is None else list(unseen),
        }

    @property
    def _title(self) -> str:
        return f"Review of {self.rulebook}, by {counted(self.tried, 'case')}"

    def _lists(self) -> list[tuple[str, list[str]]]:
        lists = [
            ("rules that never find anything", [*self.never_found]),
            ("rules that always find something", [*self.always_found]),
            ("rules that are never the only reason", [*self.never_alone]),
            ("rules that always go together", [" and ".join(p) for p in self.always_together]),
        ]
        if self.without_scenario is not None:
            lists.append(("codes without a scenario", [*self.without_scenario]))
        return lists


def review(
    policy: RedemptionPolicy,
    *,
    scenarios: str | PathLike[str] | None = None,
    cases: Iterable[Case] = (),
) -> Review:
    """Return what is odd about the rules of a policy.

    Asked are cases with every fact that the shipped rules look at on both sides of its boundary, a
    plain booking at every hour of a week, 1,000 generated ones, and *cases*. Of a rule that looks
    at anything else, "never" and "always" are said of these cases alone. Where a rule asks for
    local time and the account has no time zone, it is asked in UTC.

    Args:
        policy: the policy.
        scenarios: a folder of scenario files, or one; None leaves `without_scenario` out.
        cases: further cases to try, such as your own.

    Raises:
        InvalidValueError: an argument has the wrong type, or a scenario file is broken.
        OSError: a scenario file can't be read.

    Example:
        >>> review(RedemptionPolicy()).is_clean
        True
    """
    checked_policy("policy", policy)
    expected = None if scenarios is None else _expected(scenarios, policy)
    lattice = Lattice(policy.rulebook.starts_enabled_after)
    found: Counter[frozenset[str]] = Counter()
    refused: dict[frozenset[str], Case] = {}
    generated_ones = generated(seed=0, count=_GENERATED)
    for each in chain(lattice.cases(), lattice.calendar_cases(), generated_ones, cases):
        case = answerable(policy, each)
        decision = policy.decide_case(case)
        found[frozenset(each.code for each in decision.findings)] += 1
        refused.setdefault(frozenset(each.code for each in decision.reasons), case)
    codes = [each.code for each in policy.rulebook.rules]
    places = {code: _where(code, found) for code in codes}
    everywhere = _where(None, found)
    fires = [code for code in codes if places[code]]
    needless = _never_alone(policy, refused)
    return Review(
        rulebook=policy.rulebook.name,
        tried=found.total(),
        never_found=tuple(code for code in codes if not places[code]),
        always_found=tuple(code for code in codes if places[code] == everywhere),
        never_alone=tuple(code for code in fires if code in needless),
        always_together=tuple(
            pair for pair in combinations(fires, 2) if places[pair[0]] == places[pair[1]]
        ),
        without_scenario=None
        if expected is None
        else tuple(code for code in codes if code not in expected),
    )


def _where(code: str | None, found: Iterable[frozenset[str]]) -> frozenset[int]:
    return frozenset(place for place, codes in enumerate(found) if code is None or code in codes)


def _never_alone(policy: RedemptionPolicy, refused: Mapping[frozenset[str], Case]) -> set[str]:
    """Return the refusing rules that are never what a refusal hangs on."""
    rulebook = policy.rulebook
    refusing = [each for each in rulebook.rules if each.scope is not Scope.NOTE]
    needless = {
        each.code
        for each in refusing
        if each.can_be_lifted
        and frozenset({each.code}) not in refused
        and not _decides(each, RedemptionPolicy(rulebook.without(each)), refused)
    }
    for each in refusing:
        if not each.can_be_lifted:
            same = needless | {each.code} | _COMPANIONS.get(each.code, frozenset())
            if not any(each.code in reasons and reasons <= same for reasons in refused):
                needless = needless | {each.code}
    return needless


def _decides(
    lifted: Rule, without: RedemptionPolicy, refused: Mapping[frozenset[str], Case]
) -> bool:
    """Tell whether a case would be eligible without that rule, one for each set of reasons."""
    return any(
        lifted.code in reasons and without.decide_case(case).eligible
        for reasons, case in refused.items()
    )


def _expected(folder: str | PathLike[str], policy: RedemptionPolicy) -> frozenset[str]:
    scenarios = load_scenarios(folder, policy=policy)
    return frozenset(code for each in scenarios for code in each.expected_codes)
