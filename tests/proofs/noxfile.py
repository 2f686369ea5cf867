"""The suite and the corpus on other Pythons: `nox -f tests/proofs/noxfile.py`.

Each session has an environment of its own, with what `scripts/constraints.txt` pins.
`tests.proofs.pythons` puts every CPython that the machine has on the path first.
"""

import os
from pathlib import Path

import nox

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
NEEDS = (
    "attrs",
    "cedarpy",
    "hypothesis",
    "jsonschema",
    "pytest",
    "pytest-xdist",
    "rich",
    "sybil",
    "tzdata",
)
#: They need a server, a browser or a development tool, or look at the checkout and not at a Python.
LEFT_OUT = (
    "cli/test_*process.py",
    "cli/test_*replay*.py",
    "docs/test_docstrings.py",
    "docs/test_explorer.py",
    "docs/test_import_csv.py",
    "docs/test_miniapps.py",
    "docs/test_pages.py",
    "docs/test_replay_on_dask.py",
    "docs/test_salon.py",
    "docs/test_site.py",
    "docs/test_translations.py",
    "project/test_against.py",
    "project/test_prove_mutants.py",
    "project/test_prove_run.py",
    "project/test_public_names.py",
    "project/test_repository.py",
    "rules/test_design.py",
    "stores/test_django.py",
    "stores/test_postgres*.py",
    "stores/test_races_and_kills.py",
    "stores/test_sqlalchemy*.py",
)

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.envdir = str(ROOT / ".nox")
nox.options.error_on_missing_interpreters = False


@nox.session(python=VERSIONS)
def suite(session: nox.Session) -> None:
    """Run the tests of the core and the kit, and compare the whole corpus, on one Python."""
    os.chdir(ROOT)
    constraints = str(ROOT / "scripts/constraints.txt")
    session.install("--quiet", "--constraint", constraints, *NEEDS, "--editable", str(ROOT))
    environment = {"PYTHONTZPATH": "", "CI": "1", "HYPOTHESIS_PROFILE": "same"}
    options = ("-q", "--tb=line", "-n", "2", "-p", "no:cacheprovider")
    left_out = tuple(f"--ignore-glob=tests/{path}" for path in LEFT_OUT)
    session.run("python", "-m", "pytest", *options, *left_out, "tests", env=environment)
    session.run("python", "-m", "tests.oracle.corpus.make", "--check", env=environment)
