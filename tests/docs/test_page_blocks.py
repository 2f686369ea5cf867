"""What `./scripts/fresh` reads from a page: what to install, what to save, what to type."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fresh.blocks import NOT_RUN, Block, Command, blocks, commands, installed, save, saved

ROOT = Path(__file__).parents[2]
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))
SHOWN = re.compile(r"^```\{literalinclude\} (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGE = """\
Save [`words.txt`](words.txt) in the folder that you work in.

```sh
pip install pkgredeem
mkdir inner     # not a comment for us
cd inner
```

```python
>>> from pathlib import Path
>>> Path.cwd().name, Path("../words.txt").read_text()
('inner', 'two words')
```

```console
$ python -c "print(open('../words.txt').read())"
two ...
```
"""


def typed(page: Path) -> list[Command]:
    """Return the commands of a page."""
    return [each for block in blocks(page.read_text("utf-8")) for each in commands(block)]


def read_in(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Let a reader do what a page says that stands in that folder."""
    (folder / "docs").mkdir()
    (folder / "docs" / "words.txt").write_text("two words", encoding="utf-8")
    page = folder / "docs" / "page.md"
    page.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "tests.fresh.pages", "--page", str(page)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_block_holds_commands() -> None:
    """Those of a console are compared with what follows; what is installed is there already."""
    shell = Block("sh", "pip install pkgredeem\n# or:\nmake it\n\ncd there\n")
    console = Block("console", "$ say a\na\nb\n$ say nothing\n")

    assert [Command("make it"), Command("cd there")] == list(commands(shell))
    assert [Command("say a", "a\nb"), Command("say nothing", "")] == list(commands(console))


def test_extras_and_other_packages_are_told_apart() -> None:
    """Both come from every line that installs, in a block or in a sentence; there must be one."""
    text = "pip install 'pkgredeem[cli,django]' jinja2\nor `pip install 'psycopg[binary]'`."

    assert ({"cli", "django"}, {"jinja2", "psycopg[binary]"}) == installed(text)
    with pytest.raises(ValueError, match="nothing to install is named"):
        installed("take what you have")


def test_a_page_that_is_right_is_done(tmp_path: Path) -> None:
    """The file is there, and where `cd` goes, Python and the next command are."""
    done = read_in(tmp_path, PAGE)

    assert (0, "page.md: 5 done, 0 failed\n") == (done.returncode, done.stdout), done.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("two ...\n", "three ...\n", "printed:\ntwo words"),
        ("'two words')", "'three words')", "Got:\n    ('inner', 'two words')"),
        ("cd inner\n", "cd outer\n", "$ cd outer\nit ends with "),
    ],
    ids=["console", "python", "sh"],
)
def test_a_page_that_is_wrong_is_told(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    """Whatever comes out otherwise is shown, and the page has failed."""
    assert 1 == PAGE.count(right)
    done = read_in(tmp_path, PAGE.replace(right, wrong))

    assert (1, True) == (done.returncode, told in done.stdout), done.stdout


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_each_how_to_has_something_that_runs(page: Path) -> None:
    """A page that nobody can try is no how-to."""
    kinds = {block.kind for block in blocks(page.read_text(encoding="utf-8"))}

    assert "python" in kinds or [each for each in typed(page) if each.not_run is None]


def test_what_is_not_run_stands_on_a_page() -> None:
    """No reason outlives what it is about."""
    lines = [each.line for page in HOW_TO for each in typed(page)]

    assert [] == [part for part in NOT_RUN if not any(part in line for line in lines)]


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_what_is_saved_gets_the_name_of_the_file(page: Path) -> None:
    """A link to a file that one saves shows its name, and the file is there."""
    found = saved(page)

    assert list(found) == [source.name for source in found.values()]
    assert [] == [source for source in found.values() if not source.is_file()]


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_a_file_that_a_page_shows_is_named_above_it(page: Path) -> None:
    """Who reads the page sees which file it is."""
    unnamed = [
        path
        for path, options in SHOWN.findall(page.read_text(encoding="utf-8"))
        if f":caption: {path.partition('../examples/')[2] or path.partition('src/')[2]}\n"
        not in options
    ]

    assert [] == unnamed


def test_what_is_saved_leaves_alone_what_a_link_leads_to(tmp_path: Path) -> None:
    """It stands in place of a link of its name, and is not written through it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "words.txt").write_text("two words", encoding="utf-8")
    (tmp_path / "other.txt").write_text("another", encoding="utf-8")
    (folder / "words.txt").symlink_to(tmp_path / "other.txt")
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    save(tmp_path / "page.md", folder)

    assert "another" == (tmp_path / "other.txt").read_text("utf-8")
    assert "two words" == (folder / "words.txt").read_text("utf-8")
