"""Run the examples of the how-to pages in an environment that holds what each page says to install.

Without `--run`, print what the pages say: one word for each set of requirements, as in
`[documents]+fastapi`. With `--run WORD`, run the Python of those pages that say exactly this. The
examples beside the pages are importable, as the pages say, and `docs` is in the current folder.
"""

import argparse
import doctest
import re
import shlex
import sys
from pathlib import Path
from typing import Final

PAGES: Final = Path("docs/how-to")
_OPTIONS: Final = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_BLOCK: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def said_by(page: Path) -> str:
    """Return what a page says to install, as one word."""
    extras: set[str] = set()
    others: set[str] = set()
    lines = re.findall(r"pip install ([^`\n]+)", page.read_text(encoding="utf-8"))
    for requirement in [part for line in lines for part in shlex.split(line)]:
        name, _, bracket = requirement.partition("[")
        if name == "pkgredeem":
            extras.update(bracket.rstrip("]").split(","))
        else:
            others.add(requirement)
    if not lines:
        raise SystemExit(f"{page} names nothing to install")
    named = ",".join(sorted(extras - {""}))
    return "+".join([f"[{named}]" if named else "", *sorted(others)])


def run(page: Path) -> int:
    """Run the blocks of a page in one namespace, and return how many examples failed."""
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(optionflags=_OPTIONS)
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if ">>> " in block:
            examples = doctest.DocTestParser().get_doctest(block, names, page.name, str(page), 0)
            runner.run(examples, clear_globs=False)
            names.update(examples.globs)
        else:
            exec(compile(block, str(page), "exec"), names)  # noqa: S102 - a page of our own
    print(f"{page}: {runner.tries} examples")
    return runner.failures


def main() -> None:
    """Print what is to be installed, or run what it is for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", metavar="WORD")
    wanted = parser.parse_args().run
    pages = {page: said_by(page) for page in sorted(PAGES.glob("*.md"))}
    if wanted is None:
        print("\n".join(sorted(set(pages.values()))))
        return
    sys.path.insert(0, "docs/examples")
    if sum(run(page) for page, said in pages.items() if said == wanted):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
