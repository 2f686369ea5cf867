"""Replay with carry: which packages a line is decided with, those that it leaves out as well."""

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import (
    Act,
    Actor,
    Case,
    Hours,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Restrictions,
    Scope,
    rule,
)
from pkgredeem.documents.replay import Replay, replay
from tests.helpers.histories import IN_STORE, ActLine, Line, five, visit, write_lines
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    LONDON,
    MINUTE,
    NOW,
    START,
    account,
    credit,
    line,
    package,
    restricted,
)

FIRST_HOUR = Restrictions(hours=[Hours(days=range(1, 8), opens=time(0), closes=time(1))])


def carried(tmp_path: Path, *lines: Line) -> Replay:
    """Return the replay in store of these lines, with carry."""
    return replay(write_lines(tmp_path / "year.jsonl", lines), IN_STORE, carry=True)


def test_what_was_over_after_the_start_pays_for_a_visit_that_is_booked_late(tmp_path: Path) -> None:
    """Entered an hour after it began, with a package that was over by then: as a desk looks it up.

    The first line has told of the package, which the second leaves out.
    """
    early = visit(0, five(valid_until=START), starts_at=START - 2 * HOUR)
    late = visit(1, starts_at=START - HOUR, now=START + HOUR)
    found = carried(tmp_path, early, late)

    assert (2, 0) == (found.first.eligible, found.first.refused)


def test_a_package_is_looked_up_for_those_who_hold_it_now(tmp_path: Path) -> None:
    """Given to Beth, who shares it with Cleo: both find it where no line tells it, Ana doesn't."""
    given = five(client_id="beth", shared_with=["cleo"])
    found = carried(
        tmp_path,
        visit(0, five()),
        visit(1, given, client="beth"),
        visit(2, client="beth"),
        visit(3, client="cleo"),
        visit(4, client="ana"),
    )

    assert (4, (("no_package", 1),)) == (found.first.eligible, found.first.reasons)


def test_credits_are_counted_and_not_draws(tmp_path: Path) -> None:
    """A visit that costs two credits draws two, and when it is cancelled both come back."""
    dear = visit(0, five())
    dear = replace(dear, booking=replace(dear.booking, lines=(line(costs={"credit": 2}),)))
    back = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + MINUTE, by=Actor.CLIENT)
    found = carried(tmp_path, dear, back)

    assert (1, 2, 2) == (found.first.eligible, found.first.credits, found.first.credits_returned)


def moved_to(starts_at: datetime) -> ActLine:
    """Return the line of a client who moves the first booking, two hours after it was made."""
    return ActLine(
        act=Act.RESCHEDULE,
        booking_id="b0",
        by=Actor.CLIENT,
        now=NOW + 2 * HOUR,
        starts_at=starts_at,
    )


def test_an_act_is_judged_with_the_account_of_its_bookings_own_line(tmp_path: Path) -> None:
    """Midnight in Auckland is too early for it, though a later line says that it is in London.

    That line wants a peel in its place, which no package holds, so that the booking stands.
    """
    by_day = five(restrictions=Restrictions(hours=[Hours(days=range(1, 8), opens=time(9))]))
    at_nine = START + 11 * HOUR
    booked = visit(0, by_day, starts_at=at_nine)
    old = IN_STORE.decide_case(booked).redemption
    peel = visit(1, service="peel", existing=old, account=account(time_zone=LONDON))
    moved = moved_to(at_nine - 9 * HOUR + 7 * DAY)
    kept = moved_to(at_nine + 7 * DAY)

    assert (1, 1, 0, 1) == counted(carried(tmp_path, booked, peel, moved))
    assert (1, 1, 1, 0) == counted(carried(tmp_path, booked, peel, kept))


@pytest.mark.parametrize(
    ("said", "said_again", "expected"),
    [(LONDON, AUCKLAND, (1, 0, 0, 1)), (AUCKLAND, LONDON, (1, 0, 1, 0))],
)
def test_an_act_goes_by_what_the_last_line_of_its_booking_says(
    tmp_path: Path, said: ZoneInfo, said_again: ZoneInfo, expected: tuple[int, int, int, int]
) -> None:
    """From nine o'clock: midnight in Auckland is too early, and one in the afternoon in London not.

    The second line tells the same visit again, of an account in another zone.
    """
    by_day = five(restrictions=Restrictions(hours=[Hours(days=range(1, 8), opens=time(9))]))
    at_nine = START + 11 * HOUR
    told = visit(0, by_day, starts_at=at_nine, account=account(time_zone=said))
    again = replace(told, account=account(time_zone=said_again))
    moved = moved_to(at_nine - 9 * HOUR + 7 * DAY)

    assert expected == counted(carried(tmp_path, told, again, moved))


def test_an_exchange_draws_on_the_package_that_is_picked(tmp_path: Path) -> None:
    """It is paid with the second package, of which none is left for the next who picks it."""
    first = five(1)
    second = package("p2", credit("facial", id="main"))
    old = IN_STORE.decide_case(visit(0, first)).redemption
    found = carried(
        tmp_path,
        visit(0, first, second),
        visit(1, existing=old, only=["p2"]),
        visit(2, only=["p2"]),
    )

    assert 2 == found.first.eligible
    assert (("package_not_chosen", 1), ("package_used_up", 1)) == found.first.reasons


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"unit": "minute"}, "cost_unknown"),
        ({"valid_from": START + 9 * DAY}, "credit_not_started"),
        ({"valid_until": START}, "credit_over"),
        ({"restrictions": Restrictions(traits={"place": ["north"]})}, "trait_not_allowed"),
        ({"restrictions": FIRST_HOUR}, "outside_hours"),
        ({"quotas": [Quota(0, Period.WEEK)]}, "quota_reached"),
    ],
    ids=lambda said: said if isinstance(said, str) else "",
)
def test_what_an_entitlement_says_is_asked_though_a_line_leaves_it_out(
    tmp_path: Path, said: dict[str, object], code: str
) -> None:
    """The peels stay when two later lines tell of the facials alone, and so does what they say."""
    peels = restricted("peel", id="peels", **said)
    both = package("p1", credit("facial", left=5, id="main"), peels)
    found = carried(tmp_path, visit(0, both), visit(1, five()), visit(2, five(), service="peel"))

    assert (2, 1, ((code, 1),)) == (
        found.first.eligible,
        found.first.refused,
        found.first.reasons,
    )


@rule(
    Scope.PACKAGE,
    clauses=[HOUSE],
    message="package {subject} has been used",
    advice="wait",
    reads=["uses"],
)
def used_once(case: Case, package: Package) -> bool:  # noqa: ARG001 - a rule of this scope takes both
    """The package has a use."""
    return bool(package.uses)


def test_a_rule_that_reads_uses_is_asked_of_those_that_are_carried(tmp_path: Path) -> None:
    """No line tells any: of three visits the first is paid, and another once it is cancelled."""
    policy = RedemptionPolicy(IN_STORE.rulebook.including(used_once))
    again = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + 2 * HOUR, by=Actor.BUSINESS)
    lines: list[Line] = [visit(0, five()), visit(1, five()), again, visit(3, five())]
    found = replay(write_lines(tmp_path / "year.jsonl", lines), policy, carry=True).first

    assert (2, 1, (("used_once", 1),)) == (found.eligible, found.refused, found.reasons)


def counted(found: Replay) -> tuple[int, int, int, int]:
    """Return how many are eligible and refused, and how many moves were made and refused."""
    tally = found.first
    return tally.eligible, tally.refused, dict(tally.acts).get("reschedule", 0), tally.acts_refused
