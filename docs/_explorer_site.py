"""Puts the decision explorer into the built site: its script, its style and its table."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

from docs import _explorer
from sphinx.application import Sphinx

import pkgredeem

HERE: Final = Path(__file__).parent
CACHE: Final = HERE / "_build" / "explorer"


def table_script() -> str:
    """Return the table as a script, made anew only when the library or the switches changed."""
    known = hashlib.sha256()
    library = Path(pkgredeem.__file__).parent
    for source in (*sorted(library.glob("*.py")), Path(_explorer.__file__)):
        known.update(source.read_bytes())
    kept = CACHE / f"{known.hexdigest()[:16]}.js"
    if not kept.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob("*.js"):
            old.unlink(missing_ok=True)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(_explorer.script(), encoding="utf-8")
        unfinished.replace(kept)
    return kept.read_text(encoding="utf-8")


def write(app: Sphinx, failed: Exception | None) -> None:
    """Write what the explorer's page loads, beside it."""
    if failed is not None or app.builder.name != "html":
        return
    folder = Path(app.outdir) / "explorer"
    folder.mkdir(exist_ok=True)
    for name in ("explorer.js", "explorer.css"):
        shutil.copy(HERE / "explorer" / name, folder / name)
    (folder / "table.js").write_text(table_script(), encoding="utf-8")
