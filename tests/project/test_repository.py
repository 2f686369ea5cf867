"""The repository keeps its own house rules: what is where, what is shipped, what is pinned."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from importlib import metadata
from pathlib import Path

import pytest

import pkgredeem
from tests.benchmarks.wheel import CORE, WHOLE, built, sizes

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "docs",
    "pyproject.toml",
    "scripts",
    "src",
    "tests",
}
# In pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted" + ".org",
    "npm" + "js.",
    "yarn" + "pkg.",
    "crates" + ".io",
    "anaconda" + ".org",
    "--" + "index-url",
    "--" + "find-links",
]
MACHINE_PATH = re.compile(r"(?<![\w./~-])/(?:home|Users|root|work)/\w")


def tracked() -> list[Path]:
    """List what git tracks or is about to: everything that is there and not ignored."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def lines_of_text() -> list[tuple[str, str]]:
    """List every line of every tracked text file, each with the place where it stands."""
    found = []
    for path in tracked():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            text = content.decode("utf-8")
            found += [(f"{path}:{n}", line) for n, line in enumerate(text.split("\n"), 1)]
    return found


def test_the_changelog_tells_of_the_version_and_its_decisions_first() -> None:
    """Each release is in the changelog, and begins with the answers that changed."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d[^]]*)\].*\n+(.*)$", text, flags=re.MULTILINE)

    assert pkgredeem.__version__ == releases[0][0]
    assert {"### Decisions"} == {first for _, first in releases}


def test_the_top_level_holds_what_the_design_lists() -> None:
    """Nothing stands at the top that a newcomer would have to wonder about."""
    assert set() == {path.parts[0] for path in tracked()} - TOP_LEVEL


def test_the_core_imports_the_standard_library_only() -> None:
    """With site-packages switched off the core imports, and loads nothing from elsewhere."""
    code = (
        "import sys; sys.path.insert(0, 'src'); before = set(sys.modules); import pkgredeem;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    # sysconfig's own data, a module of the standard library under a name that each platform chooses
    loaded = [name for name in loaded if not name.startswith("_sysconfigdata")]
    assert ["pkgredeem"] == [name for name in loaded if name not in sys.stdlib_module_names]


def test_the_core_depends_on_nothing() -> None:
    """Every dependency belongs to an extra."""
    requirements = metadata.requires("pkgredeem") or []

    assert PROJECT["project"]["dependencies"] == []
    assert [] == [line for line in requirements if "extra ==" not in line]


def test_the_wheel_holds_only_the_package(tmp_path: Path) -> None:
    """The wheel holds the package and its metadata, typed and licensed, and every byte is told."""
    wheel = built(tmp_path)
    info = f"pkgredeem-{pkgredeem.__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        described = Parser().parsestr(archive.read(f"{info}/METADATA").decode())

    of_parts = sizes(wheel)
    whole = of_parts.pop(WHOLE)

    assert {CORE, "metadata"} < set(of_parts)
    assert sum(of_parts.values()) < whole == wheel.stat().st_size
    assert {"pkgredeem", info} == {name.split("/")[0] for name in names}
    assert "pkgredeem/py.typed" in names
    assert {
        "migrations/0001_initial.py",
        "templates/pkgredeem/record.html",
        "static/pkgredeem/admin.css",
    } <= {name.removeprefix("pkgredeem/stores/django/") for name in names}
    assert f"{info}/licenses/LICENSE" in names
    assert described["License-Expression"] == "MIT"
    assert described["Requires-Python"] == ">=3.11"
    assert [] == [name for name in names if name.endswith((".pyc", ".pyo"))]


def test_no_tracked_file_names_a_package_registry() -> None:
    """Where packages come from is for each machine to say."""
    assert [] == [
        place for place, line in lines_of_text() if any(host in line for host in REGISTRIES)
    ]


def test_no_tracked_file_holds_a_path_of_a_machine() -> None:
    """Nothing depends on where the checkout stands."""
    assert [] == [
        place
        for place, line in lines_of_text()
        if MACHINE_PATH.search(line) or (len(ROOT.parts) > 2 and str(ROOT) in line)
    ]


def test_the_constraints_are_versions_only() -> None:
    """Each line pins one name and says nothing of where it comes from."""
    lines = (ROOT / "scripts/constraints.txt").read_text(encoding="utf-8").splitlines()

    assert [] == [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
    assert len(lines) == len({line.partition("==")[0].lower() for line in lines})


def test_everything_that_the_project_names_is_pinned() -> None:
    """No requirement of the project file floats: the checks are the same tomorrow."""

    def plain(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name)[0]).lower()

    text = (ROOT / "scripts/constraints.txt").read_text(encoding="utf-8")
    pinned = {plain(line) for line in text.splitlines()}
    named = PROJECT["dependency-groups"] | PROJECT["project"]["optional-dependencies"]
    wanted = {plain(each) for group in named.values() for each in group}
    wanted |= {plain(each) for each in PROJECT["build-system"]["requires"]}

    assert set() == wanted - pinned - {"pkgredeem"}


def test_every_ruff_ignore_has_a_reason_beside_it() -> None:
    """A rule is switched off for a reason, and the reason stands on the same line."""
    lint = PROJECT["tool"]["ruff"]["lint"]
    ignored = [lint["ignore"], *lint["per-file-ignores"].values()]
    reasons = re.findall(
        r'^    "([A-Z]+\d*)", +# \w+ \w+.*$',
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )

    assert ["ALL"] == lint["select"]
    assert [code for group in ignored for code in group] == reasons


def test_every_suppressed_finding_has_a_reason_beside_it() -> None:
    """A comment that silences ruff in one line says why."""
    silenced = re.compile(r"#\s*(?:ruff:\s*)?noqa\b(?!: [A-Z0-9, ]+ (?:#|-|\() ?\w)")

    assert [] == [
        place
        for place, line in lines_of_text()
        if ".py:" in place and "re.compile" not in line and silenced.search(line)
    ]


@pytest.mark.parametrize("script", ["demo", "test", "fresh", "prove", "bench", "docs", "pin"])
def test_scripts_are_posix_sh_and_executable(script: str) -> None:
    """Each script can be run as it stands and parses as plain sh."""
    path = ROOT / "scripts" / script

    assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert os.access(path, os.X_OK)
    subprocess.run(["sh", "-n", str(path)], check=True)


def test_what_takes_long_is_there_to_be_left_out() -> None:
    """Each path that a run of the tests leaves out, or runs apart, is one of the repository's."""
    script = (ROOT / "scripts/test").read_text(encoding="utf-8")
    named = set(re.findall(r"tests/\w[\w/.]*", script))

    assert "tests/stores/test_django.py" in named
    assert set() == {path for path in named if not (ROOT / path.partition("::")[0]).exists()}


def test_the_checks_take_no_other_word() -> None:
    """A word that the script does not know is an error, and nothing is run."""
    refused = subprocess.run(
        ["./scripts/test", "--quickly"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (2, "") == (refused.returncode, refused.stdout)
    assert "usage: ./scripts/test [--quick | --all]\n" == refused.stderr


def test_every_folder_of_tests_is_described() -> None:
    """CONTRIBUTING says of each folder of tests what is in there, and names no other."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("## Where the tests are")[2].partition("## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    folders = {path.parts[1] for path in tracked() if path.parts[0] == "tests" and path.parts[2:]}

    assert folders == {name for row in rows for name in re.findall("`([a-z]+)`", row)}


def test_nobody_imports_all_of_the_library() -> None:
    """`import *` would hide a salon's own `Service`, `Client`, `Package` or `Booking`."""
    everything = re.compile(r"from pkgredeem\S* import \*(?!  # noqa)")

    assert [] == [place for place, line in lines_of_text() if everything.search(line)]


def test_no_file_of_tests_imports_another() -> None:
    """What several files of tests share stands in `tests/helpers`."""
    imported = re.compile(r"(?:from|import) tests\.\S*\btest_\w+|from tests\.\S+ import test_\w+")

    assert [] == [place for place, line in lines_of_text() if imported.match(line)]


def test_no_path_of_a_test_is_shipped(tmp_path: Path) -> None:
    """Nothing in the wheel names a file of tests, which whoever installs it does not have."""
    with zipfile.ZipFile(built(tmp_path)) as archive:
        named = [
            name
            for name in archive.namelist()
            if re.search(rb"::test_|\btests/[\w/]*test_\w+\.py", archive.read(name))
        ]

    assert [] == named
