"""No-shows and completing: what becomes of the credit, and from when on (D16, D38)."""

from dataclasses import replace
from datetime import datetime

import pytest

from pkgredeem import (
    Bucket,
    CancellationTerms,
    CreditOutcome,
    Redemption,
    RedemptionPolicy,
    Settlement,
)
from tests.helpers.support import (
    DAY,
    FORFEIT_INSIDE_A_DAY,
    INSTANT,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    redemption,
    rescheduled,
)

RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


POLICY = RedemptionPolicy()


def codes(settlement: Settlement) -> list[str]:
    """Return the codes of the findings."""
    return [each.code for each in settlement.findings]


def after(settlement: Settlement) -> Redemption:
    """Return the redemption after an act that changed something."""
    assert settlement.change is not None
    return settlement.change.after


@pytest.mark.parametrize(
    ("terms", "said", "expected"),
    [
        (None, None, RETURN),
        (None, FORFEIT, FORFEIT),
        (FORFEIT_INSIDE_A_DAY, None, FORFEIT),
        (FORFEIT_INSIDE_A_DAY, RETURN, RETURN),
        (RETURN_INSIDE_A_DAY, None, RETURN),
        (replace(FORFEIT_INSIDE_A_DAY, no_show=RETURN), None, RETURN),
        (replace(RETURN_INSIDE_A_DAY, no_show=FORFEIT), None, FORFEIT),
        (replace(RETURN_INSIDE_A_DAY, no_show=FORFEIT), RETURN, RETURN),
    ],
)
def test_a_no_show(
    terms: CancellationTerms | None, said: CreditOutcome | None, expected: CreditOutcome
) -> None:
    """What staff say; else the terms' no-show; else their late; without terms it returns (D16)."""
    settlement = POLICY.no_show(redemption(terms=terms), now=START, outcome=said)

    assert (True, expected, False) == (settlement.allowed, settlement.outcome, settlement.late)


@pytest.mark.parametrize(("now", "expected"), [(START - INSTANT, False), (START, True)])
def test_a_no_show_is_recorded_from_the_start_on(now: datetime, expected: bool) -> None:
    """Before the start nobody can have stayed away (D16)."""
    settlement = POLICY.no_show(redemption(), now=now)

    assert expected is settlement.allowed
    assert ([] if expected else ["appointment_not_started"]) == codes(settlement)


@pytest.mark.parametrize("now", [NOW, START, START + 99 * DAY])
def test_completing_is_possible_at_any_time(now: datetime) -> None:
    """An early client, or a tidy-up months later (D16, D38)."""
    settlement = POLICY.complete(redemption(), now=now)

    assert (True, None, False) == (settlement.allowed, settlement.outcome, settlement.returned)
    assert [(Bucket.RESERVED, Bucket.REDEEMED)] == [
        (m.source, m.target)
        for m in settlement.change.movements  # type: ignore[union-attr]  # allowed
    ]


def test_of_two_services_one_may_be_attended() -> None:
    """Line by line: the facial is completed, the massage was missed and then forgiven (D16)."""
    one = after(POLICY.complete(redemption("facial", "massage"), now=START, lines=[0]))
    both = after(POLICY.no_show(one, now=START, lines=[1]))
    forgiven = POLICY.forgive(both, now=START, note="the bus", lines=[1])

    assert ["redeemed", "forfeited"] == [draw.state for draw in both.draws]
    assert ["redeemed", "returned"] == [draw.state for draw in after(forgiven).draws]
    assert (RETURN, 4) == (forgiven.outcome, after(forgiven).version)


def test_a_no_show_goes_by_the_start_as_it_is_now() -> None:
    """Not by the one that was booked first: who was moved has not missed that (D16, D17)."""
    moved = after(rescheduled(to=START + DAY))
    early = POLICY.no_show(moved, now=START + DAY - INSTANT)

    assert (False, ["appointment_not_started"]) == (early.allowed, codes(early))
    assert POLICY.no_show(moved, now=START + DAY).allowed
