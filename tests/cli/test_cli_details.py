"""The command in detail: what is chosen, how a file is cut, and what a row or a bar shows."""

import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self, cast

import pytest

from pkgredeem import Audience, Finding, RedemptionPolicy, Scope
from pkgredeem.cli import _replay_parts, _review
from pkgredeem.cli._explanation import decision_rows
from pkgredeem.cli._inputs import Source
from pkgredeem.cli._output import Screen, _NullStream
from pkgredeem.cli._progress import Progress
from pkgredeem.cli._replay_rows import rows
from pkgredeem.cli._rows import Grid, Row
from pkgredeem.documents import read_case
from pkgredeem.documents.replay import Replay, Tally
from pkgredeem.testing import Review
from tests.helpers.cli_support import CASE, Stream, run, written

if TYPE_CHECKING:
    from functools import partial

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")
PAGE = Review(
    rulebook=f"mine{' and yours' * 9}",
    tried=3,
    never_found=tuple(f"rule_number_{number}" for number in range(9)),
    always_found=(),
    never_alone=(),
    always_together=(),
    without_scenario=None,
)
TWO_CLAUSES = """
from pkgredeem import Clause, Scope, rule, rules

FIRST, SECOND = (Clause(id=f"HOUSE-{n}", heading="h", says=f"Says {n}.") for n in (1, 2))

@rule(Scope.CLIENT, clauses=[FIRST, SECOND], message="m", advice="a")
def a_rule_of_ours(client):
    "The client is not one of ours."
    return False

BOOK = rules.IN_STORE.including(a_rule_of_ours)
"""


def test_times_in_an_advice_are_those_of_the_account() -> None:
    """On a terminal as in a pipe."""
    decision = RedemptionPolicy().decide_case(read_case({**CASE}))
    finding = Finding(
        code="too_early",
        scope=Scope.CLIENT,
        clauses=("T12", "D06"),
        message="nothing before {since}",
        advice="wait until {since}",
        client_text=None,
        subject="",
        facts=(("since", decision.booking.starts_at),),
    )
    told = replace(decision, eligible=False, reasons=(finding,), redemption=None)
    reason = next(row for row in decision_rows(told, Audience.STAFF) if row.label == "reason")

    assert [
        "too_early  T12 D06",
        "nothing before Tue 5 May 2026 10:00",
        "→ wait until Tue 5 May 2026 10:00",
    ] == ["".join(part for part, _ in line) for line in reason.lines]


def test_a_page_in_markdown_is_not_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is a line in it, also on a terminal."""
    monkeypatch.setattr(_review, "review", lambda *_, **__: PAGE)
    markdown = ("review", "--format", "markdown")
    plain, seen = run(monkeypatch, *markdown), run(monkeypatch, *markdown, is_terminal=True)

    assert f"{PAGE.to_markdown()}\n" == plain.out == seen.out
    assert 80 < max(map(len, plain.out.splitlines()))


def test_a_closed_stream_takes_everything_and_keeps_nothing() -> None:
    """As many signs as it is given."""
    stream = _NullStream()

    assert (3, "") == (stream.write("abc"), stream.getvalue())


def test_a_name_without_a_colon_is_that_of_a_rulebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with a dot in it; a path with a colon is told to be no module."""
    told = (
        "pkgredeem: 'salon.rules' is not a rulebook: "
        "give one of timely-2026-03, timely-2026-04, online, in-store\n"
    )
    path = (
        "pkgredeem: No module named 'salon/rules': "
        "give the name of a module, not its path, such as salon.rules:policy\n"
    )

    assert told == run(monkeypatch, "diff", "in-store", "salon.rules").err
    assert path == run(monkeypatch, "diff", "in-store", "salon/rules:policy").err


def test_a_module_of_this_folder_comes_before_all_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As `python -m` has it, here and in each process that counts."""
    (tmp_path / "installed").mkdir()
    for folder, book in ((tmp_path, "IN_STORE"), (tmp_path / "installed", "ONLINE")):
        text = f"from pkgredeem.rules import {book} as book\n"
        (folder / "found_in_two_places.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "installed")
    out = run(monkeypatch, "rules", "--policy", "found_in_two_places:book").out
    monkeypatch.setattr(sys, "path", ["a", "b"])
    _replay_parts._import_from("here")

    assert out.startswith("rulebook in-store: ")
    assert ["here", "a", "b"] == sys.path


def test_what_a_module_raises_is_only_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No control character of it reaches the terminal."""
    text = "raise RuntimeError(chr(27))\n"
    (tmp_path / "raising_an_escape.py").write_text(text, encoding="utf-8")

    assert (
        "pkgredeem: raising_an_escape:book can't be imported: RuntimeError: \\x1b\n"
        == run(monkeypatch, "rules", "--policy", "raising_an_escape:book").err
    )


def test_rules_are_lifted_in_the_order_in_which_they_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which is the order in the name of the rulebook; once each."""
    codes = ("several_active_packages", "client_not_logged_in", "several_active_packages")
    lifted = [word for code in codes for word in ("--without", code)]
    out = run(monkeypatch, "rules", "--rulebook", "online", *lifted[2:]).out
    both = run(monkeypatch, "rules", *lifted).out

    assert out == ""
    assert both.startswith(
        "rulebook timely-2026-03 -several_active_packages -client_not_logged_in: "
    )


def test_each_clause_that_a_rule_of_ones_own_cites_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Behind those of the library, in the order in which it cites them."""
    (tmp_path / "rules_with_two_clauses.py").write_text(TWO_CLAUSES, encoding="utf-8")
    out = run(monkeypatch, "rules", "--clauses", "--policy", "rules_with_two_clauses:BOOK").out

    assert [
        "HOUSE-1: h (your own): Says 1. Kept by: rule a_rule_of_ours",
        "HOUSE-2: h (your own): Says 2. Kept by: rule a_rule_of_ours",
    ] == out.splitlines()[-2:]


def test_a_terminal_names_each_scope_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first of its rules; the label is dim, as every label of what follows."""
    shown = run(monkeypatch, "rules", is_terminal=True, environ={"NO_COLOR": "1"}).out
    coloured = run(monkeypatch, "rules", is_terminal=True).out
    labels = [line[:16].strip() for line in shown.splitlines()[2:]]

    assert ["account", "client", "holdings", "package", "credit", "booking", "note", "act"] == [
        label for label in labels if label
    ]
    assert "\x1b[2m  account       \x1b[0m" in coloured


def bar_after(read: int, size: int, seconds: float) -> str:
    """Return what is shown at the end of the terminal so many seconds after its begin."""
    err = Stream(is_terminal=True)
    clock = iter([0.0, 0.0, seconds, seconds])
    progress = Progress(Screen(Stream(), err), "a", size, clock=lambda: next(clock))
    progress.__enter__()
    progress.advance(read)
    return err.text().rpartition("\r")[2]


def test_the_bar_is_drawn_anew_after_a_tenth_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before, and its length is rounded: 14.55 of 30 signs are 15."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")

    assert f"{'━' * 15}{'─' * 15}  48%  1 lines  a" == bar_after(97, 200, 0.1)
    assert f"{'─' * 30}   0%  0 lines  a" == bar_after(97, 200, 0.099)


class Pool:
    """Stands in for a pool of processes, and does all at once, here."""

    made: ClassVar[list[tuple[int, tuple[object, ...]]]] = []

    def __init__(
        self, processes: int, *, initializer: object, initargs: tuple[object, ...]
    ) -> None:
        """Note what is asked for."""
        assert initializer is _replay_parts._import_from
        self.made.append((processes, initargs))

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def submit(self, call: Callable[..., object], **options: object) -> "Future[object]":
        """Return what the call comes to."""
        answer: Future[object] = Future()
        answer.set_result(call(**options))
        return answer


@pytest.mark.parametrize(
    ("size", "parts"), [(0, 1), (1, 1), (4_000_000, 1), (4_000_001, 2), (12_000_001, 4)]
)
def test_a_file_is_cut_into_ranges_of_four_million_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int, parts: int
) -> None:
    """No more processes than ranges are started, and none for a single one; in their order."""
    cut: list[int] = []
    counted: deque[int | None] = deque()

    def cutting(_: str, number: int) -> list[tuple[int, int]]:
        cut.append(number)
        return [(start, start + 1) for start in range(number)]

    def counting(*, start: int, stop: int) -> Replay:
        counted.append(stop)
        return Replay(first=Tally(rulebook="mine"), lines=1, problems=((1, f"of {start}"),))

    monkeypatch.setattr(Pool, "made", [])
    monkeypatch.setattr(_replay_parts, "ranges", cutting)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    found = _replay_parts.count_in_parts(
        Screen(Stream(), Stream()),
        Source("a.jsonl", is_stream=True),
        size,
        cast("partial[Replay]", counting),
        carry=False,
        processes=3,
    )

    assert [parts] == cut
    assert tuple((number + 1, f"of {number}") for number in range(parts)) == found.problems
    assert [(min(parts, 3), (str(tmp_path),))] * (parts > 1) == Pool.made


def test_what_only_the_second_rulebook_has_has_its_row_and_its_colour() -> None:
    """A line that was asked again, a booking that can't be true; a table of reasons is red."""
    first = Tally(rulebook="mine", eligible=1)
    second = replace(
        first,
        rulebook="other",
        repeated=2,
        impossible=1,
        reasons=(("no_package", 3),),
        watched={("p", "main"): (0, 1, 1)},
    )
    shown = rows(Replay(first=first, second=second))
    table, reasons = (item for item in shown if isinstance(item, Grid))
    *_, last = (item for item in shown if isinstance(item, Row))

    assert ["asked again", "0", "2"] == table.rows[-1]
    assert (["", "bold", "bold"], ["", "red", "red"]) == (table.styles, reasons.styles)
    told = (
        "other: 1 of 1 eligible booking can't be true: package p holds 0 and pays for 1; "
        "give --carry to go on from what was drawn"
    )
    assert Row(told, [[(told, "bold yellow")]]) == last


def test_a_label_of_what_follows_is_dim(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that the answer is what one reads first."""
    written(tmp_path, "a.json", CASE)

    assert (
        "\n\x1b[2m  deposit       \x1b[0mno deposit is due\n"
        in run(monkeypatch, "decide", "a.json", is_terminal=True).out
    )
