"""A seed gives the same cases in every process, whatever Python hashes texts to."""

import os
import subprocess
import sys

import pytest

_DIGEST = """
import hashlib, json, sys, zoneinfo
zoneinfo.reset_tzpath(to=())
from pkgredeem import rules
from pkgredeem.documents import case_document
from pkgredeem.testing.cases.generator import cases
from pkgredeem.testing.comparison._trials import trials
made = cases(5, 600) if sys.argv[1] == "generated" else trials([rules.TIMELY_2026_03], 600)
print(hashlib.sha256(json.dumps([*map(case_document, made)]).encode()).hexdigest())
"""


@pytest.mark.parametrize("kind", ["generated", "varied"])
def test_the_hash_seed_changes_no_case(kind: str) -> None:
    """Neither those of the generator nor those that rulebooks are compared with."""
    digests = [
        subprocess.run(
            [sys.executable, "-c", _DIGEST, kind],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONTZPATH": ""},
        ).stdout
        for seed in ("0", "1", "42")
    ]

    assert 1 == len(set(digests))
