"""Movements, changes and balances: every credit is in one of four buckets."""

from dataclasses import replace

import pytest

from pkgredeem import (
    Act,
    Actor,
    Balance,
    Bucket,
    Change,
    CreditOutcome,
    InvalidValueError,
    Movement,
    RedemptionPolicy,
)
from tests.helpers.samples import MOVEMENT, made
from tests.helpers.support import (
    NOW,
    START,
    booking,
    case,
    credit,
    decide,
    package,
    redemption,
    rescheduled,
)

MOVED = Movement(
    booking_id="b1",
    package_id="p1",
    entitlement_id="facial",
    credits=1,
    source=Bucket.AVAILABLE,
    target=Bucket.RESERVED,
    act=Act.BOOK,
    at=NOW,
    by=Actor.CLIENT,
)


def movement(source: Bucket, target: Bucket, count: int = 1) -> Movement:
    """Return a movement between these buckets."""
    return made(Movement, source=source, target=target, credits=count)  # type: ignore[return-value]


def test_a_balance_follows_its_movements_in_any_order() -> None:
    """What was sold is always the sum of the four buckets."""
    moved = [
        movement(Bucket.AVAILABLE, Bucket.RESERVED, 3),
        movement(Bucket.RESERVED, Bucket.REDEEMED, 2),
        movement(Bucket.RESERVED, Bucket.FORFEITED),
        movement(Bucket.REDEEMED, Bucket.AVAILABLE),
    ]

    found = Balance.of(5, iter(moved))
    assert Balance(available=3, reserved=0, redeemed=1, forfeited=1) == found
    assert (5, found) == (found.sold, Balance.of(5, reversed(moved)))
    assert Balance(available=5, reserved=0, redeemed=0, forfeited=0) == Balance.of(5, ())


def test_a_balance_refuses_what_can_not_have_happened() -> None:
    """No bucket gives more than it holds, and one balance is of one entitlement."""
    with pytest.raises(InvalidValueError, match=r"Balance.available must be .*, not -1"):
        Balance.of(0, [movement(Bucket.AVAILABLE, Bucket.RESERVED)])
    with pytest.raises(InvalidValueError, match=r"sold must be .*, not -1"):
        Balance.of(-1, [])
    other = replace(movement(Bucket.AVAILABLE, Bucket.RESERVED), entitlement_id="massage")
    with pytest.raises(InvalidValueError) as caught:
        Balance.of(5, [movement(Bucket.AVAILABLE, Bucket.RESERVED), other])
    assert ("movements", [("p1", "facial"), ("p1", "massage")]) == (
        caught.value.field,
        caught.value.value,
    )


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (Bucket.AVAILABLE, Bucket.RESERVED, -2),
        (Bucket.RESERVED, Bucket.AVAILABLE, 2),
        (Bucket.REDEEMED, Bucket.AVAILABLE, 2),
        (Bucket.RESERVED, Bucket.REDEEMED, 0),
        (Bucket.FORFEITED, Bucket.REDEEMED, 0),
    ],
)
def test_what_a_movement_adds_to_what_is_left(
    source: Bucket, target: Bucket, expected: int
) -> None:
    """For callers who keep only a counter of what is available."""
    assert expected == movement(source, target, 2).available_delta


def test_a_movement_goes_somewhere_else() -> None:
    """From a bucket to itself nothing moves."""
    with pytest.raises(
        InvalidValueError, match=r"Movement.target must be a bucket other than the source, not "
    ):
        movement(Bucket.RESERVED, Bucket.RESERVED)
    assert Bucket.RESERVED is MOVEMENT["target"]


def test_a_change_is_one_step_of_one_booking() -> None:
    """What is booked has version 1; each act adds one, to the same booking."""
    found = redemption()

    for before, after, allowed in [
        (None, replace(found, version=2), "version 1"),
        (found, found, "version 2"),
        (found, replace(found, version=3), "version 2"),
    ]:
        with pytest.raises(InvalidValueError) as caught:
            Change(before=before, after=after, movements=())
        assert ("Change.after", after.version, allowed) == (
            caught.value.field,
            caught.value.value,
            caught.value.allowed,
        )
    other = replace(found, booking=booking(id="b2"), version=2)
    with pytest.raises(
        InvalidValueError,
        match=r"Change.after must be a redemption of the same booking and client, not 'b2'",
    ):
        Change(before=found, after=other, movements=())
    with pytest.raises(InvalidValueError) as of_beth:
        Change(before=found, after=replace(found, client_id="beth", version=2), movements=())
    assert ("Change.after", "b1", "a redemption of the same booking and client") == (
        of_beth.value.args
    )


def test_a_change_moves_credits_of_its_own_booking() -> None:
    """A movement of another booking is no part of it."""
    elsewhere = replace(MOVED, booking_id="b2")
    for movements in ([elsewhere], (elsewhere,)):
        with pytest.raises(InvalidValueError) as raised:
            Change(before=None, after=redemption(), movements=movements)  # type: ignore[arg-type]  # any iterable

        assert ("Change.movements", "b2", "movements of booking 'b1'") == raised.value.args


def test_what_was_sold_is_the_sum_of_the_four_buckets() -> None:
    """Nothing of a balance is left out of the sum."""
    assert 10 == Balance(available=1, reserved=2, redeemed=3, forfeited=4).sold


def test_a_movement_goes_to_another_bucket() -> None:
    """The error names the field, the bucket and what is allowed."""
    with pytest.raises(InvalidValueError) as same:
        replace(MOVED, target=Bucket.AVAILABLE)

    assert (
        "Movement.target",
        Bucket.AVAILABLE,
        "a bucket other than the source",
    ) == same.value.args


def test_a_balance_says_what_is_wrong_with_what_it_is_made_of() -> None:
    """A negative sale, a wrong item, and the movements of two entitlements are each named."""
    with pytest.raises(InvalidValueError) as negative:
        Balance.of(-1, [])
    with pytest.raises(InvalidValueError) as wrong:
        Balance.of(1, ["booked"])  # type: ignore[list-item]  # what must be refused
    with pytest.raises(InvalidValueError) as two:
        Balance.of(1, [MOVED, replace(MOVED, entitlement_id="massage")])

    assert ("sold", -1, "a whole number of 0 or more") == negative.value.args
    assert "movements[0]" == wrong.value.field
    owners = [("p1", "facial"), ("p1", "massage")]
    assert ("movements", owners, "the movements of one entitlement") == two.value.args


def moved_as_drawn() -> Change:
    """Return the change that books a facial and a mask, each with a credit of its own."""
    held = package("p1", credit("facial"), credit("mask"))
    change = decide(case("facial", "mask", packages=[held])).change
    assert change is not None
    return change


def test_movements_that_are_what_the_draws_say_are_taken() -> None:
    """Of a booking, of two lines that end in two ways by one act, and of one that moves."""
    booked = moved_as_drawn()
    policy = RedemptionPolicy()
    outcome = CreditOutcome.FORFEIT
    first = policy.no_show(booked.after, now=START, lines=[0], outcome=outcome).change
    assert first is not None
    both = policy.complete(first.after, now=START, lines=[0, 1]).change
    assert both is not None
    moved = rescheduled(redemption()).change
    assert moved is not None

    assert [2, 1, 2, 0] == [len(one.movements) for one in (booked, first, both, moved)]
    for change in (booked, first, both, moved):
        change.check_movements()


def test_movements_that_the_draws_do_not_say_are_refused() -> None:
    """Nothing taken off, too little, too much, elsewhere, or into another bucket."""
    booked = moved_as_drawn()
    facial, mask = booked.movements
    for wrong in (
        (),
        (facial,),
        (facial, mask, mask),
        (facial, replace(mask, credits=2)),
        (facial, replace(mask, package_id="p2")),
        (facial, replace(mask, entitlement_id="facial")),
        (facial, replace(mask, target=Bucket.REDEEMED)),
        (facial, replace(mask, source=Bucket.FORFEITED)),
    ):
        with pytest.raises(InvalidValueError):
            replace(booked, movements=wrong).check_movements()


def test_movements_are_told_beside_what_the_draws_say() -> None:
    """The error names what moved, and what should have."""
    booked = moved_as_drawn()
    with pytest.raises(InvalidValueError) as refused:
        replace(booked, movements=booked.movements[:1]).check_movements()

    facial = "1 of 'facial' in 'p1': available to reserved"
    mask = "1 of 'mask' in 'p1': available to reserved"
    allowed = f"what its draws say, {[facial, mask]}"
    assert ("Change.movements", [facial], allowed) == refused.value.args


def test_an_act_draws_on_what_the_booking_drew_on() -> None:
    """An act that says another number, package or line would give back what was never taken."""
    booked = moved_as_drawn()
    moved = rescheduled(booked.after, packages=[package("p1", credit("facial"), credit("mask"))])
    change = moved.change
    assert change is not None
    change.check_movements()
    facial, mask = change.after.draws
    drawn = [(0, "p1", "facial", 1), (1, "p1", "mask", 1)]
    allowed = f"drawn on the credits of before, {drawn}"
    for draws, wrong in (
        ((facial,), drawn[:1]),
        ((replace(facial, credits=3), mask), [(0, "p1", "facial", 3), drawn[1]]),
        ((replace(facial, package_id="p2"), mask), [(0, "p2", "facial", 1), drawn[1]]),
        ((facial, replace(mask, entitlement_id="facial")), [drawn[0], (1, "p1", "facial", 1)]),
    ):
        with pytest.raises(InvalidValueError) as refused:
            replace(change, after=replace(change.after, draws=draws)).check_movements()
        assert ("Change.after", wrong, allowed) == refused.value.args
