"""Each law has a fault that it alone tells: without any of them, a broken policy would pass."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from pkgredeem import (
    UNLIMITED,
    Act,
    Bucket,
    CardCaptureOutcome,
    Case,
    CreditOutcome,
    Decision,
    DepositOutcome,
    Draw,
    Redemption,
    RedemptionPolicy,
    Rulebook,
    Settlement,
    rules,
)
from pkgredeem._model import checks
from pkgredeem.testing import LAWS
from pkgredeem.testing.laws import _bookings as bookings
from pkgredeem.testing.laws import _decisions as decisions
from pkgredeem.testing.laws import _plans as plans
from pkgredeem.testing.laws import _redemptions as redemptions
from pkgredeem.testing.laws import _renaming as renaming
from pkgredeem.testing.laws import _time as times
from pkgredeem.testing.laws._boundaries import boundaries
from pkgredeem.testing.laws._law import Law
from tests.helpers import faulty_rules as faulty
from tests.helpers import remembering_rules as remembering
from tests.helpers.bent_policies import Bent, told_by
from tests.helpers.law_pool import LARGE, pool
from tests.helpers.odd_texts import DocumentedOtherwise, PickledOtherwise
from tests.helpers.support import NO_LIMITS

MARCH = rules.TIMELY_2026_03


def including(*added: Any) -> RedemptionPolicy:  # noqa: ANN401 - rules
    """Return the policy of March with these rules."""
    return RedemptionPolicy(MARCH.including(*added))


RULES: list[tuple[Law, RedemptionPolicy]] = [
    (decisions.only_reads, including(faulty.writes_to_the_client)),
    (decisions.only_reads, including(faulty.writes_to_the_case)),
    (decisions.every_case, including(faulty.a_year_ago)),
    (decisions.same_input, including(faulty.reads_the_machine_time)),
    (decisions.same_input, including(faulty.draws_a_number)),
    (renaming.asked_before, including(remembering.remembers_the_booking)),
    (renaming.asked_before, including(remembering.remembers_the_package)),
    (renaming.asked_before, including(remembering.remembers_the_client)),
    (decisions.order_of_packages, including(faulty.looks_at_the_first_package)),
    (decisions.order_of_packages, including(faulty.looks_at_the_first_entitlement)),
    (renaming.order_of_sets, including(faulty.looks_at_the_first_service)),
    (renaming.order_of_sets, including(faulty.makes_a_set)),
    (decisions.packages_of_others, including(faulty.refuses_with_those_of_others)),
    (decisions.spent_packages, including(faulty.counts_packages_of_old)),
    (times.same_local_times, including(faulty.saturday_by_utc)),
    (
        boundaries,
        RedemptionPolicy(
            faulty.replaced(
                MARCH, replace(rules.appointment_started, condition=faulty.started_too_late)
            )
        ),
    ),
    (plans.silent, including(faulty.says_too_little)),
    (plans.silent, including(faulty.says_too_little_of_credits)),
    (plans.asks_for_nothing, including(faulty.takes_nothing_for_something)),
    (plans.shared, including(faulty.asks_for_the_owner)),
    (decisions.lifting_a_rule, including(faulty.tells_another, faulty.waits_for_another)),
    (
        decisions.client_text_before_login,
        RedemptionPolicy(
            faulty.replaced(MARCH, replace(rules.client_not_logged_in, client_text=None)).including(
                faulty.tells_of_a_package
            )
        ),
    ),
    (bookings.asked_again, including(faulty.booked_already)),
    (bookings.asked_again, including(faulty.booked_a_moment_ago)),
    (bookings.moved, including(faulty.end_is_near)),
    (bookings.menu, including(faulty.looks_at_the_service)),
]


@pytest.mark.parametrize(
    ("law", "policy"),
    RULES,
    ids=lambda part: part.rulebook.name if isinstance(part, RedemptionPolicy) else "",
)
def test_a_faulty_rule_is_told_by_its_law_alone(law: Law, policy: RedemptionPolicy) -> None:
    """Of all laws only the one that the rule breaks says so."""
    assert {law.name} == told_by(policy, pool())


# --- Answers that no rule can bring about ---------------------------------------------------------


def redrawn(decision: Decision, change: Callable[[Redemption, Draw], tuple[Draw, ...]]) -> Decision:
    """Return the decision with other draws in its redemption, and the change as it was."""
    made = decision.redemption
    if made is None:
        return decision
    draws = tuple(new for draw in made.draws for new in change(made, draw))
    return replace(decision, redemption=replace(made, draws=draws)) if draws else decision


def takes_more(decision: Decision, _: Case) -> Decision:
    """Draw one unit more than the service costs."""
    return redrawn(decision, lambda _, draw: (replace(draw, credits=draw.credits + 1),))


def leaves_one_out(decision: Decision, _: Case) -> Decision:
    """Draw nothing for the last line of a large booking."""
    is_large = len(decision.booking.lines) == len(LARGE.booking.lines)
    return redrawn(
        decision,
        lambda made, draw: () if is_large and draw is made.draws[-1] else (draw,),
    )


def draws_the_worst(decision: Decision, asked: Case) -> Decision:
    """Draw on the entitlement of the package whose id comes last, where one is large enough."""
    sold = {package.id: package for package in asked.packages}

    def worst(made: Redemption, draw: Draw) -> tuple[Draw, ...]:
        large = [
            held.id
            for held in sold[draw.package_id].entitlements
            if draw.service_id in held.services
            and held.unit == "credit"
            and (held.remaining is UNLIMITED or held.remaining >= len(made.draws))
        ]
        return (replace(draw, entitlement_id=max(large, default=draw.entitlement_id)),)

    return redrawn(decision, worst)


def on_odd_days(decision: Decision, asked: Case) -> Decision:
    """Collect a deposit on odd days, by the account's own calendar."""
    known = asked.account.time_zone is not None
    is_odd = known and asked.local(asked.booking.starts_at).day % 2
    return replace(decision, deposit=DepositOutcome.COLLECT) if is_odd else decision


def without_a_reason(decision: Decision, asked: Case) -> Decision:
    """Refuse whatever the front desk books, without a reason."""
    if not (decision.eligible and asked.note):
        return decision
    return replace(
        decision,
        eligible=False,
        notes=tuple(n for n in decision.notes if n.code != rules.no_card_on_file.code),
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
        redemption=None,
        change=None,
        prompt=False,
        refund_on_cancel=False,
        client_text=rules.NEUTRAL,
    )


def waived(decision: Decision, _: Case) -> Decision:
    """Waive the deposit of a refused booking."""
    return decision if decision.eligible else replace(decision, deposit=DepositOutcome.WAIVED)


def fewer_for_more(decision: Decision, asked: Case) -> Decision:
    """Refuse who may use a package at one place more."""
    is_more = any(
        "one more" in allowed
        for package in asked.packages
        for entitlement in package.entitlements
        for restrictions in package.restrictions_on(entitlement)
        for _, allowed in restrictions.traits
    )
    return POLICY.decide_case(replace(asked, packages=())) if is_more else decision


def tells_a_number(decision: Decision, _: Case) -> Decision:
    """Tell the client how many credits are left."""
    return replace(decision, client_text="5 are left")


def pickled_otherwise(decision: Decision, _: Case) -> Decision:
    """Note what is another text once it is pickled."""
    return replace(decision, note=PickledOtherwise("x"))


def documented_otherwise(decision: Decision, _: Case) -> Decision:
    """Name the rulebook by a text that a document doesn't keep."""
    return (
        redrawn(decision, lambda _, draw: (draw,))
        if decision.redemption is None
        else replace(
            decision,
            redemption=replace(decision.redemption, rulebook=DocumentedOtherwise("x")),
        )
    )


def promises_a_refund(decision: Decision, _: Case) -> Decision:
    """Promise a refund to whoever is late from the first moment."""
    return replace(decision, refund_on_cancel=decision.eligible)


def prompts_some(decision: Decision, asked: Case) -> Decision:
    """Show the prompt to clients of the first half of the alphabet."""
    return replace(decision, prompt=decision.prompt and str(asked.client.id) < "c")


def acts_in(settled: Settlement) -> set[Act]:
    """Return the acts that move its credits."""
    return set() if settled.change is None else {moved.act for moved in settled.change.movements}


def mild_of_a_part(settled: Settlement) -> Settlement:
    """Say that a credit is returned: one line of several, or of what was changed before."""
    change = settled.change
    if change is None or change.before is None:
        return settled
    is_part = any(draw.is_reserved for draw in change.after.draws)
    is_forfeited = acts_in(settled) == {Act.CANCEL} and settled.outcome is CreditOutcome.FORFEIT
    is_told = is_forfeited and (is_part or change.before.version > 1)
    return replace(settled, outcome=CreditOutcome.RETURN) if is_told else settled


def forfeits_twice(settled: Settlement) -> Settlement:
    """Forfeit two credits for one in a late cancellation."""
    change = settled.change
    if change is None or settled.outcome is not CreditOutcome.FORFEIT:
        return settled
    doubled = tuple(
        replace(movement, credits=2 * movement.credits)
        for movement in change.movements
        if movement.act is Act.CANCEL
    )
    return replace(settled, change=replace(change, movements=doubled or change.movements))


def returns_elsewhere(settled: Settlement) -> Settlement:
    """Say that a cancelled credit is returned, and forfeit it."""
    change = settled.change
    if change is None or acts_in(settled) != {Act.CANCEL}:
        return settled
    lost = tuple(replace(movement, target=Bucket.FORFEITED) for movement in change.movements)
    return replace(settled, change=replace(change, movements=lost))


def changes_again(settled: Settlement) -> Settlement:
    """Say of a repeat that it did something."""
    return settled if settled.change is not None else replace(settled, allowed=False)


POLICY = RedemptionPolicy(MARCH)
BENT: list[tuple[Law, Bent]] = [
    (decisions.draws_within_reason, Bent(takes_more)),
    (decisions.every_line_covered, Bent(leaves_one_out)),
    (times.shifted_alike, Bent(on_odd_days)),
    (decisions.reasons_refuse, Bent(without_a_reason)),
    (decisions.refusals, Bent(waived)),
    (decisions.best_allocation, Bent(draws_the_worst)),
    (plans.one_more, Bent(fewer_for_more)),
    (decisions.client_text, Bent(tells_a_number)),
    (decisions.kept_equal, Bent(pickled_otherwise)),
    (decisions.kept_equal, Bent(documented_otherwise)),
    (bookings.as_told, Bent(promises_a_refund)),
    (bookings.as_told, Bent(settlement=mild_of_a_part)),
    (renaming.same_by_other_ids, Bent(prompts_some)),
    (redemptions.conserved, Bent(settlement=forfeits_twice)),
    (redemptions.returned_whole, Bent(settlement=returns_elsewhere)),
    (redemptions.done_twice, Bent(settlement=changes_again)),
]


@pytest.mark.parametrize(("law", "bent"), BENT, ids=lambda part: getattr(part, "name", ""))
def test_a_bent_answer_is_told_by_its_law_alone(law: Law, bent: Bent) -> None:
    """An answer that is changed afterwards breaks this law and no other; desks take no such one."""
    others = [known for known in LAWS if known is not bookings.quoted]

    assert {law.name} == told_by(bent, pool(), others)


def test_an_instant_that_is_not_converted_is_told_by_its_law_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Were instants kept as they are written, an answer could depend on it."""

    def as_written(_field: str, moment: datetime) -> datetime:
        return moment

    def by_clock(decision: Decision, asked: Case) -> Decision:
        is_utc = not asked.now.utcoffset()
        return decision if is_utc else replace(decision, deposit=DepositOutcome.COLLECT)

    asked = pool()
    monkeypatch.setattr(checks, "instant", as_written)
    others = [known for known in LAWS if known is not bookings.quoted]

    assert {times.same_instants.name} == told_by(Bent(by_clock), asked, others)


def test_every_law_has_a_fault_of_its_own() -> None:
    """Each of the laws is one of those above, or is told of a desk that forgets."""
    alone = {law.name for law, _ in (*RULES, *BENT)}

    assert {law.name for law in LAWS} == alone | {times.same_instants.name, bookings.quoted.name}


@pytest.mark.parametrize("book", [MARCH, rules.IN_STORE, NO_LIMITS], ids=lambda book: book.name)
def test_a_right_policy_breaks_none(book: Rulebook) -> None:
    """The policies that these faults spoil keep every law, also when they are only wrapped."""
    policy = RedemptionPolicy(book)
    others = [known for known in LAWS if known is not bookings.quoted]

    assert set() == told_by(policy, pool())
    assert set() == told_by(Bent(policy=policy), pool(), others)
