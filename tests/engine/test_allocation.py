"""The allocation: the best of all assignments, whatever the order, in polynomially many steps."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgredeem import Package, rules
from pkgredeem._engine.allocation import allocate
from tests.helpers.support import DAY, NO_LIMITS, NOW, START, case, credit, decide, draws, package

Way: TypeAlias = tuple[int | None, ...]
RANDOM_CASES = 4_000


def every_way(choices: Sequence[Sequence[int]], left: tuple[int, ...]) -> Iterator[Way]:
    """List every assignment of entitlements to lines that draws no more than what is left."""
    if not choices:
        yield ()
        return
    for rank in (*choices[0], None):
        if rank is None or left[rank]:
            after = tuple(each - (place == rank) for place, each in enumerate(left))
            for rest in every_way(choices[1:], after):
                yield (rank, *rest)


def preference(way: Way) -> tuple[int, list[bool], list[int], list[int]]:
    """Weigh an assignment by the four criteria of D20, one after the other; the least is best."""
    used = sorted(rank for rank in way if rank is not None)
    return (
        -len(used),
        [rank is None for rank in way],
        used,
        [-1 if rank is None else rank for rank in way],
    )


def best_of_all(choices: Sequence[Sequence[int]], left: Sequence[int]) -> list[int | None]:
    """Return the best assignment, by looking at all of them."""
    way: Way = min(every_way(choices, tuple(left)), key=preference)
    return list(way)


def random_question(chance: Random) -> tuple[list[list[int]], list[int]]:
    """Return a small question: few credits, so that lines compete for them."""
    entitlements = chance.randint(1, 5)
    lines = chance.randint(1, 5)
    density = chance.choice([0.3, 0.5, 0.8, 1.0])
    choices = [
        [rank for rank in range(entitlements) if chance.random() < density] for _ in range(lines)
    ]
    return choices, [chance.choice([0, 1, 1, 1, 2, 3]) for _ in range(entitlements)]


def test_the_allocation_is_the_best_of_all() -> None:
    """Thousands of small questions, answered as looking at every assignment does (D07, D20)."""
    chance = Random(20)
    questions = [random_question(chance) for _ in range(RANDOM_CASES)]
    wrong = [each for each in questions if best_of_all(*each) != allocate(*each)]

    assert [] == wrong
    # Lines compete: in a good part of the questions not all of them can be covered.
    assert RANDOM_CASES // 4 < sum(None in allocate(*each) for each in questions)


@given(
    choices=st.lists(st.sets(st.integers(0, 3)).map(sorted), min_size=1, max_size=5),
    left=st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_the_allocation_is_the_best_of_any_small_question(
    choices: list[list[int]], left: list[int]
) -> None:
    """The same of whatever questions hypothesis thinks of."""
    assert best_of_all(choices, left) == allocate(choices, left)


@pytest.mark.parametrize(
    ("choices", "left", "expected"),
    [
        ([[0]], [1], [0]),
        ([[0]], [0], [None]),
        ([[0, 1]], [0, 1], [1]),
        ([[]], [1], [None]),
        ([[0, 1], [0]], [1, 1], [1, 0]),  # the wide line leaves the narrow one its only credit
        ([[0], [0]], [1], [0, None]),  # the earlier line comes first
        ([[0], [0], [1]], [1, 1], [0, None, 1]),  # not all: the first and the third
        ([[1], [0, 1]], [1, 1], [1, 0]),
        ([[0, 1], [0, 1]], [1, 1], [0, 1]),  # each in turn the best that it can
        ([[0, 1, 2], [0, 1], [0]], [1, 1, 1], [2, 1, 0]),
        ([[0, 2], [0, 1]], [1, 1, 1], [0, 1]),  # the credits 0 and 1 are better than 0 and 2
        ([[0, 1], [0, 1], [0, 1]], [2, 1], [0, 0, 1]),
    ],
)
def test_an_allocation_worked_out_by_hand(
    choices: list[list[int]], left: list[int], expected: list[int | None]
) -> None:
    """Small questions whose answer can be seen."""
    assert expected == allocate(choices, left)


@pytest.mark.parametrize("left_of_each", [1, 2, 50])
def test_a_large_booking_gets_the_best_that_is_left(left_of_each: int) -> None:
    """Fifty lines and two hundred packages that all fit: each line gets the best that is left."""
    choices = [list(range(200)) for _ in range(50)]

    assert [line // left_of_each for line in range(50)] == allocate(choices, [left_of_each] * 200)


def test_each_new_line_of_a_chain_pushes_the_earlier_ones_on() -> None:
    """Long paths, one for each line: the last line gets the best credit."""
    size = 150
    choices = [list(range(line, size)) for line in range(size - 1, -1, -1)]

    assert list(range(size - 1, -1, -1)) == allocate(choices, [1] * size)


def test_a_chain_without_an_end_leaves_one_line_uncovered() -> None:
    """One line too many for a chain of credits: the last line of the booking gets none."""
    size = 150
    choices = [[rank, rank + 1] for rank in range(size)] + [[0, size]]
    left = [1] * (size + 1)
    left[size // 2] = 0
    answer = allocate(choices, left)

    assert [size] == [line for line, rank in enumerate(answer) if rank is None]


RANKED: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "the higher priority": ({"priority": 1}, {}),
    "the earlier end": ({"valid_until": START + DAY}, {"valid_until": START + 2 * DAY}),
    "an end before none": ({"valid_until": START + DAY}, {}),
    "the earlier sale": ({"sold_at": NOW - 2 * DAY}, {"sold_at": NOW - DAY}),
    "a known sale before an unknown": ({"sold_at": NOW - DAY}, {}),
    "priority before the end": ({"priority": 1}, {"valid_until": START + DAY}),
    "the end before the sale": ({"valid_until": START + DAY}, {"sold_at": NOW - DAY}),
}


@pytest.mark.parametrize("name", RANKED)
@pytest.mark.parametrize("first", [0, 1])
def test_credits_are_ranked(name: str, first: int) -> None:
    """What makes one package be drawn on before another, its id against it (D20)."""
    better, worse = RANKED[name]
    packages = [package("p2", **better), package("p1", **worse)]

    asked = case(packages=packages if first == 0 else packages[::-1])
    assert [(0, "p2", "facial")] == draws(decide(asked, NO_LIMITS))


def test_the_entitlement_for_fewer_services_is_drawn_first() -> None:
    """The narrow credit goes first, before sale and ids, but after the end of validity (D20)."""
    wide = package("p1", credit("facial", "massage"), sold_at=NOW - DAY)
    narrow = package("p2", credit("facial"))
    ending = package("p3", credit("facial", "massage", "pedicure"), valid_until=START + DAY)

    assert [(0, "p2", "facial")] == draws(decide(case(packages=[wide, narrow]), NO_LIMITS))
    assert [(0, "p3", "facial+massage+pedicure")] == draws(
        decide(case(packages=[wide, narrow, ending]), NO_LIMITS)
    )


def test_ids_decide_where_nothing_else_does() -> None:
    """The package's id, then the entitlement's, so that the same case always draws alike (D20)."""
    packages = [
        package("p2"),
        package("p1", credit("facial", id="b"), credit("facial", id="a")),
    ]

    assert [(0, "p1", "a"), (1, "p1", "b"), (2, "p2", "facial")] == draws(
        decide(case("facial", "facial", "facial", packages=packages), NO_LIMITS)
    )


def test_as_many_of_the_better_credits_are_used_as_can_be() -> None:
    """Two lines step aside, so that neither of the others needs the worst-ranked credits."""
    either, other = [0, 1], [0, 2]

    assert [1, 1, 0, 0] == allocate([either, either, other, other], [2, 2, 2])


@pytest.mark.parametrize(
    "better",
    [
        package("z", priority=1),
        package("z", valid_until=START + DAY),
        package("z", credit("facial", id="z")),
        package("z", credit("facial", "massage"), sold_at=NOW),
        package("a", credit("facial", "massage")),
    ],
    ids=["priority", "ends earlier", "for fewer services", "sold earlier", "id"],
)
def test_the_credit_of_the_highest_rank_is_drawn(better: Package) -> None:
    """Each part of the rank decides when those before it are alike (D20)."""
    other = package("b", credit("facial", "massage"))
    no_limit = rules.TIMELY_2026_03.without(rules.several_active_packages)

    assert [(0, better.id)] == [
        each[:2] for each in draws(decide(case(packages=[other, better]), no_limit))
    ]
