"""Two desks race on a store, and what it keeps is what the second implementation says."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.helpers.support import NOW
from tests.oracle.kept import Versions, compare, in_a_file, in_memory
from tests.oracle.plain import (
    Doc,
    package_doc,
)
from tests.oracle.reference._ledger import Ledger
from tests.oracle.two_desks import Step, Store, kind_of, nothing, packages_at_random

HISTORIES = 60
STEPS = 14


@pytest.mark.parametrize("made", [in_memory, in_a_file])
def test_two_desks_on_one_store_agree(made: Callable[[], Any]) -> None:
    """After each act, raced by another desk's or not, answers and everything kept are the same."""
    seen: Counter[tuple[str, str]] = Counter()
    races: Counter[tuple[str, str]] = Counter()
    for number in range(HISTORIES):
        chance = Random(number)
        packages = packages_at_random(chance)
        ledger, versions = Ledger([package_doc(each) for each in packages]), Versions()
        with made() as store:
            for each in packages:
                store.add(each)
            now = NOW
            for _ in range(STEPS):
                now += timedelta(hours=chance.choice([0, 1, 5, 12, 30]))
                step, other = Step(chance, now, store), Step(chance, now, store)
                quicker = acted(
                    store, ledger, step, chance.choice([None, None, other, other, other, step])
                )
                compare(store, ledger, versions)
                kind = quicker[-1]
                seen[step.name, kind] += 1
                if len(quicker) > 1:
                    races[quicker[0], kind] += 1
    acts = ["book", "cancel", "no_show", "complete", "forgive", "reschedule"]
    assert [] == [act for act in acts if seen[act, "changed"] < HISTORIES // 20]
    assert [] == [act for act in acts[1:5] if not seen[act, "repeated"]]
    assert min(seen["book", "recorded"], seen["book", "refused"]) > HISTORIES // 20
    # Whoever was slower drew another credit, was refused, or found that it was done already.
    assert races["changed", "changed"] > HISTORIES // 4
    assert sum(races["changed", kind] for kind in ("refused", "recorded", "repeated")) > 3
    assert races["changed", "BookingMismatchError"] + races["changed", "ClosedRedemptionError"] > 3


def acted(store: Store, ledger: Ledger, step: Step, other: Step | None) -> list[str]:
    """Do a step on both sides, between its reading and its commit another one; say what came."""
    there: list[Doc] = []
    here: list[Doc] = []

    def quicker_here() -> None:
        """Let the other desk act on the store."""
        if other is not None:
            here.append(other.ours(store, nothing))

    def quicker_there() -> None:
        """Let the other desk act on the ledger."""
        if other is not None:
            there.append(other.theirs(ledger, nothing))

    here.append(step.ours(store, quicker_here))
    there.append(step.theirs(ledger, quicker_there))
    assert here == there, (vars(step), other and vars(other))
    return [kind_of(answer) for answer in here]
