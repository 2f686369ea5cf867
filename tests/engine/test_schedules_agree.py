"""The schedule tells what a cancellation does: at, before and after each step, for random terms."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random

from pkgredeem import (
    Actor,
    CreditOutcome,
    Redemption,
    RedemptionPolicy,
    rules,
)
from pkgredeem.rules import acts
from tests.helpers.chance import random_terms
from tests.helpers.support import (
    DAY,
    HOUR,
    INSTANT,
    START,
    account,
    after,
    case,
    credit,
    decide,
    package,
    rescheduled,
)

CASES = 400
CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
POLICY = RedemptionPolicy(rules.ONLINE)
Step = tuple[datetime, CreditOutcome, bool]


def random_redemption(chance: Random) -> Redemption:
    """Return a facial and a massage under random terms, perhaps moved, perhaps ended in part."""
    sold = [
        package("p1", credit("facial"), cancellation=random_terms(chance)),
        package("p2", credit("massage"), cancellation=random_terms(chance)),
    ]
    left = chance.choice([INSTANT, HOUR, 3 * HOUR, 12 * HOUR, DAY, 9 * DAY])
    asked = case(
        "facial",
        "massage",
        account=account(cancellation=random_terms(chance)),
        packages=sold,
        now=START - left + chance.choice([-INSTANT, 0 * INSTANT]),
    )
    found = decide(asked, rules.ONLINE).redemption
    assert found is not None
    if chance.random() < 0.4:
        new = START + chance.choice([-INSTANT, INSTANT, HOUR, DAY, 9 * DAY])
        moved = rescheduled(
            found,
            to=new,
            by=chance.choice(list(Actor)),
            now=found.booked_at,
            packages=sold,
        )
        found = after(moved) if moved.change is not None else found
    if chance.random() < 0.2:
        by_business = POLICY.cancel(found, by=BUSINESS, now=found.booked_at, lines=[0])
        found = after(by_business)
    return found


def step_at(steps: Sequence[Step], moment: datetime, start: datetime) -> Step | None:
    """Return the step that an instant falls in; each includes its end unless that is the start."""
    for step in steps:
        if moment <= step[0] and moment < start:
            return step
    return None


def beside(steps: Iterable[Step], found: Redemption) -> list[datetime]:
    """Return the instants at, before and after each step, and those around booking and start."""
    edges = {step[0] for step in steps} | {found.booked_at, found.starts_at}
    around = {edge + off for edge in edges for off in (-INSTANT, 0 * INSTANT, INSTANT)}
    return sorted(moment for moment in around if moment >= found.booked_at)


def done_at(found: Redemption, moment: datetime, lines: list[int] | None) -> Step | None:
    """Return what cancelling at that instant does, as a step; None where it is refused."""
    settlement = POLICY.cancel(found, by=CLIENT, now=moment, lines=lines)
    if not settlement.allowed:
        assert ["changes_closed"] == [finding.code for finding in settlement.findings]
        return None
    assert settlement.outcome is not None
    return moment, settlement.outcome, settlement.late


def test_a_schedule_and_a_cancellation_agree_at_before_and_after_each_step() -> None:
    """Of the whole and of each line; and whether all of it would return (T22, T23, D61, D67)."""
    seen: Counter[object] = Counter()
    for seed in range(CASES):
        found = random_redemption(Random(seed))
        reserved = [draw.line for draw in found.reserved_draws]
        schedules = [
            (None, found.schedule),
            *(([line], found.schedule_of(line)) for line in reserved),
        ]
        for lines, steps in schedules:
            for moment in beside(steps, found):
                expected = step_at(steps, moment, found.starts_at)
                done = done_at(found, moment, lines)
                assert (None if expected is None else expected[1:]) == (
                    None if done is None else done[1:]
                ), (seed, lines, moment)
                if lines is None:
                    returns = done is not None and done[1] is CreditOutcome.RETURN
                    assert returns is acts.refund_on_cancel(found, moment)
            seen[len(steps)] += 1
        seen["late"] += any(late for _, _, late in found.schedule)
        seen["moved"] += bool(found.reschedules)
        seen["closed early"] += bool(found.schedule) and found.schedule[-1][0] < found.starts_at
        seen["two terms"] += len({found.terms_of(line) for line in (0, 1)}) > 1
    # Steps of every number, late ones, moves, closed changes and two kinds of terms are common.
    least = {0: 10, 1: 50, 2: 50, 3: 50, 4: 10, "late": 50, "moved": 30, "closed early": 50}
    assert {} == {name: seen[name] for name, count in least.items() if seen[name] < count}
    assert seen["two terms"] > CASES // 2


def test_steps_only_get_worse() -> None:
    """Later is never better: free, then late, then lost; and each ends after the one before it."""
    for seed in range(CASES):
        steps = random_redemption(Random(seed)).schedule
        ends = [until for until, _, _ in steps]
        worse = [(late, outcome is CreditOutcome.FORFEIT) for _, outcome, late in steps]

        assert sorted(set(ends)) == ends
        assert sorted(worse) == worse


def test_the_window_that_is_told_is_one_of_the_terms() -> None:
    """Of a late line, and longer than the time that was left unless it is the longest (D61)."""
    for seed in range(CASES):
        found = random_redemption(Random(seed))
        for moment in beside(found.schedule, found):
            settlement = POLICY.cancel(found, by=CLIENT, now=moment)
            windows = {
                window
                for draw in found.reserved_draws
                for terms in [found.terms_of(draw.line)]
                if terms is not None
                for window, _ in terms.windows
            }
            assert settlement.late is (settlement.window is not None)
            if settlement.window is not None:
                assert settlement.window in windows
                assert settlement.window > found.starts_at - moment
