"""Replay with carry: an act does what it says to the lines that it names, and no other."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pkgredeem import Act, Actor, CreditOutcome
from pkgredeem.documents.replay import replay
from tests.helpers.histories import IN_STORE, ActLine, Line, five, visit, write_lines
from tests.helpers.support import HOUR, NOW, START

CANCELLED = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + HOUR, by=Actor.CLIENT, lines=(0,))
MISSED = ActLine(
    act=Act.NO_SHOW, booking_id="b0", now=START + HOUR, outcome=CreditOutcome.RETURN, lines=(0,)
)
DONE = ActLine(act=Act.COMPLETE, booking_id="b0", now=START + HOUR, lines=(0,))
FORFEITED = replace(MISSED, outcome=CreditOutcome.FORFEIT, lines=None)
FORGIVEN = ActLine(
    act=Act.FORGIVE, booking_id="b0", now=START + 2 * HOUR, lines=(0,), note="was ill"
)


@pytest.mark.parametrize(
    ("acts", "returned"),
    [
        ([CANCELLED], 1),
        ([MISSED], 1),
        ([DONE, replace(MISSED, now=START + 2 * HOUR, lines=None)], 1),
        ([FORFEITED], 0),
        ([FORFEITED, FORGIVEN], 1),
    ],
)
def test_an_act_is_about_the_lines_that_it_names(
    tmp_path: Path, acts: list[ActLine], returned: int
) -> None:
    """Of two facials of one booking one credit comes back, or none where both are forfeited."""
    one = visit(0, five())
    both = replace(one, booking=replace(one.booking, lines=one.booking.lines * 2))
    found = replay(write_lines(tmp_path / "year.jsonl", [both, *acts]), IN_STORE, carry=True)

    assert (0, 2, returned) == (
        found.left_out,
        found.first.credits,
        found.first.credits_returned,
    )


def test_acts_are_counted_in_order_of_their_names(tmp_path: Path) -> None:
    """Whatever was done first: a credit is forfeited, and then forgiven."""
    lines: list[Line] = [visit(0, five()), FORFEITED, replace(FORGIVEN, lines=None)]
    found = replay(write_lines(tmp_path / "year.jsonl", lines), IN_STORE, carry=True)

    assert (("forgive", 1), ("no_show", 1)) == found.first.acts


def test_an_act_of_another_edition_is_told_as_one(tmp_path: Path) -> None:
    """Its format alone is wrong: it is not taken for a case that lacks everything."""
    line = json.dumps(CANCELLED.document() | {"format": "pkgredeem-act/2"})
    found = replay(write_lines(tmp_path / "year.jsonl", [line]), IN_STORE)

    assert ((1, 'format must be "pkgredeem-act/1", not "pkgredeem-act/2"'),) == found.problems
