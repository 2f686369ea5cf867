"""`./scripts/docs --of TAG` builds the site of what was tagged, not of what stands in the checkout.

It is tried in a clone, so that nothing in the checkout is removed. The Python that it starts is one
that only tells how it was started: the site itself is built by `tests/docs/test_site.py`.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TELLS = """#!/bin/sh
case "$*" in *sphinx*) echo "$*"; echo "$PYTHONPATH"; ls -A | tr '\\n' ' '; echo ;; esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Another checkout of the same commit, with the scripts of this one."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    other = tmp_path / "checkout"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", ROOT, other], check=True)
    shutil.copytree(ROOT / "scripts", other / "scripts", dirs_exist_ok=True)
    return other


def docs(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script there with an environment that holds nothing but that Python."""
    folder = checkout.parent
    (folder / "temporary").mkdir()
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(TELLS, encoding="utf-8")
    python.chmod(0o755)
    return subprocess.run(
        ["./scripts/docs", *words],
        cwd=checkout,
        env=os.environ | {"VENV": str(folder / "venv"), "TMPDIR": str(folder / "temporary")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_site_of_a_commit_is_built_from_its_own_files(checkout: Path) -> None:
    """Pages and library are those of the commit, in a folder that is gone afterwards."""
    temporary = checkout.parent / "temporary"
    (checkout / "new.txt").touch()  # which no commit holds
    done = docs(checkout, "--of", "HEAD")
    listed = ["git", "ls-tree", "--name-only", "HEAD"]
    tree = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert 0 == done.returncode, done.stderr
    sphinx, path, there, told = done.stdout.splitlines()[-4:]
    assert ["docs", f"{checkout}/docs/_build/HEAD"] == sphinx.split()[-2:]
    assert ("src", temporary) == (Path(path).name, Path(path).parents[1])
    assert sorted(tree.split()) == sorted(there.split())
    assert "the site of HEAD is built without a warning: docs/_build/HEAD" == told
    assert [] == list(temporary.iterdir())


def test_what_was_never_tagged_has_no_site(checkout: Path) -> None:
    """A name that git doesn't know is told, and nothing is built."""
    done = docs(checkout, "--of", "v99.99.99")

    assert (2, "") == (done.returncode, done.stdout)
    assert "there is no tag or commit v99.99.99\n" == done.stderr
