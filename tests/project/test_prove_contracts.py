"""The contracts for CrossHair hold for plain numbers too, and the wrong ones do not."""

import inspect
from collections.abc import Callable
from random import Random
from typing import get_args, get_origin, get_type_hints

import pytest

from tests.proofs import symbolic, wrong

DRAWS = 150


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


@pytest.mark.parametrize("contract", _functions(*symbolic.STATED), ids=lambda made: made.__name__)
def test_a_contract_holds_for_plain_numbers(contract: Callable[..., bool]) -> None:
    """What CrossHair is to show for all inputs is true of some that are drawn."""
    assert [] == _broken(contract)


@pytest.mark.parametrize("contract", _functions(wrong), ids=lambda made: made.__name__)
def test_a_wrong_contract_is_broken_by_plain_numbers(contract: Callable[..., bool]) -> None:
    """The contracts that CrossHair must refute are wrong indeed."""
    assert _broken(contract)
