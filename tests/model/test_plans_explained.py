"""What staff and clients read of a plan: schedules with tiers and an early close, and sentences."""

from datetime import date, datetime, time, timedelta

import pytest

from pkgredeem import (
    Actor,
    Audience,
    CancellationTerms,
    Client,
    CreditOutcome,
    Hours,
    Package,
    PackageStatus,
    Pause,
    Redemption,
    RedemptionPolicy,
    Restrictions,
    rules,
)
from pkgredeem._model.explanation import schedule_in_words
from tests.helpers.rule_examples import BEYOND
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    after,
    case,
    credit,
    decide,
    package,
    redemption,
    rescheduled,
    restricted,
)

FORFEIT, RETURN = CreditOutcome.FORFEIT, CreditOutcome.RETURN
STAFF, CLIENT = Audience.STAFF, Audience.CLIENT
POLICY = RedemptionPolicy(rules.ONLINE)
TIERED = CancellationTerms(window=12 * HOUR, late=RETURN, tiers=[(3 * HOUR, FORFEIT)])
TWO_FEES = CancellationTerms(window=12 * HOUR, late=RETURN, tiers=[(3 * HOUR, RETURN)])
LOST_TWICE = CancellationTerms(window=12 * HOUR, late=FORFEIT, tiers=[(3 * HOUR, FORFEIT)])
CLOSING = CancellationTerms(window=12 * HOUR, late=FORFEIT, changes_close=2 * HOUR)
EARLY = CancellationTerms(window=HOUR, late=FORFEIT, changes_close=12 * HOUR)
FEE_THEN_CLOSED = CancellationTerms(window=12 * HOUR, late=RETURN, changes_close=2 * HOUR)


@pytest.mark.parametrize(
    ("terms", "left", "expected"),
    [
        (
            TIERED,
            DAY,
            (
                "free until Mon 4 May 22:00 UTC, then the credit returns all the same until"
                " Tue 5 May 07:00 UTC, then the credit is forfeited"
            ),
        ),
        (
            TIERED,
            11 * HOUR,
            (
                "no free cancellation, but the credit returns all the same until"
                " Tue 5 May 07:00 UTC, then the credit is forfeited"
            ),
        ),
        (TIERED, HOUR, "no free cancellation: the credit is forfeited"),
        (
            TWO_FEES,
            DAY,
            "free until Mon 4 May 22:00 UTC, then the credit returns all the same",
        ),
        (LOST_TWICE, DAY, "free until Mon 4 May 22:00 UTC, then the credit is forfeited"),
        (
            CLOSING,
            DAY,
            (
                "free until Mon 4 May 22:00 UTC, then the credit is forfeited; after"
                " Tue 5 May 08:00 UTC only the business can change it"
            ),
        ),
        (
            CLOSING,
            3 * HOUR,
            (
                "no free cancellation: the credit is forfeited; after Tue 5 May 08:00 UTC only the"
                " business can change it"
            ),
        ),
        (
            EARLY,
            DAY,
            (
                "free until Mon 4 May 22:00 UTC; after Mon 4 May 22:00 UTC only the business can"
                " change it"
            ),
        ),
        (
            FEE_THEN_CLOSED,
            3 * HOUR,
            (
                "no free cancellation, but the credit returns all the same until"
                " Tue 5 May 08:00 UTC; after Tue 5 May 08:00 UTC only the business can change it"
            ),
        ),
        (CLOSING, HOUR, "only the business can change it"),
        (EARLY, 12 * HOUR - INSTANT, "only the business can change it"),
    ],
)
def test_a_schedule_in_words(terms: CancellationTerms, left: timedelta, expected: str) -> None:
    """Until when it is free, costs a fee, is lost, and until when the client can change it."""
    assert expected == schedule_in_words(redemption(terms=terms, booked_at=START - left))


def test_what_was_booked_at_its_start_is_told_as_started() -> None:
    """The appointment has begun, so that there is nothing to change (D09)."""
    started = redemption(terms=CLOSING, booked_at=START - HOUR)
    at_start = rescheduled_to(started, started.booked_at)

    assert "the appointment has started, only the business can end it" == schedule_in_words(
        at_start
    )


def rescheduled_to(found: Redemption, start: datetime) -> Redemption:
    """Return the redemption as the business moved it to that start."""
    moved = rescheduled(found, to=start, by=Actor.BUSINESS, now=found.booked_at)
    return after(moved)


def test_several_lines_have_the_strictest_schedule() -> None:
    """A plan and a pack in one booking: free until the first cut-off, then one is lost (D60)."""
    sold = [
        package("p1", credit("facial"), cancellation=TIERED),
        package("p2", credit("massage")),
    ]
    terms = CancellationTerms(window=DAY, late=FORFEIT)
    told = decide(
        case(
            "facial",
            "massage",
            packages=sold,
            account=account(cancellation=terms, time_zone=AUCKLAND),
        ),
        rules.ONLINE,
    ).explain(STAFF)

    assert (
        "cancellation: free until Mon 4 May 22:00, then by the terms of each package credits are "
        "forfeited"
    ) in told.split("\n")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("package_void", "package p1 is void"),
        ("package_suspended", "package p1 is suspended"),
        ("package_booking_over", "package p1 could be booked with until Fri 1 May 2026 08:00 UTC"),
        (
            "package_paused",
            (
                "package p1 is paused from Tue 5 May 2026 10:00 UTC until Wed 6 May 2026 10:00 UTC,"
                " and the appointment starts Tue 5 May 2026 10:00 UTC"
            ),
        ),
        ("package_not_chosen", "package p1 is not one that was chosen to pay"),
        (
            "credit_not_started",
            "service facial: its credit is valid only from Tue 5 May 2026 10:00 UTC",
        ),
        ("credit_over", "service facial: its credit is over at Tue 5 May 2026 10:00 UTC"),
        (
            "trait_not_allowed",
            "service facial: the place must be one of north, and the booking says nothing",
        ),
        (
            "outside_hours",
            "service facial: the package can't be used at this hour of that day",
        ),
        ("blacked_out", "service facial: the package can't be used on that day"),
        (
            "booked_too_late",
            "service facial: it is booked at shorter notice than the package allows",
        ),
        (
            "booked_too_early",
            "service facial: it is booked further ahead than the package allows",
        ),
    ],
)
def test_staff_read_the_fact_that_was_found(code: str, expected: str) -> None:
    """Each rule beyond the article in words, with its facts, and what would change it."""
    (reason,) = decide(BEYOND[code].found).reasons

    assert expected == reason.text()
    assert reason.advice_text()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("package_suspended", "your package is on hold: ask the business"),
        ("package_paused", "your package can't be used at this time"),
        ("trait_not_allowed", "your package can't be used for this choice"),
        ("outside_hours", "your package can't be used at this time"),
        ("blacked_out", "your package can't be used on this day"),
        ("booked_too_late", "your package can't be used at such short notice"),
        ("booked_too_early", "your package can't be used this far ahead"),
        ("package_void", None),
        ("package_booking_over", None),
        ("package_not_chosen", None),
        ("credit_not_started", None),
        ("credit_over", None),
    ],
)
def test_the_client_reads_one_sentence_or_what_is_said_of_anything(
    code: str, expected: str | None
) -> None:
    """Without a digit; what has no sentence of its own is booked as usual (D24)."""
    neutral = decide(case(packages=[])).explain(CLIENT)
    told = decide(BEYOND[code].found).explain(CLIENT)

    assert (expected or neutral) == told
    assert not [sign for sign in told if sign.isdigit()]


def test_names_are_read_where_there_are_some() -> None:
    """Of the package and of the service (D72)."""
    named = package(name="Off peak", pauses=[Pause(START)])
    (reason,) = decide(case(packages=[named])).reasons

    assert reason.text().startswith("package Off peak (p1) is paused from")


CHRISTMAS = Restrictions(
    hours=[Hours(days=[1], opens=time(9), closes=time(17))], not_on=[date(2026, 5, 5)]
)


@pytest.mark.parametrize(
    "sold",
    [
        package(status=PackageStatus.SUSPENDED),
        package(pauses=[Pause(NOW)]),
        package(restrictions=CHRISTMAS),
        package("p1", restricted(restrictions=CHRISTMAS)),
    ],
)
def test_before_login_nothing_of_a_plan_is_told(sold: Package) -> None:
    """The one sentence about logging in comes first, whatever else is found (D03)."""
    guest = case(client=Client(id="ana"), packages=[sold], account=account(time_zone=LONDON))

    assert "log in to use a package" == decide(guest).explain(CLIENT)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (12 * HOUR, "the credit was returned"),
        (11 * HOUR, "the credit was returned"),
        (2 * HOUR, "the credit is forfeited"),
    ],
)
def test_a_client_reads_what_became_of_the_credit(left: timedelta, expected: str) -> None:
    """A fee is the caller's to tell (D29, D61)."""
    settlement = POLICY.cancel(redemption(terms=TIERED), by=Actor.CLIENT, now=START - left)

    assert expected == settlement.explain(CLIENT)


def test_staff_read_until_when_a_client_could_change_it() -> None:
    """The time at which changes closed, in the zone of the booking (D67)."""
    refused = POLICY.cancel(
        redemption(terms=CLOSING, zone=AUCKLAND), by=Actor.CLIENT, now=START - HOUR
    )

    assert [
        "refused: nothing changes",
        (
            "reason: changes_closed [D09 D67 D71] a client could change this booking until"
            " Tue 5 May 2026 20:00 only; to change it: let the business change the booking"
        ),
        "times: in Pacific/Auckland",
    ] == refused.explain(STAFF).split("\n")
    assert "it is too late to change this booking online" == refused.explain(CLIENT)
