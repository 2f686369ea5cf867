"""A settlement in words: for staff with every finding, for the client in a sentence."""

from datetime import datetime

import pytest

from pkgredeem import (
    Act,
    Actor,
    Audience,
    DrawState,
    RedemptionPolicy,
)
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    INSTANT,
    NOW,
    START,
    ended,
    package,
    redemption,
)

POLICY = RedemptionPolicy()


STAFF, CLIENT = Audience.STAFF, Audience.CLIENT


CUT_OFF = START - DAY


DONE = ended(redemption(), Act.CANCEL, DrawState.FORFEITED, [0], by=Actor.CLIENT, late=True)


def test_a_settlement_for_staff() -> None:
    """What happens to the credit, each finding, whether it can be used, and the zone."""
    settlement = POLICY.cancel(
        redemption(booked_at=CUT_OFF + HOUR, zone=AUCKLAND), by=Actor.CLIENT, now=CUT_OFF + 2 * HOUR
    )

    assert [
        "done: the credit is forfeited",
        (
            "note: late [T23 D09 D29] a late cancellation: it was free until Mon 4 May 2026 22:00;"
            " to change it: cancel earlier; the business may forgive a forfeited credit"
        ),
        (
            "note: booked_inside_the_window [D33] it was booked inside the cancellation"
            " window: there was never a free cancellation; to change it: book earlier; the business"
            " may forgive a forfeited credit"
        ),
        "times: in Pacific/Auckland",
    ] == settlement.explain(STAFF).split("\n")


def test_each_kind_of_settlement_begins_with_what_it_did() -> None:
    """Returned, forfeited, redeemed, kept, done before, refused."""
    moved = {"starts_at": START + DAY, "by": Actor.CLIENT, "packages": [package()]}
    completed = POLICY.complete(redemption(), now=NOW)
    assert completed.change is not None

    assert [
        "done: the credit returns",
        "done: the credit is forfeited",
        "done: the credits are redeemed",
        "done: the credits are kept for the new start",
        "nothing changes, it was done before: the credit is forfeited",
        "nothing changes, it was done before: done",
        "refused: nothing changes",
    ] == [
        each.explain(STAFF).split("\n")[0]
        for each in (
            POLICY.cancel(redemption(), by=Actor.CLIENT, now=NOW),
            POLICY.no_show(redemption(), now=START),
            completed,
            POLICY.reschedule(redemption(), now=NOW, **moved),  # type: ignore[arg-type]  # as above
            POLICY.cancel(DONE, by=Actor.CLIENT, now=NOW),
            POLICY.complete(completed.change.after, now=START),
            POLICY.cancel(redemption(), by=Actor.CLIENT, now=START),
        )
    ]


def test_staff_are_told_when_a_returned_credit_is_of_no_use() -> None:
    """Only a no is told: a yes goes without saying (D13)."""
    over = "usable: no, a package is over, archived or no longer the client's"
    settled = {
        usable: POLICY.cancel(redemption(), by=Actor.CLIENT, now=NOW, packages=held)
        for usable, held in {
            "no": [package(valid_until=NOW)],
            "yes": [package()],
            "unknown": [],
        }.items()
    }

    assert ["no"] == [name for name, each in settled.items() if over in each.explain(STAFF)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CUT_OFF, "the credit is back in the package"),
        (CUT_OFF + INSTANT, "the credit is forfeited"),
        (START, "this appointment has already started"),
    ],
)
def test_a_settlement_for_the_client(now: datetime, expected: str) -> None:
    """What became of the credit, or why not, without package, count or date (D24)."""
    assert expected == POLICY.cancel(redemption(), by=Actor.CLIENT, now=now).explain(CLIENT)


def test_what_a_client_cannot_have_asked_for_is_left_to_the_business() -> None:
    """A refusal without a text for clients points to the business."""
    early = POLICY.no_show(redemption(), now=NOW)

    assert "this can't be done online: ask the business" == early.explain(CLIENT)
