"""What part `mutation` changes: which modules, with which tests, in a copy that mutmut can work on.

mutmut leaves decorated functions alone, and constants outside of functions. So the copy says the
same in other words: a decorator stands below its function, `name = rule(...)(name)` for `@rule`;
a constant that holds SQL is written out where it is used; and `cast(..., value)` is the value.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import libcst as cst

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src/pkgredeem"

#: The folders of `src/pkgredeem` whose modules are mutated: every module that is found there.
FOLDERS = ("_desk", "_engine", "_model", "rules", "stores")
#: What of them is not, each with the reason.
LEFT_OUT: Mapping[str, str] = {
    "stores/django": (
        "Django's settings belong to a whole process, in which the contract on a database takes "
        "a minute: each mutant would take that long"
    ),
    "stores/sqlalchemy/_tables.py": (
        "the tables are made once, when the module is imported, before mutmut changes anything; "
        "tests hold them to what a database makes of them and to Alembic"
    ),
}


class Group(NamedTuple):
    """Modules that are mutated together: where they are, and the quick tests that look at them."""

    places: tuple[str, ...]
    tests: tuple[str, ...]
    without: str = ""


_DESK = (
    "acts",
    "conflicts",
    "every_sequence",
    "exchanges",
    "input",
    "notes",
    "plans_at_the_desk",
    "quotes",
    "redeem",
    "refused_exchanges",
    "repeats",
    "sharing_at_the_desk",
    "versions",
)
_FILES = (
    "contract",
    "contract_of_keys",
    "ledger",
    "memory",
    "sqlite",
    "sqlite_file",
    "sqlite_queue",
    "sqlite_schema",
    "what_is_refused",
)
_SQLALCHEMY = (
    "sqlalchemy_schema",
    "sqlalchemy_engines",
    "sqlalchemy",
    "sqlalchemy_conflicts",
    "sqlalchemy_joined",
    "sqlalchemy_statements",
    "what_is_refused",
    "sqlalchemy_contract",
)
#: PostgreSQL is slow to start and asked of the same statements; a bare Python has no mutmut.
_NEEDS_MORE = "postgres or psycopg or asyncpg or standard_library_alone"
GROUPS: Mapping[str, Group] = {
    "desk": Group(("_desk",), tuple(f"desk/test_{name}.py" for name in _DESK)),
    "stores": Group(
        ("stores", "stores/sqlite"), tuple(f"stores/test_{name}.py" for name in _FILES), _NEEDS_MORE
    ),
    "sqlalchemy": Group(
        ("stores/sqlalchemy",), tuple(f"stores/test_{name}.py" for name in _SQLALCHEMY), _NEEDS_MORE
    ),
    "core": Group(
        ("_engine", "_model", "rules"),
        (
            "model",
            "rules",
            "engine",
            "desk/test_acts.py",
            "desk/test_exchanges.py",
            "desk/test_plans_at_the_desk.py",
            "desk/test_quotes.py",
            "desk/test_redeem.py",
            "desk/test_refused_exchanges.py",
            "desk/test_repeats.py",
            "desk/test_sharing_at_the_desk.py",
            "desk/test_versions.py",
            "docs/test_example_cases.py",
            "documents/test_missing_extra.py",
            "documents/test_quick_reading.py",
            "documents/test_times.py",
            "project/test_prove_short.py",
        ),
    ),
}
#: It reads how the rules are written, which is otherwise in the copy.
_READS_SOURCE = "tests/rules/test_rule_form.py"
_MOVED = frozenset({"contextmanager", "implements", "property", "rule"})
#: How a statement of SQL begins, where that is a constant.
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|WHERE|ORDER BY|-- )")
_never_copied = shutil.ignore_patterns("__pycache__", "_build", ".*")
_CONFIGURATION = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {mutated}
also_copy = ["docs", "scripts"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = {options}
timeout_multiplier = 2.0
track_dependencies = false
use_git_change_detection = false
"""


def modules(group: Group) -> list[str]:
    """Return the modules of a group, as paths in `src/pkgredeem`, those of its folders' folders."""
    found = {
        path.relative_to(HOUSE).as_posix()
        for place in group.places
        for path in (HOUSE / place).glob("*.py")
    }
    return sorted(path for path in found if not is_left_out(path))


def every_module() -> Iterator[str]:
    """Yield every module of the folders that are mutated."""
    for folder in FOLDERS:
        for path in sorted((HOUSE / folder).rglob("*.py")):
            yield path.relative_to(HOUSE).as_posix()


def is_left_out(path: str) -> bool:
    """Tell whether a module is not mutated, by its own path or by its folder's."""
    return any(path == place or path.startswith(f"{place}/") for place in LEFT_OUT)


def make_copy(group: Group, folder: Path, only: Sequence[str] = ()) -> None:
    """Write the folder that mutmut works in: this checkout, in the words that it can change.

    A folder whose mutated modules are as they were keeps what mutmut found in it, and gets the rest
    of this checkout, its tests among it.

    Args:
        group: what is mutated, by which tests.
        folder: where to write.
        only: the modules of the group that are mutated, if not all.
    """
    sources = {path: (HOUSE / path).read_text(encoding="utf-8") for path in only or modules(group)}
    digest = sha256(json.dumps(sources).encode()).hexdigest()
    made_of = folder / "made_of"
    is_kept = made_of.exists() and made_of.read_text(encoding="utf-8") == digest
    if not is_kept:
        shutil.rmtree(folder, ignore_errors=True)

    def not_copied(place: str, names: list[str]) -> set[str]:
        mutated = {name for name in names if _in_the_house(Path(place, name)) in sources}
        return mutated | _never_copied(place, names)

    for target in (folder, folder / "mutants") if is_kept else (folder,):
        for name in ("src", "tests", "docs", "scripts"):
            shutil.copytree(ROOT / name, target / name, ignore=not_copied, dirs_exist_ok=True)
    _write_configuration(group, folder, [f"src/pkgredeem/{path}" for path in sources])
    if not is_kept:
        for path, source in sources.items():
            mutated = folder / "src/pkgredeem" / path
            mutated.write_text(in_other_words(source), encoding="utf-8")
        made_of.write_text(digest, encoding="utf-8")


def _in_the_house(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix() if path.is_relative_to(HOUSE) else ""


def _write_configuration(group: Group, folder: Path, paths: list[str]) -> None:
    configuration = _CONFIGURATION.format(
        mutated=json.dumps(paths),
        tests=json.dumps(tests_of(group)),
        options=json.dumps([*options_of(group), "-p", "tests.proofs.afresh"]),
    )
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(project + configuration, encoding="utf-8")


def tests_of(group: Group) -> list[str]:
    """Return the files and folders of the tests that look at a group."""
    return [f"tests/{path}" for path in group.tests]


def options_of(group: Group) -> list[str]:
    """Return what pytest is told when it runs them."""
    without = ["-k", f"not ({group.without})"] * bool(group.without)
    return ["-p", "no:cacheprovider", "--assert=plain", f"--ignore={_READS_SOURCE}", *without]


def in_other_words(source: str) -> str:
    """Return a module that means the same, in which mutmut finds more to change."""
    module = cst.parse_module(source)
    return module.visit(_WrittenOut(_statements(module))).code


def _statements(module: cst.Module) -> dict[str, cst.BaseExpression]:
    """Return the constants of a module that hold SQL, by name."""
    lines = (line for line in module.body if isinstance(line, cst.SimpleStatementLine))
    named = (part for line in lines for part in line.body if isinstance(part, cst.AnnAssign))
    return {
        part.target.value: part.value
        for part in named
        if isinstance(part.target, cst.Name) and part.value is not None and _is_sql(part.value)
    }


def _is_sql(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.SimpleString):
        return _SQL.match(str(value.evaluated_value)) is not None
    if isinstance(value, cst.FormattedString):
        return value.start == 'f"' and len(value.parts) > 1
    # A statement that SQLAlchemy builds: `_PACKAGES: Final = _packages_and_their_rows()`.
    return isinstance(value, cst.Call) and not value.args and isinstance(value.func, cst.Name)


class _WrittenOut(cst.CSTTransformer):
    """Moves decorators below their functions, and writes out constants and casts inside them."""

    def __init__(self, statements: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._statements = statements
        self._depth = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 - libcst's name
        """Enter a function."""
        del node
        self._depth += 1

    def visit_FormattedString(self, node: cst.FormattedString) -> None:  # noqa: N802 - libcst's name
        """Enter a text in which no other text of several lines may stand."""
        del node
        self._depth -= 1_000

    def visit_Attribute_attr(self, node: cst.Attribute) -> None:  # noqa: N802 - libcst's name
        """Enter the name of an attribute, which is no constant of the module."""
        del node
        self._depth -= 1_000

    def leave_Attribute_attr(self, node: cst.Attribute) -> None:  # noqa: N802 - libcst's name
        """Leave it."""
        del node
        self._depth += 1_000

    def leave_FormattedString(  # noqa: N802 - libcst's name
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.FormattedString:
        """Leave it."""
        del original_node
        self._depth += 1_000
        return updated_node

    def leave_Name(  # noqa: N802 - libcst's name
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.BaseExpression:
        """Put what a constant holds in its place, inside of functions."""
        del original_node
        if self._depth < 1:
            return updated_node
        return self._statements.get(updated_node.value, updated_node)

    def leave_Call(  # noqa: N802 - libcst's name
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        """Put a value in place of `cast(..., value)`."""
        del original_node
        function = updated_node.func
        if isinstance(function, cst.Name) and function.value == "cast":
            return updated_node.args[1].value
        return updated_node

    def leave_FunctionDef(  # noqa: N802 - libcst's name
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        """Put `name = decorator(name)` below a function with one decorator of ours."""
        self._depth -= 1
        if len(original_node.decorators) != 1:
            return updated_node
        decorator = updated_node.decorators[0].decorator
        called = decorator.func if isinstance(decorator, cst.Call) else decorator
        if not isinstance(called, cst.Name) or called.value not in _MOVED:
            return updated_node
        name = updated_node.name
        decorated = cst.Call(decorator, [cst.Arg(name)])
        below = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(name)], decorated)])
        return cst.FlattenSentinel([updated_node.with_changes(decorators=[]), below])
