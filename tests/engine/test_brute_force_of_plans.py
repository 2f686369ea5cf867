"""The allocation with costs and quotas: the best of all assignments, on many small questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TypeAlias

from pkgredeem import UNLIMITED, Entitlement, Package, Unlimited
from pkgredeem._engine.covering import _allocate
from pkgredeem._engine.exact import allocate_exactly
from pkgredeem._engine.quotas import Rooms

Way: TypeAlias = tuple[int | None, ...]
RANDOM_CASES = 100_000
LEFT: list[int | Unlimited] = [0, 1, 2, 3, 4, 5, UNLIMITED]
ENTITLEMENTS = {left: Entitlement(services=["any"], remaining=left) for left in LEFT}
PACKAGES = [
    Package(id=id, client_id="ana", entitlements=[ENTITLEMENTS[1]]) for id in ("p0", "p1", "p2")
]


@dataclass(frozen=True)
class Question:
    """What each line takes of which credit, what is left in each, and what quotas allow."""

    costs: list[dict[int, int]]
    left: list[int | Unlimited]
    package_of: list[int]
    room_of_entitlement: dict[int, int]
    room_of_package: dict[int, int]


class BruteForce:
    """Looks at every assignment that may still be better than the best one seen."""

    def __init__(self, question: Question) -> None:
        """Ask that question."""
        self.costs = question.costs
        self.package_of = question.package_of
        self.left = [99 if units is UNLIMITED else units for units in question.left]
        self.rooms = [question.room_of_entitlement.get(rank, 99) for rank in range(len(self.left))]
        self.places = [question.room_of_package.get(number, 99) for number in range(len(PACKAGES))]
        self.best: tuple[list[bool], list[int], list[int]] | None = None
        self.best_way: Way = ()

    def answer(self) -> list[int | None]:
        """Return the assignment that is best by D63: earlier lines, then ranks, then by line."""
        self._try(())
        return list(self.best_way)

    def _try(self, way: Way) -> None:
        uncovered = [rank is None for rank in way]
        if self.best is not None and uncovered > self.best[0][: len(way)]:
            return
        if len(way) == len(self.costs):
            used = [rank for rank in way if rank is not None]
            key = (uncovered, sorted(used), used)
            if self.best is None or key < self.best:
                self.best, self.best_way = key, way
            return
        for rank, cost in self.costs[len(way)].items():
            package = self.package_of[rank]
            if self.left[rank] >= cost and self.rooms[rank] and self.places[package]:
                self._draw(rank, cost)
                self._try((*way, rank))
                self._draw(rank, -cost)
        self._try((*way, None))

    def _draw(self, rank: int, cost: int) -> None:
        one = 1 if cost > 0 else -1
        self.left[rank] -= cost
        self.rooms[rank] -= one
        self.places[self.package_of[rank]] -= one


def random_question(chance: Random) -> Question:
    """Return a small question: few credits, so that lines compete for them."""
    lines, ranks = chance.choice([1, 2, 2, 3, 3, 4]), chance.choice([1, 2, 3, 3, 4])
    density = chance.choice([0.5, 0.8, 1.0])
    numbers = chance.choice([[1], [1, 2], [1, 2, 3], [2, 3]])
    cost_of = [chance.choice(numbers) for _ in range(ranks)]
    is_mixed = chance.random() < 0.6
    costs = [
        {
            rank: chance.choice(numbers) if is_mixed else cost_of[rank]
            for rank in range(ranks)
            if chance.random() < density
        }
        for _ in range(lines)
    ]
    packages = chance.choice([1, 2, 3])
    of_entitlements, of_packages = chance.choice([0, 0.4]), chance.choice([0, 0.5])
    return Question(
        costs,
        [chance.choice(LEFT) for _ in range(ranks)],
        [chance.randrange(packages) for _ in range(ranks)],
        {
            rank: chance.choice([0, 1, 2])
            for rank in range(ranks)
            if chance.random() < of_entitlements
        },
        {
            number: chance.choice([0, 1, 2, 3])
            for number in range(packages)
            if chance.random() < of_packages
        },
    )


def as_the_engine_does(question: Question) -> list[int | None]:
    """Return what the engine allocates, by whichever of its two ways it takes."""
    ranked = [
        (PACKAGES[number], ENTITLEMENTS[left])
        for number, left in zip(question.package_of, question.left, strict=True)
    ]
    paying = {rank for units in question.costs for rank in units}
    together = [
        (frozenset(rank for rank in paying if question.package_of[rank] == number), room)
        for number, room in question.room_of_package.items()
    ]
    limits = Rooms(
        {rank: room for rank, room in question.room_of_entitlement.items() if rank in paying},
        [(ranks, room) for ranks, room in together if ranks],
    )
    return _allocate(ranked, question.costs, limits)


def by_the_exact_search(question: Question) -> list[int | None]:
    """Return what the exact search allocates, which is never wrong where a matching would do."""
    ranks_of = [
        [rank for rank, number in enumerate(question.package_of) if number == wanted]
        for wanted in range(len(PACKAGES))
    ]
    return allocate_exactly(
        question.costs,
        [None if units is UNLIMITED else units for units in question.left],
        question.room_of_entitlement,
        [(ranks, question.room_of_package.get(number, 9)) for number, ranks in enumerate(ranks_of)],
    )


def without_the_last_line(question: Question) -> Question:
    """Return the same question of all lines but the last."""
    return replace(question, costs=question.costs[:-1])


@cache
def answered() -> Sequence[tuple[Question, list[int | None]]]:
    """Return small questions, each with the best of all its assignments."""
    chance = Random(63)
    questions = [random_question(chance) for _ in range(RANDOM_CASES)]
    return [(question, BruteForce(question).answer()) for question in questions]


def test_the_allocation_is_the_best_of_all() -> None:
    """Costs, what is left, unlimited credits and quotas on both: as every assignment says (D63)."""
    wrong = [question for question, best in answered() if best != as_the_engine_does(question)]

    assert [] == wrong
    # Lines compete: in a good part of the questions not all of them can be covered.
    uncovered = sum(None in best for _, best in answered())
    assert RANDOM_CASES // 4 < uncovered < 3 * RANDOM_CASES // 4


def test_the_exact_search_agrees_where_a_matching_would_do() -> None:
    """Where costs are equal too, earlier lines first is as many as possible (D20, D63)."""
    assert [] == [
        question for question, best in answered() if best != by_the_exact_search(question)
    ]


def test_a_later_line_never_uncovers_an_earlier_one() -> None:
    """Whatever it costs: the lines before it are covered as they would be without it (D63)."""

    def covered(ways: Sequence[int | None]) -> list[bool]:
        return [rank is not None for rank in ways]

    assert [] == [
        question
        for question, best in answered()
        if covered(as_the_engine_does(without_the_last_line(question))) != covered(best)[:-1]
    ]
