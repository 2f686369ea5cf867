"""How much of the wheel each part of the package takes."""

import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Final

from tests.benchmarks.timing import ROOT

KILOBYTE: Final = 1024
_OF_CORE: Final = frozenset({"_desk", "_engine", "_model", "clauses", "rules"})
CORE: Final = "the core: values, rules, engine and desk"
WHOLE: Final = "the whole wheel"


def built(folder: Path) -> Path:
    """Return the wheel of this checkout, built into that folder, the same bytes each time."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1772323200"},
        capture_output=True,
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def sizes(wheel: Path) -> dict[str, int]:
    """Return the compressed bytes of each part of the wheel, and those of the whole file."""
    held: Counter[str] = Counter()
    with zipfile.ZipFile(wheel) as archive:
        for each in archive.infolist():
            held[_part(PurePosixPath(each.filename))] += each.compress_size
    return {CORE: held.pop(CORE)} | dict(held.most_common()) | {WHOLE: wheel.stat().st_size}


def _part(path: PurePosixPath) -> str:
    if path.parts[0] != "pkgredeem":
        return "metadata"
    if len(path.parts) == len(("pkgredeem", "file")) or path.parts[1] in _OF_CORE:
        return CORE
    return f"`pkgredeem.{path.parts[1]}`"
