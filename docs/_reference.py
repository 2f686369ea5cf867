"""Writes the reference: its index, its constants, and every type under the path that one imports.

What stands in signatures, bases and types by the private module where it is written is told, and
linked to, by its public path.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from docs import _public
from docutils import nodes  # type: ignore[import-untyped]  # it has no types of its own
from sphinx import addnodes
from sphinx.application import Sphinx

from pkgredeem import Rule, Rulebook
from pkgredeem.clauses import Clause

#: The names of Python that signatures use, in the form that Sphinx reads: name, role, place.
PYTHON: Final = Path(__file__).parent / "python.inv"


def index() -> str:
    """Return every public name, module by module, each with its first sentence."""
    parts: list[str] = []
    seen: set[int] = set()
    for module in _public.modules():
        names = [name for name in _public.names(module) if _is_listed(module, name, seen)]
        seen.update(id(getattr(module, name)) for name in names)
        if names:
            rows = "\n".join(_row(module, name) for name in names)
            parts.append(f"## `{module.__name__}`\n\n{rows}")
    return "\n\n".join(parts)


def _is_listed(module: ModuleType, name: str, seen: set[int]) -> bool:
    return hasattr(module, "__all__") or id(getattr(module, name)) not in seen


def _row(module: ModuleType, name: str) -> str:
    return f"- {{py:obj}}`{name} <{target(module, name)}>`: {_public.first_sentence(module, name)}"


def target(module: ModuleType, name: str) -> str:
    """Return the path under which the reference has a public name."""
    value = getattr(module, name)
    if inspect.ismodule(value):
        return value.__name__
    if inspect.isclass(value) or inspect.isfunction(value):
        return _public.public_paths()[f"{value.__module__}.{value.__qualname__}"]
    return f"{module.__name__}.{name}"


def constants(module_name: str, *kinds: type) -> str:
    """Return an entry for each constant of a module that is of one of the kinds."""
    module = import_module(module_name)
    entries = [
        _entry(module, name, value)
        for name in _public.names(module)
        if isinstance(value := getattr(module, name), kinds or object)
        and not (inspect.isclass(value) or inspect.isfunction(value) or inspect.ismodule(value))
    ]
    return "\n".join(["```{eval-rst}", *entries, "```"])


def _entry(module: ModuleType, name: str, value: object) -> str:
    kind = type(value).__name__
    told = _public.first_sentence(module, name)
    if isinstance(value, tuple) and value:
        kind = f"tuple[{type(value[0]).__name__}, ...]"
    if isinstance(value, Rule):
        label = "act" if value.scope == "act" else "rule"
        told = f"{told} :ref:`The whole rule <{label}-{name}>`."
    if isinstance(value, Clause):
        told = f":ref:`{value.id}: {value.heading} <{name.lower()}>`."
    return f".. py:data:: {name}\n   :module: {module.__name__}\n   :type: {kind}\n\n   {told}\n"


#: What a page asks for with a marker, by the name in it.
WRITERS: Final[Mapping[str, Callable[[], str]]] = {
    "api-index": index,
    "data-unlimited": partial(constants, "pkgredeem"),
    "data-rulebooks": partial(constants, "pkgredeem.rules", Rulebook, str, tuple),
    "data-rules": partial(constants, "pkgredeem.rules", Rule),
    "data-article": partial(constants, "pkgredeem.rules.article", tuple),
    "data-plans": partial(constants, "pkgredeem.rules.plans", tuple),
    "data-acts": partial(constants, "pkgredeem.rules.acts"),
    "data-clauses": partial(constants, "pkgredeem.clauses"),
    "data-laws": partial(constants, "pkgredeem.testing"),
    "data-sqlalchemy": partial(constants, "pkgredeem.stores.sqlalchemy"),
}


def python_names() -> Mapping[str, str]:
    """Return the names of Python by their last part: `Iterable` is `collections.abc.Iterable`."""
    lines = PYTHON.read_text(encoding="utf-8").splitlines()
    full = [line.split()[0] for line in lines if not line.startswith("#")]
    return {name.rpartition(".")[2]: name for name in full}


def publish(app: Sphinx, doctree: nodes.document) -> None:
    """Let every type on the page lead to where one imports it, not to where it is written."""
    python = python_names()
    for reference in doctree.findall(addnodes.pending_xref):
        if reference.get("refdomain") == "py":
            path = reference["reftarget"].lstrip("~.")
            public = _public.public_paths().get(path, path)
            reference["reftarget"] = python.get(public, public)
    domain = app.env.domains.python_domain
    for path in [path for path in domain.objects if "._" in path]:
        del domain.objects[path]
