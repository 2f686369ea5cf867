"""The laws: shipped rulebooks keep them, and each planted fault is told by its law's name."""

import pickle
from dataclasses import replace
from datetime import date
from functools import cache
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkgredeem import (
    AccountSettings,
    Case,
    Cover,
    InvalidValueError,
    PackageStatus,
    RedemptionPolicy,
    Rulebook,
    Scope,
    rule,
    rules,
)
from pkgredeem.documents import parse_json, read_case
from pkgredeem.testing import LAWS, LawBroken, check_laws
from pkgredeem.testing.cases import strategies
from pkgredeem.testing.cases._own_rules import answerable
from tests.helpers import answer_strategies
from tests.helpers import faulty_rules as faulty
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    SHIPPED,
    case,
    credit,
    package,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_shipped_rulebooks_keep_every_law(book: Rulebook) -> None:
    """No case breaks a law under a shipped rulebook."""
    check_laws(RedemptionPolicy(book), examples=40)


@settings(max_examples=40, suppress_health_check=[*HealthCheck])
@given(policy=answer_strategies.policies(), asked=strategies.cases())
def test_lifting_and_adding_rules_keeps_every_law(policy: RedemptionPolicy, asked: Case) -> None:
    """No case breaks a law when rules are lifted, or added that have no mistake in them."""
    there = answerable(policy, asked)

    assert [] == [law.name for law in LAWS if law.concerns(policy) and law.check(policy, there)]


def test_laws_have_names_and_statements() -> None:
    """Each law has a name of its own in lower case and says in a sentence what must be true."""
    names = [law.name for law in LAWS]

    assert len(names) == len(set(names))
    assert 34 == len(names)
    for law in LAWS:
        assert law.name == law.name.lower()
        assert law.statement.strip().endswith(".")


# --- Planted faults -------------------------------------------------------------------------------

WITHOUT_TEXT = replace(rules.client_not_logged_in, client_text=None)
LOCAL_TIMES = "the same local times in another zone give the same decision"
SAME_INPUT = "same input, same decision"
EVERY_CASE = "every case gets a decision"
BOUNDARY = "each boundary is decided at, just before and just after it"

FAULTS: list[tuple[str, Rulebook]] = [
    (LOCAL_TIMES, MARCH.including(faulty.saturday_by_utc)),
    (LOCAL_TIMES, MARCH.including(faulty.early_without_summer_time)),
    ("the order of packages changes nothing", MARCH.including(faulty.looks_at_the_first_package)),
    (SAME_INPUT, MARCH.including(faulty.reads_the_clock)),
    (SAME_INPUT, MARCH.including(faulty.reads_the_machine_time)),
    (SAME_INPUT, MARCH.including(faulty.draws_a_number)),
    (EVERY_CASE, MARCH.including(faulty.raises_on_a_guest)),
    (EVERY_CASE, MARCH.including(faulty.answers_nothing)),
    (
        "packages that are over or used up change nothing",
        MARCH.including(faulty.counts_packages_of_old),
    ),
    (
        "before log-in, nothing is told of packages",
        faulty.replaced(MARCH, WITHOUT_TEXT).including(faulty.tells_of_a_package),
    ),
    (
        BOUNDARY,
        faulty.replaced(
            MARCH, replace(rules.appointment_started, condition=faulty.started_too_late)
        ),
    ),
    (
        BOUNDARY,
        faulty.replaced(
            MARCH, replace(rules.online_redemption_off, condition=faulty.switched_on_too_early)
        ),
    ),
]


@pytest.mark.parametrize(
    ("law", "book"), FAULTS, ids=lambda part: part.name if isinstance(part, Rulebook) else ""
)
def test_a_planted_fault_is_told_by_its_law(law: str, book: Rulebook) -> None:
    """A mistake in a rule is told by the name of the law that it breaks, with a case of it."""
    policy = RedemptionPolicy(book)
    with pytest.raises(LawBroken) as raised:
        check_laws(policy)
    broken = raised.value
    (found,) = (known for known in LAWS if known.name == broken.law)

    assert law == broken.law
    if law == EVERY_CASE:
        with pytest.raises((AttributeError, InvalidValueError)):
            policy.decide_case(broken.case)
    else:
        assert found.check(policy, broken.case) is not None


def test_a_fault_that_is_not_repeated_is_told() -> None:
    """A rule that remembers who asked before answers the same case in two ways."""
    with pytest.raises(LawBroken) as raised:
        check_laws(RedemptionPolicy(MARCH.including(faulty.remembers)))

    assert SAME_INPUT == raised.value.law


def test_what_breaks_once_and_never_again_is_told_as_it_was_found() -> None:
    """A case that keeps the law when it is tried again can't be made smaller."""
    answers = iter([False, True])  # it is asked once to see whether it needs a time zone

    @rule(Scope.BOOKING, clauses=[HOUSE], message="old", advice="none")
    def out_of_order(_asked: Case, _cover: Cover) -> bool:
        """The second answer of this process is none."""
        if next(answers, False):
            raise ValueError("not yet")
        return False

    with pytest.raises(LawBroken) as raised:
        check_laws(RedemptionPolicy(MARCH.including(out_of_order)), examples=3)

    assert "ValueError under timely-2026-03 +out_of_order: not yet" == raised.value.found


def test_the_same_rule_without_the_mistake_passes() -> None:
    """Saturdays by the account's own calendar break no law, with a zone or without."""

    @rule(Scope.BOOKING, clauses=[HOUSE], message="on a Saturday", advice="pick another day")
    def saturday_by_local_time(asked: Case, _cover: Cover) -> bool:
        """It is Saturday by the account's own calendar."""
        return asked.local(asked.booking.starts_at).isoweekday() == faulty.SATURDAY

    check_laws(RedemptionPolicy(MARCH.including(saturday_by_local_time)), examples=40)


@cache
def saturday_told() -> LawBroken:
    """Return what is raised for Saturdays by UTC."""
    with pytest.raises(LawBroken) as raised:
        check_laws(RedemptionPolicy(MARCH.including(faulty.saturday_by_utc)), seed=3)
    return raised.value


def test_what_is_raised_can_be_pasted() -> None:
    """`LawBroken` holds law, case and finding, and prints a document that reads back equal."""
    broken = saturday_told()
    first, second, third, document = str(broken).split("\n", maxsplit=3)

    assert f"broken: {LOCAL_TIMES}" == first
    assert f"found: {broken.found}" == second
    assert "the case, for `pkgredeem decide -`:" == third
    assert broken.case == read_case(parse_json(document))
    assert isinstance(broken, AssertionError)


def test_what_is_raised_is_picklable() -> None:
    """Another process, such as a test runner's, is told the same."""
    broken = LawBroken("a law", case(), "a fault")
    again = pickle.loads(pickle.dumps(broken))  # noqa: S301  (made here)

    assert ("a law", case(), "a fault") == (again.law, again.case, again.found)
    assert str(broken) == str(again)
    assert "found" not in str(LawBroken("a law", case()))


def test_the_smallest_case_is_small() -> None:
    """The case that shows a fault holds what the fault needs: a zone, a start, no package."""
    found = saturday_told().case

    assert ((), None, 1) == (found.packages, found.existing, len(found.booking.lines))
    assert AccountSettings(time_zone=found.account.time_zone) == found.account


def test_it_is_the_same_every_time() -> None:
    """The same policy and seed give the same case."""
    with pytest.raises(LawBroken) as raised:
        check_laws(RedemptionPolicy(MARCH.including(faulty.saturday_by_utc)), seed=3)

    assert str(saturday_told()) == str(raised.value)


def test_another_law_is_not_told_on_the_way() -> None:
    """While a case is made smaller, other laws that it comes to break do not matter."""

    @rule(Scope.BOOKING, clauses=[HOUSE], message="old", advice="sell a new one")
    def second_is_first(asked: Case, _cover: Cover) -> bool:
        """The second package has a priority; with one package alone, it breaks."""
        return bool(asked.packages) and asked.packages[1].priority > 0

    policy = RedemptionPolicy(MARCH.including(second_is_first))
    two = case(packages=[package("p1", priority=1), package("p2")])

    with pytest.raises(LawBroken) as raised:
        check_laws(policy, cases=st.just(two), examples=1)
    assert "the order of packages changes nothing" == raised.value.law
    assert 2 == len(raised.value.case.packages)


def test_own_cases_can_be_given() -> None:
    """A rule about ids that the strategies never make is checked with the caller's own cases."""

    @rule(Scope.BOOKING, clauses=[HOUSE], message="no balayage", advice="pay for it")
    def balayage(asked: Case, _cover: Cover) -> bool:
        """The first package handed in names balayage, which the order of packages changes."""
        return bool(asked.packages) and any(
            "balayage" in held.services for held in asked.packages[0].entitlements
        )

    policy = RedemptionPolicy(MARCH.including(balayage))
    two = case(packages=[package("p1", credit("balayage")), package("p2")])

    with pytest.raises(LawBroken) as raised:
        check_laws(policy, cases=st.just(two), examples=1)
    assert "the order of packages changes nothing" == raised.value.law


def test_arguments_are_checked() -> None:
    """What is no policy is refused, and so is a number of examples below one."""
    with pytest.raises(InvalidValueError, match="policy must be a RedemptionPolicy, not 'march'"):
        check_laws(cast("RedemptionPolicy", "march"))
    with pytest.raises(
        InvalidValueError, match="examples must be a whole number of 1 or more, not 0"
    ):
        check_laws(POLICY, examples=0)


def test_a_rule_that_raises_elsewhere_is_told_with_its_case() -> None:
    """A rule that raises only on a case that a law made is told with that case."""

    @rule(Scope.BOOKING, clauses=[HOUSE], message="none", advice="none")
    def first_package(asked: Case, _cover: Cover) -> bool:
        """The first package is used up; where there is none, it breaks."""
        return asked.packages[0].has_credit is None

    with pytest.raises(LawBroken) as raised:
        check_laws(
            RedemptionPolicy(MARCH.including(first_package)), cases=st.just(case()), examples=1
        )

    assert (EVERY_CASE, ()) == (raised.value.law, raised.value.case.packages)


def test_a_rule_that_breaks_without_another_is_told() -> None:
    """A rule that raises only when another one is lifted is told with that rulebook's name."""
    ranks = {PackageStatus.ACTIVE: 1}

    @rule(Scope.BOOKING, clauses=[HOUSE], message="none", advice="none")
    def needs_another(_asked: Case, cover: Cover) -> bool:
        """No usable package is archived, or it breaks."""
        return any(ranks[package.status] > 1 for package in cover.usable)

    two = case(packages=[package("p1"), package("p2", status=PackageStatus.ARCHIVED)])
    with pytest.raises(LawBroken) as raised:
        check_laws(RedemptionPolicy(MARCH.including(needs_another)), cases=st.just(two), examples=1)

    assert EVERY_CASE == raised.value.law
    assert "-package_archived" in raised.value.found


@pytest.mark.parametrize("day", [date.min, date.max])
def test_an_automatic_start_at_the_end_of_the_calendar_keeps_the_laws(day: date) -> None:
    """Where there is no day before or after it, none is asked about."""
    book = replace(rules.TIMELY_2026_03, starts_enabled_after=day)

    assert None is check_laws(RedemptionPolicy(book), examples=30)  # type: ignore[func-returns-value]
