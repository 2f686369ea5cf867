"""What mutation changes: every module of some folders, in words that mutmut can change."""

from pathlib import Path

import pytest

from tests.proofs import sql

mutants = pytest.importorskip("tests.proofs.mutants", reason="libcst rewrites what mutmut changes")

TESTS = Path(__file__).parents[1]


def test_every_module_is_mutated_once_or_left_out_with_a_reason() -> None:
    """A module that is new is found by its folder."""
    grouped = [path for group in mutants.GROUPS.values() for path in mutants.modules(group)]
    left_out = [path for path in mutants.every_module() if mutants.is_left_out(path)]

    assert [*mutants.every_module()] == sorted([*grouped, *left_out])
    assert "stores/sqlite/_commit.py" in grouped
    assert "stores/django/_store.py" in left_out


@pytest.mark.parametrize("place", mutants.LEFT_OUT)
def test_what_is_left_out_is_there(place: str) -> None:
    """A reason for what is gone is gone."""
    assert (mutants.HOUSE / place).exists()


@pytest.mark.parametrize("group", mutants.GROUPS)
def test_the_tests_of_a_group_are_there(group: str) -> None:
    """With a path that is gone nothing would be run."""
    assert [] == [path for path in mutants.GROUPS[group].tests if not (TESTS / path).exists()]


SOURCE = '''\
_FIND: Final = "SELECT 1 FROM package WHERE id = ?"
_NAME: Final = "a name"


@rule(Scope.CLIENT)
def found(connection, package):
    """It is found."""
    return cast("int", connection.execute(_FIND, (package._FIND, _NAME)))


class Store:
    @property
    def name(self):
        return _NAME
'''
IN_OTHER_WORDS = '''\
_FIND: Final = "SELECT 1 FROM package WHERE id = ?"
_NAME: Final = "a name"


def found(connection, package):
    """It is found."""
    return connection.execute("SELECT 1 FROM package WHERE id = ?", (package._FIND, _NAME))
found = rule(Scope.CLIENT)(found)


class Store:
    def name(self):
        return _NAME
    name = property(name)
'''


def test_a_module_means_the_same_in_other_words() -> None:
    """Decorators stand below, SQL stands where it is used, and a cast is its value."""
    assert IN_OTHER_WORDS == mutants.in_other_words(SOURCE)


@pytest.mark.parametrize(
    ("statement", "changed"),
    [
        (
            "SELECT id FROM use WHERE place = ? AND line > 1 ORDER BY number",
            [
                "SELECT id FROM use WHERE place = ? AND line >= 1 ORDER BY number",
                "SELECT id FROM use WHERE place <> ? AND line > 1 ORDER BY number",
                "SELECT id FROM use WHERE place = ? OR line > 1 ORDER BY number",
                "SELECT id FROM use WHERE place = ? AND line > 1",
            ],
        ),
        (
            "UPDATE package SET version = version + 1 WHERE id = ?",
            [
                "UPDATE package SET version = version + 1 WHERE id <> ?",
                "UPDATE package SET version = version - 1 WHERE id = ?",
            ],
        ),
        (
            "CREATE TABLE a (\n    b INTEGER CHECK (b >= 0) UNIQUE,\n    PRIMARY KEY (b)\n)",
            [
                "CREATE TABLE a (\n    b INTEGER CHECK (b > 0) UNIQUE,\n    PRIMARY KEY (b)\n)",
                "CREATE TABLE a (\n    b INTEGER UNIQUE,\n    PRIMARY KEY (b)\n)",
                "CREATE TABLE a (\n    b INTEGER CHECK (b >= 0) UNIQUE\n)",
                "CREATE TABLE a (\n    b INTEGER CHECK (b >= 0),\n    PRIMARY KEY (b)\n)",
            ],
        ),
    ],
    ids=["select", "update", "create"],
)
def test_sql_is_changed_in_one_thing_at_a_time(statement: str, changed: list[str]) -> None:
    """Boundaries, conditions, sums, orders, and what a table refuses."""
    assert sql.BEGINS.match(statement)
    assert changed == [*sql.changed(statement)]


def test_a_copy_keeps_what_was_found_in_it_until_its_modules_change(tmp_path: Path) -> None:
    """The rest of the checkout is copied again, also to where mutmut has its own copy of it."""
    group, found = mutants.GROUPS["desk"], tmp_path / "mutants/found"
    mutants.make_copy(group, tmp_path)
    changed = (tmp_path / "src/pkgredeem/_desk/desk.py").read_text(encoding="utf-8")
    found.parent.mkdir()
    found.touch()

    mutants.make_copy(group, tmp_path)
    assert found.exists()
    assert (tmp_path / "mutants/tests/project/test_prove_mutants.py").exists()
    assert not (tmp_path / "mutants/src/pkgredeem/_desk/desk.py").exists()
    assert changed == (tmp_path / "src/pkgredeem/_desk/desk.py").read_text(encoding="utf-8")

    mutants.make_copy(group, tmp_path, ["_desk/desk.py"])
    assert not found.exists()
