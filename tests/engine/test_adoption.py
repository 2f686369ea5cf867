"""Bookings made before the adoption become redemptions whose credits are taken off already."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pkgredeem import (
    UNLIMITED,
    Actor,
    Adoption,
    Balance,
    Bucket,
    CardCaptureOutcome,
    DepositOutcome,
    DrawState,
    Entitlement,
    InvalidValueError,
    OpenBooking,
    Package,
    Period,
    Quota,
    RedemptionDesk,
    RedemptionPolicy,
    UnknownEntitlementError,
    adopt,
    rules,
)
from pkgredeem.testing import MemoryStore
from tests.helpers.support import (
    ANA,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    account,
    booking,
    credit,
    line,
    package,
)

BOOKED = NOW - 3 * DAY
ACCOUNT = account(
    cancellation=FORFEIT_INSIDE_A_DAY, deposit_required=True, card_capture=True, time_zone=LONDON
)
LEFT = package("p1", credit("facial", left=2, id="main"))


def opened(
    *services: str, id: str = "b1", paid: Mapping[int, tuple[str, str]] | None = None
) -> OpenBooking:
    """Return an open booking of Ana's, every line paid with the main entitlement of p1."""
    wanted = booking(*services, id=id)
    places = dict.fromkeys(range(len(wanted.lines)), ("p1", "main"))
    return OpenBooking(
        booking=wanted,
        client_id="ana",
        paid_with=places if paid is None else paid,
        booked_at=BOOKED,
        by=Actor.BUSINESS,
        note="from the old system",
    )


def adopted(*bookings: OpenBooking, packages: tuple[Package, ...] = (LEFT,)) -> Adoption:
    """Return what adopting them gives."""
    return adopt(account=ACCOUNT, packages=packages, bookings=bookings)


def stored(adoption: Adoption) -> MemoryStore:
    """Return a store in which the adoption is done."""
    store = MemoryStore()
    for one in adoption.packages:
        store.add(one)
    store.commit(*adoption.changes)
    return store


def test_the_credits_are_taken_off_already() -> None:
    """What was left stays left, what is open is reserved, and cancelling gives it back."""
    store = stored(adopted(opened("facial", "facial"), opened(id="b2")))
    desk = RedemptionDesk(RedemptionPolicy(), store)

    assert Balance(available=2, reserved=3, redeemed=0, forfeited=0) == store.balance("p1")
    assert desk.cancel("b1", by=Actor.CLIENT, now=NOW).returned
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.balance("p1")
    desk.complete("b2", now=START)
    assert Balance(available=4, reserved=0, redeemed=1, forfeited=0) == store.balance("p1")


def test_two_credits_of_one_package_go_back_once_each() -> None:
    """A booking paid with two entitlements of a package puts one credit back into each."""
    both = package("p1", credit("facial", left=5), credit("massage", left=7))
    paid = {0: ("p1", "facial"), 1: ("p1", "massage")}
    adoption = adopted(opened("facial", "massage", paid=paid), packages=(both,))
    store = stored(adoption)

    assert [held.remaining for held in adoption.packages[0].entitlements] == [6, 8]
    assert store.balance("p1", "facial") == Balance(
        available=5, reserved=1, redeemed=0, forfeited=0
    )
    assert store.balance("p1", "massage") == Balance(
        available=7, reserved=1, redeemed=0, forfeited=0
    )


def test_an_adopted_redemption_says_what_is_known() -> None:
    """When it was made and by whom, on the terms of today, decided by no rulebook."""
    (change,) = adopted(opened()).changes
    found, (movement,) = change.after, change.movements

    assert (None, 1, "adopted") == (change.before, found.version, found.rulebook)
    assert ("ana", BOOKED, START) == (found.client_id, found.booked_at, found.starts_at)
    assert (FORFEIT_INSIDE_A_DAY, START - DAY) == (found.terms, found.free_until)
    assert "Europe/London" == found.time_zone_key
    assert DepositOutcome.WAIVED is found.deposit
    assert CardCaptureOutcome.BYPASSED is found.card_capture
    assert ("facial", 1, DrawState.RESERVED, "") == (
        found.draws[0].service_id,
        found.draws[0].credits,
        found.draws[0].state,
        found.draws[0].package_name,
    )
    assert (Bucket.AVAILABLE, Bucket.RESERVED) == (movement.source, movement.target)
    assert (BOOKED, Actor.BUSINESS, "from the old system") == (
        movement.at,
        movement.by,
        movement.note,
    )


def test_a_line_that_no_credit_paid_is_left_to_the_card() -> None:
    """One of two lines was paid with the package: the other asked for deposit and card."""
    (change,) = adopted(opened("facial", "mask", paid={0: ("p1", "main")})).changes

    assert [0] == [draw.line for draw in change.after.draws]
    assert DepositOutcome.COLLECT is change.after.deposit
    assert CardCaptureOutcome.CAPTURE is change.after.card_capture


def test_nothing_to_pay_for_keeps_no_card_page() -> None:
    """A free consultation beside what a credit pays for leaves nothing to pay (D31)."""
    wanted = booking(line("facial"), line("advice", payable=False))
    (change,) = adopted(replace(opened(), booking=wanted)).changes

    assert CardCaptureOutcome.BYPASSED is change.after.card_capture


def test_units_and_terms_are_those_of_the_package() -> None:
    """75 minutes of ten hours, on the package's own terms (D41, D60)."""
    minutes = Entitlement(services=["training"], remaining=525, id="minutes", unit="minute")
    hours = Package(
        id="p2",
        client_id="ana",
        entitlements=[minutes],
        cancellation=RETURN_INSIDE_A_DAY,
        name="Ten hours",
    )
    wanted = booking(line("training", costs={"minute": 75}))
    adoption = adopted(
        replace(opened(paid={0: ("p2", "minutes")}), booking=wanted), packages=(LEFT, hours)
    )
    (draw,) = adoption.changes[0].after.draws

    assert (75, RETURN_INSIDE_A_DAY, START - DAY) == (draw.credits, draw.terms, draw.free_until)
    assert "Ten hours" == draw.package_name
    assert [2, 600] == [one.entitlements[0].remaining for one in adoption.packages]


def test_unlimited_credits_stay_unlimited() -> None:
    """Nothing is put back where nothing is counted (D42)."""
    store = stored(
        adopted(opened(), packages=(package("p1", credit("facial", left=UNLIMITED, id="main")),))
    )

    assert UNLIMITED is store.balance("p1").available
    assert 1 == store.balance("p1").reserved


def test_an_adopted_booking_counts_for_quotas() -> None:
    """Of one class a week the one that is open is the one; another one is refused (D54)."""
    weekly = replace(LEFT, quotas=(Quota(1, Period.WEEK),))
    store = stored(adopted(opened(), packages=(weekly,)))
    desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store)
    again = booking(id="b2", starts_at=START + HOUR)
    decision = desk.redeem(account=ACCOUNT, client=ANA, booking=again, now=NOW)

    assert ["quota_reached"] == [reason.code for reason in decision.reasons]


def test_uses_that_came_along_are_not_counted_twice() -> None:
    """Where the other system told the open booking as a use, it is the redemption's from now on."""
    (change,) = adopted(opened()).changes
    with_use = replace(LEFT, uses=change.after.uses_of("p1"))

    assert () == adopted(opened(), packages=(with_use,)).packages[0].uses


def test_an_adoption_that_broke_off_is_done_again() -> None:
    """Committing a change again does nothing."""
    adoption = adopted(opened(), opened(id="b2"))
    store = stored(adoption)
    store.commit(adoption.changes[1])

    assert Balance(available=2, reserved=2, redeemed=0, forfeited=0) == store.balance("p1")


def test_what_can_not_be_adopted_is_told() -> None:
    """A package that is not there, an entitlement, a cost, the same booking or package twice."""
    elsewhere = opened(paid={0: ("p9", "main")})
    with pytest.raises(InvalidValueError, match=r"packages must be packages with 'p9', not \['p1'"):
        adopted(elsewhere)
    with pytest.raises(UnknownEntitlementError, match="package 'p1' holds no entitlement 'gone'"):
        adopted(opened(paid={0: ("p1", "gone")}))
    with pytest.raises(InvalidValueError, match="bookings must be listed only once"):
        adopted(opened(), opened())
    with pytest.raises(
        InvalidValueError, match=r"^bookings\[0\] must be an OpenBooking, not None$"
    ):
        adopt(account=ACCOUNT, packages=[LEFT], bookings=[None])  # type: ignore[list-item]  # on purpose
    with pytest.raises(InvalidValueError, match="packages must be listed only once"):
        adopted(packages=(LEFT, LEFT))
    minutes = replace(LEFT, entitlements=(replace(LEFT.entitlements[0], unit="minute"),))
    costs = r"^Service.costs must be a service that tells its cost in 'minute', not \(\)$"
    with pytest.raises(InvalidValueError, match=costs):
        adopted(opened(), packages=(minutes,))
    with pytest.raises(InvalidValueError, match="account must be an AccountSettings"):
        adopt(account=None, packages=[], bookings=[])  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("paid_with", "allowed"),
    [
        ({}, "one line or more, with what paid for it"),
        ([], "one line or more, with what paid for it"),
        ({1: ("p1", "main")}, "a whole number from 0 to 0"),
        ({"0": ("p1", "main")}, "a whole number from 0 to 0"),
        ({0: ("p1", "")}, "a text that is not empty"),
        ({0: ("", "main")}, "a text that is not empty"),
        ({0: "p1"}, "a pair of package and entitlement"),
        ({0: ("p1",)}, "a pair of package and entitlement"),
        ([(0, ("p1", "main")), (0, ("p2", "main"))], "listed only once"),
        ([0], "a pair of a line and what paid for it"),
        (None, "an iterable of pairs of a line and what paid for it other than a text"),
    ],
)
def test_what_paid_for_a_line_is_a_package_and_an_entitlement(
    paid_with: object, allowed: str
) -> None:
    """Anything else is refused, with what must stand there."""
    with pytest.raises(InvalidValueError) as refused:
        replace(opened(), paid_with=paid_with)  # type: ignore[arg-type]  # on purpose

    assert refused.value.field.startswith("OpenBooking.paid_with")
    assert allowed == refused.value.allowed


def test_a_wrong_line_is_shown() -> None:
    """What was told of the lines that are paid is in the error."""
    twice = [(0, ("p1", "main")), (0, ("p2", "main"))]
    with pytest.raises(
        InvalidValueError, match=r"^OpenBooking.paid_with must be listed only once, not 0$"
    ):
        replace(opened(), paid_with=twice)  # type: ignore[arg-type]  # pairs are taken as well
    with pytest.raises(InvalidValueError, match=r", not \(\)$"):
        replace(opened(), paid_with={})  # type: ignore[arg-type]  # see above


def test_a_booking_is_made_before_its_start() -> None:
    """What was booked after it began, by any time at all, is a mistake of the import."""
    assert START == replace(opened(), booked_at=START).booked_at
    with pytest.raises(
        InvalidValueError,
        match=r"^OpenBooking.booked_at must be an instant no later than the start, .*, not dat",
    ):
        replace(opened(), booked_at=START + INSTANT)
