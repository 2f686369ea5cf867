"""The examples in the docstrings of the Django store are true, in a site that has its tables."""

import doctest
import importlib
import pkgutil

import pytest

import pkgredeem.stores.django
from tests.helpers.django_contract import empty

MODULES = [
    found.name
    for found in pkgutil.walk_packages(pkgredeem.stores.django.__path__, "pkgredeem.stores.django.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of(name: str) -> None:
    """The examples in this module's docstrings print what they say."""
    empty()

    assert doctest.testmod(importlib.import_module(name)).failed == 0
