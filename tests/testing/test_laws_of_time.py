"""The laws of time and of what follows, each by itself, broken by a rule or by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pkgredeem import (
    Bucket,
    CancellationTerms,
    Case,
    CreditOutcome,
    Decision,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem.testing import LAWS
from pkgredeem.testing.laws import _decisions as decisions
from pkgredeem.testing.laws import _redemptions as redemptions
from pkgredeem.testing.laws import _time as times
from pkgredeem.testing.laws._boundaries import boundaries
from tests.helpers import faulty_rules as faulty
from tests.helpers.bent_policies import broken_by
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NOW,
    START,
    account,
    booking,
    case,
    package,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)


def test_another_answer_to_the_same_instants_is_told() -> None:
    """Whatever differs when instants are written in another zone is told, part by part."""
    prompts = iter([True, False])

    def other(decision: Decision, _: Case) -> Decision:
        return replace(decision, prompt=next(prompts))

    assert "with instants written in Pacific/Auckland: prompt True became False" == broken_by(
        times.same_instants, case(), decision=other
    )


def test_an_answer_that_depends_on_the_date_is_told() -> None:
    """Shifting every instant must not change anything else."""

    def on_fifth(decision: Decision, asked: Case) -> Decision:
        return replace(decision, prompt=asked.booking.starts_at.day == 5)

    # five hours on it is still the fifth; three days earlier it is the second
    assert "with every instant shifted by -3 days, 0:00:00: prompt True became False" == broken_by(
        times.shifted_alike, case(), decision=on_fifth
    )


def test_the_end_of_the_calendar_is_left_out() -> None:
    """Cases that can't be shifted, within the calendar, break no law of time."""
    last = datetime(9999, 12, 29, 23, tzinfo=UTC)
    asked = case(now=last - HOUR, starts_at=last, account=account(time_zone=AUCKLAND))

    assert times.shifted_alike.check(POLICY, asked) is None
    assert times.same_local_times.check(POLICY, asked) is None


def test_every_instant_is_moved_to_a_leap_day() -> None:
    """Each lies on 29 February, by UTC and by the account's clock; then on 31 January."""
    asked = case(account=account(time_zone=AUCKLAND), packages=[package(sold_at=NOW - 90 * DAY)])
    activated, *turned = times.on_turning_days(asked)
    moments = [
        (turn.now, turn.booking.starts_at, turn.packages[0].sold_at or turn.now) for turn in turned
    ]

    assert date(2024, 2, 29) == activated.account.activated_on
    assert [
        *((2, 29) for _ in range(3)),
        *((1, 31) for _ in range(2)),
    ] == [
        next(
            (moment.month, moment.day)
            for moment in found
            if moment.date() == moment.astimezone(AUCKLAND).date()
            and (moment.month, moment.day) in {(2, 29), (1, 31)}
        )
        for found in moments
    ]


def test_what_has_no_leap_day_within_the_calendar_is_left_out() -> None:
    """From the first year to the last there is no room to move: only the account is changed."""
    first, last = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
    asked = case(now=last - HOUR, starts_at=last, packages=[package(sold_at=first)])

    assert 1 == len(list(times.on_turning_days(asked)))
    assert decisions.every_case.check(POLICY, asked) is None


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


def test_lost_credits_are_told() -> None:
    """A cancellation that returns two credits for one draw makes one out of nothing."""

    def doubled(settlement: Settlement) -> Settlement:
        change = settlement.change
        assert change is not None
        more = tuple(replace(m, credits=2 * m.credits) for m in change.movements)
        return replace(settlement, change=replace(change, movements=more))

    assert "cancelled by the client at once, facial of p1: sold 1, then 2 movements" == broken_by(
        redemptions.conserved, case(), settlement=doubled
    )


def test_a_return_to_another_bucket_is_told() -> None:
    """A credit that is said to be returned, and is not available, is told."""

    def misplaced(settlement: Settlement) -> Settlement:
        change = settlement.change
        assert change is not None
        moved = tuple(replace(m, target=Bucket.FORFEITED) for m in change.movements)
        return replace(settlement, change=replace(change, movements=moved))

    assert (
        "cancelled by the client at once, facial of p1: sold 1, and then 0 are left"
        == broken_by(redemptions.returned_whole, case(), settlement=misplaced)
    )


def test_an_act_that_happens_twice_is_told() -> None:
    """The second time, a cancellation must find that nothing changes."""
    first: list[Settlement] = []

    def again(settlement: Settlement) -> Settlement:
        first.append(settlement)
        return first[0]

    assert (
        "cancelled by the client at once, again: return, and not nothing after return"
        == broken_by(redemptions.done_twice, case(), settlement=again)
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

    assert boundaries.check(RedemptionPolicy(lifted), case(now=START)) is None
    assert boundaries.check(RedemptionPolicy(rules.IN_STORE), case(now=START)) is None
    assert (
        "at 2026-05-05 10:00:00+00:00: missing [('appointment_started', '')], unexpected []"
        == boundaries.check(broken, case())
    )


def test_a_cut_off_that_is_missed_is_told() -> None:
    """A cancellation in time that is called late is told, and so is one that comes at the start."""
    asked = case(account=account(cancellation=FORFEIT_INSIDE_A_DAY))

    returned = "<CreditOutcome.RETURN: 'return'>"

    assert (
        f"cancelled at 2026-05-04 09:59:59.999999+00:00: ({returned}, True, None), "
        f"where the terms say ({returned}, False, None)"
    ) == broken_by(boundaries, asked, settlement=lambda settled: replace(settled, late=True))
    assert (
        "cancelled at 2026-05-05 10:00:00+00:00: (None, False, None), where the terms say None"
    ) == broken_by(boundaries, case(), settlement=lambda settled: replace(settled, allowed=True))


def test_an_exchange_that_has_started_is_known() -> None:
    """The boundary law knows that a client can't exchange what has started."""
    old = POLICY.decide_case(case(booking=booking(id="b0", starts_at=NOW + HOUR))).redemption
    asked = case(existing=old, now=NOW + 2 * HOUR)

    assert boundaries.check(POLICY, asked) is None
    assert ["changes_closed"] == [reason.code for reason in POLICY.decide_case(asked).reasons]


def test_an_exchange_inside_the_window_is_known() -> None:
    """The boundary law knows that a client can't exchange what is late to cancel."""
    terms = account(cancellation=FORFEIT_INSIDE_A_DAY)
    old = POLICY.decide_case(case(booking=booking(id="b0"), account=terms)).redemption
    asked = case(existing=old, now=START - HOUR, starts_at=START + DAY, account=terms)

    assert boundaries.check(POLICY, asked) is None
    assert ["late_change"] == [reason.code for reason in POLICY.decide_case(asked).reasons]


def test_the_moment_from_which_no_exchange_is_made_is_asked() -> None:
    """The boundary law asks just after the last moment for changes: an instant late is told."""
    terms = CancellationTerms(window=DAY, late=CreditOutcome.RETURN, changes_close=HOUR)
    old = POLICY.decide_case(
        case(booking=booking(id="b0"), account=account(cancellation=terms))
    ).redemption
    asked = case(existing=old, now=START - 2 * HOUR, starts_at=START + DAY)

    def too_late(decision: Decision, at: Case) -> Decision:
        is_just_over = at.now == START - HOUR + INSTANT
        return POLICY.decide_case(replace(at, now=START - HOUR)) if is_just_over else decision

    assert boundaries.check(POLICY, asked) is None
    assert (
        "at 2026-05-05 09:00:00.000001+00:00: missing [('changes_closed', '')], unexpected []"
    ) == broken_by(boundaries, asked, decision=too_late)
