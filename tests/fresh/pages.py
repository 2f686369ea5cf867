"""Do what a page says in an environment that holds what the page says to install.

Without an option, print what the pages say: one word for each set of requirements, as in
`[documents]+fastapi`. With `--run WORD`, do what those pages say that say exactly this, each in a
process and a folder of its own. The current folder holds the pages: `README.md` and `docs`.
"""

import argparse
import doctest
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.fresh.blocks import Block, Command, blocks, commands, installed, save
from tests.helpers.terminal import seen_in_a_terminal

#: The pages that a reader begins with, and those that say how to do something.
PAGES: Final = (
    Path("README.md"),
    Path("docs/index.md"),
    Path("docs/tutorial.md"),
    *(Path("docs/reference") / f"{name}.md" for name in ("command-line", "documents", "scenarios")),
    *sorted(Path("docs/how-to").glob("*.md")),
)
_OPTIONS: Final = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.FAIL_FAST
_SECONDS: Final = 300
#: What the pages write into databases waits for no disk there.
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder in it is made under a name of its own


class Reader:
    """Somebody who does what a page says, in one folder, and counts what came out otherwise."""

    def __init__(self, page: Path) -> None:
        """Begin with nothing typed."""
        self.page = page
        self.done = 0
        self.failed = 0
        self._names: dict[str, object] = {}

    def read(self) -> None:
        """Do all of it in order up to what comes out otherwise, and say what was left out."""
        for block in blocks(self.page.read_text(encoding="utf-8")):
            if self.failed:
                return
            if block.kind == "python":
                self._type_python(block)
                continue
            for command in commands(block):
                if command.not_run is None:
                    self._run(command)
                else:
                    print(f"{self.page.name}: not run: {command.line}: {command.not_run}")

    def _type_python(self, block: Block) -> None:
        if ">>> " not in block.text:
            exec(compile(block.text, str(self.page), "exec"), self._names)  # noqa: S102 - a page of our own
            self.done += 1
            return
        examples = doctest.DocTestParser().get_doctest(
            block.text, self._names, self.page.name, str(self.page), 0
        )
        runner = doctest.DocTestRunner(optionflags=_OPTIONS)
        runner.run(examples, clear_globs=False)
        self._names.update(examples.globs)
        self.done += runner.tries
        self.failed += runner.failures

    def _run(self, command: Command) -> None:
        self.done += 1
        if command.shown is None:
            self._run_quietly(command.line)
            return
        printed = seen_in_a_terminal(command.line, Path.cwd()).strip()
        if not doctest.OutputChecker().check_output(command.shown, printed, _OPTIONS):
            self._tell(command.line, f"shown:\n{command.shown}\nprinted:\n{printed}")

    def _run_quietly(self, line: str) -> None:
        """Run a command of which the page says only that it works."""
        # As in a shell that stays open: where one command goes, the next one is.
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as place:
            done = subprocess.run(  # noqa: S602 - what a reader types into a shell
                f"{line}\nstatus=$?; pwd > {place.name}; exit $status",
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=_SECONDS,
            )
            os.chdir(place.read().strip())
        if done.returncode:
            self._tell(line, f"it ends with {done.returncode}:\n{done.stdout}")

    def _tell(self, line: str, why: str) -> None:
        self.failed += 1
        print(f"{self.page}: $ {line}\n{why}")


def try_out(page: Path) -> int:
    """Do what a page says in a folder of its own, and return how much came out otherwise."""
    page = page.resolve()
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as folder:
        shutil.copytree("docs", Path(folder) / "docs")
        save(page, Path(folder))
        os.chdir(folder)
        sys.path[0] = ""  # the current folder, as for whoever starts Python there
        reader = Reader(page)
        reader.read()
        os.chdir(page.parent)
    print(f"{page.name}: {reader.done} done, {reader.failed} failed")
    return reader.failed


def word(page: Path) -> str:
    """Return what a page says to install, as one word."""
    extras, others = installed(page.read_text(encoding="utf-8"))
    named = ",".join(sorted(extras))
    return "+".join([f"[{named}]" if named else "", *sorted(others)])


def main() -> None:
    """Print what is to be installed, or do what it is for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", metavar="WORD")
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    if asked.page is not None:
        raise SystemExit(min(try_out(asked.page), 1))
    if asked.run is None:
        print("\n".join(sorted({word(page) for page in PAGES})))
        return
    # One after the other: what one page imports, no other page has imported for it.
    alone = [sys.executable, "-m", "tests.fresh.pages", "--page"]
    ended = [
        subprocess.run([*alone, page], check=False).returncode
        for page in PAGES
        if word(page) == asked.run
    ]
    raise SystemExit(max(ended))


if __name__ == "__main__":
    main()
