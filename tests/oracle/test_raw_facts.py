"""The second implementation and Cedar are asked raw facts: nothing that the library computed.

A bare value holds the fields that somebody hands in, and no property or method; what a question
would take besides is not there.
"""

import ast
import inspect
from dataclasses import fields, is_dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from pkgredeem import Case, Redemption, rules
from tests.helpers.chance import random_case, random_history
from tests.oracle import plain
from tests.proofs import cedar

CASES = 400


def bare(value: Any) -> Any:  # noqa: ANN401 - any value of the library
    """Return a value without what it computes: the fields that are handed in, all the way down."""
    if is_dataclass(value) and not isinstance(value, type):
        handed_in = [each.name for each in fields(value) if each.init]
        return SimpleNamespace(**{name: bare(getattr(value, name)) for name in handed_in})
    return tuple(map(bare, value)) if isinstance(value, tuple) else value


def random_cases() -> list[Case]:
    """Return cases at random, many with plans, and with a redemption that exists."""
    return [random_case(Random(seed)) for seed in range(CASES)]


def random_redemptions() -> list[Redemption]:
    """Return redemptions that were booked, moved, ended and forgiven."""
    return [
        change.after
        for seed, case in enumerate(random_cases())
        if case.packages
        for change in random_history(Random(seed), case.booking, case.packages, "ana")
    ]


def test_a_bare_value_computes_nothing() -> None:
    """It has the fields of the value, and neither its properties nor what it keeps of them."""
    package = bare(next(case.packages[0] for case in random_cases() if case.packages))

    assert package.id == "p0"
    assert [name for name in ("beyond", "end", "has_credit") if hasattr(package, name)] == []


def test_the_second_implementation_is_asked_raw_facts() -> None:
    """A case is written the same from its bare fields, with packages, plans and redemptions."""
    asked = random_cases()

    assert [plain.case_doc(bare(case)) for case in asked] == [*map(plain.case_doc, asked)]
    assert sum(any(package.uses for package in case.packages) for case in asked) > CASES // 20
    assert sum(case.existing is not None for case in asked) > CASES // 20


def test_what_happened_is_told_in_raw_facts() -> None:
    """A redemption is written the same from its bare fields, whatever was done to it."""
    found = random_redemptions()

    assert [plain.redemption_doc(bare(each)) for each in found] == [
        *map(plain.redemption_doc, found)
    ]
    assert sum(bool(each.reschedules) for each in found) > CASES // 20


@pytest.mark.parametrize("action", [action for _, action in cedar.RULEBOOKS])
def test_cedar_is_asked_raw_facts(action: str) -> None:
    """A request is the same from the bare fields of a case."""
    asked = [*cedar.small_cases(1, 100)]

    assert [cedar.request(bare(case), action) for case in asked] == [
        cedar.request(case, action) for case in asked
    ]


def test_what_cedar_leaves_out_is_told_by_raw_facts() -> None:
    """Whether a package asks for more than the article does is seen in its bare fields."""
    packages = [package for case in random_cases() for package in case.packages]
    asks_more = [cedar.asks_more(package) for package in packages]

    assert [cedar.asks_more(bare(package)) for package in packages] == asks_more
    assert min(asks_more.count(True), asks_more.count(False)) > CASES // 10


def test_no_request_is_made_of_what_the_library_says() -> None:
    """No function that makes a request names anything of the library, but for its annotations."""
    tree = ast.parse(inspect.getsource(cedar))
    imported = {
        each.asname or each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pkgredeem")
        for each in node.names
    }
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    named = {
        name.id
        for function in ("request", "asks_more", "_is_limited", "_entitlement", "_number")
        for statement in functions[function].body
        for name in ast.walk(statement)
        if isinstance(name, ast.Name)
    }

    assert {"Case", "Package", "Entitlement", "rules", "RedemptionPolicy"} <= imported
    assert named & imported == set()


def test_the_policies_hold_their_own_dates() -> None:
    """The two dates of T02 stand in the policies, as numbers, and nowhere in what asks them."""
    assert [str(day) in cedar.POLICIES for day in (20260331, 20260429)] == [True, True]
    assert rules.TIMELY_2026_03.starts_enabled_after is not None
    assert "starts_enabled_after" not in inspect.getsource(cedar)
