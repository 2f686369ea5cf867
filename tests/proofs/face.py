"""Part `face`: the public names stay as they were released, and the checkers agree on the types."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.proofs.found import Found

ROOT = Path(__file__).parents[2]
_MOST_TOLD = 1_500
#: Models, their admin and migrations: class attributes that Django reads, and types them openly.
_READ_BY_DJANGO = tuple(
    f"pkgredeem.stores.django.{module}"
    for module in ("admin.", "apps.", "fields.", "migrations.", "models.")
)


class Checked(NamedTuple):
    """What a tool said, for the table, and what it found wrong."""

    said: str
    wrong: str = ""


def prove(seconds: float) -> Found:  # noqa: ARG001 - the checks take what they take
    """Compare the public face with the last release, and ask each type checker."""
    release = last_release()
    checked = {
        "griffe, breaking changes": _griffe(release),
        "pyright, known public types": _completeness(),
        "pyright, strict": _plain("pyright", "--project", "pyproject.toml"),
        "mypy, strict": _plain("mypy", "src"),
        "pyrefly": _pyrefly(),
    }
    compared = f"compared with {release}" if release else "not compared: no release is tagged yet"
    return Found(
        says=(
            "griffe compares the public names and signatures with the last release; pyright says "
            "how many of the public types are known, but for what Django reads from the models "
            "and the admin; three checkers look at the library."
        ),
        figures=(("public face", compared), *((name, each.said) for name, each in checked.items())),
        failures=tuple(f"{name}: {each.wrong}" for name, each in checked.items() if each.wrong),
        open=() if release else ("There is no release yet with which to compare the public face.",),
    )


def last_release() -> str:
    """Return the last tag that this commit comes after, or nothing."""
    return _run("git", "describe", "--tags", "--abbrev=0")[1].strip()


def _griffe(release: str) -> Checked:
    if not release:
        return Checked("no release is tagged yet")
    tool = (sys.executable, "-m", "griffe", "check", "pkgredeem", "-s", "src", "-a", release)
    status, told = _run(*tool)
    return Checked("none") if status == 0 else Checked("found", told)


def _completeness() -> Checked:
    """Ask pyright for the types of public names, but for what Django's stubs leave open."""
    tool = ("pyright", "--verifytypes", "pkgredeem", "--ignoreexternal", "--outputjson")
    _, told = _run(sys.executable, "-m", *tool)
    reported = _json(told)["typeCompleteness"]["symbols"]
    public = [each for each in reported if each["isExported"]]
    ours = [each for each in public if not each["name"].startswith(_READ_BY_DJANGO)]
    unknown = [each["name"] for each in ours if not each["isTypeKnown"] or each["isTypeAmbiguous"]]
    said = f"{1 - len(unknown) / len(ours):.1%} of {len(ours)}"
    return Checked(said, ", ".join(unknown)[:_MOST_TOLD])


def _plain(*tool: str) -> Checked:
    status, told = _run(sys.executable, "-m", *tool)
    return Checked("no error") if status == 0 else Checked("errors", told)


def _pyrefly() -> Checked:
    tool = ("pyrefly", "check", "--config", "tests/proofs/pyrefly.toml", "--output-format", "json")
    status, told = _run(sys.executable, "-m", *tool)
    if status == 0:
        return Checked("no error")
    errors = _json(told)["errors"]
    listed = "; ".join(f"{e['path']}:{e['line']} {e['concise_description']}" for e in errors)
    return Checked(f"{len(errors)} errors", listed)


def _json(told: str) -> dict[str, Any]:
    """Return the object among what a tool told."""
    found: dict[str, Any] = json.loads(told[told.index("{") : told.rindex("}") + 1])
    return found


def _run(*command: str) -> tuple[int, str]:
    """Run a tool in the checkout; return its status, and the end of what it told."""
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if command[0] == "git":
        return told.returncode, told.stdout
    return told.returncode, told.stdout + told.stderr
