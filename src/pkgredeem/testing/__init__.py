"""The verification kit: prove your own policy, your own rules and your own store right.

An edge: it needs the extra `testing` (hypothesis, pytest, and the extra `documents`). A name is
imported when it is first asked for, so that what needs no hypothesis works without it.

>>> from pkgredeem import RedemptionPolicy
>>> from pkgredeem.testing import check_laws
>>> check_laws(RedemptionPolicy(), examples=20)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pkgredeem.stores.memory import AsyncMemoryStore, MemoryStore
    from pkgredeem.testing.cases import generator, strategies
    from pkgredeem.testing.comparison._compare import compare
    from pkgredeem.testing.comparison._comparison import Comparison
    from pkgredeem.testing.comparison._review import Review, review
    from pkgredeem.testing.comparison._shadow import Shadow, shadow
    from pkgredeem.testing.contract._contract import AsyncStoreContract, StoreContract
    from pkgredeem.testing.laws._check import check_laws
    from pkgredeem.testing.laws._law import Law, LawBroken
    from pkgredeem.testing.laws._laws import LAWS
    from pkgredeem.testing.scenarios._run import (
        Scenario,
        ScenarioFileError,
        ScenarioResult,
        load_scenarios,
        run_scenario,
    )

__all__ = [
    "LAWS",
    "AsyncMemoryStore",
    "AsyncStoreContract",
    "Comparison",
    "Law",
    "LawBroken",
    "MemoryStore",
    "Review",
    "Scenario",
    "ScenarioFileError",
    "ScenarioResult",
    "Shadow",
    "StoreContract",
    "check_laws",
    "compare",
    "generator",
    "load_scenarios",
    "review",
    "run_scenario",
    "shadow",
    "strategies",
]

#: The room of the two modules among the names.
_CASES: Final = "pkgredeem.testing.cases"

#: Where each name is defined.
_HOME: Final = {
    "AsyncMemoryStore": "pkgredeem.stores.memory",
    "AsyncStoreContract": "pkgredeem.testing.contract._contract",
    "Comparison": "pkgredeem.testing.comparison._comparison",
    "LAWS": "pkgredeem.testing.laws._laws",
    "Law": "pkgredeem.testing.laws._law",
    "LawBroken": "pkgredeem.testing.laws._law",
    "MemoryStore": "pkgredeem.stores.memory",
    "Review": "pkgredeem.testing.comparison._review",
    "Scenario": "pkgredeem.testing.scenarios._run",
    "ScenarioFileError": "pkgredeem.testing.scenarios._run",
    "ScenarioResult": "pkgredeem.testing.scenarios._run",
    "Shadow": "pkgredeem.testing.comparison._shadow",
    "StoreContract": "pkgredeem.testing.contract._contract",
    "check_laws": "pkgredeem.testing.laws._check",
    "compare": "pkgredeem.testing.comparison._compare",
    "generator": _CASES,
    "load_scenarios": "pkgredeem.testing.scenarios._run",
    "review": "pkgredeem.testing.comparison._review",
    "run_scenario": "pkgredeem.testing.scenarios._run",
    "shadow": "pkgredeem.testing.comparison._shadow",
    "strategies": _CASES,
}


def __getattr__(name: str) -> object:
    """Import the module that a name is defined in, and return what the name stands for."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if home == _CASES:
        return import_module(f"{home}.{name}")
    return getattr(import_module(home), name)
