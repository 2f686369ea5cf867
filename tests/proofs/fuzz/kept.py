"""The inputs that are kept: bytes that together reach the most code, one line of Base64 each.

python -m tests.proofs.fuzz.kept SECONDS    fuzz each target that long, and keep the least that
                                        reaches as much
"""

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any, Final, TypeAlias

from pkgredeem import RedemptionPolicy
from pkgredeem.documents import load_case
from tests.proofs.fuzz.targets import TARGETS

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[2]
EXAMPLES: Final = ROOT / "docs/examples/cases"
LONGEST: Final = 2_048
_WORDS: Final = (
    "null",
    "true",
    "false",
    "1e999",
    "\\ud800",
    "9" * 20,
    "2026-03-31",
    "2026-04-05T02:30:00+12:00",
    "Pacific/Auckland",
    "6 months",
    "PT86400S",
    "24 hours",
    "pkgredeem/1",
    "pkgredeem-redemption/1",
)


def inputs(target: str) -> list[bytes]:
    """Return the inputs that are kept for a target."""
    lines = (HERE / "inputs" / f"{target}.txt").read_text(encoding="ascii").split()
    return [base64.b64decode(line) for line in lines]


def fill(target: str, folder: Path) -> None:
    """Write what fuzzing begins with: what is kept, and for JSON the example cases."""
    folder.mkdir(parents=True)
    for number, each in enumerate([*inputs(target), *_examples(target)]):
        (folder / f"begin-{number}").write_bytes(each)
    (folder.parent / f"{target}.words").write_text(_dictionary(), encoding="ascii")


def fuzz(target: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run atheris over a folder of inputs, in a process of its own."""
    words = folder.parent / f"{target}.words"
    command = [sys.executable, "-m", "tests.proofs.fuzz", target, f"-dict={words}", *options]
    return subprocess.run(
        [*command, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def _examples(target: str) -> list[bytes]:
    cases = [load_case(path) for path in sorted(EXAMPLES.glob("*.json"))]
    if target == "documents":
        return [path.read_bytes() for path in sorted(EXAMPLES.glob("*.json"))]
    if target == "redemptions":
        made = [RedemptionPolicy().decide_case(each).redemption for each in cases]
        return [json.dumps(each.to_document()).encode() for each in made if each is not None]
    return []


def _dictionary() -> str:
    """Return words that fuzzing may put in: the keys and words of documents, and hard values."""
    found: set[str] = set(_WORDS)
    for target in ("documents", "redemptions"):
        for example in _examples(target):
            parts = example.decode().split('"')[1::2]
            found.update(part for part in parts if part.isascii() and len(part) <= 40)
    quoted = [json.dumps(word) for word in sorted(found)]
    return "".join(f"{word}\n" for word in quoted if word.count("\\") == word.count("\\\\") * 2)


def least(target: str, found: Iterable[bytes]) -> list[bytes]:
    """Return the inputs that reach what no shorter one does: one line of code after another."""
    reached: set[object] = set()
    kept: list[bytes] = []
    for each in sorted({each for each in found if len(each) <= LONGEST}, key=_by_length):
        new = _steps(TARGETS[target], each) - reached
        if new:
            kept.append(each)
            reached |= new
    return kept


def _by_length(data: bytes) -> tuple[int, bytes]:
    return len(data), data


def _steps(target: Callable[[bytes], None], data: bytes) -> set[object]:
    """Return which lines of the library ran after which."""
    steps: set[object] = set()

    def in_frame(before: int) -> TraceFunction:
        def traced(frame: FrameType, event: str, _: object) -> TraceFunction:
            nonlocal before
            if event == "line":
                steps.add((frame.f_code, before, frame.f_lineno))
                before = frame.f_lineno
            return traced

        return traced

    def called(frame: FrameType, *_: object) -> TraceFunction | None:
        return in_frame(0) if "pkgredeem" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        target(data)
    finally:
        sys.settrace(before)
    return steps


def main() -> None:
    """Fuzz each target for the seconds given, and keep the least that reaches as much code."""
    seconds = sys.argv[1]
    for target in TARGETS:
        with tempfile.TemporaryDirectory() as temporary:
            grown = Path(temporary) / "grown"
            fill(target, grown)
            fuzz(target, grown, f"-max_total_time={seconds}", "-seed=1", f"-max_len={LONGEST}")
            kept = least(target, (each.read_bytes() for each in grown.iterdir()))
        text = "".join(f"{base64.b64encode(each).decode()}\n" for each in kept)
        (HERE / "inputs" / f"{target}.txt").write_text(text, encoding="ascii")
        print(f"{target}: {len(kept)} inputs, {len(text)} characters")


if __name__ == "__main__":
    main()
