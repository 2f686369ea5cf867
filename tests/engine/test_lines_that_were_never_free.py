"""What each line's own terms say of a no-show, and of what was never free (D61, D33, D16)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pkgredeem import CancellationTerms
from tests.helpers.support import DAY, HOUR, INSTANT, START, after, rescheduled
from tests.helpers.two_terms import (
    BOTH,
    BUSINESS,
    CLIENT,
    FACIAL,
    FORFEIT,
    MASSAGE,
    PACK,
    PLAN,
    POLICY,
    RETURN,
    TIERED,
    booked,
    cancelled,
    found_by,
)


@pytest.mark.parametrize(
    ("own", "outcomes"),
    [
        (TIERED, ["forfeited", "forfeited"]),
        (replace(TIERED, no_show=RETURN), ["returned", "forfeited"]),
        (CancellationTerms(window=DAY, late=RETURN), ["returned", "forfeited"]),
    ],
)
def test_a_no_show_is_judged_line_by_line(own: CancellationTerms, outcomes: list[str]) -> None:
    """By the terms of each package, the strictest of them (D16, D61)."""
    settlement = POLICY.no_show(booked(replace(PLAN, cancellation=own), PACK), now=START)

    assert outcomes == [draw.state.value for draw in after(settlement).draws]
    assert FORFEIT is settlement.outcome


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        # Booked thirteen hours before: the massage was late from the first moment.
        (12 * HOUR + INSTANT, [("booked_inside_the_window", {})]),
        (12 * HOUR, [("booked_inside_the_window", {})]),
        (12 * HOUR - INSTANT, [("late_cancellation", {"free_until": START - DAY})]),
    ],
)
def test_it_was_never_free_when_each_late_line_was_so_from_the_moment_of_booking(
    left: timedelta, expected: list[tuple[str, dict[str, object]]]
) -> None:
    """One late line that had its free time makes it a late cancellation (D61, D33)."""
    found = booked(booked_at=START - 13 * HOUR)

    assert [False, True] == [found.was_booked_late(line) for line in (0, 1)]
    assert expected == found_by(cancelled(left, found))
    assert [] == found_by(cancelled(12 * HOUR, found, FACIAL))
    assert [("booked_inside_the_window", {})] == found_by(cancelled(HOUR, found, MASSAGE))


def test_what_was_moved_had_its_free_time() -> None:
    """Rescheduled once, it is no longer said to have been booked inside the window (D33, D61)."""
    found = booked(booked_at=START - 13 * HOUR)
    moved = after(
        rescheduled(found, to=START + HOUR, by=BUSINESS, now=START - 13 * HOUR, packages=BOTH)
    )

    assert [False, False] == [moved.was_booked_late(line) for line in (0, 1)]
    settlement = POLICY.cancel(moved, by=CLIENT, now=START + HOUR - INSTANT, lines=FACIAL)
    assert ["late_cancellation"] == [code for code, _ in found_by(settlement)]
