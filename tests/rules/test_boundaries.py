"""Each boundary is decided at, just before and just after: days, instants, windows."""

from datetime import date, datetime, timedelta

import pytest

from pkgredeem import (
    AccountSettings,
    CancellationTerms,
    ClientLogin,
    CreditOutcome,
    Package,
    PackageKind,
    PackageStatus,
    Rulebook,
    rules,
)
from tests.helpers.support import (
    ANA,
    BETH,
    DAY,
    INSTANT,
    NO_LIMITS,
    NOW,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    notes,
    package,
)

MARCH, APRIL = rules.TIMELY_2026_03, rules.TIMELY_2026_04
EVER = (NOW - 40_000 * DAY, NOW + 40_000 * DAY)


@pytest.mark.parametrize(
    ("book", "activated", "on"),
    [
        (MARCH, date(2026, 3, 30), False),
        (MARCH, date(2026, 3, 31), False),
        (MARCH, date(2026, 4, 1), True),
        (APRIL, date(2026, 4, 28), False),
        (APRIL, date(2026, 4, 29), False),
        (APRIL, date(2026, 4, 30), True),
        (MARCH, None, False),
        (APRIL, None, False),
        (MARCH, date.min, False),
        (APRIL, date.max, True),
    ],
)
def test_after_a_date_is_later_than_that_day(
    book: Rulebook, activated: date | None, on: bool
) -> None:
    """The day itself is not after it, and an unknown day isn't either (D01)."""
    asked = AccountSettings(activated_on=activated, client_login=ClientLogin.OPTIONAL)

    assert ([] if on else ["online_redemption_off"]) == codes(decide(case(account=asked), book))


@pytest.mark.parametrize(
    ("second", "active"),
    [
        (package("p2"), True),
        (package("p2", credit("pedicure")), True),
        (package("p2", kind=PackageKind.LEGACY), False),
        (package("p2", status=PackageStatus.ARCHIVED), False),
        (package("p2", client_id="beth"), False),
        (package("p2", credit("facial", left=0)), False),
        (package("p2", credit("facial", left=0), credit("massage", left=1)), True),
        (package("p2", sold_at=NOW), True),
        (package("p2", sold_at=NOW + INSTANT), False),
        (package("p2", valid_from=NOW), True),
        (package("p2", valid_from=NOW + INSTANT), False),
        (package("p2", valid_until=NOW), False),
        (package("p2", valid_until=NOW + INSTANT), True),
        (package("p2", valid_until=START), True),
    ],
)
def test_what_counts_as_active_at_the_moment_of_booking(second: Package, active: bool) -> None:
    """A second package counts or not by its own facts, asked of now and not of then (D05)."""
    decision = decide(case(packages=[package("p1"), second]))

    assert (["several_active_packages"] if active else []) == codes(decision)


def test_active_is_not_computed_from_the_rules_in_force() -> None:
    """With the rule against archived packages lifted, such a one still does not count (D05)."""
    two = [package("p1"), package("p2", status=PackageStatus.ARCHIVED)]

    assert [] == codes(decide(case(packages=two), MARCH.without(rules.package_archived)))


VALIDITY = [
    (None, None, []),
    (*EVER, []),
    (START - INSTANT, None, []),
    (START, None, []),
    (START + INSTANT, None, ["package_not_started"]),
    (None, START + INSTANT, []),
    (None, START, ["package_over_by_then"]),
    (None, START - INSTANT, ["package_over_by_then"]),
    (None, NOW + INSTANT, ["package_over_by_then"]),
    (None, NOW, ["package_over"]),
    (None, NOW - INSTANT, ["package_over"]),
    (START, START + INSTANT, []),
]


@pytest.mark.parametrize(("valid_from", "valid_until", "expected"), VALIDITY)
@pytest.mark.parametrize("book", [MARCH, rules.IN_STORE], ids=lambda book: book.name)
def test_the_start_falls_in_the_validity(
    book: Rulebook, valid_from: datetime | None, valid_until: datetime | None, expected: list[str]
) -> None:
    """The first instant is inside, the last is not; over now and over by then differ (D06)."""
    held = package(valid_from=valid_from, valid_until=valid_until)

    assert expected == codes(decide(case(packages=[held]), book))


@pytest.mark.parametrize(
    ("sold_at", "expected"),
    [
        (None, []),
        (NOW - INSTANT, []),
        (NOW, []),
        (NOW + INSTANT, ["package_not_sold_yet"]),
    ],
)
@pytest.mark.parametrize("book", [MARCH, rules.IN_STORE], ids=lambda book: book.name)
def test_a_package_is_sold_before_it_is_used(
    book: Rulebook, sold_at: datetime | None, expected: list[str]
) -> None:
    """Sold at this very moment is sold, a microsecond later is not; unknown is (D32)."""
    assert expected == codes(decide(case(packages=[package(sold_at=sold_at)]), book))


@pytest.mark.parametrize(
    ("left", "wanted", "expected"),
    [(1, 1, True), (1, 2, False), (2, 2, True), (0, 1, False), (3, 2, True)],
)
def test_exactly_enough_is_enough(left: int, wanted: int, expected: bool) -> None:
    """The last credit can be booked, and no credit twice (D07, D08)."""
    held = package("p1", credit("facial", left=left), credit("massage"))
    decision = decide(case(*["facial"] * wanted, packages=[held]))

    assert expected is decision.eligible
    assert (wanted if expected else 0) == len(draws(decision))


@pytest.mark.parametrize("order", [1, -1])
def test_a_booking_that_can_be_covered_is_never_refused_for_the_order(order: int) -> None:
    """The wide credit leaves the narrow line its only one, whichever comes first (D07)."""
    held = package("p1", credit("facial", "massage"), credit("facial", id="narrow"))

    services = ["facial", "massage"][::order]
    assert {("facial", "narrow"), ("massage", "facial+massage")} == {
        (services[index], entitlement)
        for index, _, entitlement in draws(decide(case(*services, packages=[held])))
    }


@pytest.mark.parametrize(
    ("left", "expected"),
    [(INSTANT, []), (timedelta(0), ["appointment_started"]), (-INSTANT, ["appointment_started"])],
)
@pytest.mark.parametrize("window", [timedelta(0), DAY])
def test_an_appointment_that_starts_now_is_not_booked_online(
    window: timedelta, left: timedelta, expected: list[str]
) -> None:
    """From the start on it is the business's, also with a zero window (D09)."""
    terms = CancellationTerms(window=window, late=CreditOutcome.FORFEIT)

    assert expected == codes(decide(case(now=START - left, account=account(cancellation=terms))))


@pytest.mark.parametrize(
    ("left", "free"),
    [(DAY + INSTANT, True), (DAY, True), (DAY - INSTANT, False), (INSTANT, False)],
)
def test_booked_with_the_window_left_or_not(left: timedelta, free: bool) -> None:
    """Exactly the window is in time; less is late from the first moment (D09, D33)."""
    terms = CancellationTerms(window=DAY, late=CreditOutcome.FORFEIT)
    decision = decide(case(now=START - left, account=account(cancellation=terms)))

    assert decision.redemption is not None
    assert (True, free) == (decision.eligible, decision.refund_on_cancel)
    assert (not free, START - DAY) == (
        decision.redemption.was_booked_late,
        decision.redemption.free_until,
    )


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_one_active_package_is_the_limit(count: int) -> None:
    """None is no package, one is fine, two are too many, whoever else's there are (T10)."""
    mine = [package(f"p{number}") for number in range(count)]
    hers = [package("h1", client_id="beth"), package("h2", client_id="beth")]
    decision = decide(case(packages=mine + hers))

    expected = {
        0: ["package_of_another_client", "package_of_another_client", "no_package"],
        1: [],
        2: ["several_active_packages"],
        3: ["several_active_packages"],
    }[count]
    assert expected == codes(decision)
    assert ([] if count == 0 else ["package_of_another_client"] * 2) == notes(decision)


def test_two_clients_see_their_own_packages() -> None:
    """The same packages, asked for by each: each draws on her own (T12, D04)."""
    both = [package("p1"), package("h1", client_id="beth")]

    assert [[(0, "p1", "facial")], [(0, "h1", "facial")]] == [
        draws(decide(case(packages=both, client=who), NO_LIMITS)) for who in (ANA, BETH)
    ]
