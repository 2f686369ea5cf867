"""The suite and the corpus on other Pythons: `nox -f tests/prove/noxfile.py`.

Sessions are named by version; `tests.prove.pythons` puts every CPython that the machine has on the
path first. Each session installs what `scripts/constraints.txt` pins into an environment of its own.
"""

import os
from pathlib import Path

import nox

ROOT = Path(__file__).parents[2]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
#: What needs no server, no browser and no development tool.
NEEDS = ("attrs", "hypothesis", "pytest", "pytest-xdist", "python-dateutil", "rich", "sybil", "tzdata")
TESTS = tuple(
    f"tests/test_{name}.py"
    for name in (
        "acts",
        "allocation",
        "boundaries",
        "boundaries_of_clocks",
        "checks",
        "clauses",
        "corpus",
        "decision",
        "desk",
        "desk_acts",
        "desk_conflicts",
        "docstrings",
        "documents_answers",
        "documents_broken",
        "documents_json",
        "documents_roundtrip",
        "documents_times",
        "example_cases",
        "explanation",
        "generator",
        "laws",
        "ledger",
        "memory_store",
        "plugin",
        "policy",
        "prove_short",
        "redemption",
        "redemption_document",
        "reschedule",
        "rule_form",
        "rulebooks",
        "rules",
        "scenarios",
        "settlement",
        "sqlite_store",
        "strategies",
        "survivors",
        "values",
    )
)

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False


@nox.session(python=VERSIONS)
def suite(session: nox.Session) -> None:
    """Run the tests of the core and the kit, and the whole corpus, on one Python."""
    os.chdir(ROOT)
    constraints = str(ROOT / "scripts/constraints.txt")
    session.install("--quiet", "--constraint", constraints, *NEEDS, str(ROOT))
    environment = {"PYTHONTZPATH": "", "CI": "1"}
    there = [each for each in TESTS if (ROOT / each).exists()]
    session.run(
        "python", "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *there, env=environment
    )
    session.run(
        "python",
        "-c",
        "from tests.corpus import make; print('digests', *(make.block(n) for n in range(make.BLOCKS)))",
        env=environment,
    )
