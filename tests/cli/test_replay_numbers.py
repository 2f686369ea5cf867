"""`pkgredeem replay`: each count of a year has its own place, in the table and on the page."""

import re
from datetime import date

import pytest

from pkgredeem.cli._output import Screen
from pkgredeem.cli._replay_page import page
from pkgredeem.cli._replay_rows import rows
from pkgredeem.cli._rows import Grid, Row
from pkgredeem.documents.replay import Replay, Reproduction, Tally
from tests.helpers.cli_support import Stream, plain

FIRST = Tally(
    rulebook="mine",
    eligible=3_001,
    refused=1_002,
    reasons=(("no_package", 1_003),),
    deposits_waived=1_004,
    cards_bypassed=1_005,
    credits=1_006,
    repeated=1_007,
    acts=(("cancel", 1_008),),
    acts_refused=1_009,
    credits_returned=1_010,
    reproduction=Reproduction(
        compared=2_011,
        reproduced=1_012,
        other_rulebook=1_013,
        differences=(("deposit", 1_014),),
        examples=((1_015, "deposit was this"),),
    ),
)
#: No two of its counts are equal, so that none can stand in the place of another.
YEAR = Replay(
    first=FIRST,
    second=Tally(rulebook="other", eligible=4_002, refused=1, deposits_waived=1_016),
    only_first=1_017,
    only_second=2_018,
    lines=6_019,
    unreadable=1_020,
    needs_carry=1_021,
    unknown=1_022,
    carried=True,
)


def test_each_count_has_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Thousands are parted, and each row has a column for each of both rulebooks."""
    Screen.of_process().say(*rows(YEAR))

    assert [
        "mine other",
        "bookings 4,003 4,003",
        "eligible 3,001 (75.0%) 4,002 (100.0%)",
        "refused 1,002 1",
        "deposits not collected 1,004 1,016",
        "cards not captured 1,005 0",
        "credits drawn 1,006 0",
        "credits returned 1,010 0",
        "asked again 1,007 0",
        "",
        "reason mine other",
        "no_package 1,003 0",
        "",
        "act mine other",
        "cancel 1,008 0",
        "refused 1,009 0",
        "",
        "recorded decision mine other",
        "compared 2,011 0",
        "reproduced 1,012 0",
        "of another rulebook 1,013 0",
        "differs in deposit 1,014 0",
        "",
        "eligible under mine only: 1,017",
        "eligible under other only: 2,018",
        "mine, line 1,015: deposit was this",
    ] == [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_each_line_below_the_tables_is_the_same_on_a_terminal() -> None:
    """Its parts come to what a pipe gets."""
    lines = [row for row in rows(YEAR) if isinstance(row, Row) and row.plain]

    assert ["eligible under mine only: 1,017", "eligible under other only: 2,018"] == [
        row.plain for row in lines[:2]
    ]
    assert [row.plain for row in lines] == [
        "".join(part for part, _ in line) for row in lines for line in row.lines
    ]


def test_each_count_has_its_tile() -> None:
    """The number of the first rulebook is the large one, and that of the second is beside it."""
    other = '<span class="other">([^<]+) under other</span>'
    tile = f'<div class="tile"><b>([^<]+)</b>{other}<span>([^<]+)</span>'

    assert [
        ("3,001", "4,002", "paid with a package"),
        ("1,002", "1", "refused"),
        ("1,004", "1,016", "deposits not collected"),
        ("1,005", "0", "cards not captured"),
        ("1,006", "0", "credits drawn"),
        ("1,010", "0", "credits returned"),
    ] == re.findall(tile, page(YEAR, "year.jsonl", date(2026, 3, 9)))


def test_each_count_has_its_cell_or_its_sentence() -> None:
    """Reasons, acts and recorded decisions stand in tables, and what is left out below them."""
    text = page(YEAR, "year.jsonl", date(2026, 3, 9))
    cells = '<td class="count first">([^<]+)</td><td class="count second">([^<]+)</td>'

    assert [
        ("1,003", "0"),
        ("1,008", "0"),
        ("1,009", "0"),
        ("1,012", "0"),
        ("1,013", "0"),
        ("1,014", "0"),
    ] == re.findall(cells, text)
    assert "<p>4,003 bookings from year.jsonl, decided again under mine and under other" in text
    assert "<p>2,018 bookings gain a package under other, 1,017 lose it.</p>" in text
    assert "<li>mine, line 1,015: deposit was this</li>" in text
    assert [
        "1,020 lines left out: no case or act, or one that can't be decided.",
        "1,022 lines left out: an act on a booking that no line before it holds.",
        "1,021 lines left out: an act, which only a replay with --carry counts.",
    ] == re.findall("<p>([^<]+left out[^<]+)</p>", text)


def test_a_terminal_shows_the_table_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heads stand over their columns, and a code is never broken, however narrow it is."""
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    out = Stream(is_terminal=True)
    Screen(out, Stream()).say(
        Grid(["reason", "mine", "other"], ["", "red", "red"], [["package_used_up", "12", "1,234"]])
    )

    assert "reason           mine  other\npackage_used_up  12    1,234\n" == plain(out.text())
