"""A redemption: what fits together in it, and its schedule."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pkgredeem import (
    Act,
    Actor,
    CancellationTerms,
    CreditOutcome,
    Draw,
    DrawState,
    Ending,
    InvalidValueError,
)
from pkgredeem._model.explanation import schedule_in_words
from tests.helpers.samples import DRAW
from tests.helpers.support import (
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    ended,
    redemption,
)

RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT
NO_WINDOW = CancellationTerms(window=timedelta(0), late=FORFEIT)
FREE = (START - DAY, RETURN, False)
LATE = (START, FORFEIT, True)
IN_TIME = (START, RETURN, False)


def refused(**changed: object) -> tuple[str, object, str]:
    """Return what the error says of a redemption with these fields changed."""
    with pytest.raises(InvalidValueError) as caught:
        replace(redemption(), **changed)  # type: ignore[arg-type]  # wrong on purpose
    return caught.value.field, caught.value.value, caught.value.allowed


def draw(**changed: object) -> Draw:
    """Return a draw of the first line, reserved unless changed."""
    fields = DRAW | {"state": DrawState.RESERVED, "endings": ()} | changed
    return Draw(**fields)  # type: ignore[arg-type]  # the test gives what it takes


@pytest.mark.parametrize("held_in", [list, tuple])
def test_a_draw_fits_its_booking(held_in: type[list[Draw]] | type[tuple[Draw, ...]]) -> None:
    """A draw is of a line that is there, and of that line's service; each line has one."""
    for wrong in (draw(line=1), draw(service_id="massage")):
        assert ("Redemption.draws", wrong, "draws for lines of the booking") == refused(
            draws=held_in([wrong])
        )
    in_order = "one for each line, in line order"
    assert ("Redemption.draws", [0, 0], in_order) == refused(draws=held_in([draw(), draw()]))
    assert ("Redemption.draws", [1, 0], in_order) == refused(draws=held_in([draw(line=1), draw()]))


def test_terms_and_free_until_come_together() -> None:
    """With terms there is a cut-off, without there is none, and it is never after the start."""
    both = "an instant with terms and None without"

    assert ("Redemption.free_until", None, both) == refused(free_until=None)
    assert ("Redemption.free_until", START - DAY, both) == refused(terms=None)
    assert (
        "Redemption.free_until",
        START + INSTANT,
        f"an instant no later than {START}",
    ) == refused(free_until=START + INSTANT)
    assert START == replace(redemption(), free_until=START).free_until


@pytest.fixture
def machine_in_auckland(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The zone of the machine is Auckland's, and afterwards what it was."""
    with monkeypatch.context() as machine:
        machine.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("machine_in_auckland")
def test_a_schedule_in_words_reads_no_zone_of_the_machine() -> None:
    """Booked on the last evening of 2026 in UTC, where Auckland writes 2027 already."""
    new_year = datetime(2027, 1, 5, 10, tzinfo=UTC)
    made = redemption(booked_at=datetime(2026, 12, 31, 20, tzinfo=UTC), starts_at=new_year)

    assert "free until Mon 4 Jan 2027 10:00 UTC, then the credit is forfeited" == schedule_in_words(
        made
    )


def test_no_booking_takes_its_own_place() -> None:
    """What was exchanged is another booking (D71)."""
    assert ("Redemption.replaces", "b1", "another booking's id") == refused(replaces="b1")
    assert "b0" == replace(redemption(), replaces="b0").replaces


def test_what_rescheduled_it_was_a_reschedule() -> None:
    """No other act stands among the reschedules."""
    wrong = Ending(act=Act.CANCEL, at=NOW, by=Actor.CLIENT, late=False)

    assert ("Redemption.reschedules", Act.CANCEL, "endings of the act reschedule") == refused(
        reschedules=[wrong]
    )


@pytest.mark.parametrize(
    ("terms", "booked_at", "expected"),
    [
        (None, NOW, [IN_TIME]),
        (None, START - INSTANT, [IN_TIME]),
        (FORFEIT_INSIDE_A_DAY, NOW, [FREE, LATE]),
        (RETURN_INSIDE_A_DAY, NOW, [FREE, (START, RETURN, True)]),
        (NO_WINDOW, NOW, [IN_TIME]),
        (NO_WINDOW, START - INSTANT, [IN_TIME]),
        (FORFEIT_INSIDE_A_DAY, START - DAY - INSTANT, [FREE, LATE]),
        (FORFEIT_INSIDE_A_DAY, START - DAY, [FREE, LATE]),
        (FORFEIT_INSIDE_A_DAY, START - DAY + INSTANT, [LATE]),
        (FORFEIT_INSIDE_A_DAY, START - INSTANT, [LATE]),
    ],
)
def test_the_schedule_holds_the_steps_that_can_still_be_used(
    terms: CancellationTerms | None,
    booked_at: datetime,
    expected: list[tuple[datetime, CreditOutcome, bool]],
) -> None:
    """Free until and with the cut-off, then what late costs, before the start (D09, D33)."""
    assert tuple(expected) == redemption(terms=terms, booked_at=booked_at).schedule


@pytest.mark.parametrize("terms", [None, NO_WINDOW, FORFEIT_INSIDE_A_DAY])
def test_the_schedule_of_what_was_booked_at_its_start_is_empty(
    terms: CancellationTerms | None,
) -> None:
    """The start itself ends every step: then only the business can end it (D09)."""
    late = replace(redemption(terms=terms), booked_at=START)

    assert () == late.schedule


def test_the_schedule_follows_a_move_up_to_the_new_start() -> None:
    """Moved by the business to a start inside the window, all of it is free (D17)."""
    soon = NOW + HOUR
    moved = replace(redemption(), starts_at=soon, free_until=soon)

    assert ((soon, RETURN, False),) == moved.schedule


@pytest.mark.parametrize(
    ("booked_at", "late"), [(START - DAY, False), (START - DAY + INSTANT, True)]
)
def test_booked_inside_the_window(booked_at: datetime, late: bool) -> None:
    """With less than the window left it is late from the first moment, unless rescheduled (D33)."""
    found = redemption(booked_at=booked_at)
    moved = Ending(act=Act.RESCHEDULE, at=booked_at, by=Actor.BUSINESS, late=False)

    assert late is found.was_booked_late(0)
    assert not replace(found, reschedules=[moved]).was_booked_late(0)  # type: ignore[arg-type]  # any iterable
    assert not redemption(terms=None, booked_at=booked_at).was_booked_late(0)


def test_a_redemption_is_open_while_a_credit_is_reserved() -> None:
    """One of two lines ended: open; both: closed."""
    found = redemption("facial", "massage")
    one = ended(found, Act.COMPLETE, DrawState.REDEEMED, [0])

    assert [True, True, False] == [
        source.is_open for source in (found, one, ended(one, Act.CANCEL, DrawState.RETURNED, [1]))
    ]
