"""Part `pythons`: the suite and the corpus on every CPython from 3.11 that the machine has."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.proofs.found import Found, number
from tests.proofs.noxfile import VERSIONS

ROOT = Path(__file__).parents[2]
NOXFILE = Path(__file__).parent / "noxfile.py"
_PASSED = re.compile(r"(\d+) passed")
_MOST_TOLD = 1_500
_WRONG = ("FAILED ", "ERROR ", "record ", "block ")
_ASK = (
    "import sys; v = sys.version_info;"
    "print(sys.implementation.name, f'{v[0]}.{v[1]}', sys.version.split()[0])"
)
_WORDS = 3


def prove(seconds: float) -> Found:
    """Run one nox session for the first Python, and for each other one while there is time."""
    end = time.monotonic() + seconds
    there = interpreters()
    folders = os.pathsep.join(str(path.parent) for path, _ in there.values())
    failures: list[str] = []
    rows: list[tuple[str, str]] = []
    not_reached: list[str] = []
    for version, (_, whole) in there.items():
        if rows and time.monotonic() > end:
            not_reached.append(whole)
            continue
        failure, passed = _run(version, folders)
        if failure:
            failures.append(f"Python {whole}: {failure}")
        corpus = "the corpus differs or was not reached" if failure else "the corpus is equal"
        rows.append((f"Python {whole}", f"{number(passed)} tests passed, {corpus}"))
    missing = [version for version in VERSIONS if version not in there]
    open_ = [f"This machine has no CPython {', '.join(missing)}."] if missing else []
    if not_reached:
        open_.append(f"Not reached in the budget: Python {', '.join(not_reached)}.")
    if len(there) == 1:
        open_.append("This machine has one Python only: nothing was compared between Pythons.")
    return Found(
        says=(
            "nox runs the suite, but for what needs a server, a browser or a development tool, and "
            "all 52,000 answers of the corpus, on every CPython from 3.11 that the machine has, "
            "each in an environment of its own."
        ),
        figures=tuple(rows),
        failures=tuple(failures),
        open=tuple(open_),
    )


def interpreters() -> dict[str, tuple[Path, str]]:
    """Return the CPython of each version that is on the path or that pyenv keeps."""
    found: dict[str, tuple[Path, str]] = {}
    for path in [Path(sys.executable), *_on_path(), *_of_pyenv()]:
        told = subprocess.run(
            [str(path), "-c", _ASK], capture_output=True, text=True, check=False
        ).stdout.split()
        if len(told) == _WORDS and told[0] == "cpython" and told[1] in VERSIONS:
            found.setdefault(told[1], (_named(path, told[1]), told[2]))
    return dict(sorted(found.items()))


def _on_path() -> list[Path]:
    names = (f"python{version}" for version in VERSIONS)
    return [Path(found) for found in map(shutil.which, names) if found]


def _of_pyenv() -> list[Path]:
    root = os.environ.get("PYENV_ROOT", "")
    if not root and shutil.which("pyenv"):
        root = subprocess.run(
            ["pyenv", "root"], capture_output=True, text=True, check=False
        ).stdout.strip()
    if not root:
        return []
    kept = (path for version in VERSIONS for path in Path(root).glob(f"versions/{version}.*"))
    return [path / "bin/python" for path in sorted(kept, reverse=True)]


def _named(path: Path, version: str) -> Path:
    """Return the same interpreter by the name that nox looks for."""
    beside = path.parent / f"python{version}"
    return beside if beside.exists() else path


def _run(version: str, folders: str) -> tuple[str, int]:
    """Run the session of one Python; return what failed, if anything, and how many tests passed."""
    told = subprocess.run(
        [sys.executable, "-m", "nox", "-f", str(NOXFILE), "-s", f"suite-{version}"],
        cwd=ROOT,
        env=os.environ | {"PATH": folders + os.pathsep + os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    output = told.stdout + told.stderr
    passed = sum(int(each) for each in _PASSED.findall(output))
    if told.returncode or not passed:
        wrong = [line for line in output.splitlines() if line.startswith(_WRONG)]
        return " ".join(wrong or output.split())[-_MOST_TOLD:], passed
    return "", passed
