"""`check_laws`: the laws that every policy must keep, checked against yours with your own rules.

A law is a sentence such as "the order of packages changes nothing". Hypothesis draws the cases and
makes the one that breaks a law as small as it can; the same seed tries the same cases every time.
"""

from typing import NamedTuple, cast

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from pkgredeem import Case, RedemptionPolicy
from pkgredeem._model.checks import kind_of, whole
from pkgredeem.testing.cases._minimise import shrunk
from pkgredeem.testing.cases._own_rules import answerable
from pkgredeem.testing.cases.strategies import cases as any_cases
from pkgredeem.testing.laws._decisions import every_case
from pkgredeem.testing.laws._law import Law, LawBroken, NoDecisionError
from pkgredeem.testing.laws._laws import LAWS

__all__ = ["LAWS", "Law", "LawBroken", "check_laws"]


class _Broken(NamedTuple):
    """A law that is broken, and the one whose check showed it: another one where a rule raises."""

    law: Law
    shown_by: Law
    case: Case
    found: str


class _BrokenError(Exception):
    """Tells hypothesis that a case breaks a law."""


def check_laws(
    policy: RedemptionPolicy,
    *,
    examples: int = 200,
    seed: int = 0,
    cases: SearchStrategy[Case] | None = None,
) -> None:
    """Check the laws against a policy; return when all hold.

    It works in and outside a pytest test, for the shipped rulebooks as for your own. A law that is
    promised for some rulebooks only is checked for those. A case of an account without a time zone
    gets UTC when a rule asks for local time.

    Args:
        policy: what is checked.
        examples: how many cases are tried, 1 or more; 200 take a few seconds.
        seed: the same seed tries the same cases.
        cases: what to draw the cases from; None draws from `strategies.cases()`. Give your own when
            your rules look at ids or amounts that these never have.

    Raises:
        LawBroken: the first law that is broken, with the smallest case that shows it. A rule that
            raises an exception breaks "every case gets a decision".
        InvalidValueError: *policy* is no `RedemptionPolicy`, or there is no example to try.

    Example:
        >>> from pkgredeem import Clause, RedemptionPolicy, Scope, rule, rules
        >>> @rule(
        ...     Scope.BOOKING,
        ...     clauses=[Clause(id="HOUSE-1", heading="house rules", says="not on Saturdays")],
        ...     message="the appointment is on a Saturday",
        ...     advice="pick another day",
        ... )
        ... def on_a_saturday(case, cover):
        ...     "The appointment is on a Saturday (wrong: by UTC, not by the account's clock)."
        ...     return case.booking.starts_at.isoweekday() == 6
        >>> try:
        ...     check_laws(RedemptionPolicy(rules.TIMELY_2026_03.including(on_a_saturday)))
        ... except LawBroken as broken:
        ...     print(broken.law)
        the same local times in another zone give the same decision
    """
    kind_of("policy", policy, RedemptionPolicy)
    whole("examples", examples, least=1)
    laws = [law for law in LAWS if law.concerns(policy)]
    broken = _smallest(policy, laws, any_cases() if cases is None else cases, examples, seed)
    if broken is not None:
        raise LawBroken(broken.law.name, broken.case, broken.found)


def _smallest(
    policy: RedemptionPolicy,
    laws: list[Law],
    cases: SearchStrategy[Case],
    examples: int,
    number: int,
) -> _Broken | None:
    """Return the first law that is found broken, with the smallest case that breaks it."""
    found: list[_Broken] = []

    @seed(number)
    @settings(
        database=None,
        deadline=None,
        max_examples=examples,
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=cast("list[HealthCheck]", [*HealthCheck]),
        verbosity=Verbosity.quiet,
    )
    @given(cases)
    def attempt(case: Case) -> None:
        broken = _broken(policy, laws, answerable(policy, case), found[0] if found else None)
        if broken is not None:
            found.append(broken)
            raise _BrokenError

    try:
        attempt()
    except (_BrokenError, Flaky):  # flaky: the same case breaks it now and then
        return _plain(policy, laws, found[-1])
    return None


def _plain(policy: RedemptionPolicy, laws: list[Law], broken: _Broken) -> _Broken:
    """Return the same law broken by a case of which nothing can be left out."""

    def breaks(case: Case) -> bool:
        there = answerable(policy, case) is case
        return there and _broken(policy, laws, case, broken) is not None

    if not breaks(broken.case):  # now and then, or under a rulebook without some rule
        return broken
    return _broken(policy, laws, shrunk(broken.case, breaks), broken) or broken


def _broken(
    policy: RedemptionPolicy, laws: list[Law], case: Case, like: _Broken | None
) -> _Broken | None:
    """Return the first law that this case breaks, of all or in the way that was found before."""
    for law in laws if like is None else [like.shown_by]:
        try:
            problem = law.check(policy, case)
        except NoDecisionError as raised:
            if like is None or like.law is every_case:
                return _Broken(every_case, law, raised.case, raised.found)
        else:
            if problem is not None and (like is None or like.law is law):
                return _Broken(law, law, case, problem)
    return None
