"""Strategies for hypothesis: one for each value that callers hand in, invariants kept.

Each is biased to where answers turn. A whole question comes from `cases`: about half of them are
eligible under the rulebook of March.

Each is a function without arguments, named for what it makes. For a field that must be yours, map:
`packages().map(lambda package: replace(package, client_id="ana"))` with `dataclasses.replace`.
With this library installed, `hypothesis.strategies.from_type(Package)` and the like find them.

>>> from hypothesis import given
>>> from pkgredeem import RedemptionPolicy
>>> @given(cases())
... def a_refusal_has_reasons(case):
...     decision = RedemptionPolicy().decide_case(case)
...     assert decision.eligible is not bool(decision.reasons)
>>> a_refusal_has_reasons()
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final, final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import pkgredeem as p
from pkgredeem.testing.cases import _eligible as plain
from pkgredeem.testing.cases._choices import chance
from pkgredeem.testing.cases.generator import grow_case

__all__ = [
    "account_settings",
    "booking_lines",
    "bookings",
    "cancellation_terms",
    "cases",
    "clients",
    "entitlements",
    "instants",
    "packages",
    "services",
    "time_zones",
]

# Simple options come first in every list, since hypothesis makes failing cases smaller towards
# them.
_ZONES: Final = ("UTC", *plain.CLOCK_CHANGES, "Asia/Kathmandu")
#: Instants at which something turns, each also a microsecond earlier and later: midnights in three
#: zones, the automatic start of both editions, and the clock changes of 2026, with both passes
#: through a repeated hour.
_TURNING: Final = (
    datetime(2026, 5, 5, 10, tzinfo=UTC),
    datetime(2026, 5, 5, tzinfo=UTC),
    datetime(2026, 5, 4, 12, tzinfo=UTC),
    datetime(2026, 3, 31, 11, tzinfo=UTC),
    datetime(2026, 3, 31, 23, tzinfo=UTC),
    datetime(2026, 4, 28, 12, tzinfo=UTC),
    *(
        datetime.fromisoformat(change) + step
        for changes in plain.CLOCK_CHANGES.values()
        for change in changes
        for step in (0 * plain.HOUR, -plain.HOUR / 2, plain.HOUR / 2)
    ),
)
_SERVICES: Final = (*plain.PACKAGE_SERVICES, plain.UNCOVERED_SERVICE)
_CLIENTS: Final = (plain.CLIENT, plain.STRANGER)
_MOST_CREDITS: Final = 100


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


def cancellation_terms() -> SearchStrategy[p.CancellationTerms]:
    """Return terms with windows from 0 to 366 days, both included."""
    usual = st.sampled_from([timedelta(hours=hours) for hours in (24, 48, 0, 1, 366 * 24)])
    return st.builds(
        p.CancellationTerms,
        window=usual | st.timedeltas(timedelta(0), timedelta(days=366)),
        late=st.sampled_from(p.CreditOutcome),
        no_show=st.none() | st.sampled_from(p.CreditOutcome),
    )


def account_settings() -> SearchStrategy[p.AccountSettings]:
    """Return accounts; many were activated on, before or after a day of the automatic start."""
    usual = st.sampled_from((*plain.DAYS_ON, *plain.DAYS_OFF))
    return st.builds(
        p.AccountSettings,
        activated_on=usual | st.dates(date(2020, 1, 1), date(2034, 12, 31)),
        online_redemption=st.sampled_from((True, None, False)),
        client_login=st.sampled_from(
            (p.ClientLogin.OPTIONAL, p.ClientLogin.MANDATORY, p.ClientLogin.DISABLED)
        ),
        package_kind=st.sampled_from(p.PackageKind),
        deposit_required=st.booleans(),
        card_capture=st.booleans(),
        cancellation=st.none() | cancellation_terms(),
        time_zone=st.none() | time_zones(),
    )


def clients() -> SearchStrategy[p.Client]:
    """Return clients: logged in, not logged in, and guests."""
    known = st.builds(
        p.Client,
        id=_ids(*_CLIENTS),
        logged_in=st.sampled_from((True, False)),
        has_saved_card=st.booleans(),
    )
    guests = st.builds(p.Client, id=st.none(), has_saved_card=st.booleans())
    return known | guests


def services() -> SearchStrategy[p.Service]:
    """Return services; a few ids come often, so that packages name them."""
    return st.builds(
        p.Service,
        id=_ids(*_SERVICES),
        name=st.just("") | st.text(max_size=20),
        deposit_required=st.none() | st.booleans(),
    )


def _ids(*usual: str) -> SearchStrategy[str]:
    return st.sampled_from(usual) | st.text(min_size=1, max_size=20)


def booking_lines() -> SearchStrategy[p.BookingLine]:
    """Return lines from the menu and the add-ons, payable or not."""
    return st.builds(
        p.BookingLine,
        services(),
        picked_from=st.sampled_from(p.PickedFrom),
        payable=st.sampled_from((True, True, True, False)),
    )


def bookings() -> SearchStrategy[p.Booking]:
    """Return bookings of one to five lines."""
    return st.builds(
        p.Booking,
        id=_ids("b1", "b2"),
        lines=st.lists(booking_lines(), min_size=1, max_size=5),
        starts_at=instants(),
    )


def entitlements() -> SearchStrategy[p.Entitlement]:
    """Return entitlements for one to three services, often with no credit or one left."""
    return st.builds(
        p.Entitlement,
        services=st.sets(_ids(*_SERVICES), min_size=1, max_size=3),
        remaining=st.sampled_from((1, 0, 2)) | st.integers(0, _MOST_CREDITS),
        id=st.sampled_from(("main", "e1", "e2")),
    )


@st.composite
def packages(draw: DrawFn) -> p.Package:
    """Return packages of one to three entitlements; their validity ends where things turn."""
    in_utc = instants().map(lambda moment: moment.astimezone(UTC))
    ends = sorted(draw(st.sets(in_utc, min_size=2, max_size=2)))
    return p.Package(
        id=draw(_ids("p1", "p2", "p3")),
        client_id=draw(st.sampled_from(_CLIENTS)),
        entitlements=tuple(
            draw(st.lists(entitlements(), min_size=1, max_size=3, unique_by=_id_of))
        ),
        kind=draw(st.sampled_from(p.PackageKind)),
        status=draw(st.sampled_from(p.PackageStatus)),
        sold_at=draw(st.none() | instants()),
        valid_from=draw(st.sampled_from((None, ends[0]))),
        valid_until=draw(st.sampled_from((None, ends[1]))),
        priority=draw(st.sampled_from((0, 1, -1)) | st.integers(-1_000, 1_000)),
        name=draw(st.just("") | st.text(max_size=20)),
    )


def _id_of(value: p.Entitlement | p.Package) -> str:
    return value.id


@final
class _DrawnChoices:
    """Numbers from bytes that hypothesis drew at once; what lies beyond them is 0.

    One draw for a whole case: hypothesis then neither repeats parts of other cases nor takes long,
    and it makes a case smaller by making bytes 0.
    """

    def __init__(self, drawn: bytes) -> None:
        self._left = iter(drawn)

    def integer_below(self, bound: int) -> int:
        high, low = next(self._left, 0), next(self._left, 0)
        return (256 * high + low) * bound // 65_536


_MOST_BYTES: Final = 240


@st.composite
def cases(draw: DrawFn) -> p.Case:
    """Return whole questions: about half eligible, half refused, for every code and often for one.

    Most are grown as the generator grows them, so that instants lie on and beside every boundary; a
    few are put together from values that know nothing of each other.
    """
    choices = _DrawnChoices(draw(st.binary(min_size=_MOST_BYTES, max_size=_MOST_BYTES)))
    if chance(choices, 3):
        return draw(_unrelated())
    return grow_case(choices)


def _unrelated() -> SearchStrategy[p.Case]:
    return st.builds(
        p.Case,
        account=account_settings(),
        client=clients(),
        packages=st.lists(packages(), max_size=4, unique_by=_id_of),
        booking=bookings(),
        now=instants(),
        by=st.sampled_from(p.Actor),
        note=st.just("") | st.text(max_size=20),
    )
