"""What is public: every module and every name that callers may import, and what each is for.

A module is public when no part of its path begins with an underscore; of those that Django loads
for itself (models, admin ...) nothing is for callers.
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Final

from sphinx.pycode import ModuleAnalyzer

import pkgredeem
from pkgredeem import Rule
from pkgredeem.clauses import Clause

#: Django loads these by itself; they offer nothing to import.
DJANGOS_OWN: Final = ("admin", "apps", "fields", "migrations", "models")


@cache
def modules() -> tuple[ModuleType, ...]:
    """Return every public module that has public names, the package itself first."""
    found = [pkgredeem]
    for each in pkgutil.walk_packages(pkgredeem.__path__, "pkgredeem."):
        parts = each.name.split(".")
        if any(part.startswith("_") for part in parts) or parts[-1] in DJANGOS_OWN:
            continue
        if "migrations" not in parts:
            found.append(importlib.import_module(each.name))
    return tuple(module for module in found if names(module))


def names(module: ModuleType) -> tuple[str, ...]:
    """Return the public names of a module: its `__all__`, or what it defines or is made to hold."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return tuple(listed)
    return tuple(name for name, value in vars(module).items() if _is_own(module, name, value))


def _is_own(module: ModuleType, name: str, value: object) -> bool:
    if name.startswith("_"):
        return False
    if isinstance(value, Rule):
        return value.condition.__module__ == module.__name__
    if isinstance(value, Clause):
        return True
    if isinstance(value, tuple):
        return bool(comment(name, value))
    return getattr(value, "__module__", None) == module.__name__


@cache
def public_paths() -> Mapping[str, str]:
    """Return, by the path where each public class or function is written, where it is imported."""
    found: dict[str, str] = {}
    for module in modules():
        for name in names(module):
            value = getattr(module, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                found.setdefault(
                    f"{value.__module__}.{value.__qualname__}", f"{module.__name__}.{name}"
                )
    return found


def first_sentence(module: ModuleType, name: str) -> str:
    """Return what a public name is for: of its docstring or its comment the first sentence.

    Raises:
        ValueError: a constant has no comment.
    """
    value = getattr(module, name)
    if isinstance(value, Rule):
        return _first(value.states)
    if isinstance(value, Clause):
        return f"{value.heading[0].upper()}{value.heading[1:]}."
    if inspect.isclass(value) or inspect.isfunction(value) or inspect.ismodule(value):
        return _first(inspect.getdoc(value) or "")
    told = comment(name, value)
    if not told:
        raise ValueError(f"{module.__name__}.{name} has no comment (`#:`) over it")
    return _first(told)


def comment(name: str, value: object) -> str:
    """Return the comment over a constant (`#:`), wherever it is written; empty without one."""
    for where, module in sorted(sys.modules.items()):
        if where.startswith("pkgredeem") and vars(module).get(name) is value:
            found = ModuleAnalyzer.for_module(where).find_attr_docs().get(("", name))
            if found:
                return " ".join(found).strip()
    return ""


def _first(text: str) -> str:
    """Return the first sentence of a text, in one line."""
    one_line = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    sentence, dot, _ = one_line.partition(". ")
    return sentence + "." if dot else one_line
