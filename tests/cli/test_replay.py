"""`pkgredeem replay` and what it stands on: counts of a file, of its ranges, of two rulebooks."""

import json
import os
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import house_rules
from pkgredeem import Actor, InvalidValueError, RedemptionPolicy, rules
from pkgredeem.cli import _replay_parts, main
from pkgredeem.cli._inputs import Source
from pkgredeem.cli._replay_page import page
from pkgredeem.documents import case_document, read_case
from pkgredeem.documents.replay import Replay, Tally, _lines, ranges, replay
from pkgredeem.documents.replay._counts import MOST_PROBLEMS
from pkgredeem.testing.cases.generator import cases

HOUSE_RULES = Path(__file__).parents[2] / "docs/examples/house_rules.py"
MARCH = RedemptionPolicy(rules.TIMELY_2026_03)
APRIL = RedemptionPolicy(rules.TIMELY_2026_04)


def document(  # a booking of one facial, asked for with a deposit and a card
    *,
    left: int = 1,
    logged_in: bool = True,
    activated_on: str = "2026-05-01",
    services: int = 1,
    zone: str | None = "Pacific/Auckland",
) -> str:
    """Return a case document on one line."""
    line = {"service": {"id": "facial"}}
    return json.dumps(
        {
            "format": "pkgredeem/1",
            "now": "2026-06-01T09:00:00Z",
            "account": {
                "activated_on": activated_on,
                "client_login": "optional",
                "deposit_required": True,
                "card_capture": True,
                **({} if zone is None else {"time_zone": zone}),
            },
            "client": {"id": "ana", "logged_in": logged_in},
            "packages": [
                {
                    "id": "p1",
                    "client_id": "ana",
                    "entitlements": [{"services": ["facial"], "remaining": left}],
                }
            ],
            "booking": {
                "id": "b1",
                "starts_at": "2026-06-08T09:00:00Z",
                "lines": [line] * services,
            },
        }
    )


def written(folder: Path, *lines: str) -> Path:
    """Return a file with these lines."""
    path = folder / "cases.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A file of five bookings: two eligible, one of them in March only, three refused."""
    return written(
        tmp_path,
        document(),
        document(activated_on="2026-04-15", left=2, services=2),
        document(logged_in=False),
        document(left=0),
        document(left=0, logged_in=False),
    )


def test_a_replay_counts_what_one_rulebook_decides(year: Path) -> None:
    """Answers, reasons, deposits, cards and credits are counted, a reason once for each booking."""
    expected = Tally(
        rulebook="timely-2026-03",
        eligible=2,
        refused=3,
        reasons=(("client_not_logged_in", 2), ("package_used_up", 2)),
        deposits_waived=2,
        cards_bypassed=2,
        credits=3,
    )

    assert Replay(first=expected, lines=5) == replay(year, MARCH)


def test_a_replay_sets_two_rulebooks_side_by_side(year: Path) -> None:
    """An account of 15 April that never chose is switched on by March alone."""
    found = replay(year, MARCH, APRIL)

    assert (
        Tally(
            rulebook="timely-2026-04",
            eligible=1,
            refused=4,
            reasons=(
                ("client_not_logged_in", 2),
                ("online_redemption_off", 1),
                ("package_used_up", 2),
            ),
            deposits_waived=1,
            cards_bypassed=1,
            credits=1,
        )
        == found.second
    )
    assert (1, 0) == (found.only_first, found.only_second)
    assert (0, 1) == (replay(year, APRIL, MARCH).only_first, replay(year, APRIL, MARCH).only_second)


def test_no_booking_is_a_share_of_nothing(tmp_path: Path) -> None:
    """An empty file has no eligible share to speak of."""
    assert 0.0 == replay(written(tmp_path), MARCH).first.share_eligible


def test_a_bad_line_is_counted_and_told_by_its_number(tmp_path: Path) -> None:
    """Empty lines count as lines; a bad one keeps no other from being decided."""
    found = replay(written(tmp_path, document(), "", "{", document()), MARCH)

    assert (4, 1, 2) == (found.lines, found.unreadable, found.first.decided)
    assert [3] == [number for number, _ in found.problems]


def test_a_case_that_a_rule_can_not_be_asked_about_is_told_by_its_number(tmp_path: Path) -> None:
    """A rule of the house asks for local time, and the account has no zone: it is not counted."""
    found = replay(written(tmp_path, document(), document(zone=None)), house_rules.POLICY, MARCH)

    assert (2, 1, 1) == (found.lines, found.unreadable, found.first.decided)
    assert found.second is not None
    assert 1 == found.second.decided
    told = "AccountSettings.time_zone must be a ZoneInfo where a rule asks for local time, not None"
    assert ((2, told),) == found.problems


def test_only_the_first_hundred_bad_lines_are_kept(tmp_path: Path) -> None:
    """A file of nothing but bad lines takes no more memory than one with a hundred."""
    found = replay(written(tmp_path, *["{"] * (MOST_PROBLEMS + 5)), MARCH)

    assert MOST_PROBLEMS + 5 == found.unreadable
    assert list(range(1, MOST_PROBLEMS + 1)) == [number for number, _ in found.problems]


def test_what_has_ended_is_told_by_its_number(tmp_path: Path) -> None:
    """A case whose own redemption has ended can't be decided, and keeps no other from it (D21)."""
    policy = RedemptionPolicy(rules.IN_STORE)
    case = read_case(json.loads(document()))
    redemption = policy.decide_case(case).redemption
    assert redemption is not None
    change = policy.cancel(redemption, by=Actor.BUSINESS, now=case.now).change
    assert change is not None
    ended = json.dumps(case_document(replace(case, existing=change.after)))
    found = replay(written(tmp_path, ended, document()), policy)

    assert (2, 1, 1) == (found.lines, found.unreadable, found.first.decided)
    assert ((1, "booking 'b1' has ended already"),) == found.problems


def test_a_line_that_is_too_long_is_one_bad_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is cut where a document may not go on, and the next line is decided."""
    monkeypatch.setattr(_lines, "LARGEST_DOCUMENT", 2_000)
    found = replay(written(tmp_path, document(), "1" * 20_000, document()), MARCH)

    assert (3, 1, 2) == (found.lines, found.unreadable, found.first.decided)


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 50])
def test_ranges_count_together_what_the_whole_file_counts(tmp_path: Path, parts: int) -> None:
    """However the file is cut, each line is counted once, and lines keep their numbers."""
    lines = [json.dumps(case_document(case)) for case in cases(seed=3, count=60)]
    path = written(tmp_path, *lines[:20], "{", *lines[20:], "[]")
    counted = [replay(path, MARCH, APRIL, start=a, stop=b) for a, b in ranges(path, parts)]

    assert replay(path, MARCH, APRIL) == Replay.merged(counted)
    assert [21, 62] == [number for number, _ in Replay.merged(counted).problems]


def test_ranges_cover_a_file_without_a_gap(tmp_path: Path) -> None:
    """A file of ten bytes in three parts; of fewer bytes than parts; of none."""
    path = tmp_path / "ten.jsonl"
    path.write_bytes(b"0123456789")
    two = tmp_path / "two.jsonl"
    two.write_bytes(b"01")
    none = tmp_path / "none.jsonl"
    none.touch()

    assert [(0, 3), (3, 6), (6, 10)] == ranges(path, 3)
    assert [(0, 1), (1, 2)] == ranges(two, 5)
    assert [(0, 0)] == ranges(none, 2)


@pytest.mark.parametrize("parts", [0, True, 1.5, "2"])
def test_a_file_is_cut_into_one_part_or_more(tmp_path: Path, parts: int) -> None:
    """No part at all is no way to read a file, nor is half of one."""
    with pytest.raises(InvalidValueError) as refused:
        ranges(tmp_path, parts)

    assert f"parts must be a whole number of 1 or more, not {parts!r}" == str(refused.value)


@pytest.mark.parametrize(
    ("name", "wrong", "allowed"),
    [
        ("policy", None, "a RedemptionPolicy"),
        ("against", rules.IN_STORE, "a RedemptionPolicy or None"),
        ("start", -1, "a position in the file of 0 or more"),
        ("start", True, "a position in the file of 0 or more"),
        ("start", None, "a position in the file of 0 or more"),
        ("stop", 1.5, "a position in the file of 0 or more"),
        ("stop", False, "a position in the file of 0 or more"),
        ("stop", "", "a position in the file of 0 or more"),
    ],
)
def test_a_replay_names_what_it_can_not_use(
    year: Path, name: str, wrong: object, allowed: str
) -> None:
    """A byte before the file would leave its first line out, and is refused."""
    ask: Any = replay
    with pytest.raises(InvalidValueError) as refused:
        ask(**({"path": year, "policy": MARCH} | {name: wrong}))

    assert (name, wrong, allowed) == (
        refused.value.field,
        refused.value.value,
        refused.value.allowed,
    )


def test_a_policy_of_ones_own_is_replayed_by_every_process(
    year: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is a module of the current folder, and is imported there by each of them."""
    shutil.copy(HOUSE_RULES, year.parent / "rules_of_the_house.py")
    monkeypatch.chdir(year.parent)
    monkeypatch.setattr(_replay_parts, "RANGE", 1_000)
    named = ("--policy", "rules_of_the_house:POLICY", "--against", "rules_of_the_house:POLICY")
    told = []
    for processes in ("1", "2"):
        main(["replay", year.name, *named, "--format", "json", "--processes", processes])
        told.append(json.loads(capsys.readouterr().out))

    assert told[0] == told[1]
    assert ["timely-2026-03 +on_a_saturday"] * 2 == [
        each["rulebook"] for each in told[0]["rulebooks"]
    ]


def test_a_rule_that_no_process_can_find_is_told(
    year: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule is handed over by the name that it has in its module; one process needs none."""
    text = HOUSE_RULES.read_text(encoding="utf-8") + "\n\ndel on_a_saturday\n"
    (year.parent / "rules_without_a_name.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(year.parent)
    monkeypatch.setattr(_replay_parts, "RANGE", 1_000)
    named = ("replay", year.name, "--policy", "rules_without_a_name:POLICY", "--processes")
    status = main([*named, "2"])
    told = capsys.readouterr()

    assert (2, "") == (status, told.out)
    assert told.err.endswith(
        "is not the rules_without_a_name.on_a_saturday of its module: "
        "define it there: or give --processes 1\n"
    )
    assert 2 != main([*named, "1"])


def test_one_document_over_many_lines_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no line can be read, the last problem says what the file should be."""
    path = tmp_path / "case.json"
    path.write_text(json.dumps(json.loads(document()), indent=2), encoding="utf-8")

    assert 2 == main(["replay", str(path)])
    told = f"{path}: no line of it is a case document: give one document a line"
    assert told == capsys.readouterr().err.splitlines()[-1]


def test_a_pipe_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be read once, and only from its beginning, can't be cut into ranges."""
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)

    assert Source(str(pipe), is_stream=True).size() is None  # or it would wait for a writer
    assert 2 == main(["replay", str(pipe), "--processes", "1"])
    told = f"pkgredeem: {pipe} can't be cut into ranges: give a file\n"
    assert ("", told) == tuple(capsys.readouterr())


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Replay(first=Tally(rulebook="a")), Replay(first=Tally(rulebook="b"))],
        [
            Replay(first=Tally(rulebook="a")),
            Replay(first=Tally(rulebook="a"), second=Tally(rulebook="b")),
        ],
    ],
)
def test_counts_of_other_rulebooks_are_not_merged(parts: list[Replay]) -> None:
    """A sum of different questions would answer none of them."""
    with pytest.raises(InvalidValueError, match="parts"):
        Replay.merged(parts)


def test_the_command_shows_a_table(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each count and each reason stands in a column of its rulebook."""
    status = main(["replay", str(year), "--against", "timely-2026-04", "--processes", "1"])
    shown = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    assert 0 == status
    assert [
        "timely-2026-03 timely-2026-04",
        "bookings 5 5",
        "eligible 2 (40.0%) 1 (20.0%)",
        "refused 3 4",
        "deposits not collected 2 1",
        "cards not captured 2 1",
        "credits drawn 3 1",
        "",
        "reason timely-2026-03 timely-2026-04",
        "client_not_logged_in 2 2",
        "online_redemption_off 0 1",
        "package_used_up 2 2",
        "",
        "eligible under timely-2026-03 only: 1",
        "eligible under timely-2026-04 only: 0",
    ] == shown


def test_the_command_lifts_rules(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What would have been, without that rule?"""
    main(["replay", str(year), "--without", "client_not_logged_in", "--format", "json"])
    found = json.loads(capsys.readouterr().out)

    assert {
        "format": "pkgredeem-replay/1",
        "carried": False,
        "lines": 5,
        "unreadable": 0,
        "needs_carry": 0,
        "unknown": 0,
        "rulebooks": [
            {
                "rulebook": "timely-2026-03 -client_not_logged_in",
                "eligible": 3,
                "refused": 2,
                "reasons": {"package_used_up": 2},
                "deposits_waived": 3,
                "cards_bypassed": 3,
                "credits": 4,
                "share_eligible": 0.6,
                "impossible": 0,
                "overdrawn": [],
                "repeated": 0,
                "acts": {},
                "acts_refused": 0,
                "credits_returned": 0,
                "recorded": {
                    "compared": 0,
                    "reproduced": 0,
                    "other_rulebook": 0,
                    "differences": {},
                    "examples": [],
                },
            }
        ],
        "only_first": 0,
        "only_second": 0,
    } == found


def test_a_file_without_a_refusal_shows_no_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no table of reasons where there is none."""
    main(["replay", str(written(tmp_path, document()))])

    assert "reason" not in capsys.readouterr().out


def test_several_processes_count_what_one_counts(
    year: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes are handed ranges, and their counts are merged."""
    monkeypatch.setattr("pkgredeem.cli._replay_parts.RANGE", 700)
    texts: list[str] = []
    for processes in ("1", "2"):
        assert 0 == main(["replay", str(year), "--processes", processes, "--format", "json"])
        texts.append(capsys.readouterr().out)

    assert texts[0] == texts[1]


def test_the_command_tells_bad_lines_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first hundred by their numbers, the others by their count."""
    path = written(tmp_path, document(), *["{"] * (MOST_PROBLEMS + 2))
    status = main(["replay", str(path)])
    captured = capsys.readouterr()

    assert 2 == status
    assert f"{path}: 2 lines more could not be counted" == captured.err.splitlines()[-1]
    assert ["timely-2026-03", "bookings 1", "eligible 1 (100.0%)"] == [
        " ".join(line.split()) for line in captured.out.splitlines()[:3]
    ]
    assert [f"{path}:{number}: document must be " for number in range(2, MOST_PROBLEMS + 2)] == [
        line[: len(f"{path}:{number}: document must be ")]
        for number, line in enumerate(captured.err.splitlines()[:-1], start=2)
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-"], "standard input can't be cut into ranges: give a file"),
        (["missing.jsonl"], "there is no such file"),
        (["x.jsonl", "--processes", "0"], "must be a whole number of 1 or more, not '0'"),
        (["x.jsonl", "--against", "timely"], "'timely' is not a rulebook"),
    ],
)
def test_wrong_arguments_end_with_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong stands on standard error, and nothing on standard output."""
    assert 2 == main(["replay", *arguments])

    captured = capsys.readouterr()
    assert "" == captured.out
    assert told in captured.err


def test_the_page_is_whole_and_fetches_nothing(year: Path, tmp_path: Path) -> None:
    """One file with its style inside: counts, shares, what changes, and a row for each reason."""
    path = tmp_path / "page.html"
    main(["replay", str(year), "--against", "timely-2026-04", "--html", str(path)])
    text = path.read_text(encoding="utf-8")

    assert 1 == text.count("<!doctype html>")
    assert 0 == sum(text.count(each) for each in ("http", "<script", "src=", "@import", "url("))
    assert "0 bookings gain a package under timely-2026-04, 1 loses it." in text
    assert "timely-2026-03: 40.0%" in text
    assert "client_<wbr>not_<wbr>logged_<wbr>in</code>" in text
    assert "The client books as a guest, or has not logged in." in text
    assert 3 == text.count("<code>")


def test_the_page_says_whose_each_figure_is_and_how_long_a_bar_may_be(year: Path) -> None:
    """By words, not by colour alone: in heads, in tiles, at both ends of a scale; and the day."""
    text = page(replay(year, MARCH, APRIL), year.name, date(2026, 3, 9))

    assert "Made on 9 March 2026.</p>" in text
    assert (
        '<th class="count">bookings, timely-2026-03</th>'
        '<th class="count">bookings, timely-2026-04</th>'
    ) in text
    assert '<b>2</b><span class="other">1 under timely-2026-04</span>' in text
    assert "<span>0%</span><span>100% of the bookings</span>" in text
    assert "<span>0</span><span>2</span>" in text


def test_the_bars_of_the_page_are_drawn_against_the_longest_of_both(tmp_path: Path) -> None:
    """Three bookings are refused for one reason by April alone, one for another by both."""
    off_in_april = document(activated_on="2026-04-15")
    source = written(tmp_path, *[off_in_april] * 3, document(logged_in=False))
    path = tmp_path / "page.html"
    main(["replay", str(source), "--against", "timely-2026-04", "--html", str(path)])
    text = path.read_text(encoding="utf-8")

    assert [
        ("first", "75.0%"),
        ("second", "0.0%"),
        ("first", "0.0%"),
        ("second", "100.0%"),
        ("first", "33.3%"),
        ("second", "33.3%"),
    ] == re.findall(r'<div class="bar (\w+)"><i style="width:([^"]+)">', text)


def test_the_page_of_one_rulebook_shows_no_other(tmp_path: Path) -> None:
    """No key, no comparison, no reason where none was refused; a name from outside is only text."""
    source = tmp_path / "<b>.jsonl"
    source.write_text(f"{document()}\n{{\n", encoding="utf-8")
    path = tmp_path / "page.html"
    main(["replay", str(source), "--html", str(path)])
    text = path.read_text(encoding="utf-8")

    assert "<b>.jsonl" not in text
    assert "&lt;b&gt;.jsonl" in text
    assert 'class="key"' not in text
    assert "gain a package" not in text
    assert "<p>None was.</p>" in text
    assert "1 line left out: no case or act, or one that can't be decided." in text


def test_the_page_shows_the_name_of_a_rulebook_as_text(
    year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rulebook of one's own may have any name, and none of it is markup."""
    source = "from dataclasses import replace\nfrom pkgredeem import RedemptionPolicy, rules\n"
    source += "POLICY = RedemptionPolicy(replace(rules.IN_STORE, name='<i>salon'))\n"
    (year.parent / "rules_in_bold.py").write_text(source, encoding="utf-8")
    monkeypatch.chdir(year.parent)
    named = ("--policy", "rules_in_bold:POLICY", "--against", "rules_in_bold:POLICY")
    main(["replay", year.name, *named, "--html", "page.html"])
    text = Path("page.html").read_text(encoding="utf-8")

    assert "decided again under &lt;i&gt;salon and under &lt;i&gt;salon." in text
    assert "<i>salon" not in text


def test_a_page_that_cannot_be_written_is_said(
    year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is not there is bad usage, told before anything is shown."""
    status = main(["replay", str(year), "--html", str(tmp_path / "none" / "page.html")])
    captured = capsys.readouterr()

    assert (2, "") == (status, captured.out)
    assert "the page can't be written" in captured.err
