"""Each broken store is red by the test that names its fault, which says so in words."""

from typing import Any

import pytest

from pkgredeem.testing import AsyncStoreContract, StoreContract
from tests.helpers.broken_races import TornAsync, TornTheOtherWay
from tests.helpers.broken_stores import CAUGHT_ALONE, CAUGHT_BY
from tests.helpers.contract_support import broken, contract_for_tasks, contract_of, names_of
from tests.helpers.plain_store import PlainStore

#: Of what is wrong in a race one thing or another is seen first.
TRIES = 10
OF_TASKS = "test_a_cancelled_task_has_committed_all_or_nothing"


@pytest.mark.parametrize("kind", CAUGHT_BY, ids=lambda kind: kind.__name__)
def test_a_broken_store_is_caught_by_name(kind: type[Any]) -> None:
    """Each broken store breaks the invariant that names its fault, and the fault is said."""
    invariant, words = CAUGHT_BY[kind]
    told: list[str | None] = []
    while len(told) < TRIES and not any(words in (one or "") for one in told):
        told.append(broken(contract_of(kind), invariant))

    assert any(words in (one or "") for one in told), told


@pytest.mark.parametrize("invariant", names_of(StoreContract))
def test_the_store_that_they_spoil_is_right(invariant: str) -> None:
    """It is the spoiled step that is caught: the same store without it keeps the invariant."""
    assert None is broken(contract_of(PlainStore), invariant)


@pytest.mark.parametrize("kind", [TornAsync, TornTheOtherWay])
def test_a_torn_async_store_is_caught_by_name(kind: type[TornAsync]) -> None:
    """A commit that a cancelled task leaves half done is seen, whichever half it is."""
    assert broken(contract_for_tasks(kind), OF_TASKS) is not None


def test_each_invariant_has_a_store_of_its_own() -> None:
    """For every invariant there is a broken store that it alone is said to catch.

    `tests/project/test_contract_matrix.py` tries all others on each of these.
    """
    assert names_of(StoreContract) == sorted(CAUGHT_ALONE)
    assert CAUGHT_ALONE == {CAUGHT_BY[kind][0]: kind for kind in CAUGHT_ALONE.values()}
    assert {OF_TASKS} == set(names_of(AsyncStoreContract)) - set(names_of(StoreContract))
