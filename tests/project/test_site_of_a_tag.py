"""`./scripts/docs --of TAG` builds the site of what was tagged, not of what stands in the checkout.

The Python that it starts is one that only tells how it was started: the site itself is built by
`tests/docs/test_site.py`.
"""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TELLS = """#!/bin/sh
case "$*" in *sphinx*) echo "$*"; echo "$PYTHONPATH"; ls -A | tr '\\n' ' '; echo ;; esac
"""


def docs(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script with an environment that holds nothing but that Python."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(TELLS, encoding="utf-8")
    python.chmod(0o755)
    return subprocess.run(
        ["./scripts/docs", *words],
        cwd=ROOT,
        env=os.environ | {"VENV": str(folder / "venv"), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_site_of_a_commit_is_built_from_its_own_files(tmp_path: Path) -> None:
    """Pages and library are those of the commit, in a folder that is gone afterwards."""
    done = docs(tmp_path, "--of", "HEAD")
    listed = ["git", "ls-tree", "--name-only", "HEAD"]
    tree = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert 0 == done.returncode, done.stderr
    sphinx, path, there, told = done.stdout.splitlines()[-4:]
    assert ["docs", f"{ROOT}/docs/_build/HEAD"] == sphinx.split()[-2:]
    assert ("src", tmp_path) == (Path(path).name, Path(path).parents[1])
    assert sorted(tree.split()) == sorted(there.split())
    assert "the site of HEAD is built without a warning: docs/_build/HEAD" == told
    assert ["venv"] == [each.name for each in tmp_path.iterdir()]


def test_what_was_never_tagged_has_no_site(tmp_path: Path) -> None:
    """A name that git doesn't know is told, and nothing is built."""
    done = docs(tmp_path, "--of", "v99.99.99")

    assert (2, "") == (done.returncode, done.stdout)
    assert "there is no tag or commit v99.99.99\n" == done.stderr
