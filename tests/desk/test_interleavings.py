"""Whatever the order of their steps, and whoever crashes: the sum holds, and no act is done twice.

The bounds: four clients with one act each; a step is one store call; every order of all steps; each
client crashes at most once, at any of its steps, before the call or with its answer lost, and then
does the same act again. Every state that can be reached so is visited; the sum holds in each.
"""

from collections.abc import Callable
from itertools import combinations, permutations

import pytest

from pkgredeem import (
    Actor,
    Change,
    Decision,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem._desk.workflow import DeskWorkflows, Judge, Workflow
from tests.helpers.desk_support import ACCOUNT
from tests.helpers.interleaving import World
from tests.helpers.support import ANA, DAY, NOW, START, booking, case, credit, decide, package

POLICY = RedemptionPolicy(rules.IN_STORE)
Act = Callable[[int], Workflow[object]]


def tell(answer: object) -> str:
    """Return an answer in a few words, the same whether it is new or recorded."""
    if isinstance(answer, Decision):
        return "paid" if answer.eligible else " ".join(reason.code for reason in answer.reasons)
    assert isinstance(answer, Settlement)
    return f"{answer.allowed} {answer.outcome}"


def redeem(name: str, *services: str) -> Act:
    """Redeem a booking for Ana."""
    asked = case(booking=booking(*services, id=name), account=ACCOUNT, packages=())
    return lambda attempts: DeskWorkflows(POLICY, attempts).redeem(asked)


def exchange(old: str, new: str) -> Act:
    """Exchange one booking for another."""
    asked = case(booking=booking(id=new), account=ACCOUNT, packages=())
    return lambda attempts: DeskWorkflows(POLICY, attempts).exchange(old, asked)


def settle(name: str, judge: Judge) -> Act:
    """Judge an act on a booking, and commit what it changes."""
    return lambda attempts: DeskWorkflows(POLICY, attempts).settle(name, judge, now=NOW)


def cancel(name: str) -> Act:
    """Cancel a booking."""
    return settle(
        name,
        lambda stored, packages, _: POLICY.cancel(
            stored, by=Actor.CLIENT, now=NOW, packages=packages
        ),
    )


def complete(name: str) -> Act:
    """Complete a booking."""
    return settle(
        name,
        lambda stored, _packages, _lines: POLICY.complete(stored, now=NOW),
    )


def reschedule(name: str) -> Act:
    """Reschedule a booking to the next day."""
    return settle(
        name,
        lambda stored, packages, _: POLICY.reschedule(
            stored,
            account=ACCOUNT,
            client=ANA,
            starts_at=START + DAY,
            by=Actor.CLIENT,
            now=NOW,
            packages=packages,
        ),
    )


ONE = (package("p1", credit("facial", left=1)),)
TWO = (package("p1", credit("facial", left=2)),)
ONE_PLACE = (package("p1", credit("facial", left=3), quotas=[Quota(1, Period.EVER)]),)
FACIAL_AND_MASK = (package("p1", credit("facial", left=1)), package("p2", credit("mask", left=1)))

#: What is sold, whether b0 is booked already, and the four acts.
WORLDS: dict[str, tuple[tuple[Package, ...], bool, tuple[Act, ...]]] = {
    "the last credit": (ONE, False, (redeem("b1"), redeem("b1"), redeem("b2"), cancel("b1"))),
    "the last place": (
        ONE_PLACE,
        False,
        (redeem("b1"), redeem("b2"), cancel("b1"), reschedule("b2")),
    ),
    "one end of four": (
        TWO,
        True,
        (cancel("b0"), complete("b0"), exchange("b0", "b1"), redeem("b2")),
    ),
    "exchanged and more": (
        ONE,
        True,
        (exchange("b0", "b1"), exchange("b0", "b1"), redeem("b1"), reschedule("b0")),
    ),
    "two packages": (
        FACIAL_AND_MASK,
        False,
        (
            redeem("b1", "facial", "mask"),
            redeem("b2", "mask", "facial"),
            redeem("b3", "mask"),
            cancel("b1"),
        ),
    ),
}


@pytest.mark.parametrize("name", WORLDS)
def test_every_interleaving(name: str, record_property: Callable[[str, object], None]) -> None:
    """Each end that can be reached is one that the clients reach in turn, in some order.

    With crashes, an act counts twice in that order: once with its answer lost, and once again.
    """
    packages, is_booked, acts = WORLDS[name]
    earlier: tuple[Change, ...] = ()
    if is_booked:
        change = decide(case(packages=packages, booking=booking(id="b0")), rules.IN_STORE).change
        assert change is not None
        earlier = (change,)
    world = World(packages, tuple((act, tell) for act in acts), earlier)
    world.explore(crashes=1)
    in_turn = {
        world.one_by_one(order)
        for count in range(5)
        for crashing in combinations(range(4), count)
        for order in set(permutations((*range(4), *crashing)))
    }

    record_property("states", len(world.seen))
    print(f"{name}: {len(world.seen)} states, {len(world.ends)} ends, all of them like in turn")
    assert set() == world.ends - in_turn
    results = {at.result for _, standings in world.ends for at in standings}
    assert "ConflictError" not in results
