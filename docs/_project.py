"""Which version the site is about, and where the repository of the project is."""

import tomllib
from pathlib import Path
from typing import Any, Final

from pkgredeem import __version__

WRITTEN: Final = Path(__file__).parents[1] / "pyproject.toml"


def repository_in(text: str) -> str:
    """Return the address of the repository by pyproject.toml; it is empty until there is one."""
    found: dict[str, Any] = tomllib.loads(text)
    address: str = found["tool"].get("pkgredeem", {}).get("repository", "")
    return address


REPOSITORY: Final = repository_in(WRITTEN.read_text(encoding="utf-8"))


def release(version: str = __version__, repository: str = REPOSITORY) -> str:
    """Return which version the site is about, with a link to the repository where there is one."""
    told = f"This is version {version}: [what is stable in it](reference/stability.md)"
    return f"{told}, and [its repository]({repository})." if repository else f"{told}."
