"""The way in for a system that already has rules: its old function runs beside the policy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, cast, final

from pkgredeem import Case, Decision, InvalidValueError, RedemptionPolicy
from pkgredeem._engine.policy import checked_policy
from pkgredeem.testing.cases._minimise import size
from pkgredeem.testing.cases._own_rules import answerable
from pkgredeem.testing.comparison._page import (
    case_in_markdown,
    case_in_text,
    plain_values,
    pluralised,
)

_ELIGIBLE: Final = "eligible"


class Answering(Protocol):
    """An answer of an old function that is more than True and False, such as a `Decision`."""

    @property
    def eligible(self) -> bool:
        """Whether the client may pay with a package."""
        ...


#: What a team has today: a function that is asked about a case.
OldFunction: TypeAlias = Callable[[Case], bool | Answering]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Cases in which the old function and the policy disagree, for one reason.

    Attributes:
        old: what the old function did: "eligible", "refused", or "raised KeyError".
        new: what the policy answers: "eligible", or the code of one reason of its refusal.
        cases: how many such cases there were; a case with several reasons counts for each of them.
        alone: in how many of them this was the only reason; all of them where the policy says yes.
        smallest: the smallest of them, if possible one in which this is the only reason.
    """

    old: str
    new: str
    cases: int
    alone: int
    smallest: Case


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """What an old function and a policy said of the same cases.

    Attributes:
        rulebook: the name of the policy's rulebook.
        tried: how many cases were asked.
        agreed: of how many the two said the same.
        disagreements: the rest by reason, the most frequent first.
    """

    rulebook: str
    tried: int
    agreed: int
    disagreements: tuple[Disagreement, ...]

    def to_text(self) -> str:
        """Return the comparison in plain text."""
        lines = [self._title]
        for item in self.disagreements:
            lines += ["", _heading(item), f"  {_frequency(item)}", *case_in_text(item.smallest)]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the comparison in Markdown."""
        lines = [f"# {self._title}"]
        for item in self.disagreements:
            lines += ["", f"## {_heading(item)}", "", f"{_frequency(item).capitalize()}."]
            lines += case_in_markdown(item.smallest)
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the comparison as plain values, JSON-ready."""
        return cast("dict[str, object]", plain_values(self))

    @property
    def _title(self) -> str:
        tried = pluralised(self.tried, "case")
        return f"The old function beside {self.rulebook}: {self.agreed:,} of {tried} alike"


def _heading(item: Disagreement) -> str:
    new = _ELIGIBLE if item.new == _ELIGIBLE else f"refused, {item.new}"
    return f"old {item.old}, new {new}"


def _frequency(item: Disagreement) -> str:
    return f"{pluralised(item.cases, 'case')}, in {item.alone:,} of them for this alone"


@final
@dataclass(slots=True)
class _Group:
    smallest: Case
    rank: tuple[bool, int, str]
    cases: int = 0
    alone: int = 0


def shadow(policy: RedemptionPolicy, function: OldFunction, cases: Iterable[Case]) -> Shadow:
    """Run an old function beside a policy and group where they disagree, by the policy's reason.

    What the old function raises is a disagreement too: the policy answers every case. What the
    policy's own rules raise reaches the caller. Where one of them asks for local time and the
    account has no time zone, both are asked in UTC.

    Args:
        policy: the policy that is to take over.
        function: the old function; it takes a `Case` and returns True when the client may pay with
            a package, False when not, or a value with an `eligible`, such as a `Decision`.
        cases: the cases, read once, in constant memory.

    Raises:
        InvalidValueError: an argument has the wrong type, or the function returns anything else.

    Example:
        >>> from pkgredeem.testing.cases.generator import cases
        >>> def old(case):
        ...     return case.client.logged_in and bool(case.packages)
        >>> found = shadow(RedemptionPolicy(), old, cases(seed=0, count=300))
        >>> found.tried
        300
    """
    checked_policy("policy", policy)
    if not callable(function):
        raise InvalidValueError("function", function, "a function that takes a Case")
    tried = agreed = 0
    groups: dict[tuple[str, str], _Group] = {}
    for asked in cases:
        tried += 1
        case = answerable(policy, asked)
        decision = policy.decide_case(case)
        old = _old_answer(function, case)
        if old == (_ELIGIBLE if decision.eligible else "refused"):
            agreed += 1
        else:
            _add(groups, old, decision, case)
    listed = sorted(groups.items(), key=lambda item: (-item[1].cases, item[0]))
    return Shadow(
        rulebook=policy.rulebook.name,
        tried=tried,
        agreed=agreed,
        disagreements=tuple(
            Disagreement(
                old=old, new=new, cases=group.cases, alone=group.alone, smallest=group.smallest
            )
            for (old, new), group in listed
        ),
    )


def _add(groups: dict[tuple[str, str], _Group], old: str, decision: Decision, case: Case) -> None:
    codes = {reason.code for reason in decision.reasons} or {_ELIGIBLE}
    is_alone = len(codes) == 1
    rank = (not is_alone, *size(case))
    for new in codes:
        group = groups.setdefault((old, new), _Group(case, rank))
        group.cases += 1
        group.alone += is_alone
        if rank < group.rank:
            group.smallest, group.rank = case, rank


def _old_answer(function: OldFunction, case: Case) -> str:
    try:
        answer = function(case)
    except Exception as error:  # noqa: BLE001  (whatever an old function raises is what is looked for)
        return f"raised {type(error).__name__}"
    eligible = answer if isinstance(answer, bool) else getattr(answer, "eligible", None)
    if not isinstance(eligible, bool):
        allowed = "True, False, or a value whose `eligible` is one of them"
        raise InvalidValueError("the answer of the old function", answer, allowed)
    return _ELIGIBLE if eligible else "refused"
