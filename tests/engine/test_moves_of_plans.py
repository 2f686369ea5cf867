"""Moves of what a plan asks: nobody who booked off peak gets to the peak by moving (D58, D46)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from pkgredeem import (
    Actor,
    Audience,
    BookingLine,
    Case,
    Clause,
    Client,
    Entitlement,
    Hours,
    InvalidValueError,
    Package,
    PackageStatus,
    Pause,
    Period,
    Quota,
    Redemption,
    RedemptionPolicy,
    Restrictions,
    Scope,
    Settlement,
    rule,
    rules,
)
from tests.helpers.support import (
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    account,
    after,
    booking,
    case,
    codes,
    credit,
    decide,
    line,
    package,
    redemption,
    rescheduled,
    restricted,
    use,
)

CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
HOUSE = Clause(id="HOUSE-1", heading="house rules", says="No facials are sold any more.")
#: A Thursday at 10 in London, and the Saturday after it.
THURSDAY = datetime(2026, 5, 7, 9, tzinfo=UTC)
SATURDAY = THURSDAY + 2 * DAY
OFF_PEAK = Restrictions(hours=[Hours(days=[1, 2, 3, 4], opens=time(9), closes=time(17))])
SPA = package(restrictions=OFF_PEAK)
PAUSED = "your package can't be used at this time"


def booked(*sold: Package, traits: Mapping[str, str] | None = None) -> Redemption:
    """Return a facial on Thursday, paid by these packages, of which one is the spa's."""
    asked = case(
        account=account(time_zone=LONDON),
        booking=booking(starts_at=THURSDAY, traits=traits),
        packages=sold or [SPA],
    )
    found = decide(asked).redemption
    assert found is not None
    return found


def moved(to: datetime, *today: Package, by: Actor = CLIENT, now: datetime = NOW) -> Settlement:
    """Return what moving a facial, booked on Thursday while all was allowed, does."""
    return rescheduled(
        booked(package()), to=to, by=by, now=now, packages=today, client=Client(id="ana")
    )


def found_by(settlement: Settlement) -> tuple[bool, list[tuple[str, str]]]:
    """Return whether it is allowed, and what is found about what."""
    return settlement.allowed, [(each.code, each.subject) for each in settlement.findings]


def test_who_booked_off_peak_does_not_move_to_the_peak() -> None:
    """Nobody gets round the hours of a package by booking a Thursday and moving it (D58, D46)."""
    settlement = rescheduled(booked(), to=SATURDAY, packages=[SPA])

    assert (False, [("outside_hours", "facial")]) == found_by(settlement)
    assert settlement.change is None
    assert "your package can't be used at this time" == settlement.explain(Audience.CLIENT)


def test_the_business_may_with_a_note() -> None:
    """What is found is told, and the booking is moved (D17, D58)."""
    settlement = rescheduled(booked(), to=SATURDAY, by=BUSINESS, packages=[SPA])

    assert (True, [("outside_hours", "facial")]) == found_by(settlement)
    assert SATURDAY == after(settlement).starts_at


@pytest.mark.parametrize(
    ("to", "allowed"),
    [
        (THURSDAY - HOUR - INSTANT, False),
        (THURSDAY - HOUR, True),
        (THURSDAY + 7 * HOUR - INSTANT, True),
        (THURSDAY + 7 * HOUR, False),
        (THURSDAY + DAY, False),
        (THURSDAY + 4 * DAY, True),
    ],
)
def test_a_move_inside_the_hours_is_no_matter(to: datetime, allowed: bool) -> None:
    """To nine, to just before five, and to the Monday; not to five or the Friday (D46)."""
    assert allowed is rescheduled(booked(), to=to, packages=[SPA]).allowed


@pytest.mark.parametrize(
    ("today", "finding"),
    [
        (package(pauses=[Pause(SATURDAY, SATURDAY + DAY)]), ("package_paused", "p1")),
        (package(pauses=[Pause(SATURDAY + INSTANT)]), None),
        (package(pauses=[Pause(THURSDAY, SATURDAY)]), None),
        (
            package("p1", restricted(id="facial", valid_from=SATURDAY + INSTANT)),
            ("credit_not_started", "facial"),
        ),
        (package("p1", restricted(id="facial", valid_from=SATURDAY)), None),
        (
            package("p1", restricted(id="facial", valid_until=SATURDAY)),
            ("credit_over", "facial"),
        ),
        (package("p1", restricted(id="facial", valid_until=SATURDAY + INSTANT)), None),
        (
            package(restrictions=Restrictions(not_on=[date(2026, 5, 9)])),
            ("blacked_out", "facial"),
        ),
        (package(restrictions=Restrictions(not_on=[date(2026, 5, 7)])), None),
        (
            package(restrictions=Restrictions(min_notice=SATURDAY - NOW + INSTANT)),
            ("booked_too_late", "facial"),
        ),
        (package(restrictions=Restrictions(min_notice=SATURDAY - NOW)), None),
        (
            package(restrictions=Restrictions(max_notice=SATURDAY - NOW - INSTANT)),
            ("booked_too_early", "facial"),
        ),
        (package(restrictions=Restrictions(max_notice=SATURDAY - NOW)), None),
        (
            package(restrictions=Restrictions(traits={"place": ["north"]})),
            ("trait_not_allowed", "facial"),
        ),
    ],
)
def test_every_rule_about_when_and_where_is_asked_at_the_new_start(
    today: Package, finding: tuple[str, str] | None
) -> None:
    """Of the package as it is today, just inside and just outside of each bound (D58)."""
    expected = [] if finding is None else [finding]

    assert (finding is None, expected) == found_by(moved(SATURDAY, today))
    assert (True, expected) == found_by(moved(SATURDAY, today, by=BUSINESS))


@pytest.mark.parametrize(
    "today",
    [
        package(status=PackageStatus.VOID),
        package(status=PackageStatus.SUSPENDED),
        package(book_until=NOW),
        package("p1", credit("facial", left=0)),
        package(shared_with=["beth"]),
    ],
    ids=["void", "suspended", "booking over", "used up", "shared"],
)
def test_what_is_not_about_when_and_where_is_not_asked(today: Package) -> None:
    """What is booked stays, and may be moved (D11, D49, D52)."""
    assert (True, []) == found_by(moved(SATURDAY, today))


def test_a_move_asks_whoever_holds_the_package_now() -> None:
    """Handed on to Beth, it still asks for its hours and its pauses (D40, D58)."""
    handed_on = replace(SPA, client_id="beth", pauses=(Pause(SATURDAY),))

    expected = [("package_paused", "p1"), ("outside_hours", "facial")]
    assert (False, expected) == found_by(moved(SATURDAY, handed_on))


def test_staff_move_with_whatever_notice() -> None:
    """The rulebook of the store is without both rules (D48, D34)."""
    tight = Restrictions(min_notice=999 * DAY)
    settlement = rescheduled(
        to=SATURDAY, packages=[package(restrictions=tight)], rulebook=rules.IN_STORE
    )

    assert (True, []) == found_by(settlement)


@pytest.mark.parametrize(
    ("stored", "mover", "allowed"),
    [
        ({"place": "north"}, {}, True),
        ({"place": "north"}, {"place": "south"}, True),
        ({"place": "south"}, {"place": "north"}, False),
        ({}, {"place": "north"}, True),
        ({}, {}, False),
    ],
)
def test_a_move_goes_by_the_traits_of_the_stored_booking_and_of_the_client(
    stored: Mapping[str, str], mover: Mapping[str, str], allowed: bool
) -> None:
    """The booking's win; what only the client tells is taken from who is handed in (D58, D45)."""
    found = booked(package(), traits=stored)
    north = package(restrictions=Restrictions(traits={"place": ["north"]}))
    settlement = rescheduled(
        found, to=SATURDAY, packages=[north], client=Client(id="ana", traits=mover)
    )

    assert (allowed, [] if allowed else [("trait_not_allowed", "facial")]) == found_by(settlement)


def test_each_line_is_asked_with_its_own_credit() -> None:
    """The credit that pays for a line is asked, not another that would do (D58)."""
    sold = package(
        "p1",
        restricted("facial", id="facial", restrictions=OFF_PEAK),
        credit("massage"),
        credit("facial", id="any time"),
    )
    both = redemption("facial", "massage", starts_at=THURSDAY, zone=LONDON)

    assert (False, [("outside_hours", "facial")]) == found_by(
        rescheduled(both, to=SATURDAY, packages=[sold])
    )
    only_massage = after(RedemptionPolicy().cancel(both, by=BUSINESS, now=NOW, lines=[0]))
    assert (True, []) == found_by(rescheduled(only_massage, to=SATURDAY, packages=[sold]))


@rule(Scope.CREDIT, clauses=[HOUSE], message="no facials", advice="none", on_move=False)
def no_new_facials(_: Case, __: Package, ___: Entitlement, line: BookingLine) -> bool:
    """The service is a facial, which is only moved."""
    return line.service.id == "facial"


def test_a_credit_rule_may_leave_moves_alone() -> None:
    """What says `on_move=False` refuses the booking and not its move (D58)."""
    book = rules.TIMELY_2026_03.including(no_new_facials)

    assert ["no_new_facials"] == codes(decide(case(), book))
    assert (True, []) == found_by(rescheduled(to=SATURDAY, rulebook=book))


def test_findings_of_a_move_come_in_order_with_what_refuses_the_act_last() -> None:
    """Packages, then credits by line and rule, then the act (D22)."""
    strict = package(
        restrictions=Restrictions(
            traits={"place": ["north"]},
            hours=OFF_PEAK.hours,
            not_on=[date(2026, 5, 9)],
            max_notice=timedelta(0),
        ),
        pauses=[Pause(SATURDAY)],
        valid_until=SATURDAY,
    )
    late = rescheduled(
        redemption(starts_at=THURSDAY), to=SATURDAY, now=THURSDAY - HOUR, packages=[strict]
    )

    assert [
        "package_over_by_then",
        "package_paused",
        "trait_not_allowed",
        "outside_hours",
        "blacked_out",
        "booked_too_early",
        "late_change",
    ] == [finding.code for finding in late.findings]


def test_the_client_is_told_the_first_refusal_that_has_a_sentence() -> None:
    """What is told to staff alone is passed over, also where it comes first (D24)."""
    over_and_paused = package(valid_until=SATURDAY, pauses=[Pause(SATURDAY)])
    refused = moved(SATURDAY, over_and_paused)

    assert [("package_over_by_then", None), ("package_paused", PAUSED)] == [
        (finding.code, finding.client_text) for finding in refused.findings
    ]
    assert PAUSED == refused.explain(Audience.CLIENT)


@pytest.mark.parametrize("by", list(Actor))
def test_a_move_needs_a_zone_only_where_hours_or_days_are_looked_at(by: Actor) -> None:
    """Without one nobody knows whether the new start is inside the hours (D46)."""

    def move(today: Package) -> Settlement:
        return RedemptionPolicy().reschedule(
            redemption(),
            account=account(),
            client=Client(id="ana"),
            starts_at=SATURDAY,
            by=by,
            now=NOW,
            packages=[today],
        )

    assert move(package(pauses=[Pause(NOW, THURSDAY)])).allowed
    with pytest.raises(InvalidValueError) as caught:
        move(SPA)
    assert "AccountSettings.time_zone" == caught.value.field


def test_the_same_start_again_asks_nothing() -> None:
    """A repeat changes nothing, whatever the package asks by now (D37)."""
    first = after(rescheduled(booked(), to=SATURDAY, by=BUSINESS, packages=[SPA]))

    assert (True, []) == found_by(rescheduled(first, to=SATURDAY, packages=[SPA]))


def test_an_exchange_is_judged_by_the_whole_rulebook() -> None:
    """An exchange for the peak is a booking of the peak, with every rule (D58, D71)."""
    held_back = replace(SPA, entitlements=(credit("facial", left=0),))
    asked = case(
        account=account(time_zone=LONDON),
        booking=booking(id="b2", starts_at=SATURDAY),
        packages=[held_back],
        existing=booked(),
    )

    assert ["outside_hours"] == codes(decide(asked))
    assert [] == codes(decide(replace(asked, booking=booking(id="b2", starts_at=THURSDAY + HOUR))))
    suspended = replace(held_back, status=PackageStatus.SUSPENDED)
    assert ["package_suspended"] == codes(
        decide(
            replace(
                asked,
                packages=(suspended,),
                booking=booking(id="b2", starts_at=THURSDAY + HOUR),
            )
        )
    )


def test_a_quota_of_the_package_counts_all_lines_that_move() -> None:
    """Whichever credits pay for them: two and the one of another booking are three (D54, D58)."""

    def found(most: int) -> tuple[bool, list[tuple[str, str]]]:
        today = package(
            "p1",
            credit("facial"),
            credit("mask"),
            quotas=[Quota(most, Period.DAY)],
            uses=[use(SATURDAY)],
        )
        return found_by(rescheduled(redemption("facial", "mask"), to=SATURDAY, packages=[today]))

    assert (False, [("quota_reached", "facial"), ("quota_reached", "mask")]) == found(2)
    assert (True, []) == found(3)


def test_a_quota_counts_no_line_that_another_package_pays_for() -> None:
    """One line is p1's and one p2's: each takes one place a day, also by the same names (D54)."""
    twice_a_day = [Quota(2, Period.DAY)]
    today = [
        package(
            id,
            restricted(service, quotas=twice_a_day),
            quotas=twice_a_day,
            uses=[use(SATURDAY, entitlement_id="main", service_id=service)],
        )
        for id, service in (("p1", "facial"), ("p2", "mask"))
    ]
    asked = case("facial", "mask", account=account(time_zone=LONDON), packages=today)
    source = decide(asked, rules.ONLINE).redemption
    assert source is not None

    assert [("p1", "main"), ("p2", "main")] == [
        (draw.package_id, draw.entitlement_id) for draw in source.draws
    ]
    assert (True, []) == found_by(rescheduled(source, to=SATURDAY, packages=today))


def test_a_quota_of_a_credit_counts_no_line_that_another_credit_of_the_package_pays_for() -> None:
    """A facial and two masks move: each counts its own lines, the package all three (D54)."""

    def found(facials: int, masks: int, of_package: int) -> list[tuple[str, str, object]]:
        held = [
            restricted("facial", id="facial", quotas=[Quota(facials, Period.DAY)]),
            restricted("mask", id="mask", remaining=2, quotas=[Quota(masks, Period.DAY)]),
        ]
        quotas = [Quota(of_package, Period.DAY)]
        today = package("p1", *held, quotas=quotas, uses=[use(SATURDAY, entitlement_id="facial")])
        asked = case("facial", "mask", "mask", packages=[package("p1", *plain)])
        source = decide(asked, rules.ONLINE).redemption
        assert source is not None
        moved = rescheduled(source, to=SATURDAY, packages=[today])
        return [(each.code, each.subject, dict(each.facts)["used"]) for each in moved.findings]

    plain = (credit("facial"), credit("mask", left=2))
    assert [] == found(2, 2, 4)
    # The facial of another booking, and those that move beside the last one.
    assert [("quota_reached", "facial", 1)] == found(1, 2, 4)
    assert [("quota_reached", "mask", 1)] == found(2, 1, 4)
    assert [("quota_reached", service, 3) for service in ("facial", "mask")] == found(2, 2, 3)


def test_a_finding_of_a_move_tells_the_name_of_the_service() -> None:
    """Staff read names, of a move as of a booking (D72)."""
    source = decide(case(line("facial", name="Deep facial"), account=account())).redemption
    (finding,) = rescheduled(source, to=SATURDAY, packages=[SPA]).findings

    assert ("outside_hours", "facial", "Deep facial") == (
        finding.code,
        finding.subject,
        finding.subject_name,
    )
