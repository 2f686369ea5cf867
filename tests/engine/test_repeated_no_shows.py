"""A no-show recorded again without lines, where staff had said an outcome for each line."""

import pytest

from pkgredeem import (
    ClosedRedemptionError,
    CreditOutcome,
    DrawState,
    Redemption,
    RedemptionPolicy,
)
from tests.helpers.support import START, redemption

POLICY = RedemptionPolicy()
RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


def missed() -> Redemption:
    """Return two missed lines: staff returned the first, then said that the rest is forfeited."""
    booked = redemption("facial", "massage")
    first = POLICY.no_show(booked, now=START, lines=[0], outcome=RETURN).change
    assert first is not None
    second = POLICY.no_show(first.after, now=START, outcome=FORFEIT).change
    assert second is not None
    assert [DrawState.RETURNED, DrawState.FORFEITED] == [draw.state for draw in second.after.draws]
    return second.after


@pytest.mark.parametrize("outcome", [RETURN, FORFEIT, None])
def test_it_concerns_the_lines_that_ended_with_that_outcome(outcome: CreditOutcome | None) -> None:
    """Recorded once more it changes nothing, whichever of the two it was; without one, all."""
    again = POLICY.no_show(missed(), now=START, outcome=outcome)

    assert (True, None, outcome or FORFEIT) == (again.allowed, again.change, again.outcome)


def test_an_outcome_that_no_line_ended_with_is_another_act() -> None:
    """Both lines were forfeited, so that none can be returned by recording the no-show again."""
    change = POLICY.no_show(redemption("facial", "massage"), now=START, outcome=FORFEIT).change
    assert change is not None

    with pytest.raises(ClosedRedemptionError, match="line 0 was recorded with another outcome"):
        POLICY.no_show(change.after, now=START, outcome=RETURN)
