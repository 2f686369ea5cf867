"""A redemption: what fits together in it, its schedule, its JSON form, and balances."""

from dataclasses import replace
from datetime import datetime, timedelta

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


def refused(**changed: object) -> tuple[str, object, str]:
    """Return what the error says of a redemption with these fields changed."""
    with pytest.raises(InvalidValueError) as caught:
        replace(redemption(), **changed)  # type: ignore[arg-type]  # wrong on purpose
    return caught.value.field, caught.value.value, caught.value.allowed


def draw(**changed: object) -> Draw:
    """Return a draw of the first line, reserved unless changed."""
    fields = DRAW | {"state": DrawState.RESERVED, "ending": None} | changed
    return Draw(**fields)  # type: ignore[arg-type]  # the test gives what it takes


def test_a_draw_fits_its_booking() -> None:
    """A draw is of a line that is there, and of that line's service; each line has one."""
    for wrong in (draw(line=1), draw(service_id="massage")):
        assert ("Redemption.draws", wrong, "draws for lines of the booking") == refused(
            draws=[wrong]
        )
    assert ("Redemption.draws", 0, "listed only once") == refused(draws=[draw(), draw()])


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


def test_what_rescheduled_it_was_a_reschedule() -> None:
    """No other act stands among the reschedules."""
    wrong = Ending(act=Act.CANCEL, at=NOW, by=Actor.CLIENT, late=False)

    assert ("Redemption.reschedules", Act.CANCEL) == refused(reschedules=[wrong])[:2]


@pytest.mark.parametrize(
    ("state", "act", "fits"),
    [
        (DrawState.RETURNED, Act.CANCEL, True),
        (DrawState.FORFEITED, Act.CANCEL, True),
        (DrawState.REDEEMED, Act.CANCEL, False),
        (DrawState.RESERVED, Act.CANCEL, False),
        (DrawState.RETURNED, Act.NO_SHOW, True),
        (DrawState.FORFEITED, Act.NO_SHOW, True),
        (DrawState.REDEEMED, Act.NO_SHOW, False),
        (DrawState.REDEEMED, Act.COMPLETE, True),
        (DrawState.RETURNED, Act.COMPLETE, False),
        (DrawState.FORFEITED, Act.COMPLETE, False),
        (DrawState.RETURNED, Act.FORGIVE, True),
        (DrawState.FORFEITED, Act.FORGIVE, False),
        (DrawState.REDEEMED, Act.FORGIVE, False),
        (DrawState.RESERVED, Act.RESCHEDULE, False),
        (DrawState.RESERVED, Act.BOOK, False),
        (DrawState.RETURNED, Act.BOOK, False),
    ],
)
def test_the_state_of_a_draw_is_what_its_ending_made(
    state: DrawState, act: Act, fits: bool
) -> None:
    """Only the ends that the table of acts knows can be written down."""
    ending = Ending(act=act, at=NOW, by=Actor.BUSINESS, late=False)
    if fits:
        assert state is draw(state=state, ending=ending).state
    else:
        with pytest.raises(InvalidValueError) as caught:
            draw(state=state, ending=ending)
        assert ("Draw.ending", act, f"an act that makes a draw {state}") == (
            caught.value.field,
            caught.value.value,
            caught.value.allowed,
        )


@pytest.mark.parametrize("state", [each for each in DrawState if each is not DrawState.RESERVED])
def test_what_ended_a_draw_is_known(state: DrawState) -> None:
    """A draw that is not reserved any more says what ended it."""
    with pytest.raises(
        InvalidValueError,
        match=f"Draw.ending must be the ending that made the draw {state}, not None",
    ):
        draw(state=state)


def test_the_business_is_never_late() -> None:
    """Late is a client's cancellation only (D12)."""
    with pytest.raises(InvalidValueError) as caught:
        Ending(act=Act.CANCEL, at=NOW, by=Actor.BUSINESS, late=True)
    assert ("Ending.late", True, "False for an act of the business") == (
        caught.value.field,
        caught.value.value,
        caught.value.allowed,
    )


@pytest.mark.parametrize(
    ("terms", "booked_at", "expected"),
    [
        (None, NOW, [(START, RETURN)]),
        (FORFEIT_INSIDE_A_DAY, NOW, [(START - DAY, RETURN), (START, FORFEIT)]),
        (RETURN_INSIDE_A_DAY, NOW, [(START - DAY, RETURN), (START, RETURN)]),
        (CancellationTerms(window=timedelta(0), late=FORFEIT), NOW, [(START, RETURN)]),
        (FORFEIT_INSIDE_A_DAY, START - DAY - INSTANT, [(START - DAY, RETURN), (START, FORFEIT)]),
        (FORFEIT_INSIDE_A_DAY, START - DAY, [(START, FORFEIT)]),
        (FORFEIT_INSIDE_A_DAY, START - HOUR, [(START, FORFEIT)]),
    ],
)
def test_the_schedule_holds_the_steps_to_come(
    terms: CancellationTerms | None,
    booked_at: datetime,
    expected: list[tuple[datetime, CreditOutcome]],
) -> None:
    """Free until the cut-off, then what late costs; only what ends after booking (D33)."""
    assert tuple(expected) == redemption(terms=terms, booked_at=booked_at).schedule


def test_the_schedule_of_what_was_booked_after_the_start_is_empty() -> None:
    """Then only the business can end it (D09)."""
    late = replace(redemption(), booked_at=START)

    assert () == late.schedule


@pytest.mark.parametrize(
    ("booked_at", "late"), [(START - DAY, False), (START - DAY + INSTANT, True)]
)
def test_booked_inside_the_window(booked_at: datetime, late: bool) -> None:
    """With less than the window left it is late from the first moment, unless rescheduled (D33)."""
    found = redemption(booked_at=booked_at)
    moved = Ending(act=Act.RESCHEDULE, at=booked_at, by=Actor.BUSINESS, late=False)

    assert late is found.was_booked_late
    assert not replace(found, reschedules=[moved]).was_booked_late  # type: ignore[arg-type]  # any iterable
    assert not redemption(terms=None, booked_at=booked_at).was_booked_late


def test_a_redemption_is_open_while_a_credit_is_reserved() -> None:
    """One of two lines ended: open; both: closed."""
    found = redemption("facial", "massage")
    one = ended(found, Act.COMPLETE, DrawState.REDEEMED, [0])

    assert [True, True, False] == [
        each.is_open for each in (found, one, ended(one, Act.CANCEL, DrawState.RETURNED, [1]))
    ]
