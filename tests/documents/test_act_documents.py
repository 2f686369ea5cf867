"""Act documents: what became of a booking, read as carefully as a case."""

import json
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

from pkgredeem import Act, Actor, CreditOutcome
from pkgredeem.documents import DocumentError, act_schema
from pkgredeem.documents._acts import BookingAct
from pkgredeem.documents.replay._lines import read_line

CANCELLED: dict[str, object] = {
    "format": "pkgredeem-act/1",
    "act": "cancel",
    "booking_id": "b1",
    "by": "client",
    "now": "2026-05-02T09:00:00Z",
}
ACTS = '"cancel", "reschedule", "no_show", "complete", "forgive"'
AN_INSTANT = "an instant with its offset, such as 2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z"
SOME_LINES = "a list of one line number or more, counted from 0"
NOW = datetime(2026, 5, 2, 9, tzinfo=UTC)


def act(**changed: object) -> BookingAct:
    """Return the act that a line says; what is None here is left out of it."""
    told = {key: value for key, value in (CANCELLED | changed).items() if value is not None}
    assert Draft202012Validator(act_schema()).is_valid(told)
    found = read_line(json.dumps(told).encode())
    assert isinstance(found, BookingAct)
    return found


def problems(**changed: object) -> list[str]:
    """Return what is wrong with the line."""
    told = {key: value for key, value in (CANCELLED | changed).items() if value is not ...}
    with pytest.raises(DocumentError) as refused:
        read_line(json.dumps(told).encode())
    return [str(problem) for problem in refused.value.problems]


def test_a_cancellation_says_who_and_when() -> None:
    """Lines and note may be left out."""
    assert (
        BookingAct(
            act=Act.CANCEL,
            booking_id="b1",
            by=Actor.CLIENT,
            now=NOW,
            lines=None,
            starts_at=None,
            outcome=None,
            note="",
        )
        == act()
    )
    assert ((0, 2), "ill") == (act(lines=[0, 2]).lines, act(note="ill").note)


def test_a_move_says_where_to() -> None:
    """The new start is an instant like all others."""
    moved = act(act="reschedule", starts_at="2026-05-09T12:00:00+02:00")

    assert datetime(2026, 5, 9, 10, tzinfo=UTC) == moved.starts_at


def test_what_only_the_business_does_is_by_the_business() -> None:
    """It may be said, and may be left out."""
    assert Actor.BUSINESS is act(act="complete", by=None).by
    assert Actor.BUSINESS is act(act="forgive", by="business", note="a gift").by
    assert CreditOutcome.FORFEIT is act(act="no_show", by=None, outcome="forfeit").outcome


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"act": "book"},
            f'act must be one of {ACTS}, not "book"',
        ),
        (
            {"booking_id": 7},
            'booking_id must be a text that is not empty (ids are texts: "7"), not 7',
        ),
        ({"by": ...}, 'by is missing: it must be one of "client", "business"'),
        (
            {"act": "no_show"},
            'by must be "business", which alone can say no_show, not "client"',
        ),
        (
            {"now": "2026-05-02"},
            f'now must be {AN_INSTANT}, not "2026-05-02"',
        ),
        (
            {"lines": []},
            f"lines must be {SOME_LINES}, or null, not an empty list",
        ),
        ({"lines": [1, 1]}, 'lines[1] must be a line number that is listed only once, not "1"'),
        ({"lines": ["1"]}, 'lines[0] must be a whole number of 0 or more, not "1"'),
        (
            {"starts_at": "2026-05-09T10:00:00Z"},
            'starts_at must be left out where the act is cancel, not "2026-05-09T10:00:00Z"',
        ),
        ({"outcome": "return"}, 'outcome must be left out where the act is cancel, not "return"'),
        (
            {"act": "reschedule", "lines": [0], "starts_at": "2026-05-09T10:00:00Z"},
            "lines must be left out where the act is reschedule, not a list",
        ),
        (
            {"act": "forgive", "by": "business"},
            "note is missing: it must be a text that says why it is forgiven",
        ),
        (
            {"act": "forgive", "by": "business", "note": " "},
            'note must be a text that says why it is forgiven, not " "',
        ),
        ({"nwo": 1}, "nwo must be the key now, not an unknown key"),
        ({"format": "pkgredeem-act/2"}, 'format must be "pkgredeem-act/1", not "pkgredeem-act/2"'),
    ],
)
def test_whatever_is_wrong_is_told_with_its_place(changed: dict[str, object], told: str) -> None:
    """The first problem of each."""
    assert told == problems(**changed)[0]


def test_a_move_without_its_start_is_told() -> None:
    """It is missing, and told so, beside whatever else is wrong."""
    assert [
        f"starts_at is missing: it must be {AN_INSTANT}",
        "note must be a text, which may be empty, not 1",
    ] == sorted(problems(act="reschedule", note=1), key=lambda told: "note" in told)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"act": "forgive", "by": "business", "note": ""},
            ['note must be a text that says why it is forgiven, not ""'],
        ),
        (
            {"act": "reschedule", "starts_at": None, "by": None},
            [
                f"starts_at is missing: it must be {AN_INSTANT}",
                'by is missing: it must be one of "client", "business"',
            ],
        ),
        (
            {"lines": [True, True, 2, 2]},
            [
                "lines[0] must be a whole number of 0 or more, not true",
                "lines[1] must be a whole number of 0 or more, not true",
                'lines[3] must be a line number that is listed only once, not "2"',
            ],
        ),
        (
            {"act": "complete", "by": "business", "outcome": "return", "starts_at": "soon"},
            [
                f'starts_at must be {AN_INSTANT}, or null, not "soon"',
                'starts_at must be left out where the act is complete, not "soon"',
                'outcome must be left out where the act is complete, not "return"',
            ],
        ),
    ],
)
def test_everything_that_is_wrong_is_told(changed: dict[str, object], told: list[str]) -> None:
    """A key that is null is a key that is left out, and a key that is empty is not."""
    assert told == problems(**changed)


def test_null_stands_for_a_key_that_the_act_does_not_have() -> None:
    """As for every key that may be left out."""
    told = CANCELLED | {"starts_at": None, "outcome": None, "lines": None}

    assert act() == read_line(json.dumps(told).encode())


@pytest.mark.parametrize("name", ["cancel", "no_show", "complete", "forgive"])
def test_each_act_but_a_move_may_name_its_lines(name: str) -> None:
    """Whoever does it."""
    told = act(act=name, by="client" if name == "cancel" else None, lines=[1], note="a reason")

    assert (Act(name), (1,)) == (told.act, told.lines)


def test_letters_may_be_escaped() -> None:
    """JSON may write any letter by its number, also in the name of the format."""
    text = json.dumps(CANCELLED).replace("pkgredeem-act", "pkgredeem\\u002dact")

    assert act() == read_line(text.encode())


def test_what_is_no_json_value_is_told() -> None:
    """Half a surrogate pair, beside a letter that is escaped."""
    with pytest.raises(DocumentError) as refused:
        read_line(b'"\\ud800 \\u0041"')

    assert ["document"] == [problem.path for problem in refused.value.problems]
