"""What `adopt` takes over is what the second implementation says: balances and bookings."""

from collections import Counter
from math import inf
from random import Random

from pkgredeem import (
    AccountSettings,
    Adoption,
    Booking,
    Change,
    OpenBooking,
    Package,
    PkgRedeemError,
    adopt,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.chance import random_account, random_booking, random_package, random_plan
from tests.helpers.support import DAY, NOW
from tests.oracle.plain import Doc, account_doc, booking_doc, instant, package_doc, redemption_doc
from tests.oracle.reference._adopt import adopt as adopted
from tests.oracle.reference._errors import NamedError
from tests.oracle.reference._filled import filled_redemption

SEEDS = 400
#: What an adoption says of itself, and what no text says: how money was dealt with elsewhere.
_OURS = {"rulebook": "", "deposit": "", "card_capture": ""}


def opened_at_random(chance: Random, packages: list[Package], name: str) -> OpenBooking:
    """Return a booking some of whose lines are paid with credits of these packages."""
    found = random_booking(chance)
    booking = Booking(id=name, lines=found.lines, starts_at=NOW + chance.randint(1, 9) * DAY)
    paid: dict[int, tuple[str, str]] = {}
    for line in range(len(booking.lines)):
        package = chance.choice(packages)
        entitlement = chance.choice(package.entitlements).id
        gone = chance.random() < 0.02
        paid[line] = (package.id, "gone" if gone else entitlement)
    return OpenBooking(booking=booking, client_id="ana", paid_with=paid, booked_at=NOW)


def opened_doc(opened: OpenBooking) -> Doc:
    """Write an open booking."""
    return {
        "booking": booking_doc(opened.booking),
        "client_id": opened.client_id,
        "booked_at": instant(opened.booked_at),
        "paid_with": [(line, *place) for line, place in opened.paid_with],
    }


def test_an_adoption_agrees() -> None:
    """Credits are put back once for each line, taken off once, and bookings have today's terms."""
    seen: Counter[str] = Counter()
    for seed in range(SEEDS):
        chance = Random(seed)
        account, booking = random_account(chance), random_booking(chance)
        packages = [
            random_plan(chance, random_package(chance, name, booking), booking)
            for name in ("p0", "p1", "p2")[: chance.choice([1, 1, 2, 3])]
        ]
        names = ["b1", "b2", chance.choice(["b3"] * 9 + ["b1"])][: chance.choice([1, 2, 3])]
        bookings = [opened_at_random(chance, packages, name) for name in names]
        expected = _expected(account, packages, bookings)
        adoption = _adopted(account, packages, bookings)
        if isinstance(adoption, str):
            assert expected == {"error": adoption}
            seen[adoption] += 1
            continue
        left = {
            (package.id, entitlement["id"]): entitlement["remaining"]
            for package in adoption.packages
            for entitlement in package_doc(package)["entitlements"]
        }
        assert left == {
            place: "unlimited" if much == inf else much for place, much in expected["left"].items()
        }
        made = [redemption_doc(change.after) for change in adoption.changes]
        assert [{**each, **_OURS} for each in made] == [
            {**filled_redemption(each), **_OURS} for each in expected["redemptions"]
        ]
        _check_balances(packages, adoption)
        twice = any(len(_places(each)) > 1 for each in adoption.changes)
        seen["of two credits of one package" if twice else "of others"] += 1
    assert {"InvalidValueError", "UnknownEntitlementError"} < {*seen}
    assert min(seen.values()) > SEEDS // 100


def _adopted(
    account: AccountSettings, packages: list[Package], bookings: list[OpenBooking]
) -> Adoption | str:
    """Return what the library takes over, or the name of the error."""
    try:
        return adopt(account=account, packages=packages, bookings=bookings)
    except PkgRedeemError as error:
        return type(error).__name__


def _expected(
    account: AccountSettings, packages: list[Package], bookings: list[OpenBooking]
) -> Doc:
    """Return what the other side takes over, or the name of the error."""
    try:
        return adopted(
            account_doc(account),
            [package_doc(each) for each in packages],
            [opened_doc(each) for each in bookings],
        )
    except NamedError as error:
        return {"error": str(error)}


def _check_balances(packages: list[Package], adoption: Adoption) -> None:
    """Hold that once it is all in a store, what is left is what the other system said."""
    store = MemoryStore()
    for package in adoption.packages:
        store.add(package)
    store.commit(*adoption.changes)
    for package in packages:
        for held in package.entitlements:
            assert store.balance(package.id, held.id).available == held.remaining


def _places(change: Change) -> list[tuple[str, str]]:
    """Return the credits of the package that a change draws on most of."""
    drawn = {(draw.package_id, draw.entitlement_id) for draw in change.after.draws}
    first = max(
        (place for place, _ in drawn), key=lambda name: sum(one == name for one, _ in drawn)
    )
    return [place for place in drawn if place[0] == first]
