"""The names of the verification kit: imported when asked for, where possible without hypothesis."""

import subprocess
import sys
from types import ModuleType

import pytest

from pkgredeem import testing


def test_the_names_are_sorted() -> None:
    """`__all__` is sorted as ruff sorts it: constants, classes, functions."""
    names = testing.__all__
    constants = sorted(name for name in names if name.isupper())
    classes = sorted(name for name in names if name[0].isupper() and not name.isupper())
    functions = sorted(name for name in names if name[0].islower())

    assert [*constants, *classes, *functions] == names


@pytest.mark.parametrize("name", testing.__all__)
def test_every_name_is_there(name: str) -> None:
    """Each name of `__all__` stands for something of that name, or for the tuple of laws."""
    found = getattr(testing, name)

    assert name == ("LAWS" if isinstance(found, tuple) else found.__name__.rpartition(".")[-1])
    assert isinstance(found, ModuleType) is (name in {"generator", "strategies"})


def test_another_name_is_told() -> None:
    """A name that is not there is an AttributeError that names module and name."""
    with pytest.raises(AttributeError, match=r"module 'pkgredeem\.testing' has .* 'laugh'"):
        _ = testing.laugh


def test_hypothesis_is_needed_by_what_draws_cases_alone() -> None:
    """Without hypothesis, every name but `check_laws` and `strategies` can be imported."""
    asked = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from pkgredeem import testing\n"
        "for name in testing.__all__:\n"
        "    try: getattr(testing, name)\n"
        "    except ModuleNotFoundError as error: print(name, error.name)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )

    assert ["check_laws hypothesis", "strategies hypothesis"] == found.stdout.splitlines()
