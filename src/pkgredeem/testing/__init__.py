"""The verification kit: prove your own policy, your own rules and your own store right.

An edge: it needs the extra `testing` (hypothesis, pytest, and the extra `documents`). A name is
imported when it is first asked for, so that what needs no hypothesis works without it.

>>> from pkgredeem import RedemptionPolicy
>>> from pkgredeem.testing import check_laws
>>> check_laws(RedemptionPolicy(), examples=20)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from pkgredeem._model.extras import extra

if TYPE_CHECKING:
    from pkgredeem.stores.memory import AsyncMemoryStore, MemoryStore
    from pkgredeem.testing.cases import generator, strategies
    from pkgredeem.testing.comparison._compare import compare
    from pkgredeem.testing.comparison._comparison import Comparison, Difference, Witness
    from pkgredeem.testing.comparison._review import Review, review
    from pkgredeem.testing.comparison._shadow import Disagreement, Shadow, shadow
    from pkgredeem.testing.contract._contract import AsyncStoreContract, StoreContract
    from pkgredeem.testing.contract._limits import Limit
    from pkgredeem.testing.laws._check import LAWS, Law, LawBroken, check_laws
    from pkgredeem.testing.scenarios._run import (
        Mismatch,
        Scenario,
        ScenarioFileError,
        ScenarioResult,
        Step,
        load_scenarios,
        run_scenario,
    )

__all__ = [
    "LAWS",
    "AsyncMemoryStore",
    "AsyncStoreContract",
    "Comparison",
    "Difference",
    "Disagreement",
    "Law",
    "LawBroken",
    "Limit",
    "MemoryStore",
    "Mismatch",
    "Review",
    "Scenario",
    "ScenarioFileError",
    "ScenarioResult",
    "Shadow",
    "Step",
    "StoreContract",
    "Witness",
    "check_laws",
    "compare",
    "generator",
    "load_scenarios",
    "review",
    "run_scenario",
    "shadow",
    "strategies",
]

#: The modules that define the names: those that need least are looked at first.
_MODULES: Final = (
    "pkgredeem.stores.memory",
    "pkgredeem.testing.contract._limits",
    "pkgredeem.testing.contract._contract",
    "pkgredeem.testing.scenarios._run",
    "pkgredeem.testing.comparison._shadow",
    "pkgredeem.testing.comparison._compare",
    "pkgredeem.testing.comparison._review",
    "pkgredeem.testing.laws._law",
    "pkgredeem.testing.laws._laws",
    "pkgredeem.testing.laws._check",
)


def __getattr__(name: str) -> object:
    """Import modules until one defines the name, and return what the name stands for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with extra("testing"):
        if name in {"generator", "strategies"}:
            return import_module(f"pkgredeem.testing.cases.{name}")
        modules = map(import_module, _MODULES)
        return next(vars(module)[name] for module in modules if name in vars(module))
