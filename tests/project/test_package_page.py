"""What the package says of itself on an index: its page and its links, and where its version is."""

import importlib.util
import re
import tomllib
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

import pkgredeem

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "https://example.org/salons/pkgredeem"
RELATIVE = re.compile(r"\]\((?!https://)[^)]*\)")


@pytest.fixture(scope="module")
def package_metadata() -> ModuleType:
    """Return the module that hatchling asks, which is no part of the package."""
    path = ROOT / PROJECT["tool"]["hatch"]["metadata"]["hooks"]["custom"]["path"]
    spec = importlib.util.spec_from_file_location("package_metadata", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_version_stands_in_one_place() -> None:
    """`pkgredeem.__version__` is what was installed, and the project file holds no other."""
    assert metadata.version("pkgredeem") == pkgredeem.__version__
    assert "version" in PROJECT["project"]["dynamic"]


def test_without_an_address_nothing_is_linked_to(package_metadata: ModuleType) -> None:
    """A link that leads to a file of the repository is its words alone, and no link is made up."""
    text = "[one file](src/rules.py), [Python](https://example.org), [here](#install), `[T07 D03]`"

    assert "one file, [Python](https://example.org), [here](#install), `[T07 D03]`" == (
        package_metadata.readme(text, "", "1.2.3")
    )
    assert {} == package_metadata.urls("", "1.2.3")
    assert [] == RELATIVE.findall(package_metadata.readme(README, "", "1.2.3"))


def test_with_an_address_every_link_leads_there(package_metadata: ModuleType) -> None:
    """Links lead to the files as they were when the version was tagged, anchors included."""
    text = "[one file](src/rules.py), [SQLite](docs/database.md#one-file)"

    assert (
        f"[one file]({ADDRESS}/blob/v1.2.3/src/rules.py), "
        f"[SQLite]({ADDRESS}/blob/v1.2.3/docs/database.md#one-file)"
    ) == package_metadata.readme(text, f"{ADDRESS}/", "1.2.3")
    assert {
        "Repository": ADDRESS,
        "Changelog": f"{ADDRESS}/blob/v1.2.3/CHANGELOG.md",
        "Documentation": f"{ADDRESS}/blob/v1.2.3/docs/index.md",
    } == package_metadata.urls(f"{ADDRESS}/", "1.2.3")
    assert [] == RELATIVE.findall(package_metadata.readme(README, ADDRESS, "1.2.3"))


def test_the_links_that_are_made_lead_to_files(package_metadata: ModuleType) -> None:
    """What the package's page links to is in the repository."""
    made = package_metadata.urls("https://example.org", "1").values()
    paths = [url.partition("/blob/v1/")[2] for url in made]

    assert [] == [path for path in paths if not (ROOT / path).exists()]


def test_the_readme_is_short() -> None:
    """It has less than 150 lines."""
    assert 150 > len(README.splitlines())


def test_the_address_is_empty_until_there_is_one() -> None:
    """Nothing about where the project lives is made up."""
    assert "" == PROJECT["tool"]["pkgredeem"]["repository"]
