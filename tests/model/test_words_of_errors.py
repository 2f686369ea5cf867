"""What errors say of fields that hold pairs, of periods and zones, and how values are shown."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from pkgredeem import (
    Booking,
    Case,
    Change,
    Days,
    Draw,
    InvalidValueError,
    Period,
    Quota,
    Scope,
    Service,
    Term,
    rule,
)
from tests.helpers.fields import refused
from tests.helpers.house_rules import HOUSE
from tests.helpers.samples import made
from tests.helpers.support import (
    AUCKLAND,
    NOW,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    package,
    redemption,
    use,
)


@pytest.mark.parametrize(
    ("costs", "place", "value", "allowed"),
    [
        (7, "Service.costs", 7, "an iterable of units and whole numbers, such as a mapping"),
        (["minute"], "Service.costs", "minute", "a mapping of units and whole numbers"),
        ({"minute": 0}, "Service.costs['minute']", 0, "a whole number of 1 or more"),
        ({"": 1}, "a name in Service.costs", "", "a text that is not empty"),
    ],
)
def test_what_a_service_costs_is_a_number_by_unit(
    costs: object, place: str, value: object, allowed: str
) -> None:
    """The error names the unit that is wrong."""
    more = " other than a text" if costs == value else ""

    assert (place, value, allowed + more) == refused(Service, "costs", costs)


@pytest.mark.parametrize(
    ("versions", "place", "value", "allowed"),
    [
        (7, "Change.package_versions", 7, "an iterable of ids and versions, such as a mapping"),
        (["p1"], "Change.package_versions", "p1", "a mapping of ids and versions"),
        ({"p1": -1}, "Change.package_versions['p1']", -1, "a whole number of 0 or more"),
    ],
)
def test_the_versions_of_a_change_are_numbers_by_package(
    versions: object, place: str, value: object, allowed: str
) -> None:
    """The error names the package whose version is wrong; 0 is one."""
    more = " other than a text" if versions == value else ""

    assert (place, value, allowed + more) == refused(Change, "package_versions", versions)
    first = made(Change, package_versions={"p1": 0})
    assert isinstance(first, Change)
    assert (("p1", 0),) == first.package_versions


def test_a_term_that_has_begun_needs_a_zone() -> None:
    """Nothing says otherwise on which day it ends (D53)."""
    begun = package(lasts=Term(days=7), uses=[use(START)])
    with pytest.raises(InvalidValueError) as raised:
        begun.with_end_in(None)

    allowed = "a ZoneInfo where a package lasts from its first use"
    assert ("AccountSettings.time_zone", None, allowed) == raised.value.args


def test_a_term_begins_on_the_local_day_of_the_first_use() -> None:
    """At 13 in UTC it is the next day in Auckland; that day and seven more end on the 13th."""
    begun = package(lasts=Term(days=7), uses=[use(datetime(2026, 5, 5, 13, tzinfo=UTC))])

    assert datetime(2026, 5, 13, 12, tzinfo=UTC) == begun.with_end_in(AUCKLAND).end


def test_a_term_that_ends_beyond_the_calendar_has_no_end() -> None:
    """A hundred years from the year 9950."""
    begun = package(lasts=Term(months=1_200), uses=[use(datetime(9950, 1, 1, tzinfo=UTC))])

    assert begun.with_end_in(AUCKLAND).end is None


@pytest.mark.parametrize("term", [Term(days=3), Term(months=1)])
def test_the_first_day_of_a_term_is_named(term: Term) -> None:
    """An instant is no day."""
    with pytest.raises(InvalidValueError) as raised:
        term.last_day(NOW)

    assert ("first[0]", NOW, "a date without a time") == raised.value.args


def test_a_term_may_end_in_the_last_year() -> None:
    """Only what ends after it is cut off (D26)."""
    assert date(9999, 6, 15) == Term(months=12).last_day(date(9998, 6, 15))


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (Quota(2, Period.WEEK), "2 per week"),
        (Quota(2, Period.EVER), "2 in all"),
        (Quota(2, Period.UPCOMING), "2 upcoming"),
        (Quota(2, Days(14), name="guests"), "guests, 2 in 14 days"),
    ],
)
def test_a_quota_in_words(quota: Quota, words: str) -> None:
    """How many, in which period, and its name before."""
    assert words == str(quota)


def test_a_value_is_shown_by_what_is_set() -> None:
    """In the order of the fields, without what has its default and what is computed."""
    draw = Draw(line=0, package_id="p1", entitlement_id="main", service_id="facial", credits=2)

    assert (
        "Draw(line=0, package_id='p1', entitlement_id='main', service_id='facial', credits=2)"
        == repr(draw)
    )
    assert "Package(id='p1', client_id='ana', entitlements=())" == repr(package()).replace(
        repr(package().entitlements), "()"
    )


def test_a_booking_of_services_holds_its_traits() -> None:
    """As one that is written out (D45)."""
    told = Booking.of(Service(id="facial"), id="b1", starts_at=START, traits={"place": "north"})

    assert (("place", "north"),) == told.traits


def test_facts_may_be_any_mapping_and_are_about_no_name() -> None:
    """A rule about the booking answers with one that can't be changed."""

    def told(case: Case, cover: object) -> Mapping[str, int]:
        """Find a number."""
        del case, cover
        return MappingProxyType({"left": 2})

    found = rule(Scope.BOOKING, clauses=[HOUSE], message="{left} left", advice="none")(told)
    finding = found.finding_for(MappingProxyType({"left": 2}))

    assert ((("left", 2),), "", "") == (finding.facts, finding.subject, finding.subject_name)


def test_a_booking_that_is_asked_again_takes_no_place_of_its_own() -> None:
    """Though the entitlement that it drew on is gone, its use is the booking's (D21, D54)."""
    sold = package(
        "p1",
        credit("facial", id="other"),
        quotas=[Quota(1, Period.DAY)],
        uses=[use(START, booking_id="b1")],
    )
    asked = case(account=account(time_zone=AUCKLAND), packages=[sold], existing=redemption())

    assert [] == codes(decide(asked))
