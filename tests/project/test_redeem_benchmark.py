"""What is measured beside each other on SQLite does the same, statement by statement."""

import sqlite3
from pathlib import Path

import pytest

from tests.benchmarks.redeem_sqlite import ByHand, Library, Pairs, main

TABLES = ("package", "entitlement", "redemption", "movement", "use")


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that a file holds."""
    connection = sqlite3.connect(path)
    found = {
        table: connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - named above
        for table in TABLES
    }
    connection.close()
    return found


def test_both_sides_send_the_same_statements_and_keep_the_same_rows(tmp_path: Path) -> None:
    """What is written by hand is the library's own SQL, and leaves the same file."""
    library = Library(tmp_path / "library.db", "OFF")
    by_hand = ByHand(tmp_path / "by_hand.db", "OFF")
    sent: dict[str, list[str]] = {"library": [], "by hand": []}
    opened = library.store._file._opened
    for connection in (*opened.readers, *opened.writers):
        connection.set_trace_callback(sent["library"].append)
    by_hand.connection.set_trace_callback(sent["by hand"].append)
    for name in ("b1", "b2"):
        library.redeem_and_cancel(name)
        by_hand.redeem_and_cancel(name)
    library.store.close()
    by_hand.connection.close()

    assert rows(tmp_path / "library.db") == rows(tmp_path / "by_hand.db")
    assert sent["library"] == sent["by hand"]
    assert 4 == sent["library"].count("COMMIT")


def test_a_ratio_is_the_median_of_pairs() -> None:
    """Each pair is a ratio of its own: a slow moment of the machine counts on both sides."""
    pairs = Pairs("OFF", library=[3e-6, 4e-6, 90e-6], by_hand=[1e-6, 2e-6, 30e-6])

    assert 3.0 == pairs.ratio
    assert (
        "redeem + cancel, synchronous = OFF   pkgredeem       4 us  by hand       2 us  ratio 3.00"
    ) == pairs.told()


def test_it_measures_with_and_without_fsync(capsys: pytest.CaptureFixture[str]) -> None:
    """One run prints both ratios."""
    main(3)

    assert ["OFF", "FULL"] == [
        line.split("= ")[1].split()[0] for line in capsys.readouterr().out.splitlines()
    ]
