"""The built site, for the tests that look at it."""

import fcntl
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "docs" / "_build" / "html"


@cache
def built() -> Path:
    """Return the folder of the site, built anew where it is not up to date, one build at a time."""
    BUILT.parent.mkdir(exist_ok=True)
    with (BUILT.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"),
                *("docs", str(BUILT)),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert (0, "") == (done.returncode, done.stderr)
    return BUILT
