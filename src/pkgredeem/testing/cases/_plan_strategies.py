"""The parts that plans are made of, drawn by hypothesis: instants, terms, hours, quotas, uses."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import pkgredeem as p
from pkgredeem.testing.cases import _eligible as plain

# Simple options come first in every list, since hypothesis makes failing cases smaller towards
# them.
_ZONES: Final = ("UTC", *plain.CLOCK_CHANGES, "Asia/Kathmandu")
#: Instants at which something turns, each also a microsecond earlier and later: midnights in three
#: zones, the automatic start of both editions, a leap day, the ends of months and of the year, and
#: the clock changes of 2026, with both passes through a repeated hour.
_TURNING: Final = (
    datetime(2026, 5, 5, 10, tzinfo=UTC),
    datetime(2026, 5, 5, tzinfo=UTC),
    datetime(2026, 5, 4, 12, tzinfo=UTC),
    datetime(2026, 3, 31, 11, tzinfo=UTC),
    datetime(2026, 3, 31, 23, tzinfo=UTC),
    datetime(2026, 4, 28, 12, tzinfo=UTC),
    datetime(2024, 2, 29, tzinfo=UTC),
    datetime(2024, 3, 1, tzinfo=UTC),
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
    *(
        datetime.fromisoformat(change) + step
        for changes in plain.CLOCK_CHANGES.values()
        for change in changes
        for step in (0 * plain.HOUR, -plain.HOUR / 2, plain.HOUR / 2)
    ),
)
#: Services and clients that packages and bookings often have in common.
SERVICES: Final = (*plain.PACKAGE_SERVICES, plain.UNCOVERED_SERVICE)
CLIENTS: Final = (plain.CLIENT, plain.STRANGER)


def time_zones() -> SearchStrategy[ZoneInfo]:
    """Return zones with and without clock changes, north and south of the equator."""
    return st.sampled_from(_ZONES).map(ZoneInfo)


def instants() -> SearchStrategy[datetime]:
    """Return aware datetimes from 2020 to 2034, in several zones, many where something turns."""
    turning = st.builds(
        _beside, st.sampled_from(_TURNING), st.sampled_from((0, 1, -1)), time_zones()
    )
    anywhere = st.datetimes(
        min_value=datetime(2020, 1, 1),  # noqa: DTZ001  (the zone comes from *timezones*)
        max_value=datetime(2034, 12, 31),  # noqa: DTZ001  (see above)
        timezones=time_zones(),
    )
    return turning | anywhere


def _beside(moment: datetime, ticks: int, zone: ZoneInfo) -> datetime:
    return (moment + ticks * plain.TICK).astimezone(zone)


@st.composite
def cancellation_terms(draw: DrawFn) -> p.CancellationTerms:
    """Return terms with windows from 0 to 366 days, both included, some of them with tiers."""
    usual = st.sampled_from([timedelta(hours=hours) for hours in (24, 48, 0, 1, 366 * 24)])
    windows = usual | st.timedeltas(timedelta(0), timedelta(days=366))
    window, *inner = sorted(draw(st.sets(windows, min_size=1, max_size=3)), reverse=True)
    late = draw(st.sampled_from(p.CreditOutcome))
    last = p.CreditOutcome.FORFEIT if late is p.CreditOutcome.FORFEIT else draw(_outcomes())
    return p.CancellationTerms(
        window=window,
        late=late,
        no_show=draw(st.none() | st.sampled_from(p.CreditOutcome)),
        tiers=[(shorter, last) for shorter in inner if shorter],
        changes_close=draw(st.just(timedelta(0)) | windows),
    )


def _outcomes() -> SearchStrategy[p.CreditOutcome]:
    return st.sampled_from((p.CreditOutcome.FORFEIT, p.CreditOutcome.RETURN))


def told() -> SearchStrategy[dict[str, str]]:
    """Return what is told of traits: often nothing."""
    return st.dictionaries(_trait_names(), _trait_texts(), max_size=2)


def _trait_names() -> SearchStrategy[str]:
    return st.sampled_from(("place", "staff", "channel"))


def _trait_texts() -> SearchStrategy[str]:
    return ids("north", "dr-kim", "store")


def ids(*usual: str) -> SearchStrategy[str]:
    """Return ids, often one of these."""
    return st.sampled_from(usual) | st.text(min_size=1, max_size=20)


@st.composite
def hours(draw: DrawFn) -> p.Hours:
    """Return hours of one weekday or more, some of them until midnight."""
    usual = st.sampled_from((time(9), time(17), time(0), time(23, 59, 59, 999_999)))
    ends = sorted(draw(st.sets(usual | st.times(), min_size=2, max_size=2)))
    return p.Hours(
        days=draw(st.sets(st.integers(1, 7), min_size=1)),
        opens=ends[0],
        closes=draw(st.sampled_from((None, ends[1]))),
    )


@st.composite
def restrictions(draw: DrawFn) -> p.Restrictions:
    """Return restrictions: each of the four kinds is there or not."""
    usual = st.sampled_from([timedelta(days=days) for days in (0, 1, 3_660)])
    notice = usual | st.timedeltas(timedelta(0), timedelta(days=30))
    ends = sorted(draw(st.sets(notice, min_size=2, max_size=2)))
    allowed = st.lists(_trait_texts(), min_size=1)
    days = st.sampled_from((date(2024, 2, 29), date(2026, 3, 31), date(2026, 10, 25)))
    return p.Restrictions(
        traits=draw(st.dictionaries(_trait_names(), allowed, max_size=2)),
        hours=draw(st.lists(hours(), max_size=2)),
        not_on=draw(st.sets(days | st.dates(date(2020, 1, 1), date(2034, 12, 31)), max_size=2)),
        min_notice=draw(st.sampled_from((None, ends[0]))),
        max_notice=draw(st.sampled_from((None, ends[1]))),
    )


@st.composite
def pauses(draw: DrawFn) -> p.Pause:
    """Return pauses, some of them until further notice."""
    begins, ends = draw(two_instants())
    return p.Pause(begins, draw(st.sampled_from((None, ends))))


def days() -> SearchStrategy[p.Days]:
    """Return a few days in a row, or as many as can be."""
    return st.builds(p.Days, st.sampled_from((14, 2, 366)) | st.integers(2, 366))


def quotas() -> SearchStrategy[p.Quota]:
    """Return quotas of a few uses in every kind of period."""
    return st.builds(
        p.Quota,
        st.integers(0, 3),
        st.sampled_from(p.Period) | days(),
        name=st.just("") | st.text(max_size=20),
    )


def terms() -> SearchStrategy[p.Term]:
    """Return terms of days, or of months."""
    return st.builds(
        p.Term, days=st.sampled_from((14, 1, 36_500)) | st.integers(1, 60)
    ) | st.builds(p.Term, months=st.sampled_from((1, 6, 1_200)))


def uses() -> SearchStrategy[p.Use]:
    """Return uses of the entitlements that packages have, reserved or ended."""
    return st.builds(
        p.Use,
        booking_id=ids("b1", "b7"),
        line=st.integers(0, 3),
        entitlement_id=st.sampled_from(("main", "e1")),
        service_id=ids(*SERVICES),
        client_id=ids(*CLIENTS),
        starts_at=instants(),
        state=st.sampled_from([x for x in p.DrawState if x is not p.DrawState.RETURNED]),
    )


def two_instants() -> SearchStrategy[list[datetime]]:
    """Return two instants, one after the other."""
    in_utc = instants().map(lambda moment: moment.astimezone(UTC))
    return st.sets(in_utc, min_size=2, max_size=2).map(sorted)
