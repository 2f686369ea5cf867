"""What the package says of itself where it is installed from: its page, and its links.

hatchling asks for it when a wheel or an sdist is built. The README links to files of the repository
by their paths, which lead nowhere outside of it. `[tool.pkgredeem] repository` in pyproject.toml
holds the repository's address: links are made from it, and so are the project's own. As long as it
is empty there is nothing to link to, and the words of a link stand alone.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from hatchling.metadata.plugin.interface import MetadataHookInterface

#: A link to a file of the repository: its words, and the path with or without an anchor.
_LINK: Final = re.compile(r"\[([^\]]+)\]\((?![a-z]+:|#)([^)\s]+)\)")
#: The pages that the package's page on an index links to, by what they are called there.
_PAGES: Final = {"Changelog": "CHANGELOG.md", "Documentation": "docs/index.md"}


class PackageMetadata(MetadataHookInterface):
    """Gives the README and the links to whatever builds the package."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in `readme` and `urls`, which pyproject.toml calls dynamic."""
        root = Path(self.root)
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        address = project["tool"]["pkgredeem"]["repository"]
        text = (root / "README.md").read_text(encoding="utf-8")
        page = readme(text, address, metadata["version"])
        metadata["readme"] = {"content-type": "text/markdown", "text": page}
        metadata["urls"] = urls(address, metadata["version"])


def readme(text: str, address: str, version: str) -> str:
    """Return the README with links that read outside of the repository."""
    if not address:
        return _LINK.sub(r"\1", text)
    return _LINK.sub(lambda link: f"[{link[1]}]({_at(address, version, link[2])})", text)


def urls(address: str, version: str) -> dict[str, str]:
    """Return the links of the project; none while the repository has no address."""
    if not address:
        return {}
    pages = {name: _at(address, version, path) for name, path in _PAGES.items()}
    return {"Repository": address.rstrip("/")} | pages


def _at(address: str, version: str, path: str) -> str:
    """Return where a file stands as it was when that version was tagged."""
    return f"{address.rstrip('/')}/blob/v{version}/{path}"
