"""Plans that real businesses sell, written with the model: those about when, where and terms."""

from datetime import date, datetime, time, timedelta

import pytest

from pkgredeem import (
    Actor,
    CancellationTerms,
    CreditOutcome,
    Entitlement,
    Hours,
    Restrictions,
    rules,
)
from tests.helpers.shop import Shop, on
from tests.helpers.support import ANA, HOUR, credit, draws, package


def test_8_book_until_the_last_day_for_any_later_date() -> None:
    """The moment of booking counts, and not the appointment's."""
    shop = Shop(package("plan", credit("class", left=9), book_until=on(6, 1, 0)))

    assert [] == shop.reasons("class", at=on(12, 1), now=on(5, 31, 23, 59))
    assert ["package_booking_over"] == shop.reasons("class", at=on(12, 1), now=on(6, 1, 0))


def test_9_book_in_may_for_june() -> None:
    """Each end of it alone refuses."""
    june = {"valid_from": on(6, 1, 0), "valid_until": on(7, 1, 0), "book_until": on(6, 1, 0)}
    shop = Shop(package("plan", credit("class", left=9), **june))

    assert [] == shop.reasons("class", at=on(6, 30), now=on(5, 31))
    assert ["package_booking_over"] == shop.reasons("class", at=on(6, 30), now=on(6, 1))
    assert ["package_over_by_then"] == shop.reasons("class", at=on(7, 1), now=on(5, 31))
    assert ["package_not_started"] == shop.reasons("class", at=on(5, 31, 20), now=on(5, 31))


SPA = package(
    "plan",
    credit("spa", left=9),
    restrictions=Restrictions(
        traits={"place": ["baths"]},
        hours=[Hours(days=[1, 2, 3, 4], opens=time(9), closes=time(17))],
        not_on=[date(2026, 12, 24)],
        max_notice=timedelta(days=14),
    ),
)
BATHS = {"place": "baths"}


@pytest.mark.parametrize(
    ("at", "now", "expected"),
    [
        (on(5, 7, 16, 59), on(5, 1), []),
        (on(5, 7, 17), on(5, 1), ["outside_hours"]),
        (on(5, 8, 10), on(5, 1), ["outside_hours"]),  # a Friday
        (on(12, 24, 10), on(12, 20), ["blacked_out"]),  # a Thursday
        (on(12, 23, 10), on(12, 20), []),
        (on(5, 7, 10), on(4, 23, 10), []),  # 14 days
        (on(5, 7, 10), on(4, 22, 10), ["booked_too_early"]),
    ],
)
def test_10_a_spa_off_peak(at: datetime, now: datetime, expected: list[str]) -> None:
    """Monday to Thursday from 9 to 17, not on Christmas Eve, at most 14 days ahead."""
    assert expected == Shop(SPA).reasons("spa", at=at, now=now, traits=BATHS)


def test_10_what_staff_may_and_a_client_may_not() -> None:
    """The desk books as far ahead as it likes; nobody gets to a Saturday by moving a Thursday."""
    desk = Shop(SPA, book=rules.IN_STORE)
    assert [] == desk.reasons("spa", at=on(5, 7), now=on(4, 22), traits=BATHS)
    shop = Shop(SPA)
    assert ["trait_not_allowed"] == shop.reasons("spa", at=on(5, 7), now=on(5, 1))
    assert [] == shop.reasons("spa", at=on(5, 7), now=on(5, 1), traits=BATHS)

    def moved(to: datetime) -> list[str]:
        settlement = shop.desk.reschedule(
            "b2",
            account=shop.account,
            client=ANA,
            starts_at=to,
            by=Actor.CLIENT,
            now=on(5, 1),
        )
        assert settlement.allowed is not bool(settlement.findings)
        return [finding.code for finding in settlement.findings]

    assert ["outside_hours"] == moved(on(5, 9))
    assert [] == moved(on(5, 6))


def a_month(name: str, begins: datetime, ends: datetime) -> Entitlement:
    """Return one massage with a validity of its own."""
    return Entitlement(
        id=name, services=["massage"], remaining=1, valid_from=begins, valid_until=ends
    )


def test_11_one_massage_a_month_usable_one_month_longer() -> None:
    """May's credit pays in June, before June's own; in July it is over."""
    may = a_month("may", on(5, 1, 0), on(7, 1, 0))
    june = a_month("june", on(6, 1, 0), on(8, 1, 0))

    assert [(0, "plan", "may")] == draws(
        Shop(package("plan", may, june)).redeem("massage", at=on(6, 30))
    )
    assert [(0, "plan", "june")] == draws(
        Shop(package("plan", may, june)).redeem("massage", at=on(7, 1))
    )
    assert ["credit_over"] == Shop(package("plan", may)).reasons("massage", at=on(7, 1, 0))


UNLIMITED_PLAN = package(
    "plan",
    credit("class", left=9),
    cancellation=CancellationTerms(
        window=12 * HOUR,
        late=CreditOutcome.RETURN,
        tiers=[(3 * HOUR, CreditOutcome.FORFEIT)],
    ),
)
FORFEIT_INSIDE_A_DAY = CancellationTerms(window=24 * HOUR, late=CreditOutcome.FORFEIT)


@pytest.mark.parametrize(
    ("left", "returned", "late", "window"),
    [
        (12 * HOUR, True, False, None),
        (11 * HOUR, True, True, 12 * HOUR),
        (3 * HOUR, True, True, 12 * HOUR),
        (2 * HOUR + timedelta(minutes=59), False, True, 3 * HOUR),
    ],
)
def test_17_a_fee_first_and_then_the_class(
    left: timedelta, returned: bool, late: bool, window: timedelta | None
) -> None:
    """The package's own terms, while the account's forfeit inside a day."""
    shop = Shop(UNLIMITED_PLAN, cancellation=FORFEIT_INSIDE_A_DAY)
    assert [] == shop.reasons("class", at=on(5, 8))
    settlement = shop.desk.cancel("b1", by=Actor.CLIENT, now=on(5, 8) - left)

    assert (returned, late, window) == (settlement.returned, settlement.late, settlement.window)


@pytest.mark.parametrize(("left", "expected"), [(12, []), (11, ["late_change"])])
def test_17_no_client_moves_it_late(left: int, expected: list[str]) -> None:
    """A move inside the longest window is refused to the client."""
    shop = Shop(UNLIMITED_PLAN, cancellation=FORFEIT_INSIDE_A_DAY)
    assert [] == shop.reasons("class", at=on(5, 8))
    moved = shop.desk.reschedule(
        "b1",
        account=shop.account,
        client=ANA,
        starts_at=on(5, 10),
        by=Actor.CLIENT,
        now=on(5, 8) - left * HOUR,
    )

    assert expected == [finding.code for finding in moved.findings]
    assert moved.allowed is not bool(expected)


def test_18_not_redeemable_online() -> None:
    """The channel is a trait like any other, told by whoever asks."""
    in_person = Restrictions(traits={"channel": ["store", "phone"]})
    shop = Shop(package("plan", credit("class", left=9), restrictions=in_person))

    assert [] == shop.reasons("class", at=on(5, 4), traits={"channel": "store"})
    assert [] == shop.reasons("class", at=on(5, 5), traits={"channel": "phone"})
    assert ["trait_not_allowed"] == shop.reasons("class", at=on(5, 6), traits={"channel": "online"})
