"""What a law is, and what is raised when a policy breaks one.

A law is a sentence that must be true of every policy, whatever rules a caller added, and a check of
it for one case. It needs no hypothesis: what draws cases and makes them smaller is `laws`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar, final

from pkgredeem import Case, Decision, RedemptionPolicy, rules
from pkgredeem.testing.cases._minimise import as_json

_Answer = TypeVar("_Answer")
Check: TypeAlias = Callable[[RedemptionPolicy, Case], str | None]
Concerned: TypeAlias = Callable[[RedemptionPolicy], bool]

_SHIPPED: Final = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE, rules.ONLINE)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A sentence that must be true of every policy, and how it is checked for one case.

    Attributes:
        name: what it is called, in a few words.
        statement: the sentence.
        concerns: tells whether it is promised for a policy at all; some hold for the shipped
            rulebooks alone, or where a certain rule is in force.
        check: returns what went wrong for a policy and a case, in words; None when the law holds.

    Example:
        >>> from pkgredeem import RedemptionPolicy
        >>> from pkgredeem.testing import LAWS
        >>> from pkgredeem.testing.cases.generator import case
        >>> policy, asked = RedemptionPolicy(), case(seed=1, index=0)
        >>> [law.name for law in LAWS if law.concerns(policy) and law.check(policy, asked)]
        []
    """

    name: str
    statement: str
    concerns: Concerned = field(repr=False)
    check: Check = field(repr=False)


def with_rule(code: str) -> Concerned:
    """Concern the policies in whose rulebook a rule of that code is."""
    return lambda policy: any(rule.code == code for rule in policy.rulebook.rules)


def is_shipped(policy: RedemptionPolicy) -> bool:
    """Concern the shipped rulebooks, as they are."""
    return policy.rulebook in _SHIPPED


def law(name: str, concerns: Concerned = lambda _: True) -> Callable[[Check], Law]:
    """Make a law of the check below: its docstring is the statement."""
    return lambda check: Law(
        name=name, statement=check.__doc__ or "", concerns=concerns, check=check
    )


class LawBroken(AssertionError):  # noqa: N818  (a failed assertion, named for what happened)
    """A policy breaks a law, and this is the smallest case that shows it.

    Attributes:
        law: the law's name.
        case: the smallest case that was found.
        found: what went wrong, in words.

    Example:
        >>> from pkgredeem.testing.cases.generator import case
        >>> broken = LawBroken("an example", case(seed=1, index=0), "no two are alike")
        >>> print(*str(broken).splitlines()[:2], sep=", ")
        broken: an example, found: no two are alike
    """

    def __init__(self, law: str, case: Case, found: str = "") -> None:
        """Keep the three parts, so that a test can look at them."""
        super().__init__(law, case, found)
        self.law = law
        self.case = case
        self.found = found

    def __str__(self) -> str:
        """Name the law, say what was found, and show the case as a document."""
        found = f"found: {self.found}\n" if self.found else ""
        return (
            f"broken: {self.law}\n{found}the case, for `pkgredeem decide -`:\n{as_json(self.case)}"
        )


class NoDecisionError(Exception):
    """A rule raised: there is no decision for that case."""

    def __init__(self, case: Case, found: str) -> None:
        """Keep the case that was decided, and what was raised."""
        super().__init__(found)
        self.case = case
        self.found = found


def decided(policy: RedemptionPolicy, case: Case) -> Decision:
    """Return the decision; an exception in a rule is a `NoDecisionError`."""
    return answered(policy, case, lambda: policy.decide_case(case))


def answered(policy: RedemptionPolicy, case: Case, ask: Callable[[], _Answer]) -> _Answer:
    """Return what the policy answers about the case; an exception is a `NoDecisionError`."""
    try:
        return ask()
    except Exception as error:
        found = f"{type(error).__name__} under {policy.rulebook.name}: {error}"
        raise NoDecisionError(case, found) from error
