# ruff: noqa: ARG001  (every rule of a scope is asked with the same arguments)
"""Rules with a fault each, which the verification kit has to find; and policies to name."""

from datetime import UTC, datetime

from pkgredeem import (
    BookingLine,
    CardCaptureOutcome,
    Case,
    Clause,
    Client,
    Cover,
    Entitlement,
    Package,
    PackageStatus,
    RedemptionPolicy,
    Rulebook,
    Scope,
    rule,
    rules,
)

HOUSE = Clause(id="HOUSE-9", heading="house rules", says="whatever the house got wrong")
SATURDAY = 6
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@rule(Scope.BOOKING, clauses=[HOUSE], message="long ago", advice="pick a later time")
def in_another_century(case: Case, cover: Cover) -> bool:
    """Nothing: appointments of another century are never booked."""
    return case.booking.starts_at < LONG_AGO


@rule(Scope.CLIENT, clauses=[HOUSE], message="a client", advice="be nobody")
def any_client(client: Client) -> bool:
    """Everybody."""
    return client.id is None or bool(client.id)


@rule(Scope.BOOKING, clauses=[HOUSE], message="no package is left", advice="sell one")
def nothing_usable(case: Case, cover: Cover) -> bool:
    """No package can be used, which the findings about the packages say already."""
    return not cover.usable


@rule(Scope.PACKAGE, clauses=[HOUSE], message="{subject} is put away", advice="take it out")
def put_away(case: Case, package: Package) -> bool:
    """The package is archived: what another rule says already."""
    return package.status is PackageStatus.ARCHIVED


@rule(Scope.NOTE, clauses=[HOUSE], message="a card too many", advice="ignore it")
def card_too_many(case: Case, card_capture: CardCaptureOutcome) -> bool:
    """Nothing: a card page is never bypassed for an account that has none."""
    return card_capture is CardCaptureOutcome.BYPASSED and not case.account.card_capture


@rule(Scope.BOOKING, clauses=[HOUSE], message="a Saturday", advice="pick another day")
def booked_on_saturday(case: Case, cover: Cover) -> bool:
    """The appointment is on a Saturday, by the account's own calendar; not a fault at all."""
    zoned = case.account.time_zone is not None
    return zoned and case.local(case.booking.starts_at).isoweekday() == SATURDAY


@rule(Scope.CREDIT, clauses=[HOUSE], message="a long booking", advice="book it in parts")
def raises_on_long_bookings(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """Nothing: it breaks instead, at bookings of three lines and more."""
    three = 3
    if len(case.booking.lines) >= three:
        raise KeyError("duration")
    return False


@rule(Scope.CLIENT, clauses=[HOUSE], message="nobody", advice="nothing")
def breaks(client: Client) -> bool:
    """Nothing: it breaks at once."""
    raise KeyError("nobody")


@rule(Scope.CLIENT, clauses=[HOUSE], message="no client", advice="nothing")
def asks_for_nonsense(client: Client) -> bool:
    """Nothing: it makes a client that can't be."""
    return Client(id="") == client


@rule(
    Scope.PACKAGE,
    clauses=[HOUSE],
    message="{subject} is not sold yet",
    advice="sell it",
    on_move=False,
)
def package_not_sold_yet(case: Case, package: Package) -> bool:
    """The package is sold later: a rule of the library replaced by one that is off by one."""
    return package.sold_at is not None and case.now <= package.sold_at


off_by_one = Rulebook(
    name="house",
    starts_enabled_after=rules.TIMELY_2026_03.starts_enabled_after,
    rules=[
        package_not_sold_yet if listed is rules.package_not_sold_yet else listed
        for listed in rules.TIMELY_2026_03.rules
    ],
)
never_found = rules.TIMELY_2026_03.including(card_too_many)
no_saturdays = rules.TIMELY_2026_03.including(booked_on_saturday)
policy = RedemptionPolicy(no_saturdays)
breaking = rules.TIMELY_2026_03.including(raises_on_long_bookings)
not_a_policy = "timely-2026-03"
