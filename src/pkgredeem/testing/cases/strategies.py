"""Strategies for hypothesis: one for each value that callers hand in, invariants kept.

Each is biased to where answers turn. A whole question comes from `cases`: about two of five are
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

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import pkgredeem as p
from pkgredeem.testing.cases import _eligible as plain
from pkgredeem.testing.cases._choices import DrawnChoices, chance
from pkgredeem.testing.cases._leaves import in_zone, reads_the_calendar
from pkgredeem.testing.cases._plan_strategies import (
    CLIENTS,
    SERVICES,
    cancellation_terms,
    days,
    hours,
    ids,
    instants,
    pauses,
    quotas,
    restrictions,
    terms,
    time_zones,
    told,
    two_instants,
    uses,
)
from pkgredeem.testing.cases.generator import grow_case

__all__ = [
    "account_settings",
    "booking_lines",
    "bookings",
    "cancellation_terms",
    "cases",
    "clients",
    "days",
    "entitlements",
    "hours",
    "instants",
    "packages",
    "pauses",
    "quotas",
    "restrictions",
    "services",
    "terms",
    "time_zones",
    "uses",
]

_MOST_CREDITS: Final = 100


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
        week_starts=st.integers(1, 7),
    )


def clients() -> SearchStrategy[p.Client]:
    """Return clients: logged in, not logged in, and guests."""
    known = st.builds(
        p.Client,
        id=ids(*CLIENTS),
        logged_in=st.sampled_from((True, False)),
        has_saved_card=st.booleans(),
        traits=told(),
    )
    guests = st.builds(p.Client, id=st.none(), has_saved_card=st.booleans(), traits=told())
    return known | guests


def services() -> SearchStrategy[p.Service]:
    """Return services; a few ids come often, so that packages name them."""
    return st.builds(
        p.Service,
        id=ids(*SERVICES),
        name=st.just("") | st.text(max_size=20),
        deposit_required=st.none() | st.booleans(),
        costs=st.dictionaries(_units(), st.integers(1, 3), max_size=2),
    )


def _units() -> SearchStrategy[str]:
    return st.sampled_from(("credit", "minute"))


def booking_lines() -> SearchStrategy[p.BookingLine]:
    """Return lines from the menu and the add-ons, payable or not."""
    return st.builds(
        p.BookingLine,
        services(),
        picked_from=st.sampled_from(p.PickedFrom),
        payable=st.sampled_from((True, True, True, False)),
        traits=told(),
    )


def bookings() -> SearchStrategy[p.Booking]:
    """Return bookings of one to five lines."""
    return st.builds(
        p.Booking,
        id=ids("b1", "b2"),
        lines=st.lists(booking_lines(), min_size=1, max_size=5),
        starts_at=instants(),
        traits=told(),
    )


@st.composite
def entitlements(draw: DrawFn) -> p.Entitlement:
    """Return entitlements for one to three services, often with no credit or one left."""
    begins, ends = draw(two_instants())
    return p.Entitlement(
        services=draw(st.sets(ids(*SERVICES), min_size=1, max_size=3)),
        remaining=draw(_remaining()),
        id=draw(st.sampled_from(("main", "e1", "e2"))),
        valid_from=draw(st.sampled_from((None, None, begins))),
        valid_until=draw(st.sampled_from((None, None, ends))),
        restrictions=draw(st.none() | st.none() | restrictions()),
        unit=draw(_units()),
        quotas=draw(st.lists(quotas(), max_size=1)),
    )


def _remaining() -> SearchStrategy[int | p.Unlimited]:
    return st.sampled_from((1, 0, 2)) | st.integers(0, _MOST_CREDITS) | st.just(p.UNLIMITED)


@st.composite
def packages(draw: DrawFn) -> p.Package:
    """Return packages of one to three entitlements; their validity ends where things turn."""
    begins, ends = draw(two_instants())
    return p.Package(
        id=draw(ids("p1", "p2", "p3")),
        client_id=draw(st.sampled_from(CLIENTS)),
        entitlements=draw(st.lists(entitlements(), min_size=1, max_size=3, unique_by=_id_of)),
        kind=draw(st.sampled_from(p.PackageKind)),
        status=draw(st.sampled_from(p.PackageStatus)),
        sold_at=draw(st.none() | instants()),
        valid_from=draw(st.sampled_from((None, begins))),
        valid_until=draw(st.sampled_from((None, ends))),
        priority=draw(st.sampled_from((0, 1, -1)) | st.integers(-1_000, 1_000)),
        name=draw(st.just("") | st.text(max_size=20)),
        shared_with=draw(st.just(()) | st.sets(st.sampled_from(CLIENTS))),
        book_until=draw(st.none() | instants()),
        pauses=draw(st.lists(pauses(), max_size=2)),
        lasts=draw(st.none() | terms()),
        restrictions=draw(st.none() | restrictions()),
        quotas=draw(st.lists(quotas(), max_size=2)),
        cancellation=draw(st.none() | cancellation_terms()),
        traits=draw(told()),
        uses=draw(st.lists(uses(), max_size=3)),
        version=draw(st.none() | st.integers(0, 9)),
    )


def _id_of(value: p.Entitlement | p.Package) -> str:
    return value.id


_MOST_BYTES: Final = 280


@st.composite
def cases(draw: DrawFn) -> p.Case:
    """Return whole questions: two of five eligible, the others refused, for every code, often one.

    Most are grown as the generator grows them, so that instants lie on and beside every boundary; a
    few are put together from values that know nothing of each other.
    """
    choices = DrawnChoices(draw(st.binary(min_size=_MOST_BYTES, max_size=_MOST_BYTES)))
    if chance(choices, 3):
        unrelated = draw(_unrelated())
        needs_zone = unrelated.account.time_zone is None and reads_the_calendar(unrelated)
        return in_zone(unrelated, ZoneInfo("UTC")) if needs_zone else unrelated
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
        only=st.none() | st.sets(st.sampled_from(("p1", "p2")), min_size=1),
    )
