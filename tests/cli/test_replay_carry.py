"""`pkgredeem replay`: carry, acts and recorded decisions in the table, on the page, in JSON."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pkgredeem import Act, Actor
from pkgredeem.cli import main
from pkgredeem.documents.replay._counts import MOST_PROBLEMS
from tests.helpers.histories import ONLINE, ActLine, five, recorded, visit, write_lines
from tests.helpers.support import HOUR, NOW

CANCELLED = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + 5 * HOUR, by=Actor.CLIENT)


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A file of four bookings of two credits, the first of which is asked about again."""
    lines = [visit(number, five(2)) for number in (*range(4), 0)]
    return write_lines(tmp_path / "year.jsonl", lines)


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    """Return the status, and the lines on standard output and error with one space for more."""
    status = main(["replay", "--rulebook", "in-store", "--processes", "1", *map(str, arguments)])
    written = capsys.readouterr()
    return status, [" ".join(line.split()) for line in (written.out + written.err).splitlines()]


def test_without_carry_what_can_not_be_true_is_told(
    year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """In the table and on the page, by the package that shows it; all lines are counted."""
    page = tmp_path / "page.html"
    status, lines = shown(capsys, year, "--html", page)
    told = "3 of 5 eligible bookings can't be true: package p1 holds 2 and pays for 5"

    assert 0 == status
    assert f"in-store: {told}; give --carry to go on from what was drawn" == lines[-1]
    assert "3 of 5 eligible bookings can&#x27;t be true" in page.read_text(encoding="utf-8")


def test_more_packages_that_pay_too_often_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worst is told by its name."""
    other = replace(five(1), id="p2")
    lines = [visit(number, other if number > 2 else five(1)) for number in range(5)]
    third = [*lines, *(visit(number, replace(other, id="p3")) for number in (5, 6))]
    told = "can't be true: package p1 holds 1 and pays for 3, and"
    carry = "give --carry to go on from what was drawn"
    file = tmp_path / "year.jsonl"

    assert (
        f"in-store: 3 of 5 eligible bookings {told} 1 more is like it; {carry}"
        == (shown(capsys, write_lines(file, lines))[1][-1])
    )
    assert (
        f"in-store: 4 of 7 eligible bookings {told} 2 more are like it; {carry}"
        == (shown(capsys, write_lines(file, third))[1][-1])
    )


def test_with_carry_the_table_tells_what_came_back(
    year: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two of four are paid; one is cancelled, one asked again, one act was refused."""
    late = ActLine(act=Act.CANCEL, booking_id="b1", now=NOW + 900 * HOUR, by=Actor.CLIENT)
    more = "".join(f"{json.dumps(line.document())}\n" for line in (CANCELLED, late))
    year.write_text(year.read_text(encoding="utf-8") + more, encoding="utf-8")
    status, lines = shown(capsys, year, "--carry")

    assert 0 == status
    assert [
        "in-store",
        "bookings 4",
        "eligible 2 (50.0%)",
        "refused 2",
        "deposits not collected 0",
        "cards not captured 0",
        "credits drawn 2",
        "credits returned 1",
        "asked again 1",
        "",
        "reason in-store",
        "package_used_up 2",
        "",
        "act in-store",
        "cancel 1",
        "refused 1",
        "",
    ] == lines


def test_an_act_without_carry_is_told_to_need_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is left out, and the status says so; one, and two of them, on the page too."""
    file = write_lines(tmp_path / "year.jsonl", [visit(0, five()), CANCELLED])
    page = tmp_path / "page.html"
    status, lines = shown(capsys, file, "--html", page)
    write_lines(file, [visit(0, five()), CANCELLED, CANCELLED])
    text = page.read_text(encoding="utf-8")

    assert (2, f"{file}: 1 line holds an act, and is left out: give --carry") == (status, lines[-1])
    assert (
        f"{file}: 2 lines hold an act, and are left out: give --carry"
        == (shown(capsys, file)[1][-1])
    )
    assert "<p>1 line left out: an act, which only a replay with --carry counts.</p>" in text


def test_an_act_that_needs_carry_is_not_counted_among_the_bad_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two bad lines more than are told, and an act: each has a sentence of its own."""
    bad = ["{"] * (MOST_PROBLEMS + 2)
    file = write_lines(tmp_path / "year.jsonl", [visit(0, five()), CANCELLED, *bad])
    status, lines = shown(capsys, file)

    assert 2 == status
    assert [
        f"{file}: 2 lines more could not be counted",
        f"{file}: 1 line holds an act, and is left out: give --carry",
    ] == lines[-2:]


def test_an_act_on_an_unknown_booking_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its number, and on the page."""
    file = write_lines(tmp_path / "year.jsonl", [visit(1, five()), CANCELLED])
    page = tmp_path / "page.html"
    status, lines = shown(capsys, file, "--carry", "--html", page)
    text = page.read_text(encoding="utf-8")

    assert (2, f"{file}:2: no line before it holds booking 'b0'") == (status, lines[-1])
    assert "<p>1 line left out: an act on a booking that no line before it holds.</p>" in text
    assert "in order of booking, each with what the ones before it left" in text
    assert "What became of bookings" not in text


@pytest.mark.parametrize("carry", [[], ["--carry"]])
def test_what_is_not_reproduced_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], carry: list[str]
) -> None:
    """By its key, by the first lines, by the status, and on the page."""
    same = recorded(visit(0, five()))
    other = recorded(visit(1, five()), {"deposit": "<waived>"})
    file = write_lines(tmp_path / "year.jsonl", [same, other])
    page = tmp_path / "page.html"
    status, lines = shown(capsys, file, "--html", page, *carry)
    text = page.read_text(encoding="utf-8")

    assert 1 == status
    assert [
        "recorded decision in-store",
        "compared 2",
        "reproduced 1",
        "of another rulebook 0",
        "differs in deposit 1",
        "",
        'in-store, line 2: deposit was "<waived>", and is "not_required"',
    ] == lines[-7:]
    assert "line 2: deposit was &quot;&lt;waived&gt;&quot;, and is" in text
    assert '<td>reproduced</td><td class="count ">1</td>' in text


def test_what_the_second_rulebook_does_not_reproduce_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its column and its line, by the status, and on the page: the first compares nothing."""
    other = recorded(visit(0, five()), {"deposit": "waived"}, policy=ONLINE)
    file = write_lines(tmp_path / "year.jsonl", [other])
    page = tmp_path / "page.html"
    status, lines = shown(capsys, file, "--against", "online", "--html", page)
    told = "deposit was &quot;waived&quot;, and is &quot;not_required&quot;"

    assert 1 == status
    assert "compared 0 1" in lines
    assert 'online, line 1: deposit was "waived", and is "not_required"' == lines[-1]
    assert f"<ul><li>online, line 1: {told}</li></ul>" in page.read_text(encoding="utf-8")


def test_a_decision_of_another_rulebook_is_only_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing differs, so that the status is 0; the page lists no line."""
    line = recorded(visit(0, five()), {"rulebook": "house"})
    page = tmp_path / "page.html"
    status, lines = shown(capsys, write_lines(tmp_path / "year.jsonl", [line]), "--html", page)

    assert (0, "of another rulebook 1") == (status, lines[-2])
    assert "<ul>" not in page.read_text(encoding="utf-8")


def test_several_processes_carry_what_one_carries(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes look through ranges, then count shards; the page tells the acts."""
    monkeypatch.setattr("pkgredeem.cli._replay_parts.RANGE", 2_000)
    lines = [visit(number, five(2), client=("ana", "beth")[number % 2]) for number in range(12)]
    file = write_lines(tmp_path / "year.jsonl", [*lines, CANCELLED])
    page = tmp_path / "page.html"
    told = []
    for processes in ("1", "2"):
        shared = ["--carry", "--format", "json", "--html", str(page)]
        main(["replay", str(file), "--rulebook", "in-store", "--processes", processes, *shared])
        told.append(json.loads(capsys.readouterr().out))

    assert told[0] == told[1]
    assert (True, {"cancel": 1}) == (told[0]["carried"], told[0]["rulebooks"][0]["acts"])
    assert '<td>cancel</td><td class="count ">1</td>' in page.read_text(encoding="utf-8")


def test_an_empty_file_is_carried_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is counted, and nothing is wrong."""
    file = tmp_path / "none.jsonl"
    file.touch()

    assert (0, "bookings 0") == (shown(capsys, file, "--carry")[0], shown(capsys, file)[1][1])


def test_only_a_file_whose_lines_can_not_be_read_is_said_to_hold_no_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty file needs no advice, and one of acts alone is told to need carry."""
    file = write_lines(tmp_path / "year.jsonl", [])
    main(["replay", str(file)])
    of_nothing = capsys.readouterr().err
    write_lines(file, [CANCELLED])
    main(["replay", str(file)])

    assert "" == of_nothing
    assert f"{file}: 1 line holds an act, and is left out: give --carry\n" == (
        capsys.readouterr().err
    )
