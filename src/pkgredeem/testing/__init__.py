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
    from pkgredeem.testing._law import Law, LawBroken
    from pkgredeem.testing._laws import LAWS
    from pkgredeem.testing._memory_store import AsyncMemoryStore, MemoryStore
    from pkgredeem.testing.comparing import Comparison, compare
    from pkgredeem.testing.decision_table import DecisionTable, table
    from pkgredeem.testing.laws import check_laws
    from pkgredeem.testing.reviewing import Review, review
    from pkgredeem.testing.scenarios import (
        Scenario,
        ScenarioFileError,
        ScenarioResult,
        load_scenarios,
        run_scenario,
    )
    from pkgredeem.testing.shadowing import Shadow, shadow
    from pkgredeem.testing.store_contract import AsyncStoreContract, StoreContract

__all__ = [
    "LAWS",
    "AsyncMemoryStore",
    "AsyncStoreContract",
    "Comparison",
    "DecisionTable",
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
    "load_scenarios",
    "review",
    "run_scenario",
    "shadow",
    "table",
]

#: Where each name is defined.
_HOME: Final = {
    "AsyncMemoryStore": "_memory_store",
    "AsyncStoreContract": "store_contract",
    "Comparison": "comparing",
    "DecisionTable": "decision_table",
    "LAWS": "_laws",
    "Law": "_law",
    "LawBroken": "_law",
    "MemoryStore": "_memory_store",
    "Review": "reviewing",
    "Scenario": "scenarios",
    "ScenarioFileError": "scenarios",
    "ScenarioResult": "scenarios",
    "Shadow": "shadowing",
    "StoreContract": "store_contract",
    "check_laws": "laws",
    "compare": "comparing",
    "load_scenarios": "scenarios",
    "review": "reviewing",
    "run_scenario": "scenarios",
    "shadow": "shadowing",
    "table": "decision_table",
}


def __getattr__(name: str) -> object:
    """Import the module that a name is defined in, and return what the name stands for."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
