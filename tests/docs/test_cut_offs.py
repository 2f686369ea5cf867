"""What pages and docstrings say of a boundary, inclusive or exclusive, is what the library does.

Each boundary is asked one microsecond before it, exactly on it, and one microsecond after it.
"""

import re
from datetime import timedelta

import pytest

from tests.helpers.boundaries import BOUNDARIES
from tests.helpers.cli_support import ROOT
from tests.helpers.support import INSTANT

#: Words about a boundary that say nothing of an instant: of numbers, of files, of what is shown.
ELSEWHERE = re.compile(
    r"an `int`|elapsed time from zero|both inclusive|MyTime|week counts whole|last-valid-day"
    r"|so that it counts whole|it counts whole in Auckland|that day counts whole"
)
WORDS = re.compile(
    r"\binclusive|\bexclusive|\bexactly (?:on|at) (?:the cut|the lim|a win|free|`free)"
    r"|counts whole",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", BOUNDARIES)
def test_a_boundary_is_where_it_is_said_to_be(name: str) -> None:
    """Before, exactly on and after it the library answers as the sentences say."""
    boundary = BOUNDARIES[name]

    assert boundary.answers == tuple(map(boundary.asked, (-INSTANT, timedelta(0), INSTANT)))


@pytest.mark.parametrize("name", BOUNDARIES)
def test_the_sentences_about_a_boundary_stand_there(name: str) -> None:
    """What is said of it is what was asked: a sentence that changes is looked at again."""
    for file, sentence in BOUNDARIES[name].said:
        text = " ".join((ROOT / file).read_text(encoding="utf-8").split())

        assert sentence in text, file


def test_no_sentence_about_a_boundary_is_left_out() -> None:
    """Every line of a page, or of a docstring of the core, that tells of one is in the table."""
    files = [
        *(page for page in (ROOT / "docs").rglob("*.md") if page.name != "proof.md"),  # written
        *(ROOT / "src/pkgredeem/_model").glob("*.py"),
        *(ROOT / "src/pkgredeem/_engine").glob("*.py"),
    ]
    said = [sentence for boundary in BOUNDARIES.values() for _, sentence in boundary.said]
    unknown = [
        f"{path.name}: {line.strip()}"
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if WORDS.search(line) and not ELSEWHERE.search(line)
        if not any(sentence[:20] in line or sentence[-20:] in line for sentence in said)
    ]

    assert [] == unknown
