"""The boundaries that pages and docstrings speak of: how each is asked, and what is said of it."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pkgredeem import (
    Actor,
    CancellationTerms,
    Case,
    CreditOutcome,
    Hours,
    InvalidValueError,
    Pause,
    Redemption,
    RedemptionPolicy,
    Restrictions,
    Settlement,
    Term,
    last_day,
    rules,
)
from pkgredeem.documents import read_case
from tests.helpers.cli_support import CASE
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    MINUTE,
    NOW,
    START,
    account,
    case,
    package,
    restricted,
)

TIERS = CancellationTerms(
    window=DAY,
    late=CreditOutcome.RETURN,
    tiers=((2 * HOUR, CreditOutcome.FORFEIT),),
    changes_close=HOUR,
)
AT_ONCE = CancellationTerms(window=timedelta(0), late=CreditOutcome.FORFEIT)


@dataclass(frozen=True)
class Boundary:
    """A boundary: what is true before, on and after it, and the sentences that say so."""

    asked: Callable[[timedelta], bool]
    answers: tuple[bool, bool, bool]
    said: tuple[tuple[str, str], ...]


def is_eligible(asked: Case) -> bool:
    """Return whether the library's rules let a booking pass."""
    return RedemptionPolicy().decide_case(asked).eligible


def redeemed(terms: CancellationTerms) -> Redemption:
    """Return what was booked days before, under these terms."""
    asked = case(account=account(cancellation=terms))
    redemption = RedemptionPolicy().decide_case(asked).redemption
    assert redemption is not None
    return redemption


def cancelled(terms: CancellationTerms, now: datetime) -> Settlement:
    """Return what a cancellation by the client does at that instant."""
    return RedemptionPolicy().cancel(redeemed(terms), by=Actor.CLIENT, now=now)


def in_auckland(document: dict[str, object], now: datetime, starts_at: datetime) -> Case:
    """Return the case of a document whose only package holds this besides, at these instants."""
    whole: Any = deepcopy(dict(CASE))
    whole["now"] = now.isoformat()
    whole["packages"][0] |= document
    whole["booking"]["starts_at"] = starts_at.isoformat()
    return read_case(whole)


#: Midnight in Auckland, at the end of Monday, 4 May 2026.
MIDNIGHT = datetime(2026, 5, 5, tzinfo=AUCKLAND).astimezone(UTC)


def on_a_last_day(offset: timedelta, **document: object) -> bool:
    """Return whether an appointment may start so far from the midnight after that day."""
    starts_at = MIDNIGHT + offset
    return is_eligible(in_auckland(document, starts_at - DAY, starts_at))


def in_hours(offset: timedelta, at: time) -> bool:
    """Return whether one may start so far from that time of a Tuesday, from nine to noon."""
    hours = Hours(days=[2], opens=time(9), closes=time(12))
    starts_at = datetime.combine(date(2026, 5, 5), at, tzinfo=UTC) + offset
    limited = package("p1", restrictions=Restrictions(hours=[hours]))
    zoned = replace(account(), time_zone=AUCKLAND)
    local = starts_at.replace(tzinfo=AUCKLAND)
    return is_eligible(case(account=zoned, packages=[limited], starts_at=local))


def with_notice(offset: timedelta, **notice: timedelta) -> bool:
    """Return whether it may be booked that much nearer to the start than a day."""
    limited = package("p1", restrictions=Restrictions(**notice))  # type: ignore[arg-type]
    return is_eligible(case(packages=[limited], now=START - DAY + offset))


def of_a_first_use(offset: timedelta) -> bool:
    """Return whether one may start so far from the midnight after the last day of a first use.

    Fourteen days from 10 May end with 24 May.
    """
    first = datetime(2026, 5, 10, 9, tzinfo=AUCKLAND)
    over = datetime(2026, 5, 25, tzinfo=AUCKLAND)
    redemption = (
        RedemptionPolicy(rules.ONLINE)
        .decide_case(
            case(
                account=replace(account(), time_zone=AUCKLAND),
                packages=[package("p1", restricted("facial", remaining=2), lasts=Term(days=14))],
                starts_at=first,
            )
        )
        .redemption
    )
    assert redemption is not None
    used = package(
        "p1",
        restricted("facial"),
        lasts=Term(days=14),
        uses=redemption.uses_of("p1"),
        version=1,
    )
    again = case(
        account=replace(account(), time_zone=AUCKLAND),
        packages=[used],
        starts_at=over.astimezone(UTC) + offset,
    )
    return is_eligible(replace(again, booking=replace(again.booking, id="b2")))


def is_accepted(offset: timedelta) -> bool:
    """Return whether an act is taken so far from a minute before the booking was made."""
    try:
        cancelled(FORFEIT_INSIDE_A_DAY, NOW - MINUTE + offset)
    except InvalidValueError:
        return False
    return True


REDEMPTION, POLICY = "src/pkgredeem/_model/redemption.py", "src/pkgredeem/_engine/policy.py"
PLANS, PACKAGES = "src/pkgredeem/_model/plans.py", "src/pkgredeem/_model/packages.py"
CREDIT = "src/pkgredeem/_model/entitlement.py"
ONCE, UNTIL, FROM = (True, True, False), (True, False, False), (False, True, True)
KEYS = "docs/reference/plan-keys.md"

BOUNDARIES = {
    "a cancellation is in time": Boundary(
        lambda offset: not cancelled(FORFEIT_INSIDE_A_DAY, START - DAY + offset).late,
        ONCE,
        (
            ("docs/explanation/life-of-a-redemption.md", "exactly on the cut-off is in time"),
            ("docs/explanation/what-booking-systems-do.md", "Exactly at the limit is in time"),
            ("docs/examples/cases/README.md", "Exactly on the cut-off is in time."),
            ("src/pkgredeem/_model/account.py", "exactly this much left is still in time (D09)"),
            (REDEMPTION, "cancels a line in time, inclusive unless that is the start"),
            (REDEMPTION, "None in time: exactly on free-until still is (D09)"),
            (REDEMPTION, "Exactly on the cut-off is in time (D09)."),
            (POLICY, "exactly on `free_until` is in time, unless that is the start"),
        ),
    ),
    "a client may cancel": Boundary(
        lambda offset: cancelled(FORFEIT_INSIDE_A_DAY, START + offset).allowed,
        UNTIL,
        (
            (REDEMPTION, "The instant itself is included, unless it is the start."),
            (REDEMPTION, "A step includes its end, unless that is"),
        ),
    ),
    "a client may cancel with a window of nothing": Boundary(
        lambda offset: cancelled(AT_ONCE, START + offset).allowed, UNTIL, ()
    ),
    "a client may cancel where changes close before": Boundary(
        lambda offset: cancelled(TIERS, START - HOUR + offset).allowed,
        ONCE,
        (("src/pkgredeem/_model/account.py", "with exactly this much left it is still possible"),),
    ),
    "the milder side of a tier": Boundary(
        lambda offset: cancelled(TIERS, START - 2 * HOUR + offset).returned,
        ONCE,
        (("docs/how-to/terms-of-a-plan.md", "Exactly on a window is still the milder side (D09)"),),
    ),
    "an act is no bad input": Boundary(
        is_accepted, FROM, (("docs/reference/command-line.md", "more than a minute before the"),)
    ),
    "a package is sold": Boundary(
        lambda offset: is_eligible(case(packages=[package("p1", sold_at=NOW)], now=NOW + offset)),
        FROM,
        ((PACKAGES, "it was sold by that instant, inclusive"),),
    ),
    "a package has begun": Boundary(
        lambda offset: is_eligible(
            case(packages=[package("p1", valid_from=START)], starts_at=START + offset)
        ),
        FROM,
        (
            (PACKAGES, "valid_from: the first instant of its validity, inclusive"),
            (PACKAGES, "its validity has begun at that instant, inclusive (D06)"),
        ),
    ),
    "a package is not over": Boundary(
        lambda offset: is_eligible(
            case(packages=[package("p1", valid_until=START)], starts_at=START + offset)
        ),
        UNTIL,
        ((PACKAGES, "valid_until: the end of its validity, exclusive"),),
    ),
    "a credit has begun": Boundary(
        lambda offset: is_eligible(
            case(
                packages=[package("p1", restricted("facial", valid_from=START))],
                starts_at=START + offset,
            )
        ),
        FROM,
        (
            (CREDIT, "valid_from: the first instant of its own validity, inclusive"),
            (CREDIT, "its own validity has begun at that instant, inclusive (D50)"),
        ),
    ),
    "a credit is not over": Boundary(
        lambda offset: is_eligible(
            case(
                packages=[package("p1", restricted("facial", valid_until=START))],
                starts_at=START + offset,
            )
        ),
        UNTIL,
        ((CREDIT, "valid_until: the end of its own validity, exclusive"),),
    ),
    "a package can be booked with": Boundary(
        lambda offset: is_eligible(
            case(packages=[package("p1", book_until=NOW)], now=NOW + offset)
        ),
        UNTIL,
        (
            (PACKAGES, "from this instant on nothing more can be booked with it, exclusive"),
            (PACKAGES, "nothing more can be booked with it at that instant, inclusive (D49)"),
        ),
    ),
    "before a pause": Boundary(
        lambda offset: is_eligible(
            case(
                packages=[package("p1", pauses=[Pause(START, START + DAY)])],
                starts_at=START + offset,
            )
        ),
        UNTIL,
        ((PLANS, "starts_at: the first instant, inclusive"),),
    ),
    "after a pause": Boundary(
        lambda offset: is_eligible(
            case(
                packages=[package("p1", pauses=[Pause(START - DAY, START)])],
                starts_at=START + offset,
            )
        ),
        FROM,
        (
            (PLANS, "ends_at: the end, exclusive"),
            (KEYS, "| `ends_at` | instant | until further notice | the end, exclusive |"),
        ),
    ),
    "hours have opened": Boundary(
        lambda offset: in_hours(offset, time(9)),
        FROM,
        ((PLANS, "from which an appointment may start, inclusive"),),
    ),
    "hours have not closed": Boundary(
        lambda offset: in_hours(offset, time(12)),
        UNTIL,
        (
            (PLANS, "at which none may start any more, exclusive"),
            (KEYS, "| `closes` | local time | midnight | until when, exclusive |"),
            ("docs/how-to/restrict-where-and-when.md", "and closing time is exclusive"),
        ),
    ),
    "early enough": Boundary(
        lambda offset: with_notice(offset, min_notice=DAY),
        ONCE,
        ((PLANS, "must be left from the booking to the start, inclusive"),),
    ),
    "not too early": Boundary(
        lambda offset: with_notice(offset, max_notice=DAY),
        FROM,
        ((PLANS, "elapsed time that may be left at most, inclusive"),),
    ),
    "the last valid day": Boundary(
        lambda offset: on_a_last_day(offset, valid_through="2026-05-04"),
        UNTIL,
        (
            (KEYS, "its last valid day, which counts whole"),
            ("docs/reference/documents.md", "the last valid day of a package or an entitlement"),
            ("docs/reference/scenarios.md", "the last valid day, which counts whole"),
            (
                "docs/how-to/import-packages-from-csv.md",
                "the day is taken as it is written, and counts whole where the salon is",
            ),
        ),
    ),
    "the end of a last valid day": Boundary(
        lambda offset: on_a_last_day(
            offset, valid_until=last_day(date(2026, 5, 4), AUCKLAND).isoformat()
        ),
        UNTIL,
        (("src/pkgredeem/_model/calendar.py", "which are instants and exclusive: the"),),
    ),
    "the last day of booking": Boundary(
        lambda offset: is_eligible(
            in_auckland({"book_through": "2026-05-04"}, MIDNIGHT + offset, MIDNIGHT + DAY)
        ),
        UNTIL,
        (
            (KEYS, "the last day on which it can be booked with, which counts whole"),
            ("docs/reference/documents.md", "on which it can be booked with, which counts whole"),
        ),
    ),
    "the last day of a pause is over": Boundary(
        lambda offset: on_a_last_day(
            offset, pauses=[{"starts_on": "2026-05-01", "through": "2026-05-04"}]
        ),
        FROM,
        ((KEYS, "the last day, which counts whole"),),
    ),
    "the last day of a first use": Boundary(
        of_a_first_use,
        UNTIL,
        (
            (
                "docs/how-to/memberships-and-validity.md",
                "counts whole: 14 days from 10 May end with 24 May",
            ),
        ),
    ),
}
