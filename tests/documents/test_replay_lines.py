"""The lines of a file that is replayed: each once, and those that can't all be true."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pkgredeem import UNLIMITED, Act, Audience
from pkgredeem.documents.replay import Overdrawn, Replay, Survey, ranges, replay, survey
from pkgredeem.documents.replay import _lines as lines
from tests.helpers.histories import IN_STORE, ActLine, five, recorded, visit, write_lines
from tests.helpers.support import NOW, credit, package

SMALL = b"aa\nb\n\nccc\r\n\n\ndddd"


@pytest.mark.parametrize("text", [SMALL, b"", b"a", b"\n", b"a\n", b"\n\na\n"])
def test_every_byte_may_begin_a_range(tmp_path: Path, text: bytes) -> None:
    """Two and three ranges, at every byte and beyond the end: no line is lost or read twice."""
    path = tmp_path / "small.jsonl"
    path.write_bytes(text)
    whole = _lines_of(path, 0, None)
    for first in range(len(text) + 2):
        assert whole == _lines_of(path, 0, first) + _lines_of(path, first, None)
        for second in range(first, len(text) + 2):
            assert _lines_of(path, first, None) == (
                _lines_of(path, first, second) + _lines_of(path, second, None)
            )


def test_lines_that_are_too_long_are_cut_alike_in_every_range(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each begins where it begins, and is one line, wherever the range ends."""
    monkeypatch.setattr(lines, "LARGEST_DOCUMENT", 3)
    monkeypatch.setattr(lines, "DEFAULT_BUFFER_SIZE", 2)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"aaaaaaaa\nb\ncccc\nddd\neeeeeeee")
    whole = [(0, b"aaaa"), (9, b"b\n"), (11, b"cccc"), (16, b"ddd\n"), (20, b"eeee")]

    assert whole == _lines_of(path, 0, None)
    for edge in range(30):
        assert whole == _lines_of(path, 0, edge) + _lines_of(path, edge, None)


def _lines_of(path: Path, start: int, stop: int | None) -> list[tuple[int, bytes]]:
    with path.open("rb") as file:
        return list(lines.lines_of(file, start, stop))


@pytest.mark.parametrize("carry", [False, True])
def test_a_range_from_every_byte_counts_each_line_once(tmp_path: Path, carry: bool) -> None:
    """Four bookings: the two parts of the file have four together, wherever it is cut."""
    path = write_lines(tmp_path / "year.jsonl", [visit(number, five()) for number in range(4)])
    size = path.stat().st_size
    for edge in range(0, size + 1, 7 if carry else 1):
        if carry:
            both = survey(path, stop=edge), survey(path, start=edge)
            assert 4 == len(Survey.merged(both))
        else:
            both_lines = [
                replay(path, IN_STORE, start=start, stop=stop).lines
                for start, stop in ((0, edge), (edge, None))
            ]
            assert 4 == sum(both_lines)


@pytest.mark.parametrize("place", range(len("pkgredeem-act")))
def test_a_letter_may_be_written_by_its_number(tmp_path: Path, place: int) -> None:
    """A decision of the time and an act are found, whichever letter of their names is escaped."""
    act = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW)
    lines = [
        _escaped(recorded(visit(0, five()), audience=Audience.CLIENT), '"recorded"', place % 8),
        _escaped(json.dumps(act.document()), '"pkgredeem-act', place),
    ]
    found = replay(write_lines(tmp_path / "year.jsonl", lines), IN_STORE)

    assert () == found.problems
    assert (1, 1) == (found.first.reproduction.reproduced, found.needs_carry)


def _escaped(line: str, name: str, place: int) -> str:
    """Return a line with one letter of a name, after its quote, written by its number."""
    begin, end = name[: place + 1], name[place + 2 :]
    assert 1 == line.count(name)
    return line.replace(name, f"{begin}\\u{ord(name[place + 1]):04x}{end}")


def test_forty_bookings_of_five_credits_can_not_all_be_true(tmp_path: Path) -> None:
    """Without carry all are eligible; 35 at least are not, and the package is told."""
    path = write_lines(tmp_path / "year.jsonl", [visit(number, five()) for number in range(40)])
    found = replay(path, IN_STORE)
    told = Overdrawn(package_id="p1", entitlement_id="main", held=5, drawn=40, lines=35)

    assert (40, 35, (told,)) == (
        found.first.eligible,
        found.first.impossible,
        found.first.overdrawn,
    )
    for parts in (2, 3, 7):
        merged = Replay.merged(
            [replay(path, IN_STORE, start=start, stop=stop) for start, stop in ranges(path, parts)]
        )
        assert (35, (told,)) == (merged.first.impossible, merged.first.overdrawn)


@pytest.mark.parametrize(
    ("balances", "impossible"),
    [
        ([2, 2], 0),  # exactly enough
        ([2, 2, 2], 1),
        ([2, 1, 2], 0),  # it fell, and was filled up
        ([1, 2, 2], 0),  # credits were sold in between
        ([1, 10, 9, 8, 7], 0),
        ([UNLIMITED] * 3, 0),
        ([UNLIMITED, 1, 1], 0),  # an unlimited one became a counted one
    ],
)
def test_a_balance_that_stays_pays_for_what_it_holds(
    tmp_path: Path, balances: list[int], impossible: int
) -> None:
    """Where lines say different balances, credits were drawn and sold in between."""
    lines = [visit(number, five(left)) for number, left in enumerate(balances)]
    path = tmp_path / "year.jsonl"

    assert impossible == replay(write_lines(path, lines), IN_STORE).first.impossible
    assert impossible == replay(write_lines(path, lines[::-1]), IN_STORE).first.impossible


def test_a_dear_line_counts_once(tmp_path: Path) -> None:
    """Three bookings of two facials each draw six of four credits: one of them can't be true."""
    two = [visit(number, five(4)) for number in range(3)]
    both = [replace(one, booking=replace(one.booking, lines=one.booking.lines * 2)) for one in two]
    found = replay(write_lines(tmp_path / "year.jsonl", both), IN_STORE)

    assert 1 == found.first.impossible


def test_the_worst_package_is_told_first(tmp_path: Path) -> None:
    """By the lines that can't be true, then by id."""
    both = [package(f"p{number}", credit("facial", id="cba"[number])) for number in range(3)]
    lines = [visit(number, both[number % 3]) for number in range(8)]
    found = replay(write_lines(tmp_path / "year.jsonl", lines), IN_STORE)

    assert [("p0", 2), ("p1", 2), ("p2", 1)] == [
        (each.package_id, each.lines) for each in found.first.overdrawn
    ]


def test_the_worst_package_is_not_the_one_of_which_most_was_drawn(tmp_path: Path) -> None:
    """Seven of five credits leave two lines that can't be true; four of one leave three."""
    other = package("p2", credit("facial", left=1, id="main"))
    lines = [visit(number, five() if number < 7 else other) for number in range(11)]
    found = replay(write_lines(tmp_path / "year.jsonl", lines), IN_STORE)

    assert [("p2", 4, 3), ("p1", 7, 2)] == [
        (each.package_id, each.drawn, each.lines) for each in found.first.overdrawn
    ]


def test_a_line_that_is_no_object_is_told_as_no_case(tmp_path: Path) -> None:
    """Also where it has the name of a decision of the time in it."""
    found = replay(write_lines(tmp_path / "year.jsonl", ["[]", '["recorded"]']), IN_STORE)

    assert (
        (1, "document must be a case document, not a list"),
        (2, "document must be a case document, not a list"),
    ) == found.problems


def test_a_booking_with_a_redemption_of_its_own_is_not_suspected(tmp_path: Path) -> None:
    """Asked again ten times it draws its own credit each time."""
    own = IN_STORE.decide_case(visit(0, five(1))).redemption
    lines = [visit(0, five(0), existing=own)] * 10

    assert 0 == replay(write_lines(tmp_path / "year.jsonl", lines), IN_STORE).first.impossible
