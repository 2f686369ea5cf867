"""Runs mutmut with one more way to change code: in what SQL says.

It is a script, `python -P tests/proofs/mutating.py run`, that imports nothing of the tests: mutmut
imports them from a copy of its own.
"""

import re
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import libcst as cst
from mutmut.__main__ import cli
from mutmut.mutation import mutators

_SQL = runpy.run_path(str(Path(__file__).with_name("sql.py")))
_BEGINS: re.Pattern[str] = _SQL["BEGINS"]
_changed: Callable[[str], Iterator[str]] = _SQL["changed"]


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


if __name__ == "__main__":
    operators = cast("list[Any]", mutators.mutation_operators)  # it is a list
    operators[:] = [
        (kind, _in_a_string if kind is cst.BaseString else change) for kind, change in operators
    ]
    operators.append((cst.FormattedStringText, _in_a_format))
    sys.path.insert(0, str(Path("mutants").resolve()))  # the tests that mutmut runs
    cli()
