"""Runs mutmut with one more way to change code, in what SQL says, and with tests collected once.

It is a script, `python -P tests/proofs/mutating.py run`, that imports nothing of the tests: mutmut
imports them from a copy of its own.
"""

import os
import re
import runpy
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, cast

import libcst as cst
import pytest
from _pytest.config import _prepareconfig
from mutmut.__main__ import cli
from mutmut.mutation import mutators
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.trampoline import get_mutant_under_test
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers import isolation

_HERE = Path(__file__)
_SQL = runpy.run_path(str(_HERE.with_name("sql.py")))
_BEGINS: re.Pattern[str] = _SQL["BEGINS"]
_changed: Callable[[str], Iterator[str]] = _SQL["changed"]
_HARMLESS = runpy.run_path(str(_HERE.with_name("harmless.py")))
_STDOUT = 1
#: A test that runs so many times as long as usual, and so many seconds more, will not end.
_TIMES, _SECONDS = 10, 5
#: So many seconds of tests go to a change of which it is known why no test notices it.
_ENOUGH = 10


def _in_a_string(node: cst.BaseString) -> Iterator[cst.BaseString]:
    """Yield what mutmut makes of a text; of SQL, to which case means nothing, what is said here."""
    if not isinstance(node, cst.SimpleString) or _BEGINS.match(node.raw_value) is None:
        yield from mutators.operator_string(node)
        return
    for text in (f"XX{node.raw_value}", *_changed(node.raw_value)):
        yield node.with_changes(value=f"{node.quote}{text}{node.quote}")


def _in_a_format(node: cst.FormattedStringText) -> Iterator[cst.FormattedStringText]:
    if _BEGINS.match(node.value):
        for text in _changed(node.value):
            yield node.with_changes(value=text)


def _is_harmless(name: str) -> bool:
    known: Mapping[object, str] = _HARMLESS["known_as_harmless"]()
    return _HARMLESS["described"](name, get_diff_for_mutant(name)) in known


def _quickest(tests: Sequence[str]) -> list[str]:
    """Return the tests with which to begin; they come in the order of their time."""
    spent = accumulate(state().duration_by_test[name] for name in tests)
    return [name for name, seconds in zip(tests, spent, strict=True) if seconds < _ENOUGH]


def _say_that_time_is_up(_number: int, _frame: object) -> None:
    os.kill(os.getpid(), signal.SIGXCPU)  # as mutmut itself does, after all tests together


class _CollectedOnce(PytestRunner):
    """Collects all tests once, and puts each mutant to those that reach it, the quickest first.

    A process that is forked for a mutant has the tests already: most mutants fall to the first of
    them, and to collect thousands takes longer than to run them.
    """

    items: Mapping[str, pytest.Item]

    def collect(self) -> None:
        """Collect all tests, as pytest does before it runs any."""
        arguments = [*self._pytest_add_cli_args_test_selection, *self._pytest_add_cli_args]
        with change_cwd("mutants"):
            config = _prepareconfig(["--rootdir=.", "--tb=native", "-q", "-s", *arguments])
            config._do_configure()
            session = pytest.Session.from_config(config)
            config.hook.pytest_sessionstart(session=session)
            config.hook.pytest_collection(session=session)
        self.items = {item.nodeid: item for item in session.items}

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """Return what pytest would end with."""
        if not get_mutant_under_test():
            return 0  # all tests have just passed, while it was seen what they reach
        chosen = list(tests)
        if mutant_name is not None and _is_harmless(mutant_name):
            return self._run(_quickest(chosen))
        if mutant_name is None or len(chosen) == len(self.items):  # what imports reach
            return int(super().run_tests(mutant_name=mutant_name, tests=chosen))
        return self._run(chosen)

    def _run(self, chosen: Sequence[str]) -> int:
        """Run these tests until one fails."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)
        items = [self.items[name] for name in chosen]
        signal.signal(signal.SIGPROF, _say_that_time_is_up)
        with change_cwd("mutants"):
            for item, following in zip(items, [*items[1:], None], strict=True):
                usual = state().duration_by_test[item.nodeid]
                signal.setitimer(signal.ITIMER_PROF, _TIMES * usual + _SECONDS)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if item.session.testsfailed:
                    item.session._setupstate.teardown_exact(None)
                    return 1
        return 0


class _Forks(isolation.ForkRunner):
    """Forks for each mutant, when the tests are collected."""

    def startup(self) -> None:
        """Collect them."""
        cast("_CollectedOnce", self.test_runner).collect()
        super().startup()


if __name__ == "__main__":
    operators = cast("list[Any]", mutators.mutation_operators)  # it is a list
    operators[:] = [
        (kind, _in_a_string if kind is cst.BaseString else change) for kind, change in operators
    ]
    operators.append((cst.FormattedStringText, _in_a_format))
    vars(isolation).update(PytestRunner=_CollectedOnce, ForkRunner=_Forks)  # by these names
    sys.path.insert(0, str(Path("mutants").resolve()))  # the tests that mutmut runs
    cli()
