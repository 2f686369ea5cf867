"""What tests of the command share: a folder of their own to stand in."""

from pathlib import Path

import pytest


@pytest.fixture
def in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Go to an empty folder, so that a file is named as it is typed."""
    monkeypatch.chdir(tmp_path)
