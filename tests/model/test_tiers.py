"""Terms in tiers: what they are made of, and which window decides with how much time left (D61)."""

from datetime import timedelta

import pytest

from pkgredeem import CancellationTerms, CreditOutcome, InvalidValueError
from tests.helpers.support import DAY, HOUR, INSTANT

FORFEIT, RETURN = CreditOutcome.FORFEIT, CreditOutcome.RETURN
NOTHING = timedelta(0)
#: Free until half a day before; then with a fee, and from three hours on the credit is lost.
TIERED = CancellationTerms(window=12 * HOUR, late=RETURN, tiers=[(3 * HOUR, FORFEIT)])
THREE = CancellationTerms(window=DAY, late=RETURN, tiers=[(12 * HOUR, RETURN), (3 * HOUR, FORFEIT)])


def refused_tiers(*tiers: object) -> tuple[str, object, str]:
    """Return what the error says of these tiers inside twelve hours that return the credit."""
    with pytest.raises(InvalidValueError) as caught:
        CancellationTerms(window=12 * HOUR, late=RETURN, tiers=tiers)  # type: ignore[arg-type]  # wrong on purpose
    return caught.value.field, caught.value.value, caught.value.allowed


@pytest.mark.parametrize(
    ("left", "window", "outcome"),
    [
        (12 * HOUR - INSTANT, 12 * HOUR, RETURN),
        (11 * HOUR, 12 * HOUR, RETURN),
        (3 * HOUR + INSTANT, 12 * HOUR, RETURN),
        (3 * HOUR, 12 * HOUR, RETURN),
        (3 * HOUR - INSTANT, 3 * HOUR, FORFEIT),
        (NOTHING, 3 * HOUR, FORFEIT),
        (-HOUR, 3 * HOUR, FORFEIT),
    ],
)
def test_the_smallest_window_longer_than_the_time_left_decides(
    left: timedelta, window: timedelta, outcome: CreditOutcome
) -> None:
    """Exactly on a window is still the milder side (D09, D61)."""
    assert (window, outcome) == TIERED.tier_at(left)


@pytest.mark.parametrize(
    ("left", "window"),
    [
        (DAY, DAY),
        (12 * HOUR, DAY),
        (12 * HOUR - INSTANT, 12 * HOUR),
        (3 * HOUR, 12 * HOUR),
        (3 * HOUR - INSTANT, 3 * HOUR),
    ],
)
def test_of_three_windows_the_one_inside_which_it_falls(left: timedelta, window: timedelta) -> None:
    """Where none is longer than what is left, the longest stands for all (D61)."""
    assert window == THREE.tier_at(left)[0]


def test_terms_know_their_windows_and_the_strictest_outcome() -> None:
    """The longest first; the outcome nearest to the start is the strictest (D61)."""
    assert ((12 * HOUR, RETURN), (3 * HOUR, FORFEIT)) == TIERED.windows
    assert (FORFEIT, RETURN) == (
        TIERED.strictest,
        CancellationTerms(window=DAY, late=RETURN).strictest,
    )


def test_a_no_show_is_judged_by_the_strictest_unless_the_terms_say_otherwise() -> None:
    """Late cancellations may return the credit, and a no-show still costs it (D16, D61)."""
    lenient = CancellationTerms(
        window=12 * HOUR, late=RETURN, no_show=RETURN, tiers=[(3 * HOUR, FORFEIT)]
    )

    assert (FORFEIT, RETURN) == (TIERED.on_no_show, lenient.on_no_show)


@pytest.mark.parametrize("window", [12 * HOUR, 13 * HOUR, NOTHING])
def test_each_window_is_shorter_than_the_one_before_it(window: timedelta) -> None:
    """As long, longer, or of no length at all is refused; a microsecond shorter is not."""
    allowed = "a window longer than 0 and shorter than the one before it, 12:00:00"

    assert ("CancellationTerms.tiers[0]", window, allowed) == refused_tiers((window, FORFEIT))
    assert 2 == len(
        CancellationTerms(
            window=12 * HOUR, late=RETURN, tiers=[(12 * HOUR - INSTANT, FORFEIT)]
        ).windows
    )


def test_the_second_window_is_shorter_than_the_first() -> None:
    """Each is compared with the one right before it."""
    allowed = "a window longer than 0 and shorter than the one before it, 3:00:00"

    assert ("CancellationTerms.tiers[1]", 4 * HOUR, allowed) == refused_tiers(
        (3 * HOUR, RETURN), (4 * HOUR, FORFEIT)
    )


def test_an_outcome_never_gets_milder_towards_the_start() -> None:
    """Once forfeited, always forfeited: in the first window, or in a tier (D61)."""
    allowed = "no milder than the outcome before it"

    assert ("CancellationTerms.tiers[1]", RETURN, allowed) == refused_tiers(
        (3 * HOUR, FORFEIT), (2 * HOUR, RETURN)
    )
    with pytest.raises(InvalidValueError) as caught:
        CancellationTerms(window=DAY, late=FORFEIT, tiers=[(HOUR, RETURN)])
    assert ("CancellationTerms.tiers[0]", RETURN, allowed) == caught.value.args


@pytest.mark.parametrize(
    ("tier", "place", "value", "allowed"),
    [
        ((HOUR,), "tiers[0]", (HOUR,), "a pair of window and outcome"),
        ((HOUR, FORFEIT, 1), "tiers[0]", (HOUR, FORFEIT, 1), "a pair of window and outcome"),
        ([HOUR, FORFEIT], "tiers[0]", [HOUR, FORFEIT], "a pair of window and outcome"),
        ((3, FORFEIT), "tiers[0]", 3, "a timedelta from 0 to 366 days"),
        (
            (HOUR, "forfeit"),
            "tiers[0]",
            "forfeit",
            "one of CreditOutcome.RETURN, CreditOutcome.FORFEIT",
        ),
    ],
)
def test_a_tier_is_a_pair(tier: object, place: str, value: object, allowed: str) -> None:
    """Of a window and an outcome, and nothing else."""
    assert (f"CancellationTerms.{place}", value, allowed) == refused_tiers(tier)


def test_tiers_are_any_iterable() -> None:
    """They are stored as a tuple of pairs; a text is none."""
    tiers = iter([(3 * HOUR, FORFEIT)])

    assert TIERED == CancellationTerms(window=12 * HOUR, late=RETURN, tiers=tiers)
    with pytest.raises(InvalidValueError) as caught:
        CancellationTerms(window=DAY, late=RETURN, tiers="3h")  # type: ignore[arg-type]  # wrong on purpose
    assert (
        "CancellationTerms.tiers",
        "3h",
        "an iterable of pairs of window and outcome other than a text",
    ) == caught.value.args


@pytest.mark.parametrize("closes", [NOTHING, timedelta(days=366)])
def test_changes_may_close_at_the_start_or_a_leap_year_before(closes: timedelta) -> None:
    """Both ends are allowed, and longer than the window is too (D67)."""
    assert closes == CancellationTerms(window=HOUR, late=RETURN, changes_close=closes).changes_close
