"""The suite and the corpus on other Pythons: `nox -f tests/proofs/noxfile.py`.

Each session has an environment of its own, with what `scripts/constraints.txt` pins.
`tests.proofs.pythons` puts every CPython that the machine has on the path first.
"""

import os
import re
from pathlib import Path

import nox

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
#: They need a browser, a server or what draws the site, or look at the checkout and at no Python.
LEFT_OUT = (
    "tests/docs/test_docstrings.py",
    "tests/docs/test_explorer.py",
    "tests/docs/test_pages.py",
    "tests/docs/test_reference.py",
    "tests/docs/test_replay_on_dask.py",
    "tests/docs/test_salon.py",
    "tests/docs/test_site.py",
    "tests/docs/test_translations.py",
    "tests/project",
    "tests/rules/test_design.py",
    "tests/stores/test_postgres*.py",
)
#: What takes long, by the name that it has there: whole databases, and thousands of cases.
LONG = re.compile(r"^long='([^']+)'", re.MULTILINE)

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.envdir = str(ROOT / ".nox")
nox.options.error_on_missing_interpreters = False


@nox.session(python=VERSIONS)
def suite(session: nox.Session) -> None:
    """Run the tests of the core and the kit, and compare the whole corpus, on one Python."""
    os.chdir(ROOT)
    constraints = ("--quiet", "--constraint", str(ROOT / "scripts/constraints.txt"))
    session.install(*constraints, "--upgrade", "pip")  # an older one knows no groups
    session.install(*constraints, "--group", "test", "--editable", str(ROOT))
    environment = {"PYTHONTZPATH": "", "CI": "1", "HYPOTHESIS_PROFILE": "same"}
    options = ("-q", "--tb=line", "-n", "2", "-p", "no:cacheprovider")
    found = LONG.search((ROOT / "scripts/test").read_text(encoding="utf-8"))
    assert found, "scripts/test names what takes long"
    left_out = tuple(f"--ignore-glob={path}" for path in (*LEFT_OUT, *found[1].split()))
    session.run("python", "-m", "pytest", *options, *left_out, "tests", env=environment)
    session.run("python", "-m", "tests.oracle.corpus.make", "--check", env=environment)
