"""Without any one test of the store contract, a broken store would pass it.

Every test is run on each of these stores, which takes a while: `tests/testing` has the quick form.
"""

from typing import Any

import pytest

from tests.helpers.broken_races import TornAsync
from tests.helpers.broken_stores import CAUGHT_ALONE
from tests.helpers.contract_support import contract_for_tasks, contract_of, red
from tests.helpers.plain_store import PlainStore

TRIES = 5


@pytest.mark.parametrize(
    ("invariant", "kind"),
    CAUGHT_ALONE.items(),
    ids=[kind.__name__ for kind in CAUGHT_ALONE.values()],
)
def test_one_invariant_alone_catches_it(invariant: str, kind: type[Any]) -> None:
    """Of all invariants this one is broken.

    In a race another one may be as well, at times: then it is asked again.
    """
    found: list[list[str]] = []
    while len(found) < TRIES and [invariant] not in found:
        found.append(red(contract_of(kind)))

    assert [invariant] in found, found


def test_one_invariant_of_tasks_alone_catches_it() -> None:
    """Of all invariants of tasks the one about a cancelled task is broken."""
    invariant = "test_a_cancelled_task_has_committed_all_or_nothing"

    assert [invariant] == red(contract_for_tasks(TornAsync))


def test_the_right_store_breaks_none() -> None:
    """The store that they spoil keeps all of them."""
    assert [] == red(contract_of(PlainStore))
