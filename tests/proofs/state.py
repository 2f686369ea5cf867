"""Which state of the project was proven: the commit of a run, and digests of `src`.

The digests need no git, so that an export of the project can tell as well what has changed.
"""

import subprocess
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src/pkgredeem"


def commit() -> str:
    """Return the short name of the commit that is checked out, and whether that is all there is."""
    named = _git("rev-parse", "--short", "HEAD")
    if not named:
        return "unknown: this is no checkout"
    changed = _git("status", "--porcelain")
    return f"`{named}`, with changes that were not committed" if changed else f"`{named}`"


def _git(*words: str) -> str:
    try:
        told = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return told.stdout.strip()


def digests(house: Path = HOUSE) -> dict[str, str]:
    """Return a digest of each folder of `src/pkgredeem`, and of the modules beside them."""
    rooms: dict[str, list[Path]] = {}
    for path in sorted(house.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            first, *others = path.relative_to(house).parts
            rooms.setdefault(first if others else house.name, []).append(path)
    return {room: _digest(house, paths) for room, paths in sorted(rooms.items())}


def _digest(house: Path, paths: list[Path]) -> str:
    """Return a digest of files: of their paths and of what they hold, however lines end."""
    whole = sha256()
    for path in paths:
        held = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{path.relative_to(house).as_posix()} {len(held)}\n".encode())
        whole.update(held)
    return whole.hexdigest()[:16]


def changed(before: dict[str, str], house: Path = HOUSE) -> list[str]:
    """Return the folders whose digests are others now, those that came and went among them."""
    now = digests(house)
    return [room for room in sorted(before | now) if before.get(room) != now.get(room)]
