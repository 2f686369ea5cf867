"""Rules with a mistake in them, as a caller might write them: what `check_laws` must catch.

Each is planted in a rulebook by a test, which says which law tells of it.
"""

import random
import time
from datetime import UTC, date, datetime, timedelta
from itertools import count

from pkgredeem import (
    AccountSettings,
    Case,
    Client,
    Cover,
    Package,
    PackageKind,
    Rule,
    Rulebook,
    Scope,
    rule,
)
from tests.helpers.house_rules import HOUSE

SATURDAY = 6


@rule(Scope.BOOKING, clauses=[HOUSE], message="on a Saturday", advice="pick another day")
def saturday_by_utc(case: Case, _cover: Cover) -> bool:
    """It is Saturday: in UTC, where the account's own calendar is meant."""
    return case.booking.starts_at.isoweekday() == SATURDAY


@rule(Scope.BOOKING, clauses=[HOUSE], message="early", advice="pick a later time")
def early_without_summer_time(case: Case, _cover: Cover) -> bool:
    """It is before nine: by the zone's offset in July, where the day's own offset is meant."""
    zone = case.account.time_zone
    if zone is None:
        return False
    offset = datetime(2026, 7, 1, tzinfo=zone).utcoffset() or timedelta(0)
    return (case.booking.starts_at + offset).hour < 9


@rule(Scope.BOOKING, clauses=[HOUSE], message="the first is old", advice="sell a new one")
def looks_at_the_first_package(case: Case, _cover: Cover) -> bool:
    """The first package handed in has no priority, whichever it is."""
    return len(case.packages) > 1 and case.packages[0].priority > 0


@rule(Scope.BOOKING, clauses=[HOUSE], message="too soon", advice="pick a later time")
def reads_the_clock(case: Case, _cover: Cover) -> bool:
    """The appointment is over, by the machine's clock."""
    return case.booking.starts_at < datetime.now(tz=UTC) - timedelta(days=36_500)


@rule(Scope.CLIENT, clauses=[HOUSE], message="late at night", advice="wait")
def reads_the_machine_time(_client: Client) -> bool:
    """The machine counts backwards."""
    return time.time() < 0


@rule(Scope.PACKAGE, clauses=[HOUSE], message="no luck", advice="try again")
def draws_a_number(_case: Case, _package: Package) -> bool:
    """The package has no luck."""
    return random.random() < 0


_asked = count(1)


@rule(Scope.CLIENT, clauses=[HOUSE], message="the third", advice="come back")
def remembers(_client: Client) -> bool:
    """The client is the third who asks."""
    return next(_asked) == 3


@rule(Scope.CLIENT, clauses=[HOUSE], message="an employee", advice="pay in cash")
def raises_on_a_guest(client: Client) -> bool:
    """The client is an employee, which their id says."""
    return client.id.startswith("staff-")  # type: ignore[union-attr]  # the mistake


@rule(Scope.BOOKING, clauses=[HOUSE], message="no answer", advice="none")
def answers_nothing(case: Case, _cover: Cover) -> bool:
    """The client holds many packages."""
    return None if len(case.packages) > 1 else False  # type: ignore[return-value]  # the mistake


@rule(Scope.BOOKING, clauses=[HOUSE], message="fully served", advice="enjoy")
def counts_packages_of_old(case: Case, _cover: Cover) -> bool:
    """The client has had three packages: those that are over or used up are counted."""
    return len(case.packages) > 2


@rule(Scope.PACKAGE, clauses=[HOUSE], message="a gift", advice="none", client_text="a gift awaits")
def tells_of_a_package(_case: Case, package: Package) -> bool:
    """The package is a gift."""
    return package.priority > 0


@rule(Scope.BOOKING, clauses=[HOUSE], message="booked already", advice="show the booking")
def booked_already(case: Case, _cover: Cover) -> bool:
    """The booking was made already: asked again, it counts against itself."""
    return case.is_own


@rule(Scope.PACKAGE, clauses=[HOUSE], message="too near the end", advice="pick an earlier time")
def end_is_near(case: Case, package: Package) -> bool:
    """The package ends within two days of the start: not looked at where something is moved."""
    until = package.valid_until
    near = until is not None and until - case.booking.starts_at < timedelta(days=2)
    return near and case.existing is None


def never(*_: object) -> bool:
    """Never find anything."""
    return False


def started_too_late(case: Case, _cover: Cover) -> bool:
    """The appointment has started, but for the instant of the start itself."""
    return case.now > case.booking.starts_at


def switched_on_too_early(account: AccountSettings, after: date | None) -> bool:
    """The switch is off, but for accounts activated on the day of the automatic start."""
    day = account.activated_on
    early = after is not None and day is not None and day >= after
    chosen = account.online_redemption
    hidden = account.package_kind is PackageKind.LEGACY
    return not hidden and not (early if chosen is None else chosen)


def replaced(rulebook: Rulebook, new: Rule) -> Rulebook:
    """Return the rulebook with the caller's rule in the place of the one of that code."""
    return Rulebook(
        name=f"{rulebook.name} with another {new.code}",
        starts_enabled_after=rulebook.starts_enabled_after,
        rules=[new if old.code == new.code else old for old in rulebook.rules],
    )
