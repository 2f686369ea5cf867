"""Long lines on a terminal: broken between words, and nowhere else."""

import pytest

from pkgredeem.cli._wrapping import wrapped
from tests.helpers.cli_support import Stream, run

TEXT = '  a rule of ours:  only in one\n{\n  "note": "a long text"\n}\n\na-very-long-word at-home'


def test_a_line_breaks_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows stands further in; JSON and a word that is too long stay whole."""
    monkeypatch.setenv("COLUMNS", "12")

    assert (
        "  a rule of\n    ours:\n    only in\n    one\n"
        '{\n  "note": "a long text"\n}\n\na-very-long-word\n  at-home'
    ) == wrapped(TEXT, Stream(is_terminal=True))


def test_a_line_that_just_fits_is_left_and_json_of_any_kind_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twelve signs stand in a line of twelve, and a thirteenth begins the next."""
    monkeypatch.setenv("COLUMNS", "12")
    json = '{"a": "long line", "b": 1}\n  [1, 2, 3, 4, 5, 6, 7]\n  "of words, one"'

    assert "twelve signs" == wrapped("twelve signs", Stream(is_terminal=True))
    assert "twelve\n  signs13" == wrapped("twelve signs13", Stream(is_terminal=True))
    assert json == wrapped(json, Stream(is_terminal=True))


def test_a_file_gets_each_line_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the width of the terminal is, and where there is no stream at all."""
    monkeypatch.setenv("COLUMNS", "12")

    assert TEXT == wrapped(TEXT, Stream())
    assert TEXT == wrapped(TEXT, None)


@pytest.mark.parametrize(
    ("arguments", "from_stderr"),
    [
        (("diff", "timely-2026-03", "timely-2026-04"), False),
        (("decide", "case.json", "--without", "no_package"), True),
        (("decide", "case.json", "--without", "nothing"), True),
    ],
)
def test_no_word_is_broken_at_80_columns(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], *, from_stderr: bool
) -> None:
    """A comparison and a message about the arguments hold the words that a pipe gets."""
    plain, seen = run(monkeypatch, *arguments), run(monkeypatch, *arguments, is_terminal=True)
    whole, shown = (plain.err, seen.err) if from_stderr else (plain.out, seen.out)

    assert whole.split() == shown.split()
    assert 80 >= max(map(len, shown.splitlines()))
    assert 80 < max(map(len, whole.splitlines()))


def test_markdown_is_never_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a file in which a line is a line, also when it is written to a terminal."""
    arguments = ("diff", "timely-2026-03", "timely-2026-04", "--format", "markdown")

    assert run(monkeypatch, *arguments).out == run(monkeypatch, *arguments, is_terminal=True).out
