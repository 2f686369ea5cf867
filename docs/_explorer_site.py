"""Puts the decision explorer into the built site: its script, its style and its tables."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

from docs import _explorer, _explorer_eighteen, _explorer_plans
from docs._explorer_table import Explorer, script
from sphinx.application import Sphinx

import pkgredeem

HERE: Final = Path(__file__).parent
CACHE: Final = HERE / "_build" / "explorer"
EXPLORERS: Final = (_explorer.EXPLORER, _explorer_plans.EXPLORER)


def table_script(explorer: Explorer) -> str:
    """Return a table as a script, made anew only when the library or the switches changed."""
    known = hashlib.sha256()
    library = Path(pkgredeem.__file__).parent
    for source in (*sorted(library.rglob("*.py")), *sorted(HERE.glob("_explorer*.py"))):
        known.update(source.read_bytes())
    kept = CACHE / f"{explorer.table}-{known.hexdigest()[:16]}.js"
    if not kept.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob(f"{explorer.table}-*.js"):
            old.unlink(missing_ok=True)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(script(explorer), encoding="utf-8")
        unfinished.replace(kept)
    return kept.read_text(encoding="utf-8")


def write(app: Sphinx, failed: Exception | None) -> None:
    """Write what the explorer's pages load, beside them."""
    if failed is not None or app.builder.name != "html":
        return
    folder = Path(app.outdir) / "explorer"
    folder.mkdir(exist_ok=True)
    for name in ("explorer.js", "explorer.css"):
        shutil.copy(HERE / "explorer" / name, folder / name)
    for explorer in EXPLORERS:
        path = folder / f"{explorer.table}.js"
        path.write_text(table_script(explorer), encoding="utf-8")
    (folder / "eighteen.js").write_text(_explorer_eighteen.script(), encoding="utf-8")
