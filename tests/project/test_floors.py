"""The house: six floors, imports one way, and no two modules that import each other."""

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.helpers.modules import SOURCE, imports, modules, room

#: The rooms from the ground up: a module may import what stands on its own floor or below it.
FLOORS = [
    {"exceptions"},
    {"clauses"},
    {"_model"},
    {"rules"},
    {"_engine", "stores"},
    {"_desk"},
    {""},  # the root package, which offers the public names to the edges and to callers
    {"documents"},
    {"testing"},
    {"cli"},
]
FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names}
EDGES = ("documents", "testing", "cli")
#: A ready-made store is written on the public names, as a caller's own store is.
READY_MADE = {"pkgredeem.stores.memory"}
MOST_ROOMS = 14
#: A little more than it has today, so that what makes it grow is looked at.
MOST_LINES = 31_700


def floor_of(module: str) -> int:
    """Return the floor on which a module stands."""
    return FLOOR_OF["documents"] if module in READY_MADE else FLOOR_OF[room(module)]


def is_private(module: str, name: str = "") -> bool:
    """Tell whether a module, or the name in it, begins with an underscore inside its room."""
    return any(part.startswith("_") for part in [*module.split(".")[2:], name])


def test_every_room_has_its_floor() -> None:
    """No room stands outside the list of floors, and none of the list is missing."""
    assert set(FLOOR_OF) == {room(module) for module in modules()}
    assert MOST_ROOMS >= len(FLOOR_OF)


def test_no_two_modules_import_each_other_under_any_guise() -> None:
    """The imports form no circle, those in functions and for annotations included."""
    graph = {
        module: {imported.module for imported in imports(module)} - {module} for module in modules()
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")

    assert set(modules()) == set(order)
    assert 60 < len(order) < sum(map(len, graph.values()))


@pytest.mark.parametrize("module", modules())
def test_imports_go_down(module: str) -> None:
    """A module imports what stands on its own floor or below it, and of its own floor its room."""
    own = floor_of(module)

    assert [] == [
        imported
        for imported in imports(module)
        if floor_of(imported.module) > own
        or (floor_of(imported.module) == own and room(imported.module) != room(module))
    ]


@pytest.mark.parametrize("module", [name for name in modules() if room(name) in EDGES])
def test_an_edge_imports_public_names_of_another(module: str) -> None:
    """What one edge needs of another stands there under a public name."""
    assert [] == [
        imported
        for imported in imports(module)
        if room(imported.module) in EDGES
        and room(imported.module) != room(module)
        and is_private(*imported)
    ]


def test_the_house_is_small() -> None:
    """All of the source is short enough to be read in a week."""
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCE.rglob("*.py"))

    assert MOST_LINES >= lines
