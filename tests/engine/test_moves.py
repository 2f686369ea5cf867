"""Moves: nobody gets round a rule by booking first and moving the booking then (D58)."""

from dataclasses import replace
from datetime import datetime

import pytest

from pkgredeem import (
    Actor,
    BookingLine,
    BookingMismatchError,
    Case,
    Clause,
    Cover,
    Entitlement,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Rule,
    Scope,
    Settlement,
    Term,
    rule,
    rules,
)
from tests.helpers.support import (
    ANA,
    BETH,
    DAY,
    INSTANT,
    LONDON,
    MINUTE,
    NO_LIMITS,
    NOW,
    START,
    account,
    after,
    case,
    codes,
    credit,
    decide,
    package,
    redemption,
    rescheduled,
    restricted,
    use,
)

TUESDAY, SATURDAY = START, START + 4 * DAY
HOUSE = Clause(id="HOUSE-1", heading="house rules", says="No packages at weekends.")
IN_LONDON = account(time_zone=LONDON)


def is_weekend(case: Case) -> bool:
    """Tell whether the booking starts at a weekend."""
    return case.local(case.booking.starts_at).isoweekday() > 5


@rule(Scope.CREDIT, clauses=[HOUSE], message="weekend", advice="pick a weekday")
def no_credit_at_weekends(
    case: Case, _package: Package, _entitlement: Entitlement, _line: BookingLine
) -> bool:
    """The appointment is at a weekend."""
    return is_weekend(case)


@rule(Scope.PACKAGE, clauses=[HOUSE], message="weekend", advice="pick a weekday")
def no_package_at_weekends(case: Case, _package: Package) -> bool:
    """The appointment is at a weekend."""
    return is_weekend(case)


@rule(
    Scope.BOOKING,
    clauses=[HOUSE],
    message="weekend",
    advice="pick a weekday",
    client_text="packages pay on weekdays",
)
def no_booking_at_weekends(case: Case, cover: Cover) -> bool:
    """The appointment is at a weekend, and a package would pay for it."""
    return is_weekend(case) and bool(cover.covered)


@rule(Scope.BOOKING, clauses=[HOUSE], message="weekend", advice="none", on_move=False)
def first_booking_at_weekends(case: Case, _cover: Cover) -> bool:
    """The appointment is booked for a weekend; it may be moved to one."""
    return is_weekend(case)


OWN_RULES = [no_credit_at_weekends, no_package_at_weekends, no_booking_at_weekends]


def found_by(answer: Settlement) -> list[str]:
    """Return the codes of what is found."""
    return [finding.code for finding in answer.findings]


@pytest.mark.parametrize("own", OWN_RULES, ids=lambda own: own.code)
def test_a_client_who_booked_on_a_weekday_cannot_move_to_a_weekend(own: Rule) -> None:
    """A caller's own rule is asked at the new start, whatever scope it has (D58)."""
    moved = rescheduled(to=SATURDAY, rulebook=rules.TIMELY_2026_03.including(own))

    assert (False, [own.code]) == (moved.allowed, found_by(moved))


@pytest.mark.parametrize("own", OWN_RULES, ids=lambda own: own.code)
def test_a_move_by_the_business_is_never_refused(own: Rule) -> None:
    """What a rule finds at the new start is a note when the business moves the booking."""
    book = rules.TIMELY_2026_03.including(own)
    moved = rescheduled(to=SATURDAY, by=Actor.BUSINESS, rulebook=book)

    assert (True, [own.code]) == (moved.allowed, found_by(moved))
    assert SATURDAY == after(moved).starts_at


@pytest.mark.parametrize("own", OWN_RULES, ids=lambda own: own.code)
def test_a_weekday_is_moved_to_another(own: Rule) -> None:
    """Where the rule finds nothing at the new start, nothing is said."""
    moved = rescheduled(to=TUESDAY + DAY, rulebook=rules.TIMELY_2026_03.including(own))

    assert (True, []) == (moved.allowed, found_by(moved))


def test_a_rule_may_leave_moves_alone() -> None:
    """A rule that says so is asked of bookings only."""
    book = rules.TIMELY_2026_03.including(first_booking_at_weekends)

    assert rescheduled(to=SATURDAY, rulebook=book).allowed
    refused = decide(case(account=IN_LONDON, starts_at=SATURDAY), book)
    assert ["first_booking_at_weekends"] == codes(refused)


def test_the_client_reads_the_sentence_of_the_rule() -> None:
    """A client whose move is refused is told what the rule has for clients."""
    book = rules.TIMELY_2026_03.including(no_booking_at_weekends)

    assert "packages pay on weekdays" == rescheduled(to=SATURDAY, rulebook=book).client_text


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (package(valid_from=TUESDAY + 2 * DAY), "package_not_started"),
        (package(valid_until=TUESDAY + DAY), "package_over_by_then"),
        (package(valid_until=NOW), "package_over"),
    ],
)
def test_the_validity_of_today_is_asked_at_the_new_start(today: Package, code: str) -> None:
    """A move finds what a booking of that start would find of the package's validity."""
    assert [code] == found_by(rescheduled(to=TUESDAY + DAY, packages=[today]))


def test_rules_about_the_sale_the_account_and_the_log_in_are_not_asked() -> None:
    """What was booked keeps its credits whatever the account, the client or the sale look like."""
    moved = RedemptionPolicy().reschedule(
        redemption(),
        account=replace(IN_LONDON, online_redemption=False),
        client=replace(ANA, logged_in=False),
        starts_at=TUESDAY + DAY,
        by=Actor.CLIENT,
        now=NOW,
        packages=[package(sold_at=NOW + DAY, status=rules.article.ARCHIVED), package("p2")],
    )

    assert (True, []) == (moved.allowed, found_by(moved))


def test_another_client_is_told_so() -> None:
    """A booking is moved for the client whose it is, and for no one else."""
    with pytest.raises(BookingMismatchError, match="'b1' is another client's"):
        rescheduled(to=TUESDAY + DAY, client=BETH)


def test_an_entitlement_that_is_gone_stops_no_move() -> None:
    """What is booked stays (D11): a credit rule can't be asked of it, a package rule can (D58)."""
    edited = package("p1", credit("facial", id="other"))
    asked = [
        rescheduled(to=SATURDAY, packages=[edited], rulebook=rules.TIMELY_2026_03.including(own))
        for own in OWN_RULES
    ]

    assert [True, False, False] == [answer.allowed for answer in asked]


@pytest.mark.parametrize(
    ("now", "starts_at", "codes"),
    [
        (START - DAY, START + DAY, []),
        (START - DAY + INSTANT, START + DAY, ["late_change"]),
        (START, START + DAY, ["changes_closed", "late_change"]),
        (NOW, NOW, ["new_start_passed"]),
        (NOW, NOW + INSTANT, []),
    ],
)
def test_the_rules_of_acts_are_asked_of_a_client_who_moves(
    now: datetime, starts_at: datetime, codes: list[str]
) -> None:
    """Late, closed, or to a start that has passed: each at its instant and just beside it."""
    assert codes == found_by(rescheduled(to=starts_at, now=now))
    assert [] == found_by(rescheduled(to=starts_at, now=now, by=Actor.BUSINESS))


def test_an_ended_line_keeps_the_start_that_it_had() -> None:
    """What was ended before a move is not dated anew by it, and what moved is not (D54)."""
    policy = RedemptionPolicy()
    two = redemption("facial", "mask")
    packages = [package("p1", credit("facial"), credit("mask"))]
    cancelled = after(policy.cancel(two, by=Actor.CLIENT, now=NOW, lines=[0]))
    moved = after(rescheduled(cancelled, to=TUESDAY + DAY, packages=packages))
    completed = after(policy.complete(moved, now=NOW, lines=[1]))

    assert [[START], []] == [[ending.starts_at for ending in draw.endings] for draw in moved.draws]
    assert [[START], [None]] == [
        [ending.starts_at for ending in draw.endings] for draw in completed.draws
    ]


def test_what_is_forgiven_after_a_move_keeps_the_start_that_it_had() -> None:
    """Both acts that ended the line are of the appointment as it was then (D54)."""
    policy = RedemptionPolicy()
    packages = [package("p1", credit("facial"), credit("mask"))]
    missed = after(policy.no_show(redemption("facial", "mask"), now=START, lines=[0]))
    moved = rescheduled(
        missed, to=START + DAY, by=Actor.BUSINESS, now=START + INSTANT, packages=packages
    )
    forgiven = after(policy.forgive(after(moved), now=START + DAY, note="ill", lines=[0]))

    assert [START, START] == [ending.starts_at for ending in forgiven.draws[0].endings]

    back = rescheduled(
        forgiven, to=START, by=Actor.BUSINESS, now=START + 2 * INSTANT, packages=packages
    )
    assert [None, None] == [ending.starts_at for ending in after(back).draws[0].endings]


# --- What the rules of a move are handed ----------------------------------------------------------


def test_a_booking_rule_is_handed_the_credits_that_stay_reserved() -> None:
    """The cover of a move: its packages in their order, its own credits back in them (D21).

    Active are those that are so as they were handed in (D05).
    """
    seen: list[tuple[Case, Cover]] = []

    def noting(case: Case, cover: Cover) -> bool:
        """Find nothing."""
        seen.append((case, cover))
        return False

    noted = rule(Scope.BOOKING, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    first = package("p1", credit("facial", left=0))
    second = package("p2", credit("mask", left=2), priority=1)
    sold = [package("p1"), package("p2", credit("mask")), package("p3", credit("tint"))]
    made = decide(case("mask", "tint", "facial", packages=sold), NO_LIMITS).redemption
    assert made is not None
    half = after(RedemptionPolicy().cancel(made, by=Actor.CLIENT, now=NOW, lines=[1]))
    moved = rescheduled(
        half,
        to=SATURDAY,
        packages=[first, second],
        rulebook=rules.IN_STORE.including(noted),
        note="by phone",
        by=Actor.BUSINESS,
        now=NOW - MINUTE,  # by the clock of another server
    )

    assert moved.allowed
    ((asked, cover),) = seen
    assert (SATURDAY, made.booking.lines, half) == (
        asked.booking.starts_at,
        asked.booking.lines,
        asked.existing,
    )
    assert ("by phone", NOW, ANA) == (asked.note, asked.now, asked.client)
    assert Actor.BUSINESS is asked.by
    assert (
        Cover(
            usable=(package("p2", credit("mask", left=3), priority=1), package("p1")),
            active=(package("p2", credit("mask", left=3), priority=1),),
            draws=(half.draws[0], half.draws[2]),
            covered=(0, 2),
            uncovered=(),
        )
        == cover
    )


def test_a_booking_rule_is_handed_packages_by_the_ends_of_their_terms() -> None:
    """The term of p2 ended six days ago: it comes first (D20), and is not active (D05, D53)."""
    seen: list[Cover] = []

    def noting(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - a rule of this scope takes both
        """Find nothing."""
        seen.append(cover)
        return False

    noted = rule(Scope.BOOKING, clauses=[HOUSE], message="noted", advice="nothing")(noting)
    sold = [package("p1", credit("mask")), package("p2", credit("facial"))]
    made = decide(case("facial", "mask", packages=sold), NO_LIMITS).redemption
    assert made is not None
    other = use(NOW - 21 * DAY, booking_id="b7")
    spent = [
        package("p1", credit("mask"), valid_until=START + 99 * DAY),
        package("p2", credit("facial"), lasts=Term(days=14), uses=(other, *made.uses_of("p2"))),
    ]
    moved = rescheduled(
        made,
        to=SATURDAY,
        by=Actor.BUSINESS,
        packages=spent,
        rulebook=rules.IN_STORE.including(noted),
    )

    assert ["outside_first_use_term"] == found_by(moved)
    assert [(["p2", "p1"], ["p1"])] == [
        ([held.id for held in cover.usable], [held.id for held in cover.active]) for cover in seen
    ]


def test_a_credit_rule_is_asked_of_each_credit_and_told_once_for_a_service() -> None:
    """Two facials and a mask at a weekend: each service is named once, in line order (D22)."""
    made = decide(
        case(
            "mask",
            "facial",
            "facial",
            packages=[package("p1", credit("facial", left=2), credit("mask"))],
        )
    ).redemption
    book = rules.TIMELY_2026_03.including(no_credit_at_weekends)
    moved = rescheduled(
        made,
        to=SATURDAY,
        packages=[package("p1", credit("facial", left=0), credit("mask", left=0))],
        rulebook=book,
    )

    assert [("no_credit_at_weekends", "mask"), ("no_credit_at_weekends", "facial")] == [
        (finding.code, finding.subject) for finding in moved.findings
    ]


@pytest.mark.parametrize("own", OWN_RULES, ids=lambda own: own.code)
def test_what_a_move_refuses_a_booking_of_that_start_is_refused_too(own: Rule) -> None:
    """A move that nothing refuses is a booking that nothing of when and where refuses."""
    book = rules.TIMELY_2026_03.including(own)
    for start in (SATURDAY, TUESDAY + DAY):
        booked = decide(case(account=IN_LONDON, starts_at=start), book)
        assert codes(booked) == found_by(rescheduled(to=start, rulebook=book))


def test_a_line_whose_entitlement_is_gone_keeps_no_rule_from_the_next() -> None:
    """The facial can't be asked about any more; the mask can, and is refused (D58)."""
    moved = rescheduled(
        redemption("facial", "mask"),
        to=SATURDAY,
        packages=[package("p1", credit("mask"))],
        rulebook=rules.TIMELY_2026_03.including(no_credit_at_weekends),
    )

    assert ["no_credit_at_weekends"] == found_by(moved)
    assert ["mask"] == [finding.subject for finding in moved.findings]


@pytest.mark.parametrize(("most", "expected"), [(2, ["quota_reached"]), (3, [])])
def test_a_quota_of_an_entitlement_counts_its_own_lines_that_move(
    most: int, expected: list[str]
) -> None:
    """Two facials and the one of another booking are three on that day; a mask is none (D54)."""
    today = package(
        "p1",
        restricted(id="facial", quotas=[Quota(most, Period.DAY)]),
        credit("mask"),
        uses=[use(SATURDAY)],
    )
    sold = package("p1", credit("facial", left=2), credit("mask"))
    made = decide(case("facial", "facial", "mask", packages=[sold])).redemption
    moved = rescheduled(made, to=SATURDAY, packages=[today])

    assert expected == found_by(moved)
