"""The mixed cases: 4,000 stored questions, on which two revisions of the library are compared.

The questions of `questions.py` are timed one at a time, and a change may make one of them faster
and the rest slower. These are of every kind: one line and several, one package and several, a third
of them eligible, the others refused for every code. They are stored, and not drawn, so that every
revision is asked the same; README.md says where they come from.
"""

import json
import lzma
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pkgredeem import Case
from pkgredeem.documents import read_case

MIXED: Final = Path(__file__).with_name("mixed.jsonl.xz")
ALL: Final = "all"
#: The kinds of cases, by whether there are several lines, and whether several packages.
KINDS: Final = {
    (False, False): "one line, one package",
    (False, True): "one line, several packages",
    (True, False): "several lines, one package",
    (True, True): "several lines, several packages",
}


def documents() -> list[dict[str, Any]]:
    """Return the case documents as they are stored."""
    with lzma.open(MIXED, "rt", encoding="ascii") as file:
        return [json.loads(line) for line in file]


def cases() -> list[Case]:
    """Return the cases, in the order in which they are stored."""
    return [read_case(document) for document in documents()]


def places(stored: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """Return where the cases of each kind stand among the documents, and first where all do."""
    found: dict[str, list[int]] = {ALL: list(range(len(stored)))}
    found |= {kind: [] for kind in KINDS.values()}
    for place, document in enumerate(stored):
        several = len(document["booking"]["lines"]) > 1, len(document["packages"]) > 1
        found[KINDS[several]].append(place)
    return found
