"""A plugin of pytest for mutmut: a mutant that is reached by imports is imported afresh.

mutmut imports everything once, and then forks for each mutant; what a module has built by then was
built by the functions as they are. So functions that imports reach, and few tests by themselves,
are put to every test, and what they have built is forgotten before.
"""

import sys

import pytest
from mutmut.mutation.trampoline import get_mutant_under_test
from mutmut.state import state

#: What imports reach.
_reached: set[str] = set()
_FEW = 20


def pytest_configure() -> None:
    """Forget what a mutant has to build anew, before any test is imported."""
    mutant = get_mutant_under_test().partition("__mutmut_")[0]
    if mutant in _reached:
        for name in list(sys.modules):
            if name.split(".")[0] in {"pkgredeem", "tests"} and name != __name__:
                del sys.modules[name]


def pytest_collection_finish() -> None:
    """Note what was reached before the first test."""
    if get_mutant_under_test() == "stats":
        _reached.update(state()._stats)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Put what few tests reach to every test."""
    if get_mutant_under_test() != "stats":
        return
    tests = state().tests_by_mangled_function_name
    for function in _reached:
        if len(tests.get(function, ())) < _FEW:
            tests[function] = {item.nodeid for item in session.items}
