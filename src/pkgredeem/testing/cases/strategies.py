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

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Service,
)
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
_TICK: Final = timedelta(microseconds=1)
_ZONES: Final = ("UTC", "Pacific/Auckland", "Europe/London", "America/New_York", "Asia/Kathmandu")
#: Instants at which something turns, each also a microsecond earlier and later: midnights in three
#: zones, the automatic start of both editions, and the clock changes of 2026, with both passes
#: through a repeated hour.
_TURNING: Final = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2026-05-05T10:00Z",
        "2026-05-05T00:00Z",
        "2026-05-04T12:00Z",
        "2026-03-31T11:00Z",
        "2026-03-31T23:00Z",
        "2026-04-28T12:00Z",
        "2026-04-04T14:00Z",
        "2026-04-04T13:30Z",
        "2026-04-04T14:30Z",
        "2026-09-26T14:00Z",
        "2026-03-29T01:00Z",
        "2026-10-25T01:00Z",
        "2026-10-25T00:30Z",
        "2026-10-25T01:30Z",
        "2026-03-08T07:00Z",
        "2026-11-01T06:00Z",
        "2026-11-01T05:30Z",
    )
)
_DAYS: Final = (
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 3, 30),
    date(2026, 4, 29),
    date(2026, 4, 30),
    date(2026, 4, 28),
)
_SERVICES: Final = ("facial", "massage", "manicure", "pedicure", "haircut")
_CLIENTS: Final = ("ana", "kim")
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
    return (moment + ticks * _TICK).astimezone(zone)


def cancellation_terms() -> SearchStrategy[CancellationTerms]:
    """Return terms with windows from 0 to 366 days, both included."""
    usual = st.sampled_from([timedelta(hours=hours) for hours in (24, 48, 0, 1, 366 * 24)])
    return st.builds(
        CancellationTerms,
        window=usual | st.timedeltas(timedelta(0), timedelta(days=366)),
        late=st.sampled_from(CreditOutcome),
        no_show=st.none() | st.sampled_from(CreditOutcome),
    )


def account_settings() -> SearchStrategy[AccountSettings]:
    """Return accounts; many were activated on, before or after a day of the automatic start."""
    days = st.sampled_from(_DAYS) | st.dates(date(2020, 1, 1), date(2034, 12, 31))
    return st.builds(
        AccountSettings,
        activated_on=st.none() | days,
        online_redemption=st.sampled_from((True, None, False)),
        client_login=st.sampled_from(
            (ClientLogin.OPTIONAL, ClientLogin.MANDATORY, ClientLogin.DISABLED)
        ),
        package_kind=st.sampled_from(PackageKind),
        deposit_required=st.booleans(),
        card_capture=st.booleans(),
        cancellation=st.none() | cancellation_terms(),
        time_zone=st.none() | time_zones(),
    )


def clients() -> SearchStrategy[Client]:
    """Return clients: logged in, not logged in, and guests."""
    known = st.builds(
        Client,
        id=st.sampled_from(_CLIENTS) | st.text(min_size=1),
        logged_in=st.sampled_from((True, False)),
        has_saved_card=st.booleans(),
    )
    guests = st.builds(Client, id=st.none(), has_saved_card=st.booleans())
    return known | guests


def services() -> SearchStrategy[Service]:
    """Return services; a few ids come often, so that packages name them."""
    return st.builds(
        Service,
        id=_service_ids(),
        name=st.just("") | st.text(max_size=20),
        deposit_required=st.none() | st.booleans(),
    )


def _service_ids() -> SearchStrategy[str]:
    return st.sampled_from(_SERVICES) | st.text(min_size=1, max_size=20)


def booking_lines() -> SearchStrategy[BookingLine]:
    """Return lines from the menu and the add-ons, payable or not."""
    return st.builds(
        BookingLine,
        services(),
        picked_from=st.sampled_from(PickedFrom),
        payable=st.sampled_from((True, True, True, False)),
    )


def bookings() -> SearchStrategy[Booking]:
    """Return bookings of one to five lines."""
    return st.builds(
        Booking,
        id=st.sampled_from(("b1", "b2")) | st.text(min_size=1, max_size=20),
        lines=st.lists(booking_lines(), min_size=1, max_size=5),
        starts_at=instants(),
    )


def entitlements() -> SearchStrategy[Entitlement]:
    """Return entitlements for one to three services, often with no credit or one left."""
    return st.builds(
        Entitlement,
        services=st.sets(_service_ids(), min_size=1, max_size=3),
        remaining=st.sampled_from((1, 0, 2)) | st.integers(0, _MOST_CREDITS),
        id=st.just("") | st.sampled_from(("e1", "e2")),
    )


@st.composite
def packages(draw: DrawFn) -> Package:
    """Return packages of one to three entitlements; their validity ends where things turn."""
    ends = sorted(draw(st.sets(instants().map(_in_utc), min_size=2, max_size=2)))
    return Package(
        id=draw(st.sampled_from(("p1", "p2", "p3")) | st.text(min_size=1, max_size=20)),
        client_id=draw(st.sampled_from(_CLIENTS)),
        entitlements=tuple(
            draw(st.lists(entitlements(), min_size=1, max_size=3, unique_by=_id_of_entitlement))
        ),
        kind=draw(st.sampled_from(PackageKind)),
        status=draw(st.sampled_from(PackageStatus)),
        sold_at=draw(st.none() | instants()),
        valid_from=draw(st.sampled_from((None, ends[0]))),
        valid_until=draw(st.sampled_from((None, ends[1]))),
        priority=draw(st.sampled_from((0, 1, -1)) | st.integers(-1_000, 1_000)),
    )


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _id_of_entitlement(entitlement: Entitlement) -> str:
    return entitlement.id


def _id_of(package: Package) -> str:
    return package.id


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
def cases(draw: DrawFn) -> Case:
    """Return whole questions: about half eligible, half refused, for every code and often for one.

    Most are grown as the generator grows them, so that instants lie on and beside every boundary; a
    few are put together from values that know nothing of each other.
    """
    choices = _DrawnChoices(draw(st.binary(min_size=_MOST_BYTES, max_size=_MOST_BYTES)))
    if chance(choices, 3):
        return draw(_unrelated())
    return grow_case(choices)


def _unrelated() -> SearchStrategy[Case]:
    return st.builds(
        Case,
        account=account_settings(),
        client=clients(),
        packages=st.lists(packages(), max_size=4, unique_by=_id_of),
        booking=bookings(),
        now=instants(),
        by=st.sampled_from(Actor),
        note=st.just("") | st.text(max_size=20),
    )
