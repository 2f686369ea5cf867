"""What differs between two policies: in the text of their rulebooks, and in what they decide."""

from collections.abc import Iterable
from itertools import chain, pairwise
from typing import NamedTuple, final

from pkgredeem import Case, Decision, RedemptionPolicy, Rule
from pkgredeem._engine.policy import checked_policy
from pkgredeem._model.checks import whole
from pkgredeem.testing.cases._minimise import shrunk, weight
from pkgredeem.testing.cases._own_rules import answerable, own_rules
from pkgredeem.testing.comparison._comparison import Comparison, Difference, Witness
from pkgredeem.testing.comparison._texts import labels, text_changes
from pkgredeem.testing.comparison._trials import EXAMPLES, recording, trials
from pkgredeem.testing.laws._differences import codes, difference, outcome


def compare(
    policy_a: RedemptionPolicy,
    policy_b: RedemptionPolicy,
    *,
    cases: Iterable[Case] = (),
    examples: int = EXAMPLES,
) -> Comparison:
    """Return where the texts of two rulebooks differ, each place with a case that shows it.

    Texts differ in a rule that only one of the two holds, in rules of one code that are not equal,
    in the order of the rules of a scope, and in `starts_enabled_after`. Tried are generated cases,
    every second one varied by what the code of the caller's own rules names, accounts activated
    around the dates of both rulebooks and between them, and *cases*. A place without a case is no
    promise: it is what these cases have shown. Where a rule asks for local time and the account
    has no time zone, it is asked in UTC.

    Args:
        policy_a: the one policy, such as today's.
        policy_b: the other one.
        cases: further cases to try, such as your own.
        examples: how many cases are generated, 0 or more; the same ones every time.

    Raises:
        InvalidValueError: an argument has the wrong type.

    Example:
        >>> from pkgredeem import rules
        >>> in_march, in_april = map(RedemptionPolicy, (rules.TIMELY_2026_03, rules.TIMELY_2026_04))
        >>> (only,) = compare(in_march, in_april, examples=100).differences
        >>> only.what
        'starts_enabled_after: 2026-03-31 and 2026-04-29, 29 days apart'
        >>> only.witness.second
        'refused: online_redemption_off'
    """
    first, second = checked_policy("policy_a", policy_a), checked_policy("policy_b", policy_b)
    whole("examples", examples, least=0)
    return _Comparing(first, second).over(cases, examples)


class _Candidate(NamedTuple):
    """How plain a case is, of those that show one place, and the case."""

    rank: tuple[int, bool, int, int]
    case: Case


@final
class _Comparing:
    """Two policies, and what stands between them: one policy for each place that was changed."""

    def __init__(self, first: RedemptionPolicy, second: RedemptionPolicy) -> None:
        self._books = (first.rulebook, second.rulebook)
        changes = list(text_changes(*self._books))
        self._changes = [what for what, _ in changes]
        between = (RedemptionPolicy(rulebook) for _, rulebook in changes[:-1])
        self._policies = (first, *between, second)
        self._plainest: dict[int, _Candidate] = {}

    def over(self, further: Iterable[Case], examples: int) -> Comparison:
        """Try the cases and return the comparison."""
        tried = 0
        found: set[Rule] = set()
        watched = [RedemptionPolicy(recording(book, found)) for book in self._books]
        for case in chain(trials(self._books, examples), further) if self._changes else ():
            tried += 1
            asked = self._answerable(case)
            self._try(asked, *(policy.decide_case(asked) for policy in watched))
        own = (rule for book in self._books for rule in own_rules(book))
        first_name, second_name = labels(*self._books)
        return Comparison(
            first=first_name,
            second=second_name,
            differences=tuple(
                Difference(what=what, witness=self._witness(place))
                for place, what in enumerate(self._changes)
            ),
            tried=tried,
            silent=tuple(dict.fromkeys(rule.code for rule in own if tried and rule not in found)),
        )

    def _try(self, case: Case, before: Decision, after: Decision) -> None:
        places = self._places(case, before, after)
        if not places:
            return
        findings = len(before.findings) + len(after.findings)
        rank = (len(places), before.eligible is after.eligible, findings, weight(case))
        for place in places:
            if place not in self._plainest or rank < self._plainest[place].rank:
                self._plainest[place] = _Candidate(rank, case)

    def _places(self, case: Case, before: Decision, after: Decision) -> tuple[int, ...]:
        """Return the places that make a difference in this case; none when the answers are alike.

        One at least does when they are not: the changes lead from the first text to the second.
        """
        ends = outcome(before), outcome(after)
        if ends[0] == ends[1]:
            return ()
        between = (_outcome_of(policy, case) for policy in self._policies[1:-1])
        outcomes = pairwise((ends[0], *between, ends[1]))
        return tuple(place for place, (one, other) in enumerate(outcomes) if one != other)

    def _witness(self, place: int) -> Witness | None:
        if place not in self._plainest:
            return None
        rank, plainest = self._plainest[place]
        wanted = [*map(codes, self._decide(plainest))]

        def still_shows(case: Case) -> bool:
            if self._answerable(case) is not case:
                return False
            answers = self._decide(case)
            places = self._places(case, *answers)
            return place in places and len(places) <= rank[0] and wanted == [*map(codes, answers)]

        smallest = shrunk(plainest, still_shows)
        before, after = self._decide(smallest)
        return Witness(
            case=smallest,
            first=_answer(before),
            second=_answer(after),
            changes=difference(before, after) or "",
        )

    def _decide(self, case: Case) -> tuple[Decision, Decision]:
        return self._policies[0].decide_case(case), self._policies[-1].decide_case(case)

    def _answerable(self, case: Case) -> Case:
        for policy in self._policies:
            case = answerable(policy, case)
        return case


def _outcome_of(policy: RedemptionPolicy, case: Case) -> object:
    """Return what a policy says that stands between two; what it raises, neither of them may."""
    try:
        return outcome(policy.decide_case(case))
    except Exception as error:  # noqa: BLE001  (whatever a caller's own rule raises)
        return f"raised {type(error).__name__}"


def _answer(decision: Decision) -> str:
    answer = f"refused: {', '.join(codes(decision))}"
    if decision.redemption is not None:
        draws = decision.redemption.draws
        drawn_on = ", ".join(f"{draw.entitlement_id} of {draw.package_id}" for draw in draws)
        answer = f"eligible, drawing on {drawn_on}"
    notes = ", ".join(note.code for note in decision.notes)
    return f"{answer}; noting {notes}" if notes else answer
