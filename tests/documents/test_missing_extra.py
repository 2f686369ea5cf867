"""Without the packages of an extra, importing from Python tells the line that installs them."""

import subprocess
import sys

import pytest


def import_without(package: str, statement: str) -> str:
    """Run an import where that package is missing, and return what the ImportError says."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"try: {statement}\n"
        "except ImportError as error: print(type(error).__name__, error.name, error, sep='|')\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(
    ("package", "statement", "extra"),
    [
        ("attrs", "import pkgredeem.documents", "documents"),
        ("attrs", "import pkgredeem.documents.replay", "documents"),
        ("hypothesis", "from pkgredeem.testing import check_laws", "testing"),
        ("hypothesis", "from pkgredeem.testing import strategies", "testing"),
        ("attrs", "from pkgredeem.testing import load_scenarios", "testing"),
        ("sqlalchemy", "import pkgredeem.stores.sqlalchemy", "sqlalchemy"),
        ("django", "from pkgredeem.stores.django import DjangoStore", "django"),
    ],
)
def test_the_error_tells_the_line_that_installs_the_extra(
    package: str, statement: str, extra: str
) -> None:
    """It is a ModuleNotFoundError, names the package, and says which extra brings it."""
    told = import_without(package, statement)
    kind, name, text = told.split("|")

    assert ("MissingExtraError", package) == (kind, name.partition(".")[0])
    assert f"{package} is not installed: run\n\n    pip install 'pkgredeem[{extra}]'\n\n" == text


def test_what_is_broken_in_this_library_is_no_missing_extra() -> None:
    """A module of ours that is missing is told as it is."""
    told = import_without("pkgredeem.documents._reader", "import pkgredeem.documents")

    assert told.startswith("ModuleNotFoundError|pkgredeem.documents._reader|import of ")


def test_the_core_needs_no_extra() -> None:
    """`import pkgredeem` is silent where nothing of any extra is installed."""
    assert "" == import_without("attrs", "import pkgredeem, pkgredeem.cli, pkgredeem.testing")
