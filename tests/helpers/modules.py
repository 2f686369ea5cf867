"""The modules of the library as syntax trees, and what each of them imports."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src"


class Imported(NamedTuple):
    """One name that a module imports: the module in which it stands, and the name in there."""

    module: str
    name: str  # empty where the module itself is imported


@cache
def modules() -> Mapping[str, ast.Module]:
    """Return the syntax tree of every module by its full name, the root package first."""
    trees = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        trees[name] = ast.parse(path.read_text(encoding="utf-8"))
    return trees


def room(module: str) -> str:
    """Return the folder or file at the top of the package in which a module stands."""
    return module.split(".")[1] if "." in module else ""


def imports(module: str) -> Iterator[Imported]:
    """Yield all that a module imports of the library, in functions and for annotations too."""
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Import):
            yield from (Imported(name.name, "") for name in node.names if name.name in modules())
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            assert node.module is not None
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                if whole in modules():
                    yield Imported(whole, "")
                elif node.module in modules():
                    yield Imported(node.module, name.name)
