"""Every example in a docstring of the package runs and is true."""

import doctest
import importlib
import pkgutil

import pytest

import pkgredeem

MODULES = ["pkgredeem"] + [
    found.name
    for found in pkgutil.walk_packages(pkgredeem.__path__, "pkgredeem.")
    if not found.name.endswith("__main__")
    # These need the settings of a site: tests/stores/test_django.py runs theirs.
    and not found.name.startswith("pkgredeem.stores.django.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of(name: str) -> None:
    """The examples in this module's docstrings print what they say."""
    module = importlib.import_module(name)

    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0
