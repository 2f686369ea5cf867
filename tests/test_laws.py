"""The laws: shipped rulebooks keep them, and each planted fault is told by its law's name."""

import gc
import logging
import os
import pickle
import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkgredeem import (
    AccountSettings,
    Actor,
    Bucket,
    CardCaptureOutcome,
    Case,
    Cover,
    Decision,
    DepositOutcome,
    InvalidValueError,
    Redemption,
    RedemptionPolicy,
    Rulebook,
    Scope,
    Settlement,
    rule,
    rules,
)
from pkgredeem.documents import parse_json, read_case
from pkgredeem.testing import LAWS, Law, LawBroken, check_laws, strategies
from pkgredeem.testing import _laws_of_decisions as decisions
from pkgredeem.testing import _laws_of_redemptions as redemptions
from pkgredeem.testing import _laws_of_time as times
from pkgredeem.testing._brute_force import best_draws
from pkgredeem.testing._law import answerable
from pkgredeem.testing._watching import reads
from tests import faulty_rules as faulty
from tests.house_rules import HOUSE
from tests.support import (
    ANA,
    AUCKLAND,
    DAY,
    HOUR,
    NOW,
    SHIPPED,
    START,
    account,
    booking,
    case,
    credit,
    package,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)


@pytest.mark.parametrize("book", SHIPPED, ids=lambda each: each.name)
def test_shipped_rulebooks_keep_every_law(book: Rulebook) -> None:
    """No case breaks a law under a shipped rulebook."""
    check_laws(RedemptionPolicy(book), examples=40)


@settings(max_examples=40, suppress_health_check=[*HealthCheck])
@given(policy=strategies.policies(), asked=strategies.cases())
def test_lifting_and_adding_rules_keeps_every_law(policy: RedemptionPolicy, asked: Case) -> None:
    """No case breaks a law when rules are lifted, or added that have no mistake in them."""
    there = answerable(policy, asked)

    assert [] == [law.name for law in LAWS if law.concerns(policy) and law.check(policy, there)]


def test_laws_have_names_and_statements() -> None:
    """Each law has a name of its own in lower case and says in a sentence what must be true."""
    names = [law.name for law in LAWS]

    assert len(names) == len(set(names))
    assert 22 == len(names)
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
        "lifting a rule refuses nothing more",
        MARCH.including(faulty.refuses_when_a_rule_is_lifted),
    ),
    (
        "before log-in, nothing is told of packages",
        faulty.replaced(MARCH, WITHOUT_TEXT).including(faulty.tells_of_a_package),
    ),
    (
        "eligible means that every payable line is covered",
        faulty.replaced(MARCH, replace(rules.mixed_booking, condition=faulty.never)),
    ),
    (
        "only the client's own packages pay",
        faulty.replaced(MARCH, replace(rules.package_of_another_client, condition=faulty.never)),
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
    ("law", "book"), FAULTS, ids=lambda each: each.name if isinstance(each, Rulebook) else ""
)
def test_a_planted_fault_is_told_by_its_law(law: str, book: Rulebook) -> None:
    """A mistake in a rule is told by the name of the law that it breaks, with a case of it."""
    policy = RedemptionPolicy(book)
    with pytest.raises(LawBroken) as raised:
        check_laws(policy)
    broken = raised.value
    (found,) = (each for each in LAWS if each.name == broken.law)

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
        """The second package has a priority; without a second package, it breaks."""
        return asked.packages[1].priority > 0

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
        return "balayage" in asked.packages[0].entitlements[0].services

    policy = RedemptionPolicy(MARCH.including(balayage))
    two = case(packages=[package("p1", credit("balayage")), package("p2")])

    with pytest.raises(LawBroken) as raised:
        check_laws(policy, cases=st.just(two), examples=1)
    assert "the order of packages changes nothing" == raised.value.law


def test_arguments_are_checked() -> None:
    """What is no policy is refused, and so is a number of examples below one."""
    with pytest.raises(InvalidValueError, match="policy is 'march': give a RedemptionPolicy"):
        check_laws(cast("RedemptionPolicy", "march"))
    with pytest.raises(InvalidValueError, match="examples is 0: give a whole number, 1 or more"):
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

    @rule(Scope.ACCOUNT, clauses=[HOUSE], message="none", advice="none")
    def needs_another(_account: object, book: Rulebook) -> bool:
        """The rulebook must hold the rule about log-in."""
        return book.rule("client_not_logged_in").code == ""

    with pytest.raises(LawBroken) as raised:
        check_laws(
            RedemptionPolicy(MARCH.including(needs_another)), cases=st.just(case()), examples=1
        )

    assert EVERY_CASE == raised.value.law
    assert "-client_not_logged_in" in raised.value.found


# --- Each law by itself, against policies that are bent by hand -----------------------------------

Bend = Callable[[Decision, Case], Decision]


def _kept(decision: Decision, _: Case) -> Decision:
    return decision


def _as_it_is(settlement: Settlement) -> Settlement:
    return settlement


@dataclass(frozen=True)
class Bent:
    """A policy whose decisions, or whose cancellations, are changed afterwards."""

    decision: Bend
    settlement: Callable[[Settlement], Settlement]
    policy: RedemptionPolicy = POLICY

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the policy."""
        return self.policy.rulebook

    def decide_case(self, asked: Case) -> Decision:
        """Decide, and change the decision."""
        return self.decision(self.policy.decide_case(asked), asked)

    def cancel(
        self,
        redemption: Redemption,
        *,
        by: Actor,
        now: datetime,
        lines: Iterable[int] | None = None,
    ) -> Settlement:
        """Cancel, and change the settlement."""
        return self.settlement(self.policy.cancel(redemption, by=by, now=now, lines=lines))

    def __getattr__(self, name: str) -> object:
        """Leave all else to the policy."""
        return getattr(self.policy, name)


def told(
    law: Law,
    asked: Case,
    *,
    decision: Bend = _kept,
    settlement: Callable[[Settlement], Settlement] = _as_it_is,
) -> str | None:
    """Return what the law tells of a policy that is bent like this."""
    bent = Bent(decision=decision, settlement=settlement)
    return law.check(cast("RedemptionPolicy", bent), asked)


def test_unequal_decisions_that_tell_the_same_are_told() -> None:
    """Two decisions that differ only in a name are not the same."""
    names = iter("abcdef")

    def renamed(decision: Decision, _: Case) -> Decision:
        return replace(decision, rulebook=next(names))

    assert "the two decisions are not equal" == told(decisions.same_input, case(), decision=renamed)


def test_another_answer_to_the_same_instants_is_told() -> None:
    """Whatever differs when instants are written in another zone is told, part by part."""
    prompts = iter([True, False])

    def other(decision: Decision, _: Case) -> Decision:
        return replace(decision, prompt=next(prompts))

    assert "with instants written in Pacific/Auckland: prompt True became False" == told(
        times.same_instants, case(), decision=other
    )


def test_an_answer_that_depends_on_the_date_is_told() -> None:
    """Shifting every instant must not change anything else."""

    def on_fifth(decision: Decision, asked: Case) -> Decision:
        return replace(decision, prompt=asked.booking.starts_at.day == 5)

    # five hours on it is still the fifth; three days earlier it is the second
    assert "with every instant shifted by -3 days, 0:00:00: prompt True became False" == told(
        times.shifted_alike, case(), decision=on_fifth
    )


def test_the_end_of_the_calendar_is_left_out() -> None:
    """Cases that can't be shifted, within the calendar, break no law of time."""
    last = datetime(9999, 12, 29, 23, tzinfo=UTC)
    asked = case(now=last - HOUR, starts_at=last, account=account(time_zone=AUCKLAND))

    assert times.shifted_alike.check(POLICY, asked) is None
    assert times.same_local_times.check(POLICY, asked) is None


def test_clock_changes_between_instants_are_left_out() -> None:
    """No other zone can show the same local times when the clock changes before the appointment."""
    change = datetime(2026, 4, 4, 14, tzinfo=UTC)  # Auckland
    policy = RedemptionPolicy(MARCH.including(faulty.saturday_by_utc))
    friday = change - timedelta(hours=16)  # Saturday 11:00 in Auckland
    here = account(time_zone=AUCKLAND)

    assert times.same_local_times.check(
        policy, case(now=friday - 2 * DAY, starts_at=friday, account=here)
    )
    assert not times.same_local_times.check(
        policy, case(now=friday, starts_at=friday + DAY + HOUR, account=here)
    )
    assert not times.same_local_times.check(policy, case(starts_at=friday))


def test_an_eligible_decision_with_reasons_is_told() -> None:
    """`eligible` and reasons contradict each other."""
    assert "eligible is True, the reasons are ['no_package']" == told(
        decisions.reasons_refuse,
        case(packages=[]),
        decision=lambda decision, _: replace(decision, eligible=True),
    )


@pytest.mark.parametrize(
    "given_away",
    [
        {"deposit": DepositOutcome.WAIVED},
        {"card_capture": CardCaptureOutcome.BYPASSED},
        {"redemption": POLICY.decide_case(case()).redemption},
        {"prompt": True},
    ],
    ids=lambda each: next(iter(each)),
)
def test_a_refusal_that_gives_something_is_told(given_away: dict[str, object]) -> None:
    """A refusal gives nothing away, not even one of these."""
    changed = cast("dict[str, Any]", given_away)

    assert "refused, and yet something is given" == told(
        decisions.refusals,
        case(packages=[]),
        decision=lambda decision, _: replace(decision, **changed),
    )
    assert decisions.refusals.check(POLICY, case(packages=[])) is None


def with_draws(decision: Decision, *places: tuple[str, str]) -> Decision:
    """Return the decision with its draws on these packages and entitlements."""
    made = decision.redemption
    assert made is not None
    draws = tuple(
        replace(draw, package_id=package_id, entitlement_id=held)
        for draw, (package_id, held) in zip(made.draws, places, strict=True)
    )
    return replace(decision, redemption=replace(made, draws=draws))


TWO_WAYS = case(
    "facial",
    "facial",
    packages=[
        package("p1", credit("facial", left=1), credit("facial", "massage", left=3, id="any"))
    ],
)


def test_too_many_draws_are_told() -> None:
    """Two draws on an entitlement with one credit are one too many."""
    assert "2 drawn on ('p1', 'facial'), 1 left" == told(
        decisions.draws_within_reason,
        TWO_WAYS,
        decision=lambda decision, _: with_draws(decision, ("p1", "facial"), ("p1", "facial")),
    )


def test_a_draw_for_another_service_is_told() -> None:
    """An entitlement pays for nothing that it does not name."""
    asked = case(packages=[package("p1", credit("facial"), credit("massage"))])

    assert "drawn for a service that is not named: [(0, 'p1', 'massage')]" == told(
        decisions.draws_within_reason,
        asked,
        decision=lambda decision, _: with_draws(decision, ("p1", "massage")),
    )


def test_a_worse_allocation_is_told() -> None:
    """The entitlement for fewer services comes first, and every line that can be is covered."""
    assert (
        "drawn are [(0, 'p1', 'any'), (1, 'p1', 'any')], "
        "the best would be [(0, 'p1', 'facial'), (1, 'p1', 'any')]"
    ) == told(
        decisions.best_allocation,
        TWO_WAYS,
        decision=lambda decision, _: with_draws(decision, ("p1", "any"), ("p1", "any")),
    )
    assert told(
        decisions.best_allocation,
        case(client=replace(ANA, logged_in=False)),
        decision=lambda decision, _: replace(decision, uncovered=(0,)),
    )


def test_brute_force_by_hand() -> None:
    """Earlier lines come first, then the best credits, then the best for each line in turn."""
    policy = RedemptionPolicy(MARCH.without(rules.several_active_packages))
    soon = package("p2", credit("facial", "massage", id="any"), valid_until=START + DAY)
    asked = case("massage", "facial", "massage", packages=[package(), soon])

    # p2 ends first; its one credit can pay for a massage, which p1 can't: lines 0 and 1 are covered
    assert [(0, "p2", "any"), (1, "p1", "facial")] == best_draws(policy, asked)


def test_brute_force_gives_up() -> None:
    """Where there are more than a thousand ways to pay, none is looked at, and the law holds."""
    many = package("p1", *(credit("facial", id=f"e{number}") for number in range(5)))
    asked = case(*["facial"] * 4, packages=[many])  # 6 ways a line, 1,296 in all

    assert best_draws(POLICY, asked) is None
    assert decisions.best_allocation.check(POLICY, asked) is None


def test_a_refusal_for_one_credit_more_is_told() -> None:
    """A rule against plenty refuses for one credit more, which no shipped rulebook does."""

    @rule(Scope.PACKAGE, clauses=[HOUSE], message="plenty", advice="wait")
    def plenty(asked: Case, _package: object) -> bool:
        """More than one credit is left."""
        return asked.packages[0].entitlements[0].remaining > 1

    policy = RedemptionPolicy(MARCH.including(plenty))

    assert "with one credit more in p1: ['plenty']" == decisions.one_credit_more.check(
        policy, case()
    )
    assert not decisions.one_credit_more.concerns(policy)
    assert decisions.one_credit_more.concerns(POLICY)


def test_another_text_than_the_codes_say_is_told() -> None:
    """A text that names a number, or is not the rulebook's, is told."""

    def with_number(decision: Decision, _: Case) -> Decision:
        reasons = tuple(replace(each, client_text="5 are left") for each in decision.reasons)
        return replace(decision, reasons=reasons)

    told_ = told(decisions.client_text, case(packages=[]), decision=with_number)

    assert f"told '5 are left', where the codes say {rules.NEUTRAL!r}" == told_


class _Odd(str):
    """A text that equals no plain one."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Odd) and str.__eq__(self, other)

    def __hash__(self) -> int:
        return str.__hash__(self)


class _Unlike(str):
    """A text that equals nothing."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return str.__hash__(self)


def test_a_copy_that_is_not_equal_is_told() -> None:
    """Decisions must be equal to their copies, and redemptions to their documents."""

    def unlike(decision: Decision, _: Case) -> Decision:
        return replace(decision, note=_Unlike("x"))

    def odd(decision: Decision, _: Case) -> Decision:
        assert decision.redemption is not None
        return replace(decision, redemption=replace(decision.redemption, rulebook=_Odd("x")))

    assert "a copy of the decision is not equal to it" == told(
        decisions.kept_equal, case(), decision=unlike
    )
    assert "the redemption's document reads back as another" == told(
        decisions.kept_equal, case(), decision=odd
    )


def test_lost_credits_are_told() -> None:
    """A cancellation that returns two credits for one draw makes one out of nothing."""

    def doubled(settlement: Settlement) -> Settlement:
        change = settlement.change
        assert change is not None
        more = tuple(replace(each, credits=2 * each.credits) for each in change.movements)
        return replace(settlement, change=replace(change, movements=more))

    assert "cancelled by the client at once, facial of p1: sold 1, then 2 movements" == told(
        redemptions.conserved, case(), settlement=doubled
    )


def test_a_return_to_another_bucket_is_told() -> None:
    """A credit that is said to be returned, and is not available, is told."""

    def misplaced(settlement: Settlement) -> Settlement:
        change = settlement.change
        assert change is not None
        moved = tuple(replace(each, target=Bucket.FORFEITED) for each in change.movements)
        return replace(settlement, change=replace(change, movements=moved))

    assert "cancelled by the client at once, facial of p1: sold 1, and then 0 are left" == told(
        redemptions.returned_whole, case(), settlement=misplaced
    )


def test_an_act_that_happens_twice_is_told() -> None:
    """The second time, a cancellation must find that nothing changes."""
    first: list[Settlement] = []

    def again(settlement: Settlement) -> Settlement:
        first.append(settlement)
        return first[0]

    assert "cancelled by the client at once, again: return, and not nothing after return" == told(
        redemptions.done_twice, case(), settlement=again
    )


def test_an_appointment_that_has_started_breaks_no_law() -> None:
    """In store, an appointment that has started is booked, and the client can't cancel it."""
    in_store = RedemptionPolicy(rules.IN_STORE)
    asked = case(now=START + HOUR)

    assert in_store.decide_case(asked).eligible
    assert [] == [law.name for law in LAWS if law.concerns(in_store) and law.check(in_store, asked)]


def test_boundaries_look_at_the_codes_in_force() -> None:
    """Where a rule is lifted, its boundary is not asked for; where one is broken, it is told."""
    lifted = MARCH.without(rules.appointment_started, rules.online_redemption_off)
    late = replace(rules.appointment_started, condition=faulty.started_too_late)
    broken = RedemptionPolicy(faulty.replaced(MARCH, late))

    assert times.boundaries.check(RedemptionPolicy(lifted), case(now=START)) is None
    assert times.boundaries.check(RedemptionPolicy(rules.IN_STORE), case(now=START)) is None
    assert (
        "at 2026-05-05 10:00:00+00:00: found [], missing [('appointment_started', '')]"
        == times.boundaries.check(broken, case())
    )


def test_an_exchange_that_has_started_is_known() -> None:
    """The boundary law knows that a client can't exchange what has started."""
    old = POLICY.decide_case(case(booking=booking(id="b0", starts_at=NOW + HOUR))).redemption
    asked = case(existing=old, now=NOW + 2 * HOUR)

    assert times.boundaries.check(POLICY, asked) is None
    assert ["appointment_started"] == [each.code for each in POLICY.decide_case(asked).reasons]


# --- Who watches ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("datetime.now", lambda: datetime.now(tz=UTC)),
        ("date.today", lambda: date.today()),  # noqa: DTZ011, PLW0108  (a call in this frame)
        ("time.time", lambda: time.time()),  # noqa: PLW0108  (a call in this frame)
        ("time.monotonic_ns", lambda: time.monotonic_ns()),  # noqa: PLW0108  (see above)
        ("time.localtime", lambda: time.localtime()),  # noqa: PLW0108  (see above)
        ("random.random", lambda: random.random()),  # noqa: PLW0108  (see above)
        ("random.getrandbits", lambda: random.choice("ab")),
        ("os.urandom", lambda: os.urandom(1)),
    ],
)
def test_reading_is_seen(name: str, ask: Callable[[], object]) -> None:
    """Each clock and each source of chance is named, with the function that read it."""
    found = reads(ask)

    assert found is not None
    assert name == found.split(" in ")[0]


def test_computing_is_not_reading() -> None:
    """Computing with instants, or with a generator that has a seed, reads nothing."""
    dice = random.Random(1)

    assert reads(lambda: (NOW + DAY).astimezone(AUCKLAND).isoweekday()) is None
    assert reads(lambda: dice.random() + datetime.fromisoformat("2026-05-05T10:00Z").day) is None


def test_logging_is_not_reading() -> None:
    """What a rule logs may carry the time of day: it decides nothing."""
    assert reads(lambda: logging.getLogger("rules").warning("asked")) is None


def test_only_the_first_is_told() -> None:
    """Of two clocks the first is named."""
    found = reads(lambda: (time.time(), time.monotonic()))

    assert "time.time" == str(found).split(" in ", maxsplit=1)[0]


def test_a_profiler_is_left_alone() -> None:
    """While somebody else profiles, nothing is watched, and the profiler stays."""
    seen: list[str] = []

    def profile(_: object, event: str, __: object) -> None:
        seen.append(event)

    sys.setprofile(profile)
    try:
        found = reads(time.time)
        kept = sys.getprofile()
    finally:
        sys.setprofile(None)

    assert (None, profile) == (found, kept)
    assert seen


def test_the_collector_is_left_as_it_was() -> None:
    """Garbage collection that was on is on afterwards, and off when it was off."""
    reads(time.time)
    on = gc.isenabled()
    gc.disable()
    try:
        reads(time.time)
        off = gc.isenabled()
    finally:
        gc.enable()

    assert (True, False) == (on, off)


def test_watching_ends_with_an_exception() -> None:
    """A rule that raises leaves no watcher behind."""

    def broken() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        reads(broken)
    assert sys.getprofile() is None
