"""How much of the wheel each part of the package takes."""

import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.timing import ROOT

KILOBYTE: Final = 1024
CORE: Final = "the core, which is all that `import pkgredeem` loads"
WHOLE: Final = "the whole wheel"


def sizes() -> dict[str, int]:
    """Return the compressed bytes of each part of the wheel, and those of the whole file."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        (wheel,) = Path(folder).glob("*.whl")
        whole = wheel.stat().st_size
        held: Counter[str] = Counter()
        with zipfile.ZipFile(wheel) as archive:
            for each in archive.infolist():
                held[_part(PurePosixPath(each.filename))] += each.compress_size
    return {CORE: held.pop(CORE)} | dict(held.most_common()) | {WHOLE: whole}


def _part(path: PurePosixPath) -> str:
    if path.parts[0] != "pkgredeem":
        return "metadata"
    return CORE if len(path.parts) == len(("pkgredeem", "file")) else f"`pkgredeem.{path.parts[1]}`"
