"""The short form of `./scripts/prove`: each part that needs no great tool, for some seconds."""

import inspect
import itertools
from collections.abc import Callable
from random import Random
from typing import get_args, get_origin, get_type_hints

import pytest

from pkgredeem import PkgRedeemError
from tests.fuzzing import kept
from tests.fuzzing.targets import TARGETS
from tests.prove import (
    cedar,
    contracts,
    contracts_of_credits,
    hostile,
    lattice,
    operations,
    second,
    wrong,
)

STEP = 41
DRAWS = 150
#: They take seconds each, or are refused only for their size.
HEAVY = {
    "a document of 100 MB",
    "10^6 packages in a text",
    "10^6 packages as Python objects",
    "10^6 packages as values",
    "400,000 unknown keys",
    "a count of 10^6 digits, 10^6 services",
}


def test_the_second_implementation_agrees_at_random() -> None:
    """Generated cases, and a few acts on what they book, get the same answers."""
    counts, differences = second.random_batch(0, 400)

    assert [] == differences
    assert 400 == counts["random cases"] + counts["too big for brute force"]


def test_the_second_implementation_agrees_on_the_lattice() -> None:
    """Cases from all over the lattice get the same answers under four rulebooks."""
    counts, differences = second.compare_cases(
        itertools.islice(lattice.every_case(), 0, None, STEP)
    )

    assert [] == differences
    assert 693 == counts["lattice cases"]  # 28,392 of them, by 41, rounded up


def test_the_second_implementation_agrees_on_acts_at_the_boundaries() -> None:
    """Every act at -1, 0 and +1 microsecond from free-until and the start, and again after it."""
    made = list(lattice.every_redemption())[-1]
    counts, differences = second.compare_acts([made])

    assert [] == differences
    assert 1_000 < counts["lattice acts"]


def test_the_policy_engine_agrees() -> None:
    """Cedar decides small cases as the library does, and for the same reasons."""
    assert [] == list(cedar.differences(cedar.SEED, 300))


def _functions(*modules: object) -> list[Callable[..., bool]]:
    return [
        made
        for module in modules
        for made in vars(module).values()
        if inspect.isfunction(made) and "post: _" in (made.__doc__ or "")
    ]


def _drawn(chance: Random, kind: object) -> object:
    if get_origin(kind) is tuple:
        return tuple(_drawn(chance, each) for each in get_args(kind))
    if kind is bool:
        return chance.random() < 0.5
    if get_args(kind):
        return _drawn(chance, chance.choice(get_args(kind)))
    return None if kind is type(None) else chance.choice([0, 0, 1, 1, 2, 3, 7, 1_000, 2_000, 2_001])


def _allows(contract: Callable[..., bool], arguments: dict[str, object]) -> bool:
    stated = [each.strip() for each in (contract.__doc__ or "").splitlines()]
    conditions = [each.removeprefix("pre: ") for each in stated if each.startswith("pre: ")]
    return all(eval(each, {}, arguments) for each in conditions)  # noqa: S307 - the project's own text


def _broken(contract: Callable[..., bool]) -> list[dict[str, object]]:
    """Return the arguments among those drawn that break a contract."""
    chance, hints = Random(contract.__name__), get_type_hints(contract)
    found = []
    for _ in range(DRAWS):
        arguments = {name: _drawn(chance, kind) for name, kind in hints.items() if name != "return"}
        if _allows(contract, arguments) and contract(**arguments) is not True:
            found.append(arguments)
    return found


@pytest.mark.parametrize(
    "contract", _functions(contracts, contracts_of_credits), ids=lambda made: made.__name__
)
def test_a_contract_holds_for_plain_numbers(contract: Callable[..., bool]) -> None:
    """What CrossHair is to show for all inputs is true of some that are drawn."""
    assert [] == _broken(contract)


@pytest.mark.parametrize("contract", _functions(wrong), ids=lambda made: made.__name__)
def test_a_wrong_contract_is_broken_by_plain_numbers(contract: Callable[..., bool]) -> None:
    """The contracts that CrossHair must refute are wrong indeed."""
    assert _broken(contract)


@pytest.mark.parametrize("target", TARGETS)
def test_the_inputs_that_fuzzing_found_are_answered(target: str) -> None:
    """What reached the most code is replayed: nothing but the library's own errors comes out."""
    for data in kept.inputs(target):
        TARGETS[target](data)

    assert 30 < len(kept.inputs(target))


@pytest.mark.parametrize("name", [name for name in hostile.INPUTS if name not in HEAVY])
def test_a_hostile_input_is_refused_with_one_short_error(name: str) -> None:
    """Whatever is handed over, the answer is one error of the library, which can be shown."""
    with pytest.raises(PkgRedeemError) as refused:
        hostile.INPUTS[name]()

    assert len(str(refused.value)) < 600


def test_the_allocation_takes_polynomially_many_steps() -> None:
    """The lines of its code that run are counted: one search for each line and entitlement."""
    counted = [
        (name, operations.steps(question), operations.bound(question))
        for size in (8, 16)
        for name, question in operations.hard_questions(size)
    ]

    assert [] == [each for each in counted if not 0 < each[1] < each[2]]
