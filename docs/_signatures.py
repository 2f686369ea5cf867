"""How a class is called: with what it takes, which is more than what it stores."""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from sphinx.domains.python import PyObject  # type: ignore[attr-defined]  # not exported by name
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.inspect import object_description

from pkgredeem import rule


def constructor(*told: object) -> tuple[str, str] | None:
    """Return the signature of a value as its class declares it to a type checker.

    It says that any iterable is taken where a tuple is stored; its defaults are those of the
    fields. None for whatever declares nothing beyond its fields.
    """
    what, value, signature = told[1], told[3], told[5]
    if what != "class" or not inspect.isclass(value) or not is_dataclass(value):
        return None
    if isinstance(signature, str) and "Rulebook(name=" in signature:
        return "(rulebook: Rulebook = rules.TIMELY_2026_03)", ""
    declared = _declared(value)
    if declared is None:
        is_made = isinstance(signature, str) and "<factory>" in signature
        return (str(signature).replace("<factory>", "..."), "") if is_made else None
    by_name = {field.name: field for field in fields(value)}
    arguments = [_argument(each, by_name) for each in declared.args[1:]]
    if declared.kwonlyargs:
        arguments += ["*", *(_argument(each, by_name) for each in declared.kwonlyargs)]
    return f"({', '.join(arguments)})", ""


def _declared(value: type) -> ast.arguments | None:
    """Return what `__init__` takes as it is declared under `if TYPE_CHECKING`, or None."""
    (written,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    for node in ast.walk(written):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
                    return inner.args
    return None


def _argument(argument: ast.arg, by_name: Mapping[str, "Field[Any]"]) -> str:
    kind = argument.annotation
    if isinstance(kind, ast.Constant):  # in quotes, since it is not imported when it runs
        kind = ast.parse(str(kind.value), mode="eval").body
    text = f"{argument.arg}: {ast.unparse(kind)}" if kind else argument.arg
    default = by_name[argument.arg].default
    return text if default is MISSING else f"{text} = {object_description(default)}"


def join_overloads() -> None:
    """Let `rule` be told by what it takes, not by its eight overloads for type checkers."""
    analyzer = ModuleAnalyzer.for_module(rule.__module__)
    analyzer.analyze()
    analyzer.overloads.pop("rule")


def say_fields() -> None:
    """Call what a value holds its fields; Sphinx would call them variables."""
    for kind in PyObject.doc_field_types:
        if kind.name == "variable":
            kind.label = "Fields"
