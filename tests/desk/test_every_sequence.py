"""Every sequence of acts on a booking of two lines, however long: a policy and a naive salon agree.

The states that a redemption can come to are few when its version is left aside, so each is visited
once, and every act is tried there: what `test_stateful` would have to be lucky to meet.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from pkgredeem import (
    Actor,
    ClosedRedemptionError,
    CreditOutcome,
    InvalidValueError,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from tests.helpers.naive_salon import NaiveSalon
from tests.helpers.support import DAY, HOUR, NOW, START, redemption

Lines: TypeAlias = tuple[int, ...] | None

POLICY = RedemptionPolicy(rules.IN_STORE)
AFTER = START + DAY
CHOICES: tuple[Lines, ...] = (None, (0,), (1,), (0, 1))


class Act(NamedTuple):
    """An act as the naive salon knows it, and how a policy is asked for it."""

    name: str
    state: str
    settle: Callable[[Redemption, Lines], Settlement]


ACTS = (
    Act(
        "cancel",
        "returned",
        lambda stored, lines: POLICY.cancel(stored, by=Actor.BUSINESS, now=NOW, lines=lines),
    ),
    Act(
        "cancel",
        "forfeited",
        lambda stored, lines: POLICY.cancel(stored, by=Actor.CLIENT, now=START - HOUR, lines=lines),
    ),
    Act(
        "no_show",
        "forfeited",
        lambda stored, lines: POLICY.no_show(
            stored, now=AFTER, lines=lines, outcome=CreditOutcome.FORFEIT
        ),
    ),
    Act(
        "no_show",
        "returned",
        lambda stored, lines: POLICY.no_show(
            stored, now=AFTER, lines=lines, outcome=CreditOutcome.RETURN
        ),
    ),
    Act(
        "complete",
        "redeemed",
        lambda stored, lines: POLICY.complete(stored, now=AFTER, lines=lines),
    ),
    Act(
        "forgive",
        "returned",
        lambda stored, lines: POLICY.forgive(stored, now=AFTER, lines=lines, note="a gift"),
    ),
)


def test_a_policy_and_a_naive_salon_agree_on_every_sequence_of_acts() -> None:
    """In each of the states each act, of each choice of lines, is done, too late, or invalid.

    The same act again is the same, and changes nothing.
    """
    salon = NaiveSalon()
    salon.sell("p1", "ana", {"facial": 1, "mask": 1})
    salon.book("b1", "ana", ("facial", "mask"), 0)
    first = redemption("facial", "mask")
    seen = {first}
    waiting = [(first, salon)]
    told: Counter[str] = Counter()
    while waiting:
        stored, model = waiting.pop()
        for act in ACTS:
            for lines in CHOICES:
                expected_model = deepcopy(model)
                expected = expected_model.end("b1", act.name, act.state, lines)
                answer, after = outcome(act, stored, lines)
                sequence = [ending.act.value for draw in stored.draws for ending in draw.endings]
                assert (expected, states(expected_model)) == (answer, found(after)), (
                    sequence,
                    act,
                    lines,
                )
                told[answer] += 1
                if (act.name, lines) != ("complete", None):  # it may go on to a no-show's (D30)
                    assert (answer, after) == outcome(act, after, lines), (sequence, act, lines)
                if after not in seen:
                    seen.add(after)
                    waiting.append((after, expected_model))

    # Eleven for each line: reserved, or what a sequence of acts made of it.
    assert 11 * 11 == len(seen)
    assert {"done": 1276, "closed": 1584, "invalid": 44} == told


def outcome(act: Act, stored: Redemption, lines: Lines) -> tuple[str, Redemption]:
    """Return how the act ends, and the redemption after it under its first version."""
    try:
        settlement = act.settle(stored, lines)
    except ClosedRedemptionError:
        return "closed", stored
    except InvalidValueError:
        return "invalid", stored
    assert settlement.allowed
    if settlement.change is None:
        return "done", stored
    return "done", replace(settlement.change.after, version=stored.version)


def states(salon: NaiveSalon) -> dict[int, tuple[str, list[str]]]:
    """Return the state of each line, and what ended it, as the naive salon says."""
    known = salon.bookings["b1"]
    return {line: (state, known.acts.get(line, [])) for line, state in known.states.items()}


def found(stored: Redemption) -> dict[int, tuple[str, list[str]]]:
    """Return the state of each line, and what ended it."""
    return {
        draw.line: (draw.state.value, [ending.act.value for ending in draw.endings])
        for draw in stored.draws
    }
