"""A settlement in words: for staff with every finding, for the client in a sentence."""

from dataclasses import replace
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
    after,
    ended,
    package,
    redemption,
    rescheduled,
)

POLICY = RedemptionPolicy()


STAFF, CLIENT = Audience.STAFF, Audience.CLIENT


CUT_OFF = START - DAY


DONE = ended(redemption(), Act.CANCEL, DrawState.FORFEITED, [0], by=Actor.CLIENT, late=True)


def test_a_settlement_for_staff() -> None:
    """What happens to the credit, each finding, and the zone."""
    settlement = POLICY.cancel(redemption(zone=AUCKLAND), by=Actor.CLIENT, now=CUT_OFF + HOUR)

    assert [
        "done: the credit is forfeited",
        (
            "note: late_cancellation [T23 D09 D29 D61] a late cancellation: it was free until"
            " Mon 4 May 2026 22:00; to change it: cancel earlier; the business may forgive a"
            " forfeited credit"
        ),
        "times: in Pacific/Auckland",
    ] == settlement.explain(STAFF).split("\n")


def test_a_settlement_of_what_was_never_free() -> None:
    """Booked inside the window, it is not said to have been free until before that (D33)."""
    settlement = POLICY.cancel(
        redemption(booked_at=CUT_OFF + HOUR, zone=AUCKLAND), by=Actor.CLIENT, now=CUT_OFF + 2 * HOUR
    )

    assert [
        "done: the credit is forfeited",
        (
            "note: booked_inside_the_window [D33 D61] it was booked inside the cancellation"
            " window: there was never a free cancellation; to change it: book earlier; the business"
            " may forgive a forfeited credit"
        ),
        "times: in Pacific/Auckland",
    ] == settlement.explain(STAFF).split("\n")


def test_each_kind_of_settlement_begins_with_what_it_did() -> None:
    """Returned, forfeited, redeemed, kept, done before, refused."""
    completed = POLICY.complete(redemption(), now=NOW)

    assert [
        "done: the credit returns",
        "done: the credit is forfeited",
        "done: the credits are redeemed",
        "done: the credits are kept for the new start",
        "nothing changes, it was done before: the credit is forfeited",
        "nothing changes, it was done before: done",
        "refused: nothing changes",
    ] == [
        settlement.explain(STAFF).split("\n")[0]
        for settlement in (
            POLICY.cancel(redemption(), by=Actor.CLIENT, now=NOW),
            POLICY.no_show(redemption(), now=START),
            completed,
            rescheduled(),
            POLICY.cancel(DONE, by=Actor.CLIENT, now=NOW),
            POLICY.complete(after(completed), now=START),
            POLICY.cancel(redemption(), by=Actor.CLIENT, now=START),
        )
    ]


def test_staff_are_told_when_a_returned_credit_is_of_no_use() -> None:
    """Of which package, by its name, and what would help; a good credit needs no words (D13)."""
    over, good = (
        POLICY.cancel(redemption(), by=Actor.CLIENT, now=NOW, packages=[today])
        for today in (package(valid_until=NOW, name="Five facials"), package())
    )

    assert [
        "done: the credit returns",
        (
            "note: credit_not_usable [D13] a credit went back to package Five facials (p1), where"
            " it can't be used again; to change it: extend or restore the package, or give the"
            " client another one"
        ),
        "times: in UTC",
    ] == over.explain(STAFF).split("\n")
    assert ["done: the credit returns", "times: in UTC"] == good.explain(STAFF).split("\n")


def test_staff_read_names_of_what_refuses_a_move() -> None:
    """A package that has a name is told as name and id (D72)."""
    moved = rescheduled(packages=[package(valid_until=START + DAY, name="Five facials")])

    assert (
        "reason: package_over_by_then [D06] package Five facials (p1) is over at"
        " Wed 6 May 2026 10:00 UTC, and the appointment starts Tue 12 May 2026 10:00 UTC;"
        " to change it: pick an earlier time" == moved.explain(STAFF).split("\n")[1]
    )


def test_a_zone_that_this_machine_does_not_know_is_said() -> None:
    """Times are told in UTC then, by name of the zone that was wanted, and no act stops (D76)."""
    elsewhere = replace(redemption(), time_zone_key="Mars/Olympus")
    late = POLICY.cancel(elsewhere, by=Actor.CLIENT, now=CUT_OFF + HOUR)
    moved = rescheduled(elsewhere)

    assert "it was free until Mon 4 May 2026 10:00 UTC;" in late.explain(STAFF)
    for settlement in (late, moved):
        assert (
            "times: in UTC, since this machine does not know Mars/Olympus"
            == settlement.explain(STAFF).split("\n")[-1]
        )
        assert "Mars/Olympus" == settlement.time_zone_key == after(settlement).time_zone_key


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (CUT_OFF, "the credit is back in the package"),
        (CUT_OFF + INSTANT, "the credit is forfeited"),
        (START, "it is too late to change this booking online"),
    ],
)
def test_a_settlement_for_the_client(now: datetime, expected: str) -> None:
    """What became of the credit, or why not, without package, name, count or date (D24, D72)."""
    settlement = POLICY.cancel(
        redemption(), by=Actor.CLIENT, now=now, packages=[package(name="Five facials")]
    )

    assert expected == settlement.explain(CLIENT)


def test_nothing_is_promised_of_a_package_that_was_not_asked_for() -> None:
    """Without its package nobody knows whether the credit can be used again (D13)."""
    settlement = POLICY.cancel(redemption(), by=Actor.CLIENT, now=CUT_OFF)

    assert "the credit was returned" == settlement.explain(CLIENT)


def test_what_a_client_cannot_have_asked_for_is_left_to_the_business() -> None:
    """A refusal without a text for clients points to the business."""
    early = POLICY.no_show(redemption(), now=NOW)

    assert "this can't be done online: ask the business" == early.explain(CLIENT)
