"""The how-to on Dask: a cluster on this machine counts what one process counts."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from pkgredeem import RedemptionPolicy
from pkgredeem.documents import case_document
from pkgredeem.documents.replay import replay
from pkgredeem.testing.cases.generator import cases

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "replay_on_dask.py"


@pytest.mark.parametrize("carry", [False, True])
def test_a_cluster_counts_what_one_process_counts(
    tmp_path: Path, require_or_skip: Callable[[str], None], carry: bool
) -> None:
    """Two processes with ranges, or shards, of the same file come to the same counts."""
    if find_spec("distributed") is None:
        require_or_skip("dask is not installed: it is in the dependency group dask")
    path = tmp_path / "cases.jsonl"
    lines = [json.dumps(case_document(case)) for case in cases(seed=5, count=400)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(path), "--parts", "5", *(["--carry"] if carry else [])],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    alone = replay(path, RedemptionPolicy(), carry=carry)
    assert alone.to_dict() == json.loads(done.stdout), done.stderr
