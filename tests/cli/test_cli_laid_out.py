"""What a decision and a settlement look like on a terminal, line by line and colour by colour."""

from pathlib import Path

import pytest

from tests.helpers.cli_support import CASE, NOT_LOGGED_IN, plain, run, written
from tests.helpers.cli_support import ELIGIBLE as IN_A_PIPE

AT = "2026-05-05T10:00:00+12:00"

ELIGIBLE = """\
✓ eligible under timely-2026-03: a package can be used for this booking

  deposit       no deposit is due
  card capture  no card is asked for
  credit        facial is paid with 1 credit of package p1
  cancellation  free until Mon 4 May 10:00, then the credit is forfeited
  times         in Pacific/Auckland
"""
CLOSED = """\

a cancellation by the client at Tue 5 May 2026 10:00
✗ refused: nothing changes

  reason        changes_closed  D09 D67 D71
                a client could change this booking until Tue 5 May 2026 10:00
                only
                → let the business change the booking

  times         in Pacific/Auckland
"""
FOR_A_CLIENT = """\
✓ a package can be used for this booking

  cancellation  free until Mon 4 May 10:00, then the credit is forfeited
"""


def shown(monkeypatch: pytest.MonkeyPatch, *argv: str | Path) -> str:
    """Return what stands on a terminal, in colour."""
    return run(monkeypatch, *argv, is_terminal=True).out


def test_an_answer_without_findings_has_one_empty_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What follows stands right below it."""
    path = written(tmp_path, "a.json", CASE)

    assert plain(shown(monkeypatch, "decide", path)) == ELIGIBLE


def test_a_client_sees_the_sentence_and_below_it_the_schedule(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With room between them; a refusal is a sentence alone, behind a red sign."""
    path = written(tmp_path, "a.json", CASE)
    refused = written(tmp_path, "b.json", NOT_LOGGED_IN)
    client = ("--audience", "client")

    assert plain(shown(monkeypatch, "decide", path, *client)) == FOR_A_CLIENT
    assert shown(monkeypatch, "decide", refused, *client) == (
        "\x1b[1;31m✗ \x1b[0mlog in to use a package\n"
    )


def test_a_cancellation_that_is_refused_stands_in_red(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With the clock time of the account in what is found."""
    path = written(tmp_path, "a.json", CASE)
    text = shown(monkeypatch, "cancel", path, "--at", AT, "--by", "client")

    assert plain(text) == ELIGIBLE + CLOSED
    assert "\x1b[1;31m✗ \x1b[0m\x1b[1;31mrefused:\x1b[0m nothing changes\n" in text


def test_a_reason_is_red_and_a_note_is_yellow(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its label and its code alike; the clauses behind the code have a colour of their own."""
    facials = [{"services": ["facial"], "remaining": 1}]
    paying = {"id": "p1", "client_id": "ana", "entitlements": facials}
    archived = {**paying, "id": "p0", "status": "archived"}
    path = written(tmp_path, "a.json", {**NOT_LOGGED_IN, "packages": [archived, paying]})
    lines = shown(monkeypatch, "decide", path).splitlines()

    assert [
        (
            "\x1b[31m  reason        \x1b[0m\x1b[1;31mclient_not_logged_in\x1b[0m"
            "\x1b[36m  T07 D03\x1b[0m"
        ),
        "\x1b[33m  note          \x1b[0m\x1b[1;33mpackage_archived\x1b[0m\x1b[36m  T24\x1b[0m",
    ] == [line for line in lines if "reason  " in line or "note  " in line]


def test_times_of_a_finding_are_those_of_the_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A terminal tells the very text and advice that a pipe gets."""
    over = {
        "id": "p1",
        "client_id": "ana",
        "valid_until": "2026-04-30T12:30:00Z",
        "entitlements": [{"services": ["facial"], "remaining": 1}],
    }
    path = written(tmp_path, "a.json", {**CASE, "packages": [over]})
    in_a_pipe = run(monkeypatch, "decide", path)
    told = in_a_pipe.out.splitlines()[1].partition("] ")[2]
    text, _, advice = told.partition("; to change it: ")
    seen = " ".join(plain(shown(monkeypatch, "decide", path)).split())

    assert "1 May" in text
    assert f" {text} → {advice} " in seen


def test_a_stream_that_is_told_to_be_a_terminal_is_laid_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By either of the two variables, and only when something stands in it."""
    path = written(tmp_path, "a.json", CASE)
    variables = ("FORCE_COLOR", "TTY_COMPATIBLE")

    assert [ELIGIBLE, ELIGIBLE] == [
        plain(run(monkeypatch, "decide", path, environ={name: "1"}).out) for name in variables
    ]
    assert [IN_A_PIPE, IN_A_PIPE] == [
        run(monkeypatch, "decide", path, environ={name: ""}).out for name in variables
    ]
