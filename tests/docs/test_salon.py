"""A week at the salon, played in its terminal: every line that it prints."""

import runpy
import shlex
import sys
from pathlib import Path

import pytest

import salon

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "salon.py"

ZONE = "  times: in Pacific/Auckland"


class Terminal:
    """A terminal in front of one salon."""

    def __init__(self, db: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Sit down."""
        self.db = db
        self.capsys = capsys

    def at(self, now: str, *words: str) -> tuple[int, list[str]]:
        """Type one command; return its status, and what it prints line by line."""
        try:
            status = salon.main(["--db", str(self.db), "--now", now, *words])
        except SystemExit as left:
            status = int(left.code or 0)
        printed = self.capsys.readouterr()
        return status, [*printed.out.splitlines(), *printed.err.splitlines()]


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal in front of a new salon."""
    return Terminal(tmp_path / "salon.db", capsys)


def test_a_week_at_the_salon(terminal: Terminal) -> None:
    """The week that is told beside the script is what it prints, line by line."""
    told = (SCRIPT.with_name("salon-week.txt")).read_text(encoding="utf-8")
    typed = [command.strip().splitlines() for command in told.split("$ salon.py ")[1:]]

    assert 13 == len(typed)
    for command, *expected in typed:
        _, now, *words = shlex.split(command)
        status, printed = terminal.at(now, *words)
        assert expected == [*printed, *([f"exit {status}"] if status else [])]


def test_staff_book_by_the_rules_of_the_desk(terminal: Terminal) -> None:
    """A client may redeem online with one active package only, and in the salon with several."""
    for _ in range(2):
        terminal.at("2026-05-01 09:00", "sell", "ana", "1 facial")
    asked = ("book", "ana", "facial", "--at", "2026-05-05 10:00")
    refused, online = terminal.at("2026-05-01 10:00", *asked)
    booked, in_store = terminal.at("2026-05-01 10:00", *asked, "--by", "business")

    assert (1, "  refused under timely-2026-03: 1 reason") == (refused, online[1])
    assert online[2].startswith("  reason: several_active_packages [T10 D05]")
    assert (0, "  eligible under in-store: a package can be used for this booking") == (
        booked,
        in_store[1],
    )


def test_the_same_command_again_changes_nothing(terminal: Terminal) -> None:
    """A booking that is sent twice, and a cancellation, are done once."""
    terminal.at("2026-05-01 09:00", "sell", "ana", "1 facial")
    asked = ("book", "ana", "facial", "--at", "2026-05-05 10:00", "--booking", "tuesday")
    terminal.at("2026-05-01 10:00", *asked)
    status, printed = terminal.at("2026-05-01 10:01", *asked)

    assert (0, "  eligible: redeemed already under timely-2026-03") == (status, printed[1])
    terminal.at("2026-05-01 11:00", "cancel", "tuesday")
    assert (
        0,
        ["tuesday: cancelled", "  nothing changes, it was done before: the credit returns", ZONE],
    ) == terminal.at("2026-05-01 12:00", "cancel", "tuesday")


def test_a_forgiven_cancellation_that_is_sent_again_changes_nothing(terminal: Terminal) -> None:
    """It was done before, and the credit stands as it was forgiven."""
    terminal.at("2026-05-01 09:00", "sell", "ana", "1 facial")
    terminal.at("2026-05-01 10:00", "book", "ana", "facial", "--at", "2026-05-05 10:00")
    late, forfeited = terminal.at("2026-05-05 09:00", "cancel", "b1")
    terminal.at("2026-05-05 12:00", "forgive", "b1", "--note", "a burst pipe")

    assert (0, "  done: the credit is forfeited") == (late, forfeited[1])
    assert (
        0,
        ["b1: cancelled", "  nothing changes, it was done before: the credit returns", ZONE],
    ) == terminal.at("2026-05-05 13:00", "cancel", "b1")


def test_a_client_moves_in_time_and_staff_always(terminal: Terminal) -> None:
    """Inside the window a client is refused, and exit status and reason say so."""
    terminal.at("2026-05-01 09:00", "sell", "ana", "1 facial")
    terminal.at("2026-05-01 10:00", "book", "ana", "facial", "--at", "2026-05-05 10:00")
    asked = ("reschedule", "b1", "--at", "2026-05-06 10:00")
    refused, reasons = terminal.at("2026-05-04 10:01", *asked)
    moved, told = terminal.at("2026-05-04 10:01", *asked, "--by", "business")

    assert (1, "b1: not rescheduled to Wed  6 May 10:00") == (refused, reasons[0])
    assert reasons[2].startswith("  reason: late_change [D17 D71 D09 D60]")
    assert (
        0,
        [
            "b1: rescheduled to Wed  6 May 10:00",
            "  done: the credits are kept for the new start",
            ZONE,
        ],
    ) == (moved, told)


def test_a_refused_act_ends_with_one(terminal: Terminal) -> None:
    """A no-show before the start is refused, and says why."""
    terminal.at("2026-05-01 09:00", "sell", "ana", "1 facial")
    terminal.at("2026-05-01 10:00", "book", "ana", "facial", "--at", "2026-05-05 10:00")
    status, printed = terminal.at("2026-05-05 09:59", "no-show", "b1", "--outcome", "return")

    assert (1, ["b1: not a no-show", "  refused: nothing changes"]) == (status, printed[:2])
    assert printed[2].startswith("  reason: appointment_not_started [D16]")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("sell", "ana", "many facials"), "'many facials': write a number and a service, as '5 fa"),
        (("sell", "ana", "5 "), "'5 ': write a number and a service, as '5 facial'"),
        (("sell", "ana", "5 f", "--through", "soon"), "'soon': write it as '2026-10-31'"),
        (("book", "ana", "facial", "--at", "noon"), "'noon': write it as '2026-05-01 09:00'"),
        (("cancel", "b1"), "salon.py: nothing was ever redeemed for booking 'b1'"),
        (("exchange", "b7", "facial", "--at", "2026-05-05"), "redeemed for booking 'b7'"),
        (("sell", "ana", "1 facial", "--package", "p0"), "package.id must be an id that"),
        (
            ("sell", "ana", "10000 facial"),
            "write a number and a service, as '5 facial', 9999 at most",
        ),
        (
            ("sell", "ana", "9" * 5000 + " f"),
            "write a number and a service, as '5 facial', 9999 at",
        ),
        (
            ("sell", "ana", "5 f", "--through", "9999-12-31"),
            "'9999-12-31': write it as '2026-10-31', before 9999-12-30",
        ),
    ],
)
def test_what_makes_no_sense_ends_with_two(
    terminal: Terminal, words: tuple[str, ...], told: str
) -> None:
    """Bad input is told in one line, without a traceback."""
    terminal.at("2026-05-01 09:00", "sell", "zoe", "1 facial", "--package", "p0")
    status, printed = terminal.at("2026-05-01 09:00", *words)

    assert 2 == status
    assert told in printed[-1]


@pytest.mark.parametrize(
    ("db", "told"),
    [
        ("gone/salon.db", "{db}: unable to open database file"),
        ("letter.txt", "path must be a SQLite file, or a new one, not {db!r}"),
    ],
)
def test_a_file_that_can_not_be_opened_ends_with_two(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    db: str,
    told: str,
) -> None:
    """One line on standard error names the file and says what is wrong with it."""
    (tmp_path / "letter.txt").write_text("Dear Ana, see you on Tuesday.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    status = salon.main(["--db", db, "show"])

    assert 2 == status
    assert ("", f"salon.py: {told.format(db=db)}\n") == capsys.readouterr()


def test_a_package_takes_the_next_free_number(terminal: Terminal) -> None:
    """A number that was given by hand is left out."""
    sold = [
        terminal.at("2026-05-01 09:00", "sell", client, "5 facial", *words)
        for client, *words in (("ana", "--package", "p2"), ("ben",), ("cat",))
    ]

    assert [
        (0, ["p2 sold to ana: 5 facial"]),
        (0, ["p1 sold to ben: 5 facial"]),
        (0, ["p3 sold to cat: 5 facial"]),
    ] == sold


def test_the_most_credits_and_the_last_day_can_be_sold(terminal: Terminal) -> None:
    """What is just within the bounds is sold."""
    asked = ("sell", "ana", "9999 facial", "--through", "9999-12-29")

    assert (0, ["p1 sold to ana: 9999 facial"]) == terminal.at("2026-05-01 09:00", *asked)


def test_the_clock_is_this_machines_unless_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a script it takes the present from the machine, and a start long ago has started."""
    monkeypatch.setattr(
        sys,
        "argv",
        [
            *(str(SCRIPT), "--db", str(tmp_path / "salon.db")),
            *("book", "ana", "facial", "--at", "2020-01-01T10:00+00:00"),
        ],
    )
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(SCRIPT), run_name="__main__")

    assert 1 == left.value.code
    assert "  reason: appointment_started [D09]" in capsys.readouterr().out


def test_headings_are_bold_in_a_terminal_only(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Colours are for people: not for files, and not for who says NO_COLOR."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = terminal.at("2026-05-01 09:00", "show")[1][0]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    bold = terminal.at("2026-05-01 09:00", "show")[1][0]
    monkeypatch.setenv("NO_COLOR", "1")

    assert ("packages", "\033[1mpackages\033[0m") == (plain, bold)
    assert "packages" == terminal.at("2026-05-01 09:00", "show")[1][0]
